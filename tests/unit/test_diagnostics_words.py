"""Words of the monitor: each cause has its own, and they fit the optimizer at hand."""

from adamkit.diagnostics.speaking import WORDS, advice
from adamkit.diagnostics.vocabulary import CAUSES, FACTS


def test_every_cause_has_words_and_every_word_a_cause():
    assert {key.partition("/")[0] for key in WORDS} == set(CAUSES)
    assert set(FACTS) < set(CAUSES)
    for cause, fixes, test in WORDS.values():
        assert cause.endswith(".")
        assert test.endswith((".", "?"))
        assert all(advice(fixes, adaptive=adaptive) for adaptive in (True, False))


def test_users_of_sgd_read_nothing_about_v_and_users_of_adam_no_advice_to_use_it():
    for key, (cause, fixes, test) in WORDS.items():
        plain = " ".join((cause, test, *advice(fixes, adaptive=False)))
        assert not any(word in plain for word in (" v ", "β₂", "moments")) or key in (
            "state_reset", "overfitting", "betas_swapped"), key
        assert "Adam)" not in " ".join(advice(fixes, adaptive=True)), key
