"""Undo in an open workbook: what stood there comes back, but for cells that someone has edited since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from okr_workbook.books.live_cells import blocks
from okr_workbook.books.live_tables import LiveTable, values_of, write_cells
from okr_workbook.books.live_undo import AreaRecord, same_value
from okr_workbook.books.live_writing import resize
from okr_workbook.tables.grid import Formula, Place, Value, column_letters


class _Ground(NamedTuple):
    """Where a record's cells lie now: the sheet's cell of place (0, 0), and what is there."""

    sheet: Any
    row: int
    column: int
    present: Mapping[Place, Value]

    def address(self, place: Place) -> str:
        return f"{self.sheet.name}!{column_letters(self.column + place[1])}{self.row + place[0]}"


def roll_back(areas: Iterable[AreaRecord], tables: Mapping[str, LiveTable], named: Mapping[str, Any]) -> None:
    """Put everything back as it was, the last change first: a write has failed half way.

    Where the workbook refuses this too, the rest is still put back; what the user must hear of is the first failure.
    """
    for area in reversed(list(areas)):
        ground = _ground(area, tables, named)
        if ground is None:
            continue
        with suppress(Exception):
            _put_back(ground, {cell.place: cell.before for cell in area.cells})
            if area.is_table:
                resize(tables[area.name], *area.size)


def restore(
    areas: Collection[AreaRecord], tables: Mapping[str, LiveTable], named: Mapping[str, Any]
) -> tuple[int, tuple[str, ...]]:
    """How many cells came back, and the addresses of those that were edited since and stay.

    A table takes its former size again only where nothing of it was edited.
    """
    restored, kept = 0, list[str]()
    for area in areas:
        ground = _ground(area, tables, named)
        if ground is None:
            kept.append(area.name)
            continue
        edited = [cell.place for cell in area.cells if not _shows(ground.present.get(cell.place), cell.after)]
        cells = {cell.place: cell.before for cell in area.cells if cell.place not in edited}
        _put_back(ground, cells)
        if area.is_table and not edited:
            resize(tables[area.name], *area.size)
        restored += len(cells)
        kept += map(ground.address, edited)
    return restored, tuple(kept)


def _ground(area: AreaRecord, tables: Mapping[str, LiveTable], named: Mapping[str, Any]) -> _Ground | None:
    if not area.is_table:
        cells = named.get(area.name)
        if cells is None:
            return None
        present = {(r, c): value for r, row in enumerate(values_of(cells)) for c, value in enumerate(row)}
        return _Ground(cells.sheet, cells.row, cells.column, present)
    live = tables.get(area.name)
    if live is None:
        return None
    places = [(row, column) for row in range(len(live.grid.rows)) for column in range(len(live.grid.headers))]
    present = {place: live.at(place) for place in places}
    present |= {(-1, column): header for column, header in enumerate(live.grid.headers)}
    return _Ground(live.sheet, live.grid.top + 1, live.grid.left, present)


def _put_back(ground: _Ground, cells: Mapping[Place, Value]) -> None:
    for block in blocks(cells, {}, ()):
        write_cells(ground.sheet, ground.row + block.row, ground.column + block.column, block.rows)


def _shows(present: Value, written: Value) -> bool:
    """True where a cell still holds what was written there; a formula may show another value by now."""
    if isinstance(written, Formula) or isinstance(present, Formula):
        return isinstance(present, Formula) and isinstance(written, Formula)
    return same_value(present, written)
