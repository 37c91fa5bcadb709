"""Exercises, predictions, interview boxes and quizzes: one module for each notebook (see `catalogue`)."""

#: Number of a notebook → its short title.
TITLES = {
    "00": "Start here",
    "01": "Gradient descent and SGD",
    "02": "Momentum",
    "03": "RMSprop",
    "04": "Adam",
    "05": "AdamW",
    "06": "Warmup and schedules",
    "07": "Adam or SGD?",
    "08": "Variants",
    "10": "Training on a GPU",
    "12": "Diagnosing training",
    "13": "The paper",
    "14": "Interview practice",
}
