"""The few live controls of practice. Imported only where a widget is shown.

Callbacks may run in a thread of their own while a cell computes: they set plain values and widget
traits, nothing else.
"""

import threading
import time

import ipywidgets
import traitlets

from adamkit.practice import formulas
from adamkit.practice.present import box

_LETTERS = "ABCDEFGH"
_LATE = 1.0  # seconds after a click within which keystrokes from before it may still arrive
_OWN_WIDTH = {"width": "auto", "align_self": "flex-start"}
_WIDE = {"width": "auto", "max_width": "52em"}


class HTML(ipywidgets.HTML):
    """HTML with its lines as close as those of the page around it: a widget's own are as far apart as buttons."""

    @traitlets.validate("value")
    def _spaced(self, proposal):
        return f'<div style="line-height: 1.5">{proposal["value"]}</div>' if proposal["value"] else ""


def prose(html):
    """A piece of HTML that wraps."""
    return HTML(html, layout=_WIDE)


def column(*parts):
    """Widgets below one another."""
    return ipywidgets.VBox(list(parts), layout=_WIDE)


class ChoiceRows:
    """Options as rows of a lettered button and its text; long texts wrap, and Tab and Enter work.

    ``on_choose(index)`` is called on every click; `mark` colours a row.
    """

    def __init__(self, options, on_choose):
        self.buttons = [self._button(letter, text) for letter, text in zip(_LETTERS, options)]
        for index, button in enumerate(self.buttons):
            button.on_click(lambda _, index=index: on_choose(index))
        rows = [
            ipywidgets.HBox([button, HTML(formulas.inline(text), layout={"flex": "1 1 0%", "width": "auto"})])
            for button, text in zip(self.buttons, options)
        ]
        self.view = column(*rows)

    @staticmethod
    def _button(letter, text):
        return ipywidgets.Button(
            description=letter,
            tooltip=formulas.bare(text),
            layout={"width": "2.6em", "min_width": "2.6em", "flex": "0 0 auto"},
        )

    def mark(self, index, style="info"):
        """Show row ``index`` as chosen: style "info", "success" or "danger"; the others as not chosen."""
        for i, button in enumerate(self.buttons):
            button.button_style = style if i == index else ""


class NumberEntry:
    """A text field for a number and a button; ``on_enter(number)`` is called with a finite number.

    The button and the Enter key do the same. What is said of a number that cannot be read goes when one can.
    """

    def __init__(self, unit, on_enter):
        self.field = ipywidgets.Text(placeholder="a number", layout={"width": "9em"})
        self.button = ipywidgets.Button(description="Keep my guess", layout={"width": "auto"})
        self.said = prose("")
        self.on_enter, self.entered_at = on_enter, float("-inf")
        self.button.on_click(lambda _: self.enter())
        self.field.on_msg(lambda _, message, __: message.get("event") == "submit" and self.enter())
        self.field.observe(lambda _: self._late(), names="value")
        self.view = column(ipywidgets.HBox([self.field, ipywidgets.Label(unit), self.button]), self.said)

    def enter(self):
        """Read the field; a decimal comma is understood."""
        self.entered_at = time.monotonic()
        try:
            number = float(self.field.value.replace(",", ".").replace("−", "-"))
        except ValueError:
            number = float("nan")
        if number != number or abs(number) == float("inf"):
            self.said.value = box("warn", "A number is needed, such as 0.1 or 3e-4.")
            return
        self.said.value = ""
        self.on_enter(number)

    def _late(self):
        """The last keystrokes may come after the click or the Enter key, as in `AnswerBox`."""
        if time.monotonic() - self.entered_at < _LATE:
            self.enter()


class AnswerBox:
    """A text area with a Save button; ``save(text)`` returns the sentence to show."""

    def __init__(self, text, save):
        self.area = ipywidgets.Textarea(
            value=text,
            placeholder="Your answer, in your own words",
            layout={"width": "auto", "max_width": "52em", "height": "12em"},
        )
        self.button = ipywidgets.Button(description="Save", button_style="primary", layout=_OWN_WIDTH)
        self.said = prose("")
        self.saved_at, self.saving = float("-inf"), threading.RLock()
        self.button.on_click(lambda _: self._click(save))
        self.area.observe(lambda _: self._late(save), names="value")
        self.view = column(self.area, self.button, self.said)

    def _click(self, save):
        self.saved_at = time.monotonic()
        self._save(save)

    def _late(self, save):
        """The browser holds keystrokes back while an earlier one is under way, so the last may come after the click."""
        if time.monotonic() - self.saved_at < _LATE:
            self._save(save)

    def _save(self, save):
        # A kernel may hear the click and the keystrokes in two threads: the text is read when its turn has come.
        with self.saving:
            tone, sentence = save(self.area.value)
            self.said.value = box(tone, sentence)


