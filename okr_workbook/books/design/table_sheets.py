"""One sheet a table: a title, who fills what, headers with their help, and blank styled rows in an Excel table.

The sheets of input tables are not protected: Excel does not grow a table on a protected sheet.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from okr_workbook.books.design import pages
from okr_workbook.books.design.charts import draw_trend
from okr_workbook.books.design.columns import BODY, HEAD, LOOKS, Column, columns_of
from okr_workbook.books.design.data_sheet import trend_row
from okr_workbook.books.design.month_columns import prepare_months
from okr_workbook.books.design.picker import draw_picker
from okr_workbook.books.design.styles import Styles
from okr_workbook.books.design.table_cells import body_style, head_style
from okr_workbook.books.design.table_rules import add_rules
from okr_workbook.books.design.validations import LISTS, LOOKED_UP, head_help, header_help
from okr_workbook.tables.blocks import KEY_RESULT_TRENDS, KPI_TRENDS
from okr_workbook.tables.palette import ACCENT, DEEP, LINE, MUTED, WHITE
from okr_workbook.tables.schema import Table

TREND_WIDTH = 116
LAST_ROW = 2**20 - 1
"""A print area of whole columns ends where the rows do."""

LEAST_SCALE = 70
"""Percent: 10 points are 7 on paper."""

TRENDS = {"key_results": KEY_RESULT_TRENDS, "kpis": KPI_TRENDS}
"""Tables with a sparkline at the end of each row. The column is the sheet's own: no rule reads it."""

Places = dict[tuple[str, str], tuple[str, str, int, int]]


def draw_table(styles: Styles, table: Table) -> Places:
    """Draw a table's sheet; returns where the columns that dropdowns read are."""
    name = styles.labels.table(table.id)
    sheet = pages.new_page(styles, name, LINE if table.computed else ACCENT)
    pages.title(styles, sheet, name, styles.text(f"subtitles.{table.id}"))
    columns = columns_of(table)
    _draw_band(styles, sheet, columns)
    _draw_head(styles, sheet, table, columns)
    _draw_rows(styles, sheet, table, columns)
    add_rules(styles, sheet, table, columns)
    if table.id == "kpis":
        draw_picker(styles, sheet)
    if table.id in TRENDS:
        _draw_trends(styles, sheet, table, len(columns))
    if table.months:
        prepare_months(styles, sheet, table, columns)
    _set_up_print(sheet, table, columns)
    if table.computed:
        pages.protect(sheet)
    return {
        (table.id, column.field.id): (name, xl_col_to_name(i), BODY + 1, LOOKS[table.id].last_row)
        for i, column in enumerate(columns)
        if (table.id, column.field.id) in (*LISTS, *LOOKED_UP)
    }


# --- drawing ---------------------------------------------------------------------------------------


def _draw_band(styles: Styles, sheet: Any, columns: tuple[Column, ...]) -> None:
    """The small words over the headers: who fills these columns."""
    sheet.set_row_pixels(HEAD - 1, 24)
    first = 0
    for computed, group in groupby(columns, key=lambda column: column.field.computed):
        words = styles.text("band.computed" if computed else "band.input")
        look = styles.style(font_size=9, bold=True, font_color=MUTED if computed else ACCENT, indent=1, valign="bottom")
        sheet.write(HEAD - 1, first, words, look)
        first += len(list(group))


def _draw_head(styles: Styles, sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    look = LOOKS[table.id]
    sheet.set_row_pixels(HEAD, 40)
    for i, column in enumerate(columns):
        options: dict[str, Any] = {"level": 1, "hidden": True} if column.folded else {}
        if not column.folded and i and columns[i - 1].folded:
            options["collapsed"] = True
        sheet.set_column_pixels(i, i, column.width, None, options)
        sheet.data_validation(HEAD, i, HEAD, i, head_help(styles, table.id, column.field.id))
    labels = [styles.labels.field(table.id, column.field.id) for column in columns]
    heads = [
        {"header": label, "header_format": head_style(styles, column, label)}
        for label, column in zip(labels, columns, strict=True)
    ]
    if table.id in TRENDS:
        trend = styles.style(bg_color=DEEP, font_color=WHITE, bold=True, indent=1)
        heads.append({"header": styles.text("trend"), "header_format": trend})
        told = header_help(styles.text("trend"), styles.text("trend_help", count=TRENDS[table.id].rows))
        sheet.data_validation(HEAD, len(columns), HEAD, len(columns), told)
    as_table = {"name": table.id, "style": None, "autofilter": True, "columns": heads}
    sheet.add_table(HEAD, 0, HEAD + look.rows, len(heads) - 1, as_table)
    sheet.freeze_panes(BODY, look.frozen)


def _draw_rows(styles: Styles, sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    look = LOOKS[table.id]
    formats = [body_style(styles, column, look.row_height) for column in columns]
    for row in range(BODY, BODY + look.rows):
        sheet.set_row_pixels(row, look.row_height)
        for i, cell_format in enumerate(formats):
            sheet.write_blank(row, i, None, cell_format)


# --- trends ----------------------------------------------------------------------------------------


def _draw_trends(styles: Styles, sheet: Any, table: Table, column: int) -> None:
    """The last readings of each row as a sparkline; rows that are still to come have theirs ready."""
    block, look = TRENDS[table.id], styles.style(bottom=1, bottom_color=LINE)
    sheet.set_column_pixels(column, column, TREND_WIDTH)
    for row in range(LOOKS[table.id].rows):
        sheet.write_blank(BODY + row, column, None, look)
    for row in range(block.rows):
        draw_trend(sheet, BODY + row, column, trend_row(block, row))


# --- print -----------------------------------------------------------------------------------------


def _set_up_print(sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    """Headers on every page, which is as wide as the table. Of one too wide to be read, the columns that tell how things
    stand; of one that grows to the right, as many pages as it takes.
    """
    look = LOOKS[table.id]
    sheet.repeat_rows(HEAD - 1, HEAD)
    if look.upright:
        sheet.set_portrait()
    names = [column.field.id for column in columns]
    repeated = range(names.index(look.repeated) + 1) if look.repeated else range(0)
    if repeated:
        sheet.repeat_columns(0, repeated[-1])
    if table.months:
        sheet.print_across()
        sheet.set_print_scale(LEAST_SCALE)
        return
    if look.printed is None:
        sheet.fit_to_pages(1, 0)
        return
    first, last = (names.index(field_id) for field_id in look.printed)
    # Excel and LibreOffice print what is repeated before the area, though it lies outside
    shown = [*repeated, *range(first, last + 1)]
    sheet.print_area(0, first, LAST_ROW, last)
    width = sum(columns[i].width for i in shown if not columns[i].folded)
    sheet.set_print_scale(min(100, int(100 * pages.A4_WIDTH / width)))
