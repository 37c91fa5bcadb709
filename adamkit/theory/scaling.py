"""What changes when a run grows: batch, width, tokens; the gradient noise scale; what published runs chose.

    small = Run(batch=0.5e6, tokens=300e9, lr=6e-4)           # GPT-3 with 125 M parameters, width 768
    scaled(small, wider=16, batch=3.2e6).lr                   # 9.5e-5 at width 12 288; GPT-3 took 6e-5
"""

import math
from dataclasses import dataclass, replace

from adamkit.theory.checks import above, plain


@dataclass(frozen=True)
class Run:
    """A training and its settings.

    Attributes:
        batch: tokens (or rows) a step, > 0.
        tokens: (or rows) of the whole run, > 0.
        lr: η > 0, of the hidden matrices; of AdamW's output layer too.
        beta1, beta2: in (0, 1); of SGD only beta1, its momentum, has a meaning.
        eps: > 0.
        weight_decay: λ ≥ 0, decoupled and multiplied by η, as in torch's AdamW.
        warmup: steps, ≥ 0.
    """

    batch: float
    tokens: float
    lr: float
    beta1: float = 0.9
    beta2: float = 0.95
    eps: float = 1e-8
    weight_decay: float = 0.1
    warmup: float = 750.0

    def __post_init__(self):
        above(0, batch=self.batch, tokens=self.tokens, lr=self.lr, eps=self.eps)
        for name, low, high in (("beta1", 0, 1), ("beta2", 0, 1), ("weight_decay", -1, math.inf),
                                ("warmup", -1, math.inf)):
            value = getattr(self, name)
            if not (low < value < high and (low >= 0 or value >= 0)):
                wanted = "in (0, 1)" if high == 1 else "finite and ≥ 0"
                raise ValueError(f"{name}={value!r} must be {wanted}")

    @property
    def steps(self):
        """Updates of the whole run."""
        return self.tokens / self.batch

    @property
    def timescale(self):
        """1/(ηλ): over how many steps AdamW's weights average its updates; ∞ without decay (Wang & Aitchison 2025)."""
        return 1 / (self.lr * self.weight_decay) if self.weight_decay else math.inf


def scaled(run, *, wider=1.0, batch=None, tokens=None, optimizer="AdamW"):
    """The settings of ``run`` carried over to another width, batch or number of tokens → `Run`.

    With κ the ratio of the batches and r = ``wider`` that of the widths:

        AdamW   η √κ / r (Malladi et al. 2022; Yang et al. 2022), ε / √κ, β^κ for both betas
        SGD     η κ, whatever the width (Goyal et al. 2017; Yang et al. 2022, hidden matrices)
        both    ηλ in proportion to batch / tokens, so that 1/(ηλ) stays the same share of the run
                (Wang & Aitchison 2025); warmup over the same tokens

    β^κ keeps the half-life in tokens (Marek et al. 2025, of β₂; they leave β₁ as it is). For small κ(1 − β) it is the
    1 − κ(1 − β) of Malladi et al., and it never leaves (0, 1). Shape, data, schedule and everything else are taken to
    be the same, and the batch to be below the critical one.

    Args:
        run: the tuned run.
        wider: how many times as wide the network is, > 0. A transformer of fixed shape grows by wider³ parameters.
        batch, tokens: of the new run; as before when left out.
        optimizer: "AdamW" or "SGD".
    """
    if optimizer not in ("AdamW", "SGD"):
        raise ValueError(f"optimizer={optimizer!r} is not one of AdamW, SGD")
    above(0, wider=wider)
    new = replace(run, batch=run.batch if batch is None else batch, tokens=run.tokens if tokens is None else tokens)
    kappa = new.batch / run.batch
    adam = optimizer == "AdamW"
    lr = run.lr * (math.sqrt(kappa) / wider if adam else kappa)
    decayed = run.lr * run.weight_decay * kappa * run.tokens / new.tokens
    betas = {name: _inside(getattr(run, name) ** kappa) for name in ("beta1", "beta2")} if adam else {}
    return replace(new, lr=lr, eps=run.eps / math.sqrt(kappa) if adam else run.eps, weight_decay=decayed / lr,
                   warmup=run.warmup / kappa, **betas)


def _inside(beta):
    """0 < β < 1, whatever rounding made of it."""
    return min(max(beta, 1e-300), 1 - 2**-53)


def noise_scale(small, large, small_square, large_square):
    """Gradient noise from two batch sizes (McCandlish et al. 2018, appendix A.1) → (|G|², tr Σ, tr Σ / |G|²).

    A batch of B rows has the mean square norm |G|² + tr Σ/B. Two sizes make two equations.

    Args:
        small, large: the two batch sizes, 0 < small < large.
        small_square, large_square: means, over many batches, of the gradient's squared norm.

    Returns:
        The square of the true gradient, the trace of a row's covariance, and their quotient, the noise scale in rows.
        The first two are unbiased and may come out ≤ 0 where too few batches were averaged; the third is then useless.
    """
    few, many = above(0, small=small, large=large)
    if (few >= many).any():
        raise ValueError(f"small={small!r} must be less than large={large!r}")
    signal = (many * large_square - few * small_square) / (many - few)
    noise = (small_square - large_square) / (1 / few - 1 / many)
    return plain(signal), plain(noise), plain(noise / signal)


def deepseek(compute):
    """(η, batch in tokens) as DeepSeek LLM fitted them, by training FLOPs (Bi et al. 2024, section 3.1)."""
    compute = above(0, compute=compute)
    return plain(0.3118 * compute**-0.1250), plain(0.2920 * compute**0.3271)


@dataclass(frozen=True)
class Published:
    """What a paper chose: parameters, width, tokens a step, tokens in all, rate."""

    name: str
    parameters: float
    width: int
    batch: float
    tokens: float
    lr: float


#: GPT-3: Brown et al. 2020, table 2.1. LLaMA: Touvron et al. 2023, table 2. DeepSeek LLM: Bi et al. 2024, table 2.
PUBLISHED = (
    Published("GPT-3 125M", 125e6, 768, 0.5e6, 300e9, 6.0e-4),
    Published("GPT-3 350M", 350e6, 1024, 0.5e6, 300e9, 3.0e-4),
    Published("GPT-3 760M", 760e6, 1536, 0.5e6, 300e9, 2.5e-4),
    Published("GPT-3 1.3B", 1.3e9, 2048, 1e6, 300e9, 2.0e-4),
    Published("GPT-3 2.7B", 2.7e9, 2560, 1e6, 300e9, 1.6e-4),
    Published("GPT-3 6.7B", 6.7e9, 4096, 2e6, 300e9, 1.2e-4),
    Published("GPT-3 13B", 13e9, 5140, 2e6, 300e9, 1.0e-4),
    Published("GPT-3 175B", 175e9, 12288, 3.2e6, 300e9, 0.6e-4),
    Published("LLaMA 7B", 6.7e9, 4096, 4e6, 1.0e12, 3.0e-4),
    Published("LLaMA 13B", 13e9, 5120, 4e6, 1.0e12, 3.0e-4),
    Published("LLaMA 33B", 32.5e9, 6656, 4e6, 1.4e12, 1.5e-4),
    Published("LLaMA 65B", 65.2e9, 8192, 4e6, 1.4e12, 1.5e-4),
    Published("DeepSeek 7B", 6.9e9, 4096, 2304 * 4096, 2.0e12, 4.2e-4),
    Published("DeepSeek 67B", 67e9, 8192, 4608 * 4096, 2.0e12, 3.2e-4),
)
