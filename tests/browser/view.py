"""Explorers on a page, as a test handles them. Waits are for answered messages and painted frames."""

import json

from adamkit.lessons import explorers

EVERY = sorted(explorers.ALL)
#: A notebook with each of them in a cell of its own, and in a variable of its name.
CELLS = ["import json\nfrom adamkit.lessons import explorers",
         *(f"{name} = explorers.{name}(); {name}" for name in EVERY)]

SETTLED = """(stage) => stage.dataset.sent === undefined ||
  (stage.dataset.idle === "true" && stage.querySelector("canvas").dataset.seen === stage.dataset.sent)"""

# Contrast of every word with what is behind it, after the definition of WCAG 2; dimmed controls excepted.
CONTRAST = """(root) => {
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map((part) => linear(color.startsWith("color") ? +part : part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (el) => {
    while (getComputedStyle(el).backgroundColor === "rgba(0, 0, 0, 0)") el = el.parentElement;
    return luminance(getComputedStyle(el).backgroundColor);
  };
  const words = ".adamkit-label, .adamkit-value, .adamkit-look, .adamkit-caption, .adamkit-step, .adamkit-reset, " +
    ".adamkit-scenario, .adamkit-press, .adamkit-state, .adamkit-line-text";
  return [...root.querySelectorAll(words)].filter((el) => !el.closest(".adamkit-idle")).map((el) => {
    const [front, back] = [luminance(getComputedStyle(el).color), behind(el)];
    return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  });
}"""


def kernel_values(notebook, name):
    """What the kernel has for each control of the explorer in the variable ``name``."""
    return json.loads(notebook.python(f"print(json.dumps({name}.values))"))


def drag(page, start, *places, steps=1):
    """Press the mouse at ``start``, take it over the places, in so many moves to each, and let go."""
    page.mouse.move(*start)
    page.mouse.down()
    for place in places:
        page.mouse.move(*place, steps=steps)
    page.mouse.up()


def opener(notebook, names):
    """name → that explorer, reset; those in ``names`` have a cell each, behind the first."""
    def opened(name):
        found = View(notebook, 1 + names.index(name))
        found.press("Reset")
        return found

    return opened


class View:
    """An explorer in the output of cell ``index``."""

    def __init__(self, notebook, index):
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".jp-Cell").nth(index).locator(".adamkit").first
        self.canvas, self.stage = self.root.locator("canvas"), self.root.locator(".adamkit-stage")
        self.root.scroll_into_view_if_needed()
        self.root.locator("canvas[data-frames]").wait_for()
        self.settle()

    def settle(self):
        """Wait until the last message is answered and its frame is on the canvas."""
        handle = self.stage.element_handle()
        self.page.wait_for_function(SETTLED, arg=handle, polling="raf")

    def pixels(self):
        """The picture as a data address: equal when the pictures are."""
        return self.canvas.evaluate("(canvas) => canvas.toDataURL()")

    def colors(self):
        """How many different colours the picture has."""
        return self.canvas.evaluate("""(canvas) => new Set(new Uint32Array(
            canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size""")

    def frames(self):
        """How often the canvas was painted."""
        return int(self.canvas.get_attribute("data-frames"))

    def control(self, name):
        """The input of a control."""
        return self.root.locator(f"[data-control={name}]").locator("input, select").first

    def shown(self, name):
        """What a slider's label says."""
        return self.root.locator(f"[data-control={name}] .adamkit-value").inner_text()

    def press(self, button):
        """Press a scenario button, or Reset."""
        self.root.get_by_role("button", name=button, exact=True).click()
        self.settle()

    def slide(self, name, shares):
        """Drag along a slider by hand, from one share of its length to the next."""
        box = self.control(name).bounding_box()
        drag(self.page, *((box["x"] + share * box["width"], box["y"] + box["height"] / 2) for share in shares))
        self.settle()

    def drag(self, *places):
        """Drag over the picture by hand, from one place to the next; as `at` has them."""
        drag(self.page, *(self.at(*place) for place in places), steps=5)
        self.settle()

    def at(self, x, y):
        """Page coordinates of a place in the picture given as shares of its width and height."""
        box = self.canvas.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]
