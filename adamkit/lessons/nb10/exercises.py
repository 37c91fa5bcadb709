"""Exercises of notebook 10: what stands around the step, accumulation, the largest batch, a bill by hand, LoRA."""

import numpy as np

from adamkit.lessons.nb10.batches import ACCUMULATION, LARGEST
from adamkit.lessons.nb10.networks import cases, watch_the_weights
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise, NumberExercise
from adamkit.practice.plays import Case
from adamkit.practice.values import Tolerance

words = words_of(__name__)


def train(model, batches, loss, peak, schedule, weight_decay, clip):
    import torch

    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    optimizer, losses = torch.optim.AdamW(groups), []
    for step, (inputs, targets) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = peak * schedule(step)
        optimizer.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(error.item())
    return losses


LOOP = Exercise(
    **words("10-loop", train), cases=cases, how=watch_the_weights, tolerance=Tolerance(rtol=2e-5, atol=3e-6)
)


def lora_layer(x, weight, a, b, alpha):
    rank = len(a)
    return x @ weight.T + alpha / rank * (x @ a.T) @ b.T


def _lora_cases(rng):
    def case(name, rows, inputs, outputs, rank, alpha, *, start=False, repeated=False, order="C"):
        b = np.zeros((outputs, rank)) if start else rng.normal(size=(outputs, rank))
        a = rng.normal(size=(rank, inputs))
        a[-1] = a[0] if repeated else a[-1]
        arrays = {"x": rng.normal(size=(rows, inputs)), "weight": rng.normal(size=(outputs, inputs)), "a": a, "b": b}
        return Case(name, {**{key: np.array(value, order=order) for key, value in arrays.items()}, "alpha": alpha})

    return [
        case("rank 2, α = 3", 5, 4, 6, 2, 3.0),
        case("the same shapes, other numbers, stored column by column", 5, 4, 6, 2, 2.5, order="F"),
        case("a square matrix", 3, 5, 5, 2, 8.0),
        case("α = 0", 3, 4, 5, 2, 0.0),
        case("rank 1", 4, 3, 2, 1, 16.0),
        case("α = r", 2, 6, 4, 3, 3),
        case("the start, where B is 0", 3, 4, 5, 2, 16, start=True),
        case("one row, one output", 1, 3, 1, 1, 0.5),
        case("a rank as high as the matrix", 6, 3, 4, 3, 7.0),
        case("as many rows as inputs, outputs and ranks", 2, 2, 2, 2, 5.0),
        case("r above the inputs", 3, 2, 6, 5, 4.0),
        case("r above the outputs", 3, 6, 2, 5, 4.0),
        case("two rows of A that are equal", 3, 5, 4, 3, 4.0, repeated=True),
    ]


LORA = Exercise(**words("10-lora", lora_layer), cases=_lora_cases)

BILL = NumberExercise(**words("10-bill", 26.0))

EXERCISES = (LOOP, ACCUMULATION, BILL, LARGEST, LORA)
