"""A task: what to learn, with what, and how the error is measured, under one name."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from adamkit.training.data import Classification, digits
from adamkit.training.models import MLP, SequenceCNN
from adamkit.training.recurrent import SequenceLSTM
from adamkit.training.sequences import sequences as drawn_sequences
from adamkit.training.text import characters
from adamkit.training.transformer import Transformer


@dataclass(frozen=True, eq=False)
class Task:
    """Data, a model, and a loss.

    Attributes:
        name: for titles and tables.
        data: the rows.
        make_model: makes a freshly initialised torch module, on the CPU in float32, without arguments. For
            `ensembles.train` it must give its output row by row: no dropout, no batch statistics.
        loss: (outputs, class numbers) → mean loss of the batch, a scalar.
        measured: most rows of each part that `ensembles.train` measures the loss on; None for all of them.
    """

    name: str
    data: Classification
    make_model: Callable[[], torch.nn.Module]
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] = torch.nn.functional.cross_entropy
    measured: int | None = None

    def to(self, *, device=None, dtype=None):
        """The same task with its data on another device or in another precision; training follows the data."""
        return replace(self, data=self.data.to(device=device, dtype=dtype))

    def fresh_model(self, seed):
        """A model initialised from ``seed``, where the data is and in its precision. torch's own seed is untouched."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = self.make_model()
        return model.to(device=self.data.x_train.device, dtype=self.data.dtype)


def digits_mlp(*, hidden=(32,), activation="relu", rows=None, data_seed=0):
    """The digits, read by a small fully connected network.

    Args:
        hidden: widths of the hidden layers; () for a linear softmax.
        activation: "relu", "tanh" or "gelu".
        rows: training rows to keep (all 1348 by default).
        data_seed: of the split into training and test rows.
    """
    sizes = (64, *hidden, 10)
    name = f"digits, MLP {'–'.join(map(str, sizes))}"
    return Task(name, digits(rows=rows, seed=data_seed), lambda: MLP(sizes, activation=activation))


#: Networks that read sequences, each with a width: of the hidden layer, of the channels' first stage, of the state.
READERS = {
    "linear": lambda length, width: MLP((length, 10)),
    "mlp": lambda length, width: MLP((length, width or 64, 10)),
    "cnn": lambda length, width: SequenceCNN(length, channels=(width or 16, 2 * (width or 16))),
    "lstm": lambda length, width: SequenceLSTM(length, width=width or 32),
}


def sequences(network="cnn", *, width=None, data_seed=0, **data):
    """A shape somewhere in a noisy row of 40 numbers (see `adamkit.training.sequences`), read by a small network.

    Args:
        network: "linear", a softmax on the numbers; "mlp", one hidden layer; "cnn", two convolutions; "lstm", which
            reads two numbers at a time.
        width: of the hidden layer (64 by default), of the first convolution (16; the second has twice as many), of the
            LSTM's state (32). The linear network has none.
        data_seed: of the data.
        data: other arguments of `adamkit.training.sequences.sequences`: rows, test_rows, length, noise, …
    """
    if network not in READERS:
        raise ValueError(f"network={network!r} is not one of {list(READERS)}")
    if width is not None and (network == "linear" or width < 1):
        raise ValueError(f"width={width!r} must be 1 or more, and None for the linear network")
    rows = drawn_sequences(seed=data_seed, **data)
    length = rows.x_train.shape[1]
    return Task(f"sequences, {network.upper() if network != 'linear' else 'linear softmax'}", rows,
                lambda: READERS[network](length, width))


def next_character(path=None, *, context=16, width=32, heads=2, layers=2, norm="pre", data_seed=0):
    """The next character of a text, predicted by a tiny transformer; its loss is in nats a character.

    The loss is measured on 256 windows of each part. Guessing by the frequency of the characters alone gives about
    3.2 on Python's documentation.

    Args:
        path: a text file; Python's own documentation by default.
        context: characters in a window.
        width, heads, layers, norm: of the `Transformer`.
        data_seed: of the split into training and test text.
    """
    data = characters(path, context=context, seed=data_seed)
    sizes = {"context": context, "width": width, "heads": heads, "layers": layers, "norm": norm}
    name = f"next character, {norm}-LN transformer of {layers} layers"
    return Task(name, data, lambda: Transformer(data.classes, **sizes), next_character_loss, measured=256)


def next_character_loss(logits, characters):
    """Mean cross-entropy over all positions: (batch, length, classes) logits, (batch, length) numbers."""
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), characters.flatten())
