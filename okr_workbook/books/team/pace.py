"""The hidden sheet behind the pace chart: the team's score and expected score, week by week; and the names to choose from."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import zip_longest

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.layout import PEOPLE_COLUMN, Layout, people_of
from okr_workbook.books.team.model import Look, Row, RowKind, Sheet
from okr_workbook.domain.team_plan import PacePoint

_COLUMNS = (1, 2, 3, PEOPLE_COLUMN)


def pace_sheet(layout: Layout) -> Sheet:
    """The sheet: a day, the score and the expected score a row; apart from them, one name a row."""
    sheet = Sheet(layout.pace, state="hidden")
    words = layout.labels.field
    headers = (words("history", "date"), words("teams", "score"), words("objectives", "expected"), None)
    sheet.rows[1] = Row(_HEADERS, headers)
    weeks = zip_longest(layout.plan.pace, people_of(layout.plan))
    kind = _row_kind(layout.plan.language)
    sheet.rows |= {row: Row(kind, _values(point, name)) for row, (point, name) in enumerate(weeks, 2)}
    return sheet


def _values(point: PacePoint | None, name: str | None) -> tuple[date | float | str | None, ...]:
    return (point.on, point.score, point.expected, name) if point else (None, None, None, name)


_HEADERS = RowKind((column, "", Look()) for column in _COLUMNS)


@cache
def _row_kind(language: str) -> RowKind:
    percent = Look(number=number_formats.percent(language))
    looks = (Look(number=number_formats.date(language)), percent, percent, Look())
    return RowKind((column, "", look) for column, look in zip(_COLUMNS, looks, strict=True))
