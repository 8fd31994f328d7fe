"""Changes into an open workbook: a table's cells, its growth, a named range. Each gives back what Undo needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okr_workbook.books.live_cells import Untouchable, blocks
from okr_workbook.books.live_tables import LiveTable, values_of, write_cells
from okr_workbook.books.live_undo import AreaRecord, CellRecord, same_value
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import BlockChange, Formula, Place, TableChange, Value, column_letters, shown_value

Cells = Mapping[Place, Value]


def split_kept(live: LiveTable, change: TableChange) -> tuple[dict[Place, Value], tuple[str, ...]]:
    """The cells to write, and the addresses of those left alone because they hold a formula of the user's."""
    written: dict[Place, Value] = {}
    kept: list[str] = []
    for place, value in change.cells.items():
        if place in live.formulas and not change.writes_over_formulas and not isinstance(value, Formula):
            kept.append(f"{live.grid.sheet}!{live.grid.address(*place)}")
        else:
            written[place] = value
    return written, tuple(kept)


def record_of_table(live: LiveTable, change: TableChange, cells: Cells) -> AreaRecord:
    """What stands where `cells` and the new headers will be written, and the table's size."""
    width = len(live.grid.headers)
    headers = [CellRecord((-1, width + index), None, header) for index, header in enumerate(change.new_headers)]
    records = [CellRecord(place, live.at(place), value) for place, value in cells.items()]
    return AreaRecord(live.grid.table, is_table=True, size=(live.row_count, width), cells=(*headers, *records))


def write_table(live: LiveTable, change: TableChange, cells: Cells) -> None:
    """Make room in the table, then write its cells, each block of computed fields in one call."""
    _grow(live, change, cells)
    for block in blocks(cells, _present(live), live.computed_columns):
        write_cells(live.sheet, live.grid.top + 1 + block.row, live.grid.left + block.column, block.rows)


def _present(live: LiveTable) -> dict[Place, Value | Untouchable]:
    """What the computed columns hold now."""
    present: dict[Place, Value | Untouchable] = {}
    columns = live.computed_columns
    for row in range(len(live.grid.rows)):
        for column in columns:
            theirs = (row, column) in live.formulas and not live.is_computed
            present[row, column] = Untouchable() if theirs else live.at((row, column))
    return present


def write_block(area: Any, change: BlockChange) -> AreaRecord | None:
    """Fill a named range in one call; its other cells are emptied. None where it shows all that already.

    A link is told by what it shows: ranges are read without their formulas.
    """
    before = values_of(area)
    rows = _padded(change, *area.shape)
    records = tuple(
        CellRecord((row, column), before[row][column], shown_value(value))
        for row, cells in enumerate(rows)
        for column, value in enumerate(cells)
        if not same_value(before[row][column], shown_value(value))
    )
    if not records:
        return None
    write_cells(area.sheet, area.row, area.column, rows)
    return AreaRecord(change.name, is_table=False, size=area.shape, cells=records)


def _padded(change: BlockChange, height: int, width: int) -> list[list[Value]]:
    rows = [[*row[:width], *[None] * (width - len(row))] for row in change.rows[:height]]
    return rows + [[None] * width for _ in range(height - len(rows))]


def resize(live: LiveTable, row_count: int, width: int) -> None:
    """Let the table be that large, one row at least."""
    live.table.resize(live.area((-1, 0), (max(row_count, 1) - 1, width - 1)))


def _grow(live: LiveTable, change: TableChange, cells: Cells) -> None:
    """Give the table the rows and columns it needs, never over what stands under or beside it."""
    grid, width = live.grid, len(live.grid.headers)
    filled = [row + 1 for (row, _), value in cells.items() if value is not None]
    row_count = change.row_count or max([len(grid.rows), *filled])
    wider = width + len(change.new_headers)
    if (row_count, wider) == (live.row_count, width):
        return
    if row_count > len(grid.rows):
        _expect_empty(live, (len(grid.rows), 0), (row_count - 1, width - 1))
    if change.new_headers:
        _expect_empty(live, (-1, width), (row_count - 1, wider - 1))
    if live.row_count > 0:
        _format_rows(live, row_count)
    resize(live, row_count, wider)  # afterwards, for Excel then fills in the columns that are calculated
    if change.new_headers:
        write_cells(live.sheet, grid.top, grid.left + width, [change.new_headers])


def _expect_empty(live: LiveTable, first: Place, last: Place) -> None:
    """OkrError where something stands where the table wants to grow."""
    for row, cells in enumerate(values_of(live.area(first, last)), first[0]):
        for column, value in enumerate(cells, first[1]):
            if value is not None:
                cell = f"{column_letters(live.grid.left + column)}{live.grid.top + 1 + row}"
                raise OkrError("no_room_for_table", table=live.grid.table, sheet=live.grid.sheet, cell=cell)


def _format_rows(live: LiveTable, row_count: int) -> None:
    """Rows that are new look like the table's last one, its dropdowns included. Rows typed there keep their look."""
    first, width = len(live.grid.rows), len(live.grid.headers)
    if first < row_count:
        new = live.area((first, 0), (row_count - 1, width - 1))
        live.area((live.row_count - 1, 0), (live.row_count - 1, width - 1)).copy(new)
        new.clear_contents()
