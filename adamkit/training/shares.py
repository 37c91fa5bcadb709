"""How much each micro-batch counts, so that the parts of a batch train as the whole batch would.

A loss is a mean, and the mean over all is that of the parts' means weighed by what each was taken over. Mostly those
are rows. torch's cross-entropies leave out targets of ``ignore_index`` (−100, such as padding) and weigh classes: what
they divide by is counted here as they count it.
"""

import functools

import torch
from torch import nn
from torch.nn import functional

from adamkit.training.feed import rows_of

#: torch's losses that divide by something else than rows, as functions and as modules.
FUNCTIONS = (functional.cross_entropy, functional.nll_loss)
MODULES = (nn.CrossEntropyLoss, nn.NLLLoss)


def shares(loss, parts):
    """The share of each part (inputs, targets) in the mean over all of them: numbers, or tensors on their device.

    With ``reduction="sum"`` each part counts as it is.
    """
    options = _options(loss)
    if options is None or any(targets.is_floating_point() for _, targets in parts):
        counted = rows_of(parts)
    elif options.get("reduction", "mean") == "sum":
        return [1.0] * len(parts)
    else:
        counted = [_counted(targets, options.get("ignore_index", -100), options.get("weight")) for _, targets in parts]
    return [one / sum(counted) for one in counted]


def weighed(loss, share):
    """(the part's loss times its share, that to add to the total): a part in which nothing counts adds nothing."""
    if not torch.is_tensor(share):
        return loss * share, (loss * share).detach()
    own = loss * share.to(loss)
    return own, torch.where(share == 0, torch.zeros_like(own), own).detach()


def _options(loss):
    """What one of torch's cross-entropies was given, also through functools.partial; None for any other loss."""
    given = {}
    while isinstance(loss, functools.partial) and not loss.args:
        given, loss = {**loss.keywords, **given}, loss.func
    if loss in FUNCTIONS:
        return given
    if type(loss) in MODULES and not given:
        return {"ignore_index": loss.ignore_index, "weight": loss.weight, "reduction": loss.reduction}
    return None


def _counted(targets, ignored, weight):
    """What the mean over a part's targets is divided by: their number, or the sum of their classes' weights."""
    kept = targets != ignored
    wide = torch.float32 if targets.device.type == "mps" else torch.float64
    if weight is None:
        return kept.sum().to(wide)
    return (weight.detach()[torch.where(kept, targets, 0)] * kept).sum().to(wide)
