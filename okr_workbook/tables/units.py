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
    before, after = _around(unit.strip(), labels)
    number = _number(value, unit.strip(), labels)
    sign = "-" if before and number.startswith("-") else ""
    return f"{sign}{before}{number.removeprefix(sign)}{after}"


def band_in_unit(lower: float, upper: float, unit: str, labels: Labels) -> str:
    """Two numbers with their unit once: €40–60, 40–60 €; in words where one of them is negative."""
    if lower < 0 or upper < 0:
        ends = {"lower": in_unit(lower, unit, labels), "upper": in_unit(upper, unit, labels)}
        return labels.text("dashboard", "band", **ends)
    before, after = _around(unit.strip(), labels)
    return f"{before}{_number(lower, unit.strip(), labels)}–{_number(upper, unit.strip(), labels)}{after}"


def _around(unit: str, labels: Labels) -> tuple[str, str]:
    """What a unit puts before a number and after it."""
    if is_percent(unit):
        return "", labels.percent(0).removeprefix("0")
    if not unit or unit[0] == "/":
        return "", ""
    if unit[0] in CURRENCIES and labels.language == "en":
        return unit[0], unit[1:]
    return "", f"\u00a0{unit}"


def _number(value: float, unit: str, labels: Labels) -> str:
    """A number as a unit wants it, without the unit."""
    if is_percent(unit):
        return labels.number(value * 100, 0 if _is_whole(value * 100) else 1)
    decimals = _decimals(value)
    return labels.number(value, 2 if decimals and unit[:1] in CURRENCIES else decimals)


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
