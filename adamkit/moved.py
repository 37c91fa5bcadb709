"""Names of the first edition whose modules have moved: ``import adamkit.clinic`` gives the module where it is now."""

import importlib
import sys
from importlib.machinery import ModuleSpec

#: Old name → new one, of a module and all that lies below it.
MOVED = {
    "adamkit.clinic": "adamkit.lessons.nb12.clinic",
    "adamkit.lineage": "adamkit.lessons.nb08.lineage",
    "adamkit.training.advice": "adamkit.lessons.nb07.advice",
}


class Follower:
    """Asked by ``import`` when nobody else knows a module: the same module object under its old name."""

    def find_spec(self, name, path=None, target=None):
        """A spec for an old name, None for all others."""
        return ModuleSpec(name, self) if new_name(name) else None

    def create_module(self, spec):
        """The module at its new place; the import gives it this spec, which keeps its own one."""
        module = importlib.import_module(new_name(spec.name))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module):
        """It has run already, and gets its own spec back."""
        module.__spec__ = module.__spec__.loader_state


def new_name(name):
    """The new name of a module of the first edition, or None."""
    for old, new in MOVED.items():
        if name == old or name.startswith(f"{old}."):
            return new + name.removeprefix(old)
    return None


def follow():
    """Let ``import`` find what has moved."""
    if not any(isinstance(finder, Follower) for finder in sys.meta_path):
        sys.meta_path.insert(0, Follower())  # before the one that would load a second copy of what lies in a package
