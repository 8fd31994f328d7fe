"""The cells of a sheet read as values. Empty, an error, a formula never computed and a value are four different things."""

from __future__ import annotations

import re
from functools import cached_property

from okr_workbook.books.parts.cell_text import text_of
from okr_workbook.books.parts.cell_values import CellValues
from okr_workbook.books.parts.package import Area
from okr_workbook.books.parts.sheet_text import SheetText
from okr_workbook.books.parts.xml_text import unescaped
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import NOT_COMPUTED, Formula, Place, Value, column_letters

_BLANK = 4
"""The last group of `Grammar.cell` that a cell has with nothing in it."""

Cells = tuple[list[list[Value]], set[Place]]
"""The values of an area row by row, and the places (from 0) whose value comes from a formula."""


class SheetReader:
    """A sheet's text, and how its workbook's cells are read. FileRefusedError where a cell says nonsense."""

    def __init__(self, sheet: SheetText, values: CellValues) -> None:
        self.sheet, self.values = sheet, values

    def read(self, area: Area) -> Cells:
        """The values of an area, and which of them come from formulas."""
        sheet, decoders, inlines = self.sheet, self.values.decoders, self.values.inlines
        width = area.right - area.left + 1
        rows: list[list[Value]] = [[None] * width for _ in range(area.top, area.bottom + 1)]
        formulas = {place for array in sheet.arrays for place in _inside(array, area)}
        places = {column_letters(area.left + place): place for place in range(width)}
        by_number = {str(number): row for number, row in enumerate(rows, area.top)}
        start, end = sheet.position(area.top), sheet.position(area.bottom + 1)
        letters = digits = current = ""
        row: list[Value] | None = None
        try:
            for letters, digits, written, text, inline, rest in sheet.grammar.filled.findall(sheet.text, start, end):
                if digits != current:
                    current, row = digits, by_number.get(digits)
                if row is None or letters not in places:
                    continue
                if inline:
                    row[places[letters]] = inlines[inline]
                elif not rest:
                    row[places[letters]] = decoders[written][text]
                else:
                    row[places[letters]], is_formula = self._rich_value(written, rest)
                    if is_formula:
                        formulas.add((int(digits) - area.top, places[letters]))
        except (ValueError, IndexError) as error:
            raise FileRefusedError("damaged_cell", part=sheet.part, cell=f"{letters}{digits}") from error
        return rows, formulas

    def read_row(self, number: int, left: int, right: int) -> tuple[list[Value], set[int]]:
        """The values of one row from column `left` to `right`, and the places whose value comes from a formula."""
        rows, formulas = self.read(Area(number, left, number, right))
        return rows[0], {place for _, place in formulas}

    def held(self, match: re.Match[str]) -> Value:
        """What a cell found in the text holds: its value, or the formula with it."""
        if match.lastindex == _BLANK:
            return None
        letters, digits, written, _, text, inline, rest = match.groups("")
        try:
            if inline:
                return self.values.inlines[inline]
            if not rest:
                return self.values.decoders[written][text]
            value, is_formula = self._rich_value(written, rest)
        except (ValueError, IndexError) as error:
            raise FileRefusedError("damaged_cell", part=self.sheet.part, cell=f"{letters}{digits}") from error
        if not is_formula:
            return value
        return Formula(self._formula_text(rest), value if isinstance(value, str | float | int) else None)

    def held_at(self, row: int, column: int) -> Value:
        """What the cell at a place holds; formulas come as `Formula`."""
        match = self.sheet.cells(row).get(column)
        return None if match is None else self.held(match)

    def _rich_value(self, written: str, rest: str) -> tuple[Value, bool]:
        """The value of a cell with more than a plain `<v>` in it, and whether it comes from a formula."""
        kind = self.values.decoders[written].kind
        value = self._value.search(rest)
        text = value[1] if value else ""
        if self.sheet.grammar.formula.search(rest):
            if kind == "str" and (value or rest.rstrip().endswith(f"<{self.sheet.xml.prefix}v/>")):
                return text_of(unescaped(text)), True
            return (self.values.decoders[written][text] if text else NOT_COMPUTED), True
        if kind == "inlineStr":
            text = text or "".join(self._piece.findall(self._phonetic.sub("", rest)))
        return self.values.decoders[written][text], False

    def _formula_text(self, rest: str) -> str:
        """The formula in a cell's inside; of a shared one perhaps only ""."""
        match = self.sheet.grammar.formula.search(rest)
        return unescaped(match[2] or "") if match else ""

    @cached_property
    def _value(self) -> re.Pattern[str]:
        return self._element("v")

    @cached_property
    def _piece(self) -> re.Pattern[str]:
        return self._element("t")

    @cached_property
    def _phonetic(self) -> re.Pattern[str]:
        p = re.escape(self.sheet.xml.prefix)
        return re.compile(rf"<{p}rPh\b.*?</{p}rPh>", re.DOTALL)

    def _element(self, name: str) -> re.Pattern[str]:
        p = re.escape(self.sheet.xml.prefix)
        return re.compile(rf"<{p}{name}(?:\s[^>]*)?>([^<]*)</{p}{name}>")


def _inside(array: Area, area: Area) -> list[Place]:
    """The places of an area that an array formula covers."""
    return [
        (row - area.top, column - area.left)
        for row in range(max(array.top, area.top), min(array.bottom, area.bottom) + 1)
        for column in range(max(array.left, area.left), min(array.right, area.right) + 1)
    ]
