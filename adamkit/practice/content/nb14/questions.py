"""Predictions, interview box and self-check of notebook 14."""

from adamkit.practice.interviews import Interview
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="14-forgotten-one",
        question="""
            An implementation corrects m and forgets v. Another corrects v and forgets m. Defaults otherwise. Whose
            first step is further from the right one, as a factor?
        """,
        options=("the first: about 32 times too long", "the second: about 32 times too short", "they are alike"),
        answer=0,
        because="""
            Without its correction √v is 31.6 times too small, so the step is 31.6 times too long. Without m's
            correction it is 10 times too short, which is harmless: a very short warmup.
        """,
    ),
    Prediction(
        key="14-which-cure",
        question="A tiny transformer falls and then climbs. One change is allowed. Which one lowers the loss most?",
        options=("three times the warmup", "a third of the rate", "clip the gradient to norm 1"),
        answer=1,
        because="""
            It turned soon after the rate had arrived at its peak. In this run a longer warmup only delays that, and a
            clip changes the gradient's scale, which Adam divides out again.
        """,
    ),
    Prediction(
        key="14-seven-curves",
        question="Seven trainings under AdamW, six of them with a bug. Which curve belongs to the right program?",
        options=("A, the lowest at the end", "E, which falls fast and ends low", "one of B and D, which lie together",
                 "F, which ends above most", "G, which falls early and ends in the middle", "C, the highest"),
        answer=2,
        because="""
            D is right, and B decays after the step instead of before it: no curve can tell them apart. Of the two best,
            A corrects v with β₁ and E feeds it with m. Their steps are too long, and here that helps.
        """,
    ),
)

INTERVIEWS = (
    Interview(
        key="14-do-not-know",
        question="You are asked why Adam beats SGD on transformers, and you do not know. What do you say?",
        answer="""
            That it is not settled, and then what I would do to find out. I name the candidates: heavy-tailed noise,
            class imbalance, layers whose curvatures differ. For each I name the experiment that would rule it out.
            Noise: train on the full batch; the gap stays, as Kunstner and others found in 2023, so noise is not the
            main cause. Imbalance: balance the classes of a linear model and see whether the gap closes. Curvature by
            layers: give each layer of SGD a rate of its own.

            Then I say what I do in the meantime: AdamW, a sweep over its rate, and no claim about why. An interviewer
            learns more from a good experiment than from a confident sentence, and so do I.
        """,
        trap="Filling the silence with the one explanation you have read. A good interviewer knows the others.",
        follow_up="Which of these experiments could you run on a laptop?",
        follow_up_answer="The linear model with imbalanced classes: it takes seconds, and has neither noise nor depth.",
    ),
)

SELF_CHECK = Quiz(
    key="14",
    title="Three questions on answering",
    questions=(
        Question(
            "You have said that both moments are too small without correction. The interviewer waits. What is missing?",
            (
                Option("The proof of convergence", "The question was about the step, not about where it leads."),
                Option("The step, which is their ratio", "Yes: at first it is 3.16 times too large.", right=True),
                Option("The value of ε", "It is 1e-8, and beside the point."),
            ),
        ),
        Question(
            "7 billion parameters, AdamW in the usual mixed precision, before activations. How many GB?",
            (
                Option("28", "Those are the weights in float32 alone."),
                Option("56", "That is m and v. Weights, gradients and the master copy are missing."),
                Option("112", "Yes: 2 + 2 + 4 + 4 + 4 = 16 bytes for each parameter.", right=True),
            ),
        ),
        Question(
            "A run falls, then climbs. A lower rate, clipping and a new β₂ together cure it. You know …",
            (
                Option("that the rate was too high", "Perhaps. Two other changes could claim the same."),
                Option("that it is cured", "Yes, and nothing about why. One change at a time.", right=True),
                Option("that Adam was the wrong choice", "Adam was not exchanged."),
            ),
        ),
    ),
)
