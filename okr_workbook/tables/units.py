"""Numbers of a unit in sentences: 0.041 in % is 4.1%. Cells keep the number and let their format show it."""

from __future__ import annotations

from okr_workbook.labels import Labels

CURRENCIES = ("€", "$", "£")
_FINE_BELOW = 100  # smaller numbers show their decimals


def is_percent(unit: str) -> bool:
    """True for shares: typed 4% or 0.04, shown 4%."""
    return unit.strip().startswith("%")


def in_unit(value: float, unit: str, labels: Labels) -> str:
    """A number with its unit, as a sentence wants it. Large numbers are shown whole, small ones to two decimals."""
    unit = unit.strip()
    if is_percent(unit):
        return labels.percent(value, 0 if _is_whole(value * 100) else 1)
    decimals = _decimals(value)
    number = labels.number(value, 2 if decimals and unit[:1] in CURRENCIES else decimals)
    if not unit:
        return number
    if unit[0] in CURRENCIES and labels.language == "en":
        sign = "-" if number.startswith("-") else ""
        return f"{sign}{unit[0]}{number.removeprefix('-')}{unit[1:]}"
    if unit.startswith("/"):
        return number
    return f"{number}\u00a0{unit}"


def change_in_unit(change: float, unit: str, labels: Labels) -> str:
    """The size of a change, without its sign: a change of a share is told in points."""
    size = abs(change)
    if is_percent(unit):
        points = size * 100
        return labels.text("dashboard", "points", number=labels.number(points, 0 if _is_whole(points) else 1))
    return in_unit(size, unit, labels)


def _decimals(value: float) -> int:
    if abs(value) >= _FINE_BELOW or _is_whole(value):
        return 0
    return 1 if _is_whole(value * 10) else 2


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6
