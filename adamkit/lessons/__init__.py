"""What belongs to one notebook: its exercises, what it asks, and the machinery of its own experiments.

One folder a notebook, ``nbNN``. `adamkit.practice.catalogue` finds by key what a folder's module holds: ``EXERCISES``,
``PREDICTIONS``, ``INTERVIEWS``, ``SELF_CHECK``. A lesson may import the whole library; the library imports no lesson.
"""
