"""Everything of `okr mail` before the first message goes: whom to write to, and what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from okr_workbook.actions.books_to_send import BooksFound, BookToSend
from okr_workbook.actions.mail_addresses import AddressBook, Envelope
from okr_workbook.actions.mail_report import LineOutcome
from okr_workbook.actions.planned_teams import plans_on
from okr_workbook.actions.status import TeamStatus
from okr_workbook.books.team_book import make_team_book, says_the_same, was_filled_in
from okr_workbook.domain.changes import changes_since
from okr_workbook.domain.planner import Planner, Team, key_of
from okr_workbook.domain.problems import Problem
from okr_workbook.domain.results import Scores
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.domain.team_plan import TeamPlan
from okr_workbook.errors import UsageError
from okr_workbook.mail.ledger import Entry, MessageKind, State
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
    """A message that may go, and how the ledger names it.

    `plan` is the team's on the day of its book; `has_news` where a value came in after that day, `answered` where the
    team has sent this book back.
    """

    entry: Entry
    message: Message
    book: BookToSend
    plan: TeamPlan
    has_news: bool
    answered: bool

    def why_held(self) -> LineOutcome | None:
        """Why the book must not go as it is: somebody typed into it, or it is not what the planner says by now.

        A book that came back has gone out before, and its answers are why it differs.
        """
        content = self.message.attachment.content
        filled_in = was_filled_in(content)
        if not filled_in and not self.has_news and says_the_same(content, self._made_again()):
            return None
        return "already_sent" if self.answered else "filled_in" if filled_in else "outdated"

    def _made_again(self) -> bytes:
        """What the book would be now: a team's figures hang on other teams' rows and on settings, too."""
        return make_team_book(self.plan, revision=self.entry.revision)


class Prepared(NamedTuple):
    """Everything of a run before the first message goes. `order`: each team, and why nothing goes to it."""

    order: tuple[tuple[str, LineOutcome | None], ...]
    ready: dict[str, Ready]
    problems: tuple[Problem, ...]


class Preparation:
    """Writes and checks every message of a run. `today`: the planner with what was typed, and its scores as of now."""

    def __init__(
        self, planner: Planner, today: tuple[Planner, Scores], found: BooksFound, wanted: Wanted, now: datetime
    ) -> None:
        self._planner, self._today = planner, today
        self._books, self._wanted, self._now = found.by_team, wanted, now

    def prepare(self, statuses: Sequence[TeamStatus], *, needs_sender: bool) -> Prepared:
        """Every message that may go, and what is wrong with addresses. UsageError for a team nobody knows."""
        rows = self._teams()
        addresses = AddressBook(self._planner.settings, needs_sender=needs_sender)
        standing = {key_of(one.team): one for one in statuses}
        envelopes = {row.team: addresses.envelope(row) for row in rows}
        order = tuple((row.team, self._why_not(envelopes[row.team], standing[key_of(row.team)])) for row in rows)
        ready = {
            plan.team: self._ready(plan, has_news, letter, addresses, envelopes[plan.team], standing[key_of(plan.team)])
            for plan, has_news, letter in self._letters([standing[key_of(team)] for team, why in order if why is None])
        }
        return Prepared(order, ready, tuple(addresses.problems))

    def _teams(self) -> list[Team]:
        """The teams to write to, each once, in the order of the planner."""
        rows = {key_of(row.team): row for row in self._planner.named_teams}
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

    def _letters(self, standings: Sequence[TeamStatus]) -> Iterator[tuple[TeamPlan, bool, Letter]]:
        """Each team's plan and letter, as of the day its book was made for, so that it says what the book shows; and
        whether a value came in since that day.
        """
        by_day: dict[date, dict[str, Asked]] = {}
        until = self._now.date() + timedelta(days=self._planner.settings.reply_within_days)
        for one in standings:
            day = self._books[key_of(one.team)].stamp.as_of
            by_day.setdefault(day, {})[one.team] = Asked(until, one.sent_on if self._wanted.remind else None)
        for day, asked in by_day.items():
            planner, scores, plans = plans_on(self._planner, day, asked)
            news = changes_since(planner, scores)
            for plan, now in zip(plans, team_plans(*self._today, asked), strict=True):
                yield plan, _values(plan) != _values(now), write_letter(plan, asked[plan.team], news)

    def _ready(
        self,
        plan: TeamPlan,
        has_news: bool,
        letter: Letter,
        addresses: AddressBook,
        envelope: Envelope,
        standing: TeamStatus,
    ) -> Ready:
        book = self._books[key_of(plan.team)]
        entry = self._entry(plan.team, book.stamp.revision)
        follows = self._send_id(plan.team, standing.revision) if self._wanted.remind and standing.revision else ""
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
            Attachment(book.path.name, book.content),
            letter.language,
            f"{book.path.stem} {entry.day}".strip(),
            message_id(follows, addresses.sender) if follows else "",
        )
        answered = standing.state == "answered" and entry.revision <= (standing.revision or 0)
        return Ready(entry, message, book, plan, has_news, answered)

    def _entry(self, team: str, revision: int) -> Entry:
        remind = self._wanted.remind
        day = self._now.date().isoformat() if remind else ""
        kind: MessageKind = "reminder" if remind else "book"
        return Entry(self._send_id(team, revision, day), kind, team, self._planner.settings.period, revision, day)

    def _send_id(self, team: str, revision: int, day: str = "") -> str:
        settings = self._planner.settings
        return send_id(key_of(settings.company), key_of(settings.period), key_of(team), str(revision), day)


def _values(plan: TeamPlan) -> list[tuple[str, float | None]]:
    """The values in force. Without a new one they stay as they are, while what is expected moves on with the days."""
    return [(one.row.id, one.got.value) for one in plan.key_results] + [
        (one.row.id, one.got.value) for one in plan.kpis
    ]
