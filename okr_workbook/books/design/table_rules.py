"""What a table's cells accept and how rules paint them: statuses, bars, numbers in the unit of their row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell

from okr_workbook.books.design import number_formats
from okr_workbook.books.design.columns import BODY, LOOKS, Column
from okr_workbook.books.design.number_formats import quoted
from okr_workbook.books.design.styles import Styles
from okr_workbook.books.design.validations import cell_rule, looked_up
from okr_workbook.domain.kinds import KINDS
from okr_workbook.domain.planner import CLOSED_ACTION_STATES
from okr_workbook.labels import LANGUAGES, STATUS_SYMBOLS, labels_for
from okr_workbook.tables.blocks import AS_OF, STALE_AFTER
from okr_workbook.tables.palette import SEVERITY_PAINT, STALE
from okr_workbook.tables.schema import Table

LOW_CONFIDENCE = 3
"""Up to here a confidence of 0 to 10 is worth a question."""


DIFFERENCES = frozenset({"change", "needed_per_week"})
"""Numbers in the unit of their row that are shown with their sign."""


def add_rules(styles: Styles, sheet: Any, table: Table, columns: tuple[Column, ...]) -> None:
    """Dropdowns and bounds, painted statuses and bars, numbers in their row's unit. They reach beyond the blank rows."""
    last = LOOKS[table.id].last_row - 1
    for i, column in enumerate(columns):
        rule = cell_rule(styles, table, column.field)
        if rule:
            sheet.data_validation(BODY, i, last, i, rule)
        _paint(styles, sheet, column, i, last)
    where = {column.field.id: i for i, column in enumerate(columns)}
    for signed in (False, True):
        of_unit = (i for i, one in enumerate(columns) if one.field.by_unit and (one.field.id in DIFFERENCES) == signed)
        _show_in_unit(styles, sheet, where, list(of_unit), last, signed=signed)
    if table.id == "actions":
        _mark_overdue(styles, sheet, where, last)
    if table.id == "history":
        _format_history(styles, sheet, where, last)
    if {"score", "status"} <= where.keys():
        _dash_silence(styles, sheet, where, last)


def _show_in_unit(
    styles: Styles, sheet: Any, where: dict[str, int], places: list[int], last: int, *, signed: bool
) -> None:
    """Show the numbers of these columns in the unit of their row; before that, a milestone is done to some percent."""
    if not places:
        return
    area = " ".join(xl_range(BODY, first, last, final) for first, final in _runs(places))
    kind = _of_row(where, "kind")
    if kind:
        shown = number_formats.signed(styles.percent) if signed else styles.percent
        styles.paint_by_formula(sheet, area, f"={_is_done_or_not(kind)}", num_format=shown)
    unit = _of_row(where, "unit")
    styles.formats_by_unit(sheet, area, xl_rowcol_to_cell(BODY, places[0]), unit, signed=signed)


def _of_row(where: dict[str, int], field_id: str) -> str:
    """The first body row's unit or kind as a formula: its own, or that of the key result it names; "" for neither."""
    if field_id in where:
        return f"${xl_col_to_name(where[field_id])}{BODY + 1}"
    if "key_result" in where:
        return looked_up("key_results", field_id, f"${xl_col_to_name(where['key_result'])}{BODY + 1}")
    return ""


def _is_done_or_not(kind: str) -> str:
    """A formula: whether a kind is one whose values say how much is done, in any language the planner knows."""
    names = [name for name, of in KINDS.items() if of.takes_yes_no]
    words = [labels_for(language).choice(name) for name in names for language in LANGUAGES]
    return "OR(" + ",".join(f'{kind}="{word}"' for word in words) + ")"


def _dash_silence(styles: Styles, sheet: Any, where: dict[str, int], last: int) -> None:
    """A score of 0 without data is no figure: it only says that silence counts as zero."""
    score, status = (f"${xl_col_to_name(where[field])}{BODY + 1}" for field in ("score", "status"))
    said = ",".join(f'{status}="{word}"' for word in (styles.labels.status("no_data"), styles.labels.choice("no_data")))
    silent = f"=AND(ISNUMBER({score}),N({score})=0,OR({said}))"
    dash = quoted(STATUS_SYMBOLS["no_data"])
    styles.paint_by_formula(sheet, xl_range(BODY, where["score"], last, where["score"]), silent, num_format=dash)


def _format_history(styles: Styles, sheet: Any, where: dict[str, int], last: int) -> None:
    """Scores are shares; a KPI's value is in its own unit."""
    level, name = (f"${xl_col_to_name(where[field])}{BODY + 1}" for field in ("level", "id"))
    area = xl_range(BODY, where["score"], last, where["score"])
    is_kpi = f'{level}="{styles.labels.choice("kpi")}"'
    styles.formats_by_unit(
        sheet, area, xl_rowcol_to_cell(BODY, where["score"]), looked_up("kpis", "unit", name), only_if=is_kpi
    )


def _mark_overdue(styles: Styles, sheet: Any, where: dict[str, int], last: int) -> None:
    """The day of an action that is past and not closed has its sign, as that of a value that is too old."""
    due, state = (f"${xl_col_to_name(where[field])}{BODY + 1}" for field in ("due", "state"))
    words = [labels_for(language).choice(choice, "state") for choice in CLOSED_ACTION_STATES for language in LANGUAGES]
    is_closed = ",".join(f'{state}="{word}"' for word in dict.fromkeys(words))
    overdue = f"=AND(ISNUMBER({due}),{due}<{AS_OF.name},NOT(OR({is_closed})))"
    area = xl_range(BODY, where["due"], last, where["due"])
    styles.paint_by_formula(sheet, area, overdue, STALE, num_format=number_formats.date(styles.language, "! "))


def _paint(styles: Styles, sheet: Any, column: Column, index: int, last: int) -> None:
    field, cell, area = column.field, xl_rowcol_to_cell(BODY, index), xl_range(BODY, index, last, index)
    if field.id == "status":
        styles.paint_statuses(sheet, area, field.choices)
    elif column.is_bar:
        styles.score_bar(sheet, area)
    elif field.id == "confidence":
        low = f'=AND({cell}<>"",{cell}<={LOW_CONFIDENCE})'
        styles.paint_by_formula(sheet, area, low, font_color=STALE.text, bold=True)
    elif field.id == "updated_on":
        late = f"=AND(ISNUMBER({cell}),N({STALE_AFTER.name})>0,{AS_OF.name}-{cell}>{STALE_AFTER.name})"
        styles.paint_by_formula(sheet, area, late, STALE, num_format=number_formats.date(styles.language, "! "))
    elif field.id == "severity":
        for severity, paint in SEVERITY_PAINT.items():
            styles.paint_by_formula(sheet, area, f'={cell}="{styles.labels.choice(severity)}"', paint)


def _runs(indices: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of neighbours."""
    for _, run in groupby(enumerate(indices), key=lambda pair: pair[1] - pair[0]):
        members = [index for _, index in run]
        yield members[0], members[-1]
