"""How practice looks: HTML that reads well on light and dark pages, and the same as plain text.

Everything here answers ``_repr_mimebundle_`` with up to three forms of itself: a widget where a
kernel can drive one, static HTML for a page that is only read, and plain text for a terminal. The
static forms never depend on the reader, the machine or the moment, so notebooks store them.
"""

import html as _html
import textwrap

# Half-transparent colours on an inherited text colour are readable on any theme.
TONES = {
    "good": "46, 160, 103",
    "warn": "214, 137, 16",
    "bad": "205, 72, 72",
    "calm": "110, 125, 145",
    "ask": "58, 125, 205",
}
_WIDTH = 96


class Shown:
    """Something a notebook shows. Subclasses give `html` and `text`, and `widget` if they are alive."""

    def html(self):
        """Static HTML."""
        raise NotImplementedError

    def text(self):
        """Plain text with the same content."""
        raise NotImplementedError

    def widget(self):
        """An ipywidget, or None for things that are only read."""
        return

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": self.text(), "text/html": self.html()}
        try:
            widget = self.widget()
        except ImportError:  # ipywidgets is missing: the static form serves
            widget = None
        if widget is None:
            return bundle
        from adamkit.live.colab import widget_metadata

        live = getattr(widget, "_repr_mimebundle_", dict)()  # ipywidgets 7 has none: the static form serves
        bundle, metadata = {**live, **bundle}, widget_metadata()
        return (bundle, metadata) if metadata else bundle

    def __repr__(self):
        return self.text()


def markdown(text):
    """Markdown → HTML; HTML in the text is shown, not obeyed. Formulas are written in Unicode."""
    import mistune

    return mistune.create_markdown(escape=True, plugins=["table"])(textwrap.dedent(text).strip()).strip()


def inline(text):
    """One paragraph of Markdown → HTML without the surrounding ``<p>``."""
    return markdown(text).removeprefix("<p>").removesuffix("</p>")


def escape(text):
    """Text → HTML."""
    return _html.escape(str(text))


def box(tone, title, body=""):
    """A titled box with a coloured edge. ``title`` is Markdown, ``body`` is HTML."""
    colour = TONES[tone]
    return (
        f'<div class="adamkit adamkit-{tone}" style="border-left: 4px solid rgb({colour}); '
        f"background: rgba({colour}, 0.10); padding: 0.5em 1em; margin: 0.4em 0; max-width: 52em; "
        f'overflow-wrap: anywhere"><div><strong>{inline(title)}</strong></div>{body}</div>'
    )


def folded(summary, body):
    """A part that opens with a click. ``summary`` is text, ``body`` is HTML."""
    title = f'<summary style="cursor: pointer">{escape(summary)}</summary>'
    return f'<details style="margin: 0.4em 0">{title}{body}</details>'


def code(source):
    """Source code as a block that scrolls rather than widens the page."""
    return f'<pre style="overflow-x: auto; margin: 0.4em 0"><code>{escape(source.strip())}</code></pre>'


def plain(text, indent=""):
    """Markdown prose as it is written, wrapped for a terminal; code and lists keep their lines."""
    blocks = textwrap.dedent(text).strip().split("\n\n")
    keep = ("```", "- ", "* ", "1. ", "|", "    ")
    wrapped = [block if block.startswith(keep) else textwrap.fill(block, _WIDTH - len(indent)) for block in blocks]
    return textwrap.indent("\n\n".join(wrapped), indent)
