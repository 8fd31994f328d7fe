"""Reports as JSON: field ids as names, dates as ISO text, None as null. Other programs rely on these names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from okr_workbook.actions.refresh import RefreshReport
from okr_workbook.domain.planner import CheckIn
from okr_workbook.domain.results import GroupScore, KeyResultScore, KpiResult, ObjectiveScore, Scores
from okr_workbook.tables.problem_rows import ShownProblem

Json = dict[str, Any]


def refresh_json(report: RefreshReport) -> Json:
    """as_of, company, teams, members, objectives, key_results, kpis, problems, and what was logged and kept."""
    planner, scores = report.planner, report.scores
    return {
        "as_of": report.as_of.isoformat(),
        "company": company_json(scores),
        "teams": [
            {"team": row.team, "parent": row.parent or None, "lead": row.lead or None, **_group(got)}
            for row, got in zip(planner.teams, scores.teams, strict=True)
        ],
        "members": [
            {"member": row.member, "team": row.team or None, **_group(got)}
            for row, got in zip(planner.members, scores.members, strict=True)
        ],
        "objectives": [
            {
                "id": row.id,
                "objective": row.objective,
                "level": row.level or None,
                "team": row.team or None,
                "owner": row.owner or None,
                "parent": row.parent or None,
                **_objective(got),
            }
            for row, got in zip(planner.objectives, scores.objectives, strict=True)
        ],
        "key_results": [
            {
                "id": row.id,
                "objective": row.objective or None,
                "key_result": row.key_result,
                "team": row.team or None,
                "owner": row.owner or None,
                "kind": row.kind or None,
                "unit": row.unit or None,
                "confidence": row.confidence,
                **_key_result(got),
            }
            for row, got in zip(planner.key_results, scores.key_results, strict=True)
        ],
        "kpis": [
            {"id": row.id, "kpi": row.kpi, "unit": row.unit or None, "target": row.target, **_kpi(got)}
            for row, got in zip(planner.kpis, scores.kpis, strict=True)
        ],
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
        "alert": got.alert,
        "error": got.error,
    }


def _check_in(one: CheckIn) -> Json:
    return {"date": _day(one.date), "key_result": one.key_result, "value": one.value}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
