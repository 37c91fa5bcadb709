"""Pictures: colours that can be told apart, figures that leave no traces, images with alt text."""

import base64
import io
import itertools
import re
import subprocess
import sys
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image
from refusals import each, refused

from adamkit import descent, plotting, rules, surfaces
from adamkit.plotting.showing import bundle, in_few_colors, small_png
from adamkit.rules import SGD, Adam, Momentum

# --- colours --------------------------------------------------------------------------------------

SHARED = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam", "AdamW")
#: Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB.
VISION = {
    "full": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def linear(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG contrast ratio."""
    low, high = sorted(linear(color) @ [0.2126, 0.7152, 0.0722] for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def oklab(color, vision):
    return np.array(LAB) @ np.cbrt(np.array(LMS) @ np.clip(np.array(VISION[vision]) @ linear(color), 0, 1))


@pytest.mark.parametrize("name", plotting.COLORS)
@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_every_optimizers_colour_stands_out_from_white_and_from_dark(name, ground):
    assert contrast(plotting.COLORS[name], ground) >= 3


@pytest.mark.parametrize("vision", VISION)
def test_the_seven_optimizers_that_share_plots_can_be_told_apart(vision):
    distances = {
        pair: np.linalg.norm(oklab(plotting.COLORS[pair[0]], vision) - oklab(plotting.COLORS[pair[1]], vision))
        for pair in itertools.combinations(SHARED, 2)
    }
    assert min(distances.values()) > 0.08, min(distances, key=distances.get)


@pytest.mark.parametrize("name", SHARED)
def test_paths_stand_out_from_the_surface(name):
    assert min(contrast(plotting.COLORS[name], height) for height in plotting.SURFACE) > 1.7


def test_every_rule_has_its_colour_and_its_marker():
    names = [name for name in rules.__all__ if name != "Rule"]
    assert set(names) <= set(plotting.COLORS)
    assert len(set(plotting.COLORS.values())) == len(plotting.COLORS)
    assert plotting.COLORS.keys() == plotting.MARKERS.keys()
    assert {plotting.color_of(rule) for rule in (Adam(lr=1), Adam, "Adam")} == {plotting.COLORS["Adam"]}
    assert plotting.color_of("nobody") == plotting.INK


# --- figures --------------------------------------------------------------------------------------


def test_pictures_leave_matplotlibs_settings_as_they_are_and_never_touch_pyplot():
    # Warnings are errors, but for the old names of pyparsing that matplotlib before 3.10.8 still calls it by.
    code = """
import sys, warnings
warnings.filterwarnings("ignore", category=DeprecationWarning, module="matplotlib|pyparsing")
import matplotlib as mpl
before = dict(mpl.rcParams)
from adamkit import plotting, surfaces
fig = plotting.figure(4, 3)
ax = fig.subplots()
plotting.draw_surface(ax, surfaces.saddle())
ax.set_title("A saddle"), ax.plot([0, 1], [0, 1], label="line"), ax.legend()
fig._repr_mimebundle_()
assert dict(mpl.rcParams) == before
assert "matplotlib.pyplot" not in sys.modules
assert "IPython" not in sys.modules
"""
    answer = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("size", "pixels"), [((6.4, 3.5), (640, 350)), ((640, 350), (640, 350)), ((39, 2), (3900, 200))]
)
def test_sizes_are_inches_or_from_forty_on_pixels(size, pixels):
    assert plotting.figure(*size).bbox.size.tolist() == list(pixels)


test_what_makes_no_figure_and_shows_none_is_refused = refused(
    *each(lambda size: plotting.figure(*size), r"(width|height)=.* must be inches \(below 40\) or pixels",
          (0, 3), (7, -1), ("7", 3), (7, float("nan")), (7, 5000), (True, 3)),
    *each(lambda alt: plotting.show(plotting.figure(), alt=alt), "alt={} must say in a sentence what the picture shows",
          "", "  ", None),
)


def test_axes_have_the_look_however_they_are_made():
    figure = plotting.figure()
    by_hand = figure.add_axes((0.1, 0.1, 0.3, 0.8))
    in_grid = figure.add_subplot(1, 2, 2)
    for ax in (by_hand, in_grid):
        assert not ax.spines["top"].get_visible()
        ax.set_title("Finding")
        assert ax.get_title("left") == "Finding"
        (line,) = ax.plot([0, 1], [0, 1])
        assert line.get_linewidth() == 1.8
        ax.set_xticks([0, 0.5, 1])
        assert ax.xaxis.get_major_ticks()[0].label1.get_fontsize() == 9


def test_a_figure_laid_out_by_hand_draws_without_complaint():
    figure = plotting.figure(640, 350)
    figure.add_axes((0.1, 0.1, 0.3, 0.8))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small_png(figure)


def test_a_title_wider_than_its_axes_is_broken_and_stays_inside():
    figure = plotting.figure(7, 3)
    axes = figure.subplots(1, 2)
    for ax in axes:
        ax.set_title("A finding that takes far more words than there is room for above these axes")
    figure.canvas.draw()
    for ax in axes:
        box, title = ax.get_window_extent(), ax._left_title.get_window_extent()
        assert title.x1 <= box.x1 + 12
        assert title.y1 <= figure.bbox.height


# --- what a notebook gets -------------------------------------------------------------------------


def example():
    figure = plotting.figure(5, 3)
    left, right = figure.subplots(1, 2)
    surface = surfaces.rosenbrock()
    runs = [descent.run(Adam(lr=0.05), surface), descent.run(SGD(lr=1e-3), surface)]
    plotting.draw_surface(left, surface)
    for run in runs:
        plotting.draw_trajectory(left, run)
    plotting.draw_losses(right, runs)
    right.set_title("Adam is ahead")
    return figure


def test_show_gives_html_with_alt_text_a_picture_and_the_same_text_each_time():
    alt = 'Adam "follows" the valley,\n   SGD < Adam.'
    data, metadata = plotting.show(example(), alt=alt)._repr_mimebundle_()
    clean = 'Adam "follows" the valley, SGD < Adam.'
    assert data["text/plain"] == clean
    assert repr(plotting.show(example(), alt=alt)) == clean
    assert 'alt="Adam &quot;follows&quot; the valley, SGD &lt; Adam."' in data["text/html"]
    assert metadata["image/png"] == {"alt": clean, "width": 500, "height": 300}
    assert 'width="500" height="300"' in data["text/html"]
    png = base64.b64decode(data["image/png"])
    assert Image.open(io.BytesIO(png)).size == (750, 450)
    assert re.search("base64,([^\"]+)", data["text/html"]).group(1) == data["image/png"]


def test_the_same_figure_gives_the_same_bytes():
    assert small_png(example())[0] == small_png(example())[0]


def test_drawing_again_changes_nothing():
    figure = example()
    assert small_png(figure)[0] == small_png(figure)[0]


def test_a_figure_without_alt_text_is_described_by_its_titles():
    assert bundle(example())[0]["text/plain"] == "Figure: Adam is ahead"
    assert bundle(plotting.figure())[0]["text/plain"] == "Figure: untitled"


def test_few_colours_cost_nothing_the_eye_would_notice():
    file = io.BytesIO()
    figure = example()
    figure.savefig(file, dpi=150)
    full = np.asarray(Image.open(file).convert("RGB"))
    few = np.asarray(in_few_colors(full).convert("RGB"))
    off = np.abs(full.astype(int) - few).max(axis=2)
    assert (off > 10).mean() < 0.01
    assert (few[(full == 255).all(axis=2)] == 255).all()
    assert len(small_png(figure)[0]) < 0.5 * len(file.getvalue())


def test_a_plain_image_keeps_every_colour():
    image = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    np.testing.assert_array_equal(np.asarray(in_few_colors(image).convert("RGB")), image)


# --- drawing --------------------------------------------------------------------------------------


@pytest.fixture
def ax():
    return plotting.figure(4, 4).subplots()


@pytest.mark.parametrize("name", surfaces.ALL)
def test_every_surface_can_be_drawn_and_removed_again(ax, name):
    surface = surfaces.ALL[name]()
    artists = plotting.draw_surface(ax, surface, resolution=60)
    ax.figure.canvas.draw()
    assert (ax.get_xlim(), ax.get_ylim()) == surface.view
    for artist in artists:
        artist.remove()
    assert not ax.collections
    assert not ax.lines


@pytest.mark.parametrize("name", surfaces.ALL)
def test_levels_ascend_and_no_band_swallows_the_picture(name):
    surface = surfaces.ALL[name]()
    x, y = (np.linspace(*side, 100) for side in surface.view)
    heights = surface.value(np.stack(np.meshgrid(x, y), axis=-1))
    levels = plotting.even_levels(heights, 18)
    assert (np.diff(levels) > 0).all()
    shares = np.histogram(heights, [-np.inf, *levels, np.inf])[0] / heights.size
    assert shares.max() < 0.2
    assert len(levels) == 17


def test_a_flat_loss_still_has_levels():
    assert (np.diff(plotting.even_levels(np.full((5, 5), 3.0), 10)) > 0).all()
    assert (np.diff(plotting.even_levels(np.zeros((5, 5)), 10)) > 0).all()


def test_a_trajectory_has_the_colour_of_its_rule_and_ends_where_it_ends(ax):
    run = descent.run(Momentum(lr=1e-4), surfaces.rosenbrock(), steps=50)
    artists = plotting.draw_trajectory(ax, run)
    assert artists.path.get_color() == plotting.COLORS["Momentum"]
    assert artists.path.get_label() == "Momentum"
    np.testing.assert_array_equal(np.transpose(artists.path.get_data()), run.positions)
    np.testing.assert_array_equal(np.ravel(artists.start.get_data()), run.positions[0])
    np.testing.assert_array_equal(np.ravel(artists.end.get_data()), run.final)


def test_a_diverged_trajectory_ends_in_a_cross_and_another_can_take_its_place(ax):
    surface = surfaces.ravine()
    lost = descent.run(SGD(lr=1.0), surface, steps=30)
    artists = plotting.draw_trajectory(ax, lost)
    assert artists.end.get_marker() == "X"
    np.testing.assert_array_equal(np.ravel(artists.end.get_data()), lost.positions[lost.diverged_at - 1])
    fine = descent.run(SGD(lr=0.01), surface, steps=30)
    artists.update(fine)
    assert artists.end.get_marker() == "o"
    np.testing.assert_array_equal(np.ravel(artists.end.get_data()), fine.final)


def test_losses_have_one_line_a_run_in_its_colour(ax):
    runs = [descent.run(rule, surfaces.ravine(), steps=20) for rule in (SGD(lr=0.01), Adam(lr=0.01))]
    lines = plotting.draw_losses(ax, runs)
    assert [line.get_label() for line in lines] == ["SGD", "Adam"]
    assert [line.get_color() for line in lines] == [plotting.COLORS["SGD"], plotting.COLORS["Adam"]]
    np.testing.assert_array_equal(lines[1].get_ydata(), runs[1].losses)
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step t", "loss")


def test_two_runs_of_one_rule_can_be_named_and_arrays_of_losses_will_do(ax):
    lines = plotting.draw_losses(ax, {"first": np.array([3.0, 2.0, 0.0]), "Adam": np.array([3.0, 1.0, np.nan])})
    assert lines[0].get_ydata().tolist() == [3.0, 2.0, 1e-12]
    assert lines[1].get_color() == plotting.COLORS["Adam"]
    assert lines[0].get_color() != lines[1].get_color()


@pytest.mark.parametrize(
    ("draw", "complaint"),
    [
        (lambda ax: plotting.draw_surface(ax, surfaces.saddle(), levels=1), "levels=1 must be a whole number ≥ 2"),
        (lambda ax: plotting.draw_surface(ax, surfaces.saddle(), resolution=2.5), "resolution=2.5 must be"),
        (lambda ax: plotting.draw_trajectory(ax, np.zeros(3)), r"positions \(n, 2\)"),
        (lambda ax: plotting.draw_trajectory(ax, [[np.nan, 0]]), "finite start"),
        (lambda ax: plotting.draw_losses(ax, {"x": np.zeros((2, 2))}), r"losses of 'x' must have shape \(n,\)"),
    ],
)
def test_bad_input_is_refused_by_name(ax, draw, complaint):
    with pytest.raises(ValueError, match=complaint):
        draw(ax)


def test_style_is_a_context():
    before = mpl.rcParams["axes.titlelocation"]
    with plotting.style():
        assert mpl.rcParams["axes.titlelocation"] == "left"
    assert mpl.rcParams["axes.titlelocation"] == before
