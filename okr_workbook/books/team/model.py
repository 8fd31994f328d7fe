"""Sheets as values: what a workbook shows, before any library writes it. Rows and columns count from 1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from okr_workbook.tables.grid import Formula, Value, column_letters
from okr_workbook.tables.palette import INK

ROW, THERE = "\x01", "\x02"
"""What stands in the formulas of a kind of row for the row's own number, and for that of its row on another sheet.

No text of a workbook can hold these characters: XML has none of them.
"""


class Look(NamedTuple):
    """How a cell looks. `line` is the colour of a hairline under it; `unlocked` cells take input on a protected sheet."""

    size: float = 10
    bold: bool = False
    color: str = INK
    fill: str = ""
    number: str = ""
    align: str = ""
    indent: int = 0
    line: str = ""
    pill: bool = False  # thick white edges above and below
    wrap: bool = False
    top: bool = False  # aligned to the top instead of the middle
    unlocked: bool = False
    italic: bool = False
    shrink: bool = False  # shown smaller where it is too wide, rather than as #####


class Choice(NamedTuple):
    """Dropdown of the cells `area`: the texts of `options`, or of a range. One without an `error` lets other input in."""

    area: str
    options: tuple[str, ...] = ()
    source: str = ""
    error: str = ""
    prompt: str = ""


class Between(NamedTuple):
    """Numbers or days that the cells `area` take: `kind` is whole, decimal or date; bounds are formula texts."""

    area: str
    kind: str
    low: str
    high: str
    error: str
    prompt: str = ""


class TableArea(NamedTuple):
    """A native table: its name, the row of its headers, its columns from `left` on, and how many body rows."""

    name: str
    top: int
    left: int
    headers: tuple[str, ...]
    rows: int

    @property
    def ref(self) -> str:
        """The area of the table, headers included."""
        right = column_letters(self.left + len(self.headers) - 1)
        return f"{column_letters(self.left)}{self.top}:{right}{self.top + self.rows}"


class Chart(NamedTuple):
    """A native chart over cells of `sheet`, anchored from one cell to another, (column, row) from 1, end exclusive.

    `kind`: bullets (`first`:`last` are the rows, five columns from `column` on; `gap` is the room between bars in percent
    of their thickness), pace (a date column, then score and expected; `dates` is the format of its axis) or trend (one row
    of `width` figures from `column` on; on the sheet `behind`, from the first column on, as many labels in `labels_row` and
    as many targets in each of the `targets` rows under it; lines `step` apart). `insets` are how many pixels the corners
    lie right of the edges of their cells.
    """

    kind: str
    start: tuple[int, int]
    end: tuple[int, int]
    sheet: str
    column: int
    first: int
    last: int
    width: int = 0
    title: str = ""
    number: str = ""
    dates: str = ""
    gap: int = 150
    behind: str = ""
    labels_row: int = 0
    targets: int = 0
    step: float = 0.0
    from_zero: bool = True
    insets: tuple[int, int] = (0, 0)


class RowKind:
    """What rows that differ in their values alone have in common: the column, the formula and the look of each cell.

    `formulas` are texts with `ROW` and `THERE` for the numbers of rows, "" where a cell has none. A `height` of 0 leaves
    it to the program. Kinds are made once and shared by books: they compare by identity.
    """

    __slots__ = ("columns", "formulas", "height", "looks")

    def __init__(self, cells: Iterable[tuple[int, str, Look]], height: float = 0) -> None:
        self.columns, self.formulas, self.looks = zip(*sorted(cells, key=lambda cell: cell[0]), strict=True)
        self.height = height


class Row(NamedTuple):
    """A row of a kind: a value for each of its cells (that of the formula where the kind has one), and the row `THERE`.

    A text without a formula has at least one character; what is blank is None. A `height` of 0 is that of the kind.
    """

    kind: RowKind
    values: tuple[Value, ...]
    there: int = 0
    height: float = 0

    @property
    def points(self) -> float:
        """How high it is; 0 leaves it to the program."""
        return self.height or self.kind.height

    def cells(self, number: int) -> Iterator[tuple[int, Value, Look]]:
        """The column, the value and the look of each cell, the row being of this number."""
        kind = self.kind
        for column, formula, look, value in zip(kind.columns, kind.formulas, kind.looks, self.values, strict=True):
            yield column, self._of(formula, value, number) if formula else value, look

    def _of(self, formula: str, value: Any, number: int) -> Formula:
        text = formula.replace(ROW, str(number)).replace(THERE, str(self.there))
        return Formula(text, "" if value is None else value)


@dataclass
class Sheet:
    """One sheet. `widths` are in pixels by column, `heights` in points by row (those of `rows` stand in their kinds).

    What `cells` has at a place counts, whatever a row of `rows` has there.
    """

    title: str
    cells: dict[tuple[int, int], tuple[Value, Look]] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)  # columns
    merges: list[str] = field(default_factory=list)
    tables: list[TableArea] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    betweens: list[Between] = field(default_factory=list)
    status_areas: list[str] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    freeze: str = ""
    print_area: str = ""
    print_titles: str = ""
    print_columns: str = ""  # repeated at the left of every page
    pages_wide: int = 1
    tab_color: str = ""
    state: str = "visible"

    def put(self, row: int, column: int, value: Value = None, look: Look | None = None, **looks: Any) -> None:
        """Set a cell: its value and its look (a base look and what differs)."""
        base = look or Look()
        self.cells[row, column] = (value, base._replace(**looks) if looks else base)

    def all_cells(self) -> dict[tuple[int, int], tuple[Value, Look]]:
        """Every cell, those of the rows of kinds too."""
        stamped = {
            (number, column): (value, look)
            for number, row in self.rows.items()
            for column, value, look in row.cells(number)
        }
        return stamped | self.cells

    def typed(self) -> dict[int, list[tuple[int, Value, Look]]]:
        """By row, the column, the value and the look of the cells that hold no formula."""
        found: dict[int, list[tuple[int, Value, Look]]] = {
            number: [
                (column, value, look)
                for column, formula, value, look in zip(kind.columns, kind.formulas, values, kind.looks, strict=True)
                if not formula and not isinstance(value, Formula) and (number, column) not in self.cells
            ]
            for number, (kind, values, _, _) in self.rows.items()
        }
        for (row, column), (value, look) in self.cells.items():
            if not isinstance(value, Formula):
                found.setdefault(row, []).append((column, value, look))
        return found

    def all_heights(self) -> dict[int, float]:
        """The height of every row that has one of its own."""
        of_rows = {number: height for number, row in self.rows.items() if (height := row.points)}
        return of_rows | self.heights


class Workbook(NamedTuple):
    """A whole workbook: its sheets, its defined names, and the facts of its properties."""

    sheets: tuple[Sheet, ...]
    names: dict[str, str]
    title: str
    company: str
    language: str


def at(column: int, row: int, sheet: str = "", *, fixed: bool = False) -> str:
    """A cell's address, on another sheet where one is named.

    >>> at(2, 5), at(2, 5, "Mon équipe", fixed=True)
    ('B5', "'Mon équipe'!$B$5")
    """
    letters = column_letters(column)
    cell = f"${letters}${row}" if fixed else f"{letters}{row}"
    return f"{quoted(sheet)}!{cell}" if sheet else cell


def absolute(area: str) -> str:
    """An area of plain addresses with dollar signs.

    >>> absolute("B5:L9")
    '$B$5:$L$9'
    """
    return re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", area)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"
