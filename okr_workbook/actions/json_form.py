"""Reports as JSON: field ids as names, dates as ISO text, None as null. Other programs rely on these names.

A row has all fields of its table. `alert` is the bound people typed, as in the table; whether it is raised is `alert_raised`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from okr_workbook.actions.refresh import RefreshReport
from okr_workbook.domain.planner import CheckIn
from okr_workbook.domain.readings import currents_after
from okr_workbook.domain.results import GroupScore, KeyResultScore, KpiResult, ObjectiveScore, Scores
from okr_workbook.tables.problem_rows import ShownProblem
from okr_workbook.tables.schema import table

Json = dict[str, Any]


def refresh_json(report: RefreshReport) -> Json:
    """as_of, company, teams, members, objectives, key_results, kpis, problems, and what was logged and kept."""
    planner, scores = report.planner, report.scores
    return {
        "as_of": report.as_of.isoformat(),
        "company": company_json(scores),
        "teams": [_typed("teams", row) | _group(got) for row, got in zip(planner.teams, scores.teams, strict=True)],
        "members": [
            _typed("members", row) | _group(got) for row, got in zip(planner.members, scores.members, strict=True)
        ],
        "objectives": [
            _typed("objectives", row) | _objective(got)
            for row, got in zip(planner.objectives, scores.objectives, strict=True)
        ],
        "key_results": [
            _typed("key_results", row) | {"current": current} | _key_result(got)
            for row, got, current in zip(planner.key_results, scores.key_results, _currents(report), strict=True)
        ],
        "kpis": [_typed("kpis", row) | _kpi(got) for row, got in zip(planner.kpis, scores.kpis, strict=True)],
        "problems": problems_json(report.problems),
        "logged": [_check_in(one) for one in report.typed],
        "added": [row.id for row in report.picked.kpis] if report.picked else [],
        "kept": list(report.kept),
        "changed": report.changed,
    }


def company_json(scores: Scores) -> Json:
    """The company's name and figures."""
    return {"name": scores.company.name, **_group(scores.company)}


def problems_json(problems: Iterable[ShownProblem]) -> list[Json]:
    """Each problem with ids for severity, table, field and code; message and advice in words."""
    return [
        {
            "severity": one.severity,
            "table": one.table,
            "row": one.row or None,
            "field": one.field or None,
            "cell": one.cell or None,
            "code": one.code,
            "message": one.message,
            "advice": one.advice,
        }
        for one in problems
    ]


def _typed(table_id: str, row: NamedTuple) -> Json:
    """The input fields of a row; None where a cell is blank or cannot be read."""
    return {field.id: _plain(getattr(row, field.id)) for field in table(table_id).input_fields}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else None if value == "" else value


def _currents(report: RefreshReport) -> Sequence[float | None]:
    """What `current` holds when the refresh is done; a look back leaves it alone."""
    if not report.live:
        return [row.current for row in report.planner.key_results]
    return currents_after(report.planner, report.as_of, report.scores.kpis)


def _group(got: GroupScore) -> Json:
    return {
        "score": got.score,
        "expected": got.expected,
        "status": got.status,
        "gap": got.gap,
        "grade": got.grade,
        "forecast": got.forecast,
        "counted": list(got.counted),
    }


def _objective(got: ObjectiveScore) -> Json:
    return {
        "score": got.score,
        "expected": got.expected,
        "gap": got.gap,
        "status": got.status,
        "stale": got.stale,
        "grade": got.grade,
        "forecast": got.forecast,
        "counted": list(got.counted),
        "left_out": list(got.left_out),
        "needed_for_success": [{"key_result": name, "value": value} for name, value in got.needed_for_success],
        "needed_together": [{"key_result": name, "value": value} for name, value in got.needed_together],
    }


def _key_result(got: KeyResultScore) -> Json:
    return {
        "value": got.value,
        "progress": got.progress,
        "score": got.score,
        "expected": got.expected,
        "gap": got.gap,
        "status": got.status,
        "stale": got.stale,
        "grade": got.grade,
        "forecast": got.forecast.score,
        "forecast_value": got.forecast.value,
        "chance": got.forecast.chance,
        "forecast_method": got.forecast.method,
        "needed_per_week": got.needed_per_week,
        "updated_on": _day(got.updated_on),
        "overridden": got.overridden,
    }


def _kpi(got: KpiResult) -> Json:
    return {
        "value": got.value,
        "period": got.period,
        "previous": got.previous,
        "change": got.change,
        "attainment": got.attainment,
        "status": got.status,
        "bad_periods": got.bad_periods,
        "quality": got.quality,
        "alert_raised": got.alert,
        "error": got.error,
    }


def _check_in(one: CheckIn) -> Json:
    return {"date": _day(one.date), "key_result": one.key_result, "value": one.value}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
