"""How fast the pictures follow the hand, in a real JupyterLab: python tests/benchmarks/bench_live.py [seconds]

For each explorer: from a key press on a slider to the new pixels; frames a second while the mouse
drags that slider; from releasing it to the last frame. Beside them the floor of this machine at
this moment: a stock ipywidgets slider that rewrites a text label after the race's computation, and
one that computes nothing. A time ends at the animation frame after the change.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "browser"))

from real_lab import Lab, Notebook, browser_flags, find_chromium  # noqa: E402

KEYS, RELEASES = 40, 7
FLOOR = """
import ipywidgets as widgets
from adamkit.lessons import explorers
hidden = explorers.race()
hidden.figure
def floor(computes):
    slider = widgets.FloatLogSlider(value=1, min=-1, max=1, step=0.01)
    label = widgets.Label("–")
    label.add_class("floor-label")
    def follow(change):
        if computes:
            hidden.set(times=min(max(change.new, 0.1), 10))
        label.value = f"{change.new!r}"
    slider.observe(follow, "value")
    return widgets.VBox([slider, label])
floor(True)"""
CASES = {
    "label, same computation": (FLOOR, None),
    "label, no computation": ("floor(False)", None),
    "race: times the best rate": ("explorers.race()", "times"),
    "noise: learning rate": ("explorers.noise()", "lr"),
    "noise: κ (surface changes)": ("explorers.noise()", "kappa"),
    "moments: β₁": ("explorers.moments()", "beta1"),
    "adam_surface: β₁": ("explorers.adam_surface()", "beta1"),
    "mystery: patient": ("explorers.mystery(treatment='lower')", "patient"),
}
# Installed once in the page: notes the time of every change of the watched node, one frame later.
WATCH = """(node) => {
  window.seen = [];
  window.watcher?.disconnect();
  window.watcher = new MutationObserver(() => requestAnimationFrame((now) => window.seen.push(performance.now())));
  window.watcher.observe(node, { attributes: true, childList: true, characterData: true, subtree: true });
  document.addEventListener("keydown", () => (window.pressed = performance.now()), { capture: true });
  document.addEventListener("pointerup", () => (window.released = performance.now()), { capture: true });
  document.addEventListener("mouseup", () => (window.released = performance.now()), { capture: true });
}"""


def measure(notebook, index, control, seconds):
    """One row of the table."""
    page = notebook.page
    output = page.locator(".jp-Cell").nth(index).locator(".jp-OutputArea-output").last
    output.scroll_into_view_if_needed()
    if control:
        watched, slider = output.locator(".adamkit-canvas"), output.locator(f"[data-control={control}] input")
        watched.and_(page.locator("[data-frames]")).wait_for()
    else:
        watched, slider = output.locator(".floor-label"), output.locator(".noUi-handle")
    page.wait_for_timeout(500)
    watched.evaluate(WATCH)
    return keys(page, slider) | drag(page, output, slider, control, seconds)


def keys(page, slider):
    """Key press → pixels, milliseconds."""
    slider.focus()
    delays = []
    for number in range(KEYS):
        page.evaluate("() => { window.seen = []; }")
        page.keyboard.press("ArrowLeft" if number % 2 else "ArrowRight")
        page.wait_for_function("() => window.seen.length > 0", polling=5)
        delays.append(page.evaluate("() => window.seen[0] - window.pressed"))
        page.wait_for_timeout(40)
    delays.sort()
    return {"key": statistics.median(delays), "key p95": delays[int(0.95 * len(delays))]}


def drag(page, output, slider, control, seconds):
    """Frames a second while dragging, and release → last frame."""
    box = slider.bounding_box()
    track = box if control else output.locator(".noUi-target").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    if control:
        page.mouse.move(track["x"] + track["width"] / 2, y)
    page.mouse.down()
    page.evaluate("() => { window.seen = []; window.began = performance.now(); }")
    x = 0.0
    while page.evaluate("() => performance.now() - window.began") < 1000 * seconds:
        x = (x + 0.013) % 2
        page.mouse.move(track["x"] + track["width"] * (0.1 + 0.8 * abs(1 - x)), y)
    frames, span = page.evaluate("() => [window.seen.length, performance.now() - window.began]")
    lasts = []
    for release in range(RELEASES):
        page.mouse.move(track["x"] + track["width"] * (0.3 + 0.05 * release), y)
        page.mouse.up()
        page.wait_for_timeout(400)
        lasts.append(max(0.0, page.evaluate("() => Math.max(...window.seen) - window.released")))
        page.mouse.down()
    page.mouse.up()
    return {"fps": 1000 * frames / span, "after release": statistics.median(lasts)}


def main(seconds=3.0):
    """Print the table, and the same as JSON."""
    from playwright.sync_api import sync_playwright

    rows = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder) / "home")
        try:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=browser_flags())
            lab.write("bench.ipynb", [code for code, _ in CASES.values()])
            notebook = Notebook(browser.new_page(viewport={"width": 1280, "height": 1000}), lab, "bench.ipynb")
            notebook.run_all()
            print(f"{'':32}{'key → pixels':>14}{'p95':>8}{'drag fps':>10}{'release → last':>16}")
            for index, (name, (_, control)) in enumerate(CASES.items()):
                rows[name] = row = measure(notebook, index, control, seconds)
                key, p95, fps, last = row.values()
                print(f"{name:32}{key:11.1f} ms{p95:8.0f}{fps:10.1f}{last:13.0f} ms", flush=True)
        finally:
            lab.stop()
    print(json.dumps({name: {key: round(value, 1) for key, value in row.items()} for name, row in rows.items()}))


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
