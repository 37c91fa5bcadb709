"""A small character LSTM, written out so that many can be trained at once.

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
            self.characters.weight.normal_(std=0.1)
            self.inputs.bias[width : 2 * width] = 1.0

    def forward(self, tokens):
        """Logits of the character that follows each position."""
        gates = self.inputs(self.characters(tokens))
        h = c = torch.zeros_like(gates[:, 0, : gates.shape[-1] // 4])
        outputs = []
        for t in range(tokens.shape[-1]):
            i, f, candidate, o = (gates[:, t] + self.state(h)).chunk(4, dim=-1)
            # c ← f·c + i·c̃
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(candidate)
            # h ← o·tanh(c)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return self.head(torch.stack(outputs, dim=1))
