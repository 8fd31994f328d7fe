"""The KPIs at a date: value, trend, status, alert, data quality; and the key result that would bring one back on track.

How values come about says `values`; what the words of quality mean, `quality`. Here is how a value is judged:

- target kept: at least `target` (direction higher, which is also what a blank means), at most `target` (lower), or from
  `lower` to `upper` (within; a blank bound does not bind). Equal keeps it.
- status: `achieved` where the target is kept; `off_track` beyond `alert`, or, where that is blank, with an attainment
  under 0.7; else `in_progress`. Without target and alert there is nothing to judge by: `in_progress`.
- what cannot be read is not blank, so no default stands in for it: an unreadable direction, target or bound leaves
  nothing to judge by (`no_data`, no attainment, no alert), an unreadable alert nothing to be off track by, and an
  unreadable frequency no value.
- a period in progress whose figure adds up (`pace`) is judged by its pace: by what it comes to if the months to come
  are like those so far. It is achieved early only where the figure itself keeps a target to reach.
- a period is *bad* when it is off track, or short of its target and worse than the period before. `bad_periods` counts
  the bad ones in a row up to now. Off track, or two bad periods in a row, raise the alert.

Past periods are judged by today's target. Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf, isfinite

from okr_workbook.domain.formula.values import DIV0, NUM, ErrorValue
from okr_workbook.domain.kinds import Decrease, Increase, at_least, kind_of_bounds
from okr_workbook.domain.kpis.formulas import read_formulas
from okr_workbook.domain.kpis.pace import kpis_that_add_up
from okr_workbook.domain.kpis.quality import Qualities
from okr_workbook.domain.kpis.values import KpiPeriod, KpiSeries, figures_until, frequency_of, kpi_series
from okr_workbook.domain.planner import KeyResult, Kpi, Planner
from okr_workbook.domain.problems import Problem
from okr_workbook.domain.references import fault_at
from okr_workbook.domain.results import KpiResult

OFF_TRACK_UNDER = 0.7
"""The attainment under which a KPI without an alert of its own is off track: the bound of green."""
REPORTED_ERRORS = (DIV0, NUM)
"""The others are no fault of the formula: a period that is not there yet, a cell that is a problem already."""
ALERT_AFTER = 2
"""So many bad periods in a row raise an alert."""


def score_kpis(planner: Planner, as_of: date) -> tuple[tuple[KpiResult, ...], tuple[Problem, ...]]:
    """The result of every KPI at the end of that day, aligned with the planner's rows, and the faults in their rows."""
    formulas = read_formulas(planner)
    figures = [figures_until(measure, as_of) for measure in planner.measures]
    series = kpi_series(planner, formulas, figures, as_of)
    qualities = Qualities(planner, formulas, figures, as_of)
    adding_up = kpis_that_add_up(formulas, planner.measures)
    problems = list(formulas.problems)
    results = []
    for place, kpi in enumerate(planner.kpis):
        problems += bound_problems(kpi)
        if place not in series or "frequency" in kpi.unreadable:
            results.append(KpiResult(kpi.id, faulty=bool(kpi.formula.strip())))
            continue
        own = series[place]
        at = _latest(own)
        ends = frequency_of(kpi) != "continuous"
        running = ends and at is not None and place in adding_up and not own.periods[at].finished
        scale = _still_to_come(own.periods[-1], qualities.latest_month(place)) if running else 1.0
        result = _result(kpi, own, at, scale)._replace(quality=qualities.of(place, own, at))
        if result.error in REPORTED_ERRORS:
            details = {"error": result.error, "period": result.period}
            problems.append(fault_at("kpis", kpi, "formula", "kpi_value_error", "warning", **details))
        results.append(result)
    return tuple(results), tuple(problems)


def _latest(series: KpiSeries) -> int | None:
    """The latest period that has what the formula needs; None where none has."""
    return next((at for at in range(len(series.values) - 1, -1, -1) if series.values[at] is not None), None)


