"""Predictions, interview boxes and self-check of notebook 02."""

from adamkit.practice.interviews import Interview
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

CLOUD = Prediction(
    key="02-cloud",
    question="""
        A bowl of curvature λ = 1, gradients with noise. Plain SGD at η = 0.1, and momentum with β = 0.9 that
        *averages* its gradients, at the same η: both drift downhill at the same speed. Both settle into a cloud
        around the minimum. How large is momentum's cloud, as a variance, compared with SGD's?
    """,
    options=(
        "About 10 times smaller: it averages 10 gradients",
        "About 19 times smaller: that is what the average does to the gradient's noise",
        "About the same",
        "Larger: a heavy ball overshoots",
    ),
    answer=2,
    because="""
        About the same: 0.95 of it. The average does make each *step* quieter, 20 times in variance. But it
        spreads every push of the noise over the next steps, all in the same direction, and these small moves add
        up to the whole push. What cools the cloud is a smaller η, a larger batch, or an average of the
        *positions*.
    """,
)

ALTERNATING = Prediction(
    key="02-alternating",
    question="""
        A gradient that keeps flipping its sign, +1, −1, +1, −1 …, goes through an average with β = 0.9. The
        average flips too. How large is it, once it has settled?
    """,
    options=("1", "About 0.5", "About 0.05", "Exactly 0"),
    answer=2,
    because="""
        (1−β)/(1+β) = 0.1/1.9, about 1/19. Neighbours cancel almost completely, but the newest gradient always
        weighs a little more than the one before it.
    """,
)

LARGEST_LR = Prediction(
    key="02-largest-lr",
    question="""
        Gradient descent on a bowl of curvature λ is stable up to η = 2/λ. Give it momentum, in the heavy-ball
        form b ← βb + g with β = 0.9, which amplifies a steady gradient ten times. Up to which η is it stable?
    """,
    options=(
        "0.2/λ: ten times less, because it is amplified ten times",
        "1/λ: half",
        "2/λ: the curvature alone decides",
        "3.8/λ: almost twice as much",
    ),
    answer=3,
    because="""
        2(1+β)/λ = 3.8/λ. Just at the edge the ball jumps from side to side, so the gradient *alternates*; and of an
        alternating gradient the buffer keeps only 1/(1+β), about half. It amplifies only what stays. In the equation:
        z = −1 is a root when ηλ = 2(1+β).
    """,
)

ZIGZAG = Prediction(
    key="02-zigzag",
    question="""
        Across a ravine with κ = 100, gradient descent at its best rate jumps from wall to wall, and takes 231 steps to
        get within a hundredth of its distance. You add momentum, β = 0.67, and leave η as it is. What becomes of the
        zig-zag?
    """,
    options=(
        "It lasts as long: the loop cancels what the filter does",
        "It is over in about 24 steps",
        "It is over in about 115 steps: what flips is halved",
        "It grows at first, and lasts longer",
    ),
    answer=1,
    because="""
        Gradient descent keeps 0.98 of a swing at each step, the ball √β = 0.82: 24 steps. But at another η it can be
        the other way round. While it swings, the ball's pace is √β, gradient descent's is |1 − ηλ|.
    """,
)

PREDICTIONS = (CLOUD, ALTERNATING, LARGEST_LR, ZIGZAG)

EXPLAIN = Interview(
    key="02-explain-momentum",
    question="What does momentum do, and why does it help?",
    answer="""
        It steps along a decaying sum of past gradients, b ← βb + g, instead of along the last gradient. Seen as a
        filter, a gradient that keeps its sign is amplified up to 1/(1−β), ten times at 0.9, and one that alternates
        is halved. But that is the filter alone. In training the loop is closed, and while the ball swings, every swing
        shrinks by √β a step. Near gradient descent's limit, where its zig-zag hardly shrinks, that is a gain.

        On a quadratic one can be exact. Along each eigenvector the ball is a damped oscillator, with two roots whose
        product is β. For a whole range of curvatures, (1−√β)² < ηλ < (1+√β)², they are complex, and the distance
        shrinks by √β a step whatever the curvature. The best β puts the smallest and the largest eigenvalue at the two
        ends of that range, and the rate becomes (√κ−1)/(√κ+1): of the order of √κ steps where gradient descent
        needs κ, asymptotically.
    """,
    trap="""
        "It averages out the gradient noise, so it converges closer to the minimum." At the same effective rate
        η/(1−β) and a small η, the cloud of noise around the minimum is as large as without momentum.
    """,
    follow_up="Then why does it help in deep learning, where gradients are noisy?",
    follow_up_answer="""
        Because of the walls: it allows a larger effective rate before the steep directions become unstable. Where
        noise and not curvature limits the rate, as with small batches, the gain shrinks: Wang et al. (2024) find
        that SGD with and without momentum then behave alike.
    """,
)

