"""Grids to planner: every row of the input tables as a record, and every cell that cannot be read as a problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from okr_workbook.domain import planner as records
from okr_workbook.domain.periods import period_bounds
from okr_workbook.domain.planner import Planner, Settings, key_of
from okr_workbook.domain.problems import Problem
from okr_workbook.labels import LANGUAGES, folded, labels_for
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables.cell_values import Fault, as_text, choice_of, is_blank, read_cell
from okr_workbook.tables.columns import Columns, find_columns, month_header
from okr_workbook.tables.grid import Grid, Value
from okr_workbook.tables.schema import INPUT_TABLES, SETTINGS, Field, Table, table

if TYPE_CHECKING:
    from typing import Any

_RECORDS: dict[str, Any] = {
    "teams": records.Team,
    "members": records.Member,
    "objectives": records.Objective,
    "key_results": records.KeyResult,
    "kpis": records.Kpi,
    "measures": records.Measure,
    "actions": records.Action,
    "check_ins": records.CheckIn,
    "history": records.HistoryRow,
}
_TEXT = ("text", "formula", "choice", "link")
_MONTH = Field("month", "number")
_AS_IT_IS = {"text": str, "number": float, "share": float, "reading": float, "date": date}
"""What a cell holds that is the value of its field already. Anything else is looked into."""


class Parsed(NamedTuple):
    """What was understood of a book. `columns` says where each table's fields stand, for writing back."""

    planner: Planner
    problems: tuple[Problem, ...]
    columns: Mapping[str, Columns]


def parse_planner(grids: Mapping[str, Grid]) -> Parsed:
    """The planner in these grids. Tables and columns that are missing are problems, and read as empty."""
    problems: list[Problem] = []
    columns = {name: find_columns(grid) for name, grid in grids.items()}
    for name in INPUT_TABLES:
        problems += _missing(name, columns.get(name))
    settings = _parse_settings(grids.get("settings"), columns.get("settings"), problems)
    tables: dict[str, tuple[Any, ...]] = {}
    milestones: frozenset[str] = frozenset()
    for name in _RECORDS:  # key_results stands before check_ins: their kinds tell how readings are read
        if name in grids:
            reader = _RowReader(grids[name], columns[name], settings.language, milestones, problems)
            tables[name] = tuple(reader.records())
            if name == "key_results":
                milestones = frozenset(key_of(row.id) for row in tables[name] if row.kind == "milestone")
    return Parsed(Planner(settings=settings, **tables), tuple(problems), columns)


def _missing(name: str, found: Columns | None) -> list[Problem]:
    if found is None:
        return [Problem("missing_table", "error", name)]
    return [
        Problem("missing_column", "error", name, field=field_id)
        for field_id in found.missing(table(name))
    ]  # fmt: skip


class _RowReader:
    """Reads the rows of one table, and collects what is wrong."""

    def __init__(
        self, grid: Grid, columns: Columns, language: str, milestones: frozenset[str], problems: list[Problem]
    ) -> None:
        self.grid, self.columns, self.language, self.milestones = grid, columns, language, milestones
        self.table = table(grid.table)
        self.problems = problems
        self.record = _RECORDS[grid.table]
        known = set(self.record._fields)
        self.inputs = [
            (field, columns.fields[field.id])
            for field in self.table.fields
            if field.id in columns.fields and field.id in known
        ]
        self._reads_check_ins = grid.table == "check_ins" and bool(milestones)
        self.last_value = columns.fields.get("value") if grid.table == "key_results" else None

    def records(self) -> list[Any]:
        """The records of the rows that hold something of the user's."""
        places = [place for _, place in self.inputs] + list(self.columns.months.values())
        found = []
        for number, row in enumerate(self.grid.rows, 1):
            width = len(row)
            if any(place < width and row[place] is not None and not is_blank(row[place]) for place in places):
                found.append(self._record(number, row))
        return found

    def _record(self, number: int, row: Sequence[Value]) -> Any:
        values: dict[str, Any] = {"row_number": number}
        faults: list[tuple[str, Fault]] = []
        yes_no = self._is_milestone(row)
        for field, place in self.inputs:
            cell = row[place] if place < len(row) else None
            if cell is None:
                continue
            kind = type(cell)
            # by far the most cells, the short way; a float less itself is 0 where it is finite
            if kind is _AS_IT_IS.get(field.type) and (kind is not float or cell - cell == 0):  # type: ignore[operator]
                values[field.id] = cell.strip() if kind is str else cell  # type: ignore[union-attr]
                continue
            value, fault = read_cell(cell, field, self.language, yes_no=yes_no)
            if value is not None:
                values[field.id] = value
            if fault is not None:
                faults.append((field.id, fault))
        if self.table.months:
            values["months"] = self._months(row, faults)
        if self.last_value is not None:
            values["last_value"] = self._last_value(row)
            values["current_is_formula"] = (number - 1, self.columns.fields.get("current", -1)) in self.grid.formulas
        if faults:
            values["unreadable"] = frozenset(name for name, fault in faults if fault.severity == "error")
            self._report(number, row, faults)
        return self.record(**values)

    def _is_milestone(self, row: Sequence[Value]) -> bool:
        if self.grid.table == "key_results":
            return choice_of(self._text(row, "kind"), self.table.field("kind")) == "milestone"
        return self._reads_check_ins and key_of(self._text(row, "key_result")) in self.milestones

    def _text(self, row: Sequence[Value], field_id: str) -> str:
        place = self.columns.fields.get(field_id)
        return as_text(row[place]) if place is not None and place < len(row) else ""

    def _months(self, row: Sequence[Value], faults: list[tuple[str, Fault]]) -> dict[date, float]:
        months: dict[date, float] = {}
        for month, place in self.columns.months.items():
            if place >= len(row) or row[place] is None:
                continue
            value, fault = read_cell(row[place], _MONTH, self.language)
            if isinstance(value, float):
                months[month] = value
            if fault is not None:
                faults.append((month_header(month), fault))
        return months

    def _last_value(self, row: Sequence[Value]) -> float | None:
        """What the last refresh wrote into the computed column `value`; anything else there is as good as nothing."""
        cell = row[self.last_value] if self.last_value is not None and self.last_value < len(row) else None
        return float(cell) if isinstance(cell, int | float) else None

    def _report(self, number: int, row: Sequence[Value], faults: list[tuple[str, Fault]]) -> None:
        if self.table.computed:
            return
        name = self._text(row, self.table.id_field) if self.table.id_field else ""
        for field_id, fault in faults:
            self.problems.append(
                Problem(fault.code, fault.severity, self.table.id, name, number, field_id, fault.details)
            )


