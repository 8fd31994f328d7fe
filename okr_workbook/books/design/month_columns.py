"""The columns at the right of the table `measures`, which become months when a header is typed or written there."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell

from okr_workbook.books.design.columns import BODY, HEAD, LOOKS, Column
from okr_workbook.books.design.number_formats import TEXT
from okr_workbook.books.design.styles import Styles
from okr_workbook.books.design.table_cells import SHRINK
from okr_workbook.tables.palette import ACCENT, BAR, TINT, WHITE
from okr_workbook.tables.schema import Table

MONTH_COLUMNS = 60
WIDTH = 94


def prepare_months(styles: Styles, sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    """Make the columns at the right of the table look like input as soon as a month heads them."""
    look, first = LOOKS[table.id], len(columns)
    final = first + MONTH_COLUMNS - 1
    sheet.set_column_pixels(first, final, WIDTH)
    head = xl_rowcol_to_cell(HEAD, first, row_abs=True)
    unit = next(i for i, column in enumerate(columns) if column.field.id == "unit")
    plain = styles.style(align="right", indent=1, **SHRINK)
    for column in range(first, final + 1):
        sheet.write_blank(HEAD, column, None, styles.style(align="right", indent=2, bold=True, num_format=TEXT))
        for row in range(BODY, BODY + look.rows):
            sheet.write_blank(row, column, None, plain)
    styles.paint_by_formula(
        sheet, xl_range(HEAD, first, HEAD, final), f'={head}<>""', font_color=WHITE, bg_color=ACCENT, bold=True
    )
    area, cell = xl_range(BODY, first, look.last_row - 1, final), xl_rowcol_to_cell(BODY, first)
    has_month = f'{head}<>""'
    fill: dict[str, Any] = {"bg_color": TINT, "bottom": 1, "bottom_color": BAR}
    styles.formats_by_unit(sheet, area, cell, f"${xl_col_to_name(unit)}{BODY + 1}", only_if=has_month, **fill)
