"""How fast the site's pictures follow the hand, and what it weighs: python tests/benchmarks/bench_site.py [folder]

For explorers of `make site`, opened from the disk: from a key press on a slider to the new pixels, as in bench_live,
and from coming into view to standing there. Then the largest recordings, and the whole.
"""

import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "browser"))

from bench_live import WATCH, keys  # noqa: E402
from real_lab import browser_flags, find_chromium  # noqa: E402

CASES = {
    "race: times the best rate": ("00_start_here", "times"),
    "noise: learning rate": ("01_sgd", "lr"),
    "noise: κ (surface changes)": ("01_sgd", "kappa"),
    "moments: β₁": ("04_adam", "beta1"),
    "mystery: patient": ("12_diagnosis", "patient"),
}


def measure(browser, folder, name, control):
    """(median of key → pixels, 95th percentile, into view → standing), milliseconds."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(f"{(folder / name).resolve().as_uri()}.html")
    place = page.locator(".adamkit-recording").first
    began = time.perf_counter()
    place.scroll_into_view_if_needed()
    place.locator("canvas[data-frames]").wait_for()
    arrived = 1000 * (time.perf_counter() - began)
    page.wait_for_timeout(300)
    place.locator("canvas").evaluate(WATCH)
    row = keys(page, place.locator(f"[data-control={control}] input"))
    page.close()
    return *row.values(), arrived


def main(folder="build/site"):
    """Print both tables."""
    from playwright.sync_api import sync_playwright

    folder = Path(folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=browser_flags())
        print(f"{'':32}{'key → pixels':>14}{'p95':>8}{'into view → standing':>22}")
        for name, (page, control) in CASES.items():
            key, p95, arrived = measure(browser, folder, page, control)
            print(f"{name:32}{key:11.1f} ms{p95:8.0f}{arrived:19.0f} ms", flush=True)
    recorded = sorted((path.stat().st_size, path.stem) for path in (folder / "_static" / "recorded").glob("*.js"))
    print("largest recordings: " + ", ".join(f"{name} {size / 1e3:.0f} kB" for size, name in recorded[:-6:-1]))
    print(f"median {statistics.median(size for size, _ in recorded) / 1e3:.0f} kB", end="; ")
    print(f"the whole site {sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:2])
