"""What changing a table means for the cells of its sheet: where they stand, how it grows and shrinks, what is in the way.

A table grows over blank cells only. New rows and columns look like the ones beside them. A row that is to go is emptied,
and stays where the user has something in a column of their own.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from okr_workbook.books.cell_values import CellValues
from okr_workbook.books.package import Area, TablePart, area_of
from okr_workbook.books.sheet_patcher import CellEdit, NewRow
from okr_workbook.books.sheet_reader import MAX_COLUMN, MAX_ROW, SheetText
from okr_workbook.books.xml_text import attributes_of, escaped_attribute
from okr_workbook.errors import OkrError
from okr_workbook.tables import schema
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Formula, Grid, TableChange, column_letters

_ROW_LOOK = ("ht", "customHeight", "outlineLevel", "s", "customFormat")
_MERGE = re.compile(r'<(?:[\w.-]+:)?mergeCell\s[^>]*?\bref="([^"]*)"')


class Draft:
    """What is to be done to one sheet: cell edits by row and column, the look of new rows, tables that change size."""

    def __init__(self) -> None:
        self.edits: dict[int, dict[int, CellEdit]] = {}
        self.new_rows: dict[int, NewRow] = {}
        self.resized: list[tuple[TablePart, int, int]] = []  # table, last row, right column

    def set(self, row: int, column: int, edit: CellEdit) -> None:
        """Decide what a cell shall hold; what was decided before for its style stays."""
        before = self.edits.setdefault(row, {}).get(column)
        self.edits[row][column] = edit if before is None or edit.style else edit._replace(style=before.style)


class Surroundings(NamedTuple):
    """What a table stands in: its sheet, the areas of the sheet's other tables, how cells are read."""

    sheet: SheetText
    values: CellValues
    others: tuple[Area, ...]


