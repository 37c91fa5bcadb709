"""Predictions and self-check of notebook 08; the interview boxes are beside it."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="08-how-many",
        question="""
            Thirteen other optimizers against Adam, on three small tasks. Everyone may try nine learning rates; the best
            is then run again with fresh seeds. How many of the thirteen beat Adam clearly on *all three* tasks?
        """,
        options=("None", "Two or three", "About half", "Most: they were published because they are better"),
        answer=0,
        because="""
            None, if "clearly" asks for three standard errors in pairs. Several are clearly better on two of the
            three; on the third they are worse, or have nothing to do. RAdam comes nearest: ahead in all fifteen
            pairs, and not clearly on the third task. Larger studies find the same, once the baseline is tuned as
            carefully as the newcomer.
        """,
    ),
    Prediction(
        key="08-half-life",
        question="""
            A problem on [−1, 1]: slope 101 at every 101st step, slope −1 at all others. The sum over a period is +1, so
            the best point is −1. Adam with β₁ = 0.9 gets a thousand periods, at the rate 5/√t. With which β₂ does it
            end near −1?
        """,
        options=(
            "With none of them: it takes AMSGrad",
            "With 0.99 and more: v then looks back on a period",
            "With 0.9999, but not with the default 0.999",
            "With all of them, 0.5 included",
        ),
        answer=2,
        because="""
            At 0.999 v looks back on ten periods, and Adam still ends at +1. The problem is nearly a tie: in a period
            the large slope counts 101 and the small ones 100. √v falls by 5% between two large slopes, so the small
            steps grow, by half of that on average, and that outweighs the one percent. At 0.9999 √v falls by half a
            percent, and the large slope wins.
        """,
    ),
    Prediction(
        key="08-zeros",
        question="""
            A v goes into bytes; its coordinates have log-normal scales, a standard deviation of 1.5 in the logarithm.
            The table has 256 evenly spaced values from 0 to 1, with one scale for 256 numbers. Which share of the
            numbers becomes exactly 0?
        """,
        options=("Under 1%", "About 7%", "About a quarter", "About 80%"),
        answer=3,
        because="""
            About 80%. v is a square, so its sizes span twice as many decades as the gradients'. Everything below a
            five-hundredth of the block's largest number rounds to 0, and 0 stands in Adam's divisor.
        """,
    ),
    Prediction(
        key="08-memory",
        question="""
            Weights, gradients and Adam's two moments, all in 32 bits. You switch to 8-bit Adam, which stores 2.03 bytes
            of state a parameter. By what percentage do the three together shrink? (Activations left out.)
        """,
        answer=37.3,
        unit="%",
        within=0.06,
        because="""
            4 + 4 + 8 = 16 bytes become 4 + 4 + 2.03 = 10.03: 37% less. The state alone shrinks by 75%, which is the
            number that gets quoted.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="08",
    title="Three questions on the variants",
    questions=(
        Question(
            "A paper reports that its optimizer reaches AdamW's loss in half of the steps. Which question first?",
            (
                Option("Is the code public?", "Useful, but it says nothing about the comparison."),
                Option(
                    "How many rates did AdamW try, and how many the newcomer?",
                    "Yes. In the section on RAdam one decade of the rate changes Adam's training loss tenfold, more "
                    "than the optimizer changes any loss of our table.",
                    right=True,
                ),
                Option("Does it have a convergence proof?",
                       "Adam's has a mistake that nobody reported for three years, and Adam worked."),
            ),
        ),
        Question(
            "RAdam with β₂ = 0.999, and Adam with a linear warmup over 2000 steps. What is the relation?",
            (
                Option(
                    "Little: RAdam measures the variance of the gradients and shortens a step when it is large",
                    "Its formula has t and β₂ in it, and no gradient.",
                ),
                Option(
                    "Both scale Adam's step by a factor of t that climbs to 1, over about as many steps",
                    "Yes: r_t and t/2000. RAdam's first five steps are the exception: they are not divided by √v̂.",
                    right=True,
                ),
                Option(
                    "They are the same method: from the first step on the factor is the same ramp",
                    "Alike, not the same: at step 500 it is 0.48 against 0.25. And RAdam's first five steps are not "
                    "Adam's at all.",
                ),
            ),
        ),
        Question(
            "LAMB at η = 0.01. By how much does a layer's weight matrix change in one step?",
            (
                Option("By 1% of its norm, whatever its gradient", "Yes. The trust ratio cancels both.", right=True),
                Option("By 0.01 in every coordinate", "That would be Lion, or Adam's first step."),
                Option("It depends on the gradient's norm", "The direction does; the length does not."),
            ),
        ),
    ),
)
