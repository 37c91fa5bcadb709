"""How fast the numerics are, beside what one would use otherwise. Prints one table; `make bench`.

Every figure is a median of repeated runs on this machine, after a warm-up. Where a run was too long to repeat in full,
the row says from what it was scaled.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SETTINGS, STEPS = 10_000, 300
RATES = np.geomspace(1e-4, 1, SETTINGS)
PARAMETERS = 10_000_000


def main():
    """Every benchmark in turn, each under its heading."""
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for title, rows in [
        (f"{SETTINGS:,} × {STEPS} steps of Adam on Rosenbrock", sweeps),
        ("Starting", imports),
        ("Memory of the kernel after notebook 01", notebook_memory),
        (f"One step of Adam on {PARAMETERS / 1e6:.0f} M parameters (float32)", optimizer_steps),
    ]:
        print(f"\n{title}")
        for name, figure in rows():
            print(f"  {name:<58} {figure}", flush=True)


def median_seconds(run, *, repeats=5, warm_up=1):
    """Median wall time of ``run``, in seconds."""
    for _ in range(warm_up):
        run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def sweeps():
    """The same sweep of the learning rate: batched here, one by one in torch, vectorised and compiled in JAX."""
    yield "adamkit.descent.sweep", f"{median_seconds(batched_sweep, repeats=3):8.2f} s"
    runs = 5
    each = median_seconds(lambda: torch_run(0.01), repeats=runs)
    yield f"torch.optim.Adam, one run at a time (scaled from {runs} runs)", f"{each * SETTINGS:8.0f} s"
    yield from jax_sweep()


def batched_sweep():
    from adamkit import descent, rules, surfaces

    return descent.sweep(rules.Adam(RATES), surfaces.rosenbrock(), steps=STEPS)


def torch_run(lr):
    """One run as one writes it in torch: autograd, a loop, the library's optimizer."""
    import torch

    theta = torch.tensor([-1.5, 2.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=lr)
    for _ in range(STEPS):
        optimizer.zero_grad()
        rosenbrock(theta).backward()
        optimizer.step()
    return theta


def rosenbrock(theta):
    """(1 − x)² + 100(y − x²)²."""
    return (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2


def jax_sweep():
    """optax under vmap, scan and jit, with the compilation apart."""
    try:
        import jax
        import optax
    except ImportError:
        yield "optax with vmap and jit", "   not installed (pip install optax)"
        return
    jax.config.update("jax_enable_x64", True)
    all_runs = jax.jit(jax.vmap(optax_run(jax, optax)))
    rates = jax.numpy.asarray(RATES)
    start = time.perf_counter()
    all_runs(rates).block_until_ready()
    first = time.perf_counter() - start
    yield "optax with vmap and jit, compiled", f"{median_seconds(lambda: all_runs(rates).block_until_ready()):8.2f} s"
    yield "optax with vmap and jit, the first time", f"{first:8.2f} s"


def optax_run(jax, optax):
    """Learning rate → end point, as one writes it in optax."""
    def run(lr):
        theta = jax.numpy.array([-1.5, 2.0])
        transform = optax.scale_by_adam()

        def step(carry, _):
            theta, state = carry
            update, state = transform.update(jax.grad(rosenbrock)(theta), state)
            return (theta - lr * update, state), None

        (theta, _), _ = jax.lax.scan(step, (theta, transform.init(theta)), None, length=STEPS)
        return theta

    return run


def imports():
    """Time that an import takes in a fresh interpreter."""
    for code in ("import numpy", "import adamkit", "from adamkit import optim, surfaces, descent", "import torch"):
        yield code, f"{statistics.median(import_seconds(code) for _ in range(7)) * 1e3:8.1f} ms"


def import_seconds(code):
    timed = f"import time; start = time.perf_counter(); {code}; print(time.perf_counter() - start)"
    answer = subprocess.run([sys.executable, "-c", timed], cwd=ROOT, check=True, capture_output=True, text=True)
    return float(answer.stdout)


def notebook_memory():
    """Resident memory of a kernel that has run notebook 01 to its end."""
    import nbformat
    import psutil
    from nbclient import NotebookClient

    path = ROOT / "notebooks" / "01_sgd.ipynb"
    if not path.exists():
        yield "notebooks/01_sgd.ipynb", "   not built yet (make notebooks ONLY=01)"
        return
    book = nbformat.read(path, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell("import os, sys\nprint(os.getpid(), 'torch' in sys.modules)"))
    client = NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, client.setup_kernel(
            env={**os.environ, "ADAMKIT_HOME": home}):
        for index, cell in enumerate(book.cells):
            client.execute_cell(cell, index)
        pid, torch_loaded = book.cells[-1].outputs[0].text.split()
        size = psutil.Process(int(pid)).memory_info().rss / 2**20
        yield f"resident (torch loaded: {torch_loaded})", f"{size:8.0f} MiB"


def optimizer_steps():
    """One step on four equal matrices, ours beside torch's three ways."""
    import torch

    from adamkit import torch_optim

    for name, make in {
        "torch.optim.Adam(foreach=False), one tensor at a time": lambda p: torch.optim.Adam(p, foreach=False),
        "torch.optim.Adam(foreach=True)": lambda p: torch.optim.Adam(p, foreach=True),
        "torch.optim.Adam(fused=True)": lambda p: torch.optim.Adam(p, fused=True),
        "adamkit.torch_optim.Adam, the rule as it reads": lambda p: torch_optim.Adam(p),
        "adamkit.torch_optim.Adam(compile=True)": lambda p: torch_optim.Adam(p, compile=True),
    }.items():
        yield name, step_figure(torch, make)


def step_figure(torch, make):
    """Milliseconds a step, and the traffic that 28 bytes a parameter would mean; or why it did not run."""
    torch.manual_seed(0)
    parameters = [torch.nn.Parameter(torch.randn(PARAMETERS // 4000, 1000)) for _ in range(4)]
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter)
    try:
        seconds = median_seconds(make(parameters).step, repeats=9, warm_up=3)
    except RuntimeError as problem:  # no compiler for torch.compile, or no fused kernel on this system
        return f"   did not run: {str(problem).splitlines()[0][:60]}"
    return f"{seconds * 1e3:8.1f} ms   {28 * PARAMETERS / seconds / 1e9:6.1f} GB/s"


if __name__ == "__main__":
    main()