# --- settings: rows that stand for fields ---------------------------------------------------------


def setting_of(name: str) -> Field | None:
    """The setting a name stands for, in any language or by its id; None for a row of the user's own."""
    wanted = folded(name)
    for field in SETTINGS:
        if wanted == field.id or any(wanted == folded(labels_for(one).setting(field.id)) for one in LANGUAGES):
            return field
    return None


def _parse_settings(grid: Grid | None, columns: Columns | None, problems: list[Problem]) -> Settings:
    if grid is None or columns is None or not {"name", "value"} <= columns.fields.keys():
        return Settings()
    name_at, value_at = columns.fields["name"], columns.fields["value"]
    cells: dict[str, tuple[int, Value]] = {}
    for number, row in enumerate(grid.rows, 1):
        name = as_text(row[name_at]) if name_at < len(row) else ""
        field = setting_of(name) if name else None
        if field is None:
            continue
        if field.id in cells:
            problems.append(Problem("setting_twice", "warning", "settings", field.id, number, "name"))
            continue
        cells[field.id] = (number, row[value_at] if value_at < len(row) else None)
    language = _language(cells)
    values: dict[str, Any] = {}
    unreadable: set[str] = set()
    for field in SETTINGS:
        if field.id in cells:
            number, cell = cells[field.id]
            value, fault = _read_setting(cell, field, language)
            if fault is not None:
                problems.append(
                    Problem(fault.code, fault.severity, "settings", field.id, number, "value", fault.details)
                )
                if fault.severity == "error":
                    unreadable.add(field.id)
            if value is not None:
                values[field.id] = value
    return _with_period(Settings(**values, unreadable=frozenset(unreadable)))


def _language(cells: Mapping[str, tuple[int, Value]]) -> str:
    _, cell = cells.get("language", (0, None))
    field = next(field for field in SETTINGS if field.id == "language")
    return choice_of(as_text(cell), field) or Settings().language


def _read_setting(cell: Value, field: Field, language: str) -> tuple[Any, Fault | None]:
    """A setting's value; outside its range it is a fault, and the default holds."""
    value, fault = read_cell(cell, field, language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = field.minimum, field.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            details: dict[str, object] = {"number": value, "minimum": low, "maximum": high if high is not None else "…"}
            return None, Fault("out_of_range", "error", details)
    return value, fault


def _with_period(settings: Settings) -> Settings:
    """The period's first and last day, from its name where they are not given."""
    bounds = period_bounds(settings.period) if settings.period else None
    if bounds is None:
        return settings
    return settings._replace(
        period_start=settings.period_start or bounds[0], period_end=settings.period_end or bounds[1]
    )


def row_name(of: Table, columns: Columns, row: Sequence[Value]) -> str:
    """What a row is called: its id, or "" where its table has none or the cell is blank."""
    place = columns.fields.get(of.id_field) if of.id_field else None
    return as_text(row[place]) if place is not None and place < len(row) else ""
