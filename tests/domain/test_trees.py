"""Trees of rows that each name one parent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.trees import find_cycles, tree_of


@pytest.mark.parametrize(
    ("parents", "cycles"),
    [
        ([None, 0, 1], []),
        ([0], [(0,)]),
        ([1, 0, 1], [(0, 1)]),
        ([2, 0, 1, 2], [(0, 2, 1)]),
        ([1, 0, 3, 2, 2], [(0, 1), (2, 3)]),
    ],
)
def test_cycles_among_parents(parents, cycles):
    assert find_cycles(parents) == cycles


@given(st.lists(st.one_of(st.none(), st.integers(0, 14)), min_size=15, max_size=15))
def test_every_row_comes_once_and_after_its_children(parents):
    tree = tree_of(parents)
    assert sorted(tree.children_first) == list(range(15))
    position = {place: number for number, place in enumerate(tree.children_first)}
    assert all(position[place] < position[parent] for place, parent in enumerate(tree.parents) if parent is not None)


def test_a_chain_of_any_depth_is_ordered():
    assert tree_of([None, *range(20_000)]).children_first == tuple(range(20_000, -1, -1))
