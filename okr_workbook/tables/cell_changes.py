"""Values into cells: which cells of a grid a new value would change, rows appended, tables written anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from okr_workbook.labels import Labels
from okr_workbook.records import NamedTuple
from okr_workbook.tables.cell_values import is_blank
from okr_workbook.tables.columns import Columns
from okr_workbook.tables.grid import Formula, Grid, Place, TableChange, Value
from okr_workbook.tables.schema import table

Cells = dict[Place, Value]


def put(cells: Cells, grid: Grid, row: int, column: int, value: Value) -> None:
    """Note a cell to write, where it differs from what stands there."""
    put_row(cells, grid, row, ((column, value),))


def put_row(cells: Cells, grid: Grid, row: int, values: Iterable[tuple[int, Value]]) -> None:
    """Note the cells of a row to write, given by their columns, where they differ from what stands there."""
    standing = grid.rows[row] if row < len(grid.rows) else ()
    width = len(standing)
    for column, value in values:
        before = standing[column] if column < width else None
        if before is not value and not changes_nothing(before, value, (row, column) in grid.formulas):
            cells[row, column] = value


def changes_nothing(before: Value, after: Value, holds_formula: bool) -> bool:
    """True where writing `after` would change nothing. TRUE is not 1, and a formula is not its value."""
    if isinstance(after, Formula):
        return holds_formula and before == after.value
    if isinstance(before, datetime) and type(after) is date:
        return before == datetime(after.year, after.month, after.day)  # noqa: DTZ001  (cells have no time zone)
    if isinstance(before, bool) != isinstance(after, bool):
        return False
    return before == after or (is_blank(before) and is_blank(after) and not holds_formula)


def append_rows(grid: Grid, columns: Columns, rows: Sequence[Mapping[str, Value]]) -> TableChange:
    """New rows after the last one that holds something; blank rows of the table are used first."""
    first = used_rows(grid)
    cells: Cells = {}
    for index, row in enumerate(rows):
        for field_id, value in row.items():
            if field_id in columns.fields and value is not None and value != "":
                cells[first + index, columns.fields[field_id]] = value
    return TableChange(grid.table, cells)


def record_cells(table_id: str, record: NamedTuple, labels: Labels) -> dict[str, Value]:
    """The input fields of a record as cells by field id, choices in the words of a language."""
    cells: dict[str, Value] = {}
    for field in table(table_id).input_fields:
        value = getattr(record, field.id)
        cells[field.id] = labels.choice(value, field.id) if value and field.type == "choice" else value
    return cells


def used_rows(grid: Grid) -> int:
    """How many body rows there are up to the last one that holds something."""
    for index in range(len(grid.rows) - 1, -1, -1):
        if not all(is_blank(cell) for cell in grid.rows[index]):
            return index + 1
    return 0


def row_cells(row: Mapping[str, Value], columns: Columns, width: int) -> list[Value]:
    """A row of fields as a row of cells; columns that are not the planner's are empty."""
    cells: list[Value] = [None] * width
    for field_id, value in row.items():
        if field_id in columns.fields:
            cells[columns.fields[field_id]] = value
    return cells


def whole_table(grid: Grid, rows: Sequence[Sequence[Value]], places: Iterable[int] | None = None) -> TableChange:
    """All rows of a table anew, in the columns `places` (default: all). Rows left over are emptied.

    The table then has as many rows as it holds, one at least.
    """
    columns = list(range(len(grid.headers)) if places is None else places)
    cells: Cells = {}
    for index in range(max(len(rows), len(grid.rows))):
        row = rows[index] if index < len(rows) else ()
        width = len(row)
        put_row(cells, grid, index, [(column, row[column] if column < width else None) for column in columns])
    count = max(1, len(rows))
    return TableChange(grid.table, cells, row_count=count if count != len(grid.rows) else None)


def merged(changes: Iterable[TableChange]) -> tuple[TableChange, ...]:
    """One change a table, in the order they came, without those that change nothing."""
    found: dict[str, TableChange] = {}
    for change in changes:
        before = found.get(change.table)
        if before is not None:
            change = change._replace(  # noqa: PLW2901  (the merged one takes its place)
                cells={**before.cells, **change.cells},
                row_count=change.row_count if change.row_count is not None else before.row_count,
                new_headers=before.new_headers + change.new_headers,
                begins_anew=before.begins_anew or change.begins_anew,
            )
        found[change.table] = change
    return tuple(one for one in found.values() if one.cells or one.new_headers or one.row_count is not None)
