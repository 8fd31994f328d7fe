"""Undoing what a command changed, by its entry in the journal.

A cell is remembered by its table, the key of its row and its header, with what it held before and after: it is put back
where it still holds what was written, wherever its row has been sorted to since, and left alone where it does not. A row
without a key, as those of the problems, is put back whole or not at all: the next refresh writes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from math import isclose

from okr_workbook.books.files.saving import Fingerprint
from okr_workbook.books.row_keys import encoded, row_keys
from okr_workbook.books.workbook import Workbook
from okr_workbook.labels import folded
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables import schema
from okr_workbook.tables.grid import BlockChange, CellError, Changes, Formula, Grid, TableChange, Value

if TYPE_CHECKING:
    from typing import Any, TypeAlias

_LAST_DIGITS = 1e-13
Row: TypeAlias = "dict[str, Any]"
"""One row as remembered: its key, which of the rows with this key it is, its number, its cells, whether it is new."""


class JournalEntry(NamedTuple):
    """One command: the file before and after it, the backup of the file before, what it changed."""

    command: str
    at: str
    before: Fingerprint
    after: Fingerprint
    backup: str
    tables: dict[str, list[Row]]
    blocks: dict[str, list[list[Any]]]
    columns: dict[str, list[str]]

    @property
    def cell_count(self) -> int:
        """How many cells it changed."""
        rows = [row for rows in self.tables.values() for row in rows]
        return sum(len(row["cells"]) for row in rows) + sum(len(cells) for cells in self.blocks.values())


class Restoring(NamedTuple):
    """What undoing means for the file as it is now: the changes to make, how many cells, the cells left alone."""

    changes: Changes
    restored: int
    kept: tuple[str, ...]


def entries(written: Iterable[str]) -> list[tuple[str, JournalEntry]]:
    """The entries that can be read, each with its line."""
    found = ((line, _entry(line)) for line in written)
    return [(line, entry) for line, entry in found if entry is not None]


def _entry(line: str) -> JournalEntry | None:
    try:
        entry = JournalEntry(**json.loads(line))
        return entry._replace(before=Fingerprint(*entry.before), after=Fingerprint(*entry.after))
    except (ValueError, TypeError):
        return None


def restoring(book: Workbook, entry: JournalEntry) -> Restoring:
    """What puts back the cells that still hold what the entry's command wrote."""
    restored, kept, tables = 0, [], []
    for table_id, rows in entry.tables.items():
        grid = book.grids.get(table_id)
        if grid is None:
            kept.append(table_id)
            continue
        one = _Table(book, grid)
        for row in rows:
            one.put_back(row)
        tables.append(one.change())
        restored += len(one.cells)
        kept += one.kept
    blocks = [_put_back(book, name, cells, kept) for name, cells in entry.blocks.items()]
    restored += sum(count for _, count in blocks)
    changes = Changes(tuple(tables), tuple(block for block, _ in blocks if block is not None))
    kept += [f"{table}: {header}" for table, headers in entry.columns.items() for header in headers]
    return Restoring(changes, restored, tuple(kept))


class _Table:
    """One table being put back as it was."""

    def __init__(self, book: Workbook, grid: Grid) -> None:
        self.book, self.grid = book, grid
        self.places = {folded(str(header)): place for place, header in enumerate(grid.headers)}
        keys = row_keys(grid.table, grid.headers, grid.rows)
        self.rows = {(key, nth): index for index, (key, nth) in enumerate(keys)}
        self.is_keyed = bool(schema.table(grid.table).key)
        self.cells: dict[tuple[int, int], Value] = {}
        self.emptied: set[int] = set()
        self.kept: list[str] = []

    def put_back(self, row: Row) -> None:
        """Plan one remembered row; what is otherwise now is named in `kept`."""
        index = self.rows.get((tuple(row["key"]), row["nth"]))
        if index is None:
            if self.is_keyed and not schema.table(self.grid.table).computed:
                self.kept.append(self.grid.named(" ".join(row["key"])))
            return
        now = self._now(index)
        held = {name: name in now and _holds(now[name], after) for name, (_, after) in row["cells"].items()}
        if not self.is_keyed and not all(held.values()):
            return
        if row["new"] and any(value is not None and not held.get(name) for name, value in now.items()):
            self.kept.append(self.grid.named(self.grid.address(index, 0)))
            return
        if row["new"]:
            self.emptied.add(index)
        for name, (before, _) in row["cells"].items():
            place = self.places.get(name)
            if place is not None and held[name]:
                self.cells[index, place] = decoded(before)
            else:
                self.kept.append(self.grid.named(self.grid.address(index, place or 0)))

    def change(self) -> TableChange:
        """The change, the table ending above the last rows that were new and are empty now."""
        count = len(self.grid.rows)
        while count > 1 and count - 1 in self.emptied:
            count -= 1
        return TableChange(self.grid.table, self.cells, row_count=count if count < len(self.grid.rows) else None)

    def _now(self, index: int) -> dict[str, Any]:
        """What a row's cells hold, by header."""
        table = self.book.tables[self.grid.table]
        held = self.book.contents(table.sheet.part, self.grid.top + 1 + index)
        return {name: encoded(held.get(self.grid.left + place)) for name, place in self.places.items()}


def _put_back(
    book: Workbook, name: str, cells: Sequence[Sequence[Any]], kept: list[str]
) -> tuple[BlockChange | None, int]:
    """The block with what it held before, where it still holds what was written; how many cells that are."""
    place = book.place(name)
    if place is None:
        return None, 0
    sheet, area = place
    held = [book.contents(sheet.part, row) for row in range(area.top, area.bottom + 1)]
    rows = [[row.get(column) for column in range(area.left, area.right + 1)] for row in held]
    count = 0
    for row, column, before, after in cells:
        if row < len(rows) and column < len(rows[row]) and _holds(encoded(rows[row][column]), after):
            rows[row][column] = decoded(before)
            count += 1
        else:
            kept.append(book.address(sheet.part, (area.top + row, area.left + column)))
    return BlockChange(name, rows), count


def _holds(now: Any, written: Any) -> bool:
    """True where a cell holds what was written. A formula is the same whatever its value has become, and a number
    whatever its last digits: some programs save fifteen of them.
    """
    if isinstance(now, dict) and isinstance(written, dict) and "formula" in now:
        return bool(now["formula"] == written.get("formula"))
    if isinstance(now, int | float) and isinstance(written, int | float):
        return isclose(now, written, rel_tol=_LAST_DIGITS)
    return bool(now == written)


def decoded(value: Any) -> Value:
    """The content a JSON value stands for."""
    if not isinstance(value, dict):
        found: str | float | None = value
        return found
    if "formula" in value:
        inner = decoded(value["value"])
        return Formula(value["formula"], inner if isinstance(inner, str | float | int) else None)
    return CellError(value["error"]) if "error" in value else bool(value["flag"])
