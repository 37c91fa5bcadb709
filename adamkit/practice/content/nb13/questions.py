"""Predictions and self-check of notebook 13."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="13-grid",
        question="""
            Section 6.4 trains with and without bias correction, for β₂ = 0.99, 0.999 and 0.9999 and many rates. On a
            small network, for 200 steps at a constant rate, with the rate chosen best for each: what does leaving the
            correction out cost?
        """,
        options=(
            "nothing: the best rate moves, the best loss is no worse",
            "a little: at each β₂ the best loss about doubles",
            "everything: at β₂ = 0.9999 no rate trains at all",
        ),
        answer=0,
        because="""
            Without correction, early steps are too long by a factor that depends on β₂ and t. A lower rate takes the
            factor back, and what is left, long steps that become shorter, acts like a decaying schedule. The price is
            another one: the good rate now depends on β₂. What is best at 0.99, η = 0.01, blows up at 0.9999. And where
            the rate falls already, as in section 6.1, the hidden schedule costs.
        """,
    ),
    Prediction(
        key="13-defaults",
        question="""
            "Reddi and his coauthors proved that Adam diverges." Their best known problem has slopes 3, −1, −1,
            repeated, on [−1, 1]. Where does Adam end with its default β₁ = 0.9, β₂ = 0.999?
        """,
        options=("at +1, the worst point", "near 0, undecided", "at −1, the best point"),
        answer=2,
        because="""
            With β₂ = 0.999 the average v̂ hardly moves in three steps, so the large slope keeps its weight. The
            counterexample is built after β₁ and β₂ are known; this one is for β₁ = 0 and β₂ = 0.1.
        """,
    ),
    Prediction(
        key="13-test-accuracy",
        question="""
            Softmax regression on the digits, 300 steps, the rate of each method tuned for the *training* loss: Adam
            reaches about a fifth of RMSprop's training loss. Who reads more of the test digits?
        """,
        options=("Adam, by five percent", "neither, to within two percent", "RMSprop, by five percent"),
        answer=1,
        because="""
            The figures of section 6 show training costs. Below a certain training loss no more test rows are got right.
            The test *loss* even grows, since the model becomes sure of its mistakes as well.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="13",
    title="Self-check: the paper",
    questions=(
        Question(
            "Which step of the convergence proof fails?",
            (
                Option(
                    "bounding a loss by its tangent, though the losses need not be smooth",
                    "That line is sound: a convex function lies above its tangents. Reddi's losses are even linear.",
                ),
                Option(
                    "replacing a distance by its bound, in front of a bracket of unknown sign",
                    "A larger distance makes the sum larger only where the bracket is positive; Adam's v̂ forgets, so "
                    "some are not.",
                    right=True,
                ),
                Option(
                    "dividing v by 1 − β₂ᵗ, which makes the first brackets too large",
                    "The brackets are negative with the correction and without it.",
                ),
            ),
        ),
        Question(
            "Section 5 of the paper calls AdaGrad a special case of Adam. With which settings?",
            (
                Option("β₁ = 0, β₂ → 1, rate α/√t", "Then t·v̂ is the sum of squares, and √t cancels.", right=True),
                Option("β₁ = 0, β₂ = 0", "That is the sign of the gradient: v̂ = g² of this step alone."),
                Option("β₁ = 0, β₂ → 1, constant rate", "Then the steps do not shrink; the rate α/√t is needed."),
            ),
        ),
        Question(
            "A new optimizer reports half of AdamW's steps. What do you ask first?",
            (
                Option("How many parameters has its largest model?", "A good question, and the second one."),
                Option("How was AdamW tuned?", "With an untuned baseline most of such a gain can vanish.", right=True),
                Option("Does it have a convergence proof?", "Adam's first one was wrong, and Adam works."),
            ),
        ),
    ),
)
