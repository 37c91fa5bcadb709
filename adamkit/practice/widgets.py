"""The few live controls of practice. Imported only where a widget is shown.

Callbacks may run in a thread of their own while a cell computes: they set plain values and widget
traits, nothing else.
"""

import ipywidgets

from adamkit.practice.present import box, inline

_LETTERS = "ABCDEFGH"
_OWN_WIDTH = {"width": "auto", "align_self": "flex-start"}
_WIDE = {"width": "auto", "max_width": "52em"}


def prose(html):
    """A piece of HTML that wraps."""
    return ipywidgets.HTML(html, layout=_WIDE)


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
            ipywidgets.HBox([button, ipywidgets.HTML(inline(text), layout={"flex": "1 1 0%", "width": "auto"})])
            for button, text in zip(self.buttons, options)
        ]
        self.view = column(*rows)

    @staticmethod
    def _button(letter, text):
        return ipywidgets.Button(
            description=letter,
            tooltip=text,
            layout={"width": "2.6em", "min_width": "2.6em", "flex": "0 0 auto"},
        )

    def mark(self, index, style="info"):
        """Show row ``index`` as chosen: style "info", "success" or "danger"; the others as not chosen."""
        for i, button in enumerate(self.buttons):
            button.button_style = style if i == index else ""


class NumberEntry:
    """A text field for a number and a button; ``on_enter(number)`` is called with a finite number."""

    def __init__(self, unit, on_enter):
        self.field = ipywidgets.Text(placeholder="a number", layout={"width": "9em"})
        self.button = ipywidgets.Button(description="Keep my guess", layout={"width": "auto"})
        self.said = prose("")
        self.on_enter = on_enter
        self.button.on_click(lambda _: self.enter())
        self.view = column(ipywidgets.HBox([self.field, ipywidgets.Label(unit), self.button]), self.said)

    def enter(self):
        """Read the field; a decimal comma is understood."""
        try:
            number = float(self.field.value.replace(",", ".").replace("−", "-"))
        except ValueError:
            number = float("nan")
        if number != number or abs(number) == float("inf"):
            self.said.value = box("warn", "A number is needed, such as 0.1 or 3e-4.")
            return
        self.on_enter(number)


class AnswerBox:
    """A text area with a Save button; ``save(text)`` returns the sentence to show."""

    def __init__(self, text, save):
        self.area = ipywidgets.Textarea(
            value=text,
            placeholder="Your answer, in your own words",
            layout={"width": "100%", "max_width": "52em", "height": "12em"},
        )
        self.button = ipywidgets.Button(description="Save", button_style="primary", layout=_OWN_WIDTH)
        self.said = prose("")
        self.button.on_click(lambda _: self._save(save))
        self.view = column(self.area, self.button, self.said)

    def _save(self, save):
        tone, sentence = save(self.area.value)
        self.said.value = box(tone, sentence)
