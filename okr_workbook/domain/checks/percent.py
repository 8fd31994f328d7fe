"""Checks of percentages: 74 where 74 % is meant."""

from __future__ import annotations

from collections.abc import Iterable

from okr_workbook.domain.checks.register import METHOD, Found, View, check
from okr_workbook.domain.percent_scale import HIGHEST, off_percent_scale, off_scale_fields
from okr_workbook.domain.planner import KeyResult, Kpi
from okr_workbook.domain.problems import Figure
from okr_workbook.domain.readings import check_in_logs


@check("percent_scale", "warning", "key_results", METHOD)
def percent_scale(view: View) -> Iterable[Found]:
    """A number of a row in percent that was typed without its %: 74 says 7,400 %."""
    for row, score in view.scored_key_results():
        value = score.value
        yield from _found(row, None if value is not None and off_percent_scale(row, value) else value)


@check("percent_scale", "warning", "kpis", METHOD)
def percent_scale_of_kpi(view: View) -> Iterable[Found]:
    """A number of a KPI in percent that was typed without its %."""
    for row, got in zip(view.planner.kpis, view.scores.kpis, strict=True):
        yield from _found(row, got.value)


@check("percent_scale", "warning", "check_ins", METHOD)
def percent_scale_of_check_in(view: View) -> Iterable[Found]:
    """A check-in in percent that was typed without its %; the one in force is an error of its key result."""
    rows, logs = view.planner.key_results, check_in_logs(view.planner)
    for check_in, place in zip(view.planner.check_ins, view.reported, strict=True):
        value = check_in.value
        if place is None or value is None or abs(value) <= HIGHEST or not off_percent_scale(rows[place], value):
            continue
        in_force = logs[place].until(view.as_of)[-1:]
        if not rows[place].kpi and check_in.row_number not in [reading.row_number for reading in in_force]:
            yield Found(check_in, "value", {"value": value, "percent": Figure(value, "%")})


def _found(row: KeyResult | Kpi, value: float | None) -> Iterable[Found]:
    for field in off_scale_fields(row, value):
        number = getattr(row, field)
        yield Found(row, field, {"value": number, "percent": Figure(number, "%")})