RAISE_BETA = Interview(
    key="02-raise-beta",
    question="You raise the momentum of torch.optim.SGD from 0.9 to 0.99, and training goes bad. What happened?",
    answer="""
        torch's buffer accumulates: b ← βb + g. A steady gradient is amplified 1/(1−β) times, and that went from 10
        to 100. So the effective rate lr/(1−β) has risen tenfold. To change β alone, divide lr by ten as well.

        Then the second effect remains: the memory is ten times longer. The ball takes about 100 steps to turn
        round instead of 10, and swings wherever the curvature is above (1−√β)²/η. If the loss rises and falls in
        slow waves, that is what you see.

        In the averaging form, m ← βm + (1−β)g, the same change leaves the effective rate alone. Adam's β₁ is of
        that kind. So the first question to a colleague is which form the code uses.
    """,
    trap="""
        "Set dampening = 0.9 and torch averages." Almost: torch's first buffer is the undamped gradient. The first
        gradient then weighs ten times too much. On a steady slope the path is shifted by that once, and stays
        shifted.
    """,
    follow_up="And Nesterov? Is `nesterov=True` just another scaling?",
    follow_up_answer="""
        No. On a curvature λ it acts like a heavy ball with the momentum β(1−ηλ): less momentum where it is steep.
        No single β does that for two curvatures at once. Its stability limit is lower, 2(1+β)/(λ(1+2β)). And it comes
        with an accelerated guarantee for every smooth convex function; the heavy ball converges there too, for small
        enough settings, but is provably not accelerated.
    """,
)

INTERVIEWS = (EXPLAIN, RAISE_BETA)

SELF_CHECK = Quiz(
    key="02",
    title="Three questions on momentum",
    questions=(
        Question(
            "You move from a library whose momentum averages, (1−β)g, to one that accumulates, g. β = 0.95. To "
            "keep the path, the learning rate must be …",
            (
                Option("multiplied by 20", "The wrong way: the accumulated buffer is already 20 times larger."),
                Option("divided by 20", "Yes: b = m/(1−β) = 20·m, so η must shrink by the same factor.", right=True),
                Option("left alone", "Then the effective rate rises 20 times."),
            ),
        ),
        Question(
            "The heavy ball with β = 0.81 oscillates in a bowl, and the oscillation dies out. You halve η; it still "
            "oscillates. How fast does it die out now?",
            (
                Option(
                    "Half as fast",
                    "So it would be for gradient descent with a small η. Here the rate is √β, whatever η is.",
                ),
                Option(
                    "As fast as before: by 0.9 a step",
                    "Yes. As long as it oscillates, the distance shrinks by √β. η only sets how fast it oscillates.",
                    right=True,
                ),
                Option("By 0.81 a step", "0.81 is the product of two roots of equal size, so each of them is 0.9."),
            ),
        ),
        Question(
            "What makes the cloud of noise around a minimum smaller, at a small η?",
            (
                Option(
                    "The average of gradients in place of the gradient, at the same η",
                    "Measured in this notebook: 0.95 of the variance at ηλ = 0.1, and nearer to 1 below that.",
                ),
                Option(
                    "A larger β in the accumulating form, at the same η",
                    "That multiplies the effective rate, and at small η the cloud grows nearly in proportion.",
                ),
                Option("A smaller effective rate η/(1−β)", "Yes. Or a larger batch.", right=True),
            ),
        ),
    ),
)
