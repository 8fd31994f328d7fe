"""Scores of the company and the teams at many dates, rebuilt from the check-ins: the burn-up of a period.

The same rules as `score_planner`, without what a chart does not show. A KPI's figure counts from the last day of its
period on, and what people typed beside the check-ins (weights, targets, scores given by hand) counts as it is today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from okr_workbook.domain.groups import Owners
from okr_workbook.domain.key_result_scores import Grading, evidence_of, expected_of, grading_of, logs_of
from okr_workbook.domain.kpis import score_kpis
from okr_workbook.domain.outline import KeyResultPlan, Outline, members_of, outline_of
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.readings import Log
from okr_workbook.domain.results import KpiResult
from okr_workbook.domain.rollup import counted_of, is_faulty, mean_expected, mean_score


class Pace(NamedTuple):
    """How far something has come and how far it should have; shares, None where there is none."""

    score: float | None
    expected: float | None


class ScoresOn(NamedTuple):
    """Company and teams at one date; `teams` align with the planner's rows."""

    as_of: date
    company: Pace
    teams: tuple[Pace, ...]


class _Share(NamedTuple):
    weight: float | None
    score: float | None
    expected: float | None
    usable: bool


UNUSABLE = _Share(None, None, None, usable=False)


def score_series(
    planner: Planner, days: Sequence[date], kpis: Sequence[KpiResult] | None = None
) -> tuple[ScoresOn, ...]:
    """The scores at each of the days, in their order. `kpis` are the KPIs' results where they are already computed."""
    if not days:
        return ()
    if kpis is None:
        kpis, _ = score_kpis(planner, max(days))
    outline = outline_of(planner)
    dated = sorted(set(days))
    tracks = [
        _track(plan, log, dated) for plan, log in zip(outline.key_results, logs_of(planner, outline, kpis), strict=True)
    ]
    owners = Owners(outline)
    teams = [owners.team(row.team) for row in planner.teams]
    found = {}
    for column, day in enumerate(dated):
        objectives = _objectives(outline, tracks, column)
        missing = outline.settings.missing_counts_as
        company = _pace([objectives[place] for place in owners.company], missing)
        found[day] = ScoresOn(
            day, company, tuple(_pace([objectives[place] for place in places], missing) for places in teams)
        )
    return tuple(found[day] for day in days)


def _track(plan: KeyResultPlan, log: Log, days: Sequence[date]) -> list[_Share]:
    """One key result on each of the days, which rise. Between two readings only what is expected changes."""
    track = []
    readings, seen, known = log.readings, 0, -1
    for day in days:
        while seen < len(readings) and readings[seen].on <= day:
            seen += 1
        if seen != known or log.unreadable:
            evidence = evidence_of(plan, log, day)
            grading: Grading = grading_of(plan, evidence)
            known = seen
        track.append(_Share(plan.weight, grading.score, expected_of(plan, evidence, grading, day), grading.usable))
    return track


def _objectives(outline: Outline, tracks: Sequence[Sequence[_Share]], column: int) -> list[_Share]:
    """Every objective on one day, children first."""
    rule, missing = outline.settings.roll_up, outline.settings.missing_counts_as
    found = [UNUSABLE] * len(outline.objectives)
    for place in outline.children_first:
        plan = outline.objectives[place]
        members = members_of(plan, rule)
        shares = [tracks[one][column] for one in members.key_results]
        shares += [found[one] for one in members.objectives]
        shares += [UNUSABLE] * len(members.cut_off)
        counted = counted_of(shares, missing)
        found[place] = _Share(
            plan.weight,
            mean_score(counted),
            mean_expected(counted),
            usable=not is_faulty(shares, counted) and not plan.repeated,
        )
    return found


def _pace(shares: Sequence[_Share], missing_counts_as: str) -> Pace:
    counted = counted_of(shares, missing_counts_as)
    return Pace(mean_score(counted), mean_expected(counted))
