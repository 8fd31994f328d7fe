"""The first sheet: score card, pace, what to do this week, and the table `key_results` where the team types.

For printing the same, but nothing to fill in.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.answers import answer_row, header_row, input_rules, is_form
from okr_workbook.books.team.heights import LINE, lines, room
from okr_workbook.books.team.layout import (
    ANSWER_COLUMNS,
    AUTHOR_CELL,
    DATE_CELL,
    DETAIL_COLUMNS,
    FIRST_COLUMN,
    OVERVIEW_FIRST,
    PRINTED_COLUMNS,
    Layout,
    column,
    day_in_formula,
    letters,
)
from okr_workbook.books.team.looks import BLOCK, CAPTION, CARD, INPUT, INPUT_CENTRED, SUBTITLE, TITLE
from okr_workbook.books.team.model import Between, Chart, Choice, Look, Row, Sheet, TableArea, at
from okr_workbook.books.team.page import put_note
from okr_workbook.tables.grid import Formula
from okr_workbook.tables.palette import ACCENT, MUTED, WHITE
from okr_workbook.tables.period_names import period_in_words
from okr_workbook.tables.short_names import shortened

_HEIGHTS = {1: 6, 2: 26, 3: 17, 4: 12, 5: 24, 6: 25.5, 7: 25.5, 8: 24, 9: 27, 10: 14, 11: 22.5}

SCORE_CELL, EXPECTED_CELL = "B6", "B8"

BARS = 24
"""From how many charts of bars on, each of which covers rows of one height, all rows get the same one."""

_THICKNESS = 10.8  # of a bar, in points
_CHARACTER = 5.8  # pixels, with what is lost where a line breaks
_SUBTITLE_END = 7  # the last column it may fill: what stands on the right needs the others


def overview_sheet(layout: Layout, team_score: Formula, team_expected: Formula, team_status: Formula) -> Sheet:
    """The overview; the three formulas are the team's roll-up. No pane is frozen: it would fill a small screen."""
    sheet = _page(layout, (team_score, team_expected, team_status), ANSWER_COLUMNS)
    _put_this_week(sheet, layout)
    _put_signature(sheet, layout)
    rows = {place: OVERVIEW_FIRST + i for i, place in enumerate(layout.answers)}
    input_rules(sheet, layout, rows, ANSWER_COLUMNS)
    return sheet


def printed_sheet(layout: Layout, team_score: Formula, team_expected: Formula, team_status: Formula) -> Sheet:
    """The overview for printing: nothing to fill in, and who stands for what."""
    return _page(layout, (team_score, team_expected, team_status), PRINTED_COLUMNS)


def _page(layout: Layout, figures: tuple[Formula, Formula, Formula], columns: tuple[str, ...]) -> Sheet:
    sheet = Sheet(layout.overview, tab_color=ACCENT)
    sheet.widths[1] = 20
    sheet.heights |= _HEIGHTS
    _put_answers(sheet, layout, columns)
    last = FIRST_COLUMN + len(columns) - 1
    _put_title(sheet, layout, last)
    _put_card(sheet, layout, *figures)
    _put_pace(sheet, layout, last if is_form(columns) else last + 1)
    title = layout.text("titles.answers") if is_form(columns) else layout.labels.table("key_results")
    sheet.put(OVERVIEW_FIRST - 2, FIRST_COLUMN, title, BLOCK)
    return sheet


def _put_title(sheet: Sheet, layout: Layout, last: int) -> None:
    """What the page is of, on the left; whose and of when, under the `last` column."""
    plan, labels = layout.plan, layout.labels
    sheet.put(2, 2, layout.text("titles.overview", team=plan.team), TITLE)
    sheet.put(2, last, plan.settings.company, BLOCK, align="right")
    _put_subtitle(sheet, " · ".join(plan.company_objectives))
    period = period_in_words(plan.settings.period, labels) if plan.settings.period else ""
    day = layout.text("captions.as_of", day=plan.as_of)
    sheet.put(3, last, " · ".join(part for part in (period, day) if part), SUBTITLE, align="right", top=True)


def _put_subtitle(sheet: Sheet, words: str) -> None:
    """The company objectives that the team serves, on one line or two: longer ones are shortened."""
    fits = room(sum(sheet.widths[place] for place in range(FIRST_COLUMN, _SUBTITLE_END + 1)))
    words = shortened(words, int(2 * fits / _CHARACTER))
    sheet.put(3, FIRST_COLUMN, words or None, SUBTITLE, wrap=True, top=True)
    sheet.merges.append(f"{at(FIRST_COLUMN, 3)}:{at(_SUBTITLE_END, 3)}")
    if lines(words, fits) > 1:
        sheet.heights[3] += LINE


def _put_card(sheet: Sheet, layout: Layout, score: Formula, expected: Formula, status: Formula) -> None:
    for row in range(5, 10):
        for place in (2, 3):
            sheet.put(row, place, None, CARD)
    percent = number_formats.percent(layout.plan.language)
    sheet.put(5, 2, layout.text("card.score"), CARD)
    sheet.put(6, 2, score, CARD, size=40, bold=True, color=WHITE, number=percent)
    sheet.merges += ["B6:C7", "B8:C8", "B9:C9"]
    words = layout.text("card.expected_format")
    sheet.put(8, 2, expected, CARD, size=11, color=WHITE, number=words.replace("{percent}", percent))
    sheet.put(9, 2, status, CARD)


