"""Exercise of notebook 12: the second number of a monitor, which is a name: where the first bad number arose."""

import copy

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case, refuse_non_function

words = words_of(__name__)


def first_non_finite(model, inputs):
    import torch

    bad = []

    def watch(name):
        def look(module, given, output):
            if not torch.isfinite(output).all():
                bad.append(name)

        return look

    hooks = [module.register_forward_hook(watch(name)) for name, module in model.named_modules()]
    model(inputs)
    for hook in hooks:
        hook.remove()
    return bad[0] if bad else None


def _one_after_the_other(model, inputs):
    import torch

    x = inputs
    for name, module in model.named_children():
        x = module(x)
        if not torch.isfinite(x).all():
            return name
    return None


def _by_weights(model, inputs):
    import torch

    for name, module in model.named_modules():
        if not all(torch.isfinite(p).all() for p in module.parameters(recurse=False)):
            return name
    return None


def watch_the_hooks(function, case, transcript):
    """Play: the answer for a copy of the model that has two hooks already, and in what the copy has changed."""
    import torch

    refuse_non_function(function)
    model, inputs, passes = copy.deepcopy(case.args["model"]), case.args["inputs"].clone(), []
    model.register_forward_pre_hook(lambda *_: passes.append(1))
    model.register_forward_hook(lambda *_: None)
    before = _hooks(model)
    with torch.enable_grad():  # at its end a switch that was left over is put back
        name, tracked = function(model, inputs), torch.is_grad_enabled()
    yield "the name", name
    after = _hooks(model)
    yield "hooks left on the model", len(after - before)
    yield "hooks of others that are gone", len(before - after)
    yield "passes beyond the first", max(len(passes) - 1, 0)
    yield "whether the model is in training mode, as before", all(m.training for m in model.modules())
    yield "whether torch follows gradients, as before", tracked


def _hooks(model):
    """All forward hooks that the model would call, those for every module included."""
    from torch.nn.modules import module

    places = [module._global_forward_hooks, module._global_forward_pre_hooks]
    for m in model.modules():
        places += m._forward_hooks, m._forward_pre_hooks
    return {(id(hooks), key) for hooks in places for key in hooks}


def _kinds():
    """Modules that can break: a logarithm; a block whose own lines may; a layer that is called twice."""
    import torch
    from torch import nn

    class Log(nn.Module):
        def forward(self, x):
            return torch.log(x)

    class Block(nn.Module):
        """Layers that run in another order than they are listed in, and a sum in the block's own lines."""

        def __init__(self, root=False):
            super().__init__()
            self.last, self.first, self.spare, self.root = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 3), root

        def forward(self, x):
            inner = torch.relu(self.first(x))
            return self.last(inner) + (torch.sqrt(-1 - inner) if self.root else x)

    class Twice(nn.Module):
        """One layer called twice: only the second result is too large."""

        def __init__(self):
            super().__init__()
            self.grow, self.end = nn.Linear(3, 3, bias=False), nn.Tanh()
            self.grow.weight.data.fill_(2.0)

        def forward(self, x):
            return self.end(self.grow(2e37 * self.grow(x)))

    return Log, Block, Twice


def _networks():
    """name → (model, inputs): what breaks, and where."""
    import torch
    from torch import nn

    def huge(layer):
        layer.weight.data.fill_(3e38)
        return layer

    Log, Block, Twice = _kinds()
    torch.manual_seed(0)
    x, sound, unused, late = torch.rand(4, 3) + 0.5, Block(), Block(), Block()
    unused.spare.weight.data.fill_(torch.nan)
    huge(late.first)
    one = torch.ones(4, 3)
    one[2, 1] = 0
    return {
        "all is finite": (nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), x),
        "the second of three": (nn.Sequential(nn.Linear(3, 3), Log(), nn.Linear(3, 2)), x - 3),
        "infinity, which a tanh makes finite again": (nn.Sequential(huge(nn.Linear(3, 3)), nn.Tanh(), Log()), x),
        "one number of many": (nn.Sequential(nn.Identity(), Log(), nn.Identity()), one),
        "layers that run in another order": (nn.Sequential(nn.Linear(3, 3), late), x),
        "a sum in a block's own lines": (nn.Sequential(nn.Linear(3, 3), Block(root=True), nn.Linear(3, 1)), x),
        "a bad layer that is never called": (nn.Sequential(unused, sound), x),
        "a layer called twice": (Twice(), torch.ones(4, 3)),
        "blocks inside blocks": (nn.Sequential(sound, nn.Sequential(nn.Sequential(nn.ReLU(), Log()), nn.ReLU())), -x),
        "the inputs are bad already": (nn.Sequential(nn.ReLU(), nn.Linear(3, 1)), x / 0),
        "the whole model's own lines": (Block(root=True), x),
        "an infinity that the next layer writes over": (nn.Sequential(Log(), nn.ReLU(inplace=True), nn.Tanh()), one),
        "two that go wrong, each by itself": (nn.Sequential(Log(), nn.Tanh(), nn.Sequential(Log(), nn.Tanh())), one),
    }


def _cases(rng):
    return [Case(name, {"model": model, "inputs": x}) for name, (model, x) in _networks().items()]


FIRST = Exercise(**words("12-first-non-finite", first_non_finite), cases=_cases, how=watch_the_hooks)
