"""The bug hunt with a button for each line. Imported only where a widget is shown."""

import ipywidgets

from adamkit.practice.present import box, escape, markdown
from adamkit.practice.widgets import column, prose

_CODE = ('<pre style="margin: 0; padding: 0; line-height: 1.7; background: none; white-space: pre; '
         'overflow-x: auto">{}</pre>')  # fmt: skip


class HuntRoom:
    """Level and seed, and below them the hunt in work."""

    def __init__(self, hunt):
        from adamkit.practice import hunts

        self.level = ipywidgets.Dropdown(options=list(hunts.LEVELS), value=hunt.level, description="level",
                                         layout={"width": "9em"})
        self.seed = ipywidgets.BoundedIntText(value=hunt.seed, min=0, max=10**6, description="seed",
                                              layout={"width": "10em"})
        for field in (self.level, self.seed):
            field.style.description_width = "initial"
            field.observe(lambda _: self.show(hunts.draw(self.seed.value, self.level.value)), names="value")
        self.next = ipywidgets.Button(description="Another", layout={"width": "auto"})
        self.next.on_click(lambda _: setattr(self.seed, "value", self.seed.value + 1))
        self.stage = column()
        choices = ipywidgets.HBox([self.level, self.seed, self.next], layout={"flex_flow": "row wrap"})
        self.view = column(choices, self.stage)
        self.show(hunt)

    def show(self, hunt):
        """Put another hunt on the stage."""
        self.desk = HuntDesk(hunt)
        self.stage.children = [self.desk.view]


class HuntDesk:
    """One program: a button for each line, a field for reasons, the judge, the hints."""

    def __init__(self, hunt):
        self.hunt = hunt
        self.marks = [self._mark(number) for number in range(1, len(hunt.lines) + 1)]
        rows = [ipywidgets.HBox([mark, ipywidgets.HTML(_CODE.format(escape(line) or " "), layout={"flex": "1 1 0%"})])
                for mark, line in zip(self.marks, hunt.lines, strict=True)]
        self.why = ipywidgets.Textarea(placeholder="Why? One line for each mark, from the top down.",
                                       layout={"width": "auto", "max_width": "52em", "height": "5em"})
        self.judge, self.hint = (ipywidgets.Button(description=name, button_style=style, layout={"width": "auto"})
                                 for name, style in (("Judge", "primary"), ("Hint", "")))
        self.judge.on_click(lambda _: self._judge())
        self.hint.on_click(lambda _: self._say(self.hunt.hint()))
        self.said = prose("")
        head = prose(box("ask", hunt._headline(), markdown(hunt.program.task + " Mark the lines that are wrong.")))
        buttons = ipywidgets.HBox([self.judge, self.hint])
        self.view = column(head, *rows, self.why, buttons, self.said)

    @staticmethod
    def _mark(number):
        return ipywidgets.ToggleButton(description=str(number), tooltip=f"mark line {number}",
                                       layout={"width": "3em", "height": "1.8em", "flex": "0 0 auto"})

    def _judge(self):
        marked = [number for number, mark in enumerate(self.marks, 1) if mark.value]
        reasons = self.why.value.splitlines()
        reasons += [""] * (len(marked) - len(reasons))
        self._say(self.hunt.check(dict(zip(marked, reasons, strict=False))))

    def _say(self, shown):
        self.said.value = shown.html()
