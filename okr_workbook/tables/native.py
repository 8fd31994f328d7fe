"""The rules of scoring as cell formulas, so that a team's workbook scores what is typed with no Python near.

Each function gives the text of one formula (without =) from the addresses of the cells it reads; what differs by kind of
key result is in `native_kinds`. The rules and their sources are those of `domain.kinds` and `domain.pace`; a test recalculates hundreds of key results in independent
engines and demands the same numbers. Only functions that Excel, LibreOffice and phones share are used, and plain
addresses. A blank cell is "" to a formula, and never 0: "there is none" travels as "".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from okr_workbook.domain.pace import SEVEREST_FIRST
from okr_workbook.domain.planner import Settings
from okr_workbook.labels import Labels

SAME = "1E-12"
"""Shares that differ by less are equal, as in `domain.kinds.same`."""


class KeyResultCells(NamedTuple):
    """The addresses of one key result's cells, and of the as-of date. `begins` is its first day."""

    as_of: str
    typed: str
    last: str
    begins: str
    due: str
    success: str
    start: str
    target: str
    lower: str
    upper: str
    commit: str
    stretch: str
    weight: str
    override: str
    read_before: str
    kept_before: str
    read_that_day: str
    kept_that_day: str
    sent_as_of: str
    value: str
    readings: str
    kept: str
    progress: str
    score: str
    expected: str
    gap: str
    counted: str


def gap(at_score: str, at_expected: str) -> str:
    """How far the score is behind what is expected."""
    return f'IF(OR({at_score}="",{at_expected}=""),"",{at_expected}-{at_score})'


def counted_weight(at: KeyResultCells, settings: Settings) -> str:
    """The weight a key result has in its objective: without a value it counts only where silence counts as zero."""
    if settings.missing_counts_as == "zero":
        return at.weight
    return f'IF({at.score}="",0,{at.weight})'


def points(at_score: str, at_counted: str) -> str:
    """Weight times score, a missing score being 0 (its weight says whether it counts)."""
    return f'IF({at_score}="",0,{at_counted}*{at_score})'


# --- status ---------------------------------------------------------------------------------------


def status(
    labels: Labels,
    settings: Settings,
    *,
    score: str,
    expected: str,
    success: str,
    begun: str,
    may_be_done: str = "TRUE",
    silent: str = "",
    by_rule: str = "",
) -> str:
    """The status as it is shown, by the order of `domain.pace.status_of`.

    `begun`, `may_be_done` and `silent` (nothing has a value; where blank: there is no score) are conditions. `by_rule`
    is the formula that decides instead of the pace, where the status rule is `worst`.
    """

    def shown(status_id: str) -> str:
        return text(labels.status(status_id))

    late = f"{expected}-{score}"
    by_gap = (
        f"IF({late}<={number(settings.on_track_gap)}+{SAME},{shown('on_track')},"
        f"IF({late}<={number(settings.at_risk_gap)}+{SAME},{shown('behind')},{shown('at_risk')}))"
    )
    paced = f'IF({expected}="",{shown("no_data")},{by_gap})'
    done = f"AND({may_be_done},{score}>={success}-{SAME})"
    known = by_rule or f"IF({done},{shown('done')},{paced})"
    nothing = f'OR({silent},{score}="")' if silent else f'{score}=""'
    return f"IF({begun},IF({nothing},{shown('no_data')},{known}),{shown('not_started')})"


def worst(labels: Labels, statuses: Sequence[tuple[str, str]], elsewhere: str = "") -> str:
    """The worst status of what counts, and of `elsewhere` (a status id), what this workbook does not show.

    `statuses` are ranges of statuses, each with the range of the weights that count.
    """
    formula = text(labels.status("no_data"))
    for status_id in reversed(SEVEREST_FIRST):
        shown = text(labels.status(status_id))
        found = count_of(shown, statuses) + ("+1" if status_id == elsewhere else "")
        formula = f"IF({found}>0,{shown},{formula})"
    return formula


def count_of(shown: str, statuses: Sequence[tuple[str, str]]) -> str:
    """How many of the rows that count have one status."""
    return "+".join(f"SUMPRODUCT(({cells}={shown})*({counted}>0))" for cells, counted in statuses) or "0"


def kept_to_the_end(as_of: str, bounds: Sequence[tuple[str, str]]) -> str:
    """True once every bound that counts was kept to its last day; `bounds` are ranges of due days and of weights."""
    held = "+".join(f"SUMPRODUCT(({due}>={as_of})*({counted}>0))" for due, counted in bounds)
    return f"{held}=0" if held else "TRUE"


# --- what rolls up --------------------------------------------------------------------------------


def weighted_mean(points_at: Sequence[str], weights_at: Sequence[str], extra: tuple[str, str] | None = None) -> str:
    """Sum of points over sum of weights, "" where the weights are 0. `extra` are points and weight held elsewhere."""
    extra_points, extra_weight = (f"+{cell}" for cell in extra) if extra else ("", "")
    top, bottom = total(points_at) + extra_points, total(weights_at) + extra_weight
    return f'IF({bottom}=0,"",({top})/({bottom}))'


def total(cells: Sequence[str]) -> str:
    """The sum of cells and ranges; 0 for none. Excel takes 255 arguments at most."""
    if not cells:
        return "0"
    return "+".join(f"SUM({','.join(cells[first : first + 200])})" for first in range(0, len(cells), 200))


def ranges(column: str, rows: Iterable[int]) -> list[str]:
    """The cells of a column at some rows, neighbours joined to ranges.

    >>> ranges("X", [5, 6, 7, 9])
    ['X5:X7', 'X9']
    """
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return [f"{column}{first}" if first == last else f"{column}{first}:{column}{last}" for first, last in runs]


# --- literals -------------------------------------------------------------------------------------


def text(words: str) -> str:
    """A text inside a formula: in quotation marks, those within doubled."""
    return '"' + words.replace('"', '""') + '"'


def number(value: float) -> str:
    """A number inside a formula, to the last digit.

    >>> number(1.0), number(0.7 - 0.3)
    ('1', '0.39999999999999997')
    """
    return repr(int(value)) if float(value).is_integer() else repr(float(value))
