"""One key result at a date: what is known of it, and its score, pace and forecast."""

from collections.abc import Sequence
from datetime import date
from math import isfinite

from okr_workbook.domain.forecast import TOO_EARLY, forecast_of
from okr_workbook.domain.outline import KeyResultPlan, Outline
from okr_workbook.domain.pace import expected_score, gap_of, grade_of, is_stale, needed_per_week, status_of
from okr_workbook.domain.percent_scale import off_percent_scale
from okr_workbook.domain.planner import KeyResult, Planner, Settings
from okr_workbook.domain.problems import Figure, Problem
from okr_workbook.domain.readings import (
    EMPTY,
    Log,
    Reading,
    admits,
    admitted,
    check_in_logs,
    kpi_log,
    misfit_in_current,
    standing_current,
    values_of,
)
from okr_workbook.domain.references import fault_at
from okr_workbook.domain.results import Forecast, KeyResultScore, KpiResult
from okr_workbook.records import NamedTuple


def logs_of(planner: Planner, outline: Outline, kpis: Sequence[KpiResult]) -> list[Log]:
    """The readings of each key result, in the order of the rows: its KPI's where it names one, else its check-ins."""
    logs = check_in_logs(planner)
    fed = [kpi_log(result) for result in kpis]
    return [
        log if not plan.row.kpi else EMPTY if plan.kpi is None else fed[plan.kpi]
        for plan, log in zip(outline.key_results, logs, strict=True)
    ]


class Evidence(NamedTuple):
    """What is known of a key result at a date. `of_period` are the readings within its dates, `values` what it is scored by.

    In both are only readings that it can have. `known` is False where a value is there that cannot be read, or where the one
    in force is none that it can have.
    """

    value: float | None
    updated_on: date | None
    of_period: tuple[Reading, ...]
    values: tuple[float, ...]
    known: bool
    fault: Problem | None = None


def evidence_of(plan: KeyResultPlan, log: Log, as_of: date) -> Evidence:
    """What is known of one key result at a date.

    Where no check-in exists yet `current` stands in, sound or not; beside check-ins a fault in it is only reported.
    """
    row, span = plan.row, plan.span
    readings = log.until(as_of)
    misfit = _misfit_in_current(row, log, as_of)
    if not readings:
        current = None if row.kpi else standing_current(row, log)
        values: tuple[float, ...] = () if current is None else (current,)
        fault = misfit or _too_large(plan, values)
        readable = bool(row.kpi) or "current" not in row.unreadable
        return Evidence(current, None, (), values, fault is None and readable and log.is_known(as_of), fault)
    of_period = counted = admitted(row, readings)
    if counted and not (span.holds(counted[0].on) and span.holds(counted[-1].on)):
        of_period = tuple(reading for reading in counted if span.holds(reading.on))
    values = values_of(of_period if plan.scale is not None and plan.scale.keeps_bound else counted)
    last = readings[-1]
    fault = _misfit(row, last) or _too_large(plan, values)
    return Evidence(last.value, last.on, of_period, values, fault is None and log.is_known(as_of), misfit or fault)


def _too_large(plan: KeyResultPlan, values: tuple[float, ...]) -> Problem | None:
    """The problem of values that are too large to compute with."""
    if plan.scale is None or not values or isfinite(plan.scale.progress(values)):
        return None
    return fault_at("key_results", plan.row, "target", "number_too_large", value=values[-1])


def _misfit_in_current(row: KeyResult, log: Log, as_of: date) -> Problem | None:
    """The problem of a `current` that its kind of key result cannot have."""
    if row.current is None or not misfit_in_current(row, log, as_of):
        return None
    return _refusal(row, "current", row.current)


def _misfit(row: KeyResult, last: Reading) -> Problem | None:
    """The problem of a value in force that its kind cannot have."""
    if admits(row, last.value):
        return None
    if row.kpi:
        return _refusal(row, "kpi", last.value)
    refused = _refusal(row, "value", last.value)
    return refused._replace(table="check_ins", row="", row_number=last.row_number)


def _refusal(row: KeyResult, field: str, value: float) -> Problem:
    """The problem of a value that a key result cannot have, or that nobody can have meant."""
    if off_percent_scale(row, value):
        return fault_at("key_results", row, field, "percent_scale", value=value, percent=Figure(value, "%"))
    return fault_at("key_results", row, field, "value_not_admitted", value=value)


class Grading(NamedTuple):
    """How a key result fares at a date, before any pace."""

    progress: float | None
    score: float | None
    sound: bool
    usable: bool


def grading_of(plan: KeyResultPlan, evidence: Evidence) -> Grading:
    """Progress and score. A faulty key result has no score, unless one was given by hand.

    One whose due date cannot be read has a score and no part in its objective, whose score and pace would not be of the
    same parts.
    """
    scale, values = plan.scale, evidence.values
    sound = plan.sound and scale is not None and evidence.known
    progress = score = None
    if sound and scale is not None and values:
        progress, score = scale.progress(values), scale.score(values)
    usable = sound
    if plan.override is not None:
        score, usable = plan.override, not plan.repeated
    usable = usable and plan.weight is not None and "due" not in plan.row.unreadable
    return Grading(progress, score, sound, usable)


def expected_of(plan: KeyResultPlan, evidence: Evidence, grading: Grading, as_of: date) -> float | None:
    """What is expected by then, also of a score given by hand whose numbers give no scale."""
    if not grading.sound and plan.override is None:
        return None
    if plan.scale is not None:
        return expected_score(plan.scale, plan.span, as_of, plan.success, evidence.values)
    elapsed = plan.span.elapsed(as_of)
    if elapsed is None:
        return None
    return plan.success * (1.0 if plan.keeps_bound and plan.span.begun(as_of) else elapsed)


def score_key_result(plan: KeyResultPlan, evidence: Evidence, as_of: date, settings: Settings) -> KeyResultScore:
    """One key result at a date."""
    scale, span = plan.scale, plan.span
    grading = grading_of(plan, evidence)
    score = grading.score
    expected = expected_of(plan, evidence, grading, as_of)
    status = status_of(
        score,
        expected,
        success=plan.success,
        begun=span.begun(as_of),
        may_be_done=plan.may_be_done(as_of),
        settings=settings,
    )
    return KeyResultScore(
        plan.row.id,
        evidence.value,
        grading.progress,
        score,
        expected,
        gap_of(expected, score),
        status,
        status != "done" and _is_stale(plan, evidence, as_of, settings),
        grade_of(score, settings),
        _forecast(plan, evidence, as_of, sound=grading.sound),
        needed_per_week(scale, evidence.value, span, as_of, evidence.values) if grading.sound and scale else None,
        evidence.updated_on,
        plan.override is not None,
        grading.usable,
    )


def _is_stale(plan: KeyResultPlan, evidence: Evidence, as_of: date, settings: Settings) -> bool:
    """A value of unknown date is not called stale: the next refresh dates it."""
    if evidence.value is not None and evidence.updated_on is None:
        return False
    return is_stale(evidence.updated_on, plan.span, as_of, settings)


def _forecast(plan: KeyResultPlan, evidence: Evidence, as_of: date, *, sound: bool) -> Forecast:
    """A score given by hand is its own forecast: nobody can say when it will be taken back."""
    if plan.override is not None:
        return Forecast("settled", evidence.value, plan.override, None)
    if not sound or plan.scale is None:
        return TOO_EARLY
    return forecast_of(
        plan.scale, evidence.value, evidence.of_period, span=plan.span, as_of=as_of, success=plan.success
    )
