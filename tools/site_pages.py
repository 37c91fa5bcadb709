"""Notebooks on their way to pages: the stored picture of an explorer becomes the place where its recording plays."""

import ast
import base64
import html
import io
import re

from PIL import Image

PLAYER = ("unpack.js", "player.js", "mount.js")
INLINE = re.compile(r'src="data:image/png;base64,([^"]+)"')


class Openings:
    """Which explorers the pages show, and how each of them opens: name → keyword arguments, each once."""

    def __init__(self):
        self.of = {}

    def place(self, name, values):
        """The number of this opening among those of its explorer."""
        known = self.of.setdefault(name, [])
        if values not in known:
            known.append(values)
        return known.index(values)


def explorer_of(source):
    """(name, keyword arguments) of the explorer that a cell makes, or None."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a cell magic
        return None
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("explorers."):
            return call.func.attr, {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    return None


def stage_notebook(notebook, stem, pictures, openings):
    """Put places for recordings into a notebook (changed in place), and its pictures into files in ``pictures``.

    Returns:
        the HTML of the places.
    """
    places = []
    for number, cell in enumerate(notebook.cells):
        made = explorer_of(cell.source) if cell.cell_type == "code" else None
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" not in data or "text/html" in data:
                continue
            picture = _picture(base64.b64decode(data["image/png"]), output, pictures / f"{stem}-{number}.webp")
            if made and data.get("text/plain", "").startswith("Explorer: "):
                picture = place_of(made[0], openings.place(*made), picture)
                places.append(picture)
            data.clear()
            data["text/html"] = picture
    _externalise(notebook, stem, pictures)
    return places


def _picture(png, output, path):
    """HTML of a stored picture, which becomes a file and is loaded when it comes near."""
    wide, high = _write(png, path)
    facts = output.get("metadata", {}).get("image/png", {})
    shown = facts.get("width", wide)
    alt = html.escape(facts.get("alt", ""), quote=True)
    size = f'width="{shown}" height="{round(shown * high / wide)}"'
    return f'<img src="_static/recorded/{path.name}" alt="{alt}" {size} loading="lazy">'


def _externalise(notebook, stem, pictures):
    """Pictures that lie within HTML become files, which a browser loads when they come near."""
    made = 0
    for cell in notebook.cells:
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            for found in INLINE.findall(data.get("text/html", "")):
                made += 1
                name = f"{stem}-figure-{made}.webp"
                _write(base64.b64decode(found), pictures / name)
                place = f'src="_static/recorded/{name}" loading="lazy"'
                data["text/html"] = INLINE.sub(place, data["text/html"], count=1)


def _write(png, path):
    """The same pixels in fewer bytes; returns width and height."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    path.write_bytes(min((_encoded(image, effort) for effort in (25, 60)), key=len))  # neither always wins
    return image.size


def _encoded(image, effort):
    file = io.BytesIO()
    image.save(file, "webp", lossless=True, quality=effort, method=3)
    return file.getvalue()


def place_of(name, opening, picture):
    """HTML of a place for a recording, with the picture that stands there until the recording has come.

    What stands in ``data-play`` is the scenario whose film starts by itself.
    """
    facts = f'data-recording="{name}" data-opening="{opening}" data-play=""'
    return f'<div class="adamkit-recording" {facts}>{picture}</div>'


def player(static, module):
    """The drawing code that JupyterLab runs, and the player that feeds it, as one script without exports."""
    parts = [module.replace("export default {", "const explorerView = {")]
    parts += [(static / name).read_text(encoding="utf-8") for name in PLAYER]
    return "(() => {\n" + "\n".join(parts) + "\n})();\n"
