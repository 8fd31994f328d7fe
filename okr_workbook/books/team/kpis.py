"""The sheet of KPIs: what each came to, its last periods, and one small chart each."""

from __future__ import annotations

from functools import cache, lru_cache

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.layout import FIRST_COLUMN, LIST_FIRST, Layout
from okr_workbook.books.team.looks import (
    CENTRED,
    NUMBER,
    PILL,
    QUIET,
    STRONG,
    TEXT,
    WORDS,
    signed,
    unit_format,
)
from okr_workbook.books.team.model import Chart, Look, Row, RowKind, Sheet, TableArea
from okr_workbook.books.team.page import Column, HeaderRow, new_list
from okr_workbook.domain.team_plan import TeamKpi
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import Value, column_letters
from okr_workbook.tables.palette import MUTED

PERIODS = 12
"""How many periods are shown, the latest last."""

CHARTS = 24
"""How many KPIs get a chart of their own."""

_FIELDS = (
    "id",
    "kpi",
    "unit",
    "direction",
    "target",
    "value",
    "period",
    "previous",
    "change",
    "attainment",
    "status",
    "owner",
    "action",
)
_WIDTHS = {"id": 110, "kpi": 220, "action": 240, "owner": 110, "status": 108, "period": 90, "unit": 64}
_CHART_ROWS, _CHARTS_A_ROW = 8, 4
_CHART_COLUMNS = (
    (2, 4),
    (4, 8),
    (8, 13),
    (13, 15),
)  # of about equal width: a chart's first column and the one after it


def kpis_sheet(layout: Layout) -> Sheet:
    """The sheet, one row a KPI."""
    sheet = new_list(layout, layout.kpis, layout.text("titles.kpis"), layout.text("captions.kpis"))
    kpis = layout.plan.kpis
    header_row = _header_row(layout.plan.language)
    header_row.put(sheet)
    for row, kpi in enumerate(kpis, LIST_FIRST):
        sheet.rows[row] = _row(layout, kpi)
    count = max(1, len(kpis))
    sheet.tables.append(TableArea("kpis", LIST_FIRST - 1, FIRST_COLUMN, header_row.words, count))
    status = column_letters(FIRST_COLUMN + _FIELDS.index("status"))
    sheet.status_areas.append(f"{status}{LIST_FIRST}:{status}{LIST_FIRST + count - 1}")
    sheet.freeze = f"D{LIST_FIRST}"
    bottom = _put_charts(sheet, layout, LIST_FIRST + count + 1)
    sheet.print_area = f"B2:{column_letters(FIRST_COLUMN + len(_FIELDS) - 1)}{bottom}"
    if not kpis:
        sheet.put(LIST_FIRST, 3, layout.text("captions.no_kpis"), QUIET)
    return sheet


@cache
def _header_row(language: str) -> HeaderRow:
    labels = labels_for(language)
    fields = [
        Column(labels.field("kpis", field), _look(field, "", language), _WIDTHS.get(field, 76)) for field in _FIELDS
    ]
    ago = [labels.text("team_book", "columns.period_ago", count=count) for count in range(PERIODS - 1, 0, -1)]
    past = [*ago, labels.text("team_book", "columns.period_last")]
    return HeaderRow.of([*fields, *(Column(words, _look("", "", language), 76) for words in past)])


def _row(layout: Layout, kpi: TeamKpi) -> Row:
    record, got, labels = kpi.row, kpi.got, layout.labels
    series = [value for _, _, value in got.series][-PERIODS:]
    shown = unit_format(record.unit, [record.target, *series], layout.plan.language)
    cells: dict[str, Value] = {
        "id": record.id or None,
        "kpi": record.kpi or None,
        "unit": record.unit or None,
        "direction": labels.choice(record.direction) if record.direction else None,
        "target": record.target if record.direction != "within" else record.lower,
        "value": got.value,
        "period": labels.period(got.period) if got.period else None,
        "previous": got.previous,
        "change": got.change,
        "attainment": got.attainment,
        "status": labels.status(got.status),
        "owner": record.owner or None,
        "action": record.action or None,
    }
    values = (*(cells[field] for field in _FIELDS), *[None] * (PERIODS - len(series)), *series)
    return Row(_row_kind(shown, layout.plan.language), values)


@lru_cache(maxsize=256)
def _row_kind(shown: str, language: str) -> RowKind:
    """The rows of KPIs whose numbers are shown in one format."""
    fields = [(place, "", _look(field, shown, language)) for place, field in enumerate(_FIELDS, FIRST_COLUMN)]
    first, past = FIRST_COLUMN + len(_FIELDS), NUMBER._replace(number=shown, color=MUTED)
    return RowKind([*fields, *((place, "", past) for place in range(first, first + PERIODS))], height=30)


def _look(field: str, shown: str, language: str) -> Look:
    if field in ("id", "unit", "direction"):
        return QUIET
    if field == "kpi":
        return STRONG
    if field == "status":
        return PILL
    if field == "period":
        return CENTRED
    if field == "action":
        return WORDS
    if field == "owner":
        return TEXT
    if field == "attainment":
        return NUMBER._replace(number=number_formats.percent(language))
    if field == "change":
        return NUMBER._replace(number=signed(shown) if shown else "")
    return NUMBER._replace(number=shown, bold=field == "value")


def _put_charts(sheet: Sheet, layout: Layout, top: int) -> int:
    """A trend for each KPI that has at least two periods, four in a row. Gives the last row used."""
    drawn = 0
    bottom = top - 2
    for place, kpi in enumerate(layout.plan.kpis):
        periods = min(PERIODS, len(kpi.got.series))
        if drawn == CHARTS or sum(value is not None for _, _, value in kpi.got.series[-PERIODS:]) < 2:
            continue
        row = top + drawn // _CHARTS_A_ROW * _CHART_ROWS
        start, end = _CHART_COLUMNS[drawn % _CHARTS_A_ROW]
        first = FIRST_COLUMN + len(_FIELDS) + PERIODS - periods
        at_row = LIST_FIRST + place
        shown = unit_format(kpi.row.unit, [value for _, _, value in kpi.got.series], layout.plan.language)
        sheet.charts.append(
            Chart(
                "trend", (start, row), (end, row + _CHART_ROWS - 1), layout.kpis, first, at_row, at_row, periods,
                kpi.row.kpi or kpi.row.id, shown,
            )
        )  # fmt: skip
        drawn += 1
        bottom = row + _CHART_ROWS - 2
    return bottom
