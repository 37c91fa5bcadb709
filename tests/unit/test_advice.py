"""The adviser's logic: every combination of answers gets advice that is sane, complete, and runs."""

import itertools

import torch
from refusals import refused

from adamkit.lessons.nb07.advice import QUESTIONS, ROWS, advise, table
from adamkit.training.recurrent import LSTM

EVERY = [dict(zip(QUESTIONS, answers, strict=True))
         for answers in itertools.product(*(asked.answers for asked in QUESTIONS.values()))]


def test_every_combination_has_a_choice_with_reasons_and_evidence():
    assert len(EVERY) == 4 * 2 * 3 * 3 * 2 * 2
    for answers in EVERY:
        advice = advise(**answers)
        assert advice.confidence in ("firm", "fair", "open")
        assert 2 <= len(advice.reasons) <= 6
        assert all(reason.row in ROWS and reason.evidence for reason in advice.reasons)
        assert len({reason.text for reason in advice.reasons}) == len(advice.reasons)
        assert advice.then


def test_advice_is_sane_whatever_else_is_answered():
    for answers in EVERY:
        advice = advise(**answers)
        assert advice.kind != "SGD" or answers["network"] == "cnn"
        assert advice.kind != "adapter" or answers["stage"] == "finetune"
        if answers["memory"] == "tight":
            assert advice.kind in ("SGD", "Adafactor", "adapter")
        elif answers["runs"] == "one":
            assert advice.kind != "SGD"
        if answers["stage"] == "finetune" and advice.kind != "adapter":
            fresh = advise(**answers | {"stage": "scratch"})
            assert advice.kind != fresh.kind or advice.settings["lr"] <= fresh.settings["lr"] / 9.99
        assert (advice.confidence == "firm") == (answers["network"] == "transformer" and advice.kind == "AdamW")


class Adapted(torch.nn.Module):
    """An embedding, a matrix, a norm, and an adapter: something for every configuration."""

    def __init__(self):
        super().__init__()
        self.characters = torch.nn.Embedding(7, 4)
        self.middle, self.norm = torch.nn.Linear(4, 4), torch.nn.LayerNorm(4)
        self.lora_a = torch.nn.Linear(4, 7, bias=False)

    def forward(self, tokens):
        return self.lora_a(self.norm(self.middle(self.characters(tokens))))


def test_every_configuration_runs_as_it_stands_and_takes_a_step():
    codes = {advise(**answers).code for answers in EVERY}
    assert len(codes) > 10
    for code in codes:
        torch.manual_seed(0)
        space = {"model": Adapted(), "total": 100}
        before = [parameter.detach().clone() for parameter in space["model"].parameters()]
        exec(code, space)
        for _ in range(2):  # the first step of a warmup has the rate 0
            torch.nn.functional.cross_entropy(space["model"](torch.arange(7)), torch.arange(7)).backward()
            space["optimizer"].step()
            space["scheduler"].step()
        assert any(not torch.equal(a, b) for a, b in zip(before, space["model"].parameters(), strict=True))


def test_norms_and_biases_are_not_decayed():
    space = {"model": LSTM(9), "total": 10}
    exec(advise(network="lstm").code, space)
    for group in space["optimizer"].param_groups:
        assert (group["weight_decay"] == 0) == all(parameter.ndim < 2 for parameter in group["params"])


def test_the_code_has_the_numbers_of_the_settings():
    for answers in EVERY:
        advice = advise(**answers)
        assert f"lr={advice.settings['lr']:g}" in advice.code
        assert ("clip_grad_norm_" in advice.code) == bool(advice.settings.get("clip"))


def test_the_table_has_a_row_for_every_factor_and_each_row_backs_some_advice():
    lines = table().splitlines()
    assert len(lines) == 2 + len(ROWS)
    assert all(line.count("|") == 5 for line in lines)
    assert {reason.row for answers in EVERY for reason in advise(**answers).reasons} == set(ROWS)


test_questions_and_answers_that_do_not_exist_are_refused = refused(
    (lambda: advise(model="cnn"), "there is no question 'model'"),
    (lambda: advise(network="rnn"), "network='rnn' is no answer"),
    (lambda: advise(network=["cnn"]), "is no answer"),
)
