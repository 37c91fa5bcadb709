"""Exercise of notebook 12: the second number of a monitor, which is a name: where the first bad number arose."""

import copy

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case, refuse_non_function


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


def _noted(*, bad=lambda torch, x: not torch.isfinite(x).all(), modules=lambda model: model.named_modules(),
           chosen=0, before=False, none=None, keep=False):
    """The solution with one of its parts replaced."""

    def wrong(model, inputs):
        import torch

        found = []

        def watch(name):
            def look(module, given, output=None):
                if bad(torch, given[0] if before else output):
                    found.append(name)

            return look

        hooks = [(module.register_forward_pre_hook if before else module.register_forward_hook)(watch(name))
                 for name, module in modules(model)]
        model(inputs)
        for hook in [] if keep else hooks:
            hook.remove()
        return found[chosen] if found else none

    return wrong


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
    """Play: the answer for a copy of the model, and how many hooks are left on it afterwards."""
    refuse_non_function(function)
    model, inputs = copy.deepcopy(case.args["model"]), case.args["inputs"].clone()
    yield "the name", function(model, inputs)
    yield "hooks left on the model", sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules())


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
    }


FIRST = Exercise(
    key="12-first-non-finite",
    title="the first module that is not finite",
    statement="""
        The second number of a monitor is a name. Send `inputs` through `model` once and return the name, as
        `model.named_modules()` has it, of the module whose output was the first to hold a NaN or an infinity, in the
        order in which the modules *finish*; `None` if all are finite. Every module of the checker's models takes one
        tensor and gives one. A module may run in another order than it is listed in, twice, or not at all, and a block
        may go wrong in its own lines, between its layers: then the name of the block is asked. Leave no hook behind.

        ```python
        def first_non_finite(model, inputs):
            return ...  # a name, or None
        ```
    """,
    solution_code=first_non_finite,
    cases=lambda rng: [Case(name, {"model": model, "inputs": x}) for name, (model, x) in _networks().items()],
    how=watch_the_hooks,
    minutes=8,
    mistakes=(
        Mistake("the last, not the first", "You return the last module that was bad. Everything after the first was "
                "infected by it.", _noted(chosen=-1)),
        Mistake("infinity goes unseen", "`isnan` does not see infinity. A float that overflows becomes infinite first, "
                "and NaN only later, when two infinities meet.", _noted(bad=lambda torch, x: torch.isnan(x).any())),
        Mistake("NaN goes unseen", "`isinf` does not see NaN. `torch.isfinite` excludes both.",
                _noted(bad=lambda torch, x: torch.isinf(x).any())),
        Mistake("bad only where all numbers are", "One number of a batch is enough: `not torch.isfinite(x).all()`.",
                _noted(bad=lambda torch, x: not torch.isfinite(x).any())),
        Mistake("the inputs are looked at", "You look at what goes *into* a module, and so name the one after the "
                "culprit. A forward hook has the output as its third argument.", _noted(before=True)),
        Mistake("only the outermost modules", "You watch `named_children()`, the first level. Inside a block you are "
                "blind. `named_modules()` goes all the way down.", _noted(modules=lambda m: m.named_children())),
        Mistake("only the innermost modules", "You watch modules without children alone. A block can go wrong in its "
                "own lines, between its layers: watch all of them. Inner ones finish first.",
                _noted(modules=lambda m: [(n, x) for n, x in m.named_modules() if not list(x.children())])),
        Mistake("hooks left behind", "The name is right, but your hooks stay on the model, and every later forward "
                "pass pays for them. Keep what `register_forward_hook` returns, and call its `remove()`.",
                _noted(keep=True)),
        Mistake("an empty text where all is finite", "The empty text is the name of the whole model in "
                "`named_modules()`. Where all is finite, return `None`.", _noted(none="")),
        Mistake("one after the other", "You call the children yourself, in the order of their list. A model may use "
                "them in another order, or with something between. Call `model(inputs)`, and listen.",
                _one_after_the_other),
        Mistake("the weights are looked at", "Finite weights can give an infinite output, and a bad layer may never be "
                "called. Look at what comes out.", _by_weights),
    ),
    hints=(
        "`module.register_forward_hook(f)` calls `f(module, given, output)` each time the module has run.",
        "Register one on every module of `named_modules()`; each must know its own name, so make it in a function.",
        "Append the name to a list where `torch.isfinite(output).all()` is false. The answer is the first of the list.",
    ),
    explanation="""
        Inner modules finish before the block that holds them, so the list begins with the innermost culprit. The same
        idea with `register_full_backward_hook`, or a hook on each parameter, gives the order within a backward pass.
    """,
)  # fmt: skip
