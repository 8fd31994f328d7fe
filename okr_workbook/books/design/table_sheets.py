"""One sheet a table: a title, who fills what, headers with their help, and blank styled rows in an Excel table.

The sheets of input tables are not protected: Excel does not grow a table on a protected sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell

from okr_workbook.books.design import number_formats, pages
from okr_workbook.books.design.charts import draw_trend
from okr_workbook.books.design.columns import LOOKS, Column, columns_of
from okr_workbook.books.design.data_sheet import trend_row
from okr_workbook.books.design.palette import ACCENT, BAR, DEEP, LINE, MUTED, SEVERITY_PAINT, STALE, TINT, WHITE
from okr_workbook.books.design.picker import draw_picker
from okr_workbook.books.design.styles import Styles
from okr_workbook.books.design.validations import LISTS, UNITS_OF, cell_rule, head_help, unit_of
from okr_workbook.tables.blocks import KEY_RESULT_TRENDS, KPI_TRENDS
from okr_workbook.tables.schema import Table

HEAD = 3
"""The row of the headers, from 0; the body starts under it."""

BODY = HEAD + 1
LOW_CONFIDENCE = 3
MONTH_COLUMNS = 60
"""Columns ready for months, at the right of the table `measures`: they look like input once they have a header."""

TREND_WIDTH = 116
TRENDS = {"key_results": KEY_RESULT_TRENDS, "kpis": KPI_TRENDS}
"""Tables with a sparkline at the end of each row. The column is the sheet's own: no rule reads it."""

MOST_SHRUNK = 1.75
"""A table up to so many times as wide as the page is printed on one."""

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
    _add_rules(styles, sheet, table, columns)
    if table.id == "kpis":
        draw_picker(styles, sheet)
    if table.id in TRENDS:
        _draw_trends(styles, sheet, table, len(columns))
    if table.months:
        _prepare_months(styles, sheet, table, columns)
    _set_up_print(sheet, table, columns)
    if table.computed:
        pages.protect(sheet)
    return {
        (table.id, column.field.id): (name, xl_col_to_name(i), BODY + 1, LOOKS[table.id].last_row)
        for i, column in enumerate(columns)
        if (table.id, column.field.id) in LISTS or (table.id in UNITS_OF and column.field.id == "unit")
    }


def head_style(styles: Styles, column: Column) -> Any:
    """A header's look: blue over what people fill in, deep over what Refresh writes."""
    return styles.style(
        bg_color=DEEP if column.field.computed else ACCENT,
        font_color=WHITE, bold=True, text_wrap=True, **_alignment(column, beside_button=1),
    )  # fmt: skip


def body_style(styles: Styles, column: Column) -> Any:
    """A body cell's look, by who fills it and what it holds."""
    looks: dict[str, Any] = {"bottom": 1, "bottom_color": LINE, **_alignment(column)}
    if not column.field.computed:
        looks |= {"bg_color": TINT, "bottom_color": BAR}
    if column.quiet:
        looks["font_color"] = MUTED
    if column.field.type == "link":
        looks |= {"font_color": ACCENT, "underline": 1}
    if column.strong:
        looks["bold"] = True
    if column.align == "left" and column.width >= 280:
        looks["text_wrap"] = True
    number_format = _number_format(styles, column)
    if number_format:
        looks["num_format"] = number_format
    return styles.style(**looks)


def _alignment(column: Column, beside_button: int = 0) -> dict[str, Any]:
    """A header's right edge leaves room for the filter's button."""
    if column.align == "center":
        return {"align": "center"}
    return {"align": column.align, "indent": 1 + (beside_button if column.align == "right" else 0)}


def _number_format(styles: Styles, column: Column) -> str:
    field = column.field
    if field.type == "date":
        return styles.date
    if field.id == "gap":
        return number_formats.gap(styles.language)
    if field.type == "share" or field.id == "score":
        return styles.percent
    # Ids and formulas stay what was typed: 001 is not 1, 1E5 not 100000, =a/b not a formula of Excel's.
    return number_formats.TEXT if field.id in ("id", "formula", "period") else ""


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
    heads = [
        {"header": styles.labels.field(table.id, column.field.id), "header_format": head_style(styles, column)}
        for column in columns
    ]
    if table.id in TRENDS:
        trend = styles.style(bg_color=DEEP, font_color=WHITE, bold=True, indent=1)
        heads.append({"header": styles.text("trend"), "header_format": trend})
    as_table = {"name": table.id, "style": None, "autofilter": True, "columns": heads}
    sheet.add_table(HEAD, 0, HEAD + look.rows, len(heads) - 1, as_table)
    sheet.freeze_panes(BODY, look.frozen)


