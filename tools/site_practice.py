"""Practice on a page without a kernel: what the browser must know to answer a click, beside what notebooks store.

A stored prediction has no answer in it, and a stored exercise neither hints nor solution: a kernel has them. Here they
come from where the kernel takes them, `adamkit.practice.catalogue`. The clicks are in `docs/site/static/practice.js`.
"""

import html
import json
import re

from adamkit.practice import catalogue
from adamkit.practice.present import folded, markdown

SHELVES = {"predict": "PREDICTIONS", "exercise": "EXERCISES"}
MADE = re.compile(
    r"""(?:^(\w+) = )?practice\.(predict|exercise|self_check|pre_quiz)\((?:["']([\w-]+)["'])?\)""", re.MULTILINE
)
REVEALED = re.compile(r"^(\w+)\.reveal\(\)", re.MULTILINE)


def stage_practice(notebook):
    """Give a notebook's practice (changed in place) what it needs to answer clicks."""
    named = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for name, kind, key in MADE.findall(cell.source):
            _replace(cell, lambda stored, kind=kind, key=key: WAYS[kind](stored, key))
            named[name] = key
        for name in REVEALED.findall(cell.source):
            _replace(cell, lambda stored, key=named[name]: _tagged("reveal", stored, key=key))


def _replace(cell, way):
    """The first piece of HTML among a cell's outputs, changed."""
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/html" in data:
            data["text/html"] = way(data["text/html"])
            return


def _tagged(kind, body, **facts):
    data = "".join(f" data-{name}='{html.escape(str(value), quote=True)}'" for name, value in facts.items())
    return f'<div class="adamkit-{kind}"{data}>{body}</div>'


def _prediction(stored, key):
    asked = catalogue.find(SHELVES["predict"], key)
    facts = {"answer": asked.answer, "unit": asked.unit, "within": asked.within, "says": asked.say(asked.answer)}
    return _tagged("predict", stored, key=key, **facts)


def _exercise(stored, key):
    """The stored statement with hints, one behind the other, and the solution, all folded."""
    exercise = catalogue.find(SHELVES["exercise"], key)
    hints = ""
    for number in range(len(exercise.hints), 0, -1):
        name = f"Hint {number} of {len(exercise.hints)}"
        hints = folded(name, markdown(exercise.hints[number - 1]) + hints)
    return f"{stored}{hints}{exercise.solution().html()}"


def _quiz(stored, key):
    return _tagged("quiz", stored, key=f"self-check {key}")


def _pre_quiz(stored, key):
    quiz = catalogue.module("00").PRE_QUIZ
    places = [question.answered_in for question in quiz.questions]
    titles = json.dumps([f"{number} {quiz.titles[number]}" for number in places])
    return _tagged("quiz", stored, key="pre-quiz", titles=titles, right=quiz.all_right)


WAYS = {"predict": _prediction, "exercise": _exercise, "self_check": _quiz, "pre_quiz": _pre_quiz}
