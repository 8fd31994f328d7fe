"""The grid the dashboard is laid on: six groups of three columns, the rows of its parts, and how cells are put there."""

from __future__ import annotations

from typing import Any

from okr_workbook.books.design import pages
from okr_workbook.books.design.styles import CAPTION, Styles
from okr_workbook.tables import blocks
from okr_workbook.tables.blocks import Block
from okr_workbook.tables.palette import DEEP, LINE

MARGIN = 16
GROUP = (52, 52, 124, 14)  # three columns and a gutter, in pixels
GROUPS = 6
RULE: dict[str, Any] = {"bottom": 1, "bottom_color": LINE}

TITLE, SUBTITLE, NOTE = 1, 2, 3
ALERTS = 4
TILES = ALERTS + blocks.ALERT_ROWS + 2
MIDDLE = TILES + 6
TEAMS = MIDDLE + 4
GOALS = TEAMS + blocks.TEAM_ROWS + 2
END = GOALS + blocks.OBJECTIVE_ROWS
"""The header row of each part, from 0, and the last row of the page."""

TWO_LINES = 34

ROW_HEIGHTS = {
    0: 8, TITLE: 34, SUBTITLE: 20, NOTE: 22, ALERTS: 28,
    **{ALERTS + 1 + i: TWO_LINES for i in range(blocks.ALERT_ROWS)},
    TILES - 1: 16, TILES: 28, TILES + 1: TWO_LINES, TILES + 2: 40, TILES + 3: 24, TILES + 4: 26,
    MIDDLE - 1: 16, MIDDLE: 26, MIDDLE + 1: 6, MIDDLE + 2: 34, MIDDLE + 3: 22, TEAMS: 30,
    GOALS - 1: 16, GOALS: 26,
}  # fmt: skip
ROW_HEIGHT = 24


def at(group: int, column: int = 0) -> int:
    """The sheet's column of a group's column."""
    return 1 + len(GROUP) * group + column


Caption = tuple[int, int, str, dict[str, Any]]
"""A small heading: its first and last column, its key in the labels, its looks."""

LEFT: dict[str, Any] = {"align": "left"}
INDENTED: dict[str, Any] = {"indent": 1}
RIGHT: dict[str, Any] = {"align": "right"}
RIGHT_INDENTED: dict[str, Any] = {"align": "right", "indent": 1}

LAST = at(GROUPS - 1, 2)


def row_height(row: int) -> int:
    """A row's height in pixels."""
    return ROW_HEIGHTS.get(row, ROW_HEIGHT)


def width(first: int, last: int) -> int:
    """The pixels from one column to another, both included."""
    return sum(GROUP[(column - 1) % len(GROUP)] for column in range(first, last + 1))


class Page:
    """The sheet being drawn. Cells are merged row by row; a block is named by the first column of its merged cells."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.sheet = pages.new_page(styles, styles.page("dashboard"), DEEP)
        self._set_up()

    def _set_up(self) -> None:
        sheet = self.sheet
        sheet.set_column_pixels(0, 0, MARGIN)
        for column in range(1, LAST + 2):
            sheet.set_column_pixels(column, column, GROUP[(column - 1) % len(GROUP)])
        for row in range(END + 1):
            sheet.set_row_pixels(row, row_height(row))
        sheet.hide_row_col_headers()
        sheet.print_area(0, 1, END, LAST)
        sheet.fit_to_pages(1, 1)
        sheet.center_horizontally()
        sheet.set_zoom(90)
        pages.protect(sheet)

    def put(self, row: int, first: int, last: int, value: Any, **looks: Any) -> None:
        """One cell, merged from the column `first` to `last`."""
        look = self.styles.style(**looks)
        if first < last:
            self.sheet.merge_range(row, first, row, last, "", look)
        if value is None:
            self.sheet.write_blank(row, first, None, look)
        else:
            self.sheet.write(row, first, value, look)

    def block(self, block: Block, row: int, first: int, last: int, *, until: str | None = None, **looks: Any) -> None:
        """A named column of cells, each merged from `first` to `last`. `until` stands in the first until Refresh writes there."""
        for offset in range(block.rows):
            self.put(row + offset, first, last, None if offset else until, **looks)
        self.styles.name_block(block, self.sheet, row, first)

    def head(self, row: int, first: int, last: int, key: str, *captions: Caption) -> None:
        """A part's title on a hairline, and captions over its columns."""
        for column in range(first, last + 1):
            self.sheet.write_blank(row, column, None, self.styles.style(**RULE))
        self.sheet.write(
            row, first, self.styles.text(f"dashboard.{key}"), self.styles.style(font_size=12, bold=True, **RULE)
        )
        for start, stop, caption, looks in captions:
            self.put(row, start, stop, self.styles.text(f"dashboard.{caption}"), **CAPTION, **RULE, **looks)
