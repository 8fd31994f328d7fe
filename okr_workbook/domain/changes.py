"""What changed since the last time the plan was computed: done, down, up or new, from the history.

Down and up are for the better and the worse, whatever way the numbers went: a cost that rises is down. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from okr_workbook.domain.planner import HistoryRow, Kpi, Planner, key_of
from okr_workbook.domain.results import KPI_STATUSES, STATUSES, KpiResult, Scores
from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

What: TypeAlias = "Literal['done', 'down', 'up', 'new']"

NOTICEABLE = 0.005
"""The smallest move of a score that is told: half a point. Of a KPI's value, the same share of what it was."""

_ORDER: tuple[What, ...] = ("done", "down", "up", "new")
_RANK = {status: rank for statuses in (STATUSES, KPI_STATUSES) for rank, status in enumerate(statuses)}
_REACHED = ("done", "achieved")
SILENT = ("not_started", "no_data", "")


class Change(NamedTuple):
    """One thing that changed. For a KPI `was` and `now` are values in its unit, else scores 0 to 1."""

    what: What
    level: str  # company, team, objective, key_result, kpi
    id: str
    was: float | None
    now: float | None
    status_was: str
    status_now: str


class News(NamedTuple):
    """Everything that changed since `since`, the last as-of date in the history before this one (None: there is none)."""

    since: date | None
    changes: tuple[Change, ...] = ()


def changes_since(planner: Planner, scores: Scores) -> News:
    """What changed between the last as-of date before this one and now; what is reached first, then what got worse.

    Of the same sort, the larger move comes first. Things the history does not know are new, unless they have no score.
    A company or team is not told beside its only objective, where both say the same.
    """
    since = max((row.date for row in planner.history if row.date and row.date < scores.as_of), default=None)
    if since is None:
        return News(None)
    before = {(row.level, key_of(row.id)): row for row in planner.history if row.date == since}
    every = [change for now in _now(planner, scores) if (change := _change(before, now))]
    found = _without_echoes(every, scores)
    return News(since, tuple(sorted(found, key=lambda one: (_ORDER.index(one.what), -_size(one), one.level, one.id))))


class _Now(NamedTuple):
    """One thing as it is now; `better` is the sign of a move for the better, 0 where only the status tells."""

    level: str
    id: str
    score: float | None
    status: str
    better: int


def _now(planner: Planner, scores: Scores) -> Iterator[_Now]:
    """What is told of: each thing once, by its first row."""
    seen = set()
    for one in _all(planner, scores):
        known = (one.level, key_of(one.id))
        if one.id and known not in seen:
            seen.add(known)
            yield one


def _all(planner: Planner, scores: Scores) -> Iterable[_Now]:
    company = scores.company
    yield _Now("company", planner.settings.company, company.score, company.status, 1)
    for team in scores.teams:
        yield _Now("team", team.name, team.score, team.status, 1)
    for objective in scores.objectives:
        yield _Now("objective", objective.id, objective.score, objective.status, 1)
    for result in scores.key_results:
        yield _Now("key_result", result.id, result.score, result.status, 1)
    for kpi, got in zip(planner.kpis, scores.kpis, strict=True):
        yield _Now("kpi", got.id, got.value, got.status, _better(kpi, got))


def _better(kpi: Kpi, got: KpiResult) -> int:
    if got.change is None and got.previous is not None:  # a part of a period: no less than the whole one before
        return 0
    return {"higher": 1, "lower": -1}.get(kpi.direction, 0)


def _change(before: dict[tuple[str, str], HistoryRow], now: _Now) -> Change | None:
    was = before.get((now.level, key_of(now.id)))
    if was is None:
        silent = now.status == "no_data" and not now.score  # a 0 that only says what silence counts as
        return _told("new", now, None) if now.score is not None and not silent else None
    if now.status in _REACHED and was.status not in _REACHED:
        return _told("done", now, was)
    turn = _turn(was, now)
    return _told("up" if turn > 0 else "down", now, was) if turn else None


def _turn(was: HistoryRow, now: _Now) -> int:
    """1 for the better, -1 for the worse, 0 for no noticeable move. The status goes before the figure."""
    if was.status != now.status and not {was.status, now.status} & set(SILENT):
        return 1 if _RANK[now.status] < _RANK[was.status] else -1
    if was.score is None or now.score is None:
        return 0
    move = now.score - was.score
    least = NOTICEABLE * (abs(was.score) if now.level == "kpi" else 1)
    return 0 if abs(move) < least or move == 0 else now.better * (1 if move > 0 else -1)


def _told(what: What, now: _Now, was: HistoryRow | None) -> Change:
    return Change(what, now.level, now.id, was.score if was else None, now.score, was.status if was else "", now.status)


def _without_echoes(changes: Sequence[Change], scores: Scores) -> list[Change]:
    """The changes without those of a company or team whose only objective changed in the very same way."""
    groups = [("company", scores.company), *(("team", team) for team in scores.teams)]
    only = {(level, key_of(one.name)): key_of(one.counted[0]) for level, one in groups if len(one.counted) == 1}
    told = {key_of(one.id): _move(one) for one in changes if one.level == "objective"}
    return [one for one in changes if told.get(only.get((one.level, key_of(one.id)), "")) != _move(one)]


def _move(change: Change) -> tuple[object, ...]:
    return (change.what, change.was, change.now, change.status_was, change.status_now)


def _size(change: Change) -> float:
    """How far it moved, as a share, so that scores and KPI values can be told in one order."""
    if change.was is None or change.now is None:
        return 0.0
    scale = abs(change.was) if change.level == "kpi" else 1.0
    return abs(change.now - change.was) / scale if scale else 1.0
