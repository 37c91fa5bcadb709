"""The interview box: the question as it is asked, a one-minute answer, the trap, the follow-up."""

from dataclasses import dataclass

from adamkit.practice import formulas
from adamkit.practice.present import Shown, box, folded


@dataclass(frozen=True, repr=False)
class Interview(Shown):
    """A question from an interview. All texts are Markdown with ``$formulas$``.

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

    @classmethod
    def of(cls, key, asked):
        """The box that shows a question of the bank: what follows its first question mark answers its follow-up."""
        follow_up, mark, said = asked.follow_up.partition("?")
        return cls(key, asked.question, asked.answer, asked.trap, follow_up + mark, said.strip())

    def _parts(self):
        return {
            "One-minute answer": self.answer,
            "The trap": self.trap,
            "The follow-up": f"*{self.follow_up}*\n\n{self.follow_up_answer}",
        }

    def html(self):
        parts = "".join(folded(name, formulas.html(text)) for name, text in self._parts().items())
        return box("ask", "In the interview", formulas.html(self.question) + parts)

    def text(self):
        parts = [f"  {name}:\n{formulas.text(text, '    ')}" for name, text in self._parts().items()]
        return "\n\n".join([f"In the interview\n{formulas.text(self.question, '  ')}", *parts])
