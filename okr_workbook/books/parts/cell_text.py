"""How a cell's content is written in a file, and what it says: numbers, dates as serial numbers, text with escapes."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache

from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import DAY_0, LONGEST_TEXT, fits_cell

_INFINITE = float("inf")
_IN_NUMBERS = "0123456789.+-eE \t\r\n"
_LONGEST_INTEGER = 15  # digits a spreadsheet's number keeps
_ESCAPE = r"_x([0-9A-Fa-f]{4})_"
_TO_ESCAPE = r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]"
_HALF = r"[\ud800-\udfff]"
_SPACES = dict.fromkeys(map(ord, "\n\t\xa0\u202f"), " ")  # XML holds them, and `isprintable` says no to them
_DAY = 86_400_000  # milliseconds
_END = 2_958_466 - 0.5 / _DAY  # from here on it is after 9999-12-31, to the millisecond
_LEAP_BUG = 60  # the serial of 1900-02-29, a day that never was
_SHOWN = r'"[^"]*"|\\.|_.|\*.|\[(?![hHmMsS]+\])[^\]]*\]'
"""What a format code shows as it is, its colours and conditions; hours, minutes and seconds passed are none of these."""

_BUILT_IN_DATES = frozenset([14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58])
"""The formats without a code that show a day: ECMA-376 part 1, 18.8.30, and its East Asian lists."""


def number_of(text: str) -> int | float | None:
    """The number a cell's text stands for, or None where it is not a finite number."""
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_INTEGER:
        return int(text)
    if text.strip(_IN_NUMBERS):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < _INFINITE else None


def number_text(number: float) -> str:
    """A number as a file has it: the shortest text that reads back the same. OkrError where it is not finite."""
    text = repr(number)
    if text.endswith(".0") and len(text) <= _LONGEST_INTEGER + 2:
        return text[:-2] if number else "0"
    if text[-1] in "fn":  # inf and nan
        raise OkrError("not_finite")
    return text if abs(number) < 10**_LONGEST_INTEGER else repr(float(number))


@cache
def day_of(serial: float, *, date1904: bool = False) -> date | datetime | None:
    """The day (with its time, if it has one) of a serial number, or None where it stands for none.

    Serials below 61 are counted from a day later, for the sake of the 29th of February 1900 that never was.

    >>> day_of(46349), day_of(1), day_of(60), day_of(0.5)
    (datetime.date(2026, 11, 23), datetime.date(1900, 1, 1), datetime.date(1900, 2, 28), None)
    """
    if not (0 if date1904 else 1) <= serial < _END - (1462 if date1904 else 0):
        return None
    first = date(1904, 1, 1) if date1904 else date(1899, 12, 31) if serial < _LEAP_BUG else DAY_0
    whole = int(serial)
    day = first + timedelta(days=whole)
    if serial == whole:
        return day
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 cells know no time zone
    return midnight + timedelta(milliseconds=round((serial - whole) * _DAY))


def serial_of(day: date | datetime, *, date1904: bool = False) -> int | float:
    """The serial number of a day, whole where there is no time. OkrError before the first day of the calendar."""
    first = date(1904, 1, 1) if date1904 else DAY_0
    whole = date(day.year, day.month, day.day)
    serial = (whole - first).days
    if not date1904 and serial <= _LEAP_BUG:
        serial -= 1
    if serial < (0 if date1904 else 1):
        raise OkrError("day_out_of_range", day=whole)
    if not isinstance(day, datetime) or not (rest := day - datetime(day.year, day.month, day.day, tzinfo=day.tzinfo)):
        return serial
    return serial + rest / timedelta(days=1)


def shows_day(number_format: int, code: str | None) -> bool:
    """True for a number format that shows a day. Formats of times alone and of durations do not."""
    if code is None:
        return number_format in _BUILT_IN_DATES
    letters = re.sub(_SHOWN, "", code.split(";")[0]).lower()
    if "general" in letters:
        return False
    return "d" in letters or "y" in letters or ("m" in letters and not ("h" in letters or "s" in letters))


def text_of(written: str) -> str:
    """Text with the escapes of control characters (`_x000D_`) resolved.

    Two halves of one character (`_xD83D__xDE00_`) are that character; a half alone is none, and shown as U+FFFD.
    """
    if "_x" not in written:
        return written
    text = re.sub(_ESCAPE, lambda match: chr(int(match[1], 16)), written)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if re.search(_HALF, text) else text


def written_text(text: str) -> str:
    r"""Text with what XML cannot hold escaped the `_x000D_` way, and what looks like such an escape guarded.

    >>> written_text("a\rb"), written_text("_x000D_")
    ('a_x000D_b', '_x005F_x000D_')
    """
    if not fits_cell(text):
        raise OkrError("text_too_long", start=text[:40], limit=LONGEST_TEXT)
    if "_x" not in text and (text.isprintable() or text.translate(_SPACES).isprintable()):
        return text
    return re.sub(_TO_ESCAPE, lambda match: f"_x{ord(match[0]):04X}_", text)
