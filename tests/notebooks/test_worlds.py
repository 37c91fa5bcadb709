"""`make worlds`: other kernels, threads and roundings, and how near a claim comes to its bound."""

import math

import nbformat
import pytest
import worlds
from worlds import World

CELL = """
import numpy as np
import torch
from adamkit import surfaces
from adamkit.claims import claim

torch.manual_seed(0)
weight = torch.nn.Linear(1, 1, dtype=torch.float64).weight.item()
slope = surfaces.ravine().gradient_xy(1.0, 1.0)[0]
claim("A weight moves", weight * 1e7 % 1, above=-1, approx=True)
claim("A slope is exact", slope, equals=1.0)
claim("Said twice", 1, equals=1)
claim("Said twice", 2, equals=2)
"""


@pytest.fixture
def notebook(tmp_path):
    """Writes a notebook of marked cells with what is stored for each; returns its path."""

    def write(*cells):
        book = nbformat.v4.new_notebook(cells=[
            nbformat.v4.new_code_cell(source, metadata={"tags": [worlds.CHECKED]},
                                      outputs=[nbformat.v4.new_output("stream", name="stdout", text=stored)])
            for source, stored in cells])
        nbformat.write(book, tmp_path / "01_test.ipynb")
        return tmp_path / "01_test.ipynb"

    return write


STORED = "✓ A weight moves: ≈ 7 (above -1)\n✓ A slope is exact: 1.00\n✓ Said twice: 1\n✓ Said twice: 2\n"


def test_a_disturbed_world_moves_weights_and_slopes_and_is_the_same_each_time(notebook):
    path = notebook((CELL, STORED))
    plain, one, again, other = (worlds.run(World("w", seed=seed), path)["claims"] for seed in (None, 1, 1, 2))
    assert one == again
    assert len({rows[0]["low"] for rows in (plain, one, other)}) == 3
    assert [rows[1]["held"] for rows in (plain, one, other)] == [True, False, False]
    assert [(row["sentence"], row["time"]) for row in plain[2:]] == [("Said twice", 1), ("Said twice", 2)]


def test_cells_that_fail_or_print_something_else_are_problems(notebook):
    path = notebook((CELL, STORED), ("1 / 0", ""), ("print('≈ 3 of 5')", "≈ 2 of 5\n"), ("print(3)", "2\n"))
    assert worlds.run(World("w"), path)["problems"] == [
        "cell [2] raised ZeroDivisionError: division by zero", "cell [4] printed '3' where '2' is stored"]


def row(low, *, wanted="above 0", held=True, exact=False, **sides):
    return {"sentence": "s", "time": 1, "wanted": wanted, "held": held, "low": low, "high": low, "exact": exact,
            **sides}


def judged(*rows, seeds=None):
    found = [(World(str(i), seed=seed), one) for i, (one, seed) in
             enumerate(zip(rows, seeds or [None] * len(rows), strict=True))]
    return worlds.summary(("01", "s", 1), found)


def test_the_distance_to_the_bound_is_counted_in_spreads():
    assert judged(row(3.0, above=3.0), row(5.0, above=5.0))["distance"] == pytest.approx(1.5)
    assert judged(row(3.0, above=1.0, below=0.5), row(4.0, above=2.0, below=9.0))["distance"] == pytest.approx(0.5)


def test_what_does_not_move_is_far_from_its_bound():
    assert judged(row(3.0, above=1e-3), row(3.0 + 1e-12, above=1e-3))["distance"] == math.inf


def test_a_claim_that_fails_anywhere_has_failed_and_says_where():
    found = judged(row(1.0, above=1.0), row(-1.0, held=False, above=-1.0))
    assert (found["failed"], found["distance"]) == (["1"], -1)


def test_floats_held_exactly_are_judged_only_where_nothing_was_disturbed_on_purpose():
    assert judged(row(1.0, exact=True), row(1.1, exact=True, held=False), seeds=[None, 3])["failed"] == []
    assert judged(row(1.0, exact=True), row(1.1, exact=True, held=False))["failed"] == ["1"]


def test_worlds_are_chosen_by_name_and_a_random_one_has_a_seed_of_its_own():
    assert [world.name for world in worlds.chosen_worlds(["native"])] == ["native-1", "native-2"]
    assert [world.name for world in worlds.chosen_worlds(["disturbed-77"])] == ["disturbed-77"]
    one, = worlds.chosen_worlds(["random"])
    assert one.seed >= 1000
    assert len(worlds.chosen_worlds([])) >= 8 + 2
    with pytest.raises(SystemExit, match="there are"):
        worlds.chosen_worlds(["mars"])
