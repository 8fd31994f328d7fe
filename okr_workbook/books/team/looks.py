"""The looks that the sheets of a team's workbook share, and how numbers of a unit are shown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.model import Look
from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.planner import KeyResult, Kpi
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.grid import Value
from okr_workbook.tables.palette import ACCENT, BAR, DEEP, INK, LINE, MUTED, ON_DEEP, TINT, WHITE
from okr_workbook.tables.targets import Target, target_of_kpi
from okr_workbook.tables.units import CURRENCIES, FINE_BELOW, is_grade, is_percent, words_for_days

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


def heading(like: Look, *, ours: bool = False) -> Look:
    """The header of a column, aligned as its cells are; `ours`: a column the team fills in."""
    base = INPUT_HEAD if ours else HEAD
    return base._replace(align=like.align or "left", indent=like.indent)


def unit_format(unit: str, numbers: Iterable[float | None], language: str) -> str:
    """The number format of a unit, fine enough for these numbers, and in the singular where they are all one."""
    shown = _shown(unit, language)
    known = [number for number in numbers if number is not None]
    fine = False
    for number in known:
        if number % 1 and -FINE_BELOW < number < FINE_BELOW:
            fine = True
    if shown.one and known and all(map(labels_for(language).is_one, known)):
        return shown.fine_one if fine else shown.one
    return shown.fine if fine else shown.whole


def typed_format(unit: str, numbers: Iterable[float | None], language: str) -> str:
    """The number format of a unit in cells that are typed into: where all of these numbers are whole, a new one may not be."""
    known = [number for number in numbers if number is not None]
    for number in known:
        if number % 1:
            return unit_format(unit, known, language)
    return _typed(unit, language) or unit_format(unit, known, language)


def key_result_format(row: KeyResult, numbers: Iterable[float | None], language: str, *, typed: bool = False) -> str:
    """The number format of a key result's values: its unit's; a milestone is done to some percent."""
    if kind_of(row.kind).takes_yes_no:
        return number_formats.percent(language)
    return (typed_format if typed else unit_format)(row.unit, numbers, language)


@cache
def _typed(unit: str, language: str) -> str:
    """The format that shows what is typed; "" for a unit whose numbers always have so many decimals."""
    shown = _shown(unit, language)
    return shown.as_typed(language) if shown.fine != shown.whole else ""


@cache
def _shown(unit: str, language: str) -> number_formats.UnitFormat:
    unit = unit.strip().casefold()
    percent, *currencies, days, grade, plain = number_formats.unit_formats(language)
    if is_percent(unit):
        return percent
    if unit[:1] in CURRENCIES:
        return currencies[CURRENCIES.index(unit[0])]
    if unit in words_for_days():
        return days
    return grade if is_grade(unit) else plain


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


def kpi_target(row: Kpi, labels: Labels) -> tuple[Value, str]:
    """What stands in the cell of a KPI's target, and its number format."""
    target = target_of_kpi(row)
    if target is None:
        return None, ""
    shown = unit_format(row.unit, (target.number,), labels.language)
    return target_cell(target, row.unit, labels), bounded(target.sign, shown)
