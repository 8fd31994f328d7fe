"""The sheet of measures: the figures of past months, the open months to fill in, and the KPIs that follow what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from okr_workbook.books.team.heights import height, lines, room
from okr_workbook.books.team.layout import FIRST_COLUMN, LIST_FIRST, Layout
from okr_workbook.books.team.looks import (
    BLOCK,
    INPUT_NUMBER,
    NUMBER,
    QUIET,
    STRONG,
    TEXT,
    kpi_target,
    typed_format,
    unit_format,
)
from okr_workbook.books.team.model import Between, Look, Row, RowKind, Sheet, TableArea
from okr_workbook.books.team.page import Column, HeaderRow, new_list
from okr_workbook.domain.formula.excel import Cells, to_excel
from okr_workbook.domain.formula.language import YEAR_TO_DATE, Span
from okr_workbook.domain.kpis.values import aggregate_of
from okr_workbook.domain.periods import month_number, period_label, period_start
from okr_workbook.domain.team_measures import FollowedFormula, TeamMeasure
from okr_workbook.domain.team_plan import TeamKpi, TeamPlan
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import Formula, Value, column_letters
from okr_workbook.tables.palette import ACCENT, MUTED

FIELDS = ("measure", "label", "unit", "source")
FIRST_MONTH = FIRST_COLUMN + len(FIELDS)
"""The column of the first month."""

_KPI_FIELDS = ("id", "kpi", "unit", "target")
"""What stands above in the columns of FIELDS, for the KPIs below."""

_WIDTHS = (110, 200, 76, 120)
_NARROWEST_MONTH = 66
_HEIGHT, _ROOM = 24, room(_WIDTHS[1])
"""Points of a row, and the room for its name."""


def measures_sheet(layout: Layout) -> Sheet:
    """The sheet, one row a measure; the KPIs that follow stand under the figures, month under month."""
    sheet = new_list(layout, layout.measures, layout.text("titles.measures"), layout.text("captions.measures"))
    sheet.tab_color = ACCENT
    plan = layout.plan
    header_row = _header_row(layout, FIELDS, "measures")
    header_row.put(sheet)
    for row, one in enumerate(plan.measures, LIST_FIRST):
        sheet.rows[row] = _row(layout, one)
    count = len(plan.measures)
    sheet.tables.append(TableArea("measures", LIST_FIRST - 1, FIRST_COLUMN, header_row.words, count))
    sheet.betweens += _figure_rules(layout)
    sheet.freeze = f"{column_letters(FIRST_MONTH)}{LIST_FIRST}"
    bottom = _put_kpis(sheet, layout, LIST_FIRST + count + 1)
    sheet.print_area = f"B2:{column_letters(FIRST_MONTH + len(plan.months) - 1)}{bottom}"
    return sheet


def _header_row(layout: Layout, fields: tuple[str, ...], table: str) -> HeaderRow:
    labels, months = layout.labels, layout.plan.months
    looks = (QUIET, STRONG, QUIET, TEXT if table == "measures" else NUMBER)
    shown = [
        Column(labels.field(table, field), look, width)
        for field, look, width in zip(fields, looks, _WIDTHS, strict=True)
    ]
    width, closed = _month_width(layout.plan), layout.plan.closed
    return HeaderRow.of(
        shown
        + [
            Column(labels.month(month), NUMBER, width, ours=table == "measures" and place >= closed)
            for place, month in enumerate(months)
        ]
    )


def _month_width(plan: TeamPlan) -> float:
    """Wide enough for the longest figure, one more digit and the sign of its unit."""
    figures = (figure for one in plan.measures for figure in one.row.months.values())
    return max(_NARROWEST_MONTH, 34 + 7 * max((len(f"{figure:,.0f}") for figure in figures), default=0))


# --- the figures ----------------------------------------------------------------------------------


def _row(layout: Layout, one: TeamMeasure) -> Row:
    plan, record = layout.plan, one.row
    figures = record.months.values()
    shown, typed = (of(record.unit, figures, plan.language) for of in (unit_format, typed_format))
    words = (getattr(record, field) or None for field in FIELDS)
    kind = _row_kind(shown, typed, plan.closed, len(plan.months))
    return Row(kind, (*words, *map(record.months.get, plan.months)), height=_height(record.label))


@lru_cache(maxsize=256)
def _row_kind(shown: str, typed: str, closed: int, months: int) -> RowKind:
    """The rows of measures whose figures are shown in one format; after the `closed` months come the open ones."""
    past, opened = NUMBER._replace(number=shown), INPUT_NUMBER._replace(number=typed)
    return _kind((QUIET, STRONG, QUIET, TEXT), past, opened, closed, months)


def _kind(words: tuple[Look, ...], past: Look, opened: Look, closed: int, months: int) -> RowKind:
    looks = (*words, *[past._replace(color=MUTED)] * closed, *[opened] * (months - closed))
    return RowKind(((place, "", look) for place, look in enumerate(looks, FIRST_COLUMN)), height=_HEIGHT)


def _height(name: str) -> float:
    return height(_HEIGHT, lines(name, _ROOM))


def _figure_rules(layout: Layout) -> Iterator[Between]:
    """What the open months take; neighbours of one unit share a rule."""
    plan = layout.plan
    last = FIRST_MONTH + len(plan.months) - 1
    left, right = column_letters(FIRST_MONTH + plan.closed), column_letters(last)
    rows = enumerate(plan.measures, LIST_FIRST)
    for unit, run in groupby(rows, key=lambda numbered: numbered[1].row.unit):
        numbers = [row for row, _ in run]
        prompt = layout.text("prompts.figure", unit=unit or "—")
        area = f"{left}{numbers[0]}:{right}{numbers[-1]}"
        yield Between(area, "decimal", "-1E+300", "1E+300", layout.text("errors.number"), prompt)


# --- the KPIs that follow -------------------------------------------------------------------------


def _put_kpis(sheet: Sheet, layout: Layout, top: int) -> int:
    """The KPIs that follow these figures, under a heading in the row `top`. Gives the last row used."""
    followers = [(kpi, kpi.follows) for kpi in layout.plan.kpis if kpi.follows is not None]
    if not followers:
        return top - 2
    sheet.heights[top] = 22
    sheet.put(top, FIRST_COLUMN, layout.text("titles.followers"), BLOCK)
    _header_row(layout, _KPI_FIELDS, "kpis").put(sheet, top + 1)
    for row, (kpi, follows) in enumerate(followers, top + 2):
        sheet.rows[row] = _kpi_row(layout.plan, kpi, follows)
    return top + 1 + len(followers)


def _kpi_row(plan: TeamPlan, kpi: TeamKpi, follows: FollowedFormula) -> Row:
    """What a KPI comes to month by month: in closed months for good, in open ones by its native formula."""
    record = kpi.row
    values = {label: value for label, _, value in kpi.got.series}
    months = [values.get(period_label(month_number(month), "month")) for month in plan.months]
    cells: list[Value] = [*months[: plan.closed]]
    cells += [Formula(_native(plan, follows, at), months[at]) for at in range(plan.closed, len(months))]
    shown = unit_format(record.unit, months, plan.language)
    target, aimed = kpi_target(record, labels_for(plan.language))
    return Row(
        _kpi_row_kind(shown, aimed, plan.closed, len(months)),
        (record.id or None, record.kpi or None, record.unit or None, target, *cells),
        height=_height(record.kpi),
    )


@lru_cache(maxsize=256)
def _kpi_row_kind(shown: str, aimed: str, closed: int, months: int) -> RowKind:
    number = NUMBER._replace(number=shown)
    target = number._replace(number=aimed)
    return _kind((QUIET, STRONG, QUIET, target), number, number._replace(bold=True), closed, months)


def _native(plan: TeamPlan, follows: FollowedFormula, at: int) -> str:
    """The formula of a KPI in the month `at`; blank where it has not what it needs, and where it comes to an error."""

    def cells(name: str, span: Span) -> Cells | None:
        last = at - span.lag
        if last < 0:
            return None
        place = follows.measures[name]
        row = LIST_FIRST + place
        if span.length == YEAR_TO_DATE:
            month = month_number(plan.months[last])
            first = last - (month - period_start(month, "year"))
        else:
            first = last - span.length + 1
        end = f"{column_letters(FIRST_MONTH + last)}{row}"
        text = end if span.length == 1 else f"{column_letters(FIRST_MONTH + max(first, 0))}{row}:{end}"
        return Cells(text, aggregate_of(plan.measures[place].row))

    return f'IFERROR({to_excel(follows.node, cells)},"")'