class TableEdits:
    """One table's change on its sheet. `last_row` and `right` are where its body will end."""

    def __init__(self, around: Surroundings, table: TablePart, grid: Grid, change: TableChange) -> None:
        self.around, self.table, self.grid, self.change = around, table, grid, change
        self.right = table.area.right + len(change.new_headers)
        self.last_row = table.header_row + self._row_count()

    @property
    def resizes(self) -> bool:
        """True where the table will end elsewhere than it does."""
        return self.last_row != self.table.last_row or self.right != self.table.area.right

    def plan(self, draft: Draft) -> None:
        """Add the table's edits to the sheet's. OkrError where something is in the way."""
        self._check_room()
        self._plan_new_rows(draft)
        self._plan_new_columns(draft)
        self._plan_emptied_rows(draft)
        over_formula = schema.table(self.change.table).computed
        for (row, column), value in self.change.cells.items():
            if value in (None, "") and row >= len(self.grid.rows):
                continue
            at = self.table.header_row + 1 + row
            draft.set(at, self.table.area.left + column, CellEdit(value, self._style(at, column), over_formula))
        if self.resizes:
            draft.resized.append((self.table, self.last_row, self.right))

    # --- how many rows ---

    def _row_count(self) -> int:
        now = self.table.last_row - self.table.header_row
        written = 1 + max((row for (row, _), value in self.change.cells.items() if value not in (None, "")), default=0)
        if self.change.row_count is None:
            return max(now, written)
        if self.change.row_count < now:
            return now if self.table.has_totals else max(1, self.change.row_count, written, self._used_by_others())
        return max(self.change.row_count, written)

    def _used_by_others(self) -> int:
        """How many rows hold something typed in a column of the user's own."""
        own = columns_of(self.change.table, self.grid.headers)
        ours = {*own.fields.values(), *own.months.values()}
        for index in range(len(self.grid.rows) - 1, -1, -1):
            for column, value in enumerate(self.grid.rows[index]):
                if column not in ours and value not in (None, "") and (index, column) not in self.grid.formulas:
                    return index + 1
        return 0

    # --- what is in the way ---

    def _check_room(self) -> None:
        table, area = self.table, self.table.area
        if self.last_row > MAX_ROW or self.right > MAX_COLUMN:
            raise OkrError("sheet_full", table=self.change.table)
        if self.last_row > table.last_row:
            if table.has_totals:
                raise OkrError("table_has_totals", table=self.change.table)
            self._check_free(Area(table.last_row + 1, area.left, self.last_row, self.right), "table_blocked_below")
        if self.right > area.right:
            if not table.has_header:
                raise OkrError("table_without_header", table=self.change.table)
            columns = Area(table.header_row, area.right + 1, max(self.last_row, table.last_row), self.right)
            self._check_free(columns, "table_blocked_right")

    def _check_free(self, area: Area, code: str) -> None:
        """OkrError where another table, a merged cell or anything typed stands in an area; rows read as ours may."""
        sheet, values, _ = self.around
        tail = sheet.text[sheet.end :]
        merged = [found for ref in _MERGE.findall(tail) if (found := area_of(ref))]
        for other in [*self.around.others, *merged]:
            if other.touches(area):
                raise self._blocked(code, max(other.top, area.top), max(other.left, area.left))
        ours = self.table.header_row + len(self.grid.rows)
        for row in sheet.rows_between(area.top, area.bottom):
            left = max(area.left, self.table.area.right + 1) if row <= ours else area.left
            cells, formulas = sheet.read_row(values, row, left, area.right)
            for place, value in enumerate(cells):
                if value not in (None, "") or place in formulas:
                    raise self._blocked(code, row, left + place)

    def _blocked(self, code: str, row: int, column: int) -> OkrError:
        return OkrError(
            code, table=self.change.table, sheet=self.table.sheet.name, cell=f"{column_letters(column)}{row}"
        )

    # --- what is new ---

    def _plan_new_rows(self, draft: Draft) -> None:
        """Cells in the look of the last row, for the rows that are nobody's yet: blank, or with their column's formula."""
        look = NewRow(self._row_look())
        for row in range(self.table.header_row + 1 + len(self.grid.rows), self.last_row + 1):
            draft.new_rows[row] = look
            for column, style in self._last_styles.items():
                draft.set(row, column, CellEdit(None, style))
            for place, formula in self._own_formulas.items():
                column = self.table.area.left + place
                draft.set(row, column, CellEdit(Formula(formula, None), self._last_styles.get(column, "")))

    def _plan_new_columns(self, draft: Draft) -> None:
        """Header cells, and blank cells in the look of the last column."""
        if not self.change.new_headers:
            return
        for row in range(self.table.header_row, self.last_row + 1):
            style = self._styles_of(row).get(self.table.area.right, "")
            if row > self.table.last_row:
                style = style or self._last_styles.get(self.table.area.right, "")
            for number, header in enumerate(self.change.new_headers, 1):
                value = header if row == self.table.header_row else None
                if value is not None or style:
                    draft.set(row, self.table.area.right + number, CellEdit(value, style))

    def _plan_emptied_rows(self, draft: Draft) -> None:
        """Nothing in the rows that leave the table, formulas included; their looks stay for when it grows again."""
        for row in range(self.last_row + 1, self.table.last_row + 1):
            for column in self._styles_of(row):
                if self.table.area.left <= column <= self.table.area.right:
                    draft.set(row, column, CellEdit(None, over_formula=True))

    def _style(self, row: int, column: int) -> str:
        """The style for a cell that has none of its own: that of its column in the last row."""
        last = self.table.area.right
        return self._last_styles.get(min(self.table.area.left + column, last), "") if row > self.table.last_row else ""

    @cached_property
    def _own_formulas(self) -> dict[int, str]:
        """The formulas that fill columns of the user's own; in the planner's columns nothing is calculated by Excel."""
        if not self.table.formulas:
            return {}
        ours = columns_of(self.change.table, self.grid.headers)
        known = {*ours.fields.values(), *ours.months.values()}
        return {place: formula for place, formula in self.table.formulas.items() if place not in known}

    @cached_property
    def _last_styles(self) -> dict[int, str]:
        """The styles of the table's columns in its last row."""
        area, styles = self.table.area, self._styles_of(self.table.last_row)
        return {column: style for column, style in styles.items() if area.left <= column <= area.right and style}

    def _styles_of(self, row: int) -> dict[int, str]:
        sheet = self.around.sheet
        return {column: cell.style for column in sheet.cells(row) if (cell := sheet.cell(row, column))}

    def _row_look(self) -> str:
        """The attributes of the last row that a new one takes over: its height, outline and style."""
        sheet = self.around.sheet
        row = sheet.rows.get(self.table.last_row)
        if row is None:
            return ""
        attributes = attributes_of(sheet.text[row.start : row.body])
        return "".join(f' {name}="{escaped_attribute(attributes[name])}"' for name in _ROW_LOOK if name in attributes)
