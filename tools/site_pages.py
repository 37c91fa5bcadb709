"""Notebooks on their way to pages: the stored picture of an explorer becomes the place where its recording plays."""

import ast
import base64
import html
import re
import struct

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
        for output in cell.get("outputs", []) if made else []:
            data = output.get("data", {})
            if "image/png" in data and data.get("text/plain", "").startswith("Explorer: "):
                name = f"{stem}-{number}.png"
                png = base64.b64decode(data["image/png"])
                (pictures / name).write_bytes(png)
                facts = {"size": _size(png)} | output.get("metadata", {}).get("image/png", {})
                data.clear()
                places.append(place_of(made[0], openings.place(*made), f"_static/recorded/{name}", facts))
                data["text/html"] = places[-1]
    _externalise(notebook, stem, pictures)
    return places


def _externalise(notebook, stem, pictures):
    """Pictures that lie within HTML become files, which a browser loads when they come near."""
    made = 0
    for cell in notebook.cells:
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            for found in INLINE.findall(data.get("text/html", "")):
                made += 1
                name = f"{stem}-figure-{made}.png"
                (pictures / name).write_bytes(base64.b64decode(found))
                place = f'src="_static/recorded/{name}" loading="lazy"'
                data["text/html"] = INLINE.sub(place, data["text/html"], count=1)


def place_of(name, opening, picture, facts):
    """HTML of a place for a recording, with the picture that stands there until the recording has come.

    What stands in ``data-play`` is the scenario whose film starts by itself.
    """
    wide, high = facts["size"]
    shown = facts.get("width", wide)
    alt = html.escape(facts.get("alt", ""), quote=True)
    return (
        f'<div class="adamkit-recording" data-recording="{name}" data-opening="{opening}" data-play="">'
        f'<img src="{picture}" alt="{alt}" width="{shown}" height="{round(shown * high / wide)}" loading="lazy"></div>'
    )


def _size(png):
    """Width and height from the head of a PNG."""
    return struct.unpack(">II", png[16:24])


def player(static, module):
    """The drawing code that JupyterLab runs, and the player that feeds it, as one script without exports."""
    parts = [module.replace("export default {", "const explorerView = {")]
    parts += [(static / name).read_text(encoding="utf-8") for name in PLAYER]
    return "(() => {\n" + "\n".join(parts) + "\n})();\n"
