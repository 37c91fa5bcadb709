"""The answer of a checker."""

from dataclasses import dataclass

from adamkit.practice.present import Shown, box, markdown, plain

_SIGNS = {"passed": "✓", "open": "○", "mistake": "✗", "wrong": "✗", "error": "✗", "recorded": "✎"}
_TONES = {"passed": "good", "open": "calm", "mistake": "warn", "wrong": "warn", "error": "bad", "recorded": "ask"}


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """What a checker found.

    Attributes:
        kind: "passed", "open" (not attempted yet), "mistake" (a known one, named), "wrong",
            "error" (it could not be run to its end) or "recorded" (a text, which the reader grades).
        title: one line.
        body: the explanation, in Markdown; may be empty.
        mistake: the name of the known mistake, or "".

    A verdict is true when it is "passed".
    """

    kind: str
    title: str
    body: str = ""
    mistake: str = ""

    @property
    def passed(self):
        """True when the attempt is right."""
        return self.kind == "passed"

    def __bool__(self):
        return self.passed

    def html(self):
        return box(_TONES[self.kind], f"{_SIGNS[self.kind]} {self.title}", markdown(self.body) if self.body else "")

    def text(self):
        title = f"{_SIGNS[self.kind]} {self.title}"
        return f"{title}\n{plain(self.body, '  ')}" if self.body else title
