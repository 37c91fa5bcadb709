"""Windows of characters, the transformer that reads them, and many of them trained at once."""

import hashlib
import itertools

import numpy as np
import pytest
import torch
from refusals import refused

from adamkit import rules
from adamkit.training import data, ensembles, tasks, text
from adamkit.training.transformer import Transformer


@pytest.fixture(scope="module")
def documentation():
    return text.characters(context=16)


def test_the_text_is_the_same_on_every_python():
    raw = text.documentation().encode("utf-8")
    assert hashlib.sha256(raw).hexdigest() == "71f2ff5d99bdc1f9c48c5c2353ad138201c5ca1c377e0226857ef8fa89b8bcee"
    notice = (text.DOCUMENTATION.parent / "LICENSE-Python.txt").read_text(encoding="utf-8")
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in notice


def test_each_position_is_followed_by_the_character_it_must_predict(documentation):
    x, y = documentation.x_train, documentation.y_train
    assert x.shape == y.shape == (len(x), 16)
    assert torch.equal(x[:, 1:], y[:, :-1])
    whole = text.documentation().lower()
    for row in range(0, len(x), 4000):
        window = documentation.decode(torch.cat([x[row], y[row, -1:]]))
        if text.OTHER not in window:
            assert window in whole


def test_the_alphabet_holds_the_most_frequent_characters_and_the_rest_is_other(documentation):
    assert len(documentation.alphabet) == documentation.classes == 56
    assert documentation.decode(documentation.encode("For loops, été")) == f"for loops, {text.OTHER}t{text.OTHER}"
    every = torch.cat([documentation.x_train.flatten(), documentation.x_test.flatten()])
    assert every.min() >= 0
    assert every.max() == documentation.classes - 1
    assert (every == 0).double().mean() < 0.01


def test_no_tested_character_stands_in_a_training_window(tmp_path):
    pieces = [chr(ord("a") + i) * text.PIECE for i in range(20)]
    path = tmp_path / "letters.txt"
    path.write_text("".join(pieces), encoding="utf-8")
    letters = text.characters(path, context=8, test_share=0.25, test_rows=10_000)
    train = set(letters.decode(torch.cat([letters.x_train, letters.y_train])))
    test = set(letters.decode(torch.cat([letters.x_test, letters.y_test])))
    assert not train & test
    assert len(train) == 15
    assert len(test) == 5


