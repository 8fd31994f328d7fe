"""Grids to planner: every row of the input tables as a record, and every cell that cannot be read as a problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import compress, repeat, zip_longest

from okr_workbook.domain import planner as records
from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.periods import period_bounds
from okr_workbook.domain.planner import KeyResult, Planner, Settings, key_of
from okr_workbook.domain.problems import Problem
from okr_workbook.labels import LANGUAGES, folded, labels_for
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables.cell_values import (
    Fault,
    Read,
    as_text,
    choice_of,
    is_blank,
    odd_cells,
    plain_values,
    read_cell,
)
from okr_workbook.tables.columns import Columns, find_columns, month_header, month_names, month_of
from okr_workbook.tables.grid import Grid, Value
from okr_workbook.tables.schema import INPUT_TABLES, MONTH, SETTINGS, Field, setting, table
from okr_workbook.tables.text_values import is_month_name

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

BY_FORMULA = "notes.by_formula"
"""The words, among the labels of tables, that mark a check-in which a formula in `current` was logged as."""


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
    if "measures" in grids:
        problems += _unread_months(grids["measures"], columns["measures"])
    settings = _parse_settings(grids.get("settings"), columns.get("settings"), problems)
    tables: dict[str, tuple[Any, ...]] = {}
    reported: dict[str, KeyResult] = {}
    for name in _RECORDS:  # key_results stands before check_ins: their kinds and units tell how readings are read
        if name in grids:
            reader = _TableReader(grids[name], columns[name], settings.language, reported, problems)
            tables[name] = tuple(reader.records())
            if name == "key_results":
                reported = {key_of(row.id): row for row in reversed(tables[name])}
    return Parsed(Planner(settings=settings, **tables), tuple(problems), columns)


def _missing(name: str, found: Columns | None) -> list[Problem]:
    if found is None:
        return [Problem("missing_table", "error", name)]
    return [
        Problem("missing_column", "error", name, field=field_id)
        for field_id in found.missing(table(name))
    ]  # fmt: skip


def _unread_months(grid: Grid, columns: Columns) -> Iterable[Problem]:
    """Columns with something in them that are headed with a month and are none: it lacks its year, or was there before."""
    known = set(columns.places.values())
    for place, header in enumerate(grid.headers):
        if place in known or not any(place < len(row) and not is_blank(row[place]) for row in grid.rows):
            continue
        if month_of(header) is not None:
            yield Problem("month_twice", "warning", "measures", details={"header": header})
        elif isinstance(header, str) and is_month_name(header, month_names()):
            yield Problem("month_without_year", "warning", "measures", details={"header": header})


_NOTHING_SAID = KeyResult()


class _TableReader:
    """Reads one table, column by column, and collects what is wrong with its cells."""

    def __init__(
        self,
        grid: Grid,
        columns: Columns,
        language: str,
        reported: Mapping[str, KeyResult],
        problems: list[Problem],
    ) -> None:
        self.grid, self.columns, self.language, self.reported = grid, columns, language, reported
        self.table = table(grid.table)
        self.problems = problems
        self.record = _RECORDS[grid.table]
        self.cells = list(zip_longest(*grid.rows))
        self.faults: dict[int, list[tuple[str, Fault]]] = {}

    def records(self) -> list[Any]:
        """The records of the rows that hold something of the user's."""
        blank = self.record._field_defaults
        typed = self._typed(blank)
        blank_row = tuple(blank[name] for name in typed)
        typed_rows = zip(*typed.values(), strict=True)
        kept = [row != blank_row or number in self.faults for number, row in enumerate(typed_rows, 1)]
        columns = {**typed, **self._seen()}
        count = len(self.grid.rows)
        rows = zip(*(columns.get(name) or repeat(blank[name], count) for name in self.record._fields), strict=True)
        self._report()
        # as `self.record(*row)` for each, without a call a row
        return list(map(tuple.__new__, repeat(self.record), compress(rows, kept)))

    def _typed(self, blank: Mapping[str, Any]) -> dict[str, list[Any]]:
        """What people typed, by field, row by row; `blank` is what each field is where its cell is blank."""
        found = {
            field.id: self._values(field, self.columns.fields[field.id], field.id, blank[field.id])
            for field in self.table.fields
            if field.id in self.columns.fields and field.id in blank
        }
        if self.table.months:
            found["months"] = self._months()
        return found

    def _seen(self) -> dict[str, Sequence[Any]]:
        """What the records tell beside what was typed."""
        found: dict[str, Sequence[Any]] = {"row_number": range(1, len(self.grid.rows) + 1)}
        if self.faults:
            found["unreadable"] = [self._unreadable(number) for number in found["row_number"]]
        if self.grid.table == "key_results":
            current, formulas = self.columns.fields.get("current", -1), self.grid.formulas
            found["last_value"] = [_last_value(cell) for cell in self._cells(self.columns.fields.get("value"))]
            found["current_is_formula"] = [(index, current) in formulas for index in range(len(self.grid.rows))]
        if self.grid.table == "check_ins":
            marks = {labels_for(language).text("tables", BY_FORMULA) for language in LANGUAGES}
            found["by_formula"] = [cell in marks for cell in self._cells(self.columns.fields.get("comment"))]
        return found

    def _cells(self, place: int | None) -> Sequence[Value]:
        """The cells of a column; all blank where no row reaches so far."""
        return self.cells[place] if place is not None and place < len(self.cells) else [None] * len(self.grid.rows)

    def _values(self, field: Field, place: int, name: str, blank: Any) -> list[Any]:
        """The values of a column. Only the odd cells are looked into, and what is wrong is noted under `name`."""
        cells = self._cells(place)
        odd = odd_cells(cells, field)
        values = plain_values(cells, odd, blank)
        known: dict[tuple[str, bool, str], Read] = {}
        by_row = (
            field.type == "reading" or field.by_unit or field is MONTH
        )  # what yes and a unit say depends on the row
        for index in odd:
            cell, yes_no, unit = cells[index], False, ""
            if by_row:
                row = self.grid.rows[index]
                yes_no, unit = field.type == "reading" and self._takes_yes_no(row), self._unit(row)
            if type(cell) is str:
                key = cell, yes_no, unit
                read = known.get(key) or known.setdefault(
                    key, read_cell(cell, field, self.language, yes_no=yes_no, unit=unit)
                )
            else:
                read = read_cell(cell, field, self.language, yes_no=yes_no)
            value, fault = read
            if value is not None:
                values[index] = value
            if fault is not None:
                self.faults.setdefault(index + 1, []).append((name, fault))
        return values

    def _months(self) -> list[dict[date, float]]:
        months: list[dict[date, float]] = [{} for _ in self.grid.rows]
        for month, place in self.columns.months.items():
            for figures, value in zip(months, self._values(MONTH, place, month_header(month), None), strict=True):
                if value is not None:
                    figures[month] = value
        return months

    def _unreadable(self, number: int) -> frozenset[str]:
        """The fields of a row that give no value, though their cell is not blank."""
        return frozenset(name for name, fault in self.faults.get(number, ()) if fault.severity == "error")

    def _takes_yes_no(self, row: Sequence[Value]) -> bool:
        """True where a reading may be yes or no: by the kind of the key result."""
        if self.grid.table == "key_results":
            return kind_of(choice_of(self._text(row, "kind"), self.table.field("kind")) or "").takes_yes_no
        return kind_of(self._reported(row).kind).takes_yes_no

    def _unit(self, row: Sequence[Value]) -> str:
        """The unit that may stand beside a number: the row's, of a check-in the key result's."""
        return self._reported(row).unit if self.grid.table == "check_ins" else self._text(row, "unit")

    def _reported(self, row: Sequence[Value]) -> KeyResult:
        """The key result that a check-in is of; one that says nothing where there is none."""
        return self.reported.get(key_of(self._text(row, "key_result")), _NOTHING_SAID)

    def _text(self, row: Sequence[Value], field_id: str) -> str:
        place = self.columns.fields.get(field_id)
        return as_text(row[place]) if place is not None and place < len(row) else ""

    def _report(self) -> None:
        """The faults as problems, by row; those of a table that Refresh alone writes are nobody's to mend."""
        if self.table.computed:
            return
        for number in sorted(self.faults):
            name = self._text(self.grid.rows[number - 1], self.table.id_field) if self.table.id_field else ""
            for field_id, fault in self.faults[number]:
                self.problems.append(
                    Problem(fault.code, fault.severity, self.table.id, name, number, field_id, fault.details)
                )


def _last_value(cell: Value) -> float | None:
    """What the last refresh wrote into the computed column `value`; anything else there is as good as nothing."""
    return float(cell) if isinstance(cell, int | float) else None


# --- settings: rows that stand for fields ---------------------------------------------------------


def setting_of(name: str) -> Field | None:
    """The setting a name stands for, in any language or by its id; None for a row of the user's own."""
    return _settings().get(folded(name))


@cache
def _settings() -> dict[str, Field]:
    """Every way to name a setting, folded. Of two settings that one name could stand for, the first has it."""
    found: dict[str, Field] = {}
    for field in SETTINGS:
        found.setdefault(field.id, field)
        for language in LANGUAGES:
            found.setdefault(folded(labels_for(language).setting(field.id)), field)
    return found


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
    return choice_of(as_text(cell), setting("language")) or Settings().language


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
