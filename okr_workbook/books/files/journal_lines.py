"""What a command changed, as the line that the journal keeps of it: JSON in ASCII.

Written here and read by the standard library: that takes as long to load as all the rest of a small entry to be made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from okr_workbook.books.files.saving import Fingerprint
from okr_workbook.books.parts.sheet_patcher import CellChange
from okr_workbook.books.row_keys import encoded, row_keys
from okr_workbook.books.workbook import Rewritten, Workbook
from okr_workbook.labels import folded
from okr_workbook.records import TYPE_CHECKING
from okr_workbook.tables.grid import BlockChange, Changes, Grid, TableChange, Value

if TYPE_CHECKING:
    from typing import Any

_NULL = "null"


def line_of(book: Workbook, changes: Changes, rewritten: Rewritten, *, command: str, at: datetime, backup: str) -> str:
    """The entry (`undoing.JournalEntry`) of a command that turned `book` into `rewritten`."""
    tables = {change.table: ",".join(_rows(book, change, rewritten)) for change in changes.tables}
    blocks = {block.name: ",".join(_cells(book, block, rewritten)) for block in changes.blocks}
    entry = {
        "command": command,
        "at": at.isoformat(timespec="seconds"),
        "before": Fingerprint.of(book.content),
        "after": Fingerprint.of(rewritten.content),
        "backup": backup,
        "columns": {change.table: change.new_headers for change in changes.tables if change.new_headers},
    }
    return f'{json_text(entry)[:-1]},"tables":{_lists(tables)},"blocks":{_lists(blocks)}}}'


def _lists(texts: Mapping[str, str]) -> str:
    """An object of lists, from what stands in each; the empty ones are left out."""
    return f"{{{','.join([f'{json_text(name)}:[{text}]' for name, text in texts.items() if text])}}}"


def _rows(book: Workbook, change: TableChange, rewritten: Rewritten) -> Iterator[str]:
    """The rows of a table of which cells changed: their cells by header, with what they held before and after."""
    grid = book.grids[change.table]
    changes = rewritten.cells.get(book.tables[change.table].sheet.part, {})
    headers = [*grid.headers, *change.new_headers]
    names = {column: json_text(folded(str(header))) for column, header in enumerate(headers, grid.left)}
    first, last = grid.top + 1, grid.top + max(len(grid.rows), 1 + max((row for row, _ in change.cells), default=-1))
    changed = {
        row - first: {column: cell for column, cell in cells.items() if column in names}
        for row, cells in changes.items()
        if first <= row <= last
    }
    keys = row_keys(grid.table, headers, _rows_after(grid, len(headers), changed))
    for index, cells in changed.items():
        if cells:
            befores = [_cell(cell.before) for cell in cells.values()]
            pairs = zip(cells.items(), befores, strict=True)
            texts = ",".join([f"{names[column]}:[{before},{_cell(cell.after)}]" for (column, cell), before in pairs])
            key, nth = keys[index]
            new = _is_blank(grid, index) and befores.count(_NULL) == len(befores)
            yield (f'{{"row":{index},"key":{json_text(key)},"nth":{nth},"new":{json_text(new)},"cells":{{{texts}}}}}')


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


def _cells(book: Workbook, block: BlockChange, rewritten: Rewritten) -> Iterator[str]:
    """The cells of a named range that changed: row and column from 0, before, after."""
    place = book.place(block.name)
    if place is None:
        return
    sheet, area = place
    rows = rewritten.cells.get(sheet.part, {})
    for row in range(area.top, area.bottom + 1):
        for column, cell in rows.get(row, {}).items():
            if area.left <= column <= area.right:
                yield f"[{row - area.top},{column - area.left},{_cell(cell.before)},{_cell(cell.after)}]"


# --- JSON ---


def json_text(value: Any) -> str:
    """Text, numbers, truths, None, and lists, tuples and dicts of these as JSON, in ASCII and without spaces."""
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return {None: _NULL, True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return f"{{{','.join([f'{_quoted(key)}:{json_text(one)}' for key, one in value.items()])}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(json_text, value))}]"
    return repr(value)


def _cell(value: Value) -> str:
    """What a cell holds, as JSON: the usual the short way."""
    if value is None:
        return _NULL
    kind = type(value)
    if kind is float:
        return repr(value)
    return _quoted(value) if kind is str and value else json_text(encoded(value))


@lru_cache(maxsize=4_096)
def _quoted(text: str) -> str:
    return f'"{text.translate(_escaped)}"'


class _Escaped(dict[int, str]):
    """Characters as they stand between quotes, by their numbers; beyond the first plane they are two units of UTF-16."""

    def __missing__(self, number: int) -> str:
        character = chr(number)
        if not " " <= character <= "~" or character in '"\\':
            units = (number,) if number < 0x10000 else (0xD7C0 + (number >> 10), 0xDC00 + (number & 0x3FF))
            character = "".join([f"\\u{unit:04x}" for unit in units])
        self[number] = character
        return character


_escaped = _Escaped()
