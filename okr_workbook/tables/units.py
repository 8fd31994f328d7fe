"""Numbers of a unit in sentences: 0.041 in % is 4.1%. Cells keep the number and let their format show it (`number_formats`).

A difference of percentages is told in points, and where two numbers of one unit stand together the unit is named once.
"""

from __future__ import annotations

from functools import cache

from okr_workbook.labels import LANGUAGES, Labels, labels_for

CURRENCIES = ("€", "$", "£")
GRADE = "/10"
"""How a unit ends whose numbers are marks out of ten. Marks out of 100 or of 20 are plain numbers."""

MOST_DECIMALS, DAY_DECIMALS = 2, 1
_SPACE = "\u00a0"
FINE_BELOW = 100
"""Smaller numbers show their decimals."""


@cache
def words_for_days() -> dict[str, Labels]:
    """How people write days, and the language that is in."""
    return {labels.habit(form): labels for labels in map(labels_for, LANGUAGES) for form in ("day", "days")}


def is_percent(unit: str) -> bool:
    """True for shares: typed 4% or 0.04, shown 4%. As in cells' formats what begins with % is one; `percent_scale`, which
    finds fault with numbers, asks for more than that.
    """
    return unit.strip().startswith("%")


def is_grade(unit: str) -> bool:
    """True for marks out of ten: /10, note/10. Not for /100."""
    return unit.strip().endswith(GRADE)


def is_shown_by_format(unit: str) -> bool:
    """True for units that a cell's format shows with the number; of the others it shows the number alone."""
    unit = unit.strip()
    return not unit or is_percent(unit) or unit[0] in CURRENCIES or unit.casefold() in words_for_days()


def in_unit(value: float, unit: str, labels: Labels) -> str:
    """A number with its unit, as a sentence wants it. Large numbers are shown whole, small ones to two decimals."""
    unit = unit.strip()
    if is_percent(unit):
        return labels.percent(value, 0 if _is_whole(value * 100) else 1)
    number = labels.number(value, _decimals(value, unit))
    if not unit:
        return number
    if unit[0] in CURRENCIES and labels.habit("money_first"):
        sign = "-" if number.startswith("-") else ""
        return f"{sign}{unit[0]}{number.removeprefix('-')}{unit[1:]}"
    if is_grade(unit):
        return f"{number}{GRADE}"
    return f"{number}{'' if unit.startswith('/') else _SPACE}{_days(value, unit)}"


def of_one_unit(value: float, other: float, unit: str, labels: Labels) -> tuple[str, str]:
    """Two numbers that stand together, such as a value and its target: a unit in words is told with the second only."""
    unit = unit.strip()
    sign = unit[0] if unit and unit[0] in ("%", *CURRENCIES) else ""
    first = in_unit(value, sign, labels) if sign else labels.number(value, _decimals(value, unit))
    return first, in_unit(other, unit, labels)


def change_in_unit(change: float, unit: str, labels: Labels, *, points: str = "points") -> str:
    """The size of a change, without its sign: a change of a share is told in points, by their sign or in words."""
    size = abs(change)
    if is_percent(unit):
        return labels.text("dashboard", points, number=round(size * 100, 1))
    return in_unit(size, unit, labels)


def is_seen(change: float, unit: str) -> bool:
    """False for a change so small that nothing of it shows in its unit."""
    size, decimals = (change * 100, 1) if is_percent(unit) else (change, _decimals(change, unit.strip()))
    return round(size, decimals) != 0


def step_in_unit(step: float, unit: str, labels: Labels) -> str:
    """What something has to change by, in words: 0.4 points, €15.69 less."""
    size = change_in_unit(step, unit, labels, points="points_in_words")
    return labels.text("dashboard", "less", size=size) if step < 0 else size


def _days(value: float, unit: str) -> str:
    """Days as that many of them are called: French says one jour of all below two. Other units as they are."""
    labels = words_for_days().get(unit.casefold())
    if labels is None:
        return unit
    return str(labels.habit("day" if labels.is_one(round(abs(value), DAY_DECIMALS)) else "days"))


def _decimals(value: float, unit: str) -> int:
    """How many decimals a number is shown with, the same as in a cell of that unit."""
    most = DAY_DECIMALS if unit.casefold() in words_for_days() or is_grade(unit) else MOST_DECIMALS
    if abs(value) >= FINE_BELOW or _is_whole(round(value, most)):
        return 0
    if unit and unit[0] in CURRENCIES:
        return most
    return 1 if _is_whole(value * 10) else most


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6
