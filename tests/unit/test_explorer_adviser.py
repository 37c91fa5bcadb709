"""The adviser's page: every answer fits on it, and says what `advise` says."""

from itertools import product

import pytest

from adamkit.lessons import explorers
from adamkit.lessons.nb07.advice import QUESTIONS, advise


@pytest.fixture(scope="module")
def adviser():
    return explorers.adviser()


def texts(adviser):
    return adviser.figure.axes[0].texts


def test_every_set_of_answers_fits_on_the_page(adviser):
    for number, answers in enumerate(product(*(question.answers for question in QUESTIONS.values()))):
        adviser.set(**dict(zip(QUESTIONS, answers, strict=True)))
        assert max(text.get_position()[1] for text in texts(adviser)) < adviser.figure.bbox.height - 8, answers
        if number % 17 == 0:  # widths need a drawing: a sample
            assert max(text.get_window_extent().x1 for text in texts(adviser)) <= adviser.figure.bbox.x1, answers


def test_the_page_says_what_the_advice_says(adviser):
    adviser.scenario("ResNet on images")
    advice = advise(network="cnn")
    page = " ".join(text.get_text() for text in texts(adviser))
    assert page.startswith(advice.choice)
    assert all(word in page for reason in advice.reasons for word in str(reason.evidence).split())
    assert advice.choice in adviser.caption


def test_the_configuration_on_the_page_is_the_one_to_copy(adviser):
    for scenario in adviser.scenarios:
        adviser.scenario(scenario)
        page = [text.get_text().strip() for text in texts(adviser)]
        assert all(line.strip() in page for line in adviser.advice.code.split("\n\n", 2)[-1].strip().splitlines())


def test_a_short_answer_is_written_larger_than_a_long_one(adviser):
    adviser.scenario("ResNet on images")
    short = texts(adviser)[0].get_fontsize()
    adviser.set(network="transformer", stage="finetune", data="small", runs="ten", sparse="yes", memory="tight")
    assert texts(adviser)[0].get_fontsize() < short
