"""The charts of KPIs: what each came to in its last periods, against its target; and the hidden rows they read.

One rule for all: a chart begins at zero, or lower where a figure is negative, so that a small change looks small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor, log10
from typing import NamedTuple

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.layout import FIRST_COLUMN, LIST_FIRST, Layout, people_of
from okr_workbook.books.team.looks import BLOCK, unit_format
from okr_workbook.books.team.model import Chart, Look, Row, RowKind, Sheet
from okr_workbook.domain.team_plan import TeamKpi, TeamPlan
from okr_workbook.tables.grid import Value
from okr_workbook.tables.short_names import told_apart
from okr_workbook.tables.targets import target_of_kpi
from okr_workbook.tables.units import CURRENCIES

PERIODS = 12
"""How many periods of a KPI are shown, the latest last."""

CHARTS = 24
"""How many KPIs get a chart of their own."""

_A_ROW, _ROWS, _GUTTER = 4, 8, 16  # charts side by side, rows that one takes, pixels between two
_TITLE_LENGTH = 56
_ROWS_BEHIND = 3  # on the hidden sheet: labels, target, the upper bound where it is a band


class _Trend(NamedTuple):
    """A KPI with a chart: its place among the team's, its last periods and their figures, what it aims at."""

    place: int
    kpi: TeamKpi
    periods: tuple[str, ...]
    figures: tuple[float | None, ...]
    targets: tuple[float, ...]

    @property
    def known(self) -> list[float]:
        """All numbers that the chart shows."""
        return [*(figure for figure in self.figures if figure is not None), *self.targets]


def _trends(plan: TeamPlan) -> Iterator[_Trend]:
    """The KPIs that get a chart: the first that have figures of at least two periods."""
    drawn = 0
    for place, kpi in enumerate(plan.kpis):
        last = kpi.got.series[-PERIODS:]
        figures = tuple(figure for _, _, figure in last)
        if drawn == CHARTS or sum(figure is not None for figure in figures) < 2:
            continue
        target = target_of_kpi(kpi.row)
        ends = (target.number, target.upper) if target else ()
        targets = tuple(end for end in ends if end is not None)
        yield _Trend(place, kpi, tuple(period for period, _, _ in last), figures, targets)
        drawn += 1


# --- the charts -----------------------------------------------------------------------------------


def put_trends(sheet: Sheet, layout: Layout, top: int, *, figures: int, columns: int) -> int:
    """The charts under a title in the row `top`, together as wide as the first `columns` of the table. Gives the last row.

    The figures of the KPIs' last periods stand in the table from the column `figures` on.
    """
    bottom = top - 2
    pixels = sum(sheet.widths[FIRST_COLUMN + place] for place in range(columns))
    width = (pixels - _GUTTER * (_A_ROW - 1)) / _A_ROW
    trends = list(_trends(layout.plan))
    titles = told_apart([trend.kpi.row.kpi or trend.kpi.row.id for trend in trends], _TITLE_LENGTH)
    for number, (trend, title) in enumerate(zip(trends, titles, strict=True)):
        row, left = top + 1 + number // _A_ROW * _ROWS, number % _A_ROW * (width + _GUTTER)
        (start, from_left), (end, from_right) = _column_at(sheet.widths, left), _column_at(sheet.widths, left + width)
        chart = _chart(layout, trend, number, figures)._replace(title=title)
        bottom = row + _ROWS - 2
        sheet.charts.append(
            chart._replace(start=(start, row), end=(end, row + _ROWS - 1), insets=(from_left, from_right))
        )
    if bottom >= top:
        sheet.put(top, FIRST_COLUMN, layout.text("titles.trends"), BLOCK)
        sheet.heights[top] = 24
    return bottom


def _column_at(widths: Mapping[int, float], pixels: float) -> tuple[int, int]:
    """The column that lies so far right of the first one's edge, and how far it lies in it."""
    column = FIRST_COLUMN
    while pixels >= widths[column]:
        pixels -= widths[column]
        column += 1
    return column, round(pixels)


