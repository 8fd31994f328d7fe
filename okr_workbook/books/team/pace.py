"""The hidden sheet behind the pace chart: the team's score and expected score, week by week; and the names to choose from."""

from __future__ import annotations

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.layout import PEOPLE_COLUMN, Layout, people_of
from okr_workbook.books.team.model import Look, Sheet


def pace_sheet(layout: Layout) -> Sheet:
    """The sheet: a day, the score and the expected score a row; apart from them, one name a row."""
    sheet = Sheet(layout.pace, state="hidden")
    labels, language = layout.labels, layout.plan.language
    for place, words in enumerate(
        (labels.field("history", "date"), labels.field("teams", "score"), labels.field("objectives", "expected")), 1
    ):
        sheet.put(1, place, words)
    percent = number_formats.percent(language)
    for row, name in enumerate(people_of(layout.plan), 2):
        sheet.put(row, PEOPLE_COLUMN, name)
    for row, point in enumerate(layout.plan.pace, 2):
        sheet.put(row, 1, point.on, Look(number=number_formats.date(language)))
        sheet.put(row, 2, point.score, Look(number=percent))
        sheet.put(row, 3, point.expected, Look(number=percent))
    return sheet
