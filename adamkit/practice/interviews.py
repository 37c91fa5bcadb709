"""The interview box: the question as it is asked, a one-minute answer, the trap, the follow-up."""

import inspect
from dataclasses import dataclass

from adamkit.practice.present import Shown, box, folded, markdown, plain


@dataclass(frozen=True, repr=False)
class Interview(Shown):
    """A question from an interview. All texts are Markdown.

    Args:
        key: "04-bias-correction".
        question: as it is asked.
        answer: what to say in about a minute (80 to 170 words).
        trap: what most answers get wrong.
        follow_up: what is asked next.
        follow_up_answer: and what to say then.
    """

    key: str
    question: str
    answer: str
    trap: str
    follow_up: str
    follow_up_answer: str

    def _parts(self):
        return {
            "One-minute answer": self.answer,
            "The trap": self.trap,
            "The follow-up": f"*{self.follow_up.strip()}*\n\n{inspect.cleandoc(self.follow_up_answer)}",
        }

    def html(self):
        parts = "".join(folded(name, markdown(text)) for name, text in self._parts().items())
        return box("ask", "In the interview", markdown(self.question) + parts)

    def text(self):
        parts = [f"  {name}:\n{plain(text, '    ')}" for name, text in self._parts().items()]
        return "\n\n".join([f"In the interview\n{plain(self.question, '  ')}", *parts])
