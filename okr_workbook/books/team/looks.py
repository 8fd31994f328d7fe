"""The looks that the sheets of a team's workbook share, and how numbers of a unit are shown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.model import Look
from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.planner import KeyResult
from okr_workbook.labels import Labels
from okr_workbook.tables.grid import Value
from okr_workbook.tables.palette import ACCENT, BAR, DEEP, INK, LINE, MUTED, ON_DEEP, TINT, WHITE
from okr_workbook.tables.targets import Target
from okr_workbook.tables.units import CURRENCIES, DAYS, is_grade, is_percent

TITLE = Look(size=20, bold=True)
SUBTITLE = Look(color=MUTED)
BLOCK = Look(size=12, bold=True)
CAPTION = Look(size=9, color=MUTED)
TEXT = Look(align="left", indent=1, line=LINE)
STRONG = TEXT._replace(bold=True, wrap=True)
WORDS = TEXT._replace(wrap=True)
QUIET = TEXT._replace(color=MUTED)
NUMBER = Look(align="right", indent=1, line=LINE, shrink=True)
CENTRED = Look(align="center", line=LINE)
INPUT = Look(color=ACCENT, fill=TINT, line=BAR, align="left", indent=1, unlocked=True)
INPUT_WORDS = INPUT._replace(wrap=True, color=INK)
INPUT_NUMBER = INPUT._replace(align="right", shrink=True)
INPUT_CENTRED = INPUT._replace(align="center", indent=0)
HEAD = Look(bold=True, color=WHITE, fill=DEEP, align="left", indent=1, wrap=True)
INPUT_HEAD = HEAD._replace(fill=ACCENT)
CARD = Look(color=ON_DEEP, fill=DEEP, align="left", indent=1)
PILL = Look(align="left", indent=1, pill=True)

_FINE_BELOW = 100  # smaller numbers show their decimals


def heading(like: Look, *, ours: bool = False) -> Look:
    """The header of a column, aligned as its cells are; `ours`: a column the team fills in."""
    base = INPUT_HEAD if ours else HEAD
    return base._replace(align=like.align or "left", indent=like.indent)


def unit_format(unit: str, numbers: Iterable[float | None], language: str) -> str:
    """The number format of a unit, fine enough for these numbers."""
    fine = False
    for number in numbers:
        if number is not None and -_FINE_BELOW < number < _FINE_BELOW and number % 1:
            fine = True
    return _format_of(unit, language, fine=fine)


def key_result_format(row: KeyResult, numbers: Iterable[float | None], language: str) -> str:
    """The number format of a key result's values: its unit's; a milestone is done to some percent."""
    if kind_of(row.kind).takes_yes_no:
        return number_formats.percent(language)
    return unit_format(row.unit, numbers, language)


@cache
def _format_of(unit: str, language: str, *, fine: bool) -> str:
    unit = unit.strip().casefold()
    percent, *currencies, days, grade, plain = number_formats.unit_formats(language)
    chosen = plain
    if is_percent(unit):
        chosen = percent
    elif unit[:1] in CURRENCIES:
        chosen = currencies[CURRENCIES.index(unit[0])]
    elif unit in DAYS:
        chosen = days
    elif is_grade(unit):
        chosen = grade
    return chosen.fine if fine else chosen.whole


def signed(number_format: str) -> str:
    """The same format with the sign always shown."""
    positive = number_format.split(";", maxsplit=1)[0]
    return f"+{positive};-{positive};{positive}"


def bounded(sign: str, number_format: str) -> str:
    """The same format with the sign of a bound (≥ or ≤, its space included) before the number, be that negative or not."""
    if not sign:
        return number_format
    positive, _, negative = number_format.partition(";")
    return f'"{sign}"{positive};"{sign}"{negative or f"-{positive}"}'


def target_cell(target: Target | None, unit: str, labels: Labels) -> Value:
    """What stands in the cell of a target: the number, whose format has the sign of a bound; the words of a band."""
    if target is None or target.upper is None:
        return None if target is None else target.number
    return target.in_words(unit, labels)
