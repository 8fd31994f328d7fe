"""What every sheet of the planner has in common: page set-up, footer, title, who may type where."""

from __future__ import annotations

from typing import Any

from okr_workbook.books.design.styles import Styles
from okr_workbook.tables.palette import LINE, MUTED

A4 = 9
SIDE = 0.25  # inches at the left and right of a page: what Excel calls narrow margins
A4_WIDTH = 985  # pixels of 1/96 inch that surely fit between them, landscape: 1074, less what columns gain on paper


def new_page(styles: Styles, name: str, tab: str = LINE) -> Any:
    """A worksheet without grid lines, A4 landscape, with the file's name, the sheet's and the page's number at its foot."""
    sheet = styles.book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(tab)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=SIDE, right=SIDE, top=0.4, bottom=0.55)
    sheet.set_footer(f"&L&8&K{MUTED[1:]}&F&C&8&K{MUTED[1:]}&A&R&8&K{MUTED[1:]}&P / &N", {"margin": 0.25})
    return sheet


def protect(sheet: Any) -> None:
    """Guard a sheet that Refresh alone writes. No password: whoever wants to restyle it may."""
    allowed = ("format_columns", "format_rows", "sort", "autofilter", "select_locked_cells", "select_unlocked_cells")
    sheet.protect("", dict.fromkeys(allowed, True))


def title(styles: Styles, sheet: Any, text: str, subtitle: str, *, column: int = 0, indent: int = 1) -> None:
    """The page's title and the sentence under it, in the first two rows."""
    looks = {"indent": indent} if indent else {}
    sheet.set_row_pixels(0, 36)
    sheet.set_row_pixels(1, 20)
    sheet.write(0, column, text, styles.style(font_size=20, bold=True, **looks))
    sheet.write(1, column, subtitle, styles.style(font_color=MUTED, **looks))
