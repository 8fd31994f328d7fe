"""The ledger: what was sent to whom, what became of it, and who has answered. SQLite, beside the planner.

It lives in the hidden folder `.okr` next to the planner and outlives crashes: every step is on disk before the next
one begins, and what was on its way when the machine stopped is `unknown` afterwards, never sent again by itself.
No password and no message text is kept; addresses and servers' replies are, until `forget` removes them.

Whoever makes team books notes each with `Ledger.add_book`; whoever collects answers, each with `Ledger.add_answer` once it
is merged: the same answer twice is one entry.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from okr_workbook.domain.person import Person
from okr_workbook.domain.planner import key_of
from okr_workbook.mail.ledger_file import ENDING, LedgerFile
from okr_workbook.mail.message import one_line
from okr_workbook.mail.transport import Delivery

State = Literal["prepared", "sending", "sent", "draft", "deferred", "refused", "unknown"]
"""Of one message for one address. `sending` is on disk before the message can leave; met at a later start, it means
that the machine stopped in between, and becomes `unknown`."""

OPEN: tuple[State, ...] = ("prepared", "deferred", "draft")
"""Nothing of it has left by our hand: it may be sent."""

MessageKind = Literal["book", "reminder"]

_LONGEST_REPLY = 300
_OF_PERSON = (
    ("recipients", "delete from recipients", "is_theirs(address)"),
    ("recipients", "update recipients set reply = ''", "names_them(reply) and not is_theirs(address)"),
    ("answers", "update or replace answers set book = ''", "names_them(book)"),
    ("books", "update books set book = ''", "names_them(book)"),
)
"""Where a person stands: the table, what is done about it, and in which rows."""


class Entry(NamedTuple):
    """One message as the ledger names it. `day` tells one reminder from the next; a book has none."""

    id: str
    kind: MessageKind
    team: str
    period: str
    revision: int
    day: str = ""


class Sending(NamedTuple):
    """What became of one message for one address, and when (UTC)."""

    entry: Entry
    address: str
    state: State
    transport: str
    reply: str
    at: datetime


class BookReturned(NamedTuple):
    """A returned book. `book` is its file's name, `at` when it was collected."""

    team: str
    period: str
    revision: int
    at: datetime
    book: str


class BookMade(NamedTuple):
    """A team's workbook that was made. `book` is its file's name, `as_of` the day of its figures (None: not noted then)."""

    team: str
    period: str
    revision: int
    at: datetime
    book: str
    as_of: date | None = None


def address_key(address: str) -> str:
    """What an address is known by: upper and lower case are one and the same."""
    return address.casefold()


def ledger_path(planner_path: str | os.PathLike[str]) -> Path:
    """Where a planner's ledger stands."""
    planner = Path(os.path.realpath(planner_path))
    return planner.parent / ".okr" / f"{planner.name}{ENDING}"


