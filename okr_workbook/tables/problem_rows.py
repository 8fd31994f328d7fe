"""Problems in words, each with its cell, and the table `problems` that shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from okr_workbook.domain.problems import SEVERITIES, Figure, Gaps, Problem
from okr_workbook.labels import Labels, area
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables.cell_changes import row_cells, whole_table
from okr_workbook.tables.cell_values import as_text, is_blank
from okr_workbook.tables.columns import Columns
from okr_workbook.tables.grid import Formula, Grid, TableChange, Value, quoted
from okr_workbook.tables.parsing import setting_of
from okr_workbook.tables.schema import TABLES, table
from okr_workbook.tables.units import in_unit, step_in_unit

if TYPE_CHECKING:
    from typing import Any


class ShownProblem(NamedTuple):
    """A problem in words, with its cell: `sheet` and `address` are "" where there is no such cell.

    `row` is the row's id (a setting's: period_end), or its number where it has none.
    """

    severity: str
    table: str
    row: str
    field: str
    sheet: str
    address: str
    code: str
    message: str
    advice: str

    @property
    def cell(self) -> str:
        """The cell as people write it: 'Key results'!G7."""
        return f"{quoted(self.sheet)}!{self.address}" if self.address else ""


def show_problems(
    problems: Sequence[Problem], grids: Mapping[str, Grid], columns: Mapping[str, Columns], labels: Labels
) -> list[ShownProblem]:
    """The problems in words: errors first, then by the order of the tables, rows and columns, as the sheet has them.

    Before all others a table that is missing: many of them may follow from it.
    """
    order = {one.id: index for index, one in enumerate(TABLES)}
    places = {table_id: one.places for table_id, one in columns.items()}
    ranked = sorted(
        dict.fromkeys(_hashable(one) for one in problems),
        key=lambda one: (
            one[0] != "missing_table",
            SEVERITIES.index(one[1]),
            order.get(one[2], 99),
            one[4],
            places.get(one[2], {}).get(one[5], -1),
            one[0],
        ),
    )
    by_key = {_hashable(one): one for one in problems}
    return [_show(by_key[key], grids.get(by_key[key].table), columns.get(by_key[key].table), labels) for key in ranked]


def _hashable(problem: Problem) -> tuple[Any, ...]:
    return (*problem[:6], tuple(sorted((name, str(value)) for name, value in problem.details.items())))


def _show(problem: Problem, grid: Grid | None, columns: Columns | None, labels: Labels) -> ShownProblem:
    row, sheet, address = problem.row, "", ""
    called = row
    if grid is not None and columns is not None:
        sheet, address = grid.sheet, _address(problem, grid, columns)
        if not row and problem.row_number:
            row = str(grid.top + problem.row_number)
            called = labels.text("tables", "places.row", number=row)
    field = labels.field(problem.table, problem.field) if problem.field else ""
    if problem.table == "settings" and problem.row:
        called = labels.setting(problem.row)
    shown = {name: _in_words(value, labels) for name, value in problem.details.items()}
    details = {"row": called, "field": field, "table": labels.table(problem.table), **shown}
    if problem.code == "unknown_reference":
        refers = table(problem.table).field(problem.field).refers
        details["tables"] = " / ".join(labels.table(each) for each, _ in refers)
    return ShownProblem(
        problem.severity,
        problem.table,
        row,
        problem.field,
        sheet,
        address,
        problem.code,
        labels.text("problems", f"{problem.code}.message", **details),
        _advice(problem.code, details, labels),
    )


def _advice(code: str, details: Mapping[str, object], labels: Labels) -> str:
    """What to do, and for some codes how to write it instead."""
    texts = area(labels.language, "problems")[code]
    rewrite = "rewrite_kpi" if "goal" in details else "rewrite"
    parts = ("advice", rewrite) if rewrite in texts else ("advice",)
    return " ".join(labels.text("problems", f"{code}.{part}", **details) for part in parts)


def _in_words(value: object, labels: Labels) -> object:
    if isinstance(value, Gaps):
        return ", ".join(f"{measure} ({', '.join(map(labels.period, periods))})" for measure, periods in value.of)
    if not isinstance(value, Figure):
        return value
    return (step_in_unit if value.step else in_unit)(value.value, value.unit, labels)


def _address(problem: Problem, grid: Grid, columns: Columns) -> str:
    number = problem.row_number or (_setting_number(problem, grid, columns) if grid.table == "settings" else 0)
    return grid.address(number - 1, _column(problem, grid, columns))


def _setting_number(problem: Problem, grid: Grid, columns: Columns) -> int:
    """The row of a setting that the problem knows by name alone; 0, the header, where it has none."""
    name_at = columns.fields.get("name", 0)
    rows = ((number, as_text(row[name_at])) for number, row in enumerate(grid.rows, 1) if name_at < len(row))
    fields = ((number, setting_of(name)) for number, name in rows if name)
    return next((number for number, field in fields if field is not None and field.id == problem.row), 0)


def _column(problem: Problem, grid: Grid, columns: Columns) -> int:
    """The problem's column; for a row as a whole, the column of its id, or the first; one of the user's by its header."""
    if "header" in problem.details:
        return grid.headers.index(problem.details["header"])
    place = columns.places.get(problem.field)
    return columns.fields.get(table(grid.table).id_field, 0) if place is None else place


def problems_change(grid: Grid, columns: Columns, shown: Sequence[ShownProblem], labels: Labels) -> TableChange:
    """The table `problems` anew. What the user wrote beside a problem, in a column of their own, moves with it.

    What stands beside one that is gone comes last, beside blank cells.
    """
    width, formulas = len(grid.headers), {column for _, column in grid.formulas}
    rows = [row_cells(_cells(one, labels), columns, width) for one in shown]
    ours = set(columns.fields.values())
    theirs = [column for column in range(width) if column not in ours and column not in formulas]
    notes = _notes(grid, columns, theirs)
    for row in rows:
        note = notes.pop(_identity(row, columns), None)
        for column, value in (note or {}).items():
            row[column] = value
    rows += [[note.get(column) for column in range(width)] for note in notes.values()]
    return whole_table(grid, rows, [*ours, *theirs] if theirs else ours)


def _notes(grid: Grid, columns: Columns, theirs: Sequence[int]) -> dict[tuple[str, ...], dict[int, Value]]:
    """What stands in the user's own columns, by the problem it stands beside."""
    found: dict[tuple[str, ...], dict[int, Value]] = {}
    for number, row in enumerate(grid.rows):
        note = {column: row[column] for column in theirs if column < len(row) and not is_blank(row[column])}
        if note:
            known = _identity(row, columns)
            found[known if any(known) and known not in found else (str(number),)] = note
    return found


def _identity(row: Sequence[Value], columns: Columns) -> tuple[str, ...]:
    """What tells one problem from another: table, row, field, code."""
    places = (columns.fields.get(field) for field in ("table", "row", "field", "code"))
    return tuple(as_text(row[place]) if place is not None and place < len(row) else "" for place in places)


def _cells(one: ShownProblem, labels: Labels) -> dict[str, Value]:
    return {
        "severity": labels.choice(one.severity),
        "table": labels.table(one.table),
        "row": (labels.setting(one.row) if one.table == "settings" else one.row) or None,
        "field": labels.field(one.table, one.field) if one.field else None,
        "cell": Formula.link(one.cell, one.cell) if one.cell else None,
        "code": one.code,
        "message": one.message,
        "advice": one.advice,
    }
