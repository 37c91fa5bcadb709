"""What is watched: parameters, their names and layers, and the buckets in which they are measured."""

import numpy as np
from torch import nn
from torch.nn.parameter import UninitializedParameter

from adamkit.diagnostics.host import gather
from adamkit.diagnostics.naming import named, unwrapped
from adamkit.diagnostics.rows import Layers
from adamkit.diagnostics.second_moment import SecondMoments

#: Kinds of layers whose speeds can be compared.
DENSE = (nn.Linear, nn.modules.conv._ConvNd, nn.RNNBase, nn.RNNCellBase, nn.MultiheadAttention)


class Watched:
    """The parameters of a model and of its optimizers, as they are now.

    Args:
        model, optimizers: the module, and `optimizers.Optimizers`.
        before: the `Watched` of the same run until now: its names keep their places, new ones come behind.

    Attributes:
        names, params, layers: of the parameters; `rows.Layers`.
        buckets: `buckets.Bucket` objects, each of parameters of one optimizer; ``of_optimizer`` their numbers, a list
            for each optimizer.
        moments: `second_moment.SecondMoments`.
        doubly: for each optimizer what it shares with another one of ours, see `_of_others`.
        given: number of the optimizer that holds each parameter, −1 for those that none holds, (params,); ``mine``
            whether each is held, (params,), for each optimizer.
        lazy: True while the model has parameters without a shape.
    """

    def __init__(self, model, optimizers, before=None):
        self.model, self.optimizers = model, optimizers
        self.lazy = any(isinstance(p, UninitializedParameter) for p in model.parameters())
        self.names, self.params = named(model, optimizers, lazy=self.lazy)
        if before is not None and len(before.names):
            self._keep_order(before)
        self.layers = Layers(self.names, self.params)
        self.moments = SecondMoments(optimizers, self.params)
        if before is not None:
            self.moments.take_over(before.moments)
        owners = optimizers.owners()
        self.given = np.array([owners.get(id(p), -1) for p in self.params], dtype=int)
        self.mine = [self.given == number for number in range(len(optimizers.all))]
        self.buckets, self.of_optimizer = [], []
        for number in range(len(optimizers.all)):
            mine = np.flatnonzero((self.given == number) | ((self.given < 0) & (number == 0)))
            found = gather(self.params, mine)
            self.of_optimizer.append(list(range(len(self.buckets), len(self.buckets) + len(found))))
            self.buckets += found
        self.doubly = [self._of_others(number) for number in range(len(optimizers.all))]
        self._groups = self._now()

    def _of_others(self, number):
        """[bucket, places in it] of what this optimizer holds and another one of ours, too, which measures it."""
        mine = {id(p) for group in self.optimizers.all[number].param_groups for p in group["params"]}
        found = [(bucket, [place for place, slot in enumerate(bucket.slots) if id(self.params[slot]) in mine])
                 for which, bucket in enumerate(self.buckets) if which not in self.of_optimizer[number]]
        return [(bucket, places) for bucket, places in found if places]

    def _now(self):
        """How many parameters each group has, and its first and its last."""
        return [(len(group["params"]), *map(id, (*group["params"][:1], *group["params"][-1:])))
                for group in self.optimizers.param_groups]

    @property
    def changed(self):
        """True if groups have other parameters than before, or those have moved to another precision or device."""
        return self.lazy or self._now() != self._groups or any(bucket.stale for bucket in self.buckets)

    def _keep_order(self, before):
        """Old names first, with the parameters that bear them now; of those that are gone, the old ones stay."""
        now = dict(zip(self.names, self.params))
        old = [(name, now.get(name, p)) for name, p in zip(before.names, before.params)]
        new = [(name, p) for name, p in now.items() if name not in set(before.names)]
        self.names, self.params = ([part[place] for part in (*old, *new)] for place in (0, 1))

    def left_out(self, elsewhere=frozenset()):
        """Names of parameters that stand apart, a list for each way of it, as `Readings.about` has them.

        Args:
            elsewhere: ids of parameters that other optimizers hold.
        """
        now = dict(self.model.named_parameters())
        mine, known = {id(p) for p in now.values()}, {id(p) for p in self.params}
        held = self.optimizers.owners().keys() | elsewhere
        frozen = {name for name, p in zip(self.names, self.params) if not p.requires_grad}
        outside = {name for name, p in zip(self.names, self.params) if id(p) not in held}
        strange = [name for name, p in zip(self.names, self.params) if id(p) not in mine]
        new = [name for name, p in now.items() if id(p) not in known | held and p.requires_grad
               and not isinstance(p, UninitializedParameter) and p.numel()]
        return {"frozen": sorted(frozen), "left_out": sorted(outside - frozen - set(strange)),
                "strange": sorted(strange), "newcomers": sorted(new)}

    def about(self):
        """The layers with "matrices" (tensors of two or more dimensions: not the norms), those that are "dense", and
        the "rates" of their groups at the start.
        """
        names, modules = self.layers.names, dict(unwrapped(self.model).named_modules())
        matrices, rates = {}, {}
        groups = self.optimizers.param_groups
        for layer, p, group in zip(self.layers.layer_of, self.params, self.moments.group_of):
            if p.ndim > 1:
                matrices[names[layer]] = True
            rate = groups[group].get("lr") if group >= 0 else None
            if isinstance(rate, int | float):
                rates[names[layer]] = max(rates.get(names[layer], 0.0), float(groups[group].get("initial_lr", rate)))
        return {"matrices": list(matrices), "rates": rates,
                "dense": [name for name in matrices if isinstance(modules.get(name), DENSE)]}
