"""What a cell accepts and what it says about itself: dropdowns, bounds, and the help on headers.

Excel shows an input message of at most 255 characters under a title of at most 32.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from okr_workbook.books.design.styles import Styles
from okr_workbook.tables.schema import TABLES, Field, Table, table
from okr_workbook.tables.units import CURRENCIES

LISTS: tuple[tuple[str, str], ...] = tuple(
    dict.fromkeys(pair for each in TABLES for field in each.fields for pair in field.refers[:1])
)
"""The (table, field) columns that dropdowns offer."""

LOOKED_UP = (("key_results", "unit"), ("kpis", "unit"), ("key_results", "kind"))
"""The (table, field) columns that have a name, for formats that follow the key result or KPI a row names."""

SERVED = "list_served"
"""The defined name of what an action may serve: the key results, then the KPIs."""

SERVED_ROWS = 200

TITLE_LENGTH, MESSAGE_LENGTH = 32, 255
SUGGESTED_UNITS = ("%", "€", "k€", "$", "£")


def list_name(table_id: str) -> str:
    """The defined name of the values a dropdown offers."""
    return f"list_{table_id}"


def define_lists(styles: Styles, places: dict[tuple[str, str], tuple[str, str, int, int]]) -> None:
    """Name the columns that dropdowns read, from the first body row to the last row with something in it.

    `places` maps (table, field) to (sheet, column letters, first row, last row). INDEX keeps blank rows out of the list
    and works in Excel and LibreOffice alike, which a structured reference in a validation does not.
    """
    for table_id, field_id in LISTS:
        sheet, column, first, last = places[table_id, field_id]
        cells = f"'{sheet}'!${column}${first}:${column}${last}"
        end = f"INDEX({cells},MAX(1,COUNTA({cells})))"
        styles.book.define_name(list_name(table_id), f"='{sheet}'!${column}${first}:{end}")
    for table_id, field_id in LOOKED_UP:
        sheet, column, first, last = places[table_id, field_id]
        name = _looked_up_name(table_id, field_id)
        styles.book.define_name(name, f"='{sheet}'!${column}${first}:${column}${last}")


def list_served(styles: Styles, sheet: Any, row: int, column: int) -> None:
    """The ids an action may serve, downwards from a cell of the data sheet: formulas, so that a new one is offered at once.

    One list cannot read two tables. How many key results there are stands in the cell above.
    """
    count = xl_rowcol_to_cell(row - 1, column, row_abs=True, col_abs=True)
    key_results, kpis = list_name("key_results"), list_name("kpis")
    sheet.write_formula(row - 1, column, f"=ROWS({key_results})", None, 1)
    for i in range(SERVED_ROWS):
        found = f"IF({i + 1}<={count},INDEX({key_results},{i + 1}),INDEX({kpis},{i + 1}-{count}))"
        sheet.write_formula(row + i, column, f'=IFERROR({found}&"","")', None, "")
    cells = f"{sheet.name}!{xl_range_abs(row, column, row + SERVED_ROWS - 1, column)}"
    first = f"{sheet.name}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"
    end = f"INDEX({cells},MIN({SERVED_ROWS},ROWS({key_results})+ROWS({kpis})))"
    styles.book.define_name(SERVED, f"={first}:{end}")


def looked_up(table_id: str, field_id: str, cell: str) -> str:
    """A formula: a field of the key result or KPI whose id is in `cell`, "" where there is none."""
    return f'IFERROR(INDEX({_looked_up_name(table_id, field_id)},MATCH({cell},{list_name(table_id)},0)),"")'


def _looked_up_name(table_id: str, field_id: str) -> str:
    return f"list_{table_id}_{field_id}s"


def head_help(styles: Styles, table_id: str, field_id: str) -> dict[str, Any]:
    """The message under a header, when it is selected."""
    return header_help(styles.labels.field(table_id, field_id), styles.labels.help(table_id, field_id))


def header_help(title: str, message: str) -> dict[str, Any]:
    """A message under a header, when it is selected."""
    assert len(title) <= TITLE_LENGTH, title
    assert len(message) <= MESSAGE_LENGTH, message
    return {"validate": "any", "input_title": title, "input_message": message}


def cell_rule(styles: Styles, of: Table, field: Field) -> dict[str, Any] | None:
    """What the cells of one column accept. References and choices only warn: a new name may be typed first."""
    if field.computed:
        return None if of.computed else _written_by_refresh(styles)
    if field.choices:
        return _choice(styles, field)
    if field.refers:
        return _reference(styles, field)
    if field.id == "unit":
        return _suggestion([*SUGGESTED_UNITS, *styles.text("units").split("|")])
    if field.id == "author":
        return _suggestion(f"={list_name('members')}")
    return bounds(styles, field)


def _suggestion(source: str | list[str]) -> dict[str, Any]:
    """A list to choose from, where anything else may be typed."""
    return {"validate": "list", "source": source, "show_error": False}


def _written_by_refresh(styles: Styles) -> dict[str, Any]:
    return {"validate": "custom", "value": "=FALSE", **_warning(styles, "computed")}


def _choice(styles: Styles, field: Field) -> dict[str, Any]:
    source = [styles.labels.choice(choice, field.id) for choice in field.choices]
    return {"validate": "list", "source": source, **_warning(styles, "choice")}


def _reference(styles: Styles, field: Field) -> dict[str, Any]:
    offered, _ = field.refers[0]
    if field.id == "serves":
        return _suggestion(f"={SERVED}")
    if len({table_id for table_id, _ in field.refers}) > 1:
        return _suggestion(f"={list_name(offered)}")  # one list cannot offer all that may stand here
    rule = {"validate": "list", "source": f"={list_name(offered)}"}
    return {**rule, **_warning(styles, "reference", table=styles.labels.table(table(offered).id))}


def setting_rule(styles: Styles, field: Field) -> dict[str, Any] | None:
    """What the value of a setting accepts."""
    if field.id == "currency":
        return _suggestion(list(CURRENCIES))
    if field.type == "flag":
        return _choice(styles, field._replace(choices=("yes", "no")))
    return _choice(styles, field) if field.choices else bounds(styles, field)


def bounds(styles: Styles, field: Field) -> dict[str, Any] | None:
    """The bounds of a number or a day, or None where anything goes."""
    if field.type == "date":
        return {"validate": "date", "criteria": ">", "value": "=DATE(2000,1,1)", **_stop(styles, "date")}
    if field.type not in ("number", "share", "integer") or field.minimum is None:
        return None
    kind = "integer" if field.type == "integer" else "decimal"
    if field.maximum is None:
        rule = {"validate": kind, "criteria": ">=", "value": field.minimum}
        return {**rule, **_stop(styles, "at_least", minimum=field.minimum)}
    rule = {"validate": kind, "criteria": "between", "minimum": field.minimum, "maximum": field.maximum}
    if field.type == "share":
        return {**rule, **_stop(styles, "share")}
    return {**rule, **_stop(styles, "between", minimum=field.minimum, maximum=field.maximum)}


def _warning(styles: Styles, key: str, **details: object) -> dict[str, Any]:
    return {**_stop(styles, key, **details), "error_type": "warning"}


def _stop(styles: Styles, key: str, **details: object) -> dict[str, Any]:
    title = styles.text(f"refused.{key}.title")
    return {"error_title": title, "error_message": styles.text(f"refused.{key}.message", **details)}
