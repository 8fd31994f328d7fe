"""Forget a person: `okr forget`. Takes a name out of the planner, its backups, its journal and the mail ledger.

What the person did stays, without the person: values keep their day, actions and key results wait for a new owner. What
stands in sentences people wrote is not rewritten but named, so that somebody can.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from okr_workbook.actions.person_beside import places_beside
from okr_workbook.actions.reading import read_whole_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books import journal, live_undo, saving
from okr_workbook.books.backups import backups_of
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.lock import locked
from okr_workbook.books.shared_strings import places_of, without_traces
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.errors import UsageError
from okr_workbook.mail.addresses import parse_addresses
from okr_workbook.mail.ledger import Ledger, ledger_path
from okr_workbook.tables.cell_values import as_text
from okr_workbook.tables.columns import Columns
from okr_workbook.tables.grid import Changes, Grid, Place, TableChange, Value
from okr_workbook.tables.parsing import Parsed
from okr_workbook.tables.schema import TABLES

_MEMBERS = ("members", "member")
PERSON_FIELDS = (
    *((table.id, field.id) for table in TABLES for field in table.fields if _MEMBERS in field.refers),
    ("check_ins", "author"),
    ("conflicts", "ours_by"),
    ("conflicts", "theirs_by"),
)
"""Fields that hold one person's name and nothing else."""


class ForgetReport(NamedTuple):
    """What was, or with `dry_run` would be, removed: cells of the planner, backups, sendings in the ledger.

    `left`: tabs and parts in which the name still stands, in sentences people wrote. `beside`: folders beside the planner,
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
    path: str, person: str, *, today: date, dry_run: bool = False, buttons_folder: str | None = None
) -> ForgetReport:
    """Remove a person, named as in the planner or by mail address, and refresh the planner.

    It cannot be undone: the backups and the journal of changes go as well, and what this user's buttons remember of any
    workbook in which the person stands (`buttons_folder`, by default where they keep it). UsageError for somebody who is nowhere.
    Run again after a crash, it finishes what was begun.
    """
    book = FileBook(path, keep_history=False)
    grids, parsed = read_whole_planner(book)
    traces = _Traces(grids, parsed, person)
    changes = traces.changes()
    cells = sum(len(change.cells) for change in changes.tables)
    backups = backups_of(book.path)
    sendings = _sendings(book.path, traces.addresses)
    if not (cells or sendings or places_of(saving.read_file(book.path), traces.name)):
        raise UsageError("person_unknown", person=person)
    beside = places_beside(book.path, (traces.name, *traces.addresses))
    language = parsed.planner.settings.language
    report = ForgetReport(language, traces.name, cells, len(backups), sendings, beside=beside)
    if dry_run:
        return report
    if sendings:
        with Ledger(ledger_path(book.path)) as ledger:
            for address in traces.addresses:
                ledger.forget_address(address)
    book.write(changes, command="forget")
    refresh_book(FileBook(path, keep_history=False), today=today)
    left = _scrubbed(book.path, traces.name, book.notices)
    journal.keep(book.path, [])
    for name in backups:
        saving.remove(os.path.join(os.path.dirname(book.path), saving.FOLDER, name))
    live_undo.forget_naming((traces.name, *traces.addresses), buttons_folder)
    return report._replace(left=left, notices=tuple(book.notices))


def _scrubbed(path: str, name: str, notices: list[str]) -> tuple[str, ...]:
    """Rewrite the file without what no cell shows any more; where the name still stands."""
    with locked(path, notices=notices):
        before = saving.read_file(path)
        after = without_traces(before, name)
        saving.replace(path, after, before, on_ready=lambda: None)
    return tuple(places_of(after, name))


def _sendings(path: str, addresses: frozenset[str]) -> int:
    place = ledger_path(path)
    if not place.exists():
        return 0
    with Ledger(place) as ledger:
        return sum(one.address.casefold() in addresses for one in ledger.sendings())


class _Traces:
    """Where a person stands in the tables."""

    def __init__(self, grids: dict[str, Grid], parsed: Parsed, person: str) -> None:
        self._grids, self._columns, self._planner = grids, parsed.columns, parsed.planner
        self.name = _name_of(parsed.planner, person)
        self._key = key_of(self.name)
        self.addresses = frozenset(_addresses_of(parsed.planner, person, self._key))

    def changes(self) -> Changes:
        """What to write so that the person is gone. Formulas are left: what they show is gone with what they read."""
        return Changes(tuple(change for name in self._grids if (change := self._change(name)).cells))

    def _change(self, name: str) -> TableChange:
        grid, columns = self._grids[name], self._columns[name]
        cells: dict[Place, Value] = {
            (row, column): None
            for row in self._rows_to_empty(name)
            for column, value in enumerate(grid.rows[row])
            if value is not None
        }
        cells |= dict.fromkeys(self._named(grid, columns))
        if name == "teams":
            cells |= self._shorter_addresses(grid, columns)
        return TableChange(name, {place: value for place, value in cells.items() if place not in grid.formulas})

    def _named(self, grid: Grid, columns: Columns) -> Iterator[Place]:
        for table, field in PERSON_FIELDS:
            column = columns.fields.get(field)
            if table != grid.table or column is None:
                continue
            for row, values in enumerate(grid.rows):
                if self._key and column < len(values) and key_of(as_text(values[column])) == self._key:
                    yield row, column

    def _rows_to_empty(self, table: str) -> list[int]:
        """Rows that are about the person and nothing else."""
        if table == "members":
            return [row.row_number - 1 for row in self._planner.members if key_of(row.member) == self._key]
        if table == "history":
            history = self._planner.history
            return [row.row_number - 1 for row in history if row.level == "member" and key_of(row.id) == self._key]
        return []

    def _shorter_addresses(self, grid: Grid, columns: Columns) -> dict[Place, Value]:
        """The teams' address cells without the person's; one that cannot be read stays as it is."""
        cells: dict[Place, Value] = {}
        wanted = [columns.fields[field] for field in ("email", "cc") if field in columns.fields]
        for row, values in enumerate(grid.rows):
            for column in wanted:
                read = parse_addresses(as_text(values[column]))
                kept = [one for one in read.mailboxes if one.address.casefold() not in self.addresses]
                if not read.faults and len(kept) < len(read.mailboxes):
                    cells[row, column] = "; ".join(str(one.header) for one in kept) or None
        return cells


def _name_of(planner: Planner, person: str) -> str:
    """The name of whoever has this address; the name itself where it is one."""
    if "@" not in person:
        return person.strip()
    wanted = {one.address.casefold() for one in parse_addresses(person).mailboxes}
    for row in planner.members:
        if wanted & {one.address.casefold() for one in parse_addresses(row.email).mailboxes}:
            return row.member
    return person.strip()


def _addresses_of(planner: Planner, person: str, key: str) -> Iterator[str]:
    """The person's addresses: those of their row, and those that stand beside their name in the table `teams`."""
    for text in [row.email for row in planner.members if key_of(row.member) == key] + [person]:
        yield from (one.address.casefold() for one in parse_addresses(text).mailboxes)
    for team in planner.teams:
        for one in (*parse_addresses(team.email).mailboxes, *parse_addresses(team.cc).mailboxes):
            if key_of(one.name) == key:
                yield one.address.casefold()
