"""The static site: Sphinx reads the executed notebooks as they are stored, and runs none of them."""

from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Text, Whitespace
from sphinx.highlighting import PygmentsBridge

project = "The Adam notebooks"
author = "The Adam notebooks authors"
extensions = ["myst_nb"]
html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_favicon = "static/icon.svg"
html_css_files = ["explorer.css", "site.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("near.js", "practice.js")]
# Formulas: a copy of MathJax beside the pages, of it what draws and what reads aloud; its menu is half of the whole.
# Each formula is drawn when it comes near, with the fonts that it needs.
mathjax_path = "mathjax/startup.js"
mathjax3_config = {
    "loader": {"load": ["input/tex-base", "[tex]/ams", "output/chtml", "a11y/assistive-mml", "ui/lazy"]},
    "tex": {"packages": {"[+]": ["ams"]}},
}
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"source_edit_link": "", "top_of_page_buttons": []}
nb_execution_mode = "off"
nb_merge_streams = True
# What a page can show without a kernel; a widget's view is not among it.
nb_mime_priority_overrides = [("html", mime, priority) for priority, mime in enumerate(
    ("text/html", "image/svg+xml", "image/png", "text/markdown", "text/plain"))]
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 4
suppress_warnings = ["mystnb.unknown_mime_type", "misc.highlighting_failure"]


class CodeFormatter(HtmlFormatter):
    """Names, punctuation and spaces have the colour of the code around them in both of Furo's styles.

    So they get no element of their own: a page loses a third of its HTML, and looks the same.
    """

    def format_unencoded(self, tokens, file):
        plain = (Name, Punctuation, Whitespace)
        super().format_unencoded(((Text if kind in plain else kind, text) for kind, text in tokens), file)


PygmentsBridge.html_formatter = CodeFormatter
