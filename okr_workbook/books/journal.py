"""What writing commands changed, so that the last ones can be undone; in `.okr`, one JSON object a line, oldest first.

A cell is remembered by its table, the key of its row and its header, with what it held before and after: it is put back
where it still holds what was written, wherever its row has been sorted to since, and left alone where it does not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from okr_workbook.books.cell_text import serial_of
from okr_workbook.books.saving import Fingerprint, side_path, write_atomically
from okr_workbook.books.sheet_patcher import CellChange
from okr_workbook.books.workbook import Rewritten, Workbook
from okr_workbook.domain.planner import key_of
from okr_workbook.labels import folded
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables import schema
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import BlockChange, CellError, Changes, Formula, Grid, NotComputed, TableChange, Value

if TYPE_CHECKING:
    from typing import Any, TypeAlias

KEPT = 10
"""How many commands can be undone, one after the other."""

_ENDING = "undo.jsonl"
_AS_IT_IS = (float, int)
_NOTHING = (None, None)  # what a cell held before and after that was not written

Row: TypeAlias = "dict[str, Any]"
"""One row as remembered: its key, which of the rows with this key it is, its number, its cells, whether it is new."""


class Entry(NamedTuple):
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


# --- the journal's file ---


def entries(path: str) -> list[Entry]:
    """The entries of a planner's journal, oldest first. A line that cannot be read is none."""
    found = (_entry(line) for line in lines(path))
    return [entry for entry in found if entry is not None]


