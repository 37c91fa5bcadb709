"""Small LSTMs, for characters and for sequences of numbers, written out so that many can be trained at once.

    i, f, o = σ(·), σ(·), σ(·)    c̃ = tanh(·)    each of W [x, h] + b
    c ← f·c + i·c̃
    h ← o·tanh(c)

After Hochreiter & Schmidhuber 1997, with the forget gate of Gers, Schmidhuber & Cummins 2000. `torch.nn.LSTM` computes
the same; `torch.func.vmap` has no rule for its fused kernel, and `adamkit.training.ensembles` needs one.
"""

import torch
from torch import nn


class LSTM(nn.Module):
    """Predicts each next character from those before it: (batch, length) numbers → (batch, length, vocabulary) logits.

    Args:
        vocabulary: number of different characters, ≥ 1.
        width: size of the embedding and of the state, ≥ 1.

    Embeddings start normal with standard deviation 0.1, layers as torch.nn.Linear starts them, the forget gate's bias
    at 1 (Jozefowicz, Zaremba & Sutskever 2015, section 2.2), so that the state is kept at first.
    """

    def __init__(self, vocabulary, *, width=48):
        super().__init__()
        if vocabulary < 1 or width < 1:
            raise ValueError(f"vocabulary={vocabulary!r} and width={width!r} must be 1 or more")
        self.characters = nn.Embedding(vocabulary, width)
        self.inputs = nn.Linear(width, 4 * width)
        self.state = nn.Linear(width, 4 * width, bias=False)
        self.head = nn.Linear(width, vocabulary)
        with torch.no_grad():
            nn.init.normal_(self.characters.weight, std=0.1)
            self.inputs.bias[width : 2 * width] = 1.0

    def forward(self, tokens):
        """Logits of the character that follows each position."""
        return self.head(torch.stack(list(_states(self.inputs(self.characters(tokens)), self.state)), dim=1))


class SequenceLSTM(nn.Module):
    """Reads a row of numbers from left to right, and says at its end what it was: (batch, length) → (batch, classes).

    Args:
        length: of a row; a multiple of ``points``.
        width: size of the state, ≥ 1.
        points: numbers read at a time, ≥ 1: fewer, and there are more steps to remember over, and to wait for.
        classes: number of classes, ≥ 2.

    Layers and the forget gate's bias start as those of `LSTM`. With the defaults it has 4 810 parameters.
    """

    def __init__(self, length=40, *, width=32, points=2, classes=10):
        super().__init__()
        if width < 1 or classes < 2:
            raise ValueError(f"width={width!r} must be 1 or more and classes={classes!r} 2 or more")
        if points < 1 or length < 1 or length % points:
            raise ValueError(f"points={points!r} must be 1 or more and divide length={length!r}")
        self.points = points
        self.inputs = nn.Linear(points, 4 * width)
        self.state = nn.Linear(width, 4 * width, bias=False)
        self.head = nn.Linear(width, classes)
        with torch.no_grad():
            self.inputs.bias[width : 2 * width] = 1.0

    def forward(self, x):
        """Logits of the classes, from the state after the last point."""
        *_, h = _states(self.inputs(x.unflatten(-1, (-1, self.points))), self.state)
        return self.head(h)


def _states(gates, state):
    """h after each step, from the inputs' share of the gates (batch, steps, 4·width) and the layer that adds h's."""
    h = c = torch.zeros_like(gates[:, 0, : gates.shape[-1] // 4])
    for t in range(gates.shape[1]):
        i, f, candidate, o = (gates[:, t] + state(h)).chunk(4, dim=-1)
        # c ← f·c + i·c̃
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(candidate)
        # h ← o·tanh(c)
        h = torch.sigmoid(o) * torch.tanh(c)
        yield h
