"""The hidden sheet behind the pace chart: the team's score and expected score, week by week."""

from __future__ import annotations

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.layout import Layout
from okr_workbook.books.team.model import Look, Sheet


def pace_sheet(layout: Layout) -> Sheet:
    """The sheet: a day, the score and the expected score a row."""
    sheet = Sheet(layout.text("sheets.pace"), state="hidden")
    labels, language = layout.labels, layout.plan.language
    for place, words in enumerate(
        (labels.field("history", "date"), labels.field("teams", "score"), labels.field("objectives", "expected")), 1
    ):
        sheet.put(1, place, words)
    percent = number_formats.percent(language)
    for row, point in enumerate(layout.plan.pace, 2):
        sheet.put(row, 1, point.on, Look(number=number_formats.date(language)))
        sheet.put(row, 2, point.score, Look(number=percent))
        sheet.put(row, 3, point.expected, Look(number=percent))
    return sheet
