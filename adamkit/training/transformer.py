"""A tiny character transformer that reads like its diagram, and that `torch.func.vmap` can batch.

    x = embedding of the character + embedding of its place
    pre-LN  block:  x = x + attention(norm(x)),   x = x + mlp(norm(x)),   and one norm at the end
    post-LN block:  x = norm(x + attention(x)),   x = norm(x + mlp(x))
    logits = head(x)

Post-LN is the original Transformer (Vaswani et al. 2017, section 3.1), pre-LN what nearly everybody has
trained since; Xiong et al. 2020 show that the first has large gradients near its output at the start,
and that this is why it wants a warmup.

Attention is written out: PyTorch's fused attention has no batching rule on the CPU, so an ensemble
of models could not run through it.
"""

import math

import torch
from torch import nn


class Attention(nn.Module):
    """Causal multi-head self-attention, (…, length, width) → the same shape."""

    def __init__(self, width, heads, context):
        super().__init__()
        self.heads = heads
        self.inputs = nn.Linear(width, 3 * width, bias=False)
        self.output = nn.Linear(width, width, bias=False)
        future = torch.full((context, context), -math.inf).triu(diagonal=1)
        self.register_buffer("future", future, persistent=False)

    def forward(self, x):
        """softmax(QKᵀ/√d + mask) V, head by head."""
        length, width = x.shape[-2:]
        q, k, v = (self._split(part) for part in self.inputs(x).chunk(3, dim=-1))
        scores = q @ k.transpose(-2, -1) / math.sqrt(width // self.heads)
        weights = torch.softmax(scores + self.future[:length, :length], dim=-1)
        return self.output((weights @ v).transpose(-3, -2).flatten(-2))

    def _split(self, x):
        """(…, length, width) → (…, heads, length, width/heads)."""
        return x.unflatten(-1, (self.heads, -1)).transpose(-3, -2)


class Block(nn.Module):
    """Attention, then a two-layer network on each position, each beside a residual path."""

    def __init__(self, width, heads, context, norm):
        super().__init__()
        self.pre = norm == "pre"
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads, context)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        """(…, length, width) → the same shape."""
        if self.pre:
            x = x + self.attention(self.norm1(x))
            return x + self.mlp(self.norm2(x))
        x = self.norm1(x + self.attention(x))
        return self.norm2(x + self.mlp(x))


class Transformer(nn.Module):
    """Predicts each next character from those before it: (…, length) characters → (…, length, vocabulary) logits.

    Args:
        vocabulary: number of different characters, ≥ 1.
        context: longest input, in characters, ≥ 1.
        width: size of the vector at each position, a multiple of ``heads``.
        heads, layers: ≥ 1.
        norm: "pre" or "post", where LayerNorm stands.

    Weights start normal with standard deviation 1/√(inputs), embeddings with 0.1 for a small width to
    learn from; the two matrices that write onto the residual path are divided by √(2·layers), as in
    GPT-2 (Radford et al. 2019, section 2.3). Draw them with ``torch.manual_seed`` set.
    """

    def __init__(self, vocabulary, *, context=32, width=32, heads=4, layers=2, norm="pre"):
        super().__init__()
        _check(vocabulary=vocabulary, context=context, width=width, heads=heads, layers=layers)
        if width % heads:
            raise ValueError(f"Transformer: width={width} must be a multiple of heads={heads}")
        if norm not in ("pre", "post"):
            raise ValueError(f"Transformer: norm={norm!r} must be 'pre' or 'post'")
        self.characters = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads, context, norm) for _ in range(layers))
        self.norm = nn.LayerNorm(width) if norm == "pre" else nn.Identity()
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.context = context
        self._start()

    def forward(self, tokens):
        """Logits for the character after each position."""
        length = tokens.shape[-1]
        if length > self.context:
            raise ValueError(f"Transformer: {length} characters are more than its context of {self.context}")
        x = self.characters(tokens) + self.places.weight[:length]
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))

    @torch.no_grad()
    def _start(self):
        for name, weight in self.named_parameters():
            if weight.ndim < 2:
                continue  # biases start at 0 and norms at 1
            embedding = name.startswith(("characters", "places"))
            weight.normal_(std=0.1 if embedding else weight.shape[-1] ** -0.5)
        for block in self.blocks:
            block.mlp[0].bias.zero_()
            block.mlp[2].bias.zero_()
            for weight in (block.attention.output.weight, block.mlp[2].weight):
                weight /= math.sqrt(2 * len(self.blocks))


def _check(**sizes):
    for name, value in sizes.items():
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"Transformer: {name}={value!r} must be a whole number ≥ 1")
