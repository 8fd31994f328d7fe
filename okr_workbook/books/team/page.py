"""What every sheet of a team's workbook has in common: its head, and the header row of its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from okr_workbook.books.team.layout import FIRST_COLUMN, LIST_FIRST, Layout
from okr_workbook.books.team.looks import QUIET, SUBTITLE, TEXT, TITLE, heading
from okr_workbook.books.team.model import Look, Row, RowKind, Sheet
from okr_workbook.tables.palette import LINE


def new_list(layout: Layout, title: str, heading: str, caption: str) -> Sheet:
    """A sheet with a heading, a sentence under it, and room for one table from the row before LIST_FIRST on."""
    sheet = Sheet(title, tab_color=LINE)
    sheet.widths[1] = 20
    sheet.heights |= {1: 8, 2: 26, 3: 17, 4: 12}
    sheet.put(2, 2, heading, TITLE)
    sheet.put(3, 2, f"{layout.plan.team} · {caption}", SUBTITLE)
    sheet.print_titles = f"{LIST_FIRST - 1}:{LIST_FIRST - 1}"
    return sheet


def put_note(sheet: Sheet, row: int, columns: int, words: str, *, at: int = FIRST_COLUMN) -> None:
    """The only row of a table of so many columns that has nothing in it yet: the words in one of them say so."""
    for place in range(FIRST_COLUMN, FIRST_COLUMN + columns):
        sheet.put(row, place, None, TEXT)
    sheet.put(row, at, words, QUIET)
    sheet.heights[row] = 27


class Column(NamedTuple):
    """A column of a table: its header, how its cells look, how many pixels wide (0: as it is); `ours` where the team types."""

    words: str
    look: Look
    width: float = 0
    ours: bool = False


class HeaderRow(NamedTuple):
    """The header row of a table and the widths of its columns: made once a language, shared by all books."""

    row: Row
    words: tuple[str, ...]
    widths: Mapping[int, float]

    @classmethod
    def of(cls, columns: Iterable[Column]) -> HeaderRow:
        """The header row of a table that begins in the first column."""
        placed = dict(enumerate(columns, FIRST_COLUMN))
        words = tuple(column.words for column in placed.values())
        looks = ((place, "", heading(column.look, ours=column.ours)) for place, column in placed.items())
        widths = {place: column.width for place, column in placed.items() if column.width}
        return cls(Row(RowKind(looks, height=30), words), words, widths)

    def put(self, sheet: Sheet, row: int = LIST_FIRST - 1) -> None:
        """Set the row on a sheet."""
        sheet.rows[row] = self.row
        sheet.widths |= self.widths
