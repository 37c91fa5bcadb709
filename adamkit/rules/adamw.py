"""AdamW: Adam whose weight decay bypasses the division by √v̂."""

from dataclasses import dataclass

from adamkit.rules.adam import Adam
from adamkit.rules.arrays import is_off
from adamkit.rules.base import hyper


@dataclass(frozen=True, eq=False)
class AdamW(Adam):
    """AdamW (Loshchilov & Hutter 2019, algorithm 2).

    One line differs from `Adam`: the decay shrinks the weights directly, so each coordinate decays
    at the same rate, whatever its gradients. As in torch.optim.AdamW λ is multiplied by ``lr``; in
    the paper it is multiplied by the schedule alone, so λ_paper = lr·λ_torch.

    Arguments as for `Adam`, except ``weight_decay``: 0.01 by default, as in torch.
    """

    weight_decay: float = hyper(0.01, low=0)

    torch_arguments = Adam.torch_arguments._replace(fixed={"decoupled_weight_decay": True})

    def update(self, g, theta, state, t):
        """One step of AdamW."""
        if not is_off(self.weight_decay):
            # θ ← θ − ηλθ
            theta = theta - self.lr * self.weight_decay * theta
        return self.adam_step(g, theta, state, t)
