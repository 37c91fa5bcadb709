"""How a report is judged. Only here.

Of a sick run:
    named        the first finding says the right thing (disease, symptom, cause, or one of the first two fixes), and no
                 fix of any finding does harm
    misled       something is asserted and the first finding does not say the right thing; or a fix does harm
    cannot tell  nothing is asserted; a note or a "cannot tell" says the right thing, or points to ``checklist``
    missed       nothing is asserted, and nothing of the kind is said
    excused      missed, where what a monitor sees does not tell the cause (``unseen``)
    crashed      the monitor raised, or stopped the training
Of a healthy run:
    silent       no finding
    alarm        a finding
    crashed      as above
Several monitors of one run (two networks that train each other) count as one: the worst of what they say decides, but
one that names is not undone by another that is silent.
"""

import re

NAMED, MISLED, CANNOT_TELL, MISSED, EXCUSED = "named", "misled", "cannot tell", "missed", "excused"
SILENT, ALARM, CRASHED = "silent", "alarm", "crashed"
SICK = (NAMED, CANNOT_TELL, EXCUSED, MISSED, MISLED, CRASHED)
HEALTHY = (SILENT, ALARM, CRASHED)


def verdict(outcome):
    """One of `SICK` or of `HEALTHY`, for an `Outcome`."""
    if outcome.error:
        return CRASHED
    if not (outcome.kind.sick and outcome.ill):
        return ALARM if any(report.findings for report in outcome.reports) else SILENT
    said = [_of(report, outcome.kind) for report in outcome.reports]
    return next((word for word in (MISLED, NAMED, CANNOT_TELL) if word in said),
                EXCUSED if outcome.kind.unseen else MISSED)


def _of(report, kind):
    if report.findings:
        first = report.findings[0]
        right = says(kind.right, first.disease, first.symptom, first.cause, *first.fixes[:2])
        harm = says(kind.harm, *(fix for finding in report.findings for fix in finding.fixes))
        return NAMED if right and not harm else MISLED
    aside = [*report.notes, *(f"{gap.disease}: {gap.reason} {gap.measure}" for gap in report.cannot_tell)]
    return CANNOT_TELL if says((*kind.right, r"\bchecklist\b"), *aside) else MISSED


def says(patterns, *texts):
    """True if a pattern is found in one of the texts, whatever the case of its letters."""
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns for text in texts)


def headline(outcome):
    """The first finding of the first monitor that has one, in a line: for the eye."""
    for report in outcome.reports:
        if report.findings:
            return f"{report.findings[0].disease}: {report.findings[0].cause}"
    return " ".join(outcome.error.split())
