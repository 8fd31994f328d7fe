"""What every sheet of a team's workbook has in common."""

from __future__ import annotations

from okr_workbook.books.team.layout import LIST_FIRST, Layout
from okr_workbook.books.team.looks import SUBTITLE, TITLE
from okr_workbook.books.team.model import Sheet
from okr_workbook.tables.palette import LINE


def new_list(layout: Layout, title: str, heading: str, caption: str) -> Sheet:
    """A sheet with a heading, a sentence under it, and room for one table from the row before LIST_FIRST on."""
    sheet = Sheet(title, tab_color=LINE)
    sheet.widths[1] = 20
    sheet.heights |= {1: 8, 2: 26, 3: 17, 4: 12, LIST_FIRST - 1: 30}
    sheet.put(2, 2, heading, TITLE)
    sheet.put(3, 2, f"{layout.plan.team} · {caption}", SUBTITLE)
    sheet.print_titles = f"{LIST_FIRST - 1}:{LIST_FIRST - 1}"
    return sheet
