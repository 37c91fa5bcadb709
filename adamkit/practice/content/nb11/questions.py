"""Predictions and self-check of notebook 11."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="11-four-times",
        question="""
            A network was tuned with batches of 32, for Adam and for SGD. The batch becomes 128, the number of rows that
            it sees stays. By which factors do the two best rates grow?
        """,
        options=(
            "Adam's fourfold, SGD's fourfold",
            "Adam's twofold, SGD's fourfold",
            "Adam's by nearly three, SGD's by less than two",
            "Neither changes: the gradient of a batch is a mean",
        ),
        answer=2,
        because="""
            The rules say two and four, and over the smaller batches they are about right. But 128 is near the critical
            batch of this task: there SGD's best rate has nearly stopped to grow, held by the curvature, and Adam's
            still moves. A rule for the batch ends at the critical one, and it ends for SGD first.
        """,
    ),
    Prediction(
        key="11-wider",
        question="""
            A network of three hidden layers is tuned at width 32: η = 0.022 is best for Adam. At width 256, with the
            same standard start, the best rate is
        """,
        options=("the same: a step of Adam does not depend on the width", "about three quarters of it",
                 "less than a third of it", "higher: a wider network is easier to train"),
        answer=2,
        because="""
            A step moves every weight by η, and 256 inputs of a unit move together: its pre-activation changes 8 times
            as much. The best rate falls with the width; here more slowly than 1/width, which is an argument about one
            step of one kind of layer.
        """,
    ),
    Prediction(
        key="11-more-data",
        question="""
            AdamW, the same network, η, batch and number of epochs, but four times as many rows. The best weight decay
            is
        """,
        options=("the same", "about four times as large", "about a quarter, or less",
                 "zero: with more data nothing overfits"),
        answer=2,
        because="""
            Four times the rows are four times the steps. AdamW's weights average its updates over 1/(ηλ) steps, and the
            best average here covers about the same number of *epochs*: with four times the steps an epoch, λ must be a
            quarter.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="11",
    title="Three questions on scaling",
    questions=(
        Question(
            "Under μP with Adam the width grows fourfold. Which rates change?",
            (
                Option("all, to a quarter",
                       "Biases, norms and the input layer would then learn too slowly: what they read does not grow."),
                Option("those of the hidden matrices and of the output layer, to a quarter",
                       "Yes: their outputs are sums over inputs that have become four times as many.", right=True),
                Option("none: only the start changes",
                       "The start alone keeps the first forward pass in order, and not the change that a step makes."),
            ),
        ),
        Question(
            "You measure |g|² averaged over batches of 8, and over batches of 128, and find the same. What does that "
            "mean?",
            (
                Option("The noise scale is far below 8",
                       "Yes: tr Σ/B no longer counts, so that the gradient of 8 rows is as good as that of 128.",
                       right=True),
                Option("The noise scale is far above 128",
                       "Then |g|² would fall sixteenfold from 8 to 128: it would be tr Σ/B alone."),
                Option("Nothing: two batches are too few to say",
                       "Two sizes are two equations for two unknowns; averaged over many batches they say it."),
            ),
        ),
        Question(
            "On one GPU you accumulate gradients over 8 small batches before each step, to have a large batch. Memory "
            "would allow a step after each. What do you gain?",
            (
                Option("A larger batch trains better",
                       "Below the critical batch as many rows in smaller steps train as well or better."),
                Option("Speed: fewer optimizer steps",
                       "Some, where the step is a large part of the time. The gradients are the same work."),
                Option("Little or nothing below the critical batch; it pays on several devices, by fewer messages",
                       "Yes. On one device take the smaller batch, with the rate and the betas that belong to it.",
                       right=True),
            ),
        ),
    ),
)
