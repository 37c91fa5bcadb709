"""Exercises of notebook 07: the rate at the switch, and both sides of an argument."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake, TextExercise
from adamkit.practice.plays import Case


def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average + (1 - beta2) * (p @ p) / -(p @ g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))


def _variant(*, gamma=None, corrected=True, momentum=lambda b: 1 - b):
    """A wrong switch_rate: one of its parts replaced."""
    gamma = gamma or (lambda p, g: (p @ p) / -(p @ g))

    def wrong(steps, gradients, beta1, beta2):
        average = 0.0
        for p, g in zip(steps, gradients):
            average = beta2 * average + (1 - beta2) * gamma(p, g)
        return momentum(beta1) * average / ((1 - beta2 ** len(steps)) if corrected else 1)

    return wrong


def _last_only(steps, gradients, beta1, beta2):
    p, g = steps[-1], gradients[-1]
    return (1 - beta1) * (p @ p) / -(p @ g)


def _plain_mean(steps, gradients, beta1, beta2):
    return (1 - beta1) * np.mean([(p @ p) / -(p @ g) for p, g in zip(steps, gradients)])


def _cases(rng):
    def case(name, count, size, beta1=0.9, beta2=0.99, rate=0.02, uphill=()):
        gradients = [rng.normal(size=size) for _ in range(count)]
        # Adam's steps: downhill but for some, each coordinate at a rate of its own
        steps = [-rng.uniform(0.05 * rate, rate, size=size) * g for g in gradients]
        steps = [-p if t in uphill else p for t, p in enumerate(steps)]
        return Case(name, {"steps": steps, "gradients": gradients, "beta1": beta1, "beta2": beta2})

    count = int(rng.integers(4, 9))
    return [
        case("a few steps", count, 5),
        case("a single step", 1, 4),
        case("one parameter", 6, 1),
        case("other betas", 5, 3, beta1=0.5, beta2=0.8),
        case("a long average", 30, 6, beta2=0.999),
        case("no momentum", 4, 3, beta1=0.0),
        case("a few steps uphill", 7, 4, uphill=(1, 5)),
        case("more uphill than down", 4, 3, uphill=(1, 2, 3)),
        case("many parameters, long steps", 8, 300, beta2=0.9, rate=30.0),
    ]


MATCHING = Exercise(
    key="07-switch-rate",
    title="the rate at the switch",
    statement="""
        You have Adam's last steps p (what was added to θ, as vectors) and the gradients g that they belong to. Return
        the rate at which SGD with momentum β₁ should take over, as SWATS sets it: for each step the γ for which −γg,
        projected onto p, is p itself (below zero where momentum went uphill); their exponential average with β₂, begun
        at zero and corrected for it; times 1 − β₁, because SGD's buffer adds up to 1/(1 − β₁) gradients. `steps` and
        `gradients` are lists of arrays of one shape, (n,).

        ```python
        def switch_rate(steps, gradients, beta1, beta2):
            return ...
        ```
    """,
    solution_code=switch_rate,
    cases=_cases,
    minutes=10,
    mistakes=(
        Mistake(
            "projected the wrong way",
            "p·g/g·g is the multiple of g that is nearest to p. SWATS asks for the multiple whose shadow on p is all "
            "of p, which is longer: p·p/p·g.",
            _variant(gamma=lambda p, g: -(p @ g) / (g @ g)),
        ),
        Mistake("the sign", "p points downhill, so p·g is negative, and a rate is positive: p·p/(−p·g).",
                _variant(gamma=lambda p, g: (p @ p) / (p @ g))),
        Mistake(
            "lengths only",
            "‖p‖/‖g‖ compares lengths and forgets the angle. Where p and g part, SGD needs a longer step to get as far "
            "along p.",
            _variant(gamma=lambda p, g: np.linalg.norm(p) / np.linalg.norm(g)),
        ),
        Mistake(
            "no bias correction",
            "The average starts at zero and β₂ is near one: after a hundred steps of β₂ = 0.999 it holds a tenth of "
            "its weight. Divide by 1 − β₂ᵗ, as Adam does.",
            _variant(corrected=False),
        ),
        Mistake(
            "momentum forgotten",
            "Without the factor 1 − β₁ SGD takes steps ten times too long at β₁ = 0.9. In this notebook that wrecks "
            "the run.",
            _variant(momentum=lambda b: 1),
        ),
        Mistake("multiplied by β₁", "The factor is 1 − β₁, one over the length of the buffer's memory.",
                _variant(momentum=lambda b: b)),
        Mistake(
            "divided by 1 − β₁",
            "The buffer already adds up to 1/(1 − β₁) gradients. The rate must make up for it, not do it again.",
            _variant(momentum=lambda b: 1 / (1 - b)),
        ),
        Mistake("the last step only", "One batch's γ jumps about. SWATS averages.", _last_only),
        Mistake("a plain mean", "SWATS weighs recent steps more, with β₂, as v does.", _plain_mean),
        Mistake("the root", "√(p·p) is a length; the formula has the square.",
                _variant(gamma=lambda p, g: np.sqrt(p @ p) / -(p @ g))),
    ),
    hints=(
        "The projection of −γg onto p is −γ(p·g)/(p·p)·p. Set the factor in front of p to 1.",
        "γ = p·p/(−p·g). Then average ← β₂·average + (1 − β₂)·γ.",
        "At the end divide by 1 − β₂ᵗ, with t the number of steps, and multiply by 1 − β₁.",
    ),
    explanation="""
        `adamkit.training.switching.matching_rate` is the same on torch's tensors. SWATS also decides *when* to switch:
        as soon as the corrected average and the newest γ differ by less than a small ε.
    """,
)

ARGUE = TextExercise(
    key="07-argue",
    title="both sides",
    statement="""
        A team trains a ResNet on their own 50 000 photographs, with SGD. A new colleague wants AdamW. In six to eight
        sentences, argue **for** the change, then **against** it, then say what you would do on Monday. Each argument
        needs evidence: an experiment of this notebook, or a paper.
    """,
    rubric={
        "strong": "each side has an argument with its evidence (for: a best rate that does not depend on the scale of "
                  "the loss, no divergence when it is wrong by a factor of three, tuned Adam never worse in Choi 2019, "
                  "because with a large ε it includes momentum; against: a tie on our CNN, published SGD recipes, half "
                  "of the state); the decision is an experiment with a budget on both sides, several seeds, and a rule "
                  "for stopping",
        "lean": "both sides are there, with reasons, but without evidence; or the experiment tunes one side only",
        "no": "a slogan (“Adam generalises worse”, “SGD finds flat minima”), or a verdict without a comparison",
    },
    example="""
        *For:* Adam's best rate does not depend on the scale of the loss, so it carries over better, and on digits a
        rate five times too high costs AdamW next to nothing and SGD half of the answers. Choi et al. 2019 tuned both, ε
        included, and never found Adam worse. *Against:* on our CNN with batch norm it was a tie, so there is little to
        gain; ResNet's published recipes are for SGD, and the numbers in them (rate 0.1, decay 1e-4) do not
        carry over; AdamW keeps two numbers for each weight and SGD one. *Monday:* ten runs for each, the rate
        swept by factors of three around its recipe, decay at two values, same epochs and schedule, three seeds
        for the best of each. If the difference is below the spread of the seeds, keep SGD, because it is there
        and works, and spend the week on the data.
    """,
    hints=(
        "Look at the table: the rows CNNs, tuning budget, stability and memory.",
        "What would convince you that a difference is real?",
    ),
    minutes=10,
)
