"""What the live board takes from a training: python tests/benchmarks/bench_dashboard.py

Trains the character transformer in a real kernel, with the board shown in the cell, and adds up the time inside the
board's own calls. Apart from it: the first frame, which makes the widget, and the picture that is stored at the end.
"""

import nbformat
from nbclient import NotebookClient

CELL = """
import time
import torch
from adamkit.dashboard import Dashboard
from adamkit.torch_optim import AdamW
from adamkit.training import fit, presets

torch.set_num_threads(1)
preset = presets.characters("cpu")
board, spent = Dashboard(total=preset.steps), []
on_step, close = board.on_step, board.close

def timed(call, kept):
    def wrapped(*arguments):
        start = time.perf_counter()
        call(*arguments)
        kept.append(time.perf_counter() - start)
    return wrapped

ending = []
board.on_step, board.close = timed(on_step, spent), timed(close, ending)
model = preset.task.fresh_model(0)
history = fit(model, preset.task, AdamW(model.parameters(), lr=preset.lr), device="cpu", watchers=[board],
              control=board.control, **preset.options)
rest = sorted(spent[1:])
seconds, median = history.seconds[-1], rest[len(rest) // 2]
print(f"{len(history)} steps in {seconds:.2f} s; the board took {100 * sum(rest) / seconds:.2f}%")
print(f"slowest call {1e3 * rest[-1]:.1f} ms, median call {1e6 * median:.1f} µs")
print(f"once: first frame {1e3 * spent[0]:.0f} ms, stored picture {1e3 * ending[0]:.0f} ms")
"""


def main():
    """Run the cell in a kernel of its own and print what it printed."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    NotebookClient(book, timeout=300, kernel_name="python3").execute()
    for output in book.cells[0].outputs:
        if output.output_type == "stream":
            print(output.text, end="")
    kinds = {kind for output in book.cells[0].outputs for kind in output.get("data", {})}
    print("stored:", ", ".join(sorted(kinds)))


if __name__ == "__main__":
    main()
