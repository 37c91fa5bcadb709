"""Builds notebooks/NN_topic.ipynb from notebooks/src/NN_topic.py: executed, clean, and the same each time.

    python tools/build_notebooks.py [04 …]       # all of them, or those whose names start so

The source is what people review: jupytext's percent format. Each notebook runs in a fresh kernel with a store of its
own. What comes out holds pictures and text for readers without a kernel, and nothing that changes from run to run:
no widget views, no time stamps, no version of the machine. It is written only when every cell ran without an error,
without a line on stderr and without an output that could not come out the same twice.
"""

import functools
import hashlib
import itertools
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from adamkit.practice import patience  # noqa: E402 - the package of this checkout

SECONDS = ROOT / "adamkit" / "practice" / "cell_seconds.json"
NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "src"
CELL_TIMEOUT = 180  # seconds
MOST_BYTES = 1_500_000
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
#: Cell metadata that an author may set in the source; whatever else turns up was left by a tool.
CELL_METADATA = ("tags", "jupyter", "slideshow")
VIEW = "application/vnd.jupyter.widget-view+json"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


class BuildError(Exception):
    """A notebook that must not be written; the text says which cell and why."""


def main(wanted):
    """Build the notebooks asked for; return the exit status."""
    sources = select(wanted)
    failed = []
    for source in sources:
        try:
            print(build(source, NOTEBOOKS), flush=True)
        except BuildError as problem:
            failed.append(source.stem)
            print(f"✗ {source.stem}: {problem}", flush=True)
    if failed:
        print(f"\nNot written: {', '.join(failed)}")
    return 1 if failed else 0


def select(wanted):
    """Source files in order; those whose names start with one of ``wanted``, or all of them."""
    sources = sorted(SOURCES.glob("[0-9][0-9]_*.py"))
    chosen = [path for path in sources if not wanted or path.stem.startswith(tuple(wanted))]
    if not chosen:
        sys.exit(f"No source in notebooks/src starts with {' or '.join(wanted) or 'two digits'}.")
    return chosen


def build(source, folder):
    """Execute one source in ``folder``, clean it and write the notebook there; return a line for the log."""
    book = read_source(source)
    start = time.perf_counter()
    spans = execute(book, folder)
    seconds = time.perf_counter() - start
    clean(book)
    text = nbformat.writes(book)
    if len(text.encode()) > MOST_BYTES:
        raise BuildError(f"{len(text.encode()) / 1e6:.1f} MB of notebook, {MOST_BYTES / 1e6:.1f} are allowed")
    target = folder / f"{source.stem}.ipynb"
    if folder == ROOT / "notebooks":  # not a test's
        keep_seconds(spans)
    target.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8", newline="\n")
    size = target.stat().st_size / 1e3
    slowest = slowest_of(spans)
    return f"✓ {source.stem}: {seconds:.0f} s (slowest cell {slowest}), {size:.0f} kB, {len(book.cells)} cells"


