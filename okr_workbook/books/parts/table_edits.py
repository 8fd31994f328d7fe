"""What changing a table means for the cells of its sheet: where they stand, how it grows and shrinks, what is in the way.

A table grows over blank cells only, and leaves a blank row under it: what stands right under a table is read as its next
row. New rows and columns look like the ones beside them, and so does a cell without a look of its own. A row that is to
go is emptied, and stays where the user has something in a column of their own.
"""

from __future__ import annotations

import re
from functools import cached_property

from okr_workbook.books.parts.package import Area, TablePart, area_of
from okr_workbook.books.parts.sheet_patcher import RowEdit
from okr_workbook.books.parts.sheet_reader import SheetReader
from okr_workbook.books.parts.sheet_text import MAX_COLUMN, MAX_ROW
from okr_workbook.books.parts.xml_text import attributes_of, escaped_attribute
from okr_workbook.errors import OkrError
from okr_workbook.records import NamedTuple
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Formula, Grid, TableChange, column_letters, quoted

_ROW_LOOK = ("ht", "customHeight", "outlineLevel", "s", "customFormat")
_MERGE = r"""<(?:[\w.-]+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([^"']*)["']"""


class SheetEdits:
    """What is to be done to one sheet: edits by row, and the tables that change size."""

    def __init__(self) -> None:
        self.edits: dict[int, RowEdit] = {}
        self.resized: list[tuple[TablePart, int, int]] = []  # table, last row, right column

    def row(self, number: int) -> RowEdit:
        """The edit of a row, to add to."""
        found = self.edits.get(number)
        if found is None:
            found = self.edits[number] = RowEdit()
        return found


