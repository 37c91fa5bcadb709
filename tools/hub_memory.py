"""Memory of a JupyterHub's users, read from /proc while it runs (Linux): for tools/hub_trial.py.

The measure is PSS, the proportional set size: a page that ten kernels share, such as PyTorch's code, counts a tenth
for each. So the sum over all processes is what the machine really has to provide.
"""

import os
import threading
from pathlib import Path

import psutil

EVERY = 3.0  # seconds


class Sampler:
    """Reads the memory below a hub's process every few seconds: ``with Sampler(pid) as sampler: …``."""

    def __init__(self, pid):
        self.root = psutil.Process(pid)
        self.last, self.peak, self.servers_only, self.highest_load = {}, 0.0, 0.0, 0.0
        self._lock, self._stop = threading.Lock(), threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *problem):
        self._stop.set()
        self._thread.join()
        return False

    def _watch(self):
        while not self._stop.wait(EVERY):
            self.read()

    def read(self):
        """One look at all processes: MiB by (user, "server" or "kernel"), "" for the hub and its proxy."""
        with self._lock:
            now = {}
            for process in [self.root, *self.root.children(recursive=True)]:
                owner = whose(process)
                if owner:
                    now[owner] = now.get(owner, 0.0) + pss(process.pid)
            self.last = now
            self.peak = max(self.peak, sum(now.values()))
            self.highest_load = max(self.highest_load, os.getloadavg()[0])
            if not any(part == "kernel" for _, part in now):
                self.servers_only = max(self.servers_only, sum(now.values()))
        return now

    def of(self, name):
        """MiB of one user at the last look."""
        return {part: round(self.last.get((name, part), 0.0), 1) for part in ("server", "kernel")}

    def total(self):
        """MiB of the hub itself, and of everything together."""
        return {"hub": round(self.last.get(("", "hub"), 0.0), 1), "peak": round(self.peak, 1),
                "servers_only": round(self.servers_only, 1)}


def whose(process):
    """(user, part) of a process, or None when it has ended."""
    try:
        name = process.environ().get("JUPYTERHUB_USER", "")
        kernel = any("ipykernel" in word for word in process.cmdline())
    except psutil.Error:
        return None
    return (name, "kernel" if kernel else "server") if name else ("", "hub")


def pss(pid):
    """Proportional set size in MiB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
