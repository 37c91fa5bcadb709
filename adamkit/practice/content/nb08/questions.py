"""Predictions and self-check of notebook 08; the interview boxes are beside it."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
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
        key="08-whose-lead",
        question="""
            In NAdam's steps the average has the weight μ, about β₁/2 in these runs and not β₁; and they look ahead.
            Two controls: NAdam with μ at 0.9, and plain Adam with β₁ = 0.5. Both choose their rate as NAdam did. Which
            of them keeps NAdam's lead over Adam?
        """,
        options=(
            "NAdam with 0.9: the look-ahead is what helps",
            "Adam with 0.5: the weight on today's gradient is what helps",
            "Neither: it takes both",
            "Both: each is enough",
        ),
        answer=1,
        because="""
            Adam with β₁ = 0.5, which knows no look-ahead. NAdam with μ at 0.9 falls back to Adam, within three
            standard errors. On this task a smaller momentum does at least as much as NAdam, which brought one along.
            How much of the lead over Adam is the luck of Adam's rate, the third control says: a good part.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="08",
    title="Three questions on variants of a line",
    questions=(
        Question(
            "Two optimizers, the same five seeds. Their mean losses differ by less than the spread between seeds, and "
            "yet the second ends lower with each of the five. What do you conclude?",
            (
                Option("Nothing: the difference is smaller than the spread",
                       "The spread between seeds is common to both and drops out of the pairs."),
                Option(
                    "The second has a small lead; compare the mean of the five differences with its standard error",
                    "Yes. And then ask what else differed: its rate may simply lie better.",
                    right=True,
                ),
                Option("The second is better, and its new rule is the reason",
                       "A lead has a cause, but pairs do not tell which. Give the first what the second got: its "
                       "neighbouring rate, its momentum, its warmup."),
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
