"""Ten questions that suggest where to start."""

from adamkit.practice.content import TITLES
from adamkit.practice.quiz import Option, PreQuiz, Question


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
    all_right="You know the ground. Start with **13 The paper**, or go straight to the mock interview in **14**.",
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
            "torch's SGD with momentum 0.9, and a gradient g that stays the same: how long do its steps get?",
            "10·η·g",
            "The buffer sums: g(1 + 0.9 + 0.81 + …) = g/(1 − 0.9).",
            ("η·g", "That is so for momentum as an average; torch's buffer accumulates."),
            ("0.9·η·g", "Momentum adds to the gradient; it does not replace it."),
        ),
        asked(
            "03",
            "RMSprop speeds up a ravine along the axes. The ravine is turned by 45°. What then?",
            "all of the advantage is gone",
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
            ("all alike", "That is so under AdamW, and under SGD with L2."),
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
            "Linear softmax, 1024 classes, a few common and most rare; Adam and SGD, each at its best rate. Where "
            "does SGD lag?",
            "on the rare classes",
            "Their gradients are small, and SGD's steps with them; Adam's do not depend on their size.",
            ("on the common classes", "SGD learns these first; the rare ones wait."),
            ("nowhere, once the rate is tuned", "The gap remains at the best rate of each; the notebook measures it."),
        ),
        asked(
            "09",
            "8-bit Adam instead of 32-bit Adam saves about 75% of …",
            "the optimizer's state",
            "Two bytes and a little for each parameter instead of eight. Weights, gradients and activations stay.",
            ("all memory used in training", "Weights, gradients and activations stay as they are."),
            ("the time of a step", "It saves memory; the step is not four times faster."),
        ),
        asked(
            "10",
            "A model has 4 GB of 32-bit parameters. How much does Adam keep beside them and the gradients?",
            "8 GB",
            "Two averages, m and v, of the parameters' size each.",
            ("4 GB", "That is momentum: one buffer."),
            ("0.4 GB", "Its state is twice as large as the parameters."),
        ),
        asked(
            "12",
            "On the same batch the loss swings from step to step, and has stopped falling. The likeliest cause?",
            "the learning rate is too high",
            "Along its most curved direction each step overshoots the minimum. On a parabola only the *path* would "
            "swing, on a real loss the loss does as well.",
            ("the learning rate is too low", "A low rate is slow and smooth."),
            ("ε is too small", "ε matters where gradients are nearly zero; it does not make the loss swing."),
        ),
    ),
)
