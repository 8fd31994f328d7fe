"""Percentages on two scales: in a row whose unit is % a cell that holds 74 says 7,400 %, and 0.74 says 74 %.

Spreadsheet programs take a typed 74 for 74 % only in cells that are formatted so already; a value that is pasted or comes by
CSV is taken as it is. Nobody means 7,400 % beside a target of 80 %, so such a number is not computed with.
"""

from collections.abc import Mapping

from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.planner import KeyResult, Kpi
from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

FIELDS = ("start", "commit", "target", "stretch", "lower", "upper")

TIMES: "Final" = 10
"""How many times larger than all its neighbours a number is that is written on another scale."""

HIGHEST: "Final" = 1.5
"""Up to 150 % a percentage may well stand beside small ones."""

WHOLE: "Final" = 10
"""From 1,000 % on, a number that was agreed is one that was written without its %."""


def is_percent(unit: str) -> bool:
    """True for a unit whose numbers are shares: %, alone or with a word after it.

    >>> is_percent("% of orders"), is_percent("%s"), is_percent("€")
    (True, False, False)
    """
    text = unit.strip()
    return text.startswith("%") and not text[1:2].isalnum()


def off_percent_scale(row: KeyResult, value: float) -> bool:
    """True for a value that is on another scale than the numbers of its row: 74 beside a start of 0.61 and a target of 0.8."""
    if not is_percent(row.unit) or kind_of(row.kind).takes_yes_no:
        return False
    return _is_off(value, [abs(number) for number in numbers_of(row).values()])


def off_scale_fields(row: KeyResult | Kpi, value: float | None) -> list[str]:
    """The fields whose number, in a row in percent, is off the scale of another one or of `value`, or lacks its %."""
    if not is_percent(row.unit):
        return []
    numbers = {field: abs(number) for field, number in numbers_of(row).items() if number}
    others = {**numbers, "value": abs(value)} if value else numbers
    return [
        field
        for field, number in numbers.items()
        if number >= WHOLE or any(_is_off(number, [other]) for name, other in others.items() if name != field)
    ]


def numbers_of(row: KeyResult | Kpi) -> Mapping[str, float]:
    """The numbers that were agreed, by field."""
    found = ((field, getattr(row, field, None)) for field in (*FIELDS, "alert"))
    return {field: number for field, number in found if number is not None}


def _is_off(value: float, others: list[float]) -> bool:
    largest = max(others, default=None)
    return largest is not None and abs(value) > HIGHEST and abs(value) >= TIMES * largest
