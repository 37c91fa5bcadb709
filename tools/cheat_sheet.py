"""The question bank on paper: build/cheatsheet/cheat_sheet.html, and a PDF beside it where a Chromium is at hand.

    python tools/cheat_sheet.py [FOLDER]

Rules and figures first, then each pattern: the question, the trap in it, and the notebook that shows it. The page
needs no network. The PDF is printed by Playwright with a Chromium of its own or of the system; without one, print
the page from any browser.
"""

import os
import shutil
import sys
from pathlib import Path

from adamkit import theory
from adamkit.practice import bank, formulas
from adamkit.practice.mock_pages import place

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
RULES = (
    ("SGD", "$θ ← θ − ηg$"),
    ("Momentum", "$b ← βb + g,  θ ← θ − ηb$"),
    ("RMSprop", "$v ← β₂v + (1 − β₂)g²,  θ ← θ − ηg/(√v + ε)$"),
    ("Adam", "$m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  θ ← θ − η·m̂/(√v̂ + ε)$"),
    ("Corrections", "$m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)$, with t from 1"),
    ("AdamW", "$θ ← θ − ηλθ − η·m̂/(√v̂ + ε)$"),
    ("Limits on curvature λ", "gradient descent $η < 2/λ$; heavy ball $η < 2(1 + β)/λ$"),
)
LOOK = """
@page { size: A4; margin: 12mm }
body { font: 9.5pt/1.35 Georgia, serif; max-width: 190mm; margin: 0 auto; color: #111; background: #fff }
h1 { font-size: 16pt; margin: 0 0 2mm } h2 { font-size: 11pt; margin: 4mm 0 1mm; border-bottom: 1px solid #999 }
.columns { columns: 2; column-gap: 7mm } .item { break-inside: avoid; margin: 0 0 2mm } .item p { margin: 0 }
h2 { break-after: avoid } .place { color: #555; font-size: 8pt } table { border-collapse: collapse; width: 100% }
td { padding: .6mm 2mm .6mm 0; vertical-align: top } td p { margin: 0 } .dots { color: #777; letter-spacing: .1em }
"""


def main(folder=ROOT / "build" / "cheatsheet"):
    """Write the page and, if possible, the PDF; says where they are. Returns 0."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    page, printed = folder / "cheat_sheet.html", folder / "cheat_sheet.pdf"
    page.write_text(sheet(), encoding="utf-8")
    print(f"The cheat sheet is in {page}.")
    problem = to_pdf(page, printed)
    print(problem or f"To print: {printed}.")
    return 0


def sheet():
    """The page as HTML."""
    rules = "".join(f"<tr><td><b>{name}</b></td><td>{formulas.html(rule)}</td></tr>" for name, rule in RULES)
    parts = "".join(_pattern(pattern) for pattern in bank.load())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Adam: cheat sheet</title>'
        f"<style>{LOOK}</style></head><body><h1>Adam, in case somebody asks</h1><table>{rules}</table>"
        f'<p>{figures()}</p><div class="columns">{parts}</div></body></html>\n'
    )


def figures():
    """The figures that are asked for, computed."""
    step = theory.uncorrected_step_ratio
    return (
        f"No correction, steady gradient, (0.9, 0.999): first step {step(1):.2f}η, largest {step(12):.2f}η at step 12, "
        f"{step(1000):.2f}η at step 1000; (0.9, 0.95): {step(1, 0.9, 0.95):.2f}η. "
        f"1 − βᵗ ≥ 0.99 from step {theory.steps_until_corrected(0.9)} (β = 0.9) and "
        f"{theory.steps_until_corrected(0.999)} (0.999). Longest step {theory.largest_adam_step(0.9, 0.999):.2f}η. "
        "State for each parameter: SGD 0, momentum 4 bytes, Adam 8, 8-bit Adam 2.03. "
        "Mixed precision with AdamW: 16 bytes in all, by ZeRO's count."
    )


def _pattern(pattern):
    items = "".join(_item(question) for question in pattern.questions)
    return f"<h2>{pattern.name}</h2>{items}"


def _item(question):
    dots = "•" * question.difficulty
    return (
        f'<div class="item"><b>{formulas.html(question.question)}</b>{formulas.html("*Trap:* " + question.trap)}'
        f'<span class="place"><span class="dots">{dots}</span> {place(question)}</span></div>'
    )


def to_pdf(page, printed):
    """Print a page. Returns "" or a sentence that says why there is no PDF."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return "No PDF: playwright is not installed. Open the page in a browser and print it."
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"] if root() else [])
            tab = browser.new_page()
            tab.goto(page.resolve().as_uri())
            tab.pdf(path=str(printed), format="A4", prefer_css_page_size=True)
            browser.close()
    except Error as reason:
        return f"No PDF: {str(reason).splitlines()[0]} Open the page in a browser and print it."
    return ""


def chromium():
    """A Chromium of the system, or None for Playwright's own."""
    named = os.environ.get("ADAMKIT_CHROMIUM")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), None)


def root():
    """Chromium's sandbox refuses to run for root, which is who runs containers."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
