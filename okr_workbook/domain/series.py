"""Scores of the company and the teams at many dates, rebuilt from the check-ins: the burn-up of a period.

The same rules as `score_planner`, without what a chart does not show. A KPI's figure counts from the last day of its
period on, and what people typed beside the check-ins (weights, targets, scores given by hand) counts as it is today.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from math import isfinite

from okr_workbook.domain.groups import Owners
from okr_workbook.domain.key_result_scores import Grading, evidence_of, expected_of, grading_of, logs_of
from okr_workbook.domain.kpis import score_kpis
from okr_workbook.domain.outline import KeyResultPlan, ObjectivePlan, Outline, members_of, outline_of
from okr_workbook.domain.pace import Span, expected_score
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.readings import Log
from okr_workbook.domain.results import KpiResult
from okr_workbook.domain.rollup import counted_of, is_faulty, mean_expected, mean_score
from okr_workbook.records import NamedTuple


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


UNGRADED = Grading(None, None, sound=False, usable=False)
UNUSABLE = _Share(None, None, None, usable=False)


def score_series(
    planner: Planner,
    days: Sequence[date],
    kpis: Sequence[KpiResult] | None = None,
    *,
    logs: Sequence[Log] | None = None,
    with_teams: bool = True,
) -> tuple[ScoresOn, ...]:
    """The scores at each of the days, in their order.

    `kpis` and `logs` (see `logs_of`) where they are already computed. Without teams (`with_teams`) only what the company
    rests on is looked at, and `teams` are empty.
    """
    if not days:
        return ()
    if kpis is None:
        kpis, _ = score_kpis(planner, max(days))
    outline = outline_of(planner)
    owners = Owners(outline)
    teams = [owners.team(row.team) for row in planner.teams] if with_teams else []
    dated = sorted(set(days))
    tracks = _Tracks(outline, logs if logs is not None else logs_of(planner, outline, kpis), dated)
    objectives = _objectives(outline, tracks, _needed(outline, [*owners.company, *chain.from_iterable(teams)]))
    missing = outline.settings.missing_counts_as
    company = _paces([objectives[place] for place in owners.company], missing, len(dated))
    of_teams = [_paces([objectives[place] for place in places], missing, len(dated)) for places in teams]
    found = {
        day: ScoresOn(day, company[column], tuple(paces[column] for paces in of_teams))
        for column, day in enumerate(dated)
    }
    return tuple(found[day] for day in days)


def _needed(outline: Outline, wanted: Iterable[int]) -> tuple[int, ...]:
    """The objectives that the wanted ones rest on, themselves included, children first."""
    found: set[int] = set()
    open_ones = list(wanted)
    while open_ones:
        place = open_ones.pop()
        if place not in found:
            found.add(place)
            open_ones += members_of(outline.objectives[place], outline.settings.roll_up).objectives
    return tuple(place for place in outline.children_first if place in found)


Track = Sequence[_Share]
"""What something comes to on each of the days."""


class _Tracks:
    """Each key result on each of the days, which rise; made when it is asked for."""

    def __init__(self, outline: Outline, logs: Sequence[Log], days: Sequence[date]) -> None:
        self.days = days
        self._plans, self._logs = outline.key_results, logs
        self._made: dict[int, Track] = {}
        self._elapsed: dict[tuple[Span, float], list[float | None]] = {}

    def __getitem__(self, place: int) -> Track:
        if place not in self._made:
            self._made[place] = self._track(self._plans[place], self._logs[place])
        return self._made[place]

    def _track(self, plan: KeyResultPlan, log: Log) -> Track:
        """Between two readings only what is expected changes."""
        steady = self._steady(plan)
        read_on = [reading.on for reading in log.readings]
        known = [bisect_right(read_on, day) for day in self.days]  # how many readings there are by each day
        track: list[_Share] = []
        grading, score = UNGRADED, None
        while len(track) < len(self.days):
            first = len(track)
            end = first + 1 if log.unreadable else bisect_right(known, known[first], first)
            # sound before, and on its way to a target: only the latest value tells
            follows = steady is not None and first and known[first - 1] and grading.sound and not log.unreadable
            later = _later_score(plan, log.readings[known[first] - 1].value) if follows else None
            if later is not None:
                score = later
            else:
                grading = grading_of(plan, evidence_of(plan, log, self.days[first]))
                score = grading.score
            if steady is not None and grading.sound:
                expected = steady[first:end]
            else:
                days = self.days[first:end]
                expected = [expected_of(plan, evidence_of(plan, log, day), grading, day) for day in days]
            track += [_Share(plan.weight, score, share, grading.usable) for share in expected]
        return track

    def _steady(self, plan: KeyResultPlan) -> list[float | None] | None:
        """What is expected on each day, where it depends on the days alone: once for all key results of one span."""
        if plan.scale is None or not plan.scale.rises_with_time:
            return None
        key = (plan.span, plan.success)
        if key not in self._elapsed:
            self._elapsed[key] = [expected_score(plan.scale, plan.span, day, plan.success, ()) for day in self.days]
        return self._elapsed[key]


def _later_score(plan: KeyResultPlan, value: float) -> float | None:
    """The score of a later value, where a key result was sound before; None where that has to be looked into."""
    if plan.scale is None or plan.override is not None or not plan.scale.admits(value):
        return None
    values = (value,)
    return plan.scale.score(values) if isfinite(plan.scale.progress(values)) else None


def _objectives(outline: Outline, tracks: _Tracks, needed: Sequence[int]) -> dict[int, Track]:
    """The objectives that are needed, on each of the days; parents come after their children."""
    rule, missing = outline.settings.roll_up, outline.settings.missing_counts_as
    found: dict[int, Track] = {}
    for place in needed:
        plan = outline.objectives[place]
        members = members_of(plan, rule)
        parts = [tracks[one] for one in members.key_results]
        parts += [found[one] for one in members.objectives]
        cut_off = [UNUSABLE] * len(members.cut_off)
        found[place] = [_objective(plan, [*shares, *cut_off], missing) for shares in _by_day(parts, len(tracks.days))]
    return found


def _objective(plan: ObjectivePlan, shares: Sequence[_Share], missing: str) -> _Share:
    counted = counted_of(shares, missing)
    usable = not plan.repeated and not is_faulty(shares, counted)
    return _Share(plan.weight, mean_score(counted), mean_expected(counted), usable)


def _paces(parts: Sequence[Track], missing: str, days: int) -> list[Pace]:
    """What the parts come to on each of the days."""
    counted = [counted_of(shares, missing) for shares in _by_day(parts, days)]
    return [Pace(mean_score(shares), mean_expected(shares)) for shares in counted]


def _by_day(parts: Sequence[Track], days: int) -> Iterable[tuple[_Share, ...]]:
    """The parts of each day together."""
    return zip(*parts, strict=True) if parts else [()] * days
