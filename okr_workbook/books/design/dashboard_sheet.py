"""The dashboard: one A4 landscape page that a leader reads in a minute, alerts first.

Every figure is a cell that Refresh fills through its named range.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from okr_workbook.books.design import charts, data_sheet, number_formats
from okr_workbook.books.design.dashboard_grid import (
    ALERTS,
    GOALS,
    INDENTED,
    LAST,
    LEFT,
    MIDDLE,
    NOTE,
    RIGHT,
    RIGHT_INDENTED,
    RULE,
    SUBTITLE,
    TEAMS,
    TILES,
    TITLE,
    Page,
    at,
    row_height,
    width,
)
from okr_workbook.books.design.number_formats import quoted
from okr_workbook.books.design.styles import CAPTION, PILL, Styles
from okr_workbook.domain.results import KPI_STATUSES, STATUSES
from okr_workbook.labels import STATUS_SYMBOLS
from okr_workbook.tables import blocks
from okr_workbook.tables.alignment import TWIG
from okr_workbook.tables.blocks import Block
from okr_workbook.tables.palette import ACCENT, DEEP, MUTED, ON_DEEP, STALE, STATUS_PAINT, SURFACE, WHITE

LINKED: dict[str, Any] = {**CAPTION, "font_color": ACCENT}


def draw_dashboard(styles: Styles) -> None:
    """Draw the page and name its blocks."""
    page = Page(styles)
    _header(page)
    _score_card(page)
    _alerts(page)
    _tiles(page)
    _pace(page)
    _counts(page)
    _teams(page)
    _objectives(page)
    _changes(page)


def _header(page: Page) -> None:
    styles = page.styles
    page.sheet.write(TITLE, 1, styles.text("dashboard.title"), styles.style(font_size=20, bold=True))
    page.block(blocks.HEADLINE, SUBTITLE, 1, at(2, 2), font_color=MUTED, shrink=True)
    page.block(blocks.ERRORS, NOTE, 1, at(2, 2), font_color=STATUS_PAINT["at_risk"].fill, bold=True)
    page.block(blocks.COMPANY, TITLE, at(3), LAST, font_size=13, bold=True, align="right", valign="bottom")
    page.block(blocks.PERIOD, SUBTITLE, at(3), at(4, 2), font_color=MUTED, align="right")
    as_of = number_formats.date(styles.language, styles.text("dashboard.as_of"))
    page.block(blocks.AS_OF, SUBTITLE, at(5), LAST, font_color=MUTED, align="right", num_format=as_of)
    looking_back = number_formats.date(styles.language, styles.text("dashboard.looking_back"))
    page.block(
        blocks.LOOKING_BACK,
        NOTE,
        at(3),
        LAST,
        num_format=looking_back,
        align="right",
        font_color=STALE.text,
        bold=True,
    )


def _score_card(page: Page) -> None:
    styles, first, last = page.styles, at(0), at(0, 2)
    quiet: dict[str, Any] = {"bg_color": DEEP, "font_color": ON_DEEP, "indent": 1}
    white = {**quiet, "font_color": WHITE}
    page.put(ALERTS, first, last, styles.text("dashboard.score"), **quiet)
    big = styles.style(**white, font_size=40, bold=True, num_format=styles.percent, align="left")
    page.sheet.merge_range(ALERTS + 1, first, ALERTS + 2, last, "", big)
    styles.name_block(blocks.COMPANY_SCORE, page.sheet, ALERTS + 1, first)
    expected = styles.percent + quoted(styles.text("dashboard.expected_today"))
    not_yet = styles.text("dashboard.not_yet_score")
    page.block(
        blocks.COMPANY_EXPECTED, ALERTS + 3, first, last, until=not_yet, **white, num_format=expected, align="left"
    )
    page.block(blocks.COMPANY_STATUS, ALERTS + 4, first, at(0, 1), **white, bold=True)
    forecast = quoted(styles.text("dashboard.forecast")) + styles.percent
    right = {**quiet, "align": "right"}
    page.block(blocks.COMPANY_FORECAST, ALERTS + 4, last, last, **right, num_format=forecast)
    confidence = quoted(styles.text("dashboard.confidence")) + '0.0" / 10"'
    page.block(blocks.COMPANY_CONFIDENCE, ALERTS + 5, first, last, **quiet, num_format=confidence, align="left")


def _alerts(page: Page) -> None:
    text, action, owner, due = at(1, 1), at(3), at(4, 2), at(5, 2)
    page.head(
        ALERTS, at(1), LAST, "alerts", (action, at(4, 1), "to_do", LEFT), (owner, at(5, 1), "owner", INDENTED),
        (due, LAST, "due", RIGHT),
    )  # fmt: skip
    row = ALERTS + 1
    page.block(blocks.ALERTS_SYMBOL, row, at(1), at(1), bold=True, **PILL | {"align": "center", "indent": 0})
    not_yet = page.styles.text("dashboard.not_yet")
    page.block(blocks.ALERTS_TEXT, row, text, at(2, 2), until=not_yet, indent=1, text_wrap=True)
    page.block(blocks.ALERTS_ACTION, row, action, at(4, 1), font_color=MUTED, text_wrap=True)
    page.block(blocks.ALERTS_OWNER, row, owner, at(5, 1), indent=1, shrink=True)
    page.block(
        blocks.ALERTS_DUE, row, due, LAST, num_format=number_formats.short_date(page.styles.language), align="right"
    )
    day = xl_rowcol_to_cell(row, due, col_abs=True)
    days = xl_range(row, due, row + blocks.ALERT_ROWS - 1, LAST)
    overdue = number_formats.short_date(page.styles.language, "! ")
    page.styles.paint_by_formula(
        page.sheet, days, f"=AND(ISNUMBER({day}),{day}<{blocks.AS_OF.name})", STALE, num_format=overdue
    )
    page.block(blocks.ALERTS_MORE, ALERTS + blocks.ALERT_ROWS + 1, at(1, 1), at(2, 3), **LINKED, indent=1)
    page.styles.paint_statuses(
        page.sheet, xl_range(row, at(1), row + blocks.ALERT_ROWS - 1, at(1)), STATUSES + KPI_STATUSES
    )


def _tiles(page: Page) -> None:
    page.head(TILES, at(0), LAST, "kpis", (at(3, 2), LAST, "trend", RIGHT))
    page.block(blocks.TILES_MORE, TILES, at(1), at(2, 2), **LINKED, **RULE)
    for number in range(blocks.TILE_COUNT):
        _tile(page, number)
    first, last = at(0), LAST
    page.styles.paint_statuses(page.sheet, xl_range(TILES + 4, first, TILES + 4, last), KPI_STATUSES)


def _tile(page: Page, number: int) -> None:
    """One KPI: its name, its value with the trend beside it, how it moved, its status. A card only where there is one."""
    styles, sheet, first, last, top = page.styles, page.sheet, at(number), at(number, 2), TILES + 1
    page.put(top, first, last, None, indent=1, text_wrap=True)
    page.put(top + 1, first, first + 1, None, font_size=18, bold=True, indent=1, shrink=True)
    page.put(top + 2, first, last, None, **CAPTION, indent=1, shrink=True)
    page.put(top + 3, first, last, None, indent=1)
    charts.draw_trend(sheet, top + 1, last, data_sheet.trend_row(blocks.TILE_TRENDS, number))
    styles.name_block(blocks.TILES[number], sheet, top, first)
    filled = f'{xl_rowcol_to_cell(top, first, row_abs=True, col_abs=True)}<>""'
    for row, left in ((top, first), (top + 1, last), (top + 2, first)):
        styles.paint_by_formula(sheet, xl_range(row, left, row, last), f"={filled}", bg_color=SURFACE)
    value, unit = xl_range(top + 1, first, top + 1, first + 1), f"INDEX({blocks.TILE_UNITS.name},{number + 1})"
    cell = xl_rowcol_to_cell(top + 1, first, row_abs=True, col_abs=True)
    styles.formats_by_unit(sheet, value, cell, unit, only_if=filled, bg_color=SURFACE)


def _pace(page: Page) -> None:
    page.head(MIDDLE, at(0), at(2, 2), "pace")
    height = sum(row_height(row) for row in range(MIDDLE + 1, GOALS - 1))
    charts.draw_pace(page.styles, page.sheet, (MIDDLE + 1, at(0)), (width(at(0), at(2, 2)), height))


def _counts(page: Page) -> None:
    """How many key results have each status: six cells of one width."""
    page.head(MIDDLE, at(3), LAST, "counts")
    for position, (status, block) in enumerate(blocks.STATUS_COUNTS.items()):
        group, half = 3 + position // 2, position % 2
        first, last = (at(group), at(group, 1)) if half == 0 else (at(group, 2), at(group, 2))
        paint = STATUS_PAINT[status]
        shown = quoted(f"{STATUS_SYMBOLS[status]}  ") + "0"
        looks: dict[str, Any] = {
            "font_size": 13,
            "bold": True,
            "align": "center",
            "num_format": shown,
            "right": 5,
            "right_color": WHITE,
        }
        page.block(block, MIDDLE + 2, first, last, **looks, font_color=paint.text, bg_color=paint.fill)
        page.put(MIDDLE + 3, first, last, page.styles.labels.choice(status), **CAPTION, align="center")


def _teams(page: Page) -> None:
    name, bars, score, status = at(3), at(4), at(5), at(5, 1)
    page.head(
        TEAMS, name, LAST, "teams", (bars, at(4, 2), "bullet", LEFT), (score, score, "score_head", RIGHT_INDENTED),
        (status, LAST, "status", INDENTED),
    )  # fmt: skip
    row = TEAMS + 1
    page.block(blocks.TEAMS_TEAM, row, name, at(3, 2), shrink=True)
    _paint_link(page, xl_range(row, name, row + blocks.TEAM_ROWS - 1, at(3, 2)))
    page.block(blocks.TEAMS_SCORE, row, score, score, num_format=page.styles.percent, bold=True, **RIGHT_INDENTED)
    page.block(blocks.TEAMS_STATUS, row, status, LAST, **PILL)
    page.styles.paint_statuses(page.sheet, xl_range(row, status, row + blocks.TEAM_ROWS - 1, LAST), STATUSES)
    _bullets(page, blocks.TEAM_BULLETS, row, (bars, at(4, 2)), "teams_alt")


def _objectives(page: Page) -> None:
    team, bars, score, expected, status = at(1, 2), at(2), at(3), at(3, 1), at(3, 2)
    page.head(
        GOALS, at(0), at(3, 2), "objectives", (team, team, "team", INDENTED), (bars, at(2, 2), "bullet", LEFT),
        (score, score, "score_head", RIGHT_INDENTED), (expected, expected, "expected", RIGHT_INDENTED), (status, status, "status", INDENTED),
    )  # fmt: skip
    row = GOALS + 1
    page.block(blocks.OBJECTIVES_OBJECTIVE, row, at(0), at(1, 1), shrink=True)
    page.block(blocks.OBJECTIVES_TEAM, row, team, team, font_color=MUTED, indent=1, shrink=True)
    page.block(blocks.OBJECTIVES_SCORE, row, score, score, num_format=page.styles.percent, bold=True, **RIGHT_INDENTED)
    page.block(
        blocks.OBJECTIVES_EXPECTED,
        row,
        expected,
        expected,
        num_format=page.styles.percent,
        font_color=MUTED,
        **RIGHT_INDENTED,
    )
    page.block(blocks.OBJECTIVES_STATUS, row, status, status, **PILL)
    page.styles.paint_statuses(page.sheet, xl_range(row, status, row + blocks.OBJECTIVE_ROWS - 1, status), STATUSES)
    area = xl_range(row, at(0), row + blocks.OBJECTIVE_ROWS - 1, at(1, 1))
    _paint_link(page, area)
    name = f"${xl_rowcol_to_cell(row, at(0))}"
    top = f'AND(LEFT({name},{len(TWIG)})<>"{TWIG}",RIGHT({name})<>"{blocks.ARROW}")'
    page.styles.paint_by_formula(page.sheet, area, f"={top}", bold=True)
    _bullets(page, blocks.OBJECTIVE_BULLETS, row, (bars, at(2, 2)), "objectives_alt")


def _bullets(page: Page, block: Block, row: int, columns: tuple[int, int], key: str) -> None:
    height = sum(row_height(row + i) for i in range(block.rows))
    description = page.styles.text(f"dashboard.{key}")
    size = (width(*columns), height)
    charts.draw_bullets(page.styles, page.sheet, block, place=(row, columns[0]), size=size, description=description)


def _changes(page: Page) -> None:
    page.head(GOALS, at(4), LAST, "changes")
    since = number_formats.short_date(page.styles.language, page.styles.text("dashboard.since"))
    page.block(blocks.CHANGES_SINCE, GOALS, at(5), LAST, **CAPTION, num_format=since, align="right", **RULE)
    row = GOALS + 1
    page.block(blocks.CHANGES_SYMBOL, row, at(4), at(4), align="center", bold=True, font_color=MUTED)
    page.block(blocks.CHANGES_TEXT, row, at(4, 1), LAST, shrink=True)
    _paint_link(page, xl_range(row, at(4, 1), row + blocks.CHANGE_ROWS - 1, LAST))


def _paint_link(page: Page, area: str) -> None:
    """Give the line that leads to the rest the look of a link: the first rule of its area, for it is no name."""
    first = area.partition(":")[0]
    page.styles.paint_by_formula(page.sheet, area, f'=RIGHT(${first})="{blocks.ARROW}"', font_color=ACCENT)
