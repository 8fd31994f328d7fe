"""One team's workbook, made new from its plan: nothing is in it that the plan does not name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from okr_workbook.books.parts.archive import Archive
from okr_workbook.books.stamp import SHEET, SentRow, Stamp, stamp_lines
from okr_workbook.books.team.actions import actions_sheet
from okr_workbook.books.team.check_ins import check_ins_sheet
from okr_workbook.books.team.key_results import key_results_sheet
from okr_workbook.books.team.kpis import kpis_sheet
from okr_workbook.books.team.layout import AUTHOR_CELL, DATE_CELL, Layout, layout_of
from okr_workbook.books.team.measures import measures_sheet
from okr_workbook.books.team.members import members_sheet
from okr_workbook.books.team.model import Look, Row, RowKind, Sheet, Workbook, absolute, at, quoted
from okr_workbook.books.team.objectives import objectives_sheet
from okr_workbook.books.team.overview import EXPECTED_CELL, SCORE_CELL, overview_sheet
from okr_workbook.books.team.pace import pace_sheet
from okr_workbook.books.team.package_writer import write_package
from okr_workbook.books.team.roll_up import team_roll_up
from okr_workbook.books.team.trends import trend_rows
from okr_workbook.books.team_names import AUTHOR_NAME, DATE_NAME, MADE, MEMBERS_TABLE, area_name
from okr_workbook.domain.merging.sameness import MEASURED_BY
from okr_workbook.domain.team_plan import TeamPlan
from okr_workbook.errors import FileRefusedError
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Value
from okr_workbook.tables.schema import table as table_of


def make_team_book(plan: TeamPlan, labels: Labels | None = None, *, revision: int = 0) -> bytes:
    """The .xlsx of one team, in the words of `labels` (the team's language where none are given)."""
    return write_package(team_workbook(plan, labels or labels_for(plan.language), revision=revision))


def was_filled_in(book: Path | bytes) -> bool:
    """True for a file, or its content, that somebody has saved since it was made, or that is no team workbook of ours."""
    try:
        content = book if isinstance(book, bytes) else book.read_bytes()
        properties = Archive(content).read("docProps/core.xml")
    except FileNotFoundError:
        return False
    except (FileRefusedError, KeyError, OSError):
        return True
    return properties.count(MADE.encode()) != len(("created", "modified"))


def says_the_same(one: bytes, other: bytes) -> bool:
    """True for two workbooks of ours with the same parts, however they were packed."""
    return _parts(one) == _parts(other)


def _parts(content: bytes) -> dict[str, bytes]:
    archive = Archive(content)
    return {name: archive.read(name) for name in archive.members}


def team_workbook(plan: TeamPlan, labels: Labels, *, revision: int = 0) -> Workbook:
    """The workbook of one team as values. The pace and the stamp are hidden sheets."""
    layout = layout_of(plan._replace(language=labels.language), labels)
    overview = overview_sheet(layout, *team_roll_up(layout, SCORE_CELL, EXPECTED_CELL))
    sheets = [
        overview,
        objectives_sheet(layout),
        key_results_sheet(layout),
        kpis_sheet(layout),
        *([measures_sheet(layout)] if plan.measures else ()),
        actions_sheet(layout),
        check_ins_sheet(layout),
        members_sheet(layout),
    ]
    stamp = Stamp(
        plan.settings.company,
        plan.settings.period,
        plan.team,
        revision,
        plan.as_of,
        labels.language,
        tuple(sent_rows(layout, sheets)),
    )
    stamp_sheet = _stamp_sheet(stamp)
    pace = pace_sheet(layout)
    pace.rows |= trend_rows(layout)
    names = {
        DATE_NAME: at(DATE_CELL[1], DATE_CELL[0], overview.title, fixed=True),
        AUTHOR_NAME: at(AUTHOR_CELL[1], AUTHOR_CELL[0], overview.title, fixed=True),
        SHEET: _range_of(stamp_sheet),
    } | {
        area_name(table.name): f"{quoted(sheet.title)}!{absolute(table.ref)}"
        for sheet in sheets
        for table in sheet.tables
    }
    title = layout.text("titles.overview", team=plan.team)
    return Workbook((*sheets, pace, stamp_sheet), names, title, plan.settings.company, labels.language)


def _stamp_sheet(stamp: Stamp) -> Sheet:
    lines = enumerate(stamp_lines(stamp), 1)
    rows = {number: Row(_stamp_row(len(texts)), tuple(texts)) for number, texts in lines}
    return Sheet(SHEET, rows=rows, state="veryHidden")


@cache
def _stamp_row(width: int) -> RowKind:
    return RowKind((column, "", Look()) for column in range(1, width + 1))


def _range_of(sheet: Sheet) -> str:
    rows, columns = (max(place[axis] for place in sheet.all_cells()) for axis in (0, 1))
    return f"{quoted(sheet.title)}!{at(1, 1, fixed=True)}:{at(columns, rows, fixed=True)}"


# --- what was sent, for the merge -----------------------------------------------------------------


def sent_rows(layout: Layout, sheets: Iterable[Sheet]) -> Iterable[SentRow]:
    """Every row of the tables as it stands in the sheets: typed fields alone, no formula.

    Of a key result also the value in force, and how it is measured.
    """
    key_results = {one.row.id: one for one in reversed(layout.plan.key_results)}
    for sheet in sheets:
        typed = sheet.typed() if sheet.tables else {}
        for table in sheet.tables:
            name = "key_results" if table.name == MEMBERS_TABLE else table.name
            columns = {
                table.left + offset: field
                for field, offset in columns_of(name, table.headers, in_team_book=True).places.items()
            }
            id_field = table_of(name).id_field
            for row in range(table.top + 1, table.top + 1 + table.rows):
                fields = _fields(columns, typed.get(row, ()))
                row_id = fields.pop(id_field, None)
                if row_id is None:
                    continue
                if name == "key_results" and (one := key_results.get(str(row_id))):
                    fields |= {"value": one.got.value} | {field: getattr(one.row, field) for field in MEASURED_BY}
                yield SentRow(name, str(row_id), fields)


def _fields(
    columns: Mapping[int, str], cells: Iterable[tuple[int, Value, Look]]
) -> dict[str, str | float | bool | None]:
    """The typed fields of one row by id; days as ISO text."""
    return {
        columns[column]: _plain(value)
        for column, value, look in cells
        if column in columns and (value is not None or look.unlocked)
    }


def _plain(value: Value) -> str | float | bool | None:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | float | int | bool) else None
