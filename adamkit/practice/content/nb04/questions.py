"""Predictions and self-check of notebook 04."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="04-which-knob",
        question="""
            A network on digits, trained by Adam at a good rate. One of the four numbers is moved by a factor
            of ten, in the worse direction. Which one hurts most?
        """,
        options=("η, the learning rate", "1 − β₁", "1 − β₂", "ε"),
        answer=0,
        because="""
            Moved by ten in its worse direction, η more than doubles this network's loss; ten times the memory of m
            costs about half more, and at a lower η next to nothing; β₂ and ε cost next to nothing. How narrow the
            valleys are depends on the task.
        """,
    ),
    Prediction(
        key="04-first-step",
        question="""
            Both averages start at zero (β₁ = 0.9, β₂ = 0.999), and nothing is done about it. The gradient is steady, so
            a step should be η long. The **first step**, η·m/√v, is …
        """,
        options=("about ten times too small", "about right: the two errors cancel", "about three times too large"),
        answer=2,
        because="""
            m is 10 times too small, but √v is √1000 ≈ 31.6 times too small, and the step is their ratio:
            0.1·√1000 ≈ 3.16 times too large. Most answers stop at m.
        """,
    ),
    Prediction(
        key="04-peak",
        question="Still without corrections: when is the step **most** too large?",
        options=("at the first step", "at about step 12", "at about step 1000"),
        answer=1,
        because="""
            m recovers within tens of steps, √v within thousands. While m grows faster than √v the ratio
            climbs: to 6.57 at t = 12. At t = 1000 it is still 1.26.
        """,
    ),
    Prediction(
        key="04-scaled-loss",
        question="The loss is multiplied by 1000 and nothing else changes. What does Adam's path do?",
        options=(
            "each step is 1000 times longer",
            "each step is about 32 times longer",
            "almost nothing: only ε notices",
            "each step is 1000 times shorter",
        ),
        answer=2,
        because="""
            m̂ grows by 1000, √v̂ too, and they cancel. What remains is ε, which was added to √v̂ and is now
            relatively 1000 times smaller: invisible unless the gradients are near 1e-8.
        """,
    ),
    Prediction(
        key="04-tiny-gradient",
        question=(
            "The very first gradient of a weight is 1e-6. With η = 0.001 and ε = 1e-8, how long is the first step?"
        ),
        answer=1e-3 / 1.01,
        because="""
            m̂ = g and √v̂ = |g|, so the step is η·|g|/(|g| + ε) = 0.001·1/1.01 ≈ 0.00099: almost the whole
            learning rate, though the gradient is a millionth. It takes a gradient as small as ε itself to
            halve the step.
        """,
    ),
    Prediction(
        key="04-noise-walk",
        question="""
            A weight's gradient is pure noise. Each of Adam's steps is about 0.23 η long. How far from its start is it
            after 1000 steps, typically?
        """,
        options=("about 7 η, which is 0.23 η·√1000", "about 32 η, which is η·√1000", "about 230 η"),
        answer=1,
        because="""
            Steps that follow each other share most of m, so they are not independent: ten of them lean the same way.
            Each gradient enters with weights that add up to one, spread over the steps after it, so the walk is as
            long as that of independent steps of a full η.
        """,
    ),
    Prediction(
        key="04-when-corrected",
        question="After how many steps does v, with β₂ = 0.999, hold 99% of its weight, so that 1 − β₂ᵗ ≥ 0.99?",
        answer=4603,
        unit="steps",
        because="""
            0.999ᵗ ≤ 0.01 from t = ln 0.01/ln 0.999 on, which is 4603 steps. For m, with 0.9, it is 44. The
            rule of thumb 1/(1 − β₂) = 1000 steps gives only 63% of the weight.
        """,
    ),
    Prediction(
        key="04-largest-step",
        question="You may choose the gradients. How long can you make a single Adam step, with the default betas?",
        options=(
            "one learning rate, never more",
            "3.16 learning rates",
            "a little over 7 learning rates",
            "as long as you like",
        ),
        answer=2,
        because="""
            One spike after a long silence gives 3.16 learning rates, the paper's bound. Gradients that grow by
            β₂/β₁ = 1.11 a step do better: the step approaches 7.27 learning rates, and no sequence passes that.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="04",
    title=("Self-check: Adam"),
    questions=(
        Question(
            "You run Adam with β₂ = 0.95, as large language models often do, and without bias correction. "
            "Compared with real Adam's, the first step is …",
            (
                Option(
                    "more than three times too large",
                    "That is the number for β₂ = 0.999. The ratio (1 − β₁)/√(1 − β₂) depends on both betas.",
                ),
                Option("exactly right", "That happens at β₂ = 0.99, where √(1 − β₂) = 0.1 = 1 − β₁."),
                Option(
                    "less than half as long",
                    "0.1/√0.05 = 0.45. Here the opposite of the usual case holds: √(1 − β₂) > 1 − β₁.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Two weights: the gradients of one are always +1, those of the other +1 and −1 in turn. After many steps …",
            (
                Option(
                    "both move at the same pace, because |g| is the same for both",
                    "√v̂ is the same, 1. But m̂ is 1 for the first and about 0.05 for the second.",
                ),
                Option(
                    "the first moves by η a step, the second hardly moves",
                    "m̂/√v̂ is 1 where gradients agree; where they alternate it is (1 − β₁)/(1 + β₁) = 0.05. "
                    "It reads as signal over noise.",
                    right=True,
                ),
                Option(
                    "the second moves faster: its v is larger",
                    "v averages g², which is 1 for both; and a larger v would slow it.",
                ),
            ),
        ),
        Question(
            "In which case does Adam's ε = 1e-8 change the steps noticeably?",
            (
                Option(
                    "when the loss is multiplied by 1000 and η is kept",
                    "Then √v̂ grows by 1000 too, and ε matters even less.",
                ),
                Option(
                    "when √v̂ of a weight is itself about 1e-8",
                    "Then √v̂ + ε is about twice √v̂, and the step is halved. Below that Adam becomes scaled momentum.",
                    right=True,
                ),
                Option(
                    "never: it only avoids 0/0",
                    "It is a floor: under it steps shrink with the gradient, as in momentum.",
                ),
            ),
        ),
    ),
)
