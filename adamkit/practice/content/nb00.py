"""Notebook 00: the opening question, the pre-quiz, two predictions, a first exercise, the self-check."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.interviews import Interview
from adamkit.practice.plays import Case
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, PreQuiz, Question, Quiz
from adamkit.practice.written import WrittenAnswer

OPENING = WrittenAnswer(
    key="00-opening",
    question="""
        You train a transformer with Adam at its default settings. After 10 000 steps the loss is flat. What
        is Adam doing? Why might it stall? What would you change? And why do some people finish with SGD?
    """,
    rubric={
        "strong": """
            Asks first: flat since when, and are the data, the labels and the gradients as they should be?
            Says what a step is, η·m̂/√v̂: about η long where gradients agree, and noise where they do not,
            so that a constant η keeps the weights jittering at a floor it cannot pass. Names changes with a
            reason each: decay η (and warm it up), try a rate three times lower or higher, β₂ of 0.95 to
            0.98 for a shorter memory, AdamW for the decay, clipping against spikes; and says how to tell
            which one it was. On SGD: reported to help generalisation on some vision models, unsettled in
            general, and for transformers a decayed AdamW is the usual ending.
        """,
        "lean": """
            Writes the update correctly and proposes a schedule, but gives one cause only, or no way to tell
            causes apart; or takes "SGD generalises better" as settled.
        """,
        "no": """
            "Adam adapts the rate, so the rate does not matter"; or changes the optimizer before looking at
            the data, the gradients and the rate.
        """,
    },
)

TITLES = {
    "01": "Gradient descent and SGD",
    "02": "Momentum",
    "03": "RMSprop",
    "04": "Adam",
    "05": "AdamW",
    "06": "Warmup and schedules",
    "07": "Adam or SGD?",
    "08": "Variants",
    "09": "Training on a GPU",
    "10": "Diagnosing training",
}


def asked(notebook, text, right, why, *wrong):
    """A pre-quiz question: the right answer with its reason, wrong ones as (text, feedback), and "not sure"."""
    options = [Option(right, why, right=True), *(Option(*pair) for pair in wrong)]
    # The right answer's place varies from question to question, and is the same for every reader.
    shift = int(notebook) % len(options)
    options = options[-shift:] + options[:-shift] if shift else options
    unsure = Option("I am not sure", f"Good to know: notebook {notebook} answers it.")
    return Question(text, (*options, unsure), answered_in=notebook)


PRE_QUIZ = PreQuiz(
    key="00-pre-quiz",
    title="Ten questions: where should you start?",
    titles=TITLES,
    all_right="You know the ground. Start with **11 The paper**, or go straight to the mock interview in **12**.",
    questions=(
        asked(
            "01",
            "Gradient descent on a quadratic whose largest eigenvalue is 10: which rate is the largest that is stable?",
            "just below 0.2",
            "2/λ_max: along that eigenvector a step multiplies the error by 1 − ηλ.",
            ("just below 0.1", "1/λ_max is stable, and the limit is twice as high."),
            ("just below 20", "That is 2·λ_max: the curvature belongs below the line."),
        ),
        asked(
            "02",
            "torch's SGD with momentum 0.9, and a gradient g that stays the same: how long do its steps become?",
            "10·η·g",
            "The buffer sums: g(1 + 0.9 + 0.81 + …) = g/(1 − 0.9).",
            ("η·g", "That is so for momentum as an average; torch's buffer accumulates."),
            ("0.9·η·g", "Momentum adds to the gradient; it does not replace it."),
        ),
        asked(
            "03",
            "RMSprop speeds up a ravine along the axes. The ravine is turned by 45°. What then?",
            "most of the advantage is gone",
            "One rate for each coordinate helps when the axes are the ravine's own.",
            ("nothing changes", "That is true of plain gradient descent, which turns along."),
            ("it gets faster still", "Both coordinates now see the same gradients, so their rates become equal."),
        ),
        asked(
            "04",
            "Adam with the default betas but without bias correction: its first step is …",
            "about three times too large",
            "m is 10 times too small, √v 31.6 times: the ratio is 3.16.",
            ("about ten times too small", "That is m alone. The step is m/√v, and √v is even further off."),
            ("right, because the errors cancel", "They would at β₂ = 0.99."),
        ),
        asked(
            "05",
            "Adam with L2 in the loss, instead of AdamW: which weights are decayed **least**?",
            "those with large gradients",
            "The penalty's gradient is divided by √v̂, like the rest.",
            ("those with small gradients", "Their √v̂ is small, so the penalty is divided by little."),
            ("all alike", "So it is with AdamW, and with SGD."),
        ),
        asked(
            "06",
            "A cosine schedule is written without a clamp, and training goes on past its end. The rate …",
            "climbs again",
            "The cosine has a period: after its end it returns to the peak.",
            ("stays at its floor", "Only with a clamp."),
            ("becomes negative", "½(1 + cos) is never negative."),
        ),
        asked(
            "07",
            "Linear softmax, 1024 classes, a few common and most rare; both optimizers at their best rate. Where "
            "does SGD lag?",
            "on the rare classes",
            "Their gradients are small, and SGD's steps with them; Adam's do not depend on their size.",
            ("on the common classes", "These it learns; the rare ones wait."),
            ("nowhere, once the rate is tuned", "The gap remains at the best rate of each; the notebook measures it."),
        ),
        asked(
            "08",
            "8-bit Adam instead of 32-bit Adam saves about 75% of …",
            "the optimizer's state",
            "Two bytes and a little for each parameter instead of eight. Weights, gradients and activations stay.",
            ("all memory used in training", "Weights, gradients and activations stay as they are."),
            ("the time of a step", "It saves memory; the step is not four times faster."),
        ),
        asked(
            "09",
            "A model has 4 GB of 32-bit parameters. How much does Adam keep beside them and the gradients?",
            "8 GB",
            "Two averages, m and v, of the parameters' size each.",
            ("4 GB", "That is momentum: one buffer."),
            ("0.4 GB", "Its state is as large as the parameters, twice."),
        ),
        asked(
            "10",
            "The loss swings up and down from step to step, on the same batch. The likeliest cause?",
            "the learning rate is too high",
            "Near the edge of stability the error changes its sign at every step.",
            ("the learning rate is too low", "A low rate is slow and smooth."),
            ("ε is too small", "ε matters where gradients are nearly zero; it does not make the loss swing."),
        ),
    ),
)

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
            "both have moved alike",
        ),
        answer=2,
        because="""
            Adam divides by the recent size of the gradient. Each weight moves 0.01 a step in its own
            direction: 0.1 after ten steps. Plain SGD would have moved the first a million times further.
        """,
    ),
)

INTERVIEWS = (
    Interview(
        key="00-plateau",
        question="The loss has been flat for 10 000 steps under default Adam. What is the first thing you look at?",
        answer="""
            Before the optimizer, the inputs to it: are the labels right and shuffled with their inputs, do
            the gradients arrive in every layer, are they finite? Then I look at *when* the loss went flat.
            Flat from the first step means that nothing is learned: data, initialisation, a dead layer, or a
            rate far off. Flat after a good start means that Adam moves, by about η a step, but in random
            directions: the signal is below the noise. Then a lower rate, in the form of a decay, should make
            the loss drop at once. If it does not, the model or the data is the limit, not the optimizer.
        """,
        trap="""
            Naming five fixes in a row. The question tests whether you can find out *which* cause it is: each
            proposal should come with the observation that would confirm it.
        """,
        follow_up="You lower the rate by ten, and the loss drops within 50 steps. What have you learned?",
        follow_up_answer="""
            That the plateau was jitter: at a constant rate the weights move in a cloud whose size grows with
            the rate. The remedy is a schedule that ends low, not a smaller rate from the start.
        """,
    ),
)


def average_gradient(gradients):
    return sum(gradients) / len(gradients)


def average_cases(rng):
    """Two gradients, many, one alone, matrices, zeros, and one that is much larger than the rest."""

    def draw(count, *shape):
        return [rng.normal(size=shape) for _ in range(count)]

    return [
        Case("two gradients", {"gradients": draw(2, 3)}),
        Case("many gradients", {"gradients": draw(17, 4)}),
        Case("one gradient", {"gradients": draw(1, 3)}),
        Case("matrices", {"gradients": draw(5, 2, 3)}),
        Case("zeros", {"gradients": [np.zeros(2), np.zeros(2)]}),
        Case("one large gradient", {"gradients": [*draw(3, 2), 1000 * rng.normal(size=2)]}),
    ]


EXERCISES = (
    Exercise(
        key="00-average",
        title="an average of gradients",
        statement="""
            Four workers have each computed a gradient on their own mini-batch. Write the gradient of the
            joint batch: the mean of a list of arrays of one shape. All batches have the same size.

            ```python
            def average_gradient(gradients):
                return ...
            ```
        """,
        solution_code=average_gradient,
        cases=average_cases,
        minutes=2,
        mistakes=(
            Mistake(
                "the sum instead of the mean",
                "You add, but do not divide by the number of gradients. The step would grow with the number of workers.",
                lambda gradients: sum(gradients),
            ),
            Mistake(
                "the mean over everything",
                "np.mean without axis=0 mixes the coordinates into one number: average over the list only.",
                lambda gradients: np.mean(gradients),
            ),
            Mistake(
                "the wrong axis",
                "You average within each gradient. Average across the list: axis=0.",
                lambda gradients: np.mean(gradients, axis=1),
            ),
            Mistake(
                "divided by one less",
                "n − 1 belongs to the sample variance. A mean divides by n.",
                lambda gradients: sum(gradients) / max(len(gradients) - 1, 1),
            ),
            Mistake(
                "the median",
                "The median ignores large gradients. The joint batch's gradient is the mean, outliers included.",
                lambda gradients: np.median(gradients, axis=0),
            ),
        ),
        hints=("The result has the shape of one gradient.", "Add them all, and divide by how many there are."),
        explanation="With batches of different sizes each gradient would be weighted by its size.",
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
                Option("all past gradients", "AdaGrad sums their squares, but nobody keeps them all."),
            ),
        ),
        Question(
            "Why does this series count steps from t = 1?",
            (
                Option("because Python does", "Python counts from 0."),
                Option("only by habit", "There is a reason in the formula: look at 1 − βᵗ."),
                Option(
                    "because at t = 0 the correction 1 − βᵗ is zero",
                    "Dividing by it gives NaN at the first step.",
                    right=True,
                ),
            ),
        ),
        Question(
            "A loss is flat from the first step on. What do you look at first?",
            (
                Option(
                    "data, labels, and whether gradients arrive",
                    "Cheap to check, and often it. Then the rate.",
                    right=True,
                ),
                Option("another optimizer", "If the gradient is zero or the labels are shuffled, none will help."),
                Option("a larger β₂", "It lengthens a memory; it does not move what gets no signal."),
            ),
        ),
    ),
)
