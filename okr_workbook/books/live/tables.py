"""The planner's tables in an open workbook: found by name, each read in one call, its formulas in another.

Knows xlwings by the objects it is given and does not import it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from okr_workbook.books.live.cells import cell_of, formula_of, value_of
from okr_workbook.books.live.hosts import cells_of, hides_columns, hides_rows
from okr_workbook.records import NamedTuple
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Formula, Grid, Place, Value
from okr_workbook.tables.schema import TABLES, table

_TABLE_IDS = {one.id for one in TABLES}
_ROWS_UNDER = 10  # how many rows under a table are read with it, in search of rows typed there
_LAST_ROW = 1_048_576


class LiveTable(NamedTuple):
    """A table of an open workbook: xlwings' objects, what was read, and how many of the rows belong to the table.

    The grid also has the rows typed right under the table. `formulas` are without their =. A table `has_totals` where it
    shows a total row, which is none of its rows.
    """

    table: Any
    sheet: Any
    grid: Grid
    formulas: Mapping[Place, str]
    row_count: int
    has_totals: bool

    @property
    def is_computed(self) -> bool:
        """True for a table that Refresh alone writes, formulas included."""
        return table(self.grid.table).computed

    @property
    def computed_columns(self) -> Collection[int]:
        """The columns Refresh alone writes."""
        declared = table(self.grid.table)
        if declared.computed:
            return range(len(self.grid.headers))
        fields = columns_of(declared.id, self.grid.headers).fields
        return {column for field_id, column in fields.items() if declared.field(field_id).computed}

    def at(self, place: Place) -> Value:
        """What a body cell holds: its formula, if it has one; None outside of the table."""
        row, column = place
        if row >= len(self.grid.rows) or column >= len(self.grid.headers):
            return None
        value = self.grid.rows[row][column]
        if place in self.formulas:
            return Formula(self.formulas[place], value if isinstance(value, (str, int, float)) else None)
        return value

    def area(self, first: Place, last: Place) -> Any:
        """The range between two body places, both included."""
        top, left = self.grid.top + 1, self.grid.left
        return self.sheet.range((top + first[0], left + first[1]), (top + last[0], left + last[1]))


FormulaTexts = Callable[[Any], Sequence[Sequence[Any]]]
"""The texts of a range's cells, formulas as formulas."""


def _formula_texts(area: Any) -> Sequence[Sequence[Any]]:
    return area.formula  # type: ignore[no-any-return]


def read_tables(book: Any, formula_texts: FormulaTexts = _formula_texts) -> dict[str, LiveTable]:
    """Every table the planner knows that is in the workbook, by table id."""
    found = (_read_table(name, sheet, one, formula_texts) for name, sheet, one in find_tables(book))
    return {live.grid.table: live for live in found}


def find_tables(book: Any) -> Iterator[tuple[str, Any, Any]]:
    """(table id, sheet, table) of every table the planner knows."""
    for sheet in book.sheets:
        for one in sheet.tables:
            if one.name.casefold() in _TABLE_IDS and one.show_headers:
                yield one.name.casefold(), sheet, one


def _read_table(table_id: str, sheet: Any, found: Any, formula_texts: FormulaTexts) -> LiveTable:
    area = found.range
    (height, width), (top, left) = area.shape, (area.row, area.column)
    has_totals = bool(found.show_totals)
    row_count = height - 1 - has_totals
    if has_totals:
        values = values_of(sheet.range((top, left), (top + row_count, left + width - 1)))
    else:
        values = _read_down(sheet, (top, left), height, width)
    texts = formula_texts(sheet.range((top, left), (top + len(values) - 1, left + width - 1)))
    formulas = _formulas(texts, values)
    grid = Grid(table_id, tuple(values[0]), values[1:], frozenset(formulas), str(sheet.name), top, left)
    return LiveTable(found, sheet, grid, formulas, row_count, has_totals)


def _read_down(sheet: Any, corner: Place, height: int, width: int) -> list[list[Value]]:
    """`height` rows of cells from `corner` and those typed right under them, up to the first empty one.

    The rows under the table come in the same call, unless there are very many.
    """
    (top, left), reach = corner, height + _ROWS_UNDER
    while True:
        rows = values_of(sheet.range((top, left), (min(top + reach - 1, _LAST_ROW), left + width - 1)))
        for index in range(height, len(rows)):
            if all(cell is None for cell in rows[index]):
                return rows[:index]
        if len(rows) < reach:
            return rows
        reach *= 2


def _formulas(texts: Sequence[Sequence[Any]], values: list[list[Value]]) -> dict[Place, str]:
    """The body's formulas by place. Rows of text, as xlwings gives them for more than one cell."""
    return {
        (row, column): formula
        for row, cells in enumerate(texts[1:])
        for column, text in enumerate(cells)
        if (formula := formula_of(text, values[row + 1][column])) is not None
    }


def values_of(area: Any) -> list[list[Value]]:
    """All cells of a range, in one call."""
    cells = cells_of(area)
    return [[*row] if row.count(None) == len(row) else [value_of(cell) for cell in row] for row in cells]


class Pen:
    """Writes values into the cells of an open workbook. Each sheet is asked once whether it hides rows."""

    def __init__(self) -> None:
        self._hides: dict[str, bool] = {}

    def write(self, sheet: Any, row: int, column: int, rows: Sequence[Sequence[Value]]) -> None:
        """Write rows of values, the first at `row` and `column` of the sheet (from 1): in one call where nothing is hidden.

        Under a filter, Excel writes nothing of an array into the cells that do not show, and into all others what is the
        first's; a row by itself, and in it a cell, is written as it should be.
        """
        height, width = len(rows), len(rows[0])
        if height * width == 1 or not self._hides_rows(sheet):
            _write_at(sheet, row, column, rows)
            return
        area = sheet.range((row, column), (row + height - 1, column + width - 1))
        at_once = 1 if width > 1 and hides_columns(area) else width
        for index, cells in enumerate(rows, row):
            for first in range(0, width, at_once):
                _write_at(sheet, index, column + first, [cells[first : first + at_once]])

    def _hides_rows(self, sheet: Any) -> bool:
        name = sheet.name
        if name not in self._hides:
            self._hides[name] = hides_rows(sheet)
        return self._hides[name]


def _write_at(sheet: Any, row: int, column: int, rows: Sequence[Sequence[Value]]) -> None:
    area = sheet.range((row, column), (row + len(rows) - 1, column + len(rows[0]) - 1))
    area.value = [[cell_of(value) for value in cells] for cells in rows]
