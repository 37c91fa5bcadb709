"""What is kept for the backward pass, counted; and the search for the largest batch that fits."""

import math

import pytest
import torch

from adamkit.training import cost


def test_a_linear_layer_keeps_its_input_and_a_tanh_its_output():
    layer = torch.nn.Linear(8, 16)
    x = torch.randn(5, 8)
    assert cost.saved_bytes(layer, lambda: layer(x)) == x.nbytes
    assert cost.saved_bytes(layer, lambda: torch.tanh(layer(x))) == x.nbytes + 4 * 5 * 16


def test_what_two_operations_keep_counts_once_and_a_view_as_what_it_shows():
    layer = torch.nn.Linear(8, 8, bias=False)
    whole = torch.randn(100, 8)
    assert cost.saved_bytes(layer, lambda: layer(whole[:5]) + layer(whole[:5])) == 4 * 5 * 8


def test_several_views_of_one_piece_count_together_and_no_more_than_the_piece():
    wide = torch.randn(6, 12, requires_grad=True)
    piece = (wide * 1).nbytes

    def product():
        queries, keys = (wide * 1).split(6, dim=1)
        return queries * keys

    assert cost.saved_bytes(torch.nn.Identity(), product) == piece
    assert cost.saved_bytes(torch.nn.Identity(), lambda: (lambda x: x * x + x.T.mean() * x)(wide * 1)) <= 2 * piece


def test_without_gradients_nothing_is_kept():
    layer = torch.nn.Linear(8, 8)
    with torch.no_grad():
        assert cost.saved_bytes(layer, lambda: layer(torch.ones(3, 8))) == 0


@pytest.mark.parametrize("limit", [*range(40), 63, 64, 65, 1000, 4097])
def test_the_search_finds_the_largest_and_asks_seldom_and_modestly(limit):
    asked = []

    def fits(number):
        asked.append(number)
        return number <= limit

    assert cost.largest_that_fits(fits) == limit
    assert len(asked) == (2 * int(math.log2(limit)) + 2 if limit else 1)
    assert max(asked) <= max(1, 2 * limit)
    assert len(set(asked)) == len(asked)
