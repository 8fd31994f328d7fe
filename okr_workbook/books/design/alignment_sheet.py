"""The alignment page: who serves what, as a tree whose depth is a column, so that text steps in without spaces."""

from __future__ import annotations

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from okr_workbook.books.design import pages
from okr_workbook.books.design.palette import DEEP, INK, LINE, MUTED
from okr_workbook.books.design.styles import CAPTION, PILL, Styles
from okr_workbook.domain.results import STATUSES
from okr_workbook.tables.alignment import TWIG
from okr_workbook.tables.blocks import ALIGNMENT, ALIGNMENT_DEPTH, ALIGNMENT_ROWS

HEAD = 3
BODY = HEAD + 1
FIRST = 1
STEP, TEXT_WIDTH = 26, 420
ROW_HEIGHT = 28

_TEAM = FIRST + ALIGNMENT_DEPTH
_OWNER, _SCORE, _EXPECTED, _STATUS, _SERVES = (_TEAM + i for i in range(1, 6))
_WIDTHS = {0: 16, _TEAM: 130, _OWNER: 136, _SCORE: 140, _EXPECTED: 84, _STATUS: 136, _SERVES: 130}


def draw_alignment(styles: Styles) -> None:
    """Draw the page and name its block."""
    sheet = pages.new_page(styles, styles.page("alignment"), DEEP)
    pages.title(styles, sheet, styles.text("alignment.title"), styles.text("alignment.subtitle"), column=FIRST, indent=0)
    sheet.set_row_pixels(2, 10)
    for column in range(FIRST, _TEAM):
        sheet.set_column_pixels(column, column, STEP if column < _TEAM - 1 else TEXT_WIDTH - STEP * (ALIGNMENT_DEPTH - 1))
    for column, pixels in _WIDTHS.items():
        sheet.set_column_pixels(column, column, pixels)
    sheet.set_row_pixels(HEAD, 28)
    numbers = {_SCORE, _EXPECTED}
    heads = {FIRST: "what", _TEAM: "team", _OWNER: "owner", _SCORE: "score", _EXPECTED: "expected", _STATUS: "status", _SERVES: "serves"}
    for column in range(FIRST, _SERVES + 1):
        look = {"align": "right"} if column in numbers else {"align": "left"}
        if column >= _TEAM:
            look["indent"] = 1
        text = styles.text(f"alignment.{heads[column]}") if column in heads else ""
        sheet.write(HEAD, column, text, styles.style(**CAPTION, bottom=1, bottom_color=INK, **look))
    quiet = styles.style(font_color=MUTED, indent=1)
    looks = {
        **{column: styles.style() for column in range(FIRST, _TEAM)},
        _TEAM: quiet, _OWNER: quiet, _SERVES: quiet,
        _SCORE: styles.style(num_format=styles.percent, **PILL | {"align": "right"}),
        _EXPECTED: styles.style(num_format=styles.percent, font_color=MUTED, align="right", indent=1),
        _STATUS: styles.style(**PILL),
    }  # fmt: skip
    for row in range(BODY, BODY + ALIGNMENT_ROWS):
        sheet.set_row_pixels(row, ROW_HEIGHT)
        for column, look in looks.items():
            sheet.write_blank(row, column, None, look)
    last = BODY + ALIGNMENT_ROWS - 1
    _mark_objectives(styles, sheet, last)
    styles.score_bar(sheet, xl_range(BODY, _SCORE, last, _SCORE))
    styles.paint_statuses(sheet, xl_range(BODY, _STATUS, last, _STATUS), STATUSES)
    styles.name_block(ALIGNMENT, sheet, BODY, FIRST)
    sheet.hide_row_col_headers()
    sheet.freeze_panes(BODY, 0)
    sheet.repeat_rows(HEAD)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    pages.protect(sheet)


def _mark_objectives(styles: Styles, sheet: object, last: int) -> None:
    """Objectives are bold under a hairline; a key result begins with a twig."""
    cells = "&".join(f"${xl_rowcol_to_cell(BODY, column)}" for column in range(FIRST, _TEAM))
    objective = f'=AND({cells}<>"",ISERROR(FIND("{TWIG}",{cells})))'
    line = {"top": 1, "top_color": LINE}
    styles.paint_by_formula(sheet, xl_range(BODY, FIRST, last, _TEAM - 1), objective, bold=True, **line)
    for first, final in ((_TEAM, _OWNER), (_EXPECTED, _EXPECTED), (_SERVES, _SERVES)):
        styles.paint_by_formula(sheet, xl_range(BODY, first, last, final), objective, **line)
