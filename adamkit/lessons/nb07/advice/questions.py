"""The six questions that the advice depends on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question: its text, and answer → how it reads. The first answer is the usual one."""

    text: str
    answers: dict


QUESTIONS = {
    "network": Question("What is the network?", {
        "transformer": "a transformer",
        "cnn": "a CNN with batch norm",
        "lstm": "an LSTM",
        "mlp": "an MLP or a linear model",
    }),
    "stage": Question("Where does training start?", {"scratch": "from scratch", "finetune": "from trained weights"}),
    "data": Question("How much data?", {
        "medium": "enough; several epochs",
        "small": "little; it fits every row",
        "huge": "so much that one epoch is all",
    }),
    "runs": Question("How many runs to tune?", {"ten": "about ten", "one": "one or two", "many": "fifty"}),
    "sparse": Question("Large embedding tables?", {"no": "no", "yes": "yes, mostly zero gradients"}),
    "memory": Question("Does Adam's state fit?", {"enough": "yes", "tight": "hardly"}),
}


def complete(answers):
    """All six answers: those given, and the first of each question that was left out.

    Raises:
        ValueError: an unknown question or answer, named with what there is.
    """
    if unknown := sorted(set(answers) - set(QUESTIONS)):
        raise ValueError(f"there is no question {unknown[0]!r}; there are {', '.join(QUESTIONS)}")
    given = {name: next(iter(asked.answers)) for name, asked in QUESTIONS.items()} | answers
    for name, answer in given.items():
        if not isinstance(answer, str) or answer not in QUESTIONS[name].answers:
            known = ", ".join(map(repr, QUESTIONS[name].answers))
            raise ValueError(f"{name}={answer!r} is no answer; it must be one of {known}")
    return given
