"""A sheet part with some cells changed. Only the `<c>` elements named, and the rows that have to hold them, are written.

Text becomes an inline string, so the shared strings stay as they are; a cell keeps its style. Everything else of the
part is the same text as before.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from okr_workbook.books.cell_text import number_text, serial_of, written_text
from okr_workbook.books.cell_values import CellValues
from okr_workbook.books.package import area_of
from okr_workbook.books.sheet_reader import Cell, SheetText
from okr_workbook.books.xml_text import attributes_of, escaped, with_attribute
from okr_workbook.tables.grid import CellError, Formula, NotComputed, Value, column_letters

Spot = tuple[int, int]
"""(row, column) on a sheet, both from 1."""

_SPANS = re.compile(r'\sspans="[^"]*"')


class CellEdit(NamedTuple):
    """What one cell shall hold. `style` is given to a cell that has none. A formula gives way only where `over_formula`."""

    value: Value
    style: str = ""
    over_formula: bool = False


class CellChange(NamedTuple):
    """What one cell held and holds now; formulas come as `Formula`."""

    before: Value
    after: Value


class Patch(NamedTuple):
    """A patched sheet: its text, the cells that changed, and the cells whose formula was left alone."""

    text: str
    changed: dict[Spot, CellChange]
    kept: tuple[Spot, ...]


class NewRow(NamedTuple):
    """What a row that is not there yet is made with: the attributes of its tag, a space before each."""

    attributes: str = ""


Edits = Mapping[int, Mapping[int, CellEdit]]
"""Cell edits by row and column."""


def patched(sheet: SheetText, values: CellValues, edits: Edits, new_rows: Mapping[int, NewRow]) -> Patch:
    """The sheet with the edits made. Cells that hold the value already are not touched."""
    for number in edits:
        sheet.cells(number)  # a part that has to be written out plainly is so before places in it are used
    pieces: list[str] = []
    changed: dict[Spot, CellChange] = {}
    kept: list[Spot] = []
    numbers, at = list(sheet.rows), sheet.start
    for number in sorted(edits):
        writer = _RowWriter(sheet, values, number)
        writer.edit(edits[number])
        kept.extend((number, column) for column in writer.kept)
        changed.update({(number, column): change for column, change in writer.changed.items()})
        if not writer.touched:
            continue
        row = sheet.rows.get(number)
        if row is None:
            index = bisect_left(numbers, number)
            start = end = sheet.rows[numbers[index]].start if index < len(numbers) else sheet.end
        else:
            start, end = row.start, row.end
        pieces += [sheet.text[at:start], writer.written(new_rows.get(number, NewRow()))]
        at = end
    if not pieces:
        return Patch(sheet.text, {}, tuple(kept))
    return Patch(_assembled(sheet, pieces, at, changed), changed, tuple(kept))


def _assembled(sheet: SheetText, pieces: list[str], at: int, changed: Mapping[Spot, CellChange]) -> str:
    """The whole text: the head with its dimension, the rows, the tail."""
    head, tail = sheet.text[: sheet.start], sheet.text[sheet.end :]
    if sheet.is_empty:
        head = f"{sheet.text[: sheet.data_tag]}<{sheet.xml.prefix}sheetData>"
        tail = f"</{sheet.xml.prefix}sheetData>{tail}"
    spots = [spot for spot, change in changed.items() if change.after is not None]
    return "".join([_with_dimension(head, sheet.xml.prefix, spots), *pieces, sheet.text[at : sheet.end], tail])


def _with_dimension(head: str, prefix: str, spots: list[Spot]) -> str:
    """The head of a part, its `<dimension>` grown to hold the spots: strict readers refuse cells outside."""
    match = re.search(rf"<{re.escape(prefix)}dimension\b[^>]*>", head)
    area = area_of(attributes_of(match[0]).get("ref", "")) if match else None
    if match is None or area is None or not spots:
        return head
    top, bottom = min(area.top, min(spots)[0]), max(area.bottom, max(spots)[0])
    columns = [column for _, column in spots]
    left, right = min(area.left, *columns), max(area.right, *columns)
    if (top, left, bottom, right) == area:
        return head
    ref = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
    return head[: match.start()] + with_attribute(match[0], "ref", ref) + head[match.end() :]


_METADATA = re.compile(r'\s(?:cm|vm)="[^"]*"')
"""What a cell says of the value that was there."""


class _RowWriter:
    """One row being edited."""

    def __init__(self, sheet: SheetText, values: CellValues, number: int) -> None:
        self.sheet, self.values, self.number = sheet, values, number
        self.row = sheet.rows.get(number)
        self.cells = sheet.cells(number)
        self.anew: dict[int, str] = {}
        self.changed: dict[int, CellChange] = {}
        self.kept: list[int] = []

    @property
    def touched(self) -> bool:
        return bool(self.anew)

    def edit(self, edits: Mapping[int, CellEdit]) -> None:
        """Decide for each cell whether it is written, left alone or the same already."""
        for column, edit in edits.items():
            cell = self.sheet.cell(self.number, column)
            before = self.sheet.content_of(self.values, cell) if cell else None
            style = (cell.style if cell else "") or edit.style
            if self._is_formula(column, before) and not edit.over_formula:
                if not self._same(before.value if isinstance(before, Formula) else before, edit.value):
                    self.kept.append(column)
            elif not self._same(before, edit.value):
                self.anew[column] = self._cell(column, cell, edit.value, style)
                self.changed[column] = CellChange(before, edit.value)
            elif style and style != (cell.style if cell else ""):
                self.anew[column] = self._cell(column, cell, edit.value, style)

    def written(self, new: NewRow) -> str:
        """The row with its cells, in the order of their columns."""
        p = self.sheet.xml.prefix
        if self.row is None:
            tag = f'<{p}row r="{self.number}"{new.attributes}>'
        else:
            tag = self.sheet.text[self.row.start : self.row.body]
            tag = f"{tag[:-2]}>" if tag.endswith("/>") else tag
        if any(column not in self.cells for column in self.anew):
            tag = _SPANS.sub("", tag)  # only a hint, and wrong now
        text = self.sheet.text
        written = {column: text[cell.start() : cell.end()] for column, cell in self.cells.items()} | self.anew
        return f"{tag}{''.join(written[column] for column in sorted(written))}</{p}row>"

    def _is_formula(self, column: int, before: Value) -> bool:
        return isinstance(before, Formula) or (bool(self.sheet.arrays) and self._in_array(column))

    def _in_array(self, column: int) -> bool:
        return any(
            area.top <= self.number <= area.bottom and area.left <= column <= area.right for area in self.sheet.arrays
        )

    def _same(self, before: Value, after: Value) -> bool:
        """True where writing `after` would change nothing that can be seen."""
        if type(before) is type(after) and type(after) in (float, str):
            return before == after
        if before is None and after is not None and after != "":
            return False
        date1904 = self.values.date1904
        return comparable(before, date1904=date1904) == comparable(after, date1904=date1904)

    def _cell(self, column: int, cell: Cell | None, value: Value, style: str) -> str:
        """The cell's element; nothing for a blank one without style that was not there."""
        p, more = self.sheet.xml.prefix, cell.more if cell else ""
        if more:
            more = _METADATA.sub("", more)
        kind, inside = _content(value, p, date1904=self.values.date1904)
        styled = f' s="{style}"' if style else ""
        if not inside and not styled and cell is None:
            return ""
        tag = f'<{p}c r="{column_letters(column)}{self.number}"{styled}{kind}{more}'
        return f"{tag}>{inside}</{p}c>" if inside else f"{tag}/>"