def _draw_rows(styles: Styles, sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    look = LOOKS[table.id]
    formats = [body_style(styles, column) for column in columns]
    for row in range(BODY, BODY + look.rows):
        sheet.set_row_pixels(row, look.row_height)
        for i, cell_format in enumerate(formats):
            sheet.write_blank(row, i, None, cell_format)


def _add_rules(styles: Styles, sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    last = LOOKS[table.id].last_row - 1
    for i, column in enumerate(columns):
        rule = cell_rule(styles, table, column.field)
        if rule:
            sheet.data_validation(BODY, i, last, i, rule)
        _paint(styles, sheet, column, i, last)
    where = {column.field.id: i for i, column in enumerate(columns)}
    by_unit = [i for i, column in enumerate(columns) if column.field.by_unit]
    if by_unit:
        area = " ".join(xl_range(BODY, first, last, final) for first, final in _runs(by_unit))
        styles.formats_by_unit(sheet, area, xl_rowcol_to_cell(BODY, by_unit[0]), _unit_of_row(where))
    if table.id == "history":
        _format_history(styles, sheet, where, last)


def _unit_of_row(where: dict[str, int]) -> str:
    """The first body row's unit as a formula: its own, or that of the key result it names."""
    if "unit" in where:
        return f"${xl_col_to_name(where['unit'])}{BODY + 1}"
    return unit_of("key_results", f"${xl_col_to_name(where['key_result'])}{BODY + 1}")


def _format_history(styles: Styles, sheet: Any, where: dict[str, int], last: int) -> None:
    """Scores are shares; a KPI's value is in its own unit."""
    level, name = (f"${xl_col_to_name(where[field])}{BODY + 1}" for field in ("level", "id"))
    area = xl_range(BODY, where["score"], last, where["score"])
    is_kpi = f'{level}="{styles.labels.choice("kpi")}"'
    styles.formats_by_unit(sheet, area, xl_rowcol_to_cell(BODY, where["score"]), unit_of("kpis", name), only_if=is_kpi)


def _paint(styles: Styles, sheet: Any, column: Column, index: int, last: int) -> None:
    field, cell, area = column.field, xl_rowcol_to_cell(BODY, index), xl_range(BODY, index, last, index)
    if field.id == "status":
        styles.paint_statuses(sheet, area, field.choices)
    elif column.is_bar:
        styles.score_bar(sheet, area)
    elif field.id == "confidence":
        low = f'=AND({cell}<>"",{cell}<={LOW_CONFIDENCE})'
        styles.paint_by_formula(sheet, area, low, font_color=STALE.text, bold=True)
    elif field.id == "updated_on":
        late = f"=AND(ISNUMBER({cell}),N(okr_stale_after)>0,okr_as_of-{cell}>okr_stale_after)"
        styles.paint_by_formula(sheet, area, late, STALE, num_format=number_formats.date(styles.language, "! "))
    elif field.id == "severity":
        for severity, paint in SEVERITY_PAINT.items():
            styles.paint_by_formula(sheet, area, f'={cell}="{styles.labels.choice(severity)}"', paint)


def _runs(indices: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of neighbours."""
    for _, run in groupby(enumerate(indices), key=lambda pair: pair[1] - pair[0]):
        members = [index for _, index in run]
        yield members[0], members[-1]


# --- trends ----------------------------------------------------------------------------------------


def _draw_trends(styles: Styles, sheet: Any, table: Table, column: int) -> None:
    """The last readings of each row as a sparkline; rows that are still to come have theirs ready."""
    block, look = TRENDS[table.id], styles.style(bottom=1, bottom_color=LINE)
    sheet.set_column_pixels(column, column, TREND_WIDTH)
    for row in range(LOOKS[table.id].rows):
        sheet.write_blank(BODY + row, column, None, look)
    for row in range(block.rows):
        draw_trend(sheet, BODY + row, column, trend_row(block, row))


# --- months ----------------------------------------------------------------------------------------


def _prepare_months(styles: Styles, sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    """Make the columns at the right of the table look like input as soon as a month heads them."""
    look, first = LOOKS[table.id], len(columns)
    final = first + MONTH_COLUMNS - 1
    sheet.set_column_pixels(first, final, 94)
    head = xl_rowcol_to_cell(HEAD, first, row_abs=True)
    unit = next(i for i, column in enumerate(columns) if column.field.id == "unit")
    plain = styles.style(align="right", indent=1)
    for column in range(first, final + 1):
        sheet.write_blank(HEAD, column, None, styles.style(align="right", indent=2, bold=True, num_format="@"))
        for row in range(BODY, BODY + look.rows):
            sheet.write_blank(row, column, None, plain)
    styles.paint_by_formula(
        sheet, xl_range(HEAD, first, HEAD, final), f'={head}<>""', font_color=WHITE, bg_color=ACCENT, bold=True
    )
    area, cell = xl_range(BODY, first, look.last_row - 1, final), xl_rowcol_to_cell(BODY, first)
    has_month = f'{head}<>""'
    fill = {"bg_color": TINT, "bottom": 1, "bottom_color": BAR}
    styles.formats_by_unit(sheet, area, cell, f"${xl_col_to_name(unit)}{BODY + 1}", only_if=has_month, **fill)


# --- print -----------------------------------------------------------------------------------------


def _set_up_print(sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    """Headers on every page. A table too wide for one page is cut where the computed columns begin, names repeated."""
    sheet.repeat_rows(HEAD - 1, HEAD)
    shown = [0 if column.folded else column.width for column in columns]
    frozen = LOOKS[table.id].frozen
    first_computed = next((i for i, column in enumerate(columns) if column.field.computed), len(columns))
    if table.months or sum(shown) <= pages.A4_WIDTH * MOST_SHRUNK or not frozen:
        sheet.fit_to_pages(1, 0)
        return
    widest = max(sum(shown[:first_computed]), sum(shown[:frozen]) + sum(shown[first_computed:]) + TREND_WIDTH)
    sheet.repeat_columns(0, frozen - 1)
    sheet.set_v_pagebreaks([first_computed])
    sheet.set_print_scale(int(100 * pages.A4_WIDTH / widest))
