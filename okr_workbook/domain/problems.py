"""Problems: faults in the planner's data, with a stable code and a place. Never raised, always collected."""

from __future__ import annotations

from collections.abc import Mapping

from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

Severity: TypeAlias = "Literal['error', 'warning', 'advice']"
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")


class Figure(NamedTuple):
    """A number in a problem's details that is to be shown in its unit: 0.041 in % is 4.1 %.

    `step`: it is what something has to change by, so that 0.041 in % are 4.1 points.
    """

    value: float
    unit: str
    step: bool = False


class Gaps(NamedTuple):
    """Figures that are missing: measures, each with the periods (2026-07, 2026-07/2026-09) in which it has none."""

    of: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Problem(NamedTuple):
    """One fault at one cell.

    `code` is stable and names the message and the advice in the labels; `details` fill their places.
    `row` is the row's id (its number where it has none) as the user knows it; `row_number` counts the body rows of
    the table from 1, blank ones included, so that the cell can be found (0: the table as a whole).
    `field` is a field id, a month as YYYY-MM for measures, or "" for the row as a whole.
    """

    code: str
    severity: Severity
    table: str
    row: str = ""
    row_number: int = 0
    field: str = ""
    details: Mapping[str, object] = {}