def lines(path: str) -> list[str]:
    """The entries as they are written, a line each."""
    try:
        with open(side_path(path, _ENDING), encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def since(moment: datetime | None, written: Sequence[str]) -> list[str]:
    """The lines of entries made at that moment or later; all of them for None."""
    if moment is None:
        return list(written)
    entered = moment.isoformat(timespec="seconds")
    return [line for line in written if (found := _entry(line)) and found.at >= entered]


def line_of(entry: Entry) -> str:
    """An entry as it is written."""
    import json

    return json.dumps(entry._asdict(), ensure_ascii=True, separators=(",", ":"))


def keep(path: str, kept: Sequence[str]) -> None:
    """Write the journal with these lines, the newest ones of them."""
    write_atomically(side_path(path, _ENDING), "".join(f"{line}\n" for line in kept[-KEPT:]).encode())


def _entry(line: str) -> Entry | None:
    import json

    try:
        entry = Entry(**json.loads(line))
        return entry._replace(before=Fingerprint(*entry.before), after=Fingerprint(*entry.after))
    except (ValueError, TypeError):
        return None


# --- what a command changed ---


def recorded(book: Workbook, changes: Changes, rewritten: Rewritten, command: str, at: datetime) -> Entry:
    """The entry of a command that turned `book` into `rewritten`. Its backup is still to be named."""
    tables = {change.table: list(_rows(book, change, rewritten)) for change in changes.tables}
    blocks = {block.name: list(_block(book, block, rewritten)) for block in changes.blocks}
    return Entry(
        command=command,
        at=at.isoformat(timespec="seconds"),
        before=Fingerprint.of(book.content),
        after=Fingerprint.of(rewritten.content),
        backup="",
        tables={table: rows for table, rows in tables.items() if rows},
        blocks={name: cells for name, cells in blocks.items() if cells},
        columns={change.table: list(change.new_headers) for change in changes.tables if change.new_headers},
    )


def _rows(book: Workbook, change: TableChange, rewritten: Rewritten) -> Iterator[Row]:
    """The rows of a table of which cells changed."""
    grid = book.grids[change.table]
    changes = rewritten.cells.get(book.tables[change.table].sheet.part, {})
    headers = [*grid.headers, *change.new_headers]
    names = {column: folded(str(header)) for column, header in enumerate(headers, grid.left)}
    first, last = grid.top + 1, grid.top + max(len(grid.rows), 1 + max((row for row, _ in change.cells), default=-1))
    changed = {
        row - first: {column: cell for column, cell in cells.items() if column in names}
        for row, cells in changes.items()
        if first <= row <= last
    }
    keys = _keys(grid.table, headers, _rows_after(grid, len(headers), changed))
    for index, cells in changed.items():
        if cells:
            pairs = {names[column]: [encoded(cell.before), encoded(cell.after)] for column, cell in cells.items()}
            key, nth = keys[index]
            new = all(before is None for before, _ in pairs.values()) and _is_blank(grid, index)
            yield {"row": index, "key": key, "nth": nth, "new": new, "cells": pairs}


def _rows_after(grid: Grid, width: int, changed: Mapping[int, Mapping[int, CellChange]]) -> list[list[Value]]:
    """The rows of a grid as they are once changed, as far down as the last one that was."""
    blank: list[Value] = [None] * width
    rows = [[*row, *blank[len(row) :]] for row in grid.rows]
    rows += [blank.copy() for _ in range(len(rows), 1 + max(changed, default=-1))]
    for index, cells in changed.items():
        for column, cell in cells.items():
            rows[index][column - grid.left] = cell.after
    return rows


def _is_blank(grid: Grid, index: int) -> bool:
    return index >= len(grid.rows) or all(value in (None, "") for value in grid.rows[index])


def _block(book: Workbook, block: BlockChange, rewritten: Rewritten) -> Iterator[list[Any]]:
    """The cells of a named range that changed: row and column from 0, before, after."""
    place = book.place(block.name)
    if place is None:
        return
    sheet, area = place
    rows = rewritten.cells.get(sheet.part, {})
    for row in range(area.top, area.bottom + 1):
        for column, cell in rows.get(row, {}).items():
            if area.left <= column <= area.right:
                yield [row - area.top, column - area.left, encoded(cell.before), encoded(cell.after)]


def _keys(
    table_id: str, headers: Sequence[Value], rows: Sequence[Sequence[Value]]
) -> list[tuple[tuple[str, ...], int]]:
    """Each row's key, and how many rows above have the same one. Rows that Refresh alone writes go by their number."""
    table = schema.table(table_id)
    if table.computed:
        return [((str(index),), 0) for index in range(len(rows))]
    fields = columns_of(table_id, headers).fields
    places = [fields[field] for field in table.key if field in fields]
    parts = [map(_key_part, [row[place] for row in rows]) for place in places]
    seen: dict[tuple[str, ...], int] = {}
    found = []
    for key in zip(*parts, strict=True) if parts else [()] * len(rows):
        nth = seen.get(key, 0)
        seen[key] = nth + 1
        found.append((key, nth))
    return found


@lru_cache(maxsize=None, typed=True)
def _key_part(value: Value) -> str:
    """What a key's value is compared by. Ids, days and names repeat, so each is reckoned once."""
    return key_of(str(encoded(value) or ""))


# --- undoing ---


def restoring(book: Workbook, entry: Entry) -> Restoring:
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
        keys = _keys(grid.table, grid.headers, grid.rows)
        self.rows = {(key, nth): index for index, (key, nth) in enumerate(keys)}
        self.cells: dict[tuple[int, int], Value] = {}
        self.emptied: set[int] = set()
        self.kept: list[str] = []

    def put_back(self, row: Row) -> None:
        """Plan one remembered row; what is otherwise now is named in `kept`."""
        index = self.rows.get((tuple(row["key"]), row["nth"]))
        if index is None and schema.table(self.grid.table).computed:
            index = row["row"]
        if index is None:
            self.kept.append(f"{self.grid.sheet}!{' '.join(row['key'])}")
            return
        now = self._now(index)
        if row["new"] and any(
            value is not None and not _holds(value, row["cells"].get(name, _NOTHING)[1]) for name, value in now.items()
        ):
            self.kept.append(f"{self.grid.sheet}!{self.grid.address(index, 0)}")
            return
        if row["new"]:
            self.emptied.add(index)
        for name, (before, after) in row["cells"].items():
            place = self.places.get(name)
            if place is None or not _holds(now[name], after):
                self.kept.append(f"{self.grid.sheet}!{self.grid.address(index, place or 0)}")
            else:
                self.cells[index, place] = decoded(before)

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
    """True where a cell holds what was written. A formula is the same whatever its value has become."""
    if isinstance(now, dict) and isinstance(written, dict) and "formula" in now:
        return bool(now["formula"] == written.get("formula"))
    return bool(now == written)


# --- values in JSON ---


def encoded(value: Value) -> Any:
    """A cell's content in JSON. Days become serial numbers, which is what their cells hold."""
    if value is None or type(value) in _AS_IT_IS:
        return value
    if isinstance(value, Formula):
        return {"formula": value.text, "value": encoded(value.value)}
    if isinstance(value, CellError):
        return {"error": value.code}
    if isinstance(value, bool):
        return {"flag": value}
    if isinstance(value, date):
        return serial_of(value)
    return None if isinstance(value, NotComputed) else (value or None)


def decoded(value: Any) -> Value:
    """The content a JSON value stands for."""
    if not isinstance(value, dict):
        found: str | float | None = value
        return found
    if "formula" in value:
        inner = decoded(value["value"])
        return Formula(value["formula"], inner if isinstance(inner, str | float | int) else None)
    return CellError(value["error"]) if "error" in value else bool(value["flag"])


def backup_path(path: str, entry: Entry) -> str:
    """Where an entry's backup lies."""
    return os.path.join(os.path.dirname(side_path(path, "")), entry.backup)
