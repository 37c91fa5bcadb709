"""A slice of the bank of runs: what each kind promises holds, and the report says what it must of kinds of each sort.

The whole bank is `python tests/benchmarks/bench_monitor_bank.py`.
"""

import pytest
from monitor_bank import KINDS, judge, monitored, run
from slices import ordinarily

from adamkit.diagnostics import CannotTell, Finding, Report

WRITING = [kind for kind in KINDS.values() if kind.half == "writing"]
#: Quick kinds of the writing half; the first of them in the ordinary run.
QUICK = ["scaler_skips_every_step", "adam_rate_too_low", "optimizer_of_the_old_model", "root_of_a_zero",
         "gradient_of_the_first_batch", "momentum_dampened_away", "momentum_of_0_999", "body_under_no_grad",
         "branch_detached", "adam_at_the_rate_of_sgd", "warmup_never_stepped", "exponential_decay_at_each_batch",
         "first_batch_again_and_again", "log_of_a_zero", "mask_that_keeps_the_smallest", "row_masked_altogether"]
SICK = ordinarily(QUICK[:6], QUICK)
HEALTHY = ordinarily(["angular_margin", "batches_of_many_sizes", "noise_on_the_gradients"],
                     [kind.name for kind in WRITING if not kind.sick])
KNOWN = [name for name in SICK if name != "scaler_skips_every_step"]


@pytest.mark.parametrize("name", SICK)
def test_a_sick_kind_ends_worse_than_its_twin(name):
    kind = KINDS[name]
    assert run(kind, False, 0).score <= kind.good < run(kind, True, 0).score


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_kind_ends_well_and_raises_no_alarm(name):
    outcome = run(KINDS[name], False, 0, monitored)
    assert outcome.score <= KINDS[name].good
    assert judge.verdict(outcome) == judge.SILENT


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_wrong_is_named(name):
    assert judge.verdict(run(KINDS[name], True, 0, monitored)) == judge.NAMED


def test_the_bank_is_as_large_as_it_says_and_the_halves_are_alike():
    sick, healthy = (sum(kind.sick is wanted for kind in KINDS.values()) for wanted in (True, False))
    assert sick >= 175
    assert healthy >= 130
    assert 0.35 < len(WRITING) / len(KINDS) < 0.65
    assert all(kind.half == "writing" for kind in map(KINDS.get, QUICK + HEALTHY))


KIND = KINDS["adam_rate_too_low"]
LOW = Finding("flat_from_start", "Flat.", (), "The rate is too low.", ("Raise the rate.",))
HIGH = Finding("rate_too_high", "Exploded.", (), "Too long steps.", ("Lower the rate.",))
OPEN = CannotTell("flat_from_start", "The rate may be too low.", "Train on.")


@pytest.mark.parametrize(("findings", "aside", "said"), [
    ([LOW], [], judge.NAMED), ([HIGH], [], judge.MISLED), ([LOW, HIGH], [], judge.MISLED),  # advice that does harm
    ([], [OPEN], judge.CANNOT_TELL), ([], [], judge.MISSED)])
def test_a_report_is_judged_by_what_it_says(findings, aside, said):
    outcome = run(KIND, True, 0)
    outcome.reports = [Report(findings, aside)]
    assert judge.verdict(outcome) == said
    outcome.reports = [Report(), *outcome.reports]
    assert judge.verdict(outcome) == said


def test_an_alarm_on_the_twin_and_a_crash_are_told_apart():
    outcome = run(KIND, False, 0)
    outcome.reports = [Report([HIGH])]
    assert judge.verdict(outcome) == judge.ALARM
    outcome.error = "TypeError: …"
    assert judge.verdict(outcome) == judge.CRASHED
