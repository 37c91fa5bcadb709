"""What readings mean: the rules in their order, and what one finding says about another."""

from adamkit.diagnostics import data_rules, generalisation, layer_rules, progress, spikes, stability
from adamkit.diagnostics.report import CannotTell, Report
from adamkit.diagnostics.signals import ENOUGH, Signals, written
from adamkit.diagnostics.vocabulary import DISEASES

#: The rules, the most certain first.
RULES = (stability.non_finite, stability.explosion, data_rules.bad_data, generalisation.forgetting,
         generalisation.overfitting, layer_rules.uneven, stability.oscillation, stability.climb, progress.flat,
         progress.plateau)
#: Disease → those that it explains, and that are not named beside it.
EXPLAINS = {
    "non_finite": set(DISEASES),
    "rate_too_high": set(DISEASES),
    "bad_data": {"oscillation", "plateau", "climbs_after_warmup", "rate_too_high"},
    "forgetting": {"overfitting", "oscillation"},
    "overfitting": {"uneven_layers", "oscillation", "plateau"},
    "oscillation": {"plateau"},
    "climbs_after_warmup": {"plateau", "uneven_layers"},
    "flat_from_start": {"plateau"},
    "plateau": {"uneven_layers"},
    "uneven_layers": {"flat_from_start"},
}


def examine(readings):
    """The diseases that readings show.

    The rules ask for clear evidence and were set on the runs of `adamkit.clinic` at seeds 0 to 49; a healthy run shows
    none. Where the readings leave a question open, the report says so, and what to measure.

    Args:
        readings: `Readings`, from a `Monitor`, from a file, or made by `Readings.of`.

    Returns:
        `Report`.
    """
    signals = Signals(readings)
    answers = [answer for rule in RULES for answer in rule(signals)]
    findings = [answer for answer in answers if not isinstance(answer, CannotTell)]
    explained = set().union(*(EXPLAINS[finding.disease] - {finding.disease} for finding in findings[:1]))
    findings = [finding for finding in findings if finding.disease not in explained]
    named = explained | {finding.disease for finding in findings}
    cannot_tell = [answer for answer in answers if isinstance(answer, CannotTell) and answer.disease not in named]
    if not signals.enough and not findings:
        cannot_tell = [CannotTell(disease, f"{len(signals)} finite losses have no shape yet.",
                                  f"Train for {ENOUGH} steps or more.") for disease in DISEASES]
    return Report(findings, cannot_tell, summary=_summary(signals), notes=spikes.notes(signals))


def _summary(signals):
    steps = len(signals.readings)
    if not len(signals):
        return f"{steps} steps, no finite loss."
    return (f"{steps} steps; loss from {written(signals.start)} to {written(signals.level)} "
            "(mean of the last quarter of the finite losses).")
