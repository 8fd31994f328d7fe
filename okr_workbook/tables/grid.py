"""Grids: a table as cells, before anything is understood of it. The common ground of files, live workbooks and memory.

A book gives grids (`Grid`) and takes changes (`Changes`); what the cells mean is the business of `parsing` and
`rendering`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from okr_workbook.domain.planner import NOTHING
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables import schema

if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


DAY_0 = date(1899, 12, 30)
"""The day from which the days of cells are counted; up to March 1900 from a day later (`books.parts.cell_text`)."""

LONGEST_TEXT = 32_767
"""Characters a cell can hold, counted as Excel does in UTF-16 (Microsoft: Excel specifications and limits)."""


def fits_cell(text: str) -> bool:
    """True for a text that a cell can hold."""
    return len(text) <= LONGEST_TEXT // 2 or len(text.encode("utf-16-le", "surrogatepass")) <= LONGEST_TEXT * 2


class CellError(NamedTuple):
    """A cell that holds an error, such as #DIV/0!."""

    code: str


class NotComputed(NamedTuple):
    """A formula that no program has computed yet: not empty, not an error, not a value."""


class Formula(NamedTuple):
    """A formula to write (without =) and the value it has now."""

    text: str
    value: str | float | bool | None

    @classmethod
    def link(cls, place: str, text: str) -> Formula:
        """A link to a place in the workbook, a cell's address or a name, that Excel and LibreOffice both follow."""
        target, shown = (one.replace('"', '""') for one in (place, text))
        return cls(f'HYPERLINK("#{target}","{shown}")', text)


NOT_COMPUTED = NotComputed()

Value = str | float | int | bool | date | datetime | CellError | NotComputed | Formula | None
"""What a cell holds. Numbers with a date format come as date or datetime. Books never give `Formula`; they take it."""


def shown_value(value: Value) -> Value:
    """What a cell shows once a value is written: a formula shows the one it has."""
    return value.value if isinstance(value, Formula) else value


Place = tuple[int, int]
"""(row, column) in a grid's body, both from 0."""


def quoted(sheet: str) -> str:
    """A sheet's name as a reference wants it: Teams, 'Key results'."""
    return sheet if sheet.isidentifier() and sheet.isascii() else "'" + sheet.replace("'", "''") + "'"


class Grid(NamedTuple):
    """One table of a book. `headers` are the cells of the header row; `rows` the body, blank rows included.

    `formulas` are the places whose value comes from a formula. The header's first cell stands at `sheet`, row `top`,
    column `left` (from 1), so that a place has an address. `rows` includes rows typed right under the table.
    """

    table: str
    headers: tuple[Value, ...]
    rows: Sequence[Sequence[Value]]
    formulas: frozenset[Place] = NOTHING  # type: ignore[assignment]
    sheet: str = ""
    top: int = 1
    left: int = 1

    def address(self, row: int, column: int) -> str:
        """The cell of body row `row` (from 0; -1 is the header) and column `column` (from 0), such as G7."""
        return f"{column_letters(self.left + column)}{self.top + 1 + row}"

    def named(self, place: str) -> str:
        """A place of its sheet, an address or what else it is called by, as people write it: 'Key results'!G7."""
        return f"{quoted(self.sheet or self.table)}!{place}"


class TableChange(NamedTuple):
    """What to write into one table.

    `cells` maps places to values; None empties a cell. A row at or past the end of the grid appends to the table, which
    grows with its styles. `row_count`, where given, is how many body rows the table keeps (a computed table shrinks;
    at least one row always stays). `new_headers` are columns to add at the right of the table.
    A cell that holds a formula of the user's is never written over: the book leaves it and reports it in `Written.kept`.
    In a table that `begins_anew` the formulas in `cells` give way, as they always do in computed tables, and in a file
    the rows are shown that a filter hid.
    """

    table: str
    cells: Mapping[Place, Value]
    row_count: int | None = None
    new_headers: tuple[str, ...] = ()
    begins_anew: bool = False

    @property
    def writes_over_formulas(self) -> bool:
        """True where a formula keeps no cell from being written."""
        return self.begins_anew or schema.table(self.table).computed


class BlockChange(NamedTuple):
    """Values for a named range, row by row from its top left cell. The range's other cells are emptied."""

    name: str
    rows: Sequence[Sequence[Value]]


class Changes(NamedTuple):
    """Everything one command writes, in one go."""

    tables: tuple[TableChange, ...] = ()
    blocks: tuple[BlockChange, ...] = ()


class Written(NamedTuple):
    """What a book did with changes. `changed`: something was written. `kept`: cells whose formula was left alone."""

    changed: bool = False
    kept: tuple[str, ...] = ()


class Book(Protocol):
    """A workbook that holds a planner: a file, an open workbook, or memory."""

    @property
    def name(self) -> str:
        """What the user calls it: the file's name."""

    def read(self) -> dict[str, Grid]:
        """Every table the planner knows that is there, by table id."""

    def read_block(self, name: str) -> list[list[Value]] | None:
        """The values of a named range, or None where the book has no such name."""

    def write(self, changes: Changes, *, command: str) -> Written:
        """Write all of it or nothing, and keep what is needed to undo `command`."""


@lru_cache(maxsize=4_096)
def column_letters(number: int) -> str:
    """A column's letters: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
