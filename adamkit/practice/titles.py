"""The notebooks' short titles, by number."""

TITLES = {
    "00": "Start here",
    "01": "Gradient descent and SGD",
    "02": "Momentum",
    "03": "RMSprop",
    "04": "Adam",
    "05": "AdamW",
    "06": "Warmup and schedules",
    "07": "Adam or SGD?",
    "08": "Variants 1: one line",
    "09": "Variants 2: memory, matrices",
    "10": "Training on a GPU",
    "11": "Scaling up",
    "12": "Diagnosing training",
    "13": "The paper",
    "14": "Interview practice",
}
