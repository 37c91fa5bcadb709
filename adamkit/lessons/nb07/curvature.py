"""Sharpness: the largest eigenvalue of the Hessian of a loss, without ever making the Hessian.

    Hv = ∇⟨∇L(θ), v⟩                    a gradient of a gradient's component (Pearlmutter 1994)
    v ← Hv / ‖Hv‖                       again and again: v turns to the eigenvector of the largest |λ|
"""

import torch
from torch.func import functional_call

from adamkit.training.ensembles import one_thread


def sharpness(model, x, y, *, loss=torch.nn.functional.cross_entropy, iterations=200, tolerance=1e-4, seed=0):
    """Largest eigenvalue of the Hessian of the mean loss over (x, y) with respect to all parameters.

    Power iteration finds the eigenvalue of the largest absolute value. If that is negative, a second run on the
    Hessian shifted by it finds the largest one.

    Args:
        model: a torch module in evaluation mode; it is not changed. It must be differentiable twice where it matters:
            a ReLU's kinks count as flat.
        x, y: rows to average over, as ``loss(model(x), y)`` takes them.
        loss: (outputs, targets) → mean loss, a scalar.
        iterations: most products with the Hessian for each of the two runs, 1 or more.
        tolerance: stop when the estimate changes by less than this share of itself.
        seed: of the first direction.

    Returns:
        The eigenvalue, a float.
    """
    if iterations < 1:
        raise ValueError(f"iterations={iterations!r} must be 1 or more")
    theta = {name: parameter.detach().requires_grad_() for name, parameter in model.named_parameters()}
    with one_thread(), torch.enable_grad():
        slopes = torch.autograd.grad(loss(functional_call(model, theta, (x,)), y), theta.values(), create_graph=True)

        def product(v, shift):
            along = sum((slope * part).sum() for slope, part in zip(slopes, v.values(), strict=True))
            curved = torch.autograd.grad(along, theta.values(), retain_graph=True)
            return {name: bend - shift * v[name] for name, bend in zip(v, curved, strict=True)}

        start = _direction(theta, seed)
        largest = _power(product, start, 0.0, iterations, tolerance)
        return largest if largest >= 0 else largest + _power(product, start, largest, iterations, tolerance)


def _direction(theta, seed):
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn(value.shape, generator=generator).to(value) for name, value in theta.items()}


def _power(product, v, shift, iterations, tolerance):
    """Eigenvalue of the largest absolute value of H − shift·I, by Rayleigh quotients along a power iteration."""
    value = None
    for _ in range(iterations):
        norm = torch.sqrt(sum((part**2).sum() for part in v.values()))
        v = {name: part / norm for name, part in v.items()}
        turned = product(v, shift)
        before, value = value, sum((v[name] * turned[name]).sum() for name in v).item()
        if before is not None and abs(value - before) <= tolerance * abs(value):
            break
        v = turned
    return value
