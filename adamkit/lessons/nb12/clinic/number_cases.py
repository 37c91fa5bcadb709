"""Cases that end in NaN: arithmetic that cannot hold the numbers it meets."""

import torch

from adamkit.lessons.nb12.clinic.patient import Case, Run, Treatment
from adamkit.lessons.nb12.clinic.plan import Plan, shuffled
from adamkit.lessons.nb12.clinic.rate_cases import all_digits
from adamkit.training.models import MLP

BATCH = 32
ARRIVES = 150  # step (from 0) at which the broken batch comes


def with_garbage(data, *, scale, at=ARRIVES):
    """A shuffled feed in which one batch is noise of size ``scale`` with labels drawn at random."""

    def feed(seed, steps):
        generator = torch.Generator().manual_seed(seed + 1000)
        for step, (inputs, targets, number) in enumerate(shuffled(data, BATCH)(seed, steps)):
            if step == at:
                inputs = scale * torch.randn(inputs.shape, generator=generator, dtype=inputs.dtype)
                targets = torch.randint(data.classes, targets.shape, generator=generator)
            yield inputs, targets, number

    return feed


def log_of_softmax(outputs, targets):
    """Cross-entropy as the formula has it, −log p. p underflows to 0 where its logit is 104 below the largest."""
    return -torch.log(torch.softmax(outputs, dim=1).gather(1, targets[:, None])).mean()


class SkipNonFinite(torch.optim.Adam):
    """Adam that leaves out a step whose gradient is not finite, as a gradient scaler does."""

    def step(self, closure=None):
        """One step of Adam, or none."""
        gradients = [p.grad for group in self.param_groups for p in group["params"] if p.grad is not None]
        if not all(torch.isfinite(g).all() for g in gradients):
            for g in gradients:
                g.zero_()
            return None
        return super().step(closure)


LOG_OF_ZERO = Case(
    name="log_of_zero",
    disease="non_finite",
    story="All was well for 150 steps. Then the loss was NaN, and stayed so.",
    plan=Plan(
        model=lambda: MLP((64, 64, 10)),
        feed=with_garbage(all_digits(), scale=100.0),
        loss=log_of_softmax,
        lr=3e-3,
        steps=300,
    ),
    treatments={
        "fused loss": Treatment("cross_entropy on the logits", {"loss": torch.nn.functional.cross_entropy}, True,
                                "it never forms the probability that underflows; the garbage still enters m and v"),
        "skip the step": Treatment("skip steps whose gradient is not finite", {"optimizer": SkipNonFinite}, True,
                                   "one batch is lost, the weights are not"),
        "fix the data": Treatment("leave the broken batch out", {"feed": shuffled(all_digits(), BATCH)}, True,
                                  "the batch was garbage"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "NaN times any factor is NaN"),
        "larger ε": Treatment("ε from 1e-8 to 1e-3", {"hypers": {"eps": 1e-3}}, False,
                              "the gradient is NaN before ε is added to anything"),
        "lower rate": Treatment("a third of the rate", {"lr": 1e-3}, False, "the batch comes all the same"),
    },
    good=0.3,
)  # fmt: skip


def half_network():
    """A small network all in float16."""
    return MLP((64, 64, 10), activation="tanh").half()


def whole_network():
    """The same network in float32, that reads float16 inputs."""
    return torch.nn.Sequential(_ToFloat(), *MLP((64, 64, 10), activation="tanh"))


class _ToFloat(torch.nn.Module):
    def forward(self, x):
        return x.float()


HALF_PRECISION = Case(
    name="half_precision",
    disease="non_finite",
    story="To save memory, model.half() and then torch's Adam with its defaults. NaN at the second step.",
    plan=Plan(half_network, shuffled(all_digits().to(dtype=torch.float16), 64), lr=1e-3, steps=200),
    treatments={
        "larger ε": Treatment("ε from 1e-8 to 1e-4", {"hypers": {"eps": 1e-4}}, True,
                              "in float16, 1e-8 is 0, and so is v where |g| is below a few thousandths: 0 + 0"),
        "float32 weights": Treatment("weights and optimizer in float32", {"model": whole_network}, True,
                                     "float32 holds both ε and v"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "the gradients are too small, not too large"),
        "lower rate": Treatment("a tenth of the rate", {"lr": 1e-4}, False, "a tenth of infinity"),
        "β₂ 0.95": Treatment("β₂ from 0.999 to 0.95", {"hypers": {"betas": (0.9, 0.95)}}, False,
                             "v is 50 times larger; some of it is still below what float16 can hold"),
    },
    good=1.0,
)  # fmt: skip

EXPLODED = Case(
    name="exploded",
    disease="non_finite",
    story="SGD with momentum. One batch came out of a broken file. A few steps later everything was NaN.",
    plan=Plan(
        model=lambda: MLP((64, 64, 64, 64, 10), activation="gelu"),
        feed=with_garbage(all_digits(), scale=1e4),
        lr=0.05,
        steps=300,
        optimizer=torch.optim.SGD,
        hypers={"momentum": 0.9},
    ),
    treatments={
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, True,
                              "the step of SGD is as long as its gradient; now the gradient is short"),
        "fix the data": Treatment("leave the broken batch out", {"feed": shuffled(all_digits(), BATCH)}, True,
                                  "the batch was garbage"),
        "lower rate": Treatment("a fifth of the rate", {"lr": 0.01}, False, "a fifth of far too much"),
    },
    measure=Run.late,
    good=0.3,
)  # fmt: skip

CASES = (LOG_OF_ZERO, HALF_PRECISION, EXPLODED)
