"""Predictions, interview boxes and self-check of notebook 12; the predictions on patients are beside it."""

from adamkit.practice.content.nb12.patients import PATIENTS
from adamkit.practice.interviews import Interview
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    *PATIENTS,
    Prediction(
        key="12-clipping-explosion",
        question="""
            Adam without bias correction, rate 0.03: the loss explodes within a dozen steps. You clip the gradient to
            norm 1 and change nothing else. What happens?
        """,
        options=(
            "It is cured: an explosion is a large gradient, and clipping makes it short",
            "It gets worse: a shorter gradient makes √v smaller, and the steps longer",
            "It eases at most: Adam divides by the gradient's size anyway",
        ),
        answer=2,
        because="""
            It is not cured on any of three seeds. The steps are too long because m and √v are out of step with each
            other, not because the gradient is large. Warmup, a lower rate, β₂ = 0.95 and the bias correction all cure
            it.
        """,
    ),
    Prediction(
        key="12-one-batch",
        question="""
            Adam trains a digit reader for 300 steps. One batch, half-way, is garbage: noise a thousand times too
            large. Then all is sound again. How does the loss at the end compare with that of a clean run?
        """,
        options=(
            "Clearly higher: long steps at first, and short ones ever after, as v remembers the garbage",
            "The same: Adam's steps are bounded, and 150 steps are enough to recover",
            "It is NaN: one step a thousand times too long, and nothing is left",
        ),
        answer=0,
        because="""
            The garbage made one step, and a few after it, up to six or seven times as long as the others, in a useless
            direction: bounded, so nothing exploded, but the loss rises. And its g² entered v, which forgets with a
            half-life of 693 steps. Until then the steps are too short to repair that, and the loss ends at more than
            twice that of a clean run. v alone, without the long steps, makes less than two thirds of the damage.
            Clipping keeps the garbage out of both moments.
        """,
    ),
    Prediction(
        key="12-which-layers",
        question="""
            A network is fine-tuned on images that are all shifted by one pixel. To forget as little as possible: which
            layers should have the *smaller* rate?
        """,
        options=(
            "Those near the input, as layer-wise rate decay has it",
            "Those near the output",
            "It makes no difference",
        ),
        answer=1,
        because="""
            The input has changed, so the first layer is the one that must move. The usual layer-wise decay holds it
            back and forces the later layers to make up for it; here it forgets *more* than one rate for all. With new
            labels on old inputs it is the other way round. Inputs can also change without any news for the first
            layer, such as texts on another subject; the rule was made there, and helped.
        """,
    ),
)

INTERVIEWS = (
    Interview(
        key="12-flat-loss",
        question="A transformer's loss is flat after 10 000 steps under default Adam. What do you do?",
        answer="""
            I look before I change anything. Did it fall first, and to which level? The level of letter or token
            frequencies says that the network ignores its input. Then the data: one batch, decoded, by eye. Then I try
            to overfit a single batch: if that fails, the code is wrong, not the optimizer.

            Then the dashboard. Update ratios near zero: the rate never left the ground, or layers are frozen or left
            out. An update ratio near one in the first step: the start overwrote a layer, which happens to post-LN
            without warmup. A jitter about a level that falls when I lower the rate: decay.

            Only then do I touch settings, one at a time: lower rate, warmup, decay. I say beforehand what each should
            change on the dashboard.
        """,
        trap="""
            Listing remedies. "Warmup, clipping, lower β₂" cures some of these and does nothing for the others; on our
            stuck transformer clipping and β₂ do nothing, and warmup and a lower rate cure it.
        """,
        follow_up="And why do people finish with SGD?",
        follow_up_answer="""
            Some do, in vision, because a tuned SGD sometimes generalises a little better. It is no remedy for a loss
            that is flat: a network that has stopped reading its input sends next to no gradient back to the layers
            that read it, and SGD moves in proportion.
        """,
    ),
    Interview(
        key="12-falls-then-climbs",
        question="The loss falls during warmup, then climbs slowly after it, and stays up. What is wrong?",
        answer="""
            My first suspect is the peak rate. During warmup the rate was still bearable, so it learned. When the rate
            arrived at its height, the weights began to be thrown about faster than they could settle.

            I would check that the climb stays with the step and does not move with the data, then divide the peak by
            three. In the runs of this notebook that is the one treatment that cured it on every seed. A longer warmup
            put the climb off. Clipping did not touch it, because Adam's steps do not depend on the gradient's length.
            A lower β₂ helped a little. A cosine to zero brought the loss down in the end, on each seed to a worse place
            than the lower rate. On a large model I would also ask what grew before the climb: attention's logits, the
            output's, norms. Notebook 14 has that list, with a measurement for each.
        """,
        trap="""
            "Lengthen the warmup", without asking what happens when the rate arrives. It arrives all the same. Whether
            the network then bears it has to be tested: two lengths, equally many steps at the peak.
        """,
        follow_up="How would you tell it from overfitting?",
        follow_up_answer="""
            It is the training loss that climbs. In overfitting the training loss goes on falling.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="12",
    title="Three questions on diagnosis",
    questions=(
        Question(
            "The loss has a spike every 500 steps, always of the same height. What first?",
            (
                Option(
                    "Clip the gradient, so that it does less harm",
                    "The spike is in the loss, before any gradient. The batch is still wrong.",
                ),
                Option(
                    "Count the batches of an epoch",
                    "Yes: data first. If there are 500, look at the one that comes at the spike.",
                    right=True,
                ),
                Option(
                    "Lower β₂, so that v forgets it sooner",
                    "v would forget the spike, and meet it again an epoch later.",
                ),
            ),
        ),
        Question(
            "Why can clipping help Adam, whose step does not depend on the scale of the gradient?",
            (
                Option(
                    "It keeps a spike out of m and v: a few long steps are spared, and hundreds of short ones",
                    "Yes. Both do harm: in our controls neither alone makes all of the damage.",
                    right=True,
                ),
                Option(
                    "It cannot: it helps SGD, whose step grows with the gradient",
                    "A constant factor cancels. A single spike does not: m has forgotten it long before v has.",
                ),
                Option(
                    "It shortens every step, so that the run is calmer",
                    "A shorter gradient shortens m and √v alike, and the step stays.",
                ),
            ),
        ),
        Question(
            "The training loss falls smoothly to zero, the validation loss rises. Which change is the least likely to "
            "help?",
            (
                Option("More data", "That is the fullest cure there is."),
                Option("Weight decay", "It took off between two fifths and three fifths of our validation loss."),
                Option(
                    "Another β₂",
                    "Yes. The optimizer does what it was asked to do, with β₂ = 0.95 as with 0.999.",
                    right=True,
                ),
            ),
        ),
    ),
)
