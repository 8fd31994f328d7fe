"""Everything of `okr mail` before the first message goes: whom to write to, and what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from okr_workbook.actions.books_to_send import BooksFound, BookToSend
from okr_workbook.actions.mail_addresses import AddressBook, Envelope
from okr_workbook.actions.mail_report import LineOutcome
from okr_workbook.actions.reading import scored
from okr_workbook.actions.status import TeamStatus
from okr_workbook.domain.changes import changes_since
from okr_workbook.domain.planner import Planner, Team, key_of
from okr_workbook.domain.problems import Problem
from okr_workbook.domain.team_plan import team_plans
from okr_workbook.errors import UsageError
from okr_workbook.mail.ledger import Entry, State
from okr_workbook.mail.letter import Asked, Letter, write_letter
from okr_workbook.mail.message import Attachment, Message, message_id, send_id
from okr_workbook.mail.rendering import render_html, render_text


class Wanted(NamedTuple):
    """What to send. `teams` empty: all of them. `remind`: only to teams that owe an answer, and it says so.

    `resend`: states a person has decided to try again, of `unknown` and `refused`.
    """

    teams: tuple[str, ...] = ()
    remind: bool = False
    dry_run: bool = False
    resend: tuple[State, ...] = ()


class Ready(NamedTuple):
    """A message that may go, and how the ledger names it."""

    entry: Entry
    message: Message
    book: BookToSend


class Prepared(NamedTuple):
    """Everything of a run before the first message goes. `order`: each team, and why nothing goes to it."""

    order: tuple[tuple[str, LineOutcome | None], ...]
    ready: dict[str, Ready]
    problems: tuple[Problem, ...]


class Preparation:
    """Writes and checks every message of a run."""

    def __init__(self, planner: Planner, found: BooksFound, wanted: Wanted, now: datetime) -> None:
        self._planner, self._books, self._wanted, self._now = planner, found.by_team, wanted, now

    def prepare(self, statuses: Sequence[TeamStatus], *, needs_sender: bool) -> Prepared:
        """Every message that may go, and what is wrong with addresses. UsageError for a team nobody knows."""
        rows = self._teams()
        addresses = AddressBook(self._planner.settings, needs_sender=needs_sender)
        standing = {key_of(one.team): one for one in statuses}
        envelopes = {row.team: addresses.envelope(row) for row in rows}
        order = tuple((row.team, self._why_not(envelopes[row.team], standing[key_of(row.team)])) for row in rows)
        letters = self._letters([standing[key_of(team)] for team, why in order if why is None])
        ready = {team: self._message(team, letter, addresses, envelopes[team]) for team, letter in letters.items()}
        return Prepared(order, ready, tuple(addresses.problems))

    def _teams(self) -> list[Team]:
        """The teams to write to, each once, in the order of the planner."""
        rows: dict[str, Team] = {}
        for row in self._planner.teams:
            if row.team:
                rows.setdefault(key_of(row.team), row)
        for name in self._wanted.teams:
            if key_of(name) not in rows:
                raise UsageError("team_unknown", team=name, known=", ".join(row.team for row in rows.values()))
        only = {key_of(name) for name in self._wanted.teams} or rows.keys()
        return [row for key, row in rows.items() if key in only]

    def _why_not(self, envelope: Envelope, standing: TeamStatus) -> LineOutcome | None:
        if self._wanted.remind and not standing.owes_answer:
            return "nothing_owed"
        if key_of(standing.team) not in self._books:
            return "no_book"
        return None if envelope.to else "no_address"

    def _letters(self, standings: Sequence[TeamStatus]) -> dict[str, Letter]:
        """Each team's letter, as of the day its book was made for, so that it says what the book shows."""
        by_day: dict[date, dict[str, Asked]] = {}
        until = self._now.date() + timedelta(days=self._planner.settings.reply_within_days)
        for one in standings:
            day = self._books[key_of(one.team)].stamp.as_of
            by_day.setdefault(day, {})[one.team] = Asked(until, one.sent_on if self._wanted.remind else None)
        letters = {}
        for day, asked in by_day.items():
            planner, scores = scored(self._planner, day)
            news = changes_since(planner, scores)
            for plan in team_plans(planner, scores, asked):
                letters[plan.team] = write_letter(plan, asked[plan.team], news)
        return letters

    def _message(self, team: str, letter: Letter, addresses: AddressBook, envelope: Envelope) -> Ready:
        book = self._books[key_of(team)]
        entry = self._entry(team, book.stamp.revision)
        message = Message(
            message_id(entry.id, addresses.sender),
            self._now,
            addresses.sender,
            addresses.reply_to,
            envelope.to,
            envelope.cc,
            letter.subject,
            render_text(letter),
            render_html(letter),
            Attachment(book.path.name, book.path.read_bytes()),
            letter.language,
            f"{book.path.stem} {entry.day}".strip(),
        )
        return Ready(entry, message, book)

    def _entry(self, team: str, revision: int) -> Entry:
        settings, remind = self._planner.settings, self._wanted.remind
        day = self._now.date().isoformat() if remind else ""
        identifier = send_id(key_of(settings.company), key_of(settings.period), key_of(team), str(revision), day)
        return Entry(identifier, "reminder" if remind else "book", team, settings.period, revision, day)
