"""Cases on a tiny transformer: stuck at letter frequencies, and falling only to climb again."""

from adamkit import schedules
from adamkit.lessons.nb12.clinic.patient import Case, Treatment
from adamkit.lessons.nb12.clinic.plan import Plan, shuffled
from adamkit.lessons.nb12.clinic.rate_cases import to_zero
from adamkit.training.tasks import next_character


def _plan(norm, *, batch_size=16, **settings):
    task = next_character(norm=norm)
    return Plan(task.make_model, shuffled(task.data, batch_size), loss=task.loss, **settings)


STUCK = Case(
    name="stuck_transformer",
    disease="broken_start",
    story="A transformer. Its loss fell for a dozen steps and has been flat since.",
    plan=_plan("post", lr=0.04, steps=160, schedule=to_zero(160)),
    treatments={
        "lower rate": Treatment("a tenth of the rate", {"lr": 0.004}, True, "the first steps no longer destroy it"),
        "warmup": Treatment("warm up over 80 steps", {"schedule": to_zero(160, warmup=80)}, True,
                            "the first steps are short, and the model learns to bear the long ones"),
        "constant rate": Treatment("no decay", {"schedule": None}, False, "there is nothing to come back to"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "the first step of Adam is η for every parameter, whatever the gradient's size"),
        "β₂ 0.95": Treatment("β₂ from 0.999 to 0.95", {"hypers": {"betas": (0.9, 0.95)}}, False,
                             "the first step does not depend on β₂"),
    },
    good=2.8,
)  # fmt: skip

STEPS, WARMUP = 400, 100

CLIMBS = Case(
    name="climbs",
    disease="climbs_after_warmup",
    story="Warmup over 100 steps, then a constant rate. The loss falls, and then it climbs.",
    plan=_plan("pre", lr=0.08, steps=STEPS, schedule=schedules.linear_warmup(warmup=WARMUP)),
    treatments={
        "lower rate": Treatment("a third of the rate", {"lr": 0.08 / 3}, True, "the only thing wrong was the rate"),
        "longer warmup": Treatment("warm up over 300 steps", {"schedule": schedules.linear_warmup(warmup=300)}, False,
                                   "it climbs while the rate is still on its way, only later"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "the gradients are not too long, the steps are"),
        "β₂ 0.98": Treatment("β₂ from 0.999 to 0.98", {"hypers": {"betas": (0.9, 0.98)}}, False,
                             "v follows faster, and the rate is still too high"),
        "cosine": Treatment("cosine to zero after the warmup", {"schedule": to_zero(STEPS, warmup=WARMUP)},
                            None, "it brings the rate down in the end; how much is lost by then depends on the seed"),
    },
    good=2.7,
)  # fmt: skip

CASES = (STUCK, CLIMBS)
