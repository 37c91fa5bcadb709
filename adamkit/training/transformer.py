"""A tiny character transformer that reads like its diagram, and of which many can be trained at once.

    x = embedding of the character + embedding of its place
    pre-LN  block:  x = x + attention(norm(x)),   x = x + mlp(norm(x)),   and one norm at the end
    post-LN block:  x = norm(x + attention(x)),   x = norm(x + mlp(x))
    logits = head(x)

Post-LN is the original Transformer (Vaswani et al. 2017, section 3.1). Pre-LN is what most have trained since;
Xiong et al. 2020 trace post-LN's need for a warmup to the large gradients it has near its output at the start.

Two things are there for `adamkit.training.ensembles`. Attention is written out, because PyTorch's fused one has no
batching rule on the CPU. And between the attentions x has one row for each character, (rows, width), because a linear
layer then stays one matrix product for each model of an ensemble.
"""

import math

import torch
from torch import nn

from adamkit.arguments import whole


class Attention(nn.Module):
    """Causal multi-head self-attention on rows that are sequences of ``length``, one after another."""

    def __init__(self, width, heads, context):
        super().__init__()
        self.heads = heads
        self.inputs = nn.Linear(width, 3 * width, bias=False)
        self.output = nn.Linear(width, width, bias=False)
        future = torch.full((context, context), -math.inf).triu(diagonal=1)
        self.register_buffer("future", future, persistent=False)

    def forward(self, x, length):
        """softmax(QKᵀ/√d + mask) V for each head, (rows, width) → (rows, width)."""
        q, k, v = (self._split(part, length) for part in self.inputs(x).chunk(3, dim=-1))
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        weights = torch.softmax(scores + self.future[:length, :length], dim=-1)
        return self.output((weights @ v).transpose(1, 2).flatten(2).flatten(0, 1))

    def _split(self, x, length):
        """(batch·length, width) → (batch, heads, length, width/heads)."""
        return x.unflatten(0, (-1, length)).unflatten(-1, (self.heads, -1)).transpose(1, 2)


class Block(nn.Module):
    """Attention, then a two-layer network on each row, each beside a residual path."""

    def __init__(self, width, heads, context, norm):
        super().__init__()
        self.pre = norm == "pre"
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads, context)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))

    def forward(self, x, length):
        """(rows, width) → (rows, width)."""
        if self.pre:
            x = x + self.attention(self.norm1(x), length)
            return x + self.mlp(self.norm2(x))
        x = self.norm1(x + self.attention(x, length))
        return self.norm2(x + self.mlp(x))


class Transformer(nn.Module):
    """Predicts each next character from those before it: (batch, length) numbers → (batch, length, vocabulary) logits.

    Args:
        vocabulary: number of different characters, ≥ 1.
        context: longest input in characters, ≥ 1.
        width: size of the vector at each position, ≥ 1 and a multiple of ``heads``.
        heads, layers: ≥ 1.
        norm: "pre" or "post", where LayerNorm stands.

    Matrices start normal with standard deviation 1/√(inputs), embeddings with 0.1. The two matrices that write onto
    the residual path are divided by √(2·layers), after GPT-2 (Radford et al. 2019, section 2.3). Seed torch to repeat
    a start.
    """

    def __init__(self, vocabulary, *, context=16, width=32, heads=2, layers=2, norm="pre"):
        super().__init__()
        _check_sizes(vocabulary=vocabulary, context=context, width=width, heads=heads, layers=layers)
        if width % heads:
            raise ValueError(f"width={width} must be a multiple of heads={heads}")
        if norm not in ("pre", "post"):
            raise ValueError(f"norm={norm!r} must be 'pre' or 'post'")
        self.context = context
        self.characters = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads, context, norm) for _ in range(layers))
        self.norm = nn.LayerNorm(width) if norm == "pre" else nn.Identity()
        self.head = nn.Linear(width, vocabulary, bias=False)
        self._start()

    def forward(self, tokens):
        """Logits of the character that follows each position."""
        length = tokens.shape[-1]
        if length > self.context:
            raise ValueError(f"{length} characters are more than the context of {self.context}")
        x = (self.characters(tokens) + self.places.weight[:length]).flatten(0, 1)
        for block in self.blocks:
            x = block(x, length)
        return self.head(self.norm(x)).unflatten(0, (-1, length))

    @torch.no_grad()
    def _start(self):
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                embedding = name.startswith(("characters", "places"))
                nn.init.normal_(weight, std=0.1 if embedding else weight.shape[-1] ** -0.5)
            elif "mlp" in name:
                weight.zero_()  # biases; the norms keep their ones and zeros
        for block in self.blocks:
            for layer in (block.attention.output, block.mlp[2]):
                layer.weight /= math.sqrt(2 * len(self.blocks))


def _check_sizes(**sizes):
    for name, value in sizes.items():
        whole(name, value, 1)
