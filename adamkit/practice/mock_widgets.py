"""The mock interview with its clock, its text field and its buttons. Imported only where a widget is shown.

What is shown is set from the `mock.MockInterview` after every click. Each question has a text field of its own, so a
keystroke that arrives late still reaches the answer it belongs to.
"""

from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from adamkit.practice import bank, mock, mock_pages
from adamkit.practice.present import box, escape, markdown
from adamkit.practice.reviewing import answer_html
from adamkit.practice.widgets import column, prose

_AUTO = {"width": "auto"}
_ANY = "any"


class Timer(anywidget.AnyWidget):
    """A clock that counts down in the browser, and up again once the time is over.

    Set ``round`` to another number to start it anew.
    """

    _esm = Path(__file__).with_name("timer.js")
    seconds = traitlets.Float(120.0).tag(sync=True)
    running = traitlets.Bool(True).tag(sync=True)
    round = traitlets.Int(0).tag(sync=True)


class Room:
    """The choices, and below them the interview in work."""

    def __init__(self, shown):
        self.shown, self.interview = shown, None
        settings = shown.settings
        self.pattern = self._choice("pattern", bank.patterns(), settings["pattern"])
        self.difficulty = self._choice("difficulty", list(bank.DIFFICULTIES), settings["difficulty"])
        self.count = ipywidgets.BoundedIntText(value=settings["count"], min=1, max=mock.MOST_QUESTIONS,
                                               description="questions", layout={"width": "11em"})
        self.minutes = ipywidgets.BoundedFloatText(value=shown.minutes, min=0.1, max=mock.MOST_MINUTES, step=0.5,
                                                   description="minutes each", layout={"width": "11em"})
        for field in (self.count, self.minutes, self.pattern, self.difficulty):
            field.style.description_width = "initial"
        self.begin = ipywidgets.Button(description="Begin", button_style="primary", layout=_AUTO)
        self.begin.on_click(lambda _: self._begin())
        self.stage, self.said = column(), prose("")
        choices = ipywidgets.HBox([self.pattern, self.difficulty, self.count, self.minutes, self.begin],
                                  layout={"flex_flow": "row wrap"})
        head = box("ask", "A mock interview", markdown("Choose, begin, and type your answer, or say it aloud."))
        self.view = column(prose(head), choices, self.said, self.stage)

    @staticmethod
    def _choice(name, known, value):
        options = [(_ANY, _ANY), *((str(one), one) for one in known)]  # a value of None would be shown as no choice
        if isinstance(value, (list, tuple)):  # several, chosen in code: an entry of their own
            options.insert(0, (" or ".join(map(str, value)), value))
        value = _ANY if value is None else value
        return ipywidgets.Dropdown(options=options, value=value, description=name, layout={"width": "15em"})

    def _begin(self):
        self.interview = self.shown.begin(
            pattern=_chosen(self.pattern), difficulty=_chosen(self.difficulty), count=self.count.value,
            minutes=self.minutes.value,
        )  # fmt: skip
        asked = len(self.interview.answers)
        note = "The bank has no such question." if not asked else ""
        self.said.value = box("warn", note) if note else ""
        self.begin.description = "Begin anew"
        self.show()

    def show(self):
        """Bring the stage in line with the interview."""
        if self.interview.current:
            self.stage.children = [Desk(self).view]  # its clock hands the keyboard to the text field
        else:
            self.stage.children = [self._end()]
            self.begin.focus()

    def _end(self):
        kept = box("warn", escape(self.interview.notice)) if self.interview.notice else ""
        return prose((self.interview.advice().html() if self.interview.answers else "") + kept)


def _chosen(dropdown):
    return None if dropdown.value == _ANY else dropdown.value


class Desk:
    """One question: the clock, the field, the model answer, the grades."""

    def __init__(self, room):
        self.room, self.interview = room, room.interview
        self.answer = self.interview.current
        asked = self.answer.question
        title = f"Question {self.interview.number} of {len(self.interview.answers)}"
        self.front = prose(box("ask", f"{title}: {asked.pattern}", mock_pages.question_html(asked)))
        self.timer = Timer(seconds=60 * self.interview.minutes)
        self.area = ipywidgets.Textarea(value=self.answer.text, placeholder="Your answer, in your own words",
                                        layout={"width": "auto", "max_width": "52em", "height": "9em"})
        self.area.observe(self._typed, names="value")
        self.kept = prose("")
        self.open = self._button("Show the model answer", self._reveal, "primary")
        self.skip = self._button("Skip", self._skip)
        self.back = prose("")
        self.grades = {grade: self._button(grade, lambda grade=grade: self._grade(grade)) for grade in mock.GRADES}
        for grade, button in self.grades.items():
            button.tooltip = mock.GRADES[grade]
        self.opening = ipywidgets.HBox([self.open, self.skip])
        self.grading = ipywidgets.HBox(list(self.grades.values()), layout={"display": "none"})
        self.view = column(self.front, self.timer, self.area, self.kept, self.opening, self.back, self.grading)

    @staticmethod
    def _button(description, action, style=""):
        button = ipywidgets.Button(description=description, button_style=style, layout=_AUTO)
        button.on_click(lambda _: action())
        return button

    def _typed(self, change):
        self.interview.write(change["new"], self.answer)
        self.kept.value = box("bad", escape(self.interview.notice)) if self.interview.notice else ""

    def _reveal(self):
        if self.interview.current is not self.answer:
            return
        self.interview.reveal()
        self.timer.running = False
        self.opening.layout.display = "none"
        self.back.value = self._model()
        self.grading.layout.display = None
        next(iter(self.grades.values())).focus()  # the button that had it has just gone

    def _model(self):
        asked = self.answer.question
        source = f"<p><small>Shown in {mock_pages.link(asked)}. Source: {escape(asked.source)}.</small></p>"
        return box("calm", "The model answer", answer_html(asked) + source) + box(
            "ask", "How was yours?", markdown(mock_pages.rubric_text())
        )

    def _grade(self, grade):
        if self.interview.current is self.answer and self.answer.revealed:  # a second click changes nothing
            self.interview.grade(grade)
            self.room.show()

    def _skip(self):
        if self.interview.current is self.answer:
            self.interview.skip()
            self.room.show()
