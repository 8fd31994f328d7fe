"""Changes into an open workbook: a table's cells, its growth, a named range. Each gives back what Undo needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okr_workbook.books.live.cells import Untouchable, blocks, formula_of
from okr_workbook.books.live.hosts import clear_notes, contents_of, keeps_formulas_apart
from okr_workbook.books.live.state import unfilled
from okr_workbook.books.live.tables import LiveTable, Pen, values_of
from okr_workbook.books.live.undo import AreaRecord, CellRecord, RowRecord, same_value
from okr_workbook.books.row_keys import row_keys
from okr_workbook.errors import OkrError
from okr_workbook.records import NamedTuple
from okr_workbook.tables.blocks import ARROW
from okr_workbook.tables.grid import BlockChange, Formula, Place, TableChange, Value, column_letters, shown_value

Cells = Mapping[Place, Value]
Size = tuple[int, int]
"""How many rows and columns a table has, without its header."""


class TablePlan(NamedTuple):
    """What will be written into one table, once it is known that there is room for it.

    `kept` are the addresses of cells that are left alone because they hold a formula of the user's.
    """

    live: LiveTable
    cells: Cells
    new_headers: tuple[str, ...]
    size: Size
    kept: tuple[str, ...]


def planned(live: LiveTable, change: TableChange) -> TablePlan:
    """What a change writes, with the size the table will have. OkrError where something stands in the way."""
    cells: dict[Place, Value] = {}
    kept: list[str] = []
    with_links = keeps_formulas_apart(live.sheet.book)
    for place, asked in change.cells.items():
        value = asked if with_links else shown_value(asked)
        if value is not asked and same_value(value, shown_value(live.at(place))):
            continue  # what the link would show stands there already
        if place in live.formulas and not change.writes_over_formulas and not isinstance(value, Formula):
            kept.append(live.grid.named(live.grid.address(*place)))
        elif value is not None or place[0] < len(live.grid.rows):  # what lies under the table is emptied by nobody
            cells[place] = value
    return TablePlan(live, cells, change.new_headers, _size_after(live, change, cells), tuple(kept))


def _size_after(live: LiveTable, change: TableChange, cells: Cells) -> Size:
    """The rows and columns the table needs. OkrError where it would have to grow over something."""
    grid, width = live.grid, len(live.grid.headers)
    filled = [row + 1 for (row, _), value in cells.items() if value is not None]
    rows, columns = change.row_count or max([len(grid.rows), *filled]), width + len(change.new_headers)
    if live.has_totals:
        if rows > live.row_count or columns > width:
            raise OkrError("table_has_totals", table=grid.table)
        return live.row_count, width
    if rows > len(grid.rows):
        _expect_empty(live, (len(grid.rows), 0), (rows - 1, width - 1))
    if columns > width:
        _expect_empty(live, (-1, width), (rows - 1, columns - 1))
    return rows, columns


def record_of(plan: TablePlan) -> AreaRecord:
    """What stands where the plan will write, the table's size before and after, and how its rows are known again."""
    live, grid, width = plan.live, plan.live.grid, len(plan.live.grid.headers)
    headers = [CellRecord((-1, width + index), None, header) for index, header in enumerate(plan.new_headers)]
    cells = [CellRecord(place, live.at(place), value) for place, value in plan.cells.items()]
    return AreaRecord(
        grid.table,
        is_table=True,
        cells=(*headers, *cells),
        size=(live.row_count, width),
        size_after=plan.size,
        headers=(*map(str, grid.headers), *plan.new_headers),
        rows=_row_records(plan),
    )


def _row_records(plan: TablePlan) -> dict[int, RowRecord]:
    """The keys that the rows written to will have."""
    grid, width = plan.live.grid, len(plan.live.grid.headers)
    rows = [*grid.rows, *([None] * width for _ in range(plan.size[0] - len(grid.rows)))]
    written = {row: [*rows[row]] for row in sorted({row for row, _ in plan.cells})}
    new = {row for row, values in written.items() if all(value is None for value in values)}
    for (row, column), value in plan.cells.items():
        if column < width:
            written[row][column] = value
    for row, values in written.items():
        rows[row] = values
    keys = row_keys(grid.table, grid.headers, rows)
    return {row: RowRecord(*keys[row], row in new) for row in written}


def write_table(plan: TablePlan, pen: Pen) -> None:
    """Make room in the table, then write its cells, each block of computed fields in one call."""
    live = plan.live
    _grow(plan, pen)
    found = blocks(plan.cells, _present(live), live.computed_columns)
    with unfilled(live.sheet.book.app, (value for block in found for row in block.rows for value in row)):
        for block in found:
            pen.write(live.sheet, live.grid.top + 1 + block.row, live.grid.left + block.column, block.rows)
        for column in sorted({column for (_, column), value in plan.cells.items() if isinstance(value, Formula)}):
            _expect_apart(plan, column, pen)


