"""Notebooks on their way to pages: the stored picture of an explorer becomes the place where its recording plays."""

import ast
import base64
import html

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
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            if isinstance(call.func.value, ast.Name) and call.func.value.id == "explorers":
                return call.func.attr, {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    return None


def stage_notebook(notebook, stem, pictures, openings):
    """Put places for recordings into a notebook (changed in place); their pictures are written to ``pictures``."""
    for number, cell in enumerate(notebook.cells):
        made = explorer_of(cell.source) if cell.cell_type == "code" else None
        for output in cell.get("outputs", []) if made else []:
            data = output.get("data", {})
            if "image/png" in data and data.get("text/plain", "").startswith("Explorer: "):
                name = f"{stem}-{number}.png"
                (pictures / name).write_bytes(base64.b64decode(data["image/png"]))
                facts = output.get("metadata", {}).get("image/png", {})
                data.clear()
                data["text/html"] = place_of(made[0], openings.place(*made), f"_static/recorded/{name}", facts)


def place_of(name, opening, picture, facts, *, play=""):
    """HTML of a place for a recording, with the picture that stands there until the recording has come."""
    size = f' width="{facts["width"]}"' if "width" in facts else ""
    alt = html.escape(facts.get("alt", ""), quote=True)
    return (
        f'<div class="adamkit-recording" data-recording="{name}" data-opening="{opening}" data-play="{play}">'
        f'<img src="{picture}" alt="{alt}"{size} loading="lazy"></div>'
    )


def player(static, module):
    """The drawing code that JupyterLab runs, and the player that feeds it, as one script without exports."""
    parts = [module.replace("export default {", "const explorerView = {")]
    parts += [(static / name).read_text(encoding="utf-8") for name in ("unpack.js", "player.js", "mount.js")]
    return "(() => {\n" + "\n".join(parts) + "\n})();\n"
