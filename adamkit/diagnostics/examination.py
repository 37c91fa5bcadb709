"""What readings mean: the rules in their order, and what one finding says about another."""

from adamkit.diagnostics import (
    data_rules,
    generalisation,
    gradient_rules,
    layer_rules,
    progress,
    setting_rules,
    spikes,
    stability,
    step_rules,
)
from adamkit.diagnostics.report import CannotTell, Report
from adamkit.diagnostics.signals import ENOUGH, Signals
from adamkit.diagnostics.vocabulary import CAUSES, DISEASES
from adamkit.numbers import written

#: Rules on facts: what the mechanism shows. The first finding counts most.
FACT_RULES = (step_rules.steps, gradient_rules.same, gradient_rules.nothing, gradient_rules.thrown,
              step_rules.unfrozen, gradient_rules.outside, gradient_rules.stale, gradient_rules.loss,
              setting_rules.sign, step_rules.still, step_rules.modes, setting_rules.clips, gradient_rules.some,
              setting_rules.state, setting_rules.schedule, setting_rules.decay, step_rules.elsewhere,
              setting_rules.momentum)
#: Rules on curves: what a run's shape suggests, against its own scatter.
TREND_RULES = (stability.non_finite, stability.explosion, data_rules.bad_data, generalisation.forgetting,
               generalisation.statistics, generalisation.apart, generalisation.overfitting, layer_rules.uneven,
               layer_rules.vanishing,
               stability.oscillation, stability.climb, progress.flat, progress.slow, progress.rises,
               progress.plateau)
#: A fact explains all curves but these.
STANDS_BESIDE = {"non_finite", "overfitting", "forgetting", "bad_data"}
#: A loss that rests, whatever the reason.
LEVEL = {"plateau", "broken_start"}
#: Cause → those that it explains, and that are not named beside it.
EXPLAINS = {
    "non_finite": set(CAUSES),
    "rate_too_high": set(DISEASES),
    "bad_data": {"oscillation", "climbs_after_warmup", "rate_too_high", "uneven_layers"} | LEVEL,
    "changed_elsewhere": {"bad_data"},
    "forgetting": {"overfitting", "oscillation", "validation_apart"},
    "validation_apart": {"overfitting", "flat_from_start"} | LEVEL,
    "overfitting": {"uneven_layers", "oscillation"} | LEVEL,
    "oscillation": LEVEL,
    "climbs_after_warmup": {"uneven_layers"} | LEVEL,
    "flat_from_start": LEVEL,
    "plateau": {"uneven_layers"},
    "broken_start": {"uneven_layers"},
    "uneven_layers": {"flat_from_start", "rate_too_low", "vanishing_gradients"},
    "vanishing_gradients": {"flat_from_start", "rate_too_low"} | LEVEL,
    **{cause: set(CAUSES) for cause in ("no_steps", "steps_skipped", "no_gradient", "zeroed_before_step",
                                               "same_loss")},
    **{cause: set(CAUSES) - {"overfitting", "forgetting", "bad_data"} for cause in ("stale_gradients", "wrong_output",
                                                                                 "broadcast_loss", "wrong_sign")},
    "not_registered": set(CAUSES) - STANDS_BESIDE,
}


def examine(readings):
    """The causes that readings show.

    Facts come first: what happened to steps, gradients, weights, modes and groups, where a `Monitor` noted it. Rules
    on curves compare a run with its own scatter and ask for clear evidence. Where a curve leaves a question open that
    somebody could settle, the report says how; where it says nothing, the report is silent.

    Args:
        readings: `Readings`, from a `Monitor`, from a file, or made by `Readings.of`.

    Returns:
        `Report`.
    """
    signals = Signals(readings)
    facts = [finding for rule in FACT_RULES for finding in rule(signals)]
    trends = [answer for rule in TREND_RULES for answer in rule(signals)]
    findings = [answer for answer in trends if not isinstance(answer, CannotTell)]
    if facts:
        findings = [finding for finding in findings if finding.disease in STANDS_BESIDE]
    findings = facts + findings
    explained = set().union(*(EXPLAINS.get(finding.disease, set()) - {finding.disease} for finding in findings[:1]))
    findings = [finding for finding in findings if finding.disease not in explained]
    named = explained | {finding.disease for finding in findings} | (set(CAUSES) if facts else set())
    cannot_tell = [answer for answer in trends if isinstance(answer, CannotTell) and answer.disease not in named]
    if not signals.enough and not findings and signals.facts.get("losses", 1):
        losses = f"{len(signals)} finite loss{' has' if len(signals) == 1 else 'es have'} no shape yet."
        more = f"Train for {ENOUGH} steps or more" if len(readings) < ENOUGH else "Observe the loss of each step"
        cannot_tell = [CannotTell(disease, losses, more + ".") for disease in DISEASES]
    notes = (*step_rules.notes(signals), *gradient_rules.notes(signals), *setting_rules.notes(signals),
             *spikes.notes(signals))
    return Report(findings, cannot_tell, summary=_summary(signals), notes=notes)


def _summary(signals):
    count, facts = len(signals.readings), signals.facts
    steps = f"{count} step{'' if count == 1 else 's'}"
    if not len(signals):
        if facts.get("unstepped"):
            first, last = map(written, facts["ends"])
            return f"{steps}; {facts['losses']} losses were observed, from {first} to {last}."
        return f"{steps}, no {'finite loss' if facts.get('losses', 1) else 'loss was observed'}."
    return (f"{steps}; loss from {written(signals.start)} to {written(signals.level)} "
            "(mean of the last quarter of the finite losses).")
