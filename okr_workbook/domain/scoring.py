"""Scores of a whole planner at a date: the one place where readings, kinds, pace, forecast and roll-up meet.

The rules stand, each with its source, in the modules that hold them; docs/scoring.md tells them with examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from okr_workbook.domain.groups import Groups
from okr_workbook.domain.key_result_scores import evidence_of, logs_of, score_key_result
from okr_workbook.domain.kpis.scores import score_kpis
from okr_workbook.domain.objective_scores import objective_scores, roll_up_objectives
from okr_workbook.domain.outline import Outline, outline_of
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.problems import Problem
from okr_workbook.domain.results import KeyResultScore, KpiResult, Scores
from okr_workbook.domain.series import score_series

__all__ = ["score_planner", "score_series"]


def score_planner(planner: Planner, as_of: date) -> Scores:
    """The scores at the end of that day, aligned with the planner's rows, and the problems met on the way."""
    kpis, kpi_problems = score_kpis(planner, as_of)
    outline = outline_of(planner)
    problems = [*outline.problems, *kpi_problems]
    key_results = _score_key_results(planner, outline, kpis, as_of, problems)
    wholes = roll_up_objectives(outline, key_results, as_of, problems)
    groups = Groups(outline, wholes, as_of, problems)
    return Scores(
        as_of,
        groups.company(),
        tuple(groups.team(row.team) for row in planner.teams),
        tuple(groups.member(row.member) for row in planner.members),
        objective_scores(outline, wholes, key_results, as_of),
        key_results,
        tuple(kpis),
        tuple(problems),
    )


def _score_key_results(
    planner: Planner, outline: Outline, kpis: Sequence[KpiResult], as_of: date, problems: list[Problem]
) -> tuple[KeyResultScore, ...]:
    scores = []
    for plan, log in zip(outline.key_results, logs_of(planner, outline, kpis), strict=True):
        evidence = evidence_of(plan, log, as_of)
        if evidence.fault:
            problems.append(evidence.fault)
        score = score_key_result(plan, evidence, as_of, planner.settings)
        if plan.kpi is not None and score.updated_on:
            # How late a month's figure may come is the KPI's to say, not the check-ins' rhythm.
            stale = kpis[plan.kpi].quality == "stale" and score.status not in ("done", "not_started")
            score = score._replace(stale=stale)
        scores.append(score)
    return tuple(scores)
