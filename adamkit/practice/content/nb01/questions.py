"""Predictions, interview boxes and self-check of notebook 01."""

from adamkit.practice.interviews import Interview
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="01-rare-feature",
        question="""
            A logistic regression has a weight whose feature is on in every row, and one whose feature is on in
            1% of the rows. Plain SGD has brought the common weight to 95% of its final value. Where is the
            rare one?
        """,
        options=("also near 95%", "at about half", "below a tenth"),
        answer=2,
        because="""
            At about two percent. In 99 of 100 rows the rare weight's gradient is exactly zero, so on average it is
            about a hundred times smaller, and the step is η times the gradient. In other words: the loss is a ravine
            with κ = 100, and its floor is the rare weight's axis.
        """,
    ),
    Prediction(
        key="01-too-large",
        question="""
            Gradient descent on a parabola, begun at distance 1 from the minimum, with a learning rate 5%
            **above** the stability limit 2/λ. Where is it after 100 steps?
        """,
        options=("about 5% further out", "about 150 times further out", "about 14 000 times further out"),
        answer=2,
        because="""
            Each step multiplies the distance by 1 − ηλ = 1 − 2.1 = −1.1. After 100 steps that is 1.1¹⁰⁰ ≈
            13 800. The edge of stability is sharp: 5% below it the factor is 0.9, and the distance shrinks
            to 3·10⁻⁵.
        """,
    ),
    Prediction(
        key="01-ravine",
        question="""
            A ravine becomes 100 times more elongated: κ goes from 10 to 1000. With the best learning rate
            for each, how many times more steps does gradient descent need for the same gain?
        """,
        answer=100,
        unit="times as many steps",
        because="""
            The best rate leaves (κ − 1)/(κ + 1) of the distance at each step. To shrink the loss by a million, the
            distance must shrink by a thousand, which takes about 3.45·κ steps: 35 at κ = 10, 3454 at κ = 1000.
            The cost grows in proportion to κ.
        """,
    ),
    Prediction(
        key="01-edge",
        question="""
            A small network has a largest curvature λ of 1.9 before its first step. You train it with full-batch
            gradient descent at η = 0.7, below the limit 2/1.9 = 1.05. What will λ do during training?
        """,
        options=(
            "stay near 1.9: the loss falls, its shape remains",
            "fall, as training looks for flat places",
            "rise to about 2/0.7 = 2.9, and stay near it",
            "rise beyond 2.9, whereupon training diverges",
        ),
        answer=2,
        because="""
            In this network training raises the curvature as long as it is stable. Beyond 2/η it is stable no more:
            the path swings, first invisibly, then so far that the swings drive it to where the curvature is lower
            again. So λ overshoots by up to a quarter, then hovers at 2/η, and the loss goes up and down on its way
            down.
        """,
    ),
    Prediction(
        key="01-batch-noise",
        question="""
            SGD jitters around the minimum of a parabola. The batch becomes **4 times** larger, the rate
            stays. How does the *width* of the jitter (its standard deviation) change?
        """,
        options=("it becomes a quarter", "it becomes half", "it stays: the rate sets it"),
        answer=1,
        because="""
            The variance of the averaged gradient is 1/B of one sample's, and the stationary variance is
            proportional to it. A quarter of the variance is half the width. A smaller η would have helped
            as well.
        """,
    ),
    Prediction(
        key="01-saddle",
        question="""
            Gradient descent leaves a saddle along its downhill direction. You start 1000 times closer to
            the ridge: 10⁻⁷ away instead of 10⁻⁴. How much longer does the escape to distance 0.1 take?
        """,
        options=("about 1000 times longer", "about 30 times longer", "twice as long"),
        answer=2,
        because="""
            The distance grows by the same *factor* at each step, so the time is a logarithm: from 10⁻⁷ to
            0.1 it is ln 10⁶, twice the ln 10³ from 10⁻⁴. Only exactly on the ridge does it never leave, and
            noise across the ridge pushes it off.
        """,
    ),
)

