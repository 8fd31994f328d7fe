"""A sheet part with some cells changed. Only the `<c>` elements named, and the rows that have to hold them, are written.

Text becomes an inline string, so the shared strings stay as they are; a cell keeps its style. Everything else of the
part is the same text as before.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date

from okr_workbook.books.parts.cell_text import number_text, serial_of, written_text
from okr_workbook.books.parts.package import area_of
from okr_workbook.books.parts.sheet_reader import SheetReader
from okr_workbook.books.parts.xml_text import attributes_of, escaped, with_attribute
from okr_workbook.records import NamedTuple
from okr_workbook.tables.grid import CellError, Formula, NotComputed, Value, column_letters

Spot = tuple[int, int]
"""(row, column) on a sheet, both from 1."""

_NUMBERS = (float, int)


class RowEdit:
    """What cells of one row shall hold, by column; None empties a cell.

    `styles` are for cells that have none of their own, `columns` for those of them that are written; `look` are the
    attributes of the row's tag where it is not there yet, a space before each. A formula gives way only in the columns of
    `over_formula`. A row to be `shown` is no longer hidden.
    """

    __slots__ = ("columns", "look", "over_formula", "shown", "styles", "values")

    def __init__(self) -> None:
        self.values: dict[int, Value] = {}
        self.styles: Mapping[int, str] = {}
        self.columns: Mapping[int, str] = {}
        self.look = ""
        self.over_formula: Collection[int] = ()
        self.shown = False

    def allow_over_formula(self, columns: Collection[int]) -> None:
        """Let formulas in these columns give way, too."""
        if self.over_formula is not columns:
            self.over_formula = {*self.over_formula, *columns} if self.over_formula else columns


class CellChange(NamedTuple):
    """What one cell held and holds now; formulas come as `Formula`."""

    before: Value
    after: Value


class Patch(NamedTuple):
    """A patched sheet: its text, what changed by row and column, and the cells whose formula was left alone."""

    text: str
    changed: Mapping[int, Mapping[int, CellChange]]
    kept: tuple[Spot, ...]


def patched(reader: SheetReader, edits: Mapping[int, RowEdit]) -> Patch:
    """The sheet with the edits made. Cells that hold the value already are not touched."""
    patcher = _Patcher(reader)
    for number in sorted(edits):
        patcher.edit(number, edits[number])
    return patcher.patch()


def comparable(value: Value, *, date1904: bool) -> tuple[type, Value]:
    """A value in one form for comparing what cells hold: days as their numbers, blank text as nothing, True is not 1."""
    if isinstance(value, date):
        value = serial_of(value, date1904=date1904)
    if isinstance(value, Formula):
        value = Formula(value.text, value.value or None if isinstance(value.value, str) else value.value)
    if value == "":
        value = None
    return (float if type(value) is int else type(value)), value


_SPANS = r'\sspans="[^"]*"'
_HIDDEN = r"""\shidden\s*=\s*["'][^"']*["']"""
_METADATA = r'\s(?:cm|vm)="[^"]*"'
"""What a cell says of the value that was there."""


class _Patcher:
    """One sheet being patched: `pieces` of new text, each with where the old text it replaces begins and ends."""

    def __init__(self, reader: SheetReader) -> None:
        self.reader, self.sheet = reader, reader.sheet
        self.prefix, self.date1904 = self.sheet.xml.prefix, reader.values.date1904
        self.pieces: list[tuple[int, int, str]] = []
        self._contents = _Contents(self.prefix, date1904=self.date1904)
        self.changed: dict[int, dict[int, CellChange]] = {}
        self.kept: list[Spot] = []

    def edit(self, number: int, edit: RowEdit) -> None:
        """Decide for each cell of a row whether it is written, left alone or the same already. Rows come in order."""
        cells = self.sheet.cells(number)
        anew: dict[int, str] = {}
        changed: dict[int, CellChange] = {}
        held, decoders, has_arrays = self.reader.held, self.reader.values.decoders, bool(self.sheet.arrays)
        for column, value in edit.values.items():
            match, before, style, more = cells.get(column), None, "", ""
            if match is not None:
                before, style, more = held(match), decoders[match[3]].style, match[4]
            is_same = self._is_same(before, value)
            is_formula = isinstance(before, Formula) or (has_arrays and self._in_array(number, column))
            if is_formula and column not in edit.over_formula:
                if not (is_same or (isinstance(before, Formula) and self._is_same(before.value, value))):
                    self.kept.append((number, column))
                continue
            if not is_same:
                changed[column] = CellChange(before, value)
            elif style or column not in edit.styles:
                continue
            style = style or edit.styles.get(column) or edit.columns.get(column, "")
            anew[column] = self._cell(f"{column_letters(column)}{number}", style, more, value)
        if changed:
            self.changed[number] = changed
        if anew or (edit.shown and number in self.sheet.rows):
            self._write_row(number, edit, cells, anew)

    def patch(self) -> Patch:
        """The sheet with what was decided."""
        text, at = self.sheet.text, self.sheet.start
        if not self.pieces:
            return Patch(text, {}, tuple(self.kept))
        head, tail = text[:at], text[self.sheet.end :]
        if self.sheet.is_empty:
            head = f"{text[: self.sheet.tag]}<{self.prefix}sheetData>"
            tail = f"</{self.prefix}sheetData>{tail}"
        data = []
        for start, end, new in self.pieces:
            data.append(text[at:start])
            data.append(new)
            at = end
        data.append(text[at : self.sheet.end])
        return Patch("".join([self._with_dimension(head), *data, tail]), self.changed, tuple(self.kept))

    def _write_row(
        self, number: int, edit: RowEdit, cells: Mapping[int, re.Match[str]], anew: Mapping[int, str]
    ) -> None:
        """Put cells into their row: in the place of the old ones, or before the first one right of them."""
        if number not in self.sheet.rows:
            at = self.sheet.position(number)
            self.pieces.append((at, at, self._row(f'<{self.prefix}row r="{number}"{edit.look}>', anew)))
            return
        start, text = self.sheet.rows[number][0], self.sheet.text
        body, close = self.sheet.inside(number)
        tag = text[start:body]
        if any(column not in cells for column in anew):
            tag = re.sub(_SPANS, "", tag)  # only a hint, and wrong now
        if edit.shown:
            tag = re.sub(_HIDDEN, "", tag)
        if tag.endswith("/>"):
            self.pieces.append((start, body, self._row(f"{tag[:-2]}>", anew)))
            return
        if len(tag) != body - start:
            self.pieces.append((start, body, tag))
        placed = []
        for column, new in anew.items():
            if column in cells:
                span = cells[column].span()
            else:
                span = (next((one.start() for right, one in cells.items() if right > column), close),) * 2
            placed.append((span, column, new))
        placed.sort()
        self.pieces += [(*span, new) for span, _, new in placed]

    def _row(self, tag: str, anew: Mapping[int, str]) -> str:
        return f"{tag}{''.join(anew[column] for column in sorted(anew))}</{self.prefix}row>"

    def _with_dimension(self, head: str) -> str:
        """The head of a part, its `<dimension>` grown to hold what was written: strict readers refuse cells outside."""
        start = head.find(f"<{self.prefix}dimension ")
        tag = head[start : head.find(">", start) + 1] if start >= 0 else ""
        area = area_of(attributes_of(tag).get("ref", ""))
        columns = set[int]().union(*self.changed.values())
        if area is None or not columns:
            return head
        top, bottom = min(area.top, *self.changed), max(area.bottom, *self.changed)
        left, right = min(area.left, *columns), max(area.right, *columns)
        if (top, left, bottom, right) == area:
            return head
        ref = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
        return head.replace(tag, with_attribute(tag, "ref", ref), 1)

    def _in_array(self, row: int, column: int) -> bool:
        return any(area.top <= row <= area.bottom and area.left <= column <= area.right for area in self.sheet.arrays)

    def _is_same(self, before: Value, after: Value) -> bool:
        """True where writing `after` would change nothing that can be seen."""
        kind, wanted = type(before), type(after)
        if (kind is wanted and kind is not Formula) or (kind in _NUMBERS and wanted in _NUMBERS):
            return before == after
        if before is None:
            return after == ""
        return comparable(before, date1904=self.date1904) == comparable(after, date1904=self.date1904)

    def _cell(self, reference: str, style: str, more: str, value: Value) -> str:
        """A cell's element."""
        p = self.prefix
        start = f'<{p}c r="{reference}" s="{style}"' if style else f'<{p}c r="{reference}"'
        if type(value) is float:
            kind, inside = "", f"<{p}v>{number_text(value)}</{p}v>"
        else:
            kind, inside = self._contents[type(value), value]
        if more:
            more = re.sub(_METADATA, "", more)
        return f"{start}{kind}{more}>{inside}</{p}c>" if inside else f"{start}{kind}{more}/>"


