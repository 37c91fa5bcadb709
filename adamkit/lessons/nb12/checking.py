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
    """Play: both lines for copies; then whether weights and gradients are as they were."""
    refuse_non_function(function)
    model, optimizer, *rest = copy.deepcopy(list(case.args.values()))
    before = [p.detach().clone() for p in model.parameters()]
    answer = function(model, optimizer, *rest)
    if answer is Ellipsis:
        raise NotAttempted("it returns `...`")
    pair = answer if isinstance(answer, (tuple, list)) and len(answer) == 2 else (answer, None)
    yield "the names", sorted(pair[0]) if isinstance(pair[0], (list, tuple, set)) else pair[0]
    yield "the first loss minus ln(classes)", pair[1]
    moved = any(bool((p != q).any()) for p, q in zip(model.parameters(), before, strict=True))
    yield "whether the weights have moved", moved


def _cases(rng):
    import torch
    from torch import nn

    draw = torch.Generator().manual_seed(int(rng.integers(2**31)))

    def network(classes):
        layers = nn.Sequential(nn.Linear(5, 6), nn.LayerNorm(6), nn.Tanh(), nn.Linear(6, 6), nn.Linear(6, classes))
        with torch.no_grad():
            for p in layers.parameters():
                p.copy_(0.6 * torch.randn(p.shape, generator=draw))
        return layers.double()

    def case(name, held, *, classes=4, frozen=(), made=torch.optim.AdamW, model=None):
        model = model or network(classes)
        for place in frozen:
            model[place].requires_grad_(False)
        inputs = torch.randn(7, 5, generator=draw, dtype=torch.float64)
        targets = torch.randint(classes, (7,), generator=draw)
        return Case(name, {"model": model, "optimizer": made(held(model), lr=0.1), "inputs": inputs,
                           "targets": targets, "classes": classes})  # fmt: skip

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
    ]  # fmt: skip


LINES = Exercise(
    **words("12-two-lines", two_lines), cases=_cases, how=look_and_leave, tolerance=Tolerance(rtol=1e-6, atol=1e-8)
)
