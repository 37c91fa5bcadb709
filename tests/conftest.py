"""What every test shares: a store of its own, so that no test touches the reader's progress, and few threads."""

import atexit
import errno
import getpass
import os
import shutil
import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# Set before adamkit or a kernel starts; kernels inherit them.
_store = tempfile.mkdtemp(prefix="adamkit-tests-")
atexit.register(shutil.rmtree, _store, ignore_errors=True)
os.environ["ADAMKIT_HOME"] = _store
os.environ.setdefault("MPLBACKEND", "agg")

# Inductor's store does not tell one instruction set's kernels from another's: what it compiled for AVX-512 would be run
# by a process that was told to use AVX2, with other lengths of vectors, and wrong numbers.
if _chosen := os.environ.get("ATEN_CPU_CAPABILITY"):
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", f"{tempfile.gettempdir()}/inductor-{getpass.getuser()}-{_chosen}")

# A shell starts its background jobs with the interrupt ignored, and every process below inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the project."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def one_thread():
    """Torch on one thread, as in the notebooks."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def reader(tmp_path, monkeypatch) -> Path:
    """The folder of a reader of the test's own. It is not there yet: a file in its place is in the way of all."""
    monkeypatch.setenv("ADAMKIT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def full_disk(monkeypatch):
    """A context in which a call finds no space: the move of a file into its place, unless another one is named."""
    @contextmanager
    def full(call="os.replace", error=errno.ENOSPC):
        def refuse(*args, **kwargs):
            raise OSError(error, os.strerror(error))

        with monkeypatch.context() as patched:
            patched.setattr(call, refuse)
            yield
    return full


@pytest.fixture
def in_a_thread(monkeypatch):
    """Attempts run in a thread: a copy of the process for each of a thousand would take longer than all they do."""
    from adamkit.practice import copied

    monkeypatch.setattr(copied, "possible", lambda: False)


# How long one example takes is the machine's business: a busy one must not fail a test.
settings.register_profile("adamkit", deadline=None)
settings.load_profile("adamkit")
