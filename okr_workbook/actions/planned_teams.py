"""The teams of a planner and the plan of each, from any book; and their workbooks in memory, where a host has no folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_STORED, ZipFile

from okr_workbook.actions.reading import read_whole_planner, scored
from okr_workbook.books.files.file_names import file_name, unique_file_names
from okr_workbook.books.team_book import make_team_book
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.domain.results import Scores
from okr_workbook.domain.scoring import score_series
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.domain.team_plan import TeamPlan
from okr_workbook.errors import UsageError
from okr_workbook.tables.grid import Book
from okr_workbook.tables.trends import pace_days


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


def planned_teams(book: Book, *, today: date, teams: Sequence[str] = ()) -> PlannedTeams:
    """Every team's plan, or those of some `teams`, with what was typed since the last refresh.

    UsageError where there is no team, or none of such a name. The file names are those of all teams together, so that a
    team's workbook keeps its name when it is made alone.
    """
    planner = read_whole_planner(book)[1].planner
    as_of = planner.settings.as_of or today
    names = _team_names(planner)
    plans = plans_on(planner, as_of, _wanted(names, teams)).plans
    files = dict(zip(names, unique_file_names(names, ".xlsx"), strict=True))
    return PlannedTeams(planner.settings.language, as_of, list(plans), files)


class PlansOn(NamedTuple):
    """The plans of some teams on a day, and the planner and the scores they were cut from."""

    planner: Planner
    scores: Scores
    plans: tuple[TeamPlan, ...]


def plans_on(planner: Planner, day: date, teams: Iterable[str]) -> PlansOn:
    """What the workbooks of these teams say on a day; KeyError for a team the planner does not have."""
    planner, scores = scored(planner, day)
    days = pace_days(planner.settings.period_start, planner.settings.period_end, day)
    series = score_series(planner, days, scores.kpis)
    return PlansOn(planner, scores, team_plans(planner, scores, teams, series))


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
    found = [row.team for row in planner.named_teams]
    if not found:
        raise UsageError("no_teams")
    return found


def _wanted(names: Sequence[str], teams: Iterable[str]) -> list[str]:
    """Those of the names that are asked for, in the planner's order; all where none is."""
    wanted, known = {key_of(team): team for team in teams}, set(map(key_of, names))
    for key, team in wanted.items():
        if key not in known:
            raise UsageError("team_unknown", team=team, known=", ".join(names))
    return [name for name in names if not wanted or key_of(name) in wanted]
