"""What every test shares: a store of its own, so that no test touches the reader's progress, and few threads."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Set before adamkit or a kernel starts; kernels inherit them.
_store = tempfile.mkdtemp(prefix="adamkit-tests-")
atexit.register(shutil.rmtree, _store, ignore_errors=True)
os.environ["ADAMKIT_HOME"] = _store
os.environ.setdefault("MPLBACKEND", "agg")


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the project."""
    return Path(__file__).resolve().parent.parent
