"""The schedules themselves, one formula each."""

import math

import numpy as np

from adamkit.arguments import positive, whole
from adamkit.schedules.base import horizon, schedule, share

DECAYS = ("linear", "cosine", "sqrt")


@schedule
def constant(step):
    """1 at every step."""
    return np.ones_like(step)


@schedule
def linear_warmup(step, *, warmup, start=0.0):
    """From ``start`` to 1 in equal parts over ``warmup`` steps, then 1.

    factor = start + (1 − start)·min(1, step/warmup), which is torch's ``LinearLR(start_factor=start,
    total_iters=warmup)``.

    Args:
        warmup: ≥ 0 steps; the factor is 1 from step ``warmup`` on.
        start: factor at step 0, in [0, 1]. With 0 the first step does not move the weights;
            1/(warmup + 1) gives (step + 1)/(warmup + 1).
    """
    whole("warmup", warmup, 0)
    share("start", start)
    return _ramp(step, warmup, start)


@schedule
def warmup_cosine(step, *, warmup, total, floor=0.0, start=0.0):
    """Linear warmup, then half a cosine from 1 to ``floor`` at step ``total``, then ``floor``.

    factor = floor + (1 − floor)·½(1 + cos πp), p = (step − warmup)/(total − warmup), clamped to 1.
    The decay is torch's ``CosineAnnealingLR(T_max=total − warmup)`` up to its end; torch's then
    climbs again. After SGDR without restarts (Loshchilov & Hutter 2017); the schedule of GPT-3
    and LLaMA with floor 0.1.

    Args:
        warmup: ≥ 0 steps.
        total: ≥ warmup, all steps, warmup included.
        floor: the last factor, in [0, 1].
        start: factor at step 0, as in `linear_warmup`.
    """
    horizon(warmup, total, start, floor)
    decay = floor + (1 - floor) * _falling("cosine", _progress(step, warmup, total))
    return np.where(step < warmup, _ramp(step, warmup, start), decay)


@schedule
def warmup_linear(step, *, warmup, total, floor=0.0, start=0.0):
    """Linear warmup, then a straight line from 1 to ``floor`` at step ``total``, then ``floor``.

    After BERT (Devlin et al. 2019), with floor 0; BERT's code counts the line from step 0, so that its rate drops by
    warmup/total when the ramp ends. Arguments as for `warmup_cosine`.
    """
    horizon(warmup, total, start, floor)
    decay = floor + (1 - floor) * _falling("linear", _progress(step, warmup, total))
    return np.where(step < warmup, _ramp(step, warmup, start), decay)


@schedule
def warmup_inverse_sqrt(step, *, warmup, start=0.0):
    """Linear warmup, then √(warmup/step): the peak, 1, is at the end of the warmup.

    The shape of the original Transformer's schedule; `transformer` has its absolute rates. It needs
    no total, so training can go on for as long as it pays.

    Args:
        warmup: ≥ 1 steps.
        start: factor at step 0, as in `linear_warmup`.
    """
    whole("warmup", warmup, 1)
    share("start", start)
    return np.where(step < warmup, _ramp(step, warmup, start), np.sqrt(warmup / np.maximum(step, warmup)))


@schedule
def warmup_stable_decay(step, *, warmup, total, decay, floor=0.0, start=0.0, shape="linear"):
    """Linear warmup, a constant 1, and a decay to ``floor`` over the last ``decay`` steps before ``total``.

    WSD (named by Hu et al. 2024, MiniCPM; they decay over about the last tenth). The constant part
    can be prolonged without knowing the end in advance.

    Args:
        warmup, total, floor, start: as for `warmup_cosine`.
        decay: ≥ 0 steps; warmup + decay ≤ total.
        shape: ``"linear"`` 1 − p, ``"cosine"`` ½(1 + cos πp), or ``"sqrt"`` 1 − √p (Hägele et al.
            2024), p being the part of the decay that is over.
    """
    horizon(warmup, total, start, floor)
    whole("decay", decay, 0)
    if warmup + decay > total:
        raise ValueError(f"warmup={warmup} and decay={decay} must fit into total={total}")
    if shape not in DECAYS:
        raise ValueError(f"shape={shape!r} is not one of {list(DECAYS)}")
    fall = floor + (1 - floor) * _falling(shape, _progress(step, total - decay, total))
    return np.where(step < warmup, _ramp(step, warmup, start), fall)


@schedule
def step_decay(step, *, every=None, milestones=None, gamma=0.1, warmup=0, start=0.0):
    """Times ``gamma`` after each ``every`` steps, or at each of ``milestones``; a staircase.

    gamma^⌊step/every⌋ is torch's ``StepLR``; gamma^(number of milestones ≤ step) is ``MultiStepLR``,
    the schedule of ResNet on CIFAR-10 (He et al. 2016). Give one of the two.

    Args:
        every: ≥ 1 steps.
        milestones: whole numbers of steps ≥ 0, in any order.
        gamma: > 0.
        warmup, start: as in `linear_warmup`; the ramp multiplies the staircase, whose steps count from 0.
    """
    whole("warmup", warmup, 0)
    share("start", start)
    positive("gamma", gamma)
    if (every is None) == (milestones is None):
        raise ValueError(f"step_decay needs either every or milestones, not every={every!r}, milestones={milestones!r}")
    if every is not None:
        whole("every", every, 1)
        drops = step // every
    else:
        for milestone in milestones:
            whole("milestones", milestone, 0)
        drops = np.searchsorted(np.sort(np.array(milestones, dtype=float)), step, side="right")
    return _ramp(step, warmup, start) * gamma ** np.asarray(drops, dtype=float)


@schedule
def transformer(step, *, d_model, warmup=4000):
    """The learning rate itself of Vaswani et al. 2017, section 5.3: use it with ``lr=1``.

    d_model^−½ · min(s^−½, s·warmup^−3/2). Their s counts from 1, so s = step + 1. The peak, at
    s = warmup, is 1/√(d_model·warmup): 6.99e-4 for their base model.

    Args:
        d_model: ≥ 1, width of the model.
        warmup: ≥ 1 steps.
    """
    whole("d_model", d_model, 1)
    whole("warmup", warmup, 1)
    s = step + 1
    return np.minimum(s**-0.5, s * warmup**-1.5) / math.sqrt(d_model)


def _ramp(step, warmup, start):
    """start → 1 over ``warmup`` steps, then 1."""
    if warmup == 0:
        return np.ones_like(step)
    return start + (1 - start) * np.minimum(step / warmup, 1.0)


def _progress(step, begin, end):
    """Part of the way from ``begin`` to ``end`` that is over, from 0 to 1."""
    if begin == end:
        return (step >= end).astype(float)
    return np.clip((step - begin) / (end - begin), 0.0, 1.0)


def _falling(shape, progress):
    """1 → 0 while ``progress`` goes from 0 to 1."""
    if shape == "cosine":
        return 0.5 * (1 + np.cos(np.pi * progress))
    return 1 - (np.sqrt(progress) if shape == "sqrt" else progress)
