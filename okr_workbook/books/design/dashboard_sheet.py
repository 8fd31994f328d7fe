"""The dashboard: one A4 landscape page that a leader reads in a minute, alerts first.

Six groups of three columns carry it. Every figure is a cell that Refresh fills through its named range.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from okr_workbook.books.design import charts, data_sheet, number_formats, pages
from okr_workbook.books.design.number_formats import quoted
from okr_workbook.books.design.palette import (
    DEEP,
    LINE,
    MUTED,
    ON_DEEP,
    STALE,
    STATUS_PAINT,
    SURFACE,
    WHITE,
)
from okr_workbook.books.design.styles import CAPTION, PILL, Styles
from okr_workbook.domain.results import KPI_STATUSES, STATUSES
from okr_workbook.labels import STATUS_SYMBOLS
from okr_workbook.tables import blocks
from okr_workbook.tables.alignment import TWIG
from okr_workbook.tables.blocks import Block

MARGIN = 16
GROUP = (52, 52, 112, 14)  # three columns and a gutter, in pixels
GROUPS = 6
RULE = {"bottom": 1, "bottom_color": LINE}

TITLE, SUBTITLE, NOTE = 1, 2, 3
ALERTS = 4
TILES = ALERTS + blocks.ALERT_ROWS + 2
MIDDLE = TILES + 6
TEAMS = MIDDLE + 4
GOALS = TEAMS + blocks.TEAM_ROWS + 2
END = GOALS + blocks.OBJECTIVE_ROWS
"""The header row of each part, from 0, and the last row of the page."""

ROW_HEIGHTS = {
    0: 8, TITLE: 34, SUBTITLE: 20, NOTE: 22, ALERTS: 28,
    **{ALERTS + 1 + i: 30 for i in range(blocks.ALERT_ROWS)},
    TILES - 1: 16, TILES: 28, TILES + 1: 28, TILES + 2: 40, TILES + 3: 24, TILES + 4: 26,
    MIDDLE - 1: 16, MIDDLE: 26, MIDDLE + 1: 6, MIDDLE + 2: 34, MIDDLE + 3: 22, TEAMS: 30,
    GOALS - 1: 16, GOALS: 26,
}  # fmt: skip
ROW_HEIGHT = 24


def at(group: int, column: int = 0) -> int:
    """The sheet's column of a group's column."""
    return 1 + len(GROUP) * group + column


Caption = tuple[int, int, str, dict[str, Any]]
"""A small heading: its first and last column, its key in the labels, its looks."""

LEFT: dict[str, Any] = {"align": "left"}
INDENTED: dict[str, Any] = {"indent": 1}
RIGHT: dict[str, Any] = {"align": "right"}
RIGHT_INDENTED: dict[str, Any] = {"align": "right", "indent": 1}

LAST = at(GROUPS - 1, 2)


def row_height(row: int) -> int:
    """A row's height in pixels."""
    return ROW_HEIGHTS.get(row, ROW_HEIGHT)


def width(first: int, last: int) -> int:
    """The pixels from one column to another, both included."""
    return sum(GROUP[(column - 1) % len(GROUP)] for column in range(first, last + 1))