class Surroundings(NamedTuple):
    """What a table stands in: its sheet, and the areas of the sheet's other tables."""

    reader: SheetReader
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

    @property
    def unfilters(self) -> bool:
        """True where rows that the table's filter hides are to be shown."""
        return self.change.begins_anew and self.table.is_filtered

    def plan(self, draft: SheetEdits) -> None:
        """Add the table's edits to the sheet's. OkrError where something is in the way."""
        self._check_room()
        self._plan_taken_rows(draft)
        if self.unfilters:
            for row in range(self.table.header_row + 1, self.table.last_row + 1):
                draft.row(row).shown = True
        self._plan_new_rows(draft)
        self._plan_new_columns(draft)
        self._plan_emptied_rows(draft)
        self._plan_cells(draft)
        if self.resizes:
            draft.resized.append((self.table, self.last_row, self.right))

    def _plan_cells(self, draft: SheetEdits) -> None:
        """What the change says of each cell. In computed tables nothing is the user's, formulas included."""
        top, left = self.table.header_row + 1, self.table.area.left
        over_formula = range(left, self.right + 1) if self.change.writes_over_formulas else ()
        held, row, edit = len(self.grid.rows), -1, RowEdit()
        for (at, column), value in self.change.cells.items():
            if at >= held and value in (None, ""):
                continue
            if at != row:
                row, edit = at, draft.row(top + at)
                edit.allow_over_formula(over_formula)
                edit.columns = self._last_styles
            edit.values[left + column] = value

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
        """How many rows hold something typed in a column of the user's own that the change leaves there."""
        own = columns_of(self.change.table, self.grid.headers)
        ours = {*own.fields.values(), *own.months.values()}
        for index in range(len(self.grid.rows) - 1, -1, -1):
            for column, value in enumerate(self.grid.rows[index]):
                if column in ours or value in (None, "") or (index, column) in self.grid.formulas:
                    continue
                if self.change.cells.get((index, column), value) not in (None, ""):
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
            self._check_typed(Area(self.last_row + 1, area.left, self.last_row + 1, area.right), "table_blocked_below")
        if self.right > area.right:
            if not table.has_header:
                raise OkrError("table_without_header", table=self.change.table)
            columns = Area(table.header_row, area.right + 1, max(self.last_row, table.last_row), self.right)
            self._check_free(columns, "table_blocked_right")

    def _check_free(self, area: Area, code: str) -> None:
        """OkrError where another table, a merged cell or anything typed stands in an area; rows read as ours may."""
        reader = self.around.reader
        sheet = reader.sheet
        tail = sheet.text[sheet.end :]
        merged = [found for ref in re.findall(_MERGE, tail) if (found := area_of(ref))]
        for other in [*self.around.others, *merged]:
            if other.touches(area):
                raise self._blocked(code, max(other.top, area.top), max(other.left, area.left))
        self._check_typed(area, code)

    def _check_typed(self, area: Area, code: str) -> None:
        """OkrError where anything typed stands in an area, but for rows read as ours."""
        reader = self.around.reader
        ours = self.table.header_row + len(self.grid.rows)
        for row in reader.sheet.rows_between(area.top, area.bottom):
            left = max(area.left, self.table.area.right + 1) if row <= ours else area.left
            cells, formulas = reader.read_row(row, left, area.right)
            for place, value in enumerate(cells):
                if value not in (None, "") or place in formulas:
                    raise self._blocked(code, row, left + place)

    def _blocked(self, code: str, row: int, column: int) -> OkrError:
        return OkrError(
            code, table=self.change.table, sheet=quoted(self.table.sheet.name), cell=f"{column_letters(column)}{row}"
        )

    # --- what is new ---

    def _plan_taken_rows(self, draft: SheetEdits) -> None:
        """The look of the last row for the cells without one in rows that were typed under the table and join it now."""
        first, last = self.table.last_row + 1, min(self.last_row, self.table.header_row + len(self.grid.rows))
        for row in range(first, last + 1):
            styles, cells = self._styles_of(row), self.grid.rows[row - self.table.header_row - 1]
            bare = [column for column in self._last_styles if not styles.get(column)]
            places = [column - self.table.area.left for column in bare]
            edit = draft.row(row)
            edit.styles = self._last_styles
            for column, place in zip(bare, places, strict=True):
                if (row - self.table.header_row - 1, place) not in self.grid.formulas:
                    edit.values[column] = cells[place] if place < len(cells) else None

    def _plan_new_rows(self, draft: SheetEdits) -> None:
        """Cells in the look of the last row, for the rows that are nobody's yet: blank, or with their column's formula."""
        blank = dict.fromkeys(self._last_styles)
        left = self.table.area.left
        formulas = {left + place: Formula(formula, None) for place, formula in self._own_formulas.items()}
        for row in range(self.table.header_row + 1 + len(self.grid.rows), self.last_row + 1):
            edit = draft.row(row)
            edit.look, edit.styles = self._row_look, self._last_styles
            edit.values.update(blank)
            edit.values.update(formulas)

    def _plan_new_columns(self, draft: SheetEdits) -> None:
        """Header cells, and blank cells in the look of the last column."""
        if not self.change.new_headers:
            return
        right = self.table.area.right
        for row in range(self.table.header_row, self.last_row + 1):
            style = (
                self._styles_of(row).get(right) or (row > self.table.last_row and self._last_styles.get(right)) or ""
            )
            edit = draft.row(row)
            for column, header in enumerate(self.change.new_headers, right + 1):
                if row == self.table.header_row:
                    edit.values[column] = header
                elif style:
                    edit.values[column] = None
                if style:
                    edit.styles = {**edit.styles, column: style}

    def _plan_emptied_rows(self, draft: SheetEdits) -> None:
        """Nothing in the rows that leave the table, formulas included; their looks stay for when it grows again."""
        area = self.table.area
        for row in range(self.last_row + 1, self.table.last_row + 1):
            columns = [column for column in self._styles_of(row) if area.left <= column <= area.right]
            if columns:
                edit = draft.row(row)
                edit.values.update(dict.fromkeys(columns))
                edit.allow_over_formula(columns)

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
        """The styles of the table's columns: those of its last row, else of its first."""
        area = self.table.area
        styles = [*self._styles_of(self.table.header_row + 1).items(), *self._styles_of(self.table.last_row).items()]
        return {column: style for column, style in styles if area.left <= column <= area.right and style}

    def _styles_of(self, row: int) -> dict[int, str]:
        """The styles of a row's cells, by column; "" where a cell has none."""
        sheet, decoders = self.around.reader.sheet, self.around.reader.values.decoders
        return {column: decoders[match[3]].style for column, match in sheet.cells(row).items()}

    @cached_property
    def _row_look(self) -> str:
        """The attributes of the last row that a new one takes over: its height, outline and style."""
        sheet = self.around.reader.sheet
        if self.table.last_row not in sheet.rows:
            return ""
        start, body = sheet.rows[self.table.last_row][0], sheet.inside(self.table.last_row)[0]
        attributes = attributes_of(sheet.text[start:body])
        return "".join(f' {name}="{escaped_attribute(attributes[name])}"' for name in _ROW_LOOK if name in attributes)
