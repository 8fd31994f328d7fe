"""Undo in an open workbook: what stood there comes back, but for cells that someone has edited since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from okr_workbook.books.live.cells import blocks
from okr_workbook.books.live.state import unfilled
from okr_workbook.books.live.tables import LiveTable, Pen, values_of
from okr_workbook.books.live.undo import AreaRecord, CellRecord, same_value
from okr_workbook.books.live.writing import empty_new_rows, resize
from okr_workbook.books.row_keys import row_keys
from okr_workbook.labels import folded
from okr_workbook.records import NamedTuple
from okr_workbook.tables.grid import Formula, Place, Value, column_letters, quoted, shown_value

HEADER = -1  # the row of a table's headers, counted from its body


class _Ground(NamedTuple):
    """Where an area's cells lie now: the sheet's cell of place (0, 0), what is there, and the table, where it is one."""

    sheet: Any
    row: int
    column: int
    present: Mapping[Place, Value]
    live: LiveTable | None = None

    def address(self, place: Place) -> str:
        return f"{quoted(self.sheet.name)}!{column_letters(self.column + place[1])}{self.row + place[0]}"

    def put_back(self, cells: Mapping[Place, Value], size: tuple[int, int] | None, pen: Pen) -> None:
        """Write the cells; the table takes `size` again, where one is given.

        Headers come last: as long as one belongs to the table, Excel gives it a name of its own once it is emptied.
        """
        self._write({place: value for place, value in cells.items() if place[0] != HEADER}, pen)
        if self.live is not None and size is not None:
            resize(self.live, *size)
        self._write({place: value for place, value in cells.items() if place[0] == HEADER}, pen)

    def _write(self, cells: Mapping[Place, Value], pen: Pen) -> None:
        with unfilled(self.sheet.book.app, cells.values()):
            for block in blocks(cells, {}, ()):
                pen.write(self.sheet, self.row + block.row, self.column + block.column, block.rows)


class _Finding:
    """What Undo finds of one area: the cells to put back, whether any shows what was written, what is kept.

    A table whose `size` is given takes that again.
    """

    def __init__(self, ground: _Ground | None, kept: Iterable[str] = ()) -> None:
        self.ground, self.kept = ground, [*kept]
        self.cells: dict[Place, Value] = {}
        self.changed = False
        self.size: tuple[int, int] | None = None

    def look_at(self, ground: _Ground, place: Place, cell: CellRecord) -> None:
        """Take up a cell that was written, at the place where it stands now."""
        present = ground.present.get(place)
        before = cell.before if ground.live else shown_value(cell.before)  # ranges are read without their formulas
        as_written, as_before = _shows(present, cell.after), _shows(present, before)
        if as_written:
            self.cells[place] = cell.before
            self.changed |= not as_before
        elif not as_before:
            self.kept.append(ground.address(place))


def roll_back(areas: Iterable[AreaRecord], tables: Mapping[str, LiveTable], named: Mapping[str, Any], pen: Pen) -> None:
    """Put everything back as it was, the last change first: a write has failed half way.

    Where the workbook refuses this too, the rest is still put back; what the user must hear of is the first failure.
    """
    for area in reversed(list(areas)):
        with suppress(Exception):
            ground = _ground_of_table(tables[area.name]) if area.is_table else _ground_of_name(named[area.name])
            size = area.size if area.size != area.size_after else None
            if area.is_table:
                empty_new_rows(tables[area.name], area.size_after)
            ground.put_back({cell.place: cell.before for cell in area.cells}, size, pen)


def restore(
    areas: Iterable[AreaRecord], tables: Mapping[str, LiveTable], named: Mapping[str, Any], pen: Pen
) -> tuple[int, tuple[str, ...]] | None:
    """How many cells came back, and what was edited since, or is gone, and stays. None where nothing shows what was written.

    A row is found by its key, wherever it was sorted to, and a column by its header. A cell that shows what stood there
    before is back already: the workbook was closed without saving.
    """
    found = [(area, _look(area, tables, named)) for area in areas]
    if not any(finding.changed or finding.ground is None for _, finding in found):
        return None
    for _, finding in found:
        if finding.ground is not None:
            finding.ground.put_back(finding.cells, finding.size, pen)
    restored = sum(len(finding.cells) for _, finding in found)
    return restored, tuple(kept for _, finding in found for kept in finding.kept)


def _look(area: AreaRecord, tables: Mapping[str, LiveTable], named: Mapping[str, Any]) -> _Finding:
    there = tables.get(area.name) if area.is_table else named.get(area.name)
    if there is None:
        return _Finding(None, [area.name])
    if area.is_table:
        return _look_at_table(area, there)
    ground = _ground_of_name(there)
    finding = _Finding(ground)
    for cell in area.cells:
        finding.look_at(ground, cell.place, cell)
    return finding


def _look_at_table(area: AreaRecord, live: LiveTable) -> _Finding:
    ground = _ground_of_table(live)
    finding, rows, columns = _Finding(ground), _rows_now(area, live), _columns_now(area, live)
    calculated = _calculated(area, live, rows)
    for row, remembered in area.rows.items():
        if row not in rows:
            finding.kept.append(live.grid.named(" ".join(remembered.key)))
        elif remembered.is_new:
            more = _not_ours(area, ground, row, rows[row], columns)
            if all(place in live.formulas and place[1] in calculated for place in more):
                finding.cells |= dict.fromkeys(more)
            else:
                finding.kept.append(ground.address((rows.pop(row), 0)))
    for cell in area.cells:
        row, column = cell.place
        if row in rows and column in columns:
            finding.look_at(ground, (rows[row], columns[column]), cell)
        elif row in rows:
            finding.kept.append(live.grid.named(str(area.headers[column])))
    as_written = all(was == now for places in (rows, columns) for was, now in places.items())
    alone = (live.row_count, len(live.grid.headers)) == area.size_after and len(live.grid.rows) <= area.size_after[0]
    if area.size != area.size_after and as_written and alone and not finding.kept:
        finding.size = area.size
    return finding


def _rows_now(area: AreaRecord, live: LiveTable) -> dict[int, int]:
    """Where the rows of a record stand now. Those that Refresh alone writes stay where they were."""
    grid = live.grid
    if live.is_computed:
        return {HEADER: HEADER} | {row: row for row in area.rows}
    places = {key: index for index, key in enumerate(row_keys(grid.table, grid.headers, grid.rows))}
    found = {row: places.get((kept.key, kept.nth)) for row, kept in area.rows.items()}
    return {HEADER: HEADER} | {row: now for row, now in found.items() if now is not None}


def _columns_now(area: AreaRecord, live: LiveTable) -> dict[int, int]:
    """Where the columns of a record stand now."""
    places = {folded(str(header)): place for place, header in enumerate(live.grid.headers)}
    found = {column: places.get(folded(header)) for column, header in enumerate(area.headers)}
    return {column: now for column, now in found.items() if now is not None}


def _not_ours(area: AreaRecord, ground: _Ground, row: int, now: int, columns: Mapping[int, int]) -> list[Place]:
    """The other cells of a row that was blank before in which something stands by now."""
    ours = {columns.get(cell.place[1]) for cell in area.cells if cell.place[0] == row}
    return [
        place
        for place, value in ground.present.items()
        if value is not None and place[0] == now and place[1] not in ours
    ]


def _calculated(area: AreaRecord, live: LiveTable, rows: Mapping[int, int]) -> set[int]:
    """The columns with a formula in every row that is not new: Excel fills them in by itself, where nobody types."""
    new = {rows[row] for row, remembered in area.rows.items() if remembered.is_new and row in rows}
    old = [row for row in range(len(live.grid.rows)) if row not in new]
    return {
        column for column in range(len(live.grid.headers)) if old and all((row, column) in live.formulas for row in old)
    }


def _ground_of_name(cells: Any) -> _Ground:
    present = {(r, c): value for r, row in enumerate(values_of(cells)) for c, value in enumerate(row)}
    return _Ground(cells.sheet, cells.row, cells.column, present)


def _ground_of_table(live: LiveTable) -> _Ground:
    places = [(row, column) for row in range(len(live.grid.rows)) for column in range(len(live.grid.headers))]
    present = {place: live.at(place) for place in places}
    present |= {(HEADER, column): header for column, header in enumerate(live.grid.headers)}
    return _Ground(live.sheet, live.grid.top + 1, live.grid.left, present, live)


def _shows(present: Value, written: Value) -> bool:
    """True where a cell still holds what was written there; a formula may show another value by now."""
    if isinstance(written, Formula) or isinstance(present, Formula):
        return isinstance(present, Formula) and isinstance(written, Formula)
    return same_value(present, written)
