"""Small real tasks that run offline, and ways to train on them. Needs torch and NumPy, no widget library.

    data        the digits, split and standardised; mini-batches
    text        Python's documentation, or your own text, as windows of characters
    models      networks small enough for a laptop
    transformer a character transformer, pre-LN or post-LN
    tasks       data + model + loss under one name
    ensembles   many trainings at once: one for each setting of the hyper-parameters
"""

from adamkit.training import data, ensembles, models, tasks, text, transformer

__all__ = ["data", "ensembles", "models", "tasks", "text", "transformer"]
