"""Predictions, interview boxes and self-check of notebook 07."""

from adamkit.practice.interviews import Interview
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="07-cnn",
        question="""
            A small CNN with batch norm reads digits. SGD with Nesterov momentum and AdamW each get eight rates and
            three seeds, and we keep the best rate of each. How do the test accuracies compare?
        """,
        options=(
            "SGD is ahead: adaptive methods generalise worse on images",
            "AdamW is ahead: it adapts",
            "A tie: the difference is no larger than that between two seeds",
        ),
        answer=2,
        because="""
            A tie. Both come to 99.0% on average, and the seeds differ by more than the optimizers do. That SGD is
            better *for images* is a statement about published recipes, most of which were tuned for SGD for years.
        """,
    ),
    Prediction(
        key="07-zipf",
        question="""
            256 classes, the k-th with 1/k as many rows as the first, as with words. A linear softmax learns them by
            heart, on full batches. SGD with momentum 0.9 at its best rate ends with twice the loss of Adam, and is
            furthest behind on the rare classes. Which single change brings it closest to Adam?
        """,
        options=(
            "A rate twice as high: the rare classes need longer steps",
            "Momentum 0.99 in place of 0.9, its rate tuned again",
            "Neither: nothing helps that does not divide by the size of the gradient, as Adam does",
        ),
        answer=1,
        because="""
            Momentum 0.99: it closes nine tenths of the gap. A class with few rows has a small gradient, and SGD moves
            in proportion to it. Adam divides the size away; a long memory adds it up, for without noise it is steady.
            A rate that would suit the rare classes at momentum 0.9 makes the frequent ones unstable.
        """,
    ),
    Prediction(
        key="07-switch",
        question="""
            Adam trains at 0.003. Its steps are about 0.06 long, the gradients 1.7, and cos α is about 0.27. After 100
            steps SGD with momentum 0.9 takes over, for 200 more. Which rate should it have?
        """,
        options=("0.003, the same", "About 0.013, four times as much", "About 0.13, forty times as much",
                 "About 0.0008, a quarter of it"),
        answer=1,
        because="""
            γ = 0.06/(1.7 · 0.27) = 0.13, and momentum adds up ten such steps, so a tenth of it: 0.013. Averaged over
            all hundred steps it comes out at four to seven times Adam's rate here. 0.13 forgets the momentum and wrecks
            the run; 0.003 takes a length for a factor, and crawls.
        """,
    ),
)

INTERVIEWS = (
    Interview(
        key="07-adam-or-sgd",
        question="When would you choose SGD over Adam?",
        answer="""
            When a good recipe for it exists that I can take over whole: ResNets on images are the usual case. And when
            memory is short: momentum keeps one number a parameter, Adam two.

            Otherwise I start with AdamW. For transformers tuned SGD stays behind it in most published comparisons, by
            less when its gradient is clipped, and nobody has settled why. Heavy-tailed classes are one candidate: on a
            linear model with Zipf's frequencies momentum 0.9 leaves the rare classes far behind, although a momentum of
            0.99 closes most of the gap. For small CNNs, with both rates tuned, I would expect a tie. What Adam buys is
            a rate that does not depend on the scale of the loss, and often a softer fall when the rate is too high.

            If it matters, I tune both with the same budget, and I compare over seeds.
        """,
        trap="""
            "SGD generalises better", or the opposite, "Choi et al. (2019) proved that Adam does". Their argument is
            inclusion: with a large ε, and the rate scaled with it, Adam *becomes* momentum, so a search that includes ε
            cannot find it worse. That refutes the slogan, and says nothing for *adaptive* steps: the tuned Adam may
            have become SGD.
        """,
        follow_up="Why is SGD so bad on transformers?",
        follow_up_answer="""
            Open. Noise is not the whole reason: the gap stays with full batches (Kunstner et al. 2023). Rare classes
            are slow under SGD (Kunstner et al. 2024); blocks of the Hessian differ in scale (Zhang et al. 2024). And at
            a small batch a tuned SGD with momentum is reported to come close (Srećković et al. 2025).
        """,
    ),
    Interview(
        key="07-flat-minima",
        question="SGD is said to find flatter minima than Adam. Is that why it generalises better?",
        answer="""
            Both halves are doubtful. There is an argument for the first: SGD leaves sharp minima more easily (Zhou et
            al. 2020). But the rate matters as much as the optimizer. I have seen a small CNN measured at a matched
            training loss: the ranges of the two overlapped, and five times the rate alone made SGD's minimum about
            three times flatter.

            And sharpness is not a property of the function. Scale a layer up and the next one down: same function,
            other Hessian (Dinh et al. 2017). So a sharpness needs a parametrisation, and a training loss, beside it.
        """,
        trap="""
            Citing Keskar et al. (2017), which is about *batch size*: large batches ended in sharper minima.
        """,
        follow_up="How do you measure sharpness without forming the Hessian?",
        follow_up_answer="""
            Power iteration with Hessian-vector products: the gradient of ⟨∇L, v⟩. Each costs about two more backward
            passes.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="07",
    title="Three questions on Adam or SGD",
    questions=(
        Question(
            "A paper compares Adam at its default rate with SGD at a tuned one, and SGD wins. What have you learned?",
            (
                Option(
                    "SGD is the better optimizer, on this task at least",
                    "It had a search and Adam had none. With one of its own Adam might be ahead.",
                ),
                Option(
                    "Little: one side was searched for, the other was not",
                    "Yes. A comparison of optimizers is a comparison of two searches, and the size of the search space "
                    "decides rankings (Choi et al. 2019).",
                    right=True,
                ),
                Option(
                    "Adam needs no tuning, since it came close at its default",
                    "It was not tuned; that is not the same. How far it gets with a search nobody has seen.",
                ),
            ),
        ),
        Question(
            "Two minima have the largest Hessian eigenvalues 13 and 400. Which network is better?",
            (
                Option("The flatter one, with 13", "They may be the very same function, with two layers rescaled."),
                Option("The sharper one, with 400", "The number says as little in this direction as in the other."),
                Option(
                    "That cannot be said from these numbers",
                    "Yes. In this notebook two such numbers belonged to one and the same function.",
                    right=True,
                ),
            ),
        ),
        Question(
            "On which of these did tuned SGD stay clearly behind Adam in this notebook?",
            (
                Option("The CNN on digits, and the rare words alone", "Both were ties, once SGD's rate was tuned."),
                Option(
                    "The LSTM on text, and the CNN on sequences",
                    "On the LSTM's text SGD with momentum ended a little lower; on the CNN the seeds overlap.",
                ),
                Option(
                    "The transformer on text, and the LSTM on short sequences",
                    "Yes, on both in every seed. On the long tail of classes it depends on the momentum: 0.9 stays far "
                    "behind, 0.99 closes nine tenths of the gap.",
                    right=True,
                ),
            ),
        ),
    ),
)