class DashboardSheet:
    """The sheet being drawn: blocks are put into merged cells, row by row, and named by their first column."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.sheet = pages.new_page(styles, styles.page("dashboard"), DEEP)

    def draw(self) -> None:
        """Draw the whole page."""
        self._set_up()
        self._header()
        self._score_card()
        self._alerts()
        self._tiles()
        self._pace()
        self._counts()
        self._teams()
        self._objectives()
        self._changes()

    # --- the grid ---

    def _set_up(self) -> None:
        sheet = self.sheet
        sheet.set_column_pixels(0, 0, MARGIN)
        for column in range(1, LAST + 2):
            sheet.set_column_pixels(column, column, GROUP[(column - 1) % len(GROUP)])
        for row in range(END + 1):
            sheet.set_row_pixels(row, row_height(row))
        sheet.hide_row_col_headers()
        sheet.print_area(0, 1, END, LAST)
        sheet.fit_to_pages(1, 1)
        sheet.center_horizontally()
        sheet.set_zoom(90)
        pages.protect(sheet)

    def _put(self, row: int, first: int, last: int, value: Any, **looks: Any) -> None:
        look = self.styles.style(**looks)
        if first < last:
            self.sheet.merge_range(row, first, row, last, "", look)
        if value is None:
            self.sheet.write_blank(row, first, None, look)
        else:
            self.sheet.write(row, first, value, look)

    def _block(self, block: Block, row: int, first: int, last: int, **looks: Any) -> None:
        """A named column of empty cells, each merged from `first` to `last`."""
        for offset in range(block.rows):
            self._put(row + offset, first, last, None, **looks)
        self.styles.name_block(block, self.sheet, row, first)

    def _head(self, row: int, first: int, last: int, key: str, *captions: Caption) -> None:
        """A part's title on a hairline, and captions over its columns."""
        for column in range(first, last + 1):
            self.sheet.write_blank(row, column, None, self.styles.style(**RULE))
        self.sheet.write(
            row, first, self.styles.text(f"dashboard.{key}"), self.styles.style(font_size=12, bold=True, **RULE)
        )
        for start, stop, caption, looks in captions:
            self._put(row, start, stop, self.styles.text(f"dashboard.{caption}"), **CAPTION, **RULE, **looks)

    # --- parts ---

    def _header(self) -> None:
        styles = self.styles
        self.sheet.write(TITLE, 1, styles.text("dashboard.title"), styles.style(font_size=20, bold=True))
        self._block(blocks.HEADLINE, SUBTITLE, 1, at(2, 2), font_color=MUTED)
        self._block(blocks.COMPANY, TITLE, at(3), LAST, font_size=13, bold=True, align="right", valign="bottom")
        self._block(blocks.PERIOD, SUBTITLE, at(3), at(4, 2), font_color=MUTED, align="right")
        as_of = number_formats.date(styles.language, styles.text("dashboard.as_of"))
        self._block(blocks.AS_OF, SUBTITLE, at(5), LAST, font_color=MUTED, align="right", num_format=as_of)
        looking_back = number_formats.date(styles.language, styles.text("dashboard.looking_back"))
        self._block(
            blocks.LOOKING_BACK,
            NOTE,
            at(3),
            LAST,
            num_format=looking_back,
            align="right",
            font_color=STALE.text,
            bold=True,
        )

    def _score_card(self) -> None:
        styles, first, last = self.styles, at(0), at(0, 2)
        quiet = {"bg_color": DEEP, "font_color": ON_DEEP, "indent": 1}
        white = {**quiet, "font_color": WHITE}
        self._put(ALERTS, first, last, styles.text("dashboard.score"), **quiet)
        big = styles.style(**white, font_size=40, bold=True, num_format=styles.percent, align="left")
        self.sheet.merge_range(ALERTS + 1, first, ALERTS + 2, last, "", big)
        styles.name_block(blocks.COMPANY_SCORE, self.sheet, ALERTS + 1, first)
        expected = styles.percent + quoted(styles.text("dashboard.expected_today"))
        self._block(blocks.COMPANY_EXPECTED, ALERTS + 3, first, last, **white, num_format=expected, align="left")
        self._block(blocks.COMPANY_STATUS, ALERTS + 4, first, at(0, 1), **white, bold=True)
        forecast = quoted(styles.text("dashboard.forecast")) + styles.percent
        right = {**quiet, "align": "right"}
        self._block(blocks.COMPANY_FORECAST, ALERTS + 4, last, last, **right, num_format=forecast)
        confidence = quoted(styles.text("dashboard.confidence")) + '0.0" / 10"'
        self._block(blocks.COMPANY_CONFIDENCE, ALERTS + 5, first, last, **quiet, num_format=confidence, align="left")

    def _alerts(self) -> None:
        text, action, owner, due = at(1, 1), at(3), at(4, 2), at(5, 2)
        self._head(
            ALERTS, at(1), LAST, "alerts", (action, at(4, 1), "to_do", LEFT), (owner, at(5, 1), "owner", INDENTED),
            (due, LAST, "due", RIGHT),
        )  # fmt: skip
        row = ALERTS + 1
        self._block(blocks.ALERTS_SYMBOL, row, at(1), at(1), bold=True, **PILL | {"align": "center", "indent": 0})
        self._block(blocks.ALERTS_TEXT, row, text, at(2, 3), indent=1)
        self._block(blocks.ALERTS_ACTION, row, action, at(4, 1), font_color=MUTED)
        self._block(blocks.ALERTS_OWNER, row, owner, at(5, 1), indent=1)
        self._block(
            blocks.ALERTS_DUE, row, due, LAST, num_format=number_formats.short_date(self.styles.language), align="right"
        )
        self._block(blocks.ALERTS_MORE, ALERTS + blocks.ALERT_ROWS + 1, at(1, 1), at(2, 3), **CAPTION, indent=1)
        self.styles.paint_statuses(
            self.sheet, xl_range(row, at(1), row + blocks.ALERT_ROWS - 1, at(1)), STATUSES + KPI_STATUSES
        )

    def _tiles(self) -> None:
        self._head(TILES, at(0), LAST, "kpis", (at(3, 2), LAST, "trend", RIGHT))
        self._block(blocks.TILES_MORE, TILES, at(1), at(2, 2), **CAPTION, **RULE)
        for number in range(blocks.TILE_COUNT):
            self._tile(number)
        first, last = at(0), LAST
        self.styles.paint_statuses(self.sheet, xl_range(TILES + 4, first, TILES + 4, last), KPI_STATUSES)

    def _tile(self, number: int) -> None:
        """One KPI: its name, its value with the trend beside it, how it moved, its status. A card only where there is one."""
        styles, sheet, first, last, top = self.styles, self.sheet, at(number), at(number, 2), TILES + 1
        self._put(top, first, last, None, indent=1, valign="bottom")
        self._put(top + 1, first, first + 1, None, font_size=18, bold=True, indent=1, shrink=True)
        self._put(top + 2, first, last, None, **CAPTION, indent=1)
        self._put(top + 3, first, last, None, indent=1)
        charts.draw_trend(sheet, top + 1, last, data_sheet.trend_row(blocks.TILE_TRENDS, number))
        styles.name_block(blocks.TILES[number], sheet, top, first)
        filled = f'{xl_rowcol_to_cell(top, first, row_abs=True, col_abs=True)}<>""'
        for row, left in ((top, first), (top + 1, last), (top + 2, first)):
            styles.paint_by_formula(sheet, xl_range(row, left, row, last), f"={filled}", bg_color=SURFACE)
        value, unit = xl_range(top + 1, first, top + 1, first + 1), f"INDEX({blocks.TILE_UNITS.name},{number + 1})"
        cell = xl_rowcol_to_cell(top + 1, first, row_abs=True, col_abs=True)
        styles.formats_by_unit(sheet, value, cell, unit, only_if=filled, bg_color=SURFACE)

    def _pace(self) -> None:
        self._head(MIDDLE, at(0), at(2, 2), "pace")
        height = sum(row_height(row) for row in range(MIDDLE + 1, GOALS - 1))
        charts.draw_pace(self.styles, self.sheet, (MIDDLE + 1, at(0)), (width(at(0), at(2, 2)), height))

    def _counts(self) -> None:
        """How many key results have each status: six cells of one width."""
        self._head(MIDDLE, at(3), LAST, "counts")
        for position, (status, block) in enumerate(blocks.STATUS_COUNTS.items()):
            group, half = 3 + position // 2, position % 2
            first, last = (at(group), at(group, 1)) if half == 0 else (at(group, 2), at(group, 2))
            paint = STATUS_PAINT[status]
            shown = quoted(f"{STATUS_SYMBOLS[status]}  ") + "0"
            looks = {
                "font_size": 13,
                "bold": True,
                "align": "center",
                "num_format": shown,
                "right": 5,
                "right_color": WHITE,
            }
            self._block(block, MIDDLE + 2, first, last, **looks, font_color=paint.text, bg_color=paint.fill)
            self._put(MIDDLE + 3, first, last, self.styles.labels.choice(status), **CAPTION, align="center")

    def _teams(self) -> None:
        name, bars, score, status = at(3), at(4), at(5), at(5, 1)
        self._head(
            TEAMS, name, LAST, "teams", (bars, at(4, 2), "bullet", LEFT), (score, score, "score_head", RIGHT_INDENTED),
            (status, LAST, "status", INDENTED),
        )  # fmt: skip
        row = TEAMS + 1
        self._block(blocks.TEAMS_TEAM, row, name, at(3, 2))
        self._block(blocks.TEAMS_SCORE, row, score, score, num_format=self.styles.percent, bold=True, **RIGHT_INDENTED)
        self._block(blocks.TEAMS_STATUS, row, status, LAST, **PILL)
        self.styles.paint_statuses(self.sheet, xl_range(row, status, row + blocks.TEAM_ROWS - 1, LAST), STATUSES)
        self._bullets(blocks.TEAM_BULLETS, row, bars, at(4, 2), "teams_alt")

    def _objectives(self) -> None:
        team, bars, score, expected, status = at(1, 2), at(2), at(3), at(3, 1), at(3, 2)
        self._head(
            GOALS, at(0), at(3, 2), "objectives", (team, team, "team", INDENTED), (bars, at(2, 2), "bullet", LEFT),
            (score, score, "score_head", RIGHT_INDENTED), (expected, expected, "expected", RIGHT_INDENTED), (status, status, "status", INDENTED),
        )  # fmt: skip
        row = GOALS + 1
        self._block(blocks.OBJECTIVES_OBJECTIVE, row, at(0), at(1, 1))
        self._block(blocks.OBJECTIVES_TEAM, row, team, team, font_color=MUTED, indent=1)
        self._block(
            blocks.OBJECTIVES_SCORE, row, score, score, num_format=self.styles.percent, bold=True, **RIGHT_INDENTED
        )
        self._block(
            blocks.OBJECTIVES_EXPECTED,
            row,
            expected,
            expected,
            num_format=self.styles.percent,
            font_color=MUTED,
            **RIGHT_INDENTED,
        )
        self._block(blocks.OBJECTIVES_STATUS, row, status, status, **PILL)
        self.styles.paint_statuses(self.sheet, xl_range(row, status, row + blocks.OBJECTIVE_ROWS - 1, status), STATUSES)
        area = xl_range(row, at(0), row + blocks.OBJECTIVE_ROWS - 1, at(1, 1))
        top = f'LEFT(${xl_rowcol_to_cell(row, at(0))},{len(TWIG)})<>"{TWIG}"'
        self.styles.paint_by_formula(self.sheet, area, f"={top}", bold=True)
        self._bullets(blocks.OBJECTIVE_BULLETS, row, bars, at(2, 2), "objectives_alt")

    def _bullets(self, block: Block, row: int, first: int, last: int, key: str) -> None:
        height = sum(row_height(row + i) for i in range(block.rows))
        description = self.styles.text(f"dashboard.{key}")
        size = (width(first, last), height)
        charts.draw_bullets(self.styles, self.sheet, block, place=(row, first), size=size, description=description)

    def _changes(self) -> None:
        self._head(GOALS, at(4), LAST, "changes")
        since = number_formats.short_date(self.styles.language, self.styles.text("dashboard.since"))
        self._block(blocks.CHANGES_SINCE, GOALS, at(5), LAST, **CAPTION, num_format=since, align="right", **RULE)
        row = GOALS + 1
        self._block(blocks.CHANGES_SYMBOL, row, at(4), at(4), align="center", bold=True, font_color=MUTED)
        self._block(blocks.CHANGES_TEXT, row, at(4, 1), LAST)
