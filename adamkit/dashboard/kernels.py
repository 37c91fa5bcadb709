"""The kernel that the dashboard is in, and what it can do."""

import sys


def kernel():
    """The kernel this runs in, or None in a script or a terminal."""
    if "IPython" not in sys.modules:
        return None
    return getattr(sys.modules["IPython"].get_ipython(), "kernel", None)


def answers_while_busy():
    """False in a kernel that handles no message while a cell runs (ipykernel before 7)."""
    here = kernel()
    return here is None or bool(getattr(here, "_supports_kernel_subshells", False))
