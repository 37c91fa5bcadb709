"""What training costs: bytes of optimizer state, bytes kept for the backward pass, the time of a step beside Adam's.

    cost.state_bytes(cost.on_matrices("Adam8bit"))       # 2.03
    cost.saved_bytes(model, lambda: model(inputs))       # activations, at the end of the forward pass
    cost.step_ratio("Muon")                              # times as long as Adam's step, here and now
"""

import time

import torch

from adamkit import torch_optim

#: Four hidden matrices and their biases, a million parameters: larger than what a processor keeps close.
SHAPES = ((512, 512), (512,)) * 4


def on_matrices(name, *, shapes=SHAPES, compile=False):
    """Optimizers of `adamkit.torch_optim` for parameters of these shapes that have gradients; Muon brings an AdamW.

    Args:
        name: of the class, such as "Adam8bit".
        shapes: of the parameters, float32.
        compile: as the optimizers take it.
    """
    generator = torch.Generator().manual_seed(0)
    params = [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in shapes]
    for p in params:
        p.grad = torch.randn(p.shape, generator=generator)
    if name != "Muon":
        return [getattr(torch_optim, name)(params, compile=compile)]
    vectors = [p for p in params if p.ndim != 2]
    muon = torch_optim.Muon([p for p in params if p.ndim == 2], compile=compile)
    return [muon, torch_optim.AdamW(vectors, compile=compile)] if vectors else [muon]


def step(optimizers):
    """One step of each."""
    for optimizer in optimizers:
        optimizer.step()


def state_bytes(optimizers):
    """Bytes of state tensors for each parameter, step counters left out; measured after a step."""
    step(optimizers)
    held = parameters = 0
    for optimizer in optimizers:
        for state in optimizer.state.values():
            held += sum(x.nbytes for x in state.values() if torch.is_tensor(x) and x.ndim > 0)
        parameters += sum(p.numel() for group in optimizer.param_groups for p in group["params"])
    return held / parameters


def saved_bytes(model, forward):
    """Bytes of the tensors that ``forward()`` keeps for a backward pass; the model's parameters are not counted.

    A tensor that several operations keep counts once, different views of one piece together no more than the piece.
    It is a count of what the graph holds, the same on every device of one kind; an allocator rounds up, and needs
    more for work in between.
    """
    own, kept = {p.untyped_storage().data_ptr() for p in model.parameters()}, {}

    def note(tensor):
        place = tensor.untyped_storage().data_ptr()
        if place not in own:
            # the tensor is held along with its size, lest its place be given to another before the pass is over
            views = kept.setdefault(place, (tensor, {}))[1]
            views[tensor.storage_offset(), tensor.shape, tensor.stride()] = tensor.numel() * tensor.element_size()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        graph = forward()
    del graph
    return sum(min(tensor.untyped_storage().nbytes(), sum(views.values())) for tensor, views in kept.values())


def largest_that_fits(fits):
    """The largest whole number ≥ 1 for which ``fits`` answers True, or 0: doubled until it fails, then bisected.

    Args:
        fits: number → bool; True up to some number and False from there on. Asked 2·log₂(answer) + 2 times at most,
            and never about more than twice the answer.
    """
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good


def step_ratio(name, *, beside="Adam", repeats=15, compile=False):
    """Processor time of a step, as a multiple of another optimizer's: the fastest of several, turn by turn.

    Other work on the machine slows some repeats down; taking turns, and the fastest, leaves most of that out.
    """
    rivals = {key: on_matrices(key, compile=compile) for key in (name, beside)}
    fastest = dict.fromkeys(rivals, float("inf"))
    for optimizers in rivals.values():
        for _ in range(3):
            step(optimizers)
    for _ in range(repeats):
        for key, optimizers in rivals.items():
            start = time.process_time()
            step(optimizers)
            fastest[key] = min(fastest[key], time.process_time() - start)
    return fastest[name] / fastest[beside]
