"""The picker over the table of KPIs: a cell with the names of the library in a list. Refresh adds the KPI and frees the cell."""

from __future__ import annotations

from typing import Any

from okr_workbook.books.design.styles import CAPTION, Styles
from okr_workbook.tables.blocks import PICK_KPI, Block
from okr_workbook.tables.kpi_library_rows import show_library
from okr_workbook.tables.palette import ACCENT, BAR, TINT

LIST = "okr_library"
"""The defined name of the list of names."""

ROW, COLUMN = 0, 3
"""Beside the sheet's title, over the formulas."""


def draw_picker(styles: Styles, sheet: Any) -> None:
    """The cell to pick in, and what to do with it."""
    look = styles.style(bg_color=TINT, font_color=ACCENT, bottom=1, bottom_color=BAR, indent=1)
    sheet.write_blank(ROW, COLUMN, None, look)
    sheet.write(ROW, COLUMN + 1, styles.text("picker.caption"), styles.style(**CAPTION, indent=1))
    sheet.data_validation(
        ROW, COLUMN, ROW, COLUMN,
        {
            "validate": "list", "source": f"={LIST}", "show_error": False,
            "input_title": styles.text("picker.title"), "input_message": styles.text("picker.message"),
        },
    )  # fmt: skip
    styles.name_block(PICK_KPI, sheet, ROW, COLUMN)


def list_library(styles: Styles, sheet: Any, row: int, column: int) -> None:
    """The names of all ready-made KPIs, downwards from a cell of the data sheet."""
    names = [one.name for one in show_library(styles.labels)]
    sheet.write_column(row, column, names)
    styles.name_block(Block(LIST, len(names)), sheet, row, column)
