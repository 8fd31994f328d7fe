"""Who was sent what and when, who has answered, what is stale and what is missing: `okr status`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from okr_workbook.actions.reading import read_planner, scored
from okr_workbook.books.file_book import FileBook
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.domain.results import Scores
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.domain.team_plan import TeamKeyResult, TeamPlan
from okr_workbook.mail.ledger import BookMade, BookReturned, Ledger, Sending, State, ledger_path

BookState = Literal["prepared", "draft", "sent", "partly_sent", "deferred", "refused", "unknown"]
"""What became of a message at all its addresses."""

TeamState = Literal[
    "no_book", "made", "prepared", "draft", "sent", "partly_sent", "deferred", "refused", "unknown", "answered"
]


_NOT_LEFT: tuple[State, ...] = ("prepared", "deferred", "refused")


class TeamStatus(NamedTuple):
    """Where one team stands with its book of this period.

    `revision` is that of the newest book that was sent, else that came back, else that was made. `sent_on` is when it left
    (a draft: when it was written); `due_on` the day that the last message, a reminder too, asks an answer by.
    `stale_since`: since when the team's oldest value has been too old. `missing`: ids of key results the team gives no
    reading for since `sent_on` (before: that never had one; once it has answered: since the day of the book's figures,
    which its answer bears as well), then of measures whose figure of a month that is over is due.
    """

    team: str
    lead: str
    state: TeamState
    revision: int | None = None
    sent_on: date | None = None
    reminded_on: date | None = None
    due_on: date | None = None
    answered_on: date | None = None
    stale_since: date | None = None
    missing: tuple[str, ...] = ()

    @property
    def owes_answer(self) -> bool:
        """True where a book went out, or may have, and nothing came back."""
        return self.state in ("sent", "partly_sent", "draft", "unknown")

    def is_overdue(self, today: date) -> bool:
        """True where an answer was expected before today."""
        return self.owes_answer and self.due_on is not None and self.due_on < today


class StatusReport(NamedTuple):
    """`okr status`: every team, in the order of the planner."""

    today: date
    language: str
    period: str
    teams: tuple[TeamStatus, ...]


class Known(NamedTuple):
    """What the ledger knows, whole."""

    sendings: Sequence[Sending] = ()
    answers: Sequence[BookReturned] = ()
    books: Sequence[BookMade] = ()


def status(path: str, *, today: date) -> StatusReport:
    """Where each team of the planner stands. Nothing is written; a planner without a ledger has sent nothing."""
    _, parsed = read_planner(FileBook(path))
    planner, scores = scored(parsed.planner, parsed.planner.settings.as_of or today)
    teams = team_statuses(planner, scores, read_ledger(path))
    return StatusReport(today, planner.settings.language, planner.settings.period, teams)


def read_ledger(path: str) -> Known:
    """What the ledger beside a planner knows; nothing where there is none yet."""
    place = ledger_path(path)
    if not place.exists():
        return Known()
    with Ledger(place) as ledger:
        return Known(ledger.sendings(), ledger.answers(), ledger.books())


def team_statuses(planner: Planner, scores: Scores, known: Known) -> tuple[TeamStatus, ...]:
    """The status of every team, from the plan and the ledger. Teams without a name are left out, repeats too."""
    known_of = _by_team(known, planner.settings.period)
    return tuple(
        _status_of(plan, planner, known_of.get(key_of(plan.team), Known()))
        for plan in team_plans(planner, scores, [row.team for row in planner.named_teams])
    )


def _by_team(known: Known, period: str) -> dict[str, Known]:
    """What the ledger knows of one period, by the key of the team's name; the ledger is walked once for all teams."""
    found: dict[str, tuple[list[Sending], list[BookReturned], list[BookMade]]] = {}

    def of(team: str) -> tuple[list[Sending], list[BookReturned], list[BookMade]]:
        return found.setdefault(key_of(team), ([], [], []))

    for sending in known.sendings:
        if key_of(sending.entry.period) == key_of(period):
            of(sending.entry.team)[0].append(sending)
    for answer in known.answers:
        if key_of(answer.period) == key_of(period):
            of(answer.team)[1].append(answer)
    for book in known.books:
        if key_of(book.period) == key_of(period):
            of(book.team)[2].append(book)
    return {team: Known(*lists) for team, lists in found.items()}


def _status_of(plan: TeamPlan, planner: Planner, known: Known) -> TeamStatus:
    """The status of one team; `known` is what the ledger knows of it in this period."""
    settings, sendings, answers = planner.settings, known.sendings, known.answers
    books = [one for one in sendings if one.entry.kind == "book"]
    revisions = [one.entry.revision for one in books]
    came_back = [one.revision for one in answers]  # not by mail, then: it was handed over
    made = [one.revision for one in known.books]
    revision = max(revisions or came_back or made, default=None)
    latest = [one for one in books if one.entry.revision == revision]
    answer = min((one.at for one in answers if revision is None or one.revision >= revision), default=None)
    left = [one.at for one in latest if one.state not in _NOT_LEFT]
    reminded = [one.at for one in sendings if one.entry.kind == "reminder" and one.state not in _NOT_LEFT]
    as_of = next((one.as_of for one in known.books if answer and one.revision == revision), None)
    sent_on, asked_on = _day(min(left, default=None)), _day(max(left + reminded, default=None))
    return TeamStatus(
        plan.team,
        plan.lead,
        "answered" if answer else book_state([one.state for one in latest]) or ("made" if made else "no_book"),
        revision,
        sent_on,
        _day(max(reminded, default=None)),
        asked_on + timedelta(days=settings.reply_within_days) if asked_on else None,
        _day(answer),
        _stale_since(plan.key_results, settings.stale_after_days),
        (
            *(one.row.id for one in plan.key_results if _is_missing(one, as_of or sent_on)),
            *(one.row.measure for one in plan.measures if one.owed),
        ),
    )


def book_state(states: Iterable[State]) -> BookState | None:
    """One word for what became of a message at its addresses; None where it has none."""
    found = set(states)
    if "sent" in found:
        return "sent" if found == {"sent"} else "partly_sent"
    order: tuple[tuple[State, BookState], ...] = (
        ("sending", "unknown"), ("unknown", "unknown"), ("draft", "draft"), ("deferred", "deferred"),
        ("prepared", "prepared"), ("refused", "refused"),
    )  # fmt: skip
    return next((word for state, word in order if state in found), None)


def _is_missing(one: TeamKeyResult, since: date | None) -> bool:
    """True for a key result under way that the team gives the values of, without one since that day."""
    if one.fed or one.got.status in ("done", "not_started"):
        return False
    updated = one.got.updated_on
    return updated is None or (since is not None and updated < since)


def _stale_since(key_results: Iterable[TeamKeyResult], stale_after_days: int) -> date | None:
    days = [one.got.updated_on for one in key_results if one.got.stale and one.got.updated_on]
    return min(days) + timedelta(days=stale_after_days) if days else None


def _day(moment: datetime | None) -> date | None:
    """The day of a moment where the reader is."""
    return moment.astimezone().date() if moment else None


def status_json(report: StatusReport) -> dict[str, Any]:
    """The report as JSON: dates as ISO text, None as null."""
    return {
        "today": report.today.isoformat(),
        "period": report.period,
        "teams": [_team_json(one, report.today) for one in report.teams],
    }


def _team_json(one: TeamStatus, today: date) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in one._asdict().items()
    }
    found["missing"] = list(one.missing)
    return {**found, "lead": one.lead or None, "owes_answer": one.owes_answer, "overdue": one.is_overdue(today)}
