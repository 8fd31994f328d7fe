"""The hidden sheet behind the charts and sparklines: what Refresh writes for them, each block under its name."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs

from okr_workbook.books.design import number_formats, pages
from okr_workbook.books.design.picker import list_library
from okr_workbook.books.design.styles import CAPTION, Styles
from okr_workbook.books.design.validations import list_served
from okr_workbook.books.known_tables import SCHEMA_NAME
from okr_workbook.tables import blocks
from okr_workbook.tables.blocks import Block
from okr_workbook.tables.schema import SCHEMA_VERSION

NAME = "okr_data"
TOP = 4
"""The first row of the blocks, from 0; their names stand over them."""

_DATED = {blocks.PACE.name}

COLUMN: dict[str, int] = {
    blocks.PACE.name: 1,
    blocks.TEAM_BULLETS.name: 7,
    blocks.OBJECTIVE_BULLETS.name: 13,
    blocks.TILE_UNITS.name: 19,
    blocks.TILE_TRENDS.name: 21,
    blocks.KPI_TRENDS.name: 34,
    blocks.KEY_RESULT_TRENDS.name: 47,
}
"""The first column of each block, from 0."""

LABELS_ROW = 1
SCHEMA_COLUMN = 10
SEEN_COLUMN = 13
LIBRARY_COLUMN = 60
"""The names of the ready-made KPIs."""

SERVED_COLUMN = 62
"""What an action may serve."""


def draw_data(styles: Styles) -> None:
    """Draw the sheet and name its blocks."""
    sheet = styles.book.add_worksheet(NAME)
    sheet.set_column_pixels(0, 0, 20)
    sheet.write(0, 0, styles.text("data.title"), styles.style(bold=True))
    sheet.write(LABELS_ROW, 7, blocks.STALE_AFTER.name, styles.style(**CAPTION))
    styles.name_block(blocks.STALE_AFTER, sheet, LABELS_ROW, 8)
    sheet.write(LABELS_ROW, SEEN_COLUMN, blocks.CHECK_INS_SEEN.name, styles.style(**CAPTION))
    styles.name_block(blocks.CHECK_INS_SEEN, sheet, LABELS_ROW, SEEN_COLUMN + 1)
    # a cell, for xlwings Lite is told of names of cells only
    sheet.write_row(LABELS_ROW, SCHEMA_COLUMN, (SCHEMA_NAME, SCHEMA_VERSION), styles.style(**CAPTION))
    styles.name_block(Block(SCHEMA_NAME), sheet, LABELS_ROW, SCHEMA_COLUMN + 1)
    styles.name_block(blocks.PACE_LABELS, sheet, LABELS_ROW, 1)
    for block in (
        blocks.PACE, blocks.TEAM_BULLETS, blocks.OBJECTIVE_BULLETS, blocks.TILE_UNITS, blocks.TILE_TRENDS, blocks.KPI_TRENDS,
        blocks.KEY_RESULT_TRENDS,
    ):  # fmt: skip
        _draw_block(styles, sheet, block)
    list_library(styles, sheet, TOP, LIBRARY_COLUMN)
    list_served(styles, sheet, TOP, SERVED_COLUMN)
    sheet.freeze_panes(TOP, 0)
    pages.protect(sheet)
    sheet.hide()


def _draw_block(styles: Styles, sheet: Any, block: Block) -> None:
    left = COLUMN[block.name]
    sheet.write(TOP - 1, left, block.name, styles.style(**CAPTION))
    if block.name in _DATED:
        day = styles.style(num_format=number_formats.date(styles.language))
        for row in range(block.rows):
            sheet.write_blank(TOP + row, left, None, day)
    styles.name_block(block, sheet, TOP, left)


def cells(block: Block, column: int, first: int = 0, rows: int = 0) -> list[Any]:
    """One column of a block, as XlsxWriter's charts want a range."""
    at = COLUMN[block.name] + column
    return [NAME, TOP + first, at, TOP + first + (rows or block.rows) - 1, at]


def trend_row(block: Block, row: int) -> str:
    """One row of a block of trends, as a sparkline wants a range."""
    left = COLUMN[block.name]
    return f"{NAME}!{xl_range_abs(TOP + row, left, TOP + row, left + block.columns - 1)}"