class ReviewBox:
    """A `Review` with its buttons: the answer opens, four grades go on to the next card.

    The title of each grade says when the card would come back. What it shows is set from `Review`'s state
    after every click, so nothing is lost when a click comes twice.
    """

    def __init__(self, review):
        from adamkit.practice.cards import RATINGS

        self.review, self.opened = review, False
        self.front, self.back, self.said = prose(""), prose(""), prose("")
        self.open = ipywidgets.Button(description="Show the answer", button_style="primary", layout=_OWN_WIDTH)
        self.open.on_click(lambda _: self._open())
        self.again = ipywidgets.Button(description="Look again", layout=_OWN_WIDTH)
        self.again.on_click(lambda _: self._look_again())
        self.grades = {rating: ipywidgets.Button(layout={"width": "auto"}) for rating in RATINGS}
        for rating, button in self.grades.items():
            button.on_click(lambda _, rating=rating: self._grade(rating))
        self.grading = ipywidgets.HBox(list(self.grades.values()), layout={"flex_flow": "row wrap"})
        self.view = column(self.front, self.open, self.back, self.grading, self.again, self.said)
        self.show()

    def show(self):
        """Bring the view in line with the review."""
        from adamkit.practice import formulas, reviewing

        asked = self.review.question
        title = self.review.standing()
        self.front.value = box("ask", title, formulas.html(asked.question) if asked else "")
        self.back.value = box("calm", "Answer", reviewing.answer_html(asked)) if asked and self.opened else ""
        if asked and self.opened:
            for rating, wait in self.review.cards.preview(asked.id).items():
                self.grades[rating].description = f"{rating}: {reviewing.span(wait)}"
        self._display(self.open, asked and not self.opened)
        self._display(self.grading, asked and self.opened)
        self._display(self.again, not asked)
        notice = self.review.said or self.review.cards.notice
        self.said.value = box("calm", notice) if notice else ""

    def _open(self):
        self.opened = True
        self.show()
        next(iter(self.grades.values())).focus()  # the button that had the keyboard has just gone

    def _look_again(self):
        self.review.refill()
        self.show()
        self._take_focus()

    def _grade(self, rating):
        if not self.opened:  # a second click on a button that has just gone
            return
        self.opened = not self.review.grade(rating)
        self.show()
        if not self.opened:
            self._take_focus()

    def _take_focus(self):
        (self.open if self.review.question else self.again).focus()

    @staticmethod
    def _display(widget, there):
        widget.layout.display = None if there else "none"


class PlanBox:
    """A `StudyPlan` with a button to begin and a box to tick for each task."""

    def __init__(self, shown):
        from adamkit.practice import plan, study

        self.shown, standing = shown, plan.standing()
        self.said = prose(box("calm", shown.summary(standing)))
        self.begin = ipywidgets.Button(description="Begin today", button_style="primary", layout=_OWN_WIDTH)
        self.begin.layout.display = "none" if standing.start else None
        self.begin.on_click(lambda _: self._begin())
        self.labels, self.ticks = {}, {}
        for task in plan.TASKS:
            self.ticks[task.key] = self._tick(task, standing.is_done(task))
            self.labels[task.key] = prose(self._label(task, study.day_name(task.day, standing)))
        rows = [ipywidgets.HBox([self.ticks[key], self.labels[key]]) for key in self.ticks]
        self.view = column(prose(box("ask", "Twenty-one days")), self.begin, *rows, self.said)

    def _tick(self, task, done):
        tick = ipywidgets.Checkbox(value=done, indent=False, layout={"width": "1.6em", "flex": "0 0 auto"})
        tick.tooltip = task.title
        tick.observe(lambda change: self._mark(task, tick, change), names="value")
        return tick

    @staticmethod
    def _label(task, when):
        what = f"<strong>{when}: {task.title}</strong> ({task.minutes} min, notebook {task.notebook})<br>{task.how}"
        return f'<p style="margin: 0.35em 0; line-height: 1.4">{what}</p>'  # a widget's own lines are buttons apart

    def _begin(self):
        from adamkit.practice import plan, study

        self.said.value = box("calm", self.shown.begin())
        standing = plan.standing()
        if standing.start:
            self.begin.layout.display = "none"
            next(iter(self.ticks.values())).focus()
        for task in plan.TASKS:
            self.labels[task.key].value = self._label(task, study.day_name(task.day, standing))

    def _mark(self, task, tick, change):
        if getattr(tick, "being_undone", False):
            return
        kept, sentence = self.shown.tick(task, change["new"])
        self.said.value = box("calm" if kept else "bad", sentence)
        if not kept:
            tick.being_undone = True
            tick.value = change["old"]
            tick.being_undone = False
