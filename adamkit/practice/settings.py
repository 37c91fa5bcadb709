"""A list of settings that change, or not, from one training to another; the reader says which way, and how sure."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from adamkit.practice import judging, progress
from adamkit.practice.checking import answered
from adamkit.practice.present import Shown, box, folded, markdown, plain
from adamkit.practice.verdict import Verdict

WAYS = ("up", "down", "same")
#: How sure one can be.
SURE = {"sure": "published runs and experiments agree", "likely": "convention, or one good experiment",
        "open": "published runs or papers disagree"}  # fmt: skip
_OTHER_WORDS = {"higher": "up", "larger": "up", "more": "up", "↑": "up", "lower": "down", "smaller": "down",
                "less": "down", "↓": "down", "unchanged": "same", "keep": "same", "=": "same", "certain": "sure",
                "unsure": "open", "unknown": "open", "probable": "likely", "probably": "likely"}  # fmt: skip
_OTHER_NAMES = {"β₁": "beta1", "β₂": "beta2", "ε": "eps", "λ": "weight decay", "lr": "peak rate", "η": "peak rate",
                "clip": "gradient clip", "warmup": "steps of warmup", "batch": "tokens a step"}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One row: ``ways`` are the answers that the evidence allows; where it allows several it is "open"."""

    name: str
    ways: tuple
    sure: str
    why: str
    source: str

    @property
    def answer(self):
        """Such as "down (sure)"."""
        return f"{' or '.join(self.ways)} ({self.sure})"


@dataclass(frozen=True, repr=False, eq=False)
class SettingsList(Shown):
    """The question, its rows, and the judge."""

    key: str
    title: str
    question: str
    rows: tuple
    minutes: int

    @answered
    def check(self, *answers, **others):
        """Judge answers → `Verdict`. Never raises.

        Args:
            answers: one dict: name of the row → "up", "down" or "same", or that with "sure", "likely" or "open", such
                as "down, sure" or ("down", "sure"). ``...`` leaves a row open.
        """
        if len(answers) != 1 or others or not isinstance(answers[0], Mapping):
            if answers in ((), (...,)) and not others:
                return judging.not_attempted(self.key)
            return judging.unusable('it takes one dict, such as {"peak rate": "down, sure"}.')
        given, trouble = {}, ""
        for name, said in answers[0].items():
            row, trouble = self._row(name)
            if not trouble and said is not ...:
                given[row], trouble = _parsed(name, said)
            if trouble:
                return judging.unusable(trouble)
        return self._judged(given) if given else judging.not_attempted(self.key)

    def _row(self, name):
        names = {row.name: row for row in self.rows}
        name = _OTHER_NAMES.get(name, name) if isinstance(name, str) else name
        if isinstance(name, str) and name in names:
            return names[name], ""
        near = difflib.get_close_matches(str(name)[:60], names, n=1) if isinstance(name, str) else []
        meant = f" Did you mean {near[0]!r}?" if near else ""
        return None, f"there is no row {judging.shown(name)}.{meant} They are: {', '.join(names)}."

    def _judged(self, given):
        lines, right, loud = [], 0, 0
        for row in self.rows:
            way, sure = given.get(row, ("", ""))
            good = way in row.ways
            right += good
            bold = bool(sure) and list(SURE).index(sure) < list(SURE).index(row.sure)
            loud += good and bold
            shy = " Surer than the evidence." if bold else ""
            told = f"{'✓' if good else '✗'} **{row.name}**: {row.answer}.{shy} {row.why} *{row.source}*"
            lines.append(f"- {told if way else f'○ **{row.name}**: not answered yet'}")
        title = f"{right} of {len(self.rows)} right" + (f"; {loud} of them said too surely" if loud else "")
        passed = right == len(self.rows) and not loud
        verdict = Verdict("passed" if passed else "wrong", f"{self.key}: {title}", "\n".join(lines))
        return progress.note_pass(self.key, verdict) if passed else verdict

    def html(self):
        rows = "".join(f"<li>{row.name}</li>" for row in self.rows)
        answers = "\n".join(f"- **{r.name}**: {r.answer}. {r.why} *{r.source}*" for r in self.rows)
        return box("ask", self._headline(), markdown(self.question) + f"<ul>{rows}</ul>") + folded(
            "The list, with reasons", markdown(answers)
        )

    def text(self):
        rows = "\n".join(f"  - {row.name}" for row in self.rows)
        return f"{self._headline()}\n{plain(self.question, '  ')}\n\n{rows}"

    def widget(self):
        """Two choices for each row, and the judge."""
        import ipywidgets

        from adamkit.practice.widgets import column, prose

        said, boxes, lines = prose(""), {}, []
        for row in self.rows:
            pair = [ipywidgets.Dropdown(options=["…", *words], layout={"width": "6em"}) for words in (WAYS, SURE)]
            boxes[row.name] = pair
            label = ipywidgets.HTML(row.name, layout={"flex": "1 1 0%", "max_width": "22em"})
            lines.append(ipywidgets.HBox([label, *pair]))
        judge = ipywidgets.Button(description="Judge", button_style="primary", layout={"width": "auto"})

        def on_judge(_):
            chosen = {name: [box.value for box in pair if box.value != "…"] for name, pair in boxes.items()}
            said.value = self.check({name: values or ... for name, values in chosen.items()}).html()

        judge.on_click(on_judge)
        head = prose(box("ask", self._headline(), markdown(self.question)))
        return column(head, *lines, judge, said)

    def _headline(self):
        return f"{self.title} ({self.minutes} min)"


def _parsed(name, said):
    """((way, how sure), trouble) of one answer."""
    words = said.replace("(", ",").replace(")", ",").split(",") if isinstance(said, str) else said
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
        words = ["?"]
    words = [_OTHER_WORDS.get(word, word) for word in (w.strip().lower() for w in words) if word]
    ways, sure = [w for w in words if w in WAYS], [w for w in words if w in SURE]
    if len(ways) != 1 or len(sure) > 1 or len(ways) + len(sure) != len(words):
        allowed = f"{', '.join(WAYS)}, and perhaps {', '.join(SURE)}"
        return None, f"{name}: {judging.shown(said)} is not an answer; allowed are {allowed}."
    return (ways[0], sure[0] if sure else ""), ""
