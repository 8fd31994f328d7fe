"""Where a person stands in a planner's tables, who that is, and what to write so that they do not any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from okr_workbook.domain.person import Person
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.mail.addresses import parse_addresses
from okr_workbook.tables.cell_values import as_text
from okr_workbook.tables.columns import Columns
from okr_workbook.tables.grid import Changes, Grid, Place, TableChange, Value
from okr_workbook.tables.parsing import Parsed
from okr_workbook.tables.schema import TABLES

_MEMBERS = ("members", "member")
PERSON_FIELDS = (
    *((table.id, field.id) for table in TABLES for field in table.fields if _MEMBERS in field.refers),
    ("kpis", "source"),
    ("measures", "source"),
    ("check_ins", "author"),
    *(("conflicts", field) for field in ("ours", "ours_by", "theirs", "theirs_by")),
)
"""Fields that hold one person's name and nothing else, or may do so."""
ADDRESS_FIELDS = {"teams": ("email", "cc"), "settings": ("value",)}
"""Fields that hold mail addresses, or may do so."""


def person_named(given: str, planner: Planner, earlier: Sequence[Planner] = ()) -> Person:
    """The person of that name or address, as the planner knows or, in `earlier` states, knew them, the newest first.

    An address that another member has by now is not the person's any more.
    """
    name = next((found for one in (planner, *earlier) if (found := _name_in(one, given))), given)
    key = key_of(name)
    before = {address for one in earlier for address in _addresses_of(one, key)}
    others = {one for row in planner.members if key_of(row.member) != key for one in _addresses_in(row.email)}
    return Person(name, {*_addresses_in(given), *_addresses_of(planner, key), *(before - others)})


def changes_without(who: Person, grids: dict[str, Grid], parsed: Parsed) -> Changes:
    """What to write so that the person is gone. Formulas are left: what they show is gone with what they read."""
    traces = _Traces(who, grids, parsed)
    return Changes(tuple(change for name in grids if (change := traces.change(name)).cells))


class _Traces:
    """Where a person stands in the tables."""

    def __init__(self, who: Person, grids: dict[str, Grid], parsed: Parsed) -> None:
        self._who, self._grids, self._columns, self._planner = who, grids, parsed.columns, parsed.planner

    def change(self, name: str) -> TableChange:
        """One table without the person."""
        grid, columns = self._grids[name], self._columns[name]
        cells: dict[Place, Value] = {
            (row, column): None
            for row in self._rows_to_empty(name)
            for column, value in enumerate(grid.rows[row])
            if value is not None
        }
        cells |= dict.fromkeys(self._named(grid, columns))
        cells |= self._shorter_addresses(grid, columns)
        return TableChange(name, {place: value for place, value in cells.items() if place not in grid.formulas})

    def _named(self, grid: Grid, columns: Columns) -> Iterator[Place]:
        for table, field in PERSON_FIELDS:
            column = columns.fields.get(field)
            if table != grid.table or column is None:
                continue
            for row, values in enumerate(grid.rows):
                if self._who.key and column < len(values) and key_of(as_text(values[column])) == self._who.key:
                    yield row, column

    def _rows_to_empty(self, table: str) -> list[int]:
        """Rows that are about the person and nothing else."""
        if table == "members":
            return [row.row_number - 1 for row in self._planner.members if key_of(row.member) == self._who.key]
        if table == "history":
            history = self._planner.history
            return [row.row_number - 1 for row in history if row.level == "member" and key_of(row.id) == self._who.key]
        return []

    def _shorter_addresses(self, grid: Grid, columns: Columns) -> dict[Place, Value]:
        """The cells of addresses without the person's; one that cannot be read stays as it is."""
        cells: dict[Place, Value] = {}
        wanted = [columns.fields[one] for one in ADDRESS_FIELDS.get(grid.table, ()) if one in columns.fields]
        for row, values in enumerate(grid.rows):
            for column in wanted:
                read = parse_addresses(as_text(values[column]))
                kept = [one for one in read.mailboxes if one.address.casefold() not in self._who.addresses]
                if not read.faults and len(kept) < len(read.mailboxes):
                    cells[row, column] = "; ".join(str(one.header) for one in kept) or None
        return cells


def _name_in(planner: Planner, given: str) -> str:
    """The name of whoever has this address, or the name as the planner writes it; "" where it knows neither."""
    wanted, key = _addresses_in(given), key_of(given)
    return next(
        (row.member for row in planner.members if key_of(row.member) == key or wanted & _addresses_in(row.email)), ""
    )


def _addresses_of(planner: Planner, key: str) -> Iterator[str]:
    """A person's addresses: those of their row, and those that stand beside their name for teams and in the settings."""
    for row in planner.members:
        if key_of(row.member) == key:
            yield from _addresses_in(row.email)
    of_teams = (text for team in planner.teams for text in (team.email, team.cc))
    for text in (planner.settings.mail_from, planner.settings.mail_reply_to, *of_teams):
        yield from (one.address.casefold() for one in parse_addresses(text).mailboxes if key_of(one.name) == key)


def _addresses_in(text: str) -> set[str]:
    return {one.address.casefold() for one in parse_addresses(text).mailboxes}