def read_source(source):
    """The notebook that a source describes, not yet executed, with stable ids and fixed metadata."""
    parsed = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    book = nbformat.v4.new_notebook(metadata=METADATA)
    seen = {}
    for position, cell in enumerate(parsed.cells, 1):
        make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}.get(cell.cell_type)
        if make is None or not cell.source.strip():
            raise BuildError(f"cell {position} ({cell.cell_type}) is empty, or neither text nor code")
        kept = {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        twin = seen[cell.source] = seen.get(cell.source, -1) + 1
        book.cells.append(make(cell.source, id=cell_id(cell.cell_type, cell.source, twin), metadata=kept))
    return book


def cell_id(kind, text, twin):
    """An id that stays when cells around it come and go: a digest of the cell, counted where it repeats."""
    return hashlib.sha256(f"{kind}\n{twin}\n{text}".encode()).hexdigest()[:12]


def execute(book, folder):
    """Run every cell in a fresh kernel in ``folder``, beside an empty store; return what each took: (seconds, cell)."""
    with tempfile.TemporaryDirectory(prefix="adamkit-build-", ignore_cleanup_errors=True) as home:
        environment = {**os.environ, "ADAMKIT_HOME": home, "PYTHONHASHSEED": "0"}
        environment.pop("MPLBACKEND", None)
        client = NotebookClient(book, timeout=CELL_TIMEOUT, kernel_name="python3", store_widget_state=False,
                                extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": str(folder)}})
        times = []
        client.on_cell_execute = lambda cell, cell_index: times.append((time.perf_counter(), cell))
        client.on_cell_executed = lambda cell, cell_index, execute_reply: times.append((time.perf_counter(), None))
        try:
            client.execute(env=environment)
        except CellExecutionError as problem:
            raise BuildError("a cell failed:\n" + COLOUR.sub("", str(problem))) from None
        except (CellTimeoutError, DeadKernelError) as problem:
            raise BuildError(f"the kernel stopped answering (a cell may take {CELL_TIMEOUT} s): {problem}") from None
    return [(end - start, cell) for (start, cell), (end, _) in itertools.pairwise(times) if cell]


def slowest_of(spans):
    """The longest cell as "12.3 s, [7]"."""
    seconds, count = max(((seconds, cell.execution_count) for seconds, cell in spans), default=(0, None))
    return f"{seconds:.1f} s, [{count}]" if count else "none"


def keep_seconds(spans):
    """Note what slow cells took, for the line that a reader sees below them; small differences change nothing."""
    known = dict(patience.known_seconds())
    for seconds, cell in spans:
        name = patience.digest(cell.source)
        if seconds > patience.PATIENCE and not 0.5 < seconds / known.get(name, 1e-9) < 2:
            known[name] = round(seconds)
    names = every_digest()
    SECONDS.write_text(json.dumps({name: known[name] for name in sorted(names & known.keys())}, indent=0) + "\n")
    patience.known_seconds.cache_clear()


@functools.cache
def every_digest():
    """What `keep_seconds` may hold: the digests of all cells of all sources, read once a build."""
    return {patience.digest(cell.source) for source in select([]) for cell in read_source(source).cells}


def clean(book):
    """Keep what a reader sees and comes out the same each time; refuse what should not be there."""
    for number, cell in enumerate((cell for cell in book.cells if cell.cell_type == "code"), 1):
        if cell.execution_count != number:
            raise BuildError(f"cell [{cell.execution_count}] should be [{number}]")
        cell.metadata.pop("execution", None)
        cell.outputs = joined([kept for output in cell.outputs if (kept := clean_output(output, number))])
    book.metadata = nbformat.from_dict(METADATA)


def joined(outputs):
    """Text printed in a row as one output: where the kernel cuts it depends on how fast it runs."""
    whole = []
    for output in outputs:
        if whole and output.output_type == "stream" == whole[-1].output_type:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def clean_output(output, number):
    """One output without views, time stamps and waste; None when nothing is left to see."""
    if output.output_type == "stream":
        if output.name == "stderr":
            raise BuildError(f"cell [{number}] wrote to stderr: {output.text.strip()[:300]}")
        return refuse_addresses(output, output.text, number)
    data = output.get("data", {})
    data.pop(VIEW, None)
    if not data:
        return None
    output.metadata = picture_metadata(output)
    return refuse_addresses(output, data.get("text/plain", ""), number)


def picture_metadata(output):
    """Of a picture, its size on the page and what it shows, for a static page; of all else, nothing."""
    said = output.get("metadata", {}).get("image/png", {}) if "image/png" in output.data else {}
    return {"image/png": {key: said[key] for key in ("alt", "width", "height") if key in said}} if said else {}


def refuse_addresses(output, text, number):
    """The output itself, or an error when its text holds an address in memory, other in each run."""
    if ADDRESS.search(text):
        raise BuildError(f"cell [{number}] shows an address in memory: {text.strip()[:200]}")
    return output


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
