"""What the charts read: the pace of the company, bullets of score against expected, the last readings of each trend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from okr_workbook.domain.planner import Planner
from okr_workbook.domain.readings import Log
from okr_workbook.domain.results import KpiResult, Scores, known_score
from okr_workbook.domain.series import score_series
from okr_workbook.labels import Labels
from okr_workbook.tables.blocks import PACE_ROWS, TREND_POINTS
from okr_workbook.tables.grid import Value

MARK = 0.02
"""How wide the mark of the expected score is, on a bar of 0 to 1."""

_NAME_HEIGHT = 0.08
"""How much of the axis of the pace chart the name of a line takes."""

_NEAR_THE_END = 0.85
"""How far along the period the score's name, at its right, begins to reach that of the expected line."""

Rows = list[list[Value]]


def bullet(score: float | None, expected: float | None) -> list[Value]:
    """The pieces of a bar: reached, missing, mark, beyond, rest. They add up to 1; all blank where nothing is known.

    >>> bullet(0.5, None)
    [0.5, 0.0, 0.0, 0.0, 0.5]
    """
    if score is None and expected is None:
        return [None] * 5
    got = score or 0.0
    if expected is None:
        return [got, 0.0, 0.0, 0.0, 1.0 - got]
    before = min(expected, 1.0 - MARK)
    reached = min(got, before)
    beyond = max(0.0, got - before - MARK)
    return [reached, before - reached, MARK, beyond, max(0.0, 1.0 - before - MARK - beyond)]


def pace_rows(planner: Planner, scores: Scores, logs: Sequence[Log]) -> Rows:
    """Day, expected, score, the score's last point, the place of the expected line's name; none without a period.

    The score's line begins where the first value came: before that there is nothing to draw. `logs` are the readings of
    the key results (`domain.key_result_scores.logs_of`).
    """
    days = pace_days(planner.settings.period_start, planner.settings.period_end, scores.as_of)
    if not days:
        return []
    series = score_series(planner, days, scores.kpis, logs=logs, with_teams=False)
    last = max((i for i, day in enumerate(days) if day <= scores.as_of), default=-1)
    known = [one.company.score if i <= last and one.known else None for i, one in enumerate(series)]
    rows: Rows = [
        [day, one.company.expected, score, score if i == last else None, None]
        for i, (day, one, score) in enumerate(zip(days, series, known, strict=True))
    ]
    near_the_end = last >= 0 and days[last] - days[0] >= _NEAR_THE_END * (days[-1] - days[0])
    rows[-1][-1] = _beside(series[-1].company.expected, known[last] if near_the_end else None)
    # A chart's range is fixed: the rest repeats the last day, without a score.
    return rows + [[days[-1], rows[-1][1], None, None, None]] * (PACE_ROWS - len(rows))


def _beside(expected: float | None, score: float | None) -> float | None:
    """Where the expected line's name stands: at its end, or off it where the score's name would lie over it."""
    if expected is None or score is None or abs(expected - score) >= _NAME_HEIGHT:
        return expected
    above, below = score + _NAME_HEIGHT, score - _NAME_HEIGHT
    return above if below < 0 or (expected >= score and above <= 1) else below


def pace_days(start: date | None, end: date | None, as_of: date) -> list[date]:
    """The days of the pace chart: every week of the period and the as-of date; spread evenly where the period is long."""
    if start is None or end is None or end <= start:
        return []
    length = (end - start).days
    weeks = min(-(-length // 7), PACE_ROWS - 2)
    step = 7 if weeks * 7 >= length else length / weeks
    days = {min(start + timedelta(days=round(week * step)), end) for week in range(weeks + 1)}
    return sorted(days | ({as_of} if start <= as_of <= end else set()))


def pace_labels(scores: Scores, labels: Labels) -> list[Value]:
    """The names of the two lines; the score's says its value."""
    score = known_score(scores.company)
    name = labels.field("objectives", "score")
    return [
        labels.field("objectives", "expected"),
        name if score is None else f"{name} {labels.percent(score)}",
    ]


def kpi_trend(result: KpiResult) -> list[Value]:
    """The last values of a KPI, the latest in the last column."""
    return trend(value for _, _, value in result.series)


def trend(values: Iterable[float | None]) -> list[Value]:
    """The last values of a series, the latest in the last column."""
    last: Sequence[float | None] = list(values)[-TREND_POINTS:]
    return [*([None] * (TREND_POINTS - len(last))), *last]
