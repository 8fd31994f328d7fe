"""Scores of the company and the teams at many dates, rebuilt from the check-ins: the burn-up of a period.

The same rules as `score_planner`, without what a chart does not show. A KPI's figure counts from the last day of its
period on, and what people typed beside the check-ins (weights, targets, scores given by hand) counts as it is today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from okr_workbook.domain.groups import Owners
from okr_workbook.domain.key_result_scores import logs_of
from okr_workbook.domain.kpis.scores import score_kpis
from okr_workbook.domain.outline import Outline, members_of, outline_of
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.readings import Log
from okr_workbook.domain.results import KpiResult
from okr_workbook.domain.tracks import KeyResultTracks, RollUp, Track
from okr_workbook.records import NamedTuple


class Pace(NamedTuple):
    """How far something has come and how far it should have; shares, None where there is none."""

    score: float | None
    expected: float | None


class ScoresOn(NamedTuple):
    """Company and teams at one date; `teams` align with the planner's rows.

    `known` is False while nothing the company rests on has a value: its score then only says what silence counts as.
    """

    as_of: date
    company: Pace
    teams: tuple[Pace, ...]
    known: bool = True


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
    tracks = KeyResultTracks(outline, logs if logs is not None else logs_of(planner, outline, kpis), dated)
    roll_up = RollUp(outline.settings.missing_counts_as, len(dated))
    wanted = _needed(outline, [*owners.company, *chain.from_iterable(teams)])
    objectives = _objectives(outline, tracks, wanted, roll_up)
    company = _paces(roll_up(None, [objectives[place] for place in owners.company]))
    of_teams = [_paces(roll_up(None, [objectives[place] for place in places])) for places in teams]
    known_from = _known_from(outline, tracks, _needed(outline, owners.company))
    found = {
        day: ScoresOn(day, company[column], tuple(paces[column] for paces in of_teams), column >= known_from)
        for column, day in enumerate(dated)
    }
    return tuple(found[day] for day in days)


def _known_from(outline: Outline, tracks: KeyResultTracks, objectives: Iterable[int]) -> int:
    """The first of the days on which a key result of these objectives has a score; their number where none ever has."""
    days = len(tracks.days)
    places = {
        one
        for place in objectives
        for one in members_of(outline.objectives[place], outline.settings.roll_up).key_results
    }
    firsts = (next((day for day, score in enumerate(tracks[one].scores) if score is not None), days) for one in places)
    return min(firsts, default=days)


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


def _objectives(
    outline: Outline, key_results: KeyResultTracks, needed: Sequence[int], roll_up: RollUp
) -> dict[int, Track]:
    """The objectives that are needed, on each of the days; parents come after their children."""
    days = len(key_results.days)
    found: dict[int, Track] = {}
    for place in needed:
        plan = outline.objectives[place]
        members = members_of(plan, outline.settings.roll_up)
        parts = [key_results[one] for one in members.key_results]
        parts += [found[one] for one in members.objectives]
        parts += [Track.unusable(days)] * len(members.cut_off)
        whole = roll_up(plan.weight, parts)
        found[place] = whole._replace(usable=[False] * days) if plan.repeated else whole
    return found


def _paces(track: Track) -> list[Pace]:
    """A track day by day."""
    return list(map(Pace, track.scores, track.expected))
