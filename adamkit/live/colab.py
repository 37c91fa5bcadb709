"""Google Colab shows a widget of another package only if the output names the widget manager that can."""

import sys

VIEW = "application/vnd.jupyter.widget-view+json"


def widget_metadata():
    """Metadata for an output that holds a widget: in Colab where its manager lies, elsewhere nothing.

    Colab adds this itself to what `display` shows, but not to the value of a cell's last line
    (github.com/manzt/anywidget/issues/63). Its manager comes from Google's servers; asking for it a second time is
    harmless.
    """
    output = sys.modules.get("google.colab.output")
    if output is None:
        return {}
    output.enable_custom_widget_manager()
    url = getattr(getattr(output, "_widgets", None), "_installed_url", None)
    return {VIEW: {"colab": {"custom_widget_manager": {"url": url}}}} if url else {}