class Ledger(LedgerFile):
    """The ledger of one planner, open: used as a context manager."""

    # --- messages ---

    def prepare(self, entry: Entry, addresses: Iterable[str], transport: str, at: datetime) -> None:
        """Enter a message for these addresses. What the ledger knows already stays as it is."""
        with self.writing() as rows:
            rows.execute(
                "insert or ignore into messages values (?, ?, ?, ?, ?, ?, ?)",
                (entry.id, entry.kind, key_of(entry.team), *entry[2:]),
            )
            known = self._states(entry)
            rows.executemany(
                "insert or ignore into recipients values (?, ?, 'prepared', ?, '', ?)",
                [(entry.id, one, transport, _stamp(at)) for one in addresses if address_key(one) not in known],
            )

    def states(self, entry: Entry) -> dict[str, tuple[State, str]]:
        """What became of a message and the reply to it, by the key of the address."""
        with self.telling():
            return self._states(entry)

    def leaving(self, entry: Entry, addresses: Sequence[str], transport: str, at: datetime) -> None:
        """Write down, before it happens, that a message is about to leave for these addresses."""
        self._set(entry, [Delivery(address, "unknown") for address in addresses], transport, at, state="sending")

    def settle(self, entry: Entry, deliveries: Sequence[Delivery], transport: str, at: datetime) -> None:
        """Write down what became of it."""
        self._set(entry, deliveries, transport, at)

    def reopen(self, entry: Entry, states: Sequence[State], at: datetime) -> None:
        """Let a message be sent again to the addresses in one of these states: a person has decided so."""
        with self.writing() as rows:
            marks = ", ".join("?" * len(states))
            rows.execute(
                f"update recipients set state = 'prepared', at = ? where id = ? and state in ({marks})",  # noqa: S608 (question marks only)
                (_stamp(at), entry.id, *states),
            )

    def take_back(self, entry: Entry, at: datetime) -> None:
        """What was about to leave has certainly not left."""
        self.reopen(entry, ["sending"], at)

    def settle_interrupted(self) -> int:
        """After a crash: what was on its way is unknown from now on. How many sendings that were."""
        with self.writing() as rows:
            return rows.execute("update recipients set state = 'unknown' where state = 'sending'").rowcount

    def sendings(self) -> list[Sending]:
        """Every message for every address, oldest first."""
        with self.telling():
            found = self.rows.execute(
                "select id, m.kind, m.team, m.period, m.revision, m.day, address, state, transport, reply, at"
                " from messages m join recipients using (id) order by at, m.rowid, recipients.rowid"
            ).fetchall()
        return [
            Sending(Entry(*row[:6]), address, state, transport, reply, datetime.fromisoformat(at))
            for *row, address, state, transport, reply, at in found
        ]

    # --- books and answers ---

    def add_answer(self, answer: BookReturned) -> None:
        """Note an answer; the same team, revision and book again changes nothing."""
        self._add("answers", answer[:5])

    def add_book(self, book: BookMade) -> None:
        """Note a book that was made; the same revision again changes nothing."""
        self._add("books", book[:5], book.as_of.isoformat() if book.as_of else "")

    def answers(self) -> list[BookReturned]:
        """Every answer, oldest first."""
        return [
            BookReturned(team, period, revision, datetime.fromisoformat(at), book)
            for team, period, revision, at, book in self._all("answers")
        ]

    def books(self) -> list[BookMade]:
        """Every book made, oldest first."""
        return [
            BookMade(team, period, revision, datetime.fromisoformat(at), book, date.fromisoformat(day) if day else None)
            for team, period, revision, at, book, day in self._all("books", "as_of")
        ]

    # --- forgetting ---

    def forget_after(self, days: int | None, now: datetime) -> int:
        """Remove what is settled and older than so many days, as `forget_before` does; nothing for None."""
        longest = now.toordinal() - 2  # no moment is older than the calendar, in any time zone
        return self.forget_before(now - timedelta(days=min(days, longest))) if days else 0

    def forget_before(self, day: datetime) -> int:
        """Remove what is settled and older than that moment; how many messages, answers and books that were.

        What may still be sent stays, and so does the newest message to each team: it tells that a book went out.
        """
        with self.writing() as rows:
            gone = rows.execute(
                "delete from messages where id not in (select id from recipients"
                " where at >= ? or state in ('prepared', 'sending', 'deferred'))"
                " and rowid not in (select max(rowid) from messages where kind = 'book' group by team_key)",
                (_stamp(day),),
            ).rowcount
            for table in ("answers", "books"):
                gone += rows.execute(f"delete from {table} where at < ?", (_stamp(day),)).rowcount  # noqa: S608 (our names)
        return gone

    def entries_of(self, person: Person) -> int:
        """How many entries `forget_person` would change."""
        self._know(person)
        with self.telling():
            return sum(
                self.rows.execute(f"select count(*) from {table} where {theirs}").fetchone()[0]  # noqa: S608 (ours)
                for table, _, theirs in _OF_PERSON
            )

    def forget_person(self, person: Person) -> int:
        """Remove a person's addresses with what was sent to them, and the person from replies and the names of files;
        how many entries that were.
        """
        self._know(person)
        with self.writing() as rows:
            gone = sum(rows.execute(f"{act} where {theirs}").rowcount for _, act, theirs in _OF_PERSON)
            rows.execute("delete from messages where id not in (select id from recipients)")
        with self.telling():
            self.rows.execute("vacuum")  # deleted text would stay in free pages
        return gone

    def _know(self, person: Person) -> None:
        """Have SQLite tell a person from others."""
        addresses = {address_key(one) for one in person.addresses}
        self.rows.create_function("is_theirs", 1, lambda one: address_key(one) in addresses, deterministic=True)
        self.rows.create_function("names_them", 1, person.is_in, deterministic=True)

    # --- rows ---

    def set_up(self) -> None:
        """Have SQLite tell addresses apart as we do; its own `lower` knows ASCII alone."""
        super().set_up()
        self.rows.create_function("address_key", 1, address_key, deterministic=True)

    def _states(self, entry: Entry) -> dict[str, tuple[State, str]]:
        """Of an address that was entered in two spellings, the first counts."""
        found: dict[str, tuple[State, str]] = {}
        for address, state, reply in self.rows.execute(
            "select address, state, reply from recipients where id = ? order by rowid", (entry.id,)
        ):
            found.setdefault(address_key(address), (state, reply))
        return found

    def _set(
        self, entry: Entry, deliveries: Sequence[Delivery], transport: str, at: datetime, state: State | None = None
    ) -> None:
        with self.writing() as rows:
            rows.executemany(
                "update recipients set state = ?, transport = ?, reply = ?, at = ?"
                " where id = ? and address_key(address) = ?",
                [
                    (
                        state or one.outcome,
                        transport,
                        one_line(one.reply)[:_LONGEST_REPLY],
                        _stamp(at),
                        entry.id,
                        address_key(one.address),
                    )
                    for one in deliveries
                ],
            )

    def _add(self, table: str, row: tuple[str, str, int, datetime, str], *more: str) -> None:
        team, period, revision, at, book = row
        cells = (key_of(team), team, period, revision, _stamp(at), book, *more)
        with self.writing() as rows:
            marks = ", ".join("?" * len(cells))
            rows.execute(f"insert or ignore into {table} values ({marks})", cells)  # noqa: S608 (our names)

    def _all(self, table: str, *more: str) -> list[tuple[Any, ...]]:
        columns = ", ".join(("team", "period", "revision", "at", "book", *more))
        with self.telling():
            return self.rows.execute(f"select {columns} from {table} order by at, rowid").fetchall()  # noqa: S608 (our names)


def _stamp(moment: datetime) -> str:
    """A moment as the ledger keeps it: UTC, so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
