"""The planner's template, sheet by sheet. A rebuild gives the same file, part for part, byte for byte."""

from __future__ import annotations

from datetime import datetime

import xlsxwriter

from okr_workbook.books.design.settings_sheet import draw_settings
from okr_workbook.books.design.styles import Styles
from okr_workbook.books.design.table_sheets import Places, draw_table
from okr_workbook.books.design.validations import define_lists
from okr_workbook.tables.schema import SCHEMA_VERSION, table

SHEET_ORDER = (
    "objectives", "key_results", "check_ins", "kpis", "measures", "actions", "teams", "members", "settings", "problems", "history",
)  # fmt: skip
MADE_ON = datetime(2026, 1, 1)  # noqa: DTZ001 (a fixed day, so that a rebuild is the same file)


def build_planner(path: str, language: str) -> None:
    """Write an empty planner in `language` to `path`."""
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    styles = Styles(book, language)
    places: Places = {}
    for table_id in SHEET_ORDER:
        if table_id == "settings":
            draw_settings(styles)
        else:
            places |= draw_table(styles, table(table_id))
    define_lists(styles, places)
    book.define_name("okr_schema", f"={SCHEMA_VERSION}")
    book.set_properties({"title": "OKR planner", "author": "okr_workbook", "created": MADE_ON})
    book.close()
