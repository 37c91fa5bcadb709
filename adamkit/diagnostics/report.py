"""What was found, in words: symptom, evidence, likely cause, and what to try, in order."""

import html
import textwrap
from dataclasses import asdict, dataclass, field

from adamkit.diagnostics.vocabulary import CAUSES, checked

#: How sure a finding is.
CERTAINTIES = ("certain", "likely")


@dataclass(frozen=True)
class Finding:
    """One cause that the readings show.

    Attributes:
        disease: a name from `vocabulary.CAUSES`.
        symptom: what is seen, in a sentence.
        evidence: numbers and steps that show it, one sentence each.
        cause: what most likely brings it about, in a sentence.
        fixes: what to try, the most promising first.
        steps: the steps that the evidence speaks of, in order; may be empty.
        certainty: "certain" where the mechanism was seen, "likely" where curves or circumstances suggest it.
        test: what would settle it, in a sentence; may be empty.
    """

    disease: str
    symptom: str
    evidence: tuple[str, ...]
    cause: str
    fixes: tuple[str, ...]
    steps: tuple[int, ...] = ()
    certainty: str = "likely"
    test: str = ""

    def __post_init__(self):
        checked(self.disease)
        if self.certainty not in CERTAINTIES:
            raise ValueError(f"certainty={self.certainty!r} is not one of {list(CERTAINTIES)}")
        for name in ("evidence", "fixes"):
            value = getattr(self, name)
            object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))
        object.__setattr__(self, "steps", tuple(int(step) for step in self.steps))


@dataclass(frozen=True)
class CannotTell:
    """A disease that these readings neither show nor exclude.

    Attributes:
        disease: a name from `vocabulary.CAUSES`.
        reason: what is missing, in a sentence.
        measure: what to record so that it can be decided.
    """

    disease: str
    reason: str
    measure: str

    def __post_init__(self):
        checked(self.disease)


@dataclass(frozen=True)
class Report:
    """The answer of `examine`.

    Attributes:
        findings: `Finding`, the most certain first; empty for a healthy run.
        cannot_tell: `CannotTell`, what these readings leave open.
        summary: the run in a sentence: how many steps, from which loss to which.
        notes: sentences on what was seen and is no disease by itself, such as spikes of the loss.
    """

    findings: list[Finding] = field(default_factory=list)
    cannot_tell: list[CannotTell] = field(default_factory=list)
    summary: str = ""
    notes: tuple[str, ...] = ()

    @property
    def healthy(self):
        """True if nothing was found. What could not be told stands in ``cannot_tell``."""
        return not self.findings

    @property
    def diseases(self):
        """Names of what was found, in the order of the findings."""
        return [finding.disease for finding in self.findings]

    def __bool__(self):
        """True if there is something to read: a finding."""
        return bool(self.findings)

    def to_dict(self):
        """Plain lists, dicts and numbers, ready for JSON."""
        parts = {"findings": self.findings, "cannot_tell": self.cannot_tell}
        return {"healthy": self.healthy, "summary": self.summary, "notes": list(self.notes),
                **{name: [asdict(part) for part in items] for name, items in parts.items()}}

    def __str__(self):
        parts = [self.summary] if self.summary else []
        parts += [_in_text(finding) for finding in self.findings] or ["Nothing found."]
        for title, lines in self._lists():
            parts.append("\n".join([title, *(_wrapped(line, "  - ") for line in lines)]))
        return "\n\n".join(parts)

    def _repr_markdown_(self):
        parts = [self.summary] if self.summary else []
        parts += [_in_markdown(finding) for finding in self.findings] or ["**Nothing found.**"]
        for title, lines in self._lists():
            parts.append("\n".join([title, "", *(f"- {line}" for line in lines)]))
        return "\n\n".join(parts)

    def _repr_html_(self):
        parts = [f"<p>{html.escape(self.summary)}</p>"] if self.summary else []
        parts += [_in_html(finding) for finding in self.findings] or ["<p><b>Nothing found.</b></p>"]
        for title, lines in self._lists():
            parts.append(f"<p>{title}</p><ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>")
        return "".join(parts)

    def _lists(self):
        """Titles and lines of what stands below the findings."""
        if self.notes:
            yield "Seen besides:", list(self.notes)
        if self.cannot_tell:
            yield "Cannot tell from these readings:", [
                f"{open.disease}: {open.reason} {open.measure}" for open in self.cannot_tell]


def _in_text(finding):
    lines = [f"{finding.disease}: {CAUSES[finding.disease]} ({finding.certainty})",
             _wrapped(finding.symptom, "  symptom   "),
             *(_wrapped(line, "  evidence  " if first else "            ")
               for first, line in _marked(finding.evidence)),
             _wrapped(finding.cause, "  cause     "),
             *(_wrapped(f"{number}. {fix}", "  fixes     " if number == 1 else "            ")
               for number, fix in enumerate(finding.fixes, 1)),
             *([_wrapped(finding.test, "  test      ")] if finding.test else [])]
    return "\n".join(lines)


def _in_markdown(finding):
    evidence = "\n".join(f"- {line}" for line in finding.evidence)
    fixes = "\n".join(f"{number}. {fix}" for number, fix in enumerate(finding.fixes, 1))
    return (f"**`{finding.disease}`** {finding.symptom}\n\n*Evidence*\n\n{evidence}\n\n"
            f"*Cause ({finding.certainty}).* {finding.cause}\n\n*Fixes, in this order*\n\n{fixes}"
            + (f"\n\n*The test.* {finding.test}" if finding.test else ""))


def _in_html(finding):
    evidence, fixes = ("".join(f"<li>{html.escape(line)}</li>" for line in lines)
                       for lines in (finding.evidence, finding.fixes))
    return (f"<p><b><code>{finding.disease}</code></b> {html.escape(finding.symptom)}</p>"
            f"<p><i>Evidence</i></p><ul>{evidence}</ul>"
            f"<p><i>Cause ({finding.certainty}).</i> {html.escape(finding.cause)}</p>"
            f"<p><i>Fixes, in this order</i></p><ol>{fixes}</ol>"
            + (f"<p><i>The test.</i> {html.escape(finding.test)}</p>" if finding.test else ""))


def _marked(lines):
    return ((index == 0, line) for index, line in enumerate(lines))


def _wrapped(text, head):
    return textwrap.fill(text, 100, initial_indent=head, subsequent_indent=" " * len(head))
