"""Cells between the planner and an open workbook: values as xlwings gives and takes them, and rectangles to write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from okr_workbook.books.live.cell_errors import error_of, shown_errors
from okr_workbook.records import NamedTuple
from okr_workbook.tables.grid import CellError, Formula, Place, Value

_STARTS_A_NUMBER = frozenset("-0123456789")
_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
_TRUTHS = frozenset(("true", "false", "vrai", "faux"))
_RISKY_START = frozenset("=+-@'/\\.,($€£¥%#")
_MONTH_AND_NUMBER = r"[^\W\d_]{3,9}[\s./-]*\d"  # compiled when first needed: a click seldom writes such a text


def constant_of(formula: str) -> str | float | None:
    """The text or number that a name's formula stands for, or None where it stands for cells or a calculation.

    >>> constant_of('="fr"'), constant_of("=1"), constant_of("=Start!$A$1")
    ('fr', 1.0, None)
    """
    text = formula.removeprefix("=")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return float(text) if text[:1] in _STARTS_A_NUMBER and re.fullmatch(_NUMBER, text) else None


class Untouchable(NamedTuple):
    """Stands for a cell that must not be written, for it holds a formula of the user's."""


Present = Mapping[Place, Value | Untouchable]
"""What cells hold now."""


class CellBlock(NamedTuple):
    """Cells side by side, to write in one call. `row` and `column` of the first, from 0 in the table's body."""

    row: int
    column: int
    rows: list[list[Value]]


def value_of(cell: Any) -> Value:
    """A cell's value from what xlwings read: there, money is a Decimal, an error its text or number, a day its midnight."""
    if isinstance(cell, str):
        return shown_errors().get(cell, cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second or cell.microsecond):
        return cell.date()
    if isinstance(cell, int):
        return error_of(cell) or cell
    if cell is None or isinstance(cell, (float, date, CellError)):
        return cell
    return float(cell) if hasattr(cell, "as_tuple") else None  # Decimal, told by its shape: importing it costs more


def cell_of(value: Value) -> object:
    """What to hand to xlwings so that the cell holds `value`.

    A spreadsheet reads a text as if it were typed: '1/2' would become a day and '=x' a formula. Such texts get the
    apostrophe that keeps them as they are. Error values cannot be written and come back as no value.
    """
    if isinstance(value, Formula):
        return f"={value.text}"
    if isinstance(value, str):
        return value if _reads_as_itself(value) else f"'{value}"
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # what Excel holds anyway; a whole number of more than 32 bits it does not take
    if isinstance(value, (int, float, date)):
        return value
    return None


def _reads_as_itself(text: str) -> bool:
    """True for a text that no spreadsheet takes for a number, a day, a truth value or a formula."""
    if not text:
        return True
    if text[0] in _RISKY_START or text[0].isdigit() or text[0].isspace() or text.casefold() in _TRUTHS:
        return False
    return not any(map(str.isdigit, text)) or re.match(_MONTH_AND_NUMBER, text) is None


def formula_of(text: object, value: Value) -> str | None:
    """A formula without its =, or None. A text that begins with = and shows itself is a text and no formula."""
    if isinstance(text, str) and text.startswith("=") and text != value:
        return text[1:]
    return None


def blocks(cells: Mapping[Place, Value], present: Present, whole_columns: Collection[int]) -> list[CellBlock]:
    """The cells as few rectangles.

    In `whole_columns`, which only Refresh writes, a rectangle may take in cells that stay as they are (`present`), so
    that one block of computed fields is one call. Elsewhere exactly the given cells are written, never an input again.
    """
    own = {place: value for place, value in cells.items() if place[1] in whole_columns}
    rest = {place: value for place, value in cells.items() if place[1] not in whole_columns}
    found: list[CellBlock] = []
    for columns in _runs({column for _, column in own}, whole_columns):
        inside = {place: value for place, value in own.items() if place[1] in columns}
        block = _filled(inside, present, columns)
        if block is None:
            rest |= inside
        else:
            found.append(block)
    return found + _exact(rest)


def _runs(wanted: Iterable[int], allowed: Collection[int]) -> list[range]:
    """Ranges of neighbouring columns that begin and end with a wanted one and hold nothing but allowed ones."""
    runs: list[range] = []
    for column in sorted(wanted):
        if runs and all(between in allowed for between in range(runs[-1].stop, column)):
            runs[-1] = range(runs[-1].start, column + 1)
        else:
            runs.append(range(column, column + 1))
    return runs


def _filled(cells: Mapping[Place, Value], present: Present, columns: range) -> CellBlock | None:
    """The rectangle around the cells, filled with what is there; None where something there cannot be written back."""
    rows: list[list[Value]] = []
    top, bottom = min(row for row, _ in cells), max(row for row, _ in cells)
    for row in range(top, bottom + 1):
        rows.append([])
        for column in columns:
            value = cells[row, column] if (row, column) in cells else present.get((row, column))
            if isinstance(value, (CellError, Untouchable)):
                return None
            rows[-1].append(value)
    return CellBlock(top, columns.start, rows)


def _exact(cells: Mapping[Place, Value]) -> list[CellBlock]:
    """Rectangles of just these cells: runs along each row, joined with the same run of the row above."""
    found: list[CellBlock] = []
    open_blocks: dict[tuple[int, int], CellBlock] = {}
    for row in sorted({row for row, _ in cells}):
        columns = {column for at, column in cells if at == row}
        still_open: dict[tuple[int, int], CellBlock] = {}
        for run in _runs(columns, ()):
            values = [cells[row, column] for column in run]
            block = open_blocks.get((run.start, run.stop))
            if block is not None and block.row + len(block.rows) == row:
                block.rows.append(values)
            else:
                block = CellBlock(row, run.start, [values])
                found.append(block)
            still_open[run.start, run.stop] = block
        open_blocks = still_open
    return found
