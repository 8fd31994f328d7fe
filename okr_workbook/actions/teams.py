"""Teams: one workbook a team, made new from the planner; or one workbook with a sheet a team, for printing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from okr_workbook.actions.planned_teams import planned_teams
from okr_workbook.actions.workers import InLine, Workers
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files.saving import make_output_folder, write_atomically
from okr_workbook.books.team_book import make_team_book, was_filled_in
from okr_workbook.books.team_sheets import make_team_sheets
from okr_workbook.domain.results import GroupScore, known_score
from okr_workbook.errors import OkrError
from okr_workbook.labels import labels_for
from okr_workbook.mail.ledger import BookMade, Ledger, ledger_path
from okr_workbook.mail.sole_run import sole_run

Progress = Callable[[int, int], None]


class MadeBook(NamedTuple):
    """A team's workbook that was made."""

    team: str
    path: str
    revision: int
    score: float | None
    status: str

    @property
    def known_score(self) -> float | None:
        """The score as people are shown it."""
        return known_score(GroupScore(self.team, self.score, status=self.status))


class LeftBook(NamedTuple):
    """A team's workbook that was not made, and why."""

    team: str
    path: str
    error: OkrError


class TeamsReport(NamedTuple):
    """What `okr teams` made. `sheets` is the workbook for printing, "" where books were asked for."""

    language: str
    as_of: date
    books: tuple[MadeBook, ...]
    left: tuple[LeftBook, ...] = ()
    sheets: str = ""


def make_team_books(
    path: str,
    out: str,
    *,
    today: date,
    teams: Sequence[str] = (),
    sheets: bool = False,
    workers: Workers | None = None,
    progress: Progress | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> TeamsReport:
    """One .xlsx a team in the folder `out`, of all teams or of some. The planner is only read.

    A book that somebody filled in and that lies where a new one would go is never written over. With `sheets`, one
    workbook with a sheet a team. UsageError for a team that is not there. The books are made by `workers`, in this
    process where none are given.
    """
    planned = planned_teams(FileBook(path), today=today, teams=teams)
    make_output_folder(out)
    folder, language, plans = Path(out), planned.language, planned.plans
    if sheets:
        target = folder / f"{labels_for(language).text('team_book', 'sheets.teams')}.xlsx"
        _write_new(target, make_team_sheets(plans, labels_for(language)))
        return TeamsReport(language, planned.as_of, (), (), str(target))
    place = ledger_path(path)
    with sole_run(place, "making"), Ledger(place) as ledger:
        revision = _next_revision(ledger, now())
        made: list[MadeBook] = []
        left: list[LeftBook] = []
        contents = (workers or InLine()).results(partial(make_team_book, revision=revision), plans)
        for number, (plan, content) in enumerate(zip(plans, contents, strict=True), 1):
            target = folder / planned.files[plan.team]
            try:
                _write_new(target, content)
            except OkrError as error:
                left.append(LeftBook(plan.team, str(target), error))
            else:
                made.append(MadeBook(plan.team, str(target), revision, plan.got.score, plan.got.status))
                ledger.add_book(BookMade(plan.team, plan.settings.period, revision, now(), target.name, planned.as_of))
            if progress is not None:
                progress(number, len(plans))
    return TeamsReport(language, planned.as_of, tuple(made), tuple(left))


def _write_new(target: Path, content: bytes) -> None:
    """Write a book; OkrError where somebody filled in the one that lies there."""
    if was_filled_in(target):
        raise OkrError("book_filled_in", file=target.name)
    write_atomically(str(target), content)


def _next_revision(ledger: Ledger, now: datetime) -> int:
    """A number higher than any before, even where the clock was set back or the ledger was lost."""
    return max(int(now.timestamp()), 1 + max((book.revision for book in ledger.books()), default=0))


def teams_json(report: TeamsReport) -> dict[str, Any]:
    """The report as JSON."""
    labels = labels_for(report.language)
    return {
        "as_of": report.as_of.isoformat(),
        "books": [one._asdict() for one in report.books],
        "left": [
            {
                "team": one.team,
                "path": one.path,
                "code": one.error.code,
                "message": labels.error(one.error),
            }
            for one in report.left
        ],
        "sheets": report.sheets or None,
    }
