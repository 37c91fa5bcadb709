"""What every test shares: a store of its own, so that no test touches the reader's progress, and few threads."""

import os
import tempfile
from pathlib import Path

import pytest

# Set before adamkit or a kernel starts; kernels inherit them.
os.environ["ADAMKIT_HOME"] = tempfile.mkdtemp(prefix="adamkit-tests-")
os.environ.setdefault("MPLBACKEND", "agg")


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the project."""
    return Path(__file__).resolve().parent.parent