def _still_to_come(period: KpiPeriod, latest_month: int) -> float:
    """What the figure of a period in progress grows by until its end, at the pace of its months so far."""
    return (period.last - period.first + 1) / (latest_month - period.first + 1)


def _result(kpi: Kpi, series: KpiSeries, at: int | None, scale: float) -> KpiResult:
    """`scale`: what the figure of a period that adds up and still runs grows by until its end; 1 for any other."""
    if at is None:
        return KpiResult(kpi.id)
    first = next(place for place, value in enumerate(series.values) if value is not None)
    shown = [value if isinstance(value, float) else None for value in series.values[first : at + 1]]
    periods = series.periods[first : at + 1]
    labels = [period.label for period in periods]
    if frequency_of(kpi) == "continuous":
        labels = [f"{series.periods[0].label}/{label}" for label in labels]
    value, previous = shown[-1], shown[-2] if len(shown) > 1 else None
    judged = None if value is None else value * scale
    bad = bad_periods(kpi, [*shown[:-1], judged])
    status = status_of(kpi, judged)
    if (
        value is not None
        and status == "achieved"
        and kpi.direction not in ("lower", "within")
        and not is_kept(kpi, value)
    ):
        status = "in_progress"
    found = series.values[at]
    return KpiResult(
        kpi.id,
        value=value,
        period=labels[-1],
        previous=previous,
        change=None if value is None or previous is None or scale > 1 else _finite(value - previous),
        attainment=None if value is None else attainment_of(kpi, value),
        status=status,
        bad_periods=bad,
        alert=status == "off_track" or bad >= ALERT_AFTER,
        error=str(found) if isinstance(found, ErrorValue) else None,
        series=tuple(zip(labels, (period.on for period in periods), shown, strict=True)),
    )


# --- judging one value ---


def aims_of(kpi: Kpi) -> tuple[str, ...]:
    """The fields that hold what the KPI is to keep."""
    return ("lower", "upper") if kpi.direction == "within" else ("target",)


def can_be_judged(kpi: Kpi) -> bool:
    """False where nobody can read what the KPI is to keep, or which way is good."""
    return kpi.unreadable.isdisjoint(("direction", *aims_of(kpi)))


def is_kept(kpi: Kpi, value: float) -> bool | None:
    """True where the value keeps the KPI's target; None where there is no target to keep, or none that can be read."""
    if not can_be_judged(kpi):
        return None
    if kpi.direction == "within":
        if (kpi.lower is None and kpi.upper is None) or _swapped(kpi):
            return None
        return (kpi.lower is None or at_least(value, kpi.lower)) and (kpi.upper is None or at_least(kpi.upper, value))
    if kpi.target is None:
        return None
    return at_least(kpi.target, value) if kpi.direction == "lower" else at_least(value, kpi.target)


def attainment_of(kpi: Kpi, value: float) -> float | None:
    """How much of the target is attained: 1 is all of it, more is beyond it.

    value / target (higher); target / value (lower; 1 where a value <= 0 keeps the target); within: 1 in the range, else
    1 less the distance to the nearer bound over the width of the range. None where that says nothing: without a
    target, or with a target that is not above 0.
    """
    kept = is_kept(kpi, value)
    if kept is None:
        return None
    if kpi.direction == "within":
        return 1.0 if kept else _nearness(kpi, value)
    target = kpi.target or 0.0
    if kpi.direction == "lower" and kept and value <= 0:
        return 1.0
    if not 0 < target < inf:
        return None
    return _finite(target / value if kpi.direction == "lower" else value / target)


def _finite(number: float) -> float | None:
    """A number that a cell can hold; None where the computing has left it."""
    return number if isfinite(number) else None


def _nearness(kpi: Kpi, value: float) -> float | None:
    """What a value outside the range attains; None where one bound is blank, 0 where the range is one point."""
    if kpi.lower is None or kpi.upper is None:
        return None
    width = kpi.upper - kpi.lower
    distance = max(kpi.lower - value, value - kpi.upper)
    return _finite(1.0 - distance / width) if width else 0.0