INTERVIEWS = (
    Interview(
        key="01-plain-sgd",
        question="What is wrong with plain SGD? Why do we need anything else?",
        answer="""
            Three things slow it. First, noise: unless it vanishes at the minimum, as for a model that fits every row,
            a constant rate ends in a cloud, whose variance grows with the rate and falls with the batch size. The
            cures are a rate that falls, a larger batch, or an average of the weights.

            Second, uneven curvature: the most curved direction sets the limit, two over the largest eigenvalue, and
            the flat ones crawl; the number of steps grows with the condition number. Rare features are the same thing
            with the axes aligned: a feature in one percent of the rows has about one percent of the curvature.
            Momentum turns κ into √κ, whatever the directions. A rate for each parameter, as in RMSprop, can undo it
            where the axes of the ravine are the coordinates, without making the others noisier. Adam combines the two.

            Third, saddles: the gradient fades, and leaving takes a time that grows like the logarithm of one over
            the distance to the ridge. Noise caps it.
        """,
        trap="""
            Saying "SGD gets stuck in local minima". Saddles and ravines slow it; and for saddles the
            gradient noise helps. Or showing the rare feature at a rate far below the limit, and calling it a
            problem of "one rate": a higher rate or momentum speed it up as well. What they cannot do is spare the
            common features the noise meanwhile: for that the rate must fall afterwards.
        """,
        follow_up="Then why is SGD still used?",
        follow_up_answer="""
            It needs no memory, or with momentum one number for each parameter, where Adam needs two; and on
            convolutional networks with batch normalisation, tuned SGD with momentum holds its own. Both of
            torchvision's published ResNet-50 weights (76.1 and 80.9 percent) were trained with it.
        """,
    ),
    Interview(
        key="01-learning-rate",
        question="How do you find a good learning rate for gradient descent?",
        answer="""
            On a quadratic there is an answer. Along each eigenvector of the Hessian a step multiplies the
            error by one minus the rate times the eigenvalue. So it converges as long as the rate is below
            two over the largest eigenvalue, and fastest at two over the sum of the largest and the
            smallest. Note how close these are in a ravine: the best rate is just below the edge.

            On a network I can measure the largest eigenvalue by power iteration, with two backward passes for each
            product. But it moves: in many networks, under full-batch gradient descent, it rises until it meets two over
            the rate, and hovers there, while the loss goes up in many steps and down in the long run: the edge of
            stability (Cohen et al. 2021). So I raise the rate by factors of two or three until training gets worse in
            the long run, step back once, and decay it towards the end, because the noise left is proportional to it.
        """,
        trap="""
            "Oscillation may mean that the rate is too low." It does not: a low rate is slow and smooth. Nor does
            it always mean too high. A swing is a sign of ηλ between 1 and 2 in some direction, and at the best rate of
            a quadratic the most curved direction swings at every step. A *growing* swing means ηλ above 2.
        """,
        follow_up="The loss explodes at step 50, though it went down until then. Is the rate too high?",
        follow_up_answer="""
            Probably, with a delay: the unstable direction starts tiny and grows by a factor each step, so
            it takes a while to be seen. At 5% above the limit the factor is 1.1: from a thousandth to one
            in about 73 steps.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="01",
    title="Self-check: gradient descent and SGD",
    questions=(
        Question(
            "A quadratic has the eigenvalues 1 and 50. Gradient descent diverges. What is the largest rate that works?",
            (
                Option("just below 0.04", "2/λ_max = 2/50. The most curved direction decides.", right=True),
                Option("just below 2", "That is 2/λ_min. At such a rate the other direction grows 99-fold each step."),
                Option("just below 0.02", "1/λ_max is stable and leaves room: the limit is twice as high."),
            ),
        ),
        Question(
            "SGD on noisy labels, at a constant rate, has stopped improving, and its loss jitters. Which change "
            "brings the loss down further?",
            (
                Option("a larger learning rate", "The jitter's variance grows with the rate."),
                Option(
                    "a smaller learning rate, or a larger batch", "Both shrink the stationary variance.", right=True
                ),
                Option("more steps at the same rate", "The jitter is stationary: waiting does not shrink it."),
            ),
        ),
        Question(
            "A ravine is turned by 45° in the plane. What happens to plain gradient descent, from the turned "
            "starting point?",
            (
                Option(
                    "it is slower, because the axes no longer match",
                    "That is the fate of methods with one rate for each coordinate.",
                ),
                Option(
                    "nothing: the same losses at every step",
                    "Gradient and path turn along with the ravine.",
                    right=True,
                ),
                Option("its largest stable rate changes", "The eigenvalues do not change when the axes turn."),
            ),
        ),
    ),
)
