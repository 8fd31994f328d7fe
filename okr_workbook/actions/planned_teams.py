"""The teams of a planner and the plan of each, from any book; and their workbooks in memory, where a host has no folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_STORED, ZipFile

from okr_workbook.actions.reading import read_whole_planner, scored
from okr_workbook.books.file_names import file_name, unique_file_names
from okr_workbook.books.team_book import make_team_book
from okr_workbook.domain.planner import Planner, Settings, key_of
from okr_workbook.domain.scoring import score_series
from okr_workbook.domain.team_plan import TeamPlan, team_plans
from okr_workbook.errors import UsageError
from okr_workbook.tables.grid import Book


class PlannedTeams(NamedTuple):
    """The plans of the teams that were asked for. `files` is the file name of every team's workbook, by team."""

    language: str
    as_of: date
    plans: list[TeamPlan]
    files: dict[str, str]


class BooksInMemory(NamedTuple):
    """The teams' workbooks as bytes, by file name."""

    language: str
    contents: dict[str, bytes]


def planned_teams(book: Book, *, today: date, team: str | None = None) -> PlannedTeams:
    """Every team's plan, or that of one team, with what was typed since the last refresh.

    UsageError where there is no team, or none of that name. The file names are those of all teams together, so that a
    team's workbook keeps its name when it is made alone.
    """
    planner = read_whole_planner(book)[1].planner
    planner, scores = scored(planner, planner.settings.as_of or today)
    names = _team_names(planner)
    series = score_series(planner, pace_days(planner.settings, scores.as_of), scores.kpis)
    plans = team_plans(planner, scores, _wanted(names, team), series)
    files = dict(zip(names, unique_file_names(names, ".xlsx"), strict=True))
    return PlannedTeams(planner.settings.language, scores.as_of, list(plans), files)


def books_in_memory(
    book: Book, *, today: date, now: datetime, progress: Callable[[int, int], None] | None = None
) -> BooksInMemory:
    """A workbook for each team. The moment is their revision: without a ledger no other is known."""
    planned = planned_teams(book, today=today)
    contents: dict[str, bytes] = {}
    for number, plan in enumerate(planned.plans, 1):
        contents[planned.files[plan.team]] = make_team_book(plan, revision=int(now.timestamp()))
        if progress is not None:
            progress(number, len(planned.plans))
    return BooksInMemory(planned.language, contents)


def packed(contents: Mapping[str, bytes], name: str) -> tuple[str, bytes]:
    """One file of these, to hand over at once: its name and content. A single file stays as it is."""
    if len(contents) == 1:
        ((only, content),) = contents.items()
        return only, content
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as files:  # workbooks are packed already
        for one, content in contents.items():
            files.writestr(one, content)
    return file_name(name, ".zip"), archive.getvalue()


def _team_names(planner: Planner) -> list[str]:
    """The teams in the planner's order, each once; UsageError where there is none."""
    names = {key_of(row.team): row.team for row in reversed(planner.teams) if row.team}
    found = [names[key] for key in dict.fromkeys(key_of(row.team) for row in planner.teams if row.team)]
    if not found:
        raise UsageError("no_teams")
    return found


def _wanted(names: Sequence[str], team: str | None) -> list[str]:
    if team is None:
        return list(names)
    found = [name for name in names if key_of(name) == key_of(team)]
    if not found:
        raise UsageError("team_unknown", team=team, known=", ".join(names))
    return found


def pace_days(settings: Settings, as_of: date) -> list[date]:
    """The days of the pace chart: every week of the period, its last day and the as-of day."""
    first, last = settings.period_start, settings.period_end
    if first is None or last is None or last < first:
        return []
    step = max(7, (last - first).days // 60)  # a longer period gets longer steps, not more of them
    days = {first + timedelta(days=days) for days in range(0, (last - first).days, step)} | {last}
    if first <= as_of <= last:
        days.add(as_of)
    return sorted(days)