def _chart(layout: Layout, trend: _Trend, number: int, figures: int) -> Chart:
    """The chart of a KPI, its title and its place on the sheet left out."""
    record, count, known = trend.kpi.row, len(trend.figures), trend.known
    language = layout.plan.language
    row, first = LIST_FIRST + trend.place, figures + PERIODS - len(trend.figures)
    step = nice_step(max(0.0, *known) - min(0.0, *known))
    shown = axis_format(unit_format(record.unit, (), language), step, language)
    return Chart(
        "trend", (0, 0), (0, 0), layout.kpis, first, row, row, count, number=shown,
        behind=layout.pace, labels_row=_first_behind(layout.plan) + _ROWS_BEHIND * number, targets=len(trend.targets),
        step=step, from_zero=min(known) >= 0,
    )  # fmt: skip


def nice_step(span: float) -> float:
    """How far the lines of an axis lie apart for at most three of them above its foot: 1, 2 or 5 times a power of ten.

    >>> nice_step(0.041), nice_step(25_000_000.0), nice_step(0.0)
    (0.02, 10000000.0, 1.0)
    """
    if span < _LEAST:
        return 1.0
    span = min(span, _MOST)
    power = floor(log10(span / 3))
    return next(step for times in (1, 2, 5, 10) if (step := float(f"{times}e{power}")) * 3 >= span)


_LEAST, _MOST = 1e-9, 1e300  # spans beyond are no figures of a KPI; an axis must come out all the same


def axis_format(number_format: str, step: float, language: str) -> str:
    r"""A unit's number format for the labels of an axis: as fine as its steps; large ones in thousands or millions.

    >>> axis_format("0.0%", 0.02, "en"), axis_format('"€"#,##0', 2e6, "en"), axis_format("0.0", 0.01, "en")
    ('0%', '"€"#,##0,,\\M', '#,##0.00')
    """
    share = "%" in number_format
    shown = step * 100 if share else step
    decimals = max(0, ceil(-log10(shown) - 1e-9))
    scale, mark = next(((scale, mark) for least, scale, mark in _SCALES if shown >= least), ("", ""))
    space = number_formats.percent(language).strip("0%")  # between a number and what follows it
    digits = ("0" if share else "#,##0") + ("." + "0" * decimals if decimals else "")
    made = re.sub(r"(#,##)?0(\.[0#]+)?", lambda _: digits + scale + (f"{space}\\{mark}" if mark else ""), number_format)
    if not mark:
        return made
    return re.sub(f'(?<={mark}){re.escape(space)}(?="[{"".join(CURRENCIES)}])', "", made)  # M€


_SCALES = ((1e6, ",,", "M"), (1e4, ",", "k"))


# --- what they read -------------------------------------------------------------------------------


def trend_rows(layout: Layout) -> dict[int, Row]:
    """The rows on the hidden sheet: for each chart the labels of its axis, then its target or both ends of a band."""
    found = {}
    for number, trend in enumerate(_trends(layout.plan)):
        first, count = _first_behind(layout.plan) + _ROWS_BEHIND * number, len(trend.figures)
        ends = [_period(layout, trend.periods[place]) for place in (0, -1)]
        found[first] = _row([ends[0], *[None] * (count - 2), ends[1]])
        found |= {row: _row([target] * count) for row, target in enumerate(trend.targets, first + 1)}
    return found


def _first_behind(plan: TeamPlan) -> int:
    """Under the weeks of the pace and the names of the people, which begin in the second row."""
    return 2 + max(len(plan.pace), len(people_of(plan)))


def _period(layout: Layout, period: str) -> str:
    """A period in words; one that goes on and on is called by its last month."""
    return layout.labels.period(period.rpartition("/")[2]).replace(" ", "\u00a0")


def _row(values: Sequence[Value]) -> Row:
    return Row(_KIND, (*values, *[None] * (PERIODS - len(values))))


_KIND = RowKind((column, "", Look()) for column in range(1, PERIODS + 1))
