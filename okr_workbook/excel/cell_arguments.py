"""Between a custom function and the cells it was called with: one value or a range in, one value or a spill out.

As in Excel: an error that comes in goes out; a blank where a number is needed is #N/A (no data, never 0); what is no
number is #VALUE!; arguments of several sizes go together cell by cell, and a cell that one of them lacks is #N/A.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from math import isfinite
from typing import Any

from okr_workbook.books.live.cell_errors import error_of
from okr_workbook.books.parts.cell_text import day_of

Rows = list[list[Any]]

NO_DATA, WRONG, DIVIDED_BY_ZERO, NOT_FINITE = "#N/A", "#VALUE!", "#DIV/0!", "#NUM!"


class CellFault(Exception):  # noqa: N818  (no error of the program: what the cell shows)
    """What the cell shows instead of a value: an Excel error, and why in words."""

    def __init__(self, error: str, reason: str = "") -> None:
        super().__init__(reason or error)
        self.error, self.reason = error, reason


def shows_reasons() -> bool:
    """True where the host shows a function's exception beside #VALUE!: xlwings Lite and Server. Others get the error."""
    return os.environ.get("XLWINGS_ON_SERVER") == "true" or "pyodide" in sys.modules


def spilled(function: Callable[..., Any], arguments: Sequence[Rows | None]) -> Any:
    """The function over the cells of its arguments: one value for single cells, rows for ranges.

    An argument left out is None in every call.
    """
    rows = max([len(cells) for cells in arguments if cells], default=1)
    columns = max([len(cells[0]) for cells in arguments if cells], default=1)
    if rows == columns == 1:
        try:
            return _called(function, [cells[0][0] if cells else None for cells in arguments])
        except CellFault as fault:
            if fault.reason and shows_reasons():
                raise ValueError(fault.reason) from None
            return fault.error
    return [[_at(function, arguments, row, column) for column in range(columns)] for row in range(rows)]


def _at(function: Callable[..., Any], arguments: Sequence[Rows | None], row: int, column: int) -> Any:
    try:
        return _called(function, [_cell(cells, row, column) for cells in arguments])
    except CellFault as fault:
        return fault.error


def _called(function: Callable[..., Any], cells: Sequence[Any]) -> Any:
    """What the function gives for single cells. CellFault for an error among them, and for a number without end."""
    for cell in cells:
        error = error_of(cell)
        if error is not None:
            raise CellFault(error.code)
    found = function(*cells)
    if isinstance(found, float) and not isfinite(found):
        raise CellFault(NOT_FINITE)
    return found


def _cell(cells: Rows | None, row: int, column: int) -> Any:
    """One cell of an argument; a single row, column or cell goes with all."""
    if not cells:
        return None
    row, column = (0 if len(cells) == 1 else row), (0 if len(cells[0]) == 1 else column)
    if row >= len(cells) or column >= len(cells[0]):
        raise CellFault(NO_DATA)
    return cells[row][column]


def is_empty(cell: Any) -> bool:
    """True for a blank cell and for a text of nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def number(cell: Any, name: str) -> float:
    """The number in a cell; TRUE is 1. CellFault for a blank, an error, a text."""
    found = optional_number(cell, name)
    if found is None:
        raise CellFault(NO_DATA)
    return found


def optional_number(cell: Any, name: str) -> float | None:
    """The same, where a blank means something: None."""
    if is_empty(cell):
        return None
    error = error_of(cell)
    if error is not None:
        raise CellFault(error.code)
    if isinstance(cell, str):
        raise CellFault(WRONG, f"{name}: “{cell}” is not a number.")
    if (isinstance(cell, (int, float)) or hasattr(cell, "as_tuple")) and isfinite(cell):  # money comes as Decimal
        return float(cell)
    raise CellFault(WRONG, f"{name} is not a number.")


def day(cell: Any, name: str) -> date:
    """The day in a cell, which a host gives as a date or as Excel's serial number."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = day_of(int(number(cell, name)))
    if found is None:
        raise CellFault(WRONG, f"{name} is not a date.")
    return found


def flat(cells: Rows | None) -> list[Any]:
    """The cells of a range, row by row."""
    return [cell for row in cells or [] for cell in row]
