"""What the cells of one workbook say: with its shared strings, its date styles and its calendar."""

from __future__ import annotations

from datetime import date, datetime

from okr_workbook.books.parts.cell_text import day_of, number_of, text_of
from okr_workbook.books.parts.package import Package, is_true
from okr_workbook.books.parts.xml_text import unescaped
from okr_workbook.tables.grid import CellError, Value


class CellValues:
    """What cells say in one workbook: with its shared strings, its date styles and its calendar.

    `decoders` give a value from a cell's style and type as written (` s="3" t="n"`) and the text of its `<v>`, `inlines`
    from the text of an inline string; both reckon what repeats once. ValueError or IndexError for nonsense.
    """

    def __init__(self, package: Package) -> None:
        self.strings = package.strings
        self.date_styles = package.date_styles
        self.date1904 = package.date1904
        self.decoders = _Decoders(self)
        self.inlines = _Decoder(self, "", "inlineStr")

    def value(self, style: str, kind: str, text: str) -> Value:
        """The value of a cell from its style, its type and the text of its `<v>` or `<t>`. ValueError for nonsense."""
        if not text:
            return None
        if kind in ("", "n"):
            return self._day(text) if style in self.date_styles else self.number(text)
        if kind == "s":
            return self._shared(int(text))
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

    def _shared(self, index: int) -> str | None:
        if index < 0:
            raise IndexError(index)
        return self.strings[index] or None

    def _day(self, text: str) -> Value:
        """The day a serial number stands for. A number that is no day stays one."""
        number = self.number(text)
        day = None if isinstance(number, CellError) else day_of(number, date1904=self.date1904)
        return number if day is None else day


class _Decoder(dict[str, Value]):
    """The values of cells of one style and type by their text, reckoned once each."""

    def __init__(self, values: CellValues, style: str, kind: str) -> None:
        super().__init__()
        self.cells, self.style, self.kind = values, style, kind

    def __missing__(self, text: str) -> Value:
        value = self[text] = self.cells.value(self.style, self.kind, text)
        return value


class _Decoders(dict[str, _Decoder]):
    """A decoder for each style and type, as cells have them written."""

    def __init__(self, values: CellValues) -> None:
        super().__init__()
        self.cells = values

    def __missing__(self, written: str) -> _Decoder:
        self[written] = _Decoder(self.cells, *style_and_kind(written))
        return self[written]


def style_and_kind(written: str) -> tuple[str, str]:
    """Style and type of a cell, each "" where it has none.

    >>> style_and_kind(' s="3" t="n"'), style_and_kind(' t="b"'), style_and_kind("")
    (('3', 'n'), ('', 'b'), ('', ''))
    """
    pieces = written.split('"')
    return pieces[1] if pieces[0] == " s=" else "", pieces[-2] if " t=" in pieces else ""


def _iso_day(text: str) -> date | datetime:
    """The day of a cell of type d, written the ISO way."""
    moment = datetime.fromisoformat(text)
    return moment if "T" in text and (moment.hour or moment.minute or moment.second) else moment.date()
