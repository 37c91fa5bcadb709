"""Exercise of notebook 12: two lines of a checklist, written by the reader."""

import copy
import math

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case, NotAttempted, refuse_non_function
from adamkit.practice.values import Tolerance


def two_lines(model, optimizer, inputs, targets, classes):
    import math

    from torch.nn.functional import cross_entropy

    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    left_out = [name for name, p in model.named_parameters() if p.requires_grad and id(p) not in held]
    first_loss = cross_entropy(model(inputs), targets).item()
    return left_out, first_loss - math.log(classes)


def _wrong(*, names=None, gap=lambda loss, classes: loss - math.log(classes), held=None, reduction="mean",
           outputs=lambda x: x):
    """The solution with one of its parts replaced."""

    def wrong(model, optimizer, inputs, targets, classes):
        from torch.nn.functional import cross_entropy

        groups = optimizer.param_groups
        ids = {id(p) for p in (held(groups) if held else [p for group in groups for p in group["params"]])}
        listed = list(model.named_parameters())
        left = names(listed, groups) if names else [n for n, p in listed if p.requires_grad and id(p) not in ids]
        return left, gap(cross_entropy(outputs(model(inputs)), targets, reduction=reduction).item(), classes)

    return wrong


def _by_shape(listed, groups):
    shapes = {tuple(p.shape) for group in groups for p in group["params"]}
    return [name for name, p in listed if p.requires_grad and tuple(p.shape) not in shapes]


def _by_value(listed, groups):
    held = [p for group in groups for p in group["params"]]
    return [name for name, p in listed if p.requires_grad
            and not any(p.shape == q.shape and bool((p == q).all()) for q in held)]  # fmt: skip


def _by_count(listed, groups):
    """Whatever stands last in the model's list, as many as are missing."""
    wanted = [name for name, p in listed if p.requires_grad]
    return wanted[sum(len(group["params"]) for group in groups):]


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
    key="12-two-lines",
    title="two lines of a checklist",
    statement="""
        Two checks that take a second before a run of a week. Return a pair:

        1. the names, as `model.named_parameters()` has them, of the parameters that are to be trained
           (`requires_grad`) and that the optimizer does **not** hold, in any of its groups, as a list in any order;
        2. the cross-entropy of `model(inputs)` against `targets`, its mean over the rows, minus ln(`classes`): near 0
           where a fresh model knows nothing yet.

        An optimizer holds a parameter when it holds *that object*; another one with the same numbers does not count.
        Take no step, and leave the weights as they are.

        ```python
        def two_lines(model, optimizer, inputs, targets, classes):
            return ...  # a list of names, a number
        ```
    """,
    solution_code=two_lines,
    cases=_cases,
    how=look_and_leave,
    tolerance=Tolerance(rtol=1e-6, atol=1e-8),
    minutes=6,
    mistakes=(
        Mistake("frozen parameters are missed", "A parameter with `requires_grad=False` is not to be trained, so the "
                "optimizer rightly lacks it.",
                _wrong(names=lambda listed, groups: [
                    n for n, p in listed if not any(p is q for group in groups for q in group["params"])])),
        Mistake("only the first group", "`param_groups[0]` is one of several.", _wrong(held=lambda g: g[0]["params"])),
        Mistake("compared by shape", "You compare shapes. Two biases of one width are not the same parameter: compare "
                "objects, by `is` or by `id`.", _wrong(names=_by_shape)),
        Mistake("compared by value", "You compare numbers. Two biases of zeros are equal and not the same; and a copy "
                "of the model has the same numbers, but its optimizer moves the copy.", _wrong(names=_by_value)),
        Mistake("counted, not compared", "You compare how many there are, and name the last of the list. Which are "
                "missing is another question.", _wrong(names=_by_count)),
        Mistake("those that it holds", "These are the names of the parameters that *are* in the optimizer.",
                _wrong(names=lambda listed, groups: [
                    n for n, p in listed if any(p is q for group in groups for q in group["params"])])),
        Mistake("the loss itself", "Subtract ln(classes).", _wrong(gap=lambda loss, classes: loss)),
        Mistake("the other way round", "The loss comes first, then minus ln(classes): a positive number is a loss that "
                "is too high.", _wrong(gap=lambda loss, classes: math.log(classes) - loss)),
        Mistake("a ratio", "Asked is the difference. A ratio of 1 would say the same.",
                _wrong(gap=lambda loss, classes: loss / math.log(classes))),
        Mistake("a relative difference", "You divide by ln(classes) as well. Asked is the plain difference.",
                _wrong(gap=lambda loss, classes: loss / math.log(classes) - 1)),
        Mistake("another logarithm", "Cross-entropy is counted in natural logarithms; `log2` or `log10` of the classes "
                "does not fit it.", _wrong(gap=lambda loss, classes: loss - math.log2(classes))),
        Mistake("a distance", "You take the absolute value. The sign says whether the loss is too high or too low.",
                _wrong(gap=lambda loss, classes: abs(loss - math.log(classes)))),
        Mistake("a sum over the rows", "The mean over the rows is asked; a sum grows with the batch.",
                _wrong(reduction="sum")),
        Mistake("softmax twice", "`cross_entropy` takes raw scores and does the softmax itself. (It is a line of the "
                "full checklist, too.)", _wrong(outputs=lambda x: x.softmax(dim=1))),
    ),
    hints=(
        'All parameters that the optimizer holds: `[p for group in optimizer.param_groups for p in group["params"]]`.',
        "`p in list` compares tensors number by number, and raises. A set of `id(p)` compares objects.",
        "`torch.nn.functional.cross_entropy(model(inputs), targets).item() - math.log(classes)`.",
    ),
    explanation="""
        The first line finds layers made after the optimizer, and optimizers made for another copy of the model. The
        second finds a start far from "I do not know": scores too large, targets off, a softmax too many.
    """,
)  # fmt: skip