def status_of(kpi: Kpi, value: float | None) -> str:
    """achieved, in_progress, off_track or no_data."""
    if value is None or not can_be_judged(kpi):
        return "no_data"
    if is_kept(kpi, value):
        return "achieved"
    beyond = False if "alert" in kpi.unreadable else _beyond_alert(kpi, value)
    if beyond is None:
        attainment = attainment_of(kpi, value)
        beyond = attainment is not None and attainment < OFF_TRACK_UNDER
    return "off_track" if beyond else "in_progress"


def _beyond_alert(kpi: Kpi, value: float) -> bool | None:
    """True where the value, which misses its target, is worse than `alert`; None where no alert watches that side."""
    if kpi.alert is None:
        return None
    if kpi.direction == "within":
        if kpi.lower is not None and value < kpi.lower:
            return value < kpi.alert if kpi.alert <= kpi.lower else None
        return value > kpi.alert if kpi.upper is not None and kpi.alert >= kpi.upper else None
    return value > kpi.alert if kpi.direction == "lower" else value < kpi.alert


def bad_periods(kpi: Kpi, values: Sequence[float | None]) -> int:
    """How many of the last periods in a row are bad (oldest first, None: no value, which ends the row)."""
    count = 0
    for at in range(len(values) - 1, -1, -1):
        value = values[at]
        if value is None or not _is_bad(kpi, value, values[at - 1] if at else None):
            break
        count += 1
    return count


def _is_bad(kpi: Kpi, value: float, before: float | None) -> bool:
    if status_of(kpi, value) == "off_track":
        return True
    return before is not None and is_kept(kpi, value) is False and _miss(kpi, value) > _miss(kpi, before)


def _miss(kpi: Kpi, value: float) -> float:
    """How far a value lies on the wrong side; only to compare two values of one KPI."""
    if kpi.direction != "within":
        return value if kpi.direction == "lower" else -value
    below = 0.0 if kpi.lower is None else kpi.lower - value
    above = 0.0 if kpi.upper is None else value - kpi.upper
    return max(below, above, 0.0)


# --- faults in the row ---


def _swapped(kpi: Kpi) -> bool:
    return kpi.lower is not None and kpi.upper is not None and kpi.lower > kpi.upper


def bound_problems(kpi: Kpi) -> list[Problem]:
    """Bounds the wrong way round, and an alert on the good side of the target."""
    if not can_be_judged(kpi):
        return []
    if kpi.direction == "within":
        if _swapped(kpi):
            return [fault_at("kpis", kpi, "lower", "kpi_bounds_swapped", lower=kpi.lower, upper=kpi.upper)]
        inside = kpi.alert is not None and is_kept(kpi, kpi.alert) and kpi.alert not in (kpi.lower, kpi.upper)
        return [_wrong_alert(kpi)] if inside else []
    if kpi.alert is None or kpi.target is None or kpi.alert == kpi.target or not is_kept(kpi, kpi.alert):
        return []
    return [_wrong_alert(kpi)]


def _wrong_alert(kpi: Kpi) -> Problem:
    return fault_at("kpis", kpi, "alert", "kpi_alert_kept", "warning", alert=kpi.alert)


# --- back on track ---


def recovery_key_result(kpi: Kpi, result: KpiResult, planner: Planner, new_id: str) -> KeyResult:
    """A draft of the key result that brings a KPI back: from today's value to the KPI's target, by the period's end.

    It is fed by the KPI, belongs to its team and owner, and has neither objective nor words yet: they are the caller's.
    """
    draft = KeyResult(
        new_id, team=kpi.team, owner=kpi.owner, unit=kpi.unit, kpi=kpi.id, due=planner.settings.period_end
    )
    if kpi.direction == "within":
        return draft._replace(kind=kind_of_bounds(kpi.lower, kpi.upper), lower=kpi.lower, upper=kpi.upper)
    kind = Decrease.name if kpi.direction == "lower" else Increase.name
    return draft._replace(kind=kind, start=result.value, target=kpi.target)
