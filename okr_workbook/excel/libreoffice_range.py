"""Cells of an open LibreOffice document, and their values on the way in and out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from xlwings import utils

_ERRORS = 4  # FormulaResult.ERROR
_ERROR_NAMES = {503: "#NUM!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}
_OTHER_ERROR = "#VALUE!"
"""LibreOffice's errors as it saves them for Excel. A cell may show another text, such as Err:502."""

_DATE_OR_TIME, _LOGICAL = 2 | 4, 1024  # NumberFormat
_CONTENTS = 1 | 2 | 4 | 16  # CellFlags: numbers, dates, texts, formulas
_FORMATS_A_LOCALE = 10_000  # the first format of every locale is General
_DAY, _MOMENT, _TRUTH = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "BOOLEAN"
_MILLISECONDS_A_DAY = 86_400_000

Corner = tuple[int, int]


class ErrorText(str):
    """An error a cell holds, such as #N/A: not a text that says so."""

    __slots__ = ()


class Range:
    """A rectangle of cells, from `first` to `last`, both (row, column) from 1, or an address such as A1:C3."""

    max_cells_per_read = max_cells_per_write = None  # one call takes any size
    has_array = False
    options: dict[str, object]
    row: int
    column: int
    last: Corner

    def __init__(self, sheet: Any, first: Any, last: Any = None) -> None:
        self.sheet = sheet
        if isinstance(first, str):
            first, last = utils.a1_to_tuples(first.replace("$", ""))
        elif isinstance(first, Range):
            first, last = (first.row, first.column), (last.row + last.shape[0] - 1, last.column + last.shape[1] - 1)
        elif len(first) == 4:  # (row, column, rows, columns): how xlwings slices
            first, last = first[:2], (first[0] + first[2] - 1, first[1] + first[3] - 1)
        self.row, self.column = first
        self.last = last or first

    @classmethod
    def at(cls, sheet: Any, address: Any) -> Range:
        """The range of a UNO address, which counts from 0."""
        first = (address.StartRow + 1, address.StartColumn + 1)
        return cls(sheet, first, (address.EndRow + 1, address.EndColumn + 1))

    @property
    def shape(self) -> Corner:
        return self.last[0] - self.row + 1, self.last[1] - self.column + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        return Range(self.sheet, (self.row + row - 1, self.column + column - 1))

    @property
    def address(self) -> str:
        first, last = (f"${utils.col_name(column)}${row}" for row, column in ((self.row, self.column), self.last))
        return first if first == last else f"{first}:{last}"

    @property
    def api(self) -> Any:
        return self.sheet.api.getCellRangeByPosition(self.column - 1, self.row - 1, self.last[1] - 1, self.last[0] - 1)

    # --- values ---

    @property
    def raw_value(self) -> Any:
        """The values in one call; dates and truth values are numbers with such a format, as in Excel."""
        cells = self.api
        data: list[list[object]] = [list(row) for row in cells.getDataArray()]
        first_day = self.sheet.book.first_day
        for kind, row, column in self._formatted(cells):
            value = data[row][column]
            if isinstance(value, float):
                data[row][column] = bool(value) if kind == _LOGICAL else _moment(first_day, value)
        for row, column in self._places(cells.queryFormulaCells(_ERRORS).RangeAddresses):
            code = cells.getCellByPosition(column, row).getError()
            data[row][column] = ErrorText(_ERROR_NAMES.get(code, _OTHER_ERROR))
        return data

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        """Write in one call; formulas follow one by one. A text that begins with = is a formula, '= is a text."""
        rows = value if isinstance(value, (list, tuple)) else [[value] * self.shape[1]] * self.shape[0]
        area = Range(self.sheet, (self.row, self.column, len(rows), len(rows[0])))
        first_day = self.sheet.book.first_day
        area.api.setDataArray(tuple(tuple(_stored(cell, first_day) for cell in row) for row in rows))
        area._write_formulas(rows)
        area._format_new(rows)

    def _write_formulas(self, rows: Any) -> None:
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                if isinstance(text, str) and text.startswith("="):
                    self._set_formula(text, row, column)

    def _format_new(self, rows: Any) -> None:
        """Give dates and truth values their format where the cell has none yet."""
        codes = {
            (row, column): code
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
            if (code := _format_of(cell)) is not None
        }
        if codes:
            cells = self.api
            general = {(row, column) for key, row, column in self._formats(cells) if key % _FORMATS_A_LOCALE == 0}
            for row, column in codes.keys() & general:
                cells.getCellByPosition(column, row).NumberFormat = self.sheet.book.format_key(codes[row, column])

    def _formatted(self, cells: Any) -> Iterator[tuple[int, int, int]]:
        """(kind of format, row, column) of every cell that shows a date, a time or a truth value."""
        kinds: dict[int, int] = {}
        formats = self.sheet.book.api.NumberFormats
        for key, row, column in self._formats(cells):
            if key not in kinds:
                kind = formats.getByKey(key).Type
                kinds[key] = kind & _LOGICAL or kind & _DATE_OR_TIME
            if kinds[key]:
                yield kinds[key], row, column

    def _formats(self, cells: Any) -> Iterator[tuple[int, int, int]]:
        """(key of the number format, row, column) of every cell."""
        groups = cells.getUniqueCellFormatRanges()
        for index in range(groups.Count):
            group = groups.getByIndex(index)
            key = group.NumberFormat
            for row, column in self._places(group.RangeAddresses):
                yield key, row, column

    def _places(self, addresses: Sequence[Any]) -> Iterator[Corner]:
        """Every cell of some UNO addresses, counted from this range's first cell."""
        for address in addresses:
            for row in range(address.StartRow, address.EndRow + 1):
                for column in range(address.StartColumn, address.EndColumn + 1):
                    yield row - self.row + 1, column - self.column + 1

    # --- formulas ---

    @property
    def formula(self) -> Any:
        """Formulas as Excel writes them, texts and numbers as typed; rows of cells, or one for a single cell."""
        rows = tuple(
            tuple(self._formula_of(text, row, column) for column, text in enumerate(texts))
            for row, texts in enumerate(self.api.getFormulaArray())
        )
        return rows[0][0] if len(self) == 1 else rows

    def _formula_of(self, text: str, row: int, column: int) -> str:
        if not text.startswith("="):
            return text.removeprefix("'")
        cell = self.api.getCellByPosition(column, row)
        if cell.Type.value != "FORMULA":
            return text
        return "=" + str(self.sheet.book.formula_parser.printFormula(cell.getTokens(), cell.CellAddress))

    def _set_formula(self, text: str, row: int, column: int) -> None:
        cell = self.api.getCellByPosition(column, row)
        if "[" in text:  # the parser of 7.4 loses references to table columns; the cell's own does not
            cell.setFormula(_with_semicolons(text))
        else:
            cell.setTokens(self.sheet.book.formula_parser.parseFormula(text[1:], cell.CellAddress))

    # --- contents and looks ---

    def clear_contents(self) -> None:
        self.api.clearContents(_CONTENTS)

    def copy(self, destination: Any) -> None:
        """Copy this row, with its looks, onto every row of `destination`, an `xlwings.Range`."""
        for row in range(1, destination.shape[0] + 1):
            target = destination.impl(row, 1).api.getCellByPosition(0, 0).CellAddress
            self.sheet.api.copyRange(target, self.api.RangeAddress)


