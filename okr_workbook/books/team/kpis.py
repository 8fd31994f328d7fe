"""The sheet of KPIs: what each came to, its last periods, and one small chart each (`trends`)."""

from __future__ import annotations

from functools import cache, lru_cache

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.heights import height, lines, room
from okr_workbook.books.team.layout import FIRST_COLUMN, LIST_FIRST, Layout
from okr_workbook.books.team.looks import (
    CENTRED,
    NUMBER,
    PILL,
    QUIET,
    STRONG,
    WORDS,
    kpi_target,
    unit_format,
)
from okr_workbook.books.team.model import Look, Row, RowKind, Sheet, TableArea
from okr_workbook.books.team.page import Column, HeaderRow, new_list, put_note
from okr_workbook.books.team.trends import PERIODS, put_trends
from okr_workbook.domain.team_plan import TeamKpi
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import Value, column_letters
from okr_workbook.tables.palette import MUTED

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
_WIDTHS = {
    "id": 110, "kpi": 220, "action": 280, "owner": 140, "status": 108, "period": 90, "unit": 64, "direction": 84,
    "target": 112, "value": 112, "previous": 112, "change": 112, "attainment": 80,
}  # fmt: skip
_PAST_WIDTH = 96
_HEIGHT = 30
_ROOMS = [room(_WIDTHS[field]) for field in ("kpi", "owner", "action")]


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
    figures = FIRST_COLUMN + len(_FIELDS)
    bottom = put_trends(sheet, layout, LIST_FIRST + count + 1, figures=figures, columns=len(_FIELDS))
    sheet.print_area = f"B2:{column_letters(FIRST_COLUMN + len(_FIELDS) - 1)}{bottom}"
    if not kpis:
        put_note(sheet, LIST_FIRST, len(_FIELDS), layout.text("captions.no_kpis"), at=3)
    return sheet


@cache
def _header_row(language: str) -> HeaderRow:
    labels = labels_for(language)
    fields = [Column(labels.field("kpis", field), _look(field, "", language), _WIDTHS[field]) for field in _FIELDS]
    ago = [labels.text("team_book", "columns.period_ago", count=count) for count in range(PERIODS - 1, 0, -1)]
    past = [*ago, labels.text("team_book", "columns.period_last")]
    return HeaderRow.of([*fields, *(Column(words, _look("", "", language), _PAST_WIDTH) for words in past)])


def _row(layout: Layout, kpi: TeamKpi) -> Row:
    record, got, labels = kpi.row, kpi.got, layout.labels
    series = [value for _, _, value in got.series][-PERIODS:]
    shown = unit_format(record.unit, series, layout.plan.language)
    target, aimed = kpi_target(record, labels)
    cells: dict[str, Value] = {
        "id": record.id or None,
        "kpi": record.kpi or None,
        "unit": record.unit or None,
        "direction": labels.choice(record.direction) if record.direction else None,
        "target": target,
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
    count = max([lines(text, of) for text, of in zip((record.kpi, record.owner, record.action), _ROOMS, strict=True)])
    return Row(_row_kind(shown, aimed, layout.plan.language), values, height=height(_HEIGHT, count))


@lru_cache(maxsize=256)
def _row_kind(shown: str, aimed: str, language: str) -> RowKind:
    """The rows of KPIs whose numbers are shown in one format and their targets in another."""
    formats = {"target": aimed}
    fields = [
        (place, "", _look(field, formats.get(field, shown), language))
        for place, field in enumerate(_FIELDS, FIRST_COLUMN)
    ]
    first, past = FIRST_COLUMN + len(_FIELDS), NUMBER._replace(number=shown, color=MUTED)
    return RowKind([*fields, *((place, "", past) for place in range(first, first + PERIODS))], height=_HEIGHT)


def _look(field: str, shown: str, language: str) -> Look:
    if field in ("id", "unit", "direction"):
        return QUIET._replace(wrap=field != "id")
    if field == "kpi":
        return STRONG
    if field == "status":
        return PILL
    if field == "period":
        return CENTRED
    if field in ("owner", "action"):
        return WORDS
    if field == "attainment":
        return NUMBER._replace(number=number_formats.percent(language))
    if field == "change":
        return NUMBER._replace(number=number_formats.signed(shown) if shown else "")
    return NUMBER._replace(number=shown, bold=field == "value")
