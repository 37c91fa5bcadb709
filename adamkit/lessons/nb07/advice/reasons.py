"""Why: a sentence for each thing that decided, and the row of the table it stands on."""

from dataclasses import dataclass

from adamkit.lessons.nb07.advice.rows import ROWS


@dataclass(frozen=True)
class Reason:
    """A sentence, and the name of the row of `ROWS` that it stands on."""

    text: str
    row: str

    @property
    def evidence(self):
        """What was measured or reported."""
        return ROWS[self.row].evidence

    def __str__(self):
        return self.text


def because(kind, given):
    """Reasons for a kind of configuration, the weightiest first: two to six of them."""
    if given["memory"] == "tight":
        yield _memory(kind)
    yield _network(kind, given["network"])
    if given["sparse"] == "yes":
        yield _sparsity(kind)
    if given["stage"] == "finetune":
        yield Reason("Pre-trained weights: stay with the family they were trained with, at a far lower rate.",
                     "fine-tuning")
    yield _tuning(kind, given["runs"])
    if given["data"] == "small":
        yield Reason("With little data the choice of optimizer decides less than decay and augmentation.", "data size")
    if given["data"] == "huge":
        yield Reason("One epoch: what counts is how fast the loss falls, and nothing is learned by heart.", "speed")


def one_more_run(kind, given):
    """What to try with one run more."""
    if kind == "SGD":
        return "AdamW at 1e-3, same epochs and schedule. It costs one run to know."
    if kind == "adapter":
        return "Twice the rank of the adapter, before any other optimizer."
    if kind == "Adafactor":
        return "8-bit AdamW at AdamW's usual rate, if its state fits."
    if given["network"] == "cnn" or (given["network"] == "lstm" and given["runs"] == "many"):
        return "SGD with momentum 0.9, its rate swept up to where it diverges."
    if given["network"] == "transformer" and given["stage"] == "scratch" and given["runs"] == "many":
        return "Muon on the hidden matrices, AdamW on the rest."
    return "Three times the rate, with twice the warmup."


def _network(kind, network):
    if network == "transformer":
        return Reason("Transformers: with both at their best rates, Adam's family ends lower than SGD.", "transformers")
    if network == "cnn" and kind == "SGD":
        return Reason("CNNs with batch norm: SGD holds its own, with half of Adam's state.", "CNNs")
    if network == "cnn":
        return Reason("CNNs with batch norm: a tie when both are tuned, so other things decide.", "CNNs")
    if network == "lstm":
        return Reason("LSTMs: on our text tuned SGD ended a little lower, but twice its best rate broke it.", "LSTMs")
    return Reason("Nothing in an MLP decides. In our searches Adam's best rate moved less from task to task than "
                  "SGD's.", "stability")


def _memory(kind):
    if kind == "SGD":
        return Reason("Memory: momentum keeps one number a parameter, Adam two.", "memory")
    if kind == "adapter":
        return Reason("Memory: with an adapter, optimizer state exists only for the few weights that train.", "memory")
    return Reason("Memory: Adafactor keeps a row and a column of second moments instead of a matrix.", "memory")


def _sparsity(kind):
    if kind == "tables":
        return Reason("Sparse tables: AdaGrad keeps the rate of a row high until the row has been seen.", "sparsity")
    return Reason("Sparse tables: a rate for each parameter spares the rare rows from the frequent ones' limit.",
                  "sparsity")


def _tuning(kind, runs):
    if runs == "one":
        return Reason("One or two runs: "
                      + ("SGD's rate differs most between tasks; copy a published recipe whole." if kind == "SGD" else
                         "take what needs the least search. Adam's best rate ignores the scale of the loss."),
                      "tuning budget")
    if runs == "ten":
        return Reason("Ten runs: sweep the rate by factors of three, until the best is no longer at the edge.",
                      "tuning budget")
    return Reason("Fifty runs: tune both. Rankings change with the space that is searched.", "final accuracy")