def prepared(value: Any) -> object:
    """A Python value as cells take it. A nan is blank: it never gets in."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124  (only nan differs from itself)
        return None
    return value if isinstance(value, (bool, int, float, str, date, type(None))) else str(value)


def cleaned(
    data: Sequence[Sequence[object]], day: Any, empty: object, number: Any, *, err_to_str: bool
) -> list[list[object]]:
    """Cells' values as the caller of xlwings asked for them."""

    def one(value: object) -> object:
        if value is None or value == "":
            return empty
        if isinstance(value, ErrorText):
            return str(value) if err_to_str else None
        if isinstance(value, datetime) and day is not datetime:
            return day(year=value.year, month=value.month, day=value.day, hour=value.hour, minute=value.minute)
        return number(value) if number is not None and isinstance(value, float) else value

    return [[one(value) for value in row] for row in data]


def _moment(first_day: datetime, serial: float) -> datetime | float:
    """The day a number in such a format shows; the number itself where it is beyond every calendar."""
    try:
        return first_day + timedelta(milliseconds=round(serial * _MILLISECONDS_A_DAY))
    except OverflowError:
        return serial


def _stored(value: object, first_day: datetime) -> float | str:
    """What a data array takes: numbers and texts."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=None) - first_day) / timedelta(days=1)
    if isinstance(value, date):
        return float((value - first_day.date()).days)
    if isinstance(value, (bool, int, float)):
        return float(value)
    text = str(value or "")
    return "" if text.startswith("=") else text.removeprefix("'")


def _format_of(value: object) -> str | None:
    """The format Excel gives a value typed into a cell that has none; None: it stays General."""
    if isinstance(value, bool):
        return _TRUTH
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return _MOMENT
    return _DAY if isinstance(value, date) else None


_TOKENS = re.compile(r'"(?:[^"]|"")*"|\[[^\[\]]*\]|,')


def _with_semicolons(formula: str) -> str:
    """LibreOffice's own grammar separates arguments, and columns inside brackets, with semicolons."""
    swapped = _TOKENS.sub(lambda token: ";" if token[0] == "," else token[0], formula)
    return re.sub(r"\],\[", "];[", swapped)
