"""Two predictions and the self-check of notebook 00."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key=("00-state"),
        question=(
            "A model has 1 billion 32-bit parameters: 4 GB. How many GB does Adam keep beside parameters and gradients?"
        ),
        answer=8,
        unit="GB",
        because="Two running averages for each parameter, m and v, of 4 bytes each: 8 GB, twice the model.",
    ),
    Prediction(
        key="00-same-rate",
        question="""
            The gradient of one weight is 1000, that of another 0.001, and each keeps its sign. Adam, rate
            0.01. After 10 steps, which weight has moved further?
        """,
        options=(
            "the first, a million times further",
            "the first, about a thousand times further",
            "both have moved equally far",
        ),
        answer=2,
        because="""
            Adam divides by the recent size of the gradient. Each weight moves 0.01 a step in its own
            direction: 0.1 after ten steps. Plain SGD would have moved the first a million times further.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="00",
    title="Self-check: ready to start",
    questions=(
        Question(
            "What does Adam keep for each parameter?",
            (
                Option("a running average of the gradient", "That is momentum, half of Adam."),
                Option(
                    "running averages of the gradient and of its square", "m and v; a step is about m/√v.", right=True
                ),
                Option(
                    "the sum of the squares of all gradients so far",
                    "That is AdaGrad. Adam averages, and forgets; and it averages the gradient itself as well.",
                ),
            ),
        ),
        Question(
            "In the race on the ravine RMSprop arrived at step 8, Adam at step 124. What may you conclude?",
            (
                Option(
                    "RMSprop suits ravines better than Adam",
                    "With Adam's correction, and a search over the same rates, it needs more than forty steps here. "
                    "And a ravine along the axes, without noise, is one surface.",
                ),
                Option(
                    "that its first steps, up to 32 times η and soon shorter, suit this surface at this rate",
                    "They come from a missing correction. Whether they are welcome elsewhere is another question.",
                    right=True,
                ),
                Option(
                    "Adam's rate was badly tuned",
                    "It was the best of the same 61 rates. Its first step is η long, whatever the slope.",
                ),
            ),
        ),
        Question(
            "A loss is flat from the first step on. What do you look at first?",
            (
                Option(
                    "data, labels, and whether gradients arrive",
                    "Cheap to check, and often the cause. Then the rate.",
                    right=True,
                ),
                Option(
                    "whether another optimizer gets it to move",
                    "If the gradient is zero or the labels are shuffled, none will help.",
                ),
                Option("a larger β₂", "It lengthens a memory. A weight that gets no signal stays where it is."),
            ),
        ),
    ),
)
