"""Small real tasks that run offline, and ways to train on them. Needs torch and NumPy, no widget library.

    data        the digits, split and standardised; mini-batches
    text        Python's documentation, or your own text, as windows of characters
    sequences   shapes hidden in noisy rows of 40 numbers
    models      networks small enough for a laptop
    transformer a character transformer, pre-LN or post-LN
    tasks       data + model + loss under one name
    ensembles   many trainings at once: one for each setting of the hyper-parameters
    cost        bytes of state and time of a step
    loop        one training, with everything a real one needs: `fit`
    history     what happened in it: `Record`, `History`
    control     a hand on it while it runs: `Control`
    devices     which device, what it is, what to do when its memory was too little
    presets     sizes that fit the device
    distributed the same training in several processes
    lora        train a thin correction beside frozen matrices
    mup         rates by width: μP's parameter groups for Adam
"""

from adamkit.training import (
    checkpoints,
    control,
    cost,
    data,
    devices,
    distributed,
    ensembles,
    history,
    loop,
    lora,
    models,
    mup,
    presets,
    sequences,
    stored,
    tasks,
    text,
    transformer,
)
from adamkit.training.control import Control
from adamkit.training.history import History, Record
from adamkit.training.loop import Watcher, fit

__all__ = ["Control", "History", "Record", "Watcher", "checkpoints", "control", "cost", "data", "devices",
           "distributed", "ensembles", "fit", "history", "loop", "lora", "models", "mup", "presets", "sequences",
           "stored", "tasks", "text", "transformer"]
