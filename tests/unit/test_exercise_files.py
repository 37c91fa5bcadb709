"""Exercises' words and mistakes from files: read with care, edited when needed, refused with a reason."""

import sys
import tomllib
from types import ModuleType

import numpy as np
import pytest
from refusals import assert_refused

from adamkit import lessons
from adamkit.practice import catalogue, exercise_files
from adamkit.practice.cases import Case
from adamkit.practice.exercise_files import WrittenMistake, edited, words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.tables import BankError

CODE = '''
SCALE = 3

def scaled(x):
    y = SCALE * x
    return y + 1

def halved(x):
    return scaled(x) / 2
'''
WORDS = '''
[[exercise]]
key = "00-scaled"
title = "scale"
minutes = 2
statement = """
Scale, and add one.
"""
hints = ["Three times.\\n"]
explanation = "That is all."
'''
MISTAKE = '[[exercise.mistake]]\nname = "no scale"\nexplanation = "Scale."\n'
EDIT = 'edit = [["SCALE * x", "x"]]\n'


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A module on disk, and a function that writes its words and gives its exercise."""
    folder = tmp_path / "nb00"
    folder.mkdir()
    (folder / "lesson.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "common.toml").write_text(
        '[[mistake]]\nname = "{memory} is gone"\nexplanation = "Keep {memory}."\n', encoding="utf-8"
    )
    module = ModuleType("a_lesson")
    module.__file__ = str(folder / "lesson.py")
    monkeypatch.setitem(sys.modules, "a_lesson", module)
    exec(compile(CODE, module.__file__, "exec"), vars(module))

    def exercise(text):
        (folder / "exercises.toml").write_text(text, encoding="utf-8")
        exercise_files._read.cache_clear()
        return Exercise(
            **words_of("a_lesson")("00-scaled", module.scaled),
            cases=lambda rng: [Case("numbers", {"x": np.arange(1.0, 4)})],
        )

    exercise.module = module
    yield exercise
    exercise_files._read.cache_clear()
    exercise_files._common.cache_clear()


def test_the_words_are_those_of_the_file_without_the_space_around_them(lesson):
    exercise = lesson(WORDS)
    assert (exercise.title, exercise.statement, exercise.minutes) == ("scale", "Scale, and add one.", 2)
    assert (exercise.hints, exercise.explanation, exercise.mistakes) == (("Three times.",), "That is all.", ())


def test_an_edit_makes_the_solution_with_the_mistake_where_the_solution_stands(lesson):
    exercise = lesson(WORDS + MISTAKE + 'edit = [["SCALE * x", "x"], ["+ 1", "+ SCALE"]]')
    (mistake,) = exercise.mistakes
    assert mistake.made(2) == 5
    assert lesson.module.scaled(2) == 7, "the solution itself stays"
    assert mistake.made is mistake.made
    verdict = exercise.check(lambda x: x + 3)
    assert (verdict.kind, verdict.mistake, verdict.body) == ("mistake", "no scale", "Scale.")


def test_edits_are_made_all_at_once_so_that_two_may_change_places():
    assert edited("a = b", [["a", "b"], ["b", "a"]], "here") == "b = a"


def test_what_no_edit_says_is_an_expression_in_the_module_or_a_number(lesson):
    assert lesson(WORDS + MISTAKE + 'made = "halved"').mistakes[0].made is lesson.module.halved
    assert lesson(WORDS + MISTAKE + 'made = "halved(SCALE)"').mistakes[0].made == 5
    assert lesson(WORDS + MISTAKE + "made = [0.5, 1]").mistakes[0].made == [0.5, 1]


def test_nothing_is_built_before_a_verdict_needs_it(lesson, monkeypatch):
    built = []
    monkeypatch.setattr(exercise_files, "edited", lambda *given: built.append(given) or edited(*given))
    exercise = lesson(WORDS + MISTAKE + EDIT)
    assert exercise.check(lesson.module.scaled).passed
    assert built == []
    assert exercise.check(lambda x: 3 * x).kind == "wrong"
    assert len(built) == 1


def test_common_words_serve_an_exercise_that_says_what_its_memory_is(lesson):
    fill = WORDS.replace("minutes = 2", 'minutes = 2\nfill = { memory = "v" }')
    (mistake,) = lesson(fill + '[[exercise.mistake]]\nname = "{memory} is gone"\n' + EDIT).mistakes
    assert (mistake.name, mistake.explanation) == ("v is gone", "Keep v.")


def test_the_solution_shows_the_mistake_named_last_and_no_verdict_does(lesson):
    exercise = lesson(WORDS + MISTAKE + EDIT)
    assert "mistake" not in exercise.solution().html()
    verdict = exercise.check(lambda x: x + 1)
    assert "SCALE" not in verdict.html() + verdict.text()
    solution = exercise.solution()
    assert solution.difference == "-    y = SCALE * x\n+    y = x"
    assert solution.html().count("<details") == 2
    assert "no scale" in solution.html()
    assert exercise.check(lesson.module.scaled).passed
    assert exercise.solution().difference == solution.difference, "still there when the exercise is passed"


REFUSED = {
    "an old text that is not there": (MISTAKE + 'edit = [["z", ""]]', "'z' must occur exactly once in the solution; it "
                                      "occurs 0 times"),
    "an old text that is there twice": (MISTAKE + 'edit = [["y", ""]]', "it occurs 2 times"),
    "edits of the same text": (MISTAKE + 'edit = [["SCALE * x", ""], ["* x", ""]]', "touch the same text, '* x'"),
    "neither edit nor made": (MISTAKE, "mistake 1: it needs either edit or made"),
    "both edit and made": (MISTAKE + EDIT + "made = 1", "mistake 1: it needs either edit or made"),
    "an unknown field": (MISTAKE + EDIT + 'hint = "no"', "mistake 1: hint is not a field"),
    "no name": ("[[exercise.mistake]]\n" + EDIT, "mistake 1: name is missing"),
    "an edit that is no list of pairs": (MISTAKE + 'edit = ["SCALE", "1"]', "edit must be a list of pairs of texts"),
    "an edit of nothing": (MISTAKE + "edit = []", "edit must be a list of pairs of texts"),
    "what is made is no value": (MISTAKE + "made = true", "made must be a text, a number or a list, not True"),
    "a mistake that is no table": ('mistake = ["no scale"]', "mistake 1: is not a table of name"),
    "a hint that is no text": ("", "hints must be a list of texts"),
    "a wrong type": (MISTAKE + 'edit = "SCALE"', "edit must be a list, not 'SCALE'"),
    "no words anywhere": ('[[exercise.mistake]]\nname = "x"\n' + EDIT,
                          "'x' has no explanation, nor has common.toml one of that name"),
    "a key that is there twice": (WORDS, "the key '00-scaled' is used twice"),
    "a table of another kind": ("[[question]]\nx = 1", "nb00/exercises.toml: question is not a field"),
    "no TOML": ("[[exercise", "nb00/exercises.toml: is not TOML"),
}  # fmt: skip


@pytest.mark.parametrize("more", REFUSED)
def test_what_does_not_fit_is_refused_with_its_place_and_reason(lesson, more):
    text, reason = REFUSED[more]
    words = WORDS if text else WORDS.replace('["Three', '[3, "Three')
    with pytest.raises(BankError, match=r"00-scaled|nb00/exercises.toml") as refusal:
        _ = [mistake.made for mistake in lesson(words + text).mistakes]
    assert reason in str(refusal.value)


def test_all_that_is_wrong_is_told_at_once(lesson):
    words = WORDS.replace("minutes = 2", 'minutes = "two"') + WORDS.replace("00-scaled", "00-more") + MISTAKE
    assert_refused(lambda: lesson(words), "exercise 1 (00-scaled): minutes must be a whole number, not 'two'",
                   "exercise 2 (00-more): mistake 1: it needs either edit or made", error=BankError)


def test_a_key_that_is_not_in_the_file_is_refused_with_those_that_are(lesson):
    lesson(WORDS)
    with pytest.raises(BankError, match=r"nb00/exercises.toml has no exercise '00-skaled'; it has 00-scaled"):
        words_of("a_lesson")("00-skaled")


FILES = sorted(path for folder in lessons.__path__ for path in exercise_files.Path(folder).glob("nb*/exercises.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_entry_of_a_file_is_an_exercise_and_every_edit_fits(path):
    keys = [entry["key"] for entry in tomllib.loads(path.read_text(encoding="utf-8"))["exercise"]]
    exercises = {e.key: e for e in catalogue.module(path.parent.name[2:]).EXERCISES}
    assert set(keys) <= set(exercises)
    for key in keys:
        for mistake in getattr(exercises[key], "mistakes", ()):
            assert isinstance(mistake, WrittenMistake)
            mistake.made  # noqa: B018 - builds it, or says why it cannot
            assert bool(mistake.difference) == ("edit" in mistake._entry)
