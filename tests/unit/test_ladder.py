"""The ladder of questions: all of it is on the picture, and nothing overlaps."""

from itertools import combinations

import pytest
from refusals import each, refused

from adamkit import plotting
from adamkit.lessons.nb12.ladder import LADDER, draw_ladder


@pytest.fixture(scope="module")
def drawn():
    figure = plotting.figure(9, 8)
    ax = figure.add_axes((0, 0, 1, 1))
    height = draw_ladder(ax, LADDER)
    figure.canvas.draw()
    return figure, ax, height


def test_every_word_is_on_the_picture(drawn):
    page = " ".join(text.get_text() for text in drawn[1].texts).split()
    assert all(word in page for rung in LADDER for part in rung for word in part.split())


def test_no_text_overlaps_another_or_leaves_the_figure(drawn):
    figure, ax, _ = drawn
    boxes = [text.get_window_extent().shrunk(0.98, 0.8) for text in ax.texts if text.get_text()]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1 for box in boxes)


def test_the_height_it_returns_is_about_that_of_the_figure(drawn):
    assert 7.2 < drawn[2] < 8.3


test_what_is_no_ladder_is_refused = refused(
    *each(lambda rungs: draw_ladder(plotting.figure(3, 3).subplots(), rungs), "rungs={} must be triples of texts",
          [], [("a", "b")], [("a", "b", "")], [("a", "b", 3)]))
