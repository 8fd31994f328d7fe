"""What the cells of one workbook say: with its shared strings, its date styles and its calendar."""

from __future__ import annotations

from datetime import date, datetime

from okr_workbook.books.cell_text import day_of, number_of, text_of
from okr_workbook.books.package import Package, is_true
from okr_workbook.books.xml_text import unescaped
from okr_workbook.tables.grid import CellError, Value


class CellValues:
    """What cells say in one workbook: with its shared strings, its date styles and its calendar."""

    def __init__(self, package: Package) -> None:
        self.strings = package.strings
        self.date_styles = package.date_styles
        self.date1904 = package.date1904
        self.days = _Days(self)

    def value(self, style: str, kind: str, text: str) -> Value:
        """The value of a cell from its style, its type and the text of its `<v>` or `<t>`. ValueError for nonsense."""
        if kind in ("", "n"):
            if not text:
                return None
            return self.days[text] if style in self.date_styles else self.number(text)
        if kind == "s":
            return self.strings[int(text)] or None
        if kind == "b":
            return is_true(text.strip())
        if kind == "e":
            return CellError(unescaped(text))
        if kind == "d":
            return _iso_day(text)
        return text_of(unescaped(text))

    def number(self, text: str) -> float | CellError:
        """A number; what is not finite is an error cell."""
        number = number_of(text)
        if number is not None:
            return number
        if text.strip().lstrip("+-")[:1].isdigit():
            return CellError("#NUM!")
        raise ValueError(text)


class _Days(dict[str, Value]):
    """The days that serial numbers stand for, by their text, reckoned once each. A number that is no day stays one."""

    def __init__(self, reader: CellValues) -> None:
        super().__init__()
        self.reader = reader

    def __missing__(self, text: str) -> Value:
        number = self.reader.number(text)
        day = None if isinstance(number, CellError) else day_of(number, date1904=self.reader.date1904)
        self[text] = number if day is None else day
        return self[text]


def _iso_day(text: str) -> date | datetime:
    """The day of a cell of type d, written the ISO way."""
    moment = datetime.fromisoformat(text)
    return moment if "T" in text and (moment.hour or moment.minute or moment.second) else moment.date()
