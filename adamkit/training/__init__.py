"""Small real tasks that run offline, and ways to train on them. Needs torch and NumPy, no widget library.

    data        the digits, split and standardised; mini-batches
    models      networks small enough for a laptop
    tasks       data + model + loss under one name
    ensembles   many trainings at once: one for each setting of the hyper-parameters
"""

from adamkit.training import data, ensembles, models, tasks

__all__ = ["data", "ensembles", "models", "tasks"]