class _Contents(dict[tuple[type, Value], tuple[str, str]]):
    """The type attribute and the inside of cells by what they hold, made once for each; statuses and days repeat."""

    def __init__(self, prefix: str, *, date1904: bool) -> None:
        super().__init__()
        self.prefix, self.date1904 = prefix, date1904

    def __missing__(self, of: tuple[type, Value]) -> tuple[str, str]:
        self[of] = _content(of[1], self.prefix, date1904=self.date1904)
        return self[of]


def _content(value: Value, p: str, *, date1904: bool) -> tuple[str, str]:
    """The type attribute and the inside of a cell that holds `value`."""
    if value is None or value == "" or isinstance(value, NotComputed):
        return "", ""
    if isinstance(value, str):
        return ' t="inlineStr"', f'<{p}is><{p}t xml:space="preserve">{escaped(written_text(value))}</{p}t></{p}is>'
    if isinstance(value, Formula):
        formula = f"<{p}f>{escaped(value.text)}</{p}f>" if value.text else ""
        kind, inside = _content(value.value, p, date1904=date1904)
        if isinstance(value.value, str):
            kind, inside = ' t="str"', f"<{p}v>{escaped(written_text(value.value))}</{p}v>"
        return kind, formula + inside
    if isinstance(value, CellError):
        return ' t="e"', f"<{p}v>{escaped(value.code)}</{p}v>"
    if isinstance(value, bool):
        return ' t="b"', f"<{p}v>{int(value)}</{p}v>"
    number = serial_of(value, date1904=date1904) if isinstance(value, date) else value
    return "", f"<{p}v>{number_text(number)}</{p}v>"
