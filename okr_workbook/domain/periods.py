"""Months and the periods made of them: the one home of calendar arithmetic. Standard library only.

A *month number* counts months on one line (year x 12 + month - 1), so that windows of months are plain integers.
Quarters, half-years and years are those of the calendar.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "continuous": 1}
"""How many months a frequency takes at a time. A continuous period grows month by month."""

_LETTER = {"quarter": "Q", "half_year": "H"}
_IN_EVERY_MONTH = 28


def month_number(day: date) -> int:
    """The month a day lies in, as one integer.

    >>> month_number(date(2026, 1, 31)) - month_number(date(2025, 12, 1))
    1
    """
    return day.year * 12 + day.month - 1


FIRST_MONTH = month_number(date.min)
"""No month lies before it: the calendar begins with the year 1."""


def first_day(month: int) -> date:
    """The first day of a month number."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of a month number.

    >>> last_day(month_number(date(2028, 2, 1)))
    datetime.date(2028, 2, 29)
    """
    if month >= month_number(date.max):
        return date.max
    return first_day(month + 1) - timedelta(days=1)


def last_over(day: date) -> int:
    """The month number of the latest month that is over at the end of a day.

    >>> first_day(last_over(date(2026, 7, 30))), first_day(last_over(date(2026, 7, 31)))
    (datetime.date(2026, 6, 1), datetime.date(2026, 7, 1))
    """
    month = month_number(day)
    return month if day == last_day(month) else month - 1


def period_start(month: int, frequency: str) -> int:
    """The first month of the period of that frequency in which a month lies.

    >>> first_day(period_start(month_number(date(2026, 11, 5)), "quarter"))
    datetime.date(2026, 10, 1)
    """
    return month - month % PERIOD_MONTHS[frequency]


def period_label(first: int, frequency: str) -> str:
    """The name of the period that begins with the month number `first`: 2026-11, 2026-Q4, 2026-H2 or 2026.

    >>> period_label(month_number(date(2026, 10, 1)), "quarter")
    '2026-Q4'
    """
    year, month = divmod(first, 12)
    if frequency == "year":
        return f"{year:04d}"
    letter = _LETTER.get(frequency)
    return f"{year:04d}-{letter}{month // PERIOD_MONTHS[frequency] + 1}" if letter else f"{year:04d}-{month + 1:02d}"


def period_bounds(text: str) -> tuple[date, date] | None:
    """The first and last day of a period: 2026, 2026-H2, 2026-Q4, 2026-11 or 2026-07-01/2026-12-31.

    None for anything else: nothing is guessed.

    The letters may be small, come first (Q4 2026) or be French (T for a quarter, S for a half-year).

    >>> period_bounds("2026-H2")
    (datetime.date(2026, 7, 1), datetime.date(2026, 12, 31))
    >>> period_bounds("T1 2027") == period_bounds("2027-q1")
    True
    >>> period_bounds("2026-07-06/2026-12-18")
    (datetime.date(2026, 7, 6), datetime.date(2026, 12, 18))
    >>> period_bounds("2026-Q5") is None
    True
    """
    if "/" in text:
        return _between(text)
    text = _year_first(" ".join(text.upper().split()))
    year, part = text[:4], text[4:]
    if len(year) < 4 or not (year.isascii() and year.isdecimal()) or year == "0000" or part not in _parts():
        return None
    month, months = _parts()[part]
    first = int(year) * 12 + month
    return first_day(first), last_day(first + months - 1)


def next_period(text: str) -> str | None:
    """The period after one, as long, and written the same way; None where the text is no period.

    >>> next_period("2026-H2"), next_period("T4 2026"), next_period("2026"), next_period("2026-12")
    ('2027-H1', 'T1 2027', '2027', '2027-01')
    >>> next_period("2026-07-01/2026-12-31")
    '2027-01-01/2027-06-30'
    """
    bounds = period_bounds(text)
    after = following_days(*bounds) if bounds else None
    if after is None:
        return None
    first, last = after
    if "/" in text:
        return f"{first}/{last}"
    months = month_number(last) - month_number(first) + 1
    if months == 1:
        return period_label(month_number(first), "month")
    written = re.sub("[0-9]{4}", f"{first.year:04}", text.strip())
    return re.sub("(?<=[A-Za-z])[1-4]", str((first.month - 1) // months + 1), written)


def following_days(first: date, last: date) -> tuple[date, date] | None:
    """The first and last day of what follows on a period: as many months where it is made of whole ones, else days.

    None past the end of the calendar.

    >>> following_days(date(2026, 4, 6), date(2027, 4, 5))
    (datetime.date(2027, 4, 6), datetime.date(2028, 4, 5))
    >>> following_days(date(2026, 7, 6), date(2026, 12, 18))
    (datetime.date(2026, 12, 19), datetime.date(2027, 6, 2))
    """
    try:
        begins = last + timedelta(days=1)
        if begins.day != first.day or begins.day > _IN_EVERY_MONTH:
            return begins, last + (begins - first)
        after = first_day(2 * month_number(begins) - month_number(first))
        return begins, after.replace(day=begins.day) - timedelta(days=1)
    except (OverflowError, ValueError):
        return None


@cache
def _parts() -> dict[str, tuple[int, int]]:
    """What may follow a year: its first month there (from 0), and how many months it takes."""
    parts = {"": (0, 12), **{f"-{month + 1:02}": (month, 1) for month in range(12)}}
    for letters, months in (("QT", 3), ("HS", 6)):
        for number in range(12 // months):
            parts |= {
                f"{mark}{letter}{number + 1}": (number * months, months)
                for mark in ("", "-", " ")
                for letter in letters
            }
    return parts


def _between(text: str) -> tuple[date, date] | None:
    """The two days of FIRST/LAST; None where they are none, or the wrong way round."""
    if not re.fullmatch(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*/\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*", text):
        return None
    try:
        first, last = (date.fromisoformat(day.strip()) for day in text.split("/"))
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _year_first(text: str) -> str:
    """Q4 2026 as 2026-Q4, anything else as it is."""
    return f"{text[3:]}-{text[:2]}" if text[:1] in tuple("QTHS") and text[2:3] in tuple("- ") else text
