"""A widget and all that lies in it."""


def walk(widget):
    """The widget, its children and theirs, from the outside in."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)
