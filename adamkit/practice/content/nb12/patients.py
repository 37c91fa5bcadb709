"""Predictions of notebook 12: a loss and a monitor are seen, the disease is to be named."""

from adamkit.practice.predictions import Prediction


def _patient(number, question, options, answer, because):
    return Prediction(key=f"12-patient-{number}", question=f"Patient {number}. {question}", options=options,
                      answer=answer, because=because)  # fmt: skip


PATIENTS = (
    _patient(
        1,
        "Which is it?",
        (
            "A plateau that the rate holds up: long steps that lead nowhere",
            "Flat from the start: no gradient arrives",
            "The model is too small: it has learned what it can, and rests",
        ),
        0,
        """
            A plateau. It fell first, so gradients arrive. The lower panel decides: each step still moves a layer by
            about a percent of its length, so nothing rests, and the weights circle their goal. A model that has learned
            all it can may jitter as well; the test is to cut the rate. If the loss drops at once, the rate held it up.
        """,
    ),
    _patient(
        2,
        "All rows are in every batch. Which is it?",
        (
            "Noise: some batches are harder than others",
            "The rate is far too high, and the loss is about to explode",
            "The edge of stability: in the steepest directions each step overshoots",
        ),
        2,
        """
            There is one batch, so no noise. The loss turns back at every other step, and goes on falling meanwhile:
            each step lands on the other side of the valley in the steepest directions, and gains in the others. An
            explosion grows from step to step; here the gradient norm stays where it is.
        """,
    ),
    _patient(
        3,
        "What is behind the spikes?",
        (
            "The optimizer: its v is out of date, and now and then a step is too long",
            "One of the batches",
            "The edge of stability",
        ),
        1,
        """
            One of the batches. Measure the distance: 42 steps, each time, and an epoch has 42 batches. An optimizer
            does not know when an epoch ends. In one batch every label is wrong: the gradient norm jumps with the loss,
            and the steps are longer for a while *after* it. They follow; they do not lead.
        """,
    ),
    _patient(
        4,
        "Which is it?",
        (
            "The gradients vanish on their way to the first layers",
            "The steps are next to nothing: look at the rate",
            "The labels have nothing to do with the inputs",
        ),
        1,
        """
            The rate. The gradient norm is about one and steady, so nothing vanishes; with labels drawn at random the
            network would move, and learn some of them by heart. But the largest ratio of any layer is below 0.0001,
            and rises as slowly as the rate does: a warmup that will not be over in this life.
        """,
    ),
    _patient(
        5,
        "Which is it?",
        (
            "Overfitting: training falls, validation rises",
            "The validation rows are wrong",
            "Forgetting: it knew them before",
        ),
        2,
        """
            Forgetting. The sign is at the very left: the validation loss was at its best before the first step. In
            overfitting it falls first, and turns later, when the rows are known by heart. Wrong rows would have had a
            high loss from the beginning.
        """,
    ),
    _patient(
        6,
        "Its rate decays to zero. Which is it?",
        (
            "The plateau of patient 1: a decay will let it in",
            "A broken start: a first step overwrote a layer",
            "The climb after a warmup",
        ),
        1,
        """
            A broken start. The rate goes to zero, and nothing comes of it, so no rate holds this level up. The lower
            panel shows the culprit at its left end: a first step nearly as long as the layer itself.
        """,
    ),
    _patient(
        7,
        "Which is it?",
        (
            "Overfitting",
            "The peak rate is too high for where training has arrived",
            "The bias correction is missing",
        ),
        1,
        """
            The peak rate. It is the *training* loss that climbs, so it is no overfitting; and a missing correction
            makes the first steps too long, not the hundredth. It fell as long as the rate was on its way, and climbs
            since it has arrived. (The data could have changed at that step as well: another seed, with another order,
            would tell.)
        """,
    ),
)
