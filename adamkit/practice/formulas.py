"""Markdown with formulas between dollar signs, for every place that shows it: a page, a widget, a card, a terminal.

A formula is written in Unicode, ``$θ ← θ − η·m̂/(√v̂ + ε)$``, with ``_{…}`` and ``^{…}`` (or ``_x``, ``^x``) for what
has no sign of its own. It is set as ordinary HTML, so it needs no MathJax, no network and no kernel, and a
``*`` or ``_`` in it is never taken for Markdown. A dollar that is money is written ``\\$``.
"""

import re

from adamkit.practice.present import escape, markdown, plain

_FORMULA = re.compile(r"(?<!\\)\$([^$]+)\$")
_RAISED = re.compile(r"([_^])(?:\{([^{}]*)\}|(\S))")
_OPERATION = re.compile(r".[-−+·/=]")  # not a sign in front
_STYLE = "font-family: 'STIX Two Math', 'Cambria Math', Georgia, serif; font-size: 1.06em"
_MARK = "\ue000{}\ue001"  # stands for a formula while the Markdown around it is rendered


def html(text, formula=None):
    """Markdown with ``$formulas$`` → HTML. Formulas do not break across lines unless they are long.

    ``formula`` turns the inside of one formula into HTML, for a place that sets formulas otherwise.
    """
    formulas = []

    def keep(match):
        formulas.append((formula or _set)(match.group(1)))
        return _MARK.format(len(formulas) - 1)

    page = markdown(_FORMULA.sub(keep, text))
    for number, formula in enumerate(formulas):
        page = page.replace(_MARK.format(number), formula)
    return page.replace("\\$", "$")


def inline(text):
    """One paragraph as `html` without the surrounding ``<p>``."""
    return html(text).removeprefix("<p>").removesuffix("</p>")


def bare(text):
    """The Markdown without its dollar signs, and without the braces of raised and lowered parts: β^100, m_(t−1)."""
    return _FORMULA.sub(lambda match: _RAISED.sub(_spell, match.group(1)), text).replace("\\$", "$")


def text(text, indent=""):
    """The same as `html` for a terminal."""
    return plain(bare(text), indent)


def complete(text):
    """True when every opening dollar sign has its closing one."""
    return "$" not in re.sub(r"\\\$", "", _FORMULA.sub("", text))


def _set(formula):
    raised = _RAISED.sub(_raise, escape(formula.strip()))
    wrap = "white-space: nowrap; " if len(formula) <= 40 else ""
    return f'<span class="adamkit-formula" style="{wrap}{_STYLE}">{raised}</span>'


def _spell(match):
    mark, group, sign = match.groups()
    together = group and _OPERATION.search(group)
    return f"{mark}({group})" if together else f"{mark}{group or sign or ''}"


def _raise(match):
    tag = "sup" if match.group(1) == "^" else "sub"
    return f"<{tag}>{match.group(2) or match.group(3) or ''}</{tag}>"
