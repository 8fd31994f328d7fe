"""Forget a person: `okr forget`. Takes a name out of the planner and out of all that is kept beside it.

What the person did stays, without the person: values keep their day, actions and key results wait for a new owner. What
stands in sentences people wrote is not rewritten but named, so that somebody can.

The planner is written first, in one piece; then goes what is kept of it, the backups last: from them a run that comes
after one that was broken off knows whom to look for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import NamedTuple

from okr_workbook.actions.person_beside import places_beside
from okr_workbook.actions.person_in_tables import changes_without, person_named
from okr_workbook.actions.reading import read_whole_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.side_files import SideFile, side_files
from okr_workbook.books import gate
from okr_workbook.books.draft_book import DraftBook
from okr_workbook.books.files import journal, saving
from okr_workbook.books.files.backups import Retention, backup_path, backups_of, keep_backup
from okr_workbook.books.files.lock import locked
from okr_workbook.books.live import undo as live_undo
from okr_workbook.books.told_answers import read_told, without_person, write_told
from okr_workbook.books.traces import is_in_workbook, places_of, without_traces
from okr_workbook.domain.person import Person
from okr_workbook.domain.planner import Planner
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import labels_for
from okr_workbook.mail.ledger import Ledger, ledger_path
from okr_workbook.mail.sole_run import sole_run
from okr_workbook.tables.grid import Changes, Grid
from okr_workbook.tables.parsing import Parsed, parse_planner


class ForgetReport(NamedTuple):
    """What was, or with `dry_run` would be, removed: cells of the planner, backups, entries of the ledger.

    `left`: tabs and parts in which the person still stands, in sentences people wrote. `beside`: folders beside the planner,
    and files in its own, that hold the person still. `notices` are codes of what was cleared away of a run that was
    broken off.
    """

    language: str
    person: str
    cells: int
    backups: int
    sendings: int
    left: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def forget(
    path: str,
    person: str,
    *,
    today: date,
    dry_run: bool = False,
    anyway: bool = False,
    buttons_folder: str | None = None,
) -> ForgetReport:
    """Remove a person, named as in the planner or by mail address, and refresh the planner.

    It cannot be undone: the backups and the journal of changes go as well, and what this user's buttons remember of any
    workbook in which the person stands (`buttons_folder`, by default where they keep it). UsageError for somebody who is
    nowhere, and, but `anyway`, for what is nobody's name and only stands in texts: a word of these would cost all backups.
    Run again after a crash, it finishes what was begun.
    """
    place = os.path.realpath(path)
    with gate.naming(path):
        book = DraftBook(saving.read_file(place), os.path.basename(place))
    grids, parsed = read_whole_planner(book)
    earlier = list(_earlier(place))
    who = person_named(person, parsed.planner, [one.planner for _, one in earlier])
    kept = _Kept(place, who, buttons_folder)
    changes = changes_without(who, grids, parsed)
    with gate.naming(path):
        is_there = bool(changes.tables) or is_in_workbook(book.content, who)
        if not who.key or not (is_there or kept.hold_person()):
            raise UsageError("person_unknown", person=person)
        if not (
            anyway or changes.tables or kept.know_person() or any(changes_without(who, *one).tables for one in earlier)
        ):
            raise _not_a_person(person, who, parsed.planner)
        report = ForgetReport(
            parsed.planner.settings.language,
            who.name,
            cells=sum(len(change.cells) for change in changes.tables),
            backups=len(backups_of(place)),
            sendings=kept.ledger_entries(),
            beside=places_beside(place, who),
        )
        before, notices = book.content, list[str]()
        after = _without(book, changes, who, today=today) if is_there else before
        left = (*places_of(after, who), *([book.name] if who.is_in(book.name) else []))
        if dry_run:
            return report._replace(left=left)
        with locked(place, notices=notices), kept.nobody_sending():
            if after != before:
                saving.replace(place, after, before, on_ready=lambda: kept.back_up(before))
            kept.clear()
    return report._replace(left=left, notices=tuple(notices))


def _not_a_person(given: str, who: Person, planner: Planner) -> UsageError:
    """Why something that only stands in texts is not forgotten; with the members that may have been meant."""
    meant = [row.member for row in planner.members if who.is_in(row.member)]
    if meant:
        return UsageError("person_meant", person=given, meant=", ".join(meant))
    return UsageError("person_only_in_texts", person=given)


def _earlier(path: str) -> Iterator[tuple[dict[str, Grid], Parsed]]:
    """The planner as its backups have it, the newest first."""
    for name in reversed(backups_of(path)):
        try:
            grids = gate.admitted(saving.read_file(backup_path(path, name))).grids
        except OkrError:
            continue  # damaged: it knows nobody, and goes with the others
        yield grids, parse_planner(grids)


def _without(book: DraftBook, changes: Changes, who: Person, *, today: date) -> bytes:
    """The planner without the person: its cells emptied, refreshed, and without what no cell shows any more."""
    book.write(changes, command="forget")
    report = refresh_book(book, today=today)
    somebody = labels_for(report.language).text("messages", "forget.somebody")
    after = without_traces(book.content, who, somebody)
    gate.admitted(after).package.archive.check()
    return after


class _Kept:
    """What is kept of a planner beside it, and by this user's buttons."""

    def __init__(self, path: str, who: Person, buttons_folder: str | None) -> None:
        self._path, self._who, self._buttons = path, who, buttons_folder
        self._ledger = ledger_path(path)

    def hold_person(self) -> bool:
        """True where the person stands in any of it."""
        return any(one.holds(self._who) for one in self._files()) or bool(self._records())

    def know_person(self) -> bool:
        """True where it is about the person by name, and not a text with that word in it."""
        told = read_told(self._path)
        return bool(self.ledger_entries()) or without_person(told, self._who) != told

    def ledger_entries(self) -> int:
        """How many entries of the ledger are about the person."""
        if not self._ledger.exists():
            return 0
        with Ledger(self._ledger) as ledger:
            return ledger.entries_of(self._who)

    def nobody_sending(self) -> AbstractContextManager[None]:
        """Inside, no run enters the person into the ledger anew."""
        return sole_run(self._ledger) if self._ledger.exists() else nullcontext()

    def back_up(self, content: bytes) -> None:
        """Keep the planner as it is until all else is cleared: a run that comes after this one then knows the person."""
        every = Retention(1 + len(backups_of(self._path)))
        keep_backup(self._path, content, datetime.now(), every)  # noqa: DTZ005  (as in all their names)

    def clear(self) -> None:
        """Remove the person from all of it; the backups and the journal, which are about everything, as a whole."""
        for record in self._records():
            saving.remove(record)
        if self.ledger_entries():
            with Ledger(self._ledger) as ledger:
                ledger.forget_person(self._who)
        told = read_told(self._path)
        if (others := without_person(told, self._who)) != told:
            write_told(self._path, others)
        if journal.lines(self._path):
            journal.keep(self._path, [])
        for kind in ("unfinished", "backup"):
            for file in self._files():
                if file.kind == kind:
                    saving.remove(file.path)

    def _files(self) -> Iterator[SideFile]:
        folder, name = os.path.split(self._path)
        return (one for one in side_files(folder) if one.planner == name)

    def _records(self) -> list[str]:
        return live_undo.records_naming(self._who, self._buttons)