def _expect_apart(plan: TablePlan, column: int, pen: Pen) -> None:
    """Where Excel made one formula of a column's all the same, its cells get what they should show: no link misleads."""
    live, last = plan.live, plan.size[0] - 1
    wanted = [plan.cells.get((row, column), live.at((row, column))) for row in range(last + 1)]
    texts = [str(cells[0]) for cells in contents_of(live.area((0, column), (last, column)))]
    found = [text for text in texts if text.startswith("=")]
    links = [value.text for value in wanted if isinstance(value, Formula)]
    if len(found) != len(links) or len(set(found)) < len(set(links)):
        rows = [[shown_value(value)] for value in wanted]
        pen.write(live.sheet, live.grid.top + 1, live.grid.left + column, rows)


def _present(live: LiveTable) -> dict[Place, Value | Untouchable]:
    """What the computed columns hold now, as it is written back."""
    present: dict[Place, Value | Untouchable] = {}
    columns, with_links = live.computed_columns, keeps_formulas_apart(live.sheet.book)
    for row in range(len(live.grid.rows)):
        for column in columns:
            theirs = (row, column) in live.formulas and not live.is_computed
            value = live.at((row, column))
            present[row, column] = Untouchable() if theirs else value if with_links else shown_value(value)
    return present


def write_block(area: Any, change: BlockChange, pen: Pen) -> AreaRecord | None:
    """Fill a named range in one call; its other cells are emptied. None where it shows all that already.

    A link is told by what it shows: ranges are read without their formulas, but where a link gives way.
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
    if any(isinstance(cell.before, str) and cell.before.endswith(ARROW) for cell in records):
        records = _with_links(area, records)
    pen.write(area.sheet, area.row, area.column, rows)
    return AreaRecord(change.name, is_table=False, cells=records)


def _with_links(area: Any, records: tuple[CellRecord, ...]) -> tuple[CellRecord, ...]:
    """The same, with the formulas of the links that stand in the range before it is written."""
    texts = contents_of(area)

    def with_link(cell: CellRecord) -> CellRecord:
        (row, column), before = cell.place, cell.before
        formula = formula_of(texts[row][column], before)
        return (
            cell if formula is None or not isinstance(before, str) else cell._replace(before=Formula(formula, before))
        )

    return tuple(map(with_link, records))


def _padded(change: BlockChange, height: int, width: int) -> list[list[Value]]:
    rows = [[*row[:width], *[None] * (width - len(row))] for row in change.rows[:height]]
    return rows + [[None] * width for _ in range(height - len(rows))]


def resize(live: LiveTable, row_count: int, width: int) -> None:
    """Let the table be that large, one row at least."""
    live.table.resize(live.area((-1, 0), (max(row_count, 1) - 1, width - 1)))


def empty_new_rows(live: LiveTable, size: Size) -> None:
    """Take everything out of the rows that a table of that size has more, also what Excel filled in by itself."""
    first, (row_count, width) = len(live.grid.rows), size
    if first < row_count:
        live.area((first, 0), (row_count - 1, width - 1)).clear_contents()


def _grow(plan: TablePlan, pen: Pen) -> None:
    """Give the table the rows and columns it needs."""
    live, (row_count, columns), width = plan.live, plan.size, len(plan.live.grid.headers)
    if (row_count, columns) == (live.row_count, width):
        return
    if live.row_count > 0:
        _format_rows(live, row_count)
    resize(live, row_count, columns)  # afterwards, for Excel then fills in the columns that are calculated
    if plan.new_headers:
        pen.write(live.sheet, live.grid.top, live.grid.left + width, [plan.new_headers])


def _expect_empty(live: LiveTable, first: Place, last: Place) -> None:
    """OkrError where something stands where the table wants to grow."""
    for row, cells in enumerate(contents_of(live.area(first, last)), first[0]):
        for column, content in enumerate(cells, first[1]):
            if content not in (None, ""):
                cell = f"{column_letters(live.grid.left + column)}{live.grid.top + 1 + row}"
                raise OkrError("no_room_for_table", table=live.grid.table, sheet=live.grid.sheet, cell=cell)


def _format_rows(live: LiveTable, row_count: int) -> None:
    """Rows that are new look like the table's last one, its dropdowns included. Rows typed there keep their look."""
    first, width = len(live.grid.rows), len(live.grid.headers)
    if first < row_count:
        new = live.area((first, 0), (row_count - 1, width - 1))
        live.area((live.row_count - 1, 0), (live.row_count - 1, width - 1)).copy(new)
        new.clear_contents()
        clear_notes(new)