def _put_this_week(sheet: Sheet, layout: Layout) -> None:
    place = FIRST_COLUMN + len(ANSWER_COLUMNS) - 1
    sheet.put(5, place, layout.text("week.title"), BLOCK, align="left", indent=1)
    days = layout.plan.settings.reply_within_days
    first = "step_1_measures" if layout.plan.measures else "step_1"
    steps = [layout.text(f"week.{step}") for step in (first, "step_2", "step_3")]
    for row, words in enumerate([*steps, layout.text("week.reply", days=days)], 6):
        sheet.put(row, place, words, Look(color=MUTED, align="left", indent=1, wrap=True))


def _put_pace(sheet: Sheet, layout: Layout, end: int) -> None:
    """The pace beside the card, as far as the column `end`, exclusive."""
    sheet.put(5, 4, layout.text("pace.title"), BLOCK, align="left", indent=1)
    if layout.plan.pace:
        last = len(layout.plan.pace) + 1
        language = layout.plan.language
        percent, months = f"{number_formats.percent(language)};;", number_formats.month(language)
        source = layout.pace
        sheet.charts.append(Chart("pace", (4, 6), (end, 10), source, 1, 1, last, number=percent, dates=months))


def _put_signature(sheet: Sheet, layout: Layout) -> None:
    """The two cells that date and sign every new value."""
    plan = layout.plan
    row, place = DATE_CELL
    sheet.put(row, place - 1, layout.text("signature.date"), CAPTION, color=ACCENT, bold=True, align="right", indent=1)
    date_look = INPUT_CENTRED._replace(number=number_formats.date(plan.language), bold=True)
    sheet.put(row, place, plan.as_of, date_look)
    row, author = AUTHOR_CELL
    sheet.put(
        row, author - 1, layout.text("signature.author"), CAPTION, color=ACCENT, bold=True, align="right", indent=1
    )
    sheet.put(row, author, plan.lead or None, INPUT, bold=True)
    day = day_in_formula(plan.as_of)
    error = layout.text("errors.date", day=plan.as_of)
    sheet.betweens.append(Between(at(place, row), "date", day, "DATE(2199,12,31)", error, layout.text("prompts.date")))
    if layout.people:
        sheet.choices.append(Choice(at(author, row), source=layout.people, prompt=layout.text("prompts.author")))


def _put_answers(sheet: Sheet, layout: Layout, columns: tuple[str, ...]) -> None:
    """The table `key_results`: computed on the left; in a form, this week's blue cells on the right."""
    headers = header_row(columns, layout.plan.language)
    headers.put(sheet, OVERVIEW_FIRST - 1)
    count = max(1, len(layout.answers))
    sheet.tables.append(TableArea("key_results", OVERVIEW_FIRST - 1, FIRST_COLUMN, headers.words, count))
    rows = _levelled([answer_row(layout, place, columns) for place in layout.answers])
    sheet.rows |= dict(enumerate(rows, OVERVIEW_FIRST))
    if not rows:
        put_note(sheet, OVERVIEW_FIRST, len(columns), layout.text("captions.no_key_results"), at=3)
    last = OVERVIEW_FIRST + count - 1
    sheet.print_area = f"B1:{letters(columns, columns[-1])}{last}"
    sheet.print_titles = f"{OVERVIEW_FIRST - 1}:{OVERVIEW_FIRST - 1}"
    status = letters(columns, "status")
    sheet.status_areas.append(f"{status}{OVERVIEW_FIRST}:{status}{last}")
    _put_bars(sheet, layout, rows, column(columns, "bar"))


# --- bars -----------------------------------------------------------------------------------------


class _Run(NamedTuple):
    """Rows that one chart of bars covers: from the place `start` of the answers up to `end`, exclusive."""

    start: int
    end: int
    height: float


def _levelled(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, as high as the highest of them where their heights would take too many charts of bars."""
    if len(_runs(rows)) <= BARS:
        return rows
    highest = max(row.height for row in rows)
    return [row._replace(height=highest) for row in rows]


def _runs(rows: Sequence[Row]) -> list[_Run]:
    """Neighbours of one height whose details stand one under the other; rows without details have no bar."""
    found: list[_Run] = []
    for (height, there), run in groupby(enumerate(rows), key=_height_and_offset):
        places = [place for place, _ in run]
        if there is not None:
            found.append(_Run(places[0], places[-1] + 1, height))
    return found


def _height_and_offset(numbered: tuple[int, Row]) -> tuple[float, int | None]:
    place, row = numbered
    return row.points, row.there - place if row.there else None


def _put_bars(sheet: Sheet, layout: Layout, rows: Sequence[Row], bar: int) -> None:
    """A chart over each run of rows, as high as these are: its bars stand beside what they are of."""
    first = column(DETAIL_COLUMNS, "bar_1")
    for start, end, height in _runs(rows):
        corners = (bar, OVERVIEW_FIRST + start), (bar + 1, OVERVIEW_FIRST + end)
        details = rows[start].there, rows[end - 1].there
        gap = min(round(100 * (height / _THICKNESS - 1)), 500)  # Excel's limit
        sheet.charts.append(Chart("bullets", *corners, layout.key_results, first, *details, gap=gap))
