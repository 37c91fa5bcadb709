"""Exercise of notebook 12: two lines of a checklist, written by the reader."""

import copy

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case, NotAttempted, refuse_non_function
from adamkit.practice.values import Tolerance

words = words_of(__name__)


def two_lines(model, optimizer, inputs, targets, classes):
    import math

    from torch.nn.functional import cross_entropy

    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    left_out = [name for name, p in model.named_parameters() if p.requires_grad and id(p) not in held]
    first_loss = cross_entropy(model(inputs), targets).item()
    return left_out, first_loss - math.log(classes)


def look_and_leave(function, case, transcript):
    """Play: both lines for a copy, with an optimizer that is made for it; then whether both are as they were."""
    import torch

    refuse_non_function(function)
    model, *rest = copy.deepcopy(list(case.args.values()))
    optimizer = case.hypers["optimizer"](model)
    before, held = [p.detach().clone() for p in model.parameters()], _held(optimizer)
    trained = [p.requires_grad for p in model.parameters()]
    with torch.enable_grad():  # at its end a switch that was left over is put back
        answer, tracked = function(model, optimizer, *rest), torch.is_grad_enabled()
    if answer is Ellipsis:
        raise NotAttempted("it returns `...`")
    pair = answer if isinstance(answer, (tuple, list)) and len(answer) == 2 else (answer, None)
    yield "the names", sorted(pair[0]) if isinstance(pair[0], (list, tuple, set)) else pair[0]
    yield "the first loss minus ln(classes)", pair[1]
    moved = any(bool((p != q).any()) for p, q in zip(model.parameters(), before, strict=True))
    yield "whether the weights have moved", moved
    yield "whether the model is in training mode, as before", all(m.training for m in model.modules())
    yield "whether the same parameters are to be trained", [p.requires_grad for p in model.parameters()] == trained
    yield "whether the optimizer holds the same parameters, with the same settings", _held(optimizer) == held
    yield "whether torch follows gradients, as before", tracked


def _held(optimizer):
    return [{**group, "params": [id(p) for p in group["params"]]} for group in optimizer.param_groups]


def _networks(draw):
    """The usual network for so many classes; one in which a layer stands twice; one with a layer that never runs and a
    bare scale.
    """
    import torch
    from torch import nn

    class Idle(nn.Sequential):
        def __init__(self, *layers):
            super().__init__(*layers)
            self.scale = nn.Parameter(torch.ones(4))

        def forward(self, x):
            return self.scale * self[1](self[0](x))

    def drawn(layers):
        with torch.no_grad():
            for p in layers.parameters():
                p.copy_(0.6 * torch.randn(p.shape, generator=draw))
        return layers.double()

    def usual(classes):
        layers = nn.Linear(5, 6), nn.LayerNorm(6), nn.Tanh(), nn.Linear(6, 6), nn.Linear(6, classes)
        return drawn(nn.Sequential(*layers))

    again = nn.Linear(5, 5)
    twice = drawn(nn.Sequential(again, nn.Tanh(), again, nn.Tanh(), nn.Linear(5, 4)))
    return usual, twice, drawn(Idle(nn.Linear(5, 6), nn.Linear(6, 4), nn.Linear(4, 4)))


def _cases(rng):
    import torch
    from torch import nn

    draw = torch.Generator().manual_seed(int(rng.integers(2**31)))
    network, twice, idle = _networks(draw)

    def case(name, held, *, classes=4, frozen=(), made=torch.optim.AdamW, model=None, louder=1.0):
        model = model or network(classes)
        for place in frozen:
            model[place].requires_grad_(False)
        inputs = torch.randn(4 + classes, 5, generator=draw, dtype=torch.float64)
        targets = torch.randint(classes - 1, (4 + classes,), generator=draw)  # the last class does not occur
        with torch.no_grad():
            model[-1].weight.mul_(louder)
        return Case(name, {"model": model, "inputs": inputs, "targets": targets, "classes": classes},
                    {"optimizer": lambda copied: made(held(copied), lr=0.1)})  # fmt: skip

    def groups(model):
        named = list(model.named_parameters())
        return [{"params": [p for _, p in named if p.ndim > 1]},
                {"params": [p for _, p in named if p.ndim < 2], "weight_decay": 0.0}]  # fmt: skip

    equal = network(3)
    equal[3].load_state_dict({name: 0 * value for name, value in equal[3].state_dict().items()})
    equal[1].load_state_dict({name: 0 * value for name, value in equal[1].state_dict().items()})
    return [
        case("all is there", lambda m: m.parameters()),
        case("one layer is forgotten", lambda m: [*m[0].parameters(), *m[1].parameters(), *m[3].parameters()]),
        case("two groups", groups, classes=10, made=torch.optim.SGD),
        case("two groups, and a bias in neither", lambda m: groups(m)[:1] + [{"params": [m[0].bias, m[4].bias]}]),
        case("a frozen layer that the optimizer rightly lacks", lambda m: m[4].parameters(), frozen=(0, 1, 3)),
        case("a frozen layer and a forgotten one", lambda m: m[4].parameters(), frozen=(0, 1), classes=3),
        case("equal numbers in two parameters of one shape", lambda m: [*m[0].parameters(), m[1].weight, m[3].weight,
             *m[4].parameters()], model=equal, classes=3),
        case("an optimizer that was made for a copy of the model", lambda m: copy.deepcopy(m).parameters(), classes=2),
        case("other parameters around the same memory", lambda m: [nn.Parameter(p.data) for p in m.parameters()]),
        case("a layer that stands twice is forgotten", lambda m: m[4].parameters(), model=twice),
        case("a layer that never runs is forgotten, and a bare parameter",
             lambda m: [*m[0].parameters(), *m[1].parameters()], model=idle),
        case("a group that stands still, and sure scores", lambda m: [{"params": m[:4].parameters(), "lr": 0.0},
             {"params": m[4].parameters()}], louder=8.0),
    ]  # fmt: skip


LINES = Exercise(
    **words("12-two-lines", two_lines), cases=_cases, how=look_and_leave, tolerance=Tolerance(rtol=1e-6, atol=1e-8)
)
