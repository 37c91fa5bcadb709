"""Predictions and self-check of notebook 05."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="05-which-shrinks",
        question="""
            Two weights start at 1. Their gradients are pure noise; those of one are 1000 times larger. Adam with L2
            in the loss trains them for 5000 steps (η = 0.001, λ = 0.1). Which weight does the penalty shrink more?
        """,
        options=(
            "both alike: λ is the same",
            "the one with the large gradients",
            "the one with the small gradients",
        ),
        answer=2,
        because="""
            The pull λθ joins the gradient and is divided by √v̂, the size of that weight's gradients. A large size
            makes the pull vanish. AdamW's pull is not divided by anything, and both weights shrink alike.
        """,
    ),
    Prediction(
        key="05-cosine",
        question="""
            torch's AdamW with η = 1e-3 and λ = 1 for 1000 steps at a constant rate shrinks a weight without
            gradient to 0.37. Now the rate follows a cosine from η to zero over the same steps. It shrinks to …
        """,
        answer=0.607,
        within=0.05,
        because="""
            Each step shrinks by 1 − η_tλ, so the total is exp(−λ·Ση_t). A cosine to zero halves the sum of the
            rates, and exp(−½) = 0.61. The schedule of the rate is a schedule of the decay as well.
        """,
    ),
    Prediction(
        key="05-balance",
        question="""
            Weights that see nothing but noise have settled under AdamW (η = 0.01, λ = 1). You resume with a tenth of
            the rate, the same λ, and wait. The size of the weights …
        """,
        options=(
            "stays: η has cancelled, and λ says where the balance is",
            "shrinks by √10, to √(η/2λ) at the new rate",
            "grows: the decay ηλ is ten times weaker",
        ),
        answer=1,
        because="""
            A step of size η in random directions adds η² to the mean square; decay takes 2ηλ times the mean square
            away. They balance at η/(2λ), and the root of that shrinks by √10. The rate cancels only where the gradient
            keeps its sign.
        """,
    ),
    Prediction(
        key="05-plain-digits",
        question="""
            The plain digits, all pixels on one scale, and a small network. You tune η and λ for Adam + L2 and for
            AdamW. The better of the two has a test loss that is lower by …
        """,
        options=("less than an eighth", "about a quarter", "more than half"),
        answer=0,
        because="""
            With inputs of one scale the gradients of the weights differ little, so dividing the decay by √v̂ is much
            the same as a change of λ, and λ has been tuned. A sweep absorbs nearly all of the difference.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="05",
    title="Self-check: AdamW",
    questions=(
        Question(
            "In torch's AdamW you raise the learning rate tenfold and leave `weight_decay` alone. A weight without "
            "gradient now shrinks …",
            (
                Option(
                    "at the same pace: that is what decoupled means",
                    "Decoupled from √v̂, yes. From η, no: torch multiplies λ by the rate.",
                ),
                Option(
                    "ten times faster",
                    "Each step multiplies by 1 − ηλ. To keep the pace, divide λ by ten.",
                    right=True,
                ),
                Option("more slowly", "The factor is 1 − ηλ; a larger η makes it smaller."),
            ),
        ),
        Question(
            "A weight's gradients, far above λθ and only noise, become 100 times larger. The pull of the decay on it …",
            (
                Option(
                    "is 100 times weaker under Adam + L2 alone",
                    "Under L2 the pull is ηλθ/√v̂, and √v̂ has grown by 100. AdamW's pull, ηλθ, has no √v̂ in it.",
                    right=True,
                ),
                Option(
                    "is 100 times weaker under both rules",
                    "AdamW takes ηλθ from the weight directly, before √v̂ enters.",
                ),
                Option(
                    "is unchanged under both: Adam does not see scale",
                    "Adam's *step* does not see a common scale. But the ratio of λθ to the gradient does change.",
                ),
            ),
        ),
        Question(
            "Why are the scale and shift of a layer norm usually spared from decay?",
            (
                Option(
                    "Decay cannot act on vectors",
                    "It can, and does, unless you say otherwise: torch decays all that it is given.",
                ),
                Option(
                    "Norms undo any scale, so decay on them does nothing",
                    "A norm undoes the scale of the weights *before* it. Its own scale multiplies what comes out, and "
                    "decay shrinks it.",
                ),
                Option(
                    "Their natural value is not zero, and they are few",
                    "A scale belongs near 1; pulling it to 0 fights the layer's purpose, and there is little capacity "
                    "in a few hundred numbers to regularise.",
                    right=True,
                ),
            ),
        ),
    ),
)