def test_training_windows_tile_their_piece(tmp_path):
    path = tmp_path / "counted.txt"
    rng = np.random.default_rng(0)
    path.write_text("".join(rng.choice(list("abcdefgh"), size=3 * text.PIECE)), encoding="utf-8")
    counted = text.characters(path, context=7, test_share=0.3)
    assert len(counted.x_train) == 2 * ((text.PIECE - 1) // 7)


def test_the_same_seed_splits_alike_and_another_does_not(documentation):
    assert torch.equal(text.characters(context=16).x_train, documentation.x_train)
    assert not torch.equal(text.characters(context=16, seed=1).x_test, documentation.x_test)


test_a_text_that_cannot_be_cut_as_asked_is_refused_with_a_reason = refused(
    (lambda: text.characters(context=0), "context=0 must be a whole number ≥ 1"),
    (lambda: text.characters(alphabet=1), "alphabet=1 must be a whole number ≥ 2"),
    (lambda: text.characters(test_rows=1.5), "test_rows=1.5 must be a whole number"),
    (lambda: text.characters(test_share=0.0), "test_share=0.0 must be between 0 and 1"),
    (lambda: text.characters(context=5000), "leave no window of 5000"),
)


def test_a_text_of_one_piece_leaves_nothing_to_train_on(tmp_path):
    path = tmp_path / "short.txt"
    path.write_text("to be or not to be", encoding="utf-8")
    with pytest.raises(ValueError, match="the text has 18 characters, which leave no window of 4 to train on"):
        text.characters(path, context=4)


def small(norm="pre", **sizes):
    torch.manual_seed(3)
    return Transformer(11, **{"context": 6, "width": 8, "heads": 2, "layers": 2, **sizes}, norm=norm).double()


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_a_prediction_does_not_look_ahead_and_looks_at_everything_before(norm):
    model = small(norm)
    tokens = torch.randint(11, (1, 6), generator=torch.Generator().manual_seed(0))
    logits = model(tokens)
    for place in range(6):
        changed = tokens.clone()
        changed[0, place] = (changed[0, place] + 1) % 11
        moved = (model(changed) - logits).abs().amax(dim=-1)[0] > 1e-12
        assert moved.tolist() == [later >= place for later in range(6)]


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_the_blocks_are_those_of_torch(norm):
    model, first = small(norm), norm == "pre"
    torch.manual_seed(4)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    x = torch.randn(3, 6, 8, dtype=torch.float64)
    for block in model.blocks:
        twin = torch.nn.TransformerEncoderLayer(8, 2, 32, dropout=0.0, batch_first=True, norm_first=first)
        twin = twin.double()
        attention, mlp = block.attention, block.mlp
        norms = {"norm1": block.norm1, "norm2": block.norm2}
        twin.load_state_dict({
            "self_attn.in_proj_weight": attention.inputs.weight, "self_attn.in_proj_bias": torch.zeros(24),
            "self_attn.out_proj.weight": attention.output.weight, "self_attn.out_proj.bias": torch.zeros(8),
            **{f"linear{i + 1}.{kind}": getattr(mlp[2 * i], kind) for i in (0, 1) for kind in ("weight", "bias")},
            **{f"{name}.{kind}": getattr(layer, kind) for name, layer in norms.items() for kind in ("weight", "bias")},
        })
        mask = torch.nn.Transformer.generate_square_subsequent_mask(6, dtype=torch.float64)
        expected = twin(x, src_mask=mask, is_causal=True)
        got = block(x.flatten(0, 1), 6).unflatten(0, (3, 6))
        torch.testing.assert_close(got, expected, rtol=0, atol=1e-12)


def test_a_shorter_input_is_fine_and_a_longer_one_is_refused():
    model = small()
    assert model(torch.zeros(2, 3, dtype=torch.int64)).shape == (2, 3, 11)
    with pytest.raises(ValueError, match="7 characters are more than the context of 6"):
        model(torch.zeros(1, 7, dtype=torch.int64))


test_a_transformer_that_cannot_be_is_refused = refused(
    (lambda: small(heads=3), "width=8 must be a multiple of heads=3"),
    (lambda: small(layers=0), "layers=0 must be a whole number ≥ 1"),
    (lambda: small(norm="mid"), "norm='mid' must be 'pre' or 'post'"),
)


def test_an_untrained_transformer_guesses_about_evenly():
    task = tasks.next_character()
    history = ensembles.train(rules.Adam(), task, steps=0)
    assert history.test_loss[0].item() == pytest.approx(np.log(56), abs=0.7)


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_every_transformer_of_an_ensemble_ends_where_it_ends_alone(norm):
    task = tasks.next_character(context=8, width=8, norm=norm).to(dtype=torch.float64)
    assert task.data.x_train.dtype == torch.int64
    rates, seeds, steps = (1e-2, 5e-2), (0, 4), 30
    history = ensembles.train(rules.Adam(lr=np.array(rates)), task, steps=steps, batch_size=8, seed=seeds)
    assert history.batch_loss.dtype == np.float64
    for (s, seed), (n, lr) in itertools.product(enumerate(seeds), enumerate(rates)):
        model = task.fresh_model(seed)
        optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        for step, rows in enumerate(data.batches(len(task.data.x_train), 8, steps, seed=seed)):
            loss = torch.nn.functional.cross_entropy(
                model(task.data.x_train[rows]).transpose(1, 2), task.data.y_train[rows])
            assert history.batch_loss[step, s, n] == pytest.approx(loss.item(), rel=1e-9)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            logits = model(task.data.x_test)
        accuracy = (logits.argmax(-1) == task.data.y_test).double().mean().item()
        assert history.test_loss[-1, s, n] == pytest.approx(tasks.next_character_loss(logits, task.data.y_test).item())
        assert history.test_accuracy[-1, s, n] == pytest.approx(accuracy)


def test_no_more_rows_are_measured_than_the_task_says():
    task = tasks.digits_mlp(hidden=(), rows=300)
    few = tasks.Task(task.name, task.data, task.make_model, measured=50)
    first = ensembles.train(rules.Adam(), few, steps=0)
    model = task.fresh_model(0)
    with torch.no_grad():
        expected = task.loss(model(task.data.x_train[:50]), task.data.y_train[:50]).item()
    assert first.train_loss.item() == pytest.approx(expected, rel=1e-5)