def comparable(value: Value, *, date1904: bool) -> tuple[type, Value]:
    """A value in one form for comparing what cells hold: days as their numbers, blank text as nothing, True is not 1."""
    if isinstance(value, date):
        value = serial_of(value, date1904=date1904)
    if isinstance(value, Formula):
        value = Formula(value.text, value.value or None if isinstance(value.value, str) else value.value)
    if value == "":
        value = None
    return (float if type(value) is int else type(value)), value


def _content(value: Value, p: str, *, date1904: bool) -> tuple[str, str]:
    """The type attribute and the inside of a cell that holds `value`."""
    if isinstance(value, Formula):
        formula = f"<{p}f>{escaped(value.text)}</{p}f>" if value.text else ""
        kind, inside = _content(value.value, p, date1904=date1904)
        if isinstance(value.value, str):
            kind, inside = ' t="str"', f"<{p}v>{escaped(written_text(value.value))}</{p}v>"
        return kind, formula + inside
    if value is None or value == "" or isinstance(value, NotComputed):
        return "", ""
    if isinstance(value, CellError):
        return ' t="e"', f"<{p}v>{escaped(value.code)}</{p}v>"
    if isinstance(value, bool):
        return ' t="b"', f"<{p}v>{int(value)}</{p}v>"
    if isinstance(value, str):
        return ' t="inlineStr"', f'<{p}is><{p}t xml:space="preserve">{escaped(written_text(value))}</{p}t></{p}is>'
    number = serial_of(value, date1904=date1904) if isinstance(value, date) else value
    return "", f"<{p}v>{number_text(number)}</{p}v>"
