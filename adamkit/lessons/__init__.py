"""What belongs to one notebook: its exercises, what it asks, its explorers, the machinery of its own experiments.

One folder a notebook, ``nbNN``; what a later notebook shows again lies with the first. `adamkit.practice.catalogue`
finds by key what a folder's module holds: ``EXERCISES``, ``PREDICTIONS``, ``INTERVIEWS``, ``SELF_CHECK``; `explorers`
has all explorers by name. A lesson may import the whole library; the library imports no lesson.
"""
