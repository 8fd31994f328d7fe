"""Trees of rows that each name one parent: cycles found and cut, children before parents. Objectives and teams are such."""

from __future__ import annotations

from collections.abc import Sequence

from okr_workbook.records import NamedTuple


class Tree(NamedTuple):
    """Each row's parent with the links inside cycles cut, an order with children first, and the cycles."""

    parents: tuple[int | None, ...]
    children_first: tuple[int, ...]
    cycles: tuple[tuple[int, ...], ...]


def tree_of(parents: Sequence[int | None]) -> Tree:
    """The tree of rows that each name one parent by its place."""
    cycles = find_cycles(parents)
    in_cycle = {place for cycle in cycles for place in cycle}
    cut = tuple(None if place in in_cycle else parent for place, parent in enumerate(parents))
    waiting = [0] * len(cut)
    for parent in cut:
        if parent is not None:
            waiting[parent] += 1
    order = [place for place, count in enumerate(waiting) if not count]
    for place in order:  # grows while it is walked: a parent joins when its last child has been met
        parent = cut[place]
        if parent is not None:
            waiting[parent] -= 1
            if not waiting[parent]:
                order.append(parent)
    return Tree(cut, tuple(order), tuple(cycles))


def find_cycles(parents: Sequence[int | None]) -> list[tuple[int, ...]]:
    """The cycles among rows that each name one parent, each from its first row on.

    >>> find_cycles([1, 2, 0, 2, None, 5])
    [(0, 1, 2), (5,)]
    """
    seen: dict[int, int] = {}
    cycles = []
    for first in range(len(parents)):
        path: list[int] = []
        place: int | None = first
        while place is not None and place not in seen:
            seen[place] = first
            path.append(place)
            place = parents[place]
        if place is not None and seen[place] == first:
            cycle = path[path.index(place) :]
            turn = cycle.index(min(cycle))
            cycles.append(tuple(cycle[turn:] + cycle[:turn]))
    return cycles
