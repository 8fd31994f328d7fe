"""The alignment page: who serves what, as a tree whose depth is a column, so that text steps in without spaces."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from okr_workbook.books.design import pages
from okr_workbook.books.design.styles import CAPTION, PILL, Styles
from okr_workbook.domain.results import STATUSES
from okr_workbook.tables.alignment import TWIG
from okr_workbook.tables.blocks import ALIGNMENT, ALIGNMENT_DEPTH, ALIGNMENT_ROWS
from okr_workbook.tables.palette import DEEP, INK, LINE, MUTED

HEAD = 3
BODY = HEAD + 1
FIRST = 1
LAST = BODY + ALIGNMENT_ROWS - 1
STEP, TEXT_WIDTH = 26, 360
ROW_HEIGHT = 28

_TEAM = FIRST + ALIGNMENT_DEPTH
_OWNER, _SCORE, _EXPECTED, _STATUS, _SERVES = (_TEAM + i for i in range(1, 6))
_WIDTHS = {
    0: 16, **dict.fromkeys(range(FIRST, _TEAM), STEP), _TEAM - 1: TEXT_WIDTH, _TEAM: 180, _OWNER: 166, _SCORE: 140,
    _EXPECTED: 84, _STATUS: 136, _SERVES: 130,
}  # fmt: skip
_HEADS = {
    FIRST: "what", _TEAM: "team", _OWNER: "owner", _SCORE: "score", _EXPECTED: "expected", _STATUS: "status", _SERVES: "serves",
}  # fmt: skip


def draw_alignment(styles: Styles) -> None:
    """Draw the page and name its block."""
    sheet = pages.new_page(styles, styles.page("alignment"), DEEP)
    heading, sentence = styles.text("alignment.title"), styles.text("alignment.subtitle")
    pages.title(styles, sheet, heading, sentence, column=FIRST, indent=0)
    sheet.set_row_pixels(2, 10)
    for column, pixels in _WIDTHS.items():
        sheet.set_column_pixels(column, column, pixels)
    _draw_head(styles, sheet)
    _draw_rows(styles, sheet)
    _add_rules(styles, sheet)
    styles.name_block(ALIGNMENT, sheet, BODY, FIRST)
    sheet.hide_row_col_headers()
    sheet.freeze_panes(BODY, 0)
    sheet.repeat_rows(HEAD)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    pages.protect(sheet)


def _draw_head(styles: Styles, sheet: Any) -> None:
    sheet.set_row_pixels(HEAD, 28)
    for column in range(FIRST, _SERVES + 1):
        looks = {"align": "right" if column in (_SCORE, _EXPECTED) else "left", "indent": int(column >= _TEAM)}
        text = styles.text(f"alignment.{_HEADS[column]}") if column in _HEADS else ""
        sheet.write(HEAD, column, text, styles.style(**CAPTION, bottom=1, bottom_color=INK, **looks))


def _draw_rows(styles: Styles, sheet: Any) -> None:
    quiet = styles.style(font_color=MUTED, indent=1, shrink=True)
    looks = {
        **{column: styles.style() for column in range(FIRST, _TEAM)},
        _TEAM: quiet,
        _OWNER: quiet,
        _SCORE: styles.style(num_format=styles.percent, **PILL | {"align": "right"}),
        _EXPECTED: styles.style(num_format=styles.percent, font_color=MUTED, align="right", indent=1),
        _STATUS: styles.style(**PILL),
        _SERVES: quiet,
    }
    for row in range(BODY, LAST + 1):
        sheet.set_row_pixels(row, ROW_HEIGHT)
        for column, look in looks.items():
            sheet.write_blank(row, column, None, look)


def _add_rules(styles: Styles, sheet: Any) -> None:
    """Statuses are painted, scores have their bar; objectives are bold under a hairline, key results begin with a twig."""
    styles.score_bar(sheet, xl_range(BODY, _SCORE, LAST, _SCORE))
    styles.paint_statuses(sheet, xl_range(BODY, _STATUS, LAST, _STATUS), STATUSES)
    cells = "&".join(f"${xl_rowcol_to_cell(BODY, column)}" for column in range(FIRST, _TEAM))
    objective = f'=AND({cells}<>"",ISERROR(FIND("{TWIG}",{cells})))'
    line: dict[str, Any] = {"top": 1, "top_color": LINE}
    styles.paint_by_formula(sheet, xl_range(BODY, FIRST, LAST, _TEAM - 1), objective, bold=True, **line)
    for first, final in ((_TEAM, _OWNER), (_EXPECTED, _EXPECTED), (_SERVES, _SERVES)):
        styles.paint_by_formula(sheet, xl_range(BODY, first, LAST, final), objective, **line)
