"""The planner's template, sheet by sheet. A rebuild gives the same file, part for part, byte for byte."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import xlsxwriter

from okr_workbook.books.design.alignment_sheet import draw_alignment
from okr_workbook.books.design.dashboard_sheet import draw_dashboard
from okr_workbook.books.design.data_sheet import draw_data
from okr_workbook.books.design.settings_sheet import draw_settings
from okr_workbook.books.design.start_sheet import define_links, draw_start
from okr_workbook.books.design.styles import Styles
from okr_workbook.books.design.table_sheets import Places, draw_table
from okr_workbook.books.design.validations import define_lists
from okr_workbook.tables.schema import table

TABLE_ORDER = (
    "objectives", "key_results", "check_ins", "kpis", "measures", "actions", "teams", "members", "settings", "problems", "conflicts", "history",
)  # fmt: skip
"""The sheets of the tables, as the work goes."""

MADE_ON = datetime(2026, 1, 1)  # noqa: DTZ001 (a fixed day, so that a rebuild is the same file)


def planner_bytes(language: str, *, buttons: bool = False) -> bytes:
    """An empty planner (.xlsx) in `language`. `buttons`: its start page has the shapes that macros are bound to."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    styles = Styles(book, language)
    draw_start(styles, buttons=buttons)
    draw_dashboard(styles)
    draw_alignment(styles)
    places: Places = {}
    for table_id in TABLE_ORDER:
        if table_id == "settings":
            draw_settings(styles)
        else:
            places |= draw_table(styles, table(table_id))
    draw_data(styles)
    define_lists(styles, places)
    define_links(styles)
    book.set_properties({"title": styles.text("start.title"), "author": "okr_workbook", "created": MADE_ON})
    book.close()
    return content.getvalue()
