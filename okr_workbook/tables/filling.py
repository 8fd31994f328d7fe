"""Rows from a CSV file into a table: which cells change, which rows are new, and what is wrong. All or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import NamedTuple

from okr_workbook.domain.kinds import Kind, kind_of
from okr_workbook.domain.planner import key_of
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.cell_changes import Cells, put, used_rows
from okr_workbook.tables.cell_values import Fault, as_text, choice_of, read_cell, read_incoming
from okr_workbook.tables.columns import Columns, month_header
from okr_workbook.tables.csv_rows import CsvRow, CsvTable, machine_number
from okr_workbook.tables.grid import Grid, TableChange, Value
from okr_workbook.tables.parsing import setting_of
from okr_workbook.tables.schema import MONTH, SETTINGS, Field, Table, table
from okr_workbook.tables.text_values import without_unit

Key = tuple[str, ...]
_ID_TABLES = ("objectives", "key_results", "kpis")


class CsvFault(NamedTuple):
    """One cell of the CSV file that cannot go in: its line, the key of its row as written, its column, and why."""

    line: int
    row: str
    column: str
    fault: Fault


class Filling(NamedTuple):
    """What filling does. With faults, nothing is written. `kept` are cells that hold a formula and stay."""

    change: TableChange
    added: int
    updated: int
    unchanged: int
    faults: tuple[CsvFault, ...]
    kept: tuple[str, ...] = ()


def fill_table(
    grids: Mapping[str, Grid], columns: Mapping[str, Columns], file: CsvTable, table_id: str, language: str
) -> Filling:
    """The change that upserts the rows of `file` by the table's key. Fields the file lacks stay as they are."""
    filler = _Filler(grids, columns, file, table(table_id), labels_for(language))
    return filler.fill()


class _Filler:
    def __init__(
        self,
        grids: Mapping[str, Grid],
        columns: Mapping[str, Columns],
        file: CsvTable,
        of: Table,
        labels: Labels,
    ) -> None:
        self.grids, self.all_columns = grids, columns
        self.grid, self.columns = grids[of.id], columns[of.id]
        self.file, self.table, self.labels = file, of, labels
        self.faults: list[CsvFault] = []
        self.kept: list[str] = []
        self.cells: Cells = {}
        self.new_headers = tuple(
            month_header(one) for one in sorted(set(file.columns.months) - set(self.columns.months))
        )
        first = len(self.grid.headers)
        self.month_at = dict(self.columns.months)
        for index, month in enumerate(sorted(set(file.columns.months) - set(self.columns.months))):
            self.month_at[month] = first + index
        self.known_ids = self._known_ids()
        self.yes_no = self._yes_no_key_results()
        self.unit_of = "key_result" if of.has("key_result") and not of.has("unit") else of.id_field
        self.units = self._units()

    def fill(self) -> Filling:
        rows = self._rows_by_key()
        next_row = used_rows(self.grid)
        seen: dict[Key, int] = {}
        added = updated = unchanged = 0
        for row in self.file.rows:
            key = self._key(row)
            if key is None:
                continue
            if key in seen:
                self._fault(row, self.table.key[0], "csv_duplicate_key", other=str(seen[key]))
                continue
            seen[key] = row.line
            before = len(self.cells)
            place = rows.get(key)
            self._write(row, next_row if place is None else place)
            if place is None:
                next_row, added = next_row + 1, added + 1
            elif len(self.cells) > before:
                updated += 1
            else:
                unchanged += 1
        change = TableChange(self.table.id, self.cells, new_headers=self.new_headers)
        return Filling(change, added, updated, unchanged, tuple(self.faults), tuple(self.kept))

    # --- keys ---

    def _rows_by_key(self) -> dict[Key, int]:
        """Where each key stands now; of duplicates the first."""
        found: dict[Key, int] = {}
        for index, row in enumerate(self.grid.rows):
            parts = []
            for field_id in self.table.key:
                place = self.columns.fields.get(field_id)
                cell = row[place] if place is not None and place < len(row) else None
                parts.append(self._key_part(field_id, cell))
            if any(parts):
                found.setdefault(tuple(parts), index)
        return found

    def _key_part(self, field_id: str, cell: Value) -> str:
        if self.table.field(field_id).type == "date":
            day, _ = read_cell(cell, self.table.field(field_id), self.labels.language)
            return day.isoformat() if isinstance(day, date) else as_text(cell)
        text = as_text(cell)
        if self.table.id == "settings" and (setting := setting_of(text)):
            return setting.id
        return key_of(text)

    def _key(self, row: CsvRow) -> Key | None:
        """The key of a CSV row; None (and a fault) where a part it needs is blank."""
        parts = [self._key_part(field_id, row.fields.get(field_id, "")) for field_id in self.table.key]
        for field_id, part in zip(self.table.key, parts, strict=True):
            if not part and field_id != "author":
                self._fault(row, field_id, "csv_blank_key")
                return None
        return tuple(parts)

    def _known_ids(self) -> dict[str, tuple[tuple[str, ...], set[str]]]:
        """By field that refers to an id: the tables it may come from, and the ids it may be. Made once for all rows."""
        ids = {name: self._ids(name) for name in _ID_TABLES}
        found: dict[str, tuple[tuple[str, ...], set[str]]] = {}
        for field in self.table.fields:
            targets = tuple(name for name, column in field.refers if column == "id")
            if targets:
                found[field.id] = targets, set().union(*(ids[name] for name in targets))
        return found

    def _ids(self, table_id: str) -> set[str]:
        """The ids a reference may name: those in the planner and, for a table that refers to itself, in the file."""
        found: set[str] = set()
        if table_id in self.grids and "id" in self.all_columns[table_id].fields:
            place = self.all_columns[table_id].fields["id"]
            found = {key_of(as_text(row[place])) for row in self.grids[table_id].rows if place < len(row)} - {""}
        if table_id == self.table.id and found:
            found |= {key_of(row.fields.get("id", "")) for row in self.file.rows}
        return found

    # --- cells ---

    def _write(self, row: CsvRow, index: int) -> None:
        for field_id, text in row.fields.items():
            place = self.columns.fields.get(field_id)
            if place is None:
                self._fault(row, field_id, "csv_column_not_in_planner")
                continue
            self._put(index, place, self._value(row, field_id, text))
        for month, text in row.months.items():
            self._put(index, self.month_at[month], self._read(row, month_header(month), MONTH, text))

    def _put(self, index: int, place: int, value: Value) -> None:
        if (index, place) in self.grid.formulas:
            before = self.grid.rows[index][place]
            if before != value:
                self.kept.append(self.grid.named(self.grid.address(index, place)))
            return
        put(self.cells, self.grid, index, place, value)

    def _value(self, row: CsvRow, field_id: str, text: str) -> Value:
        field = self.table.field(field_id)
        if self.table.id == "settings":
            return self._setting(row, field_id, text)
        if not text:
            return None
        self._check_reference(row, field, text)
        return self._read(row, field_id, field, text)

    def _setting(self, row: CsvRow, field_id: str, text: str) -> Value:
        """A setting's name as the workbook writes it, or its value by the setting's own type."""
        setting = setting_of(row.fields.get("name", ""))
        if setting is None:
            names = ", ".join(self.labels.setting(field.id) for field in SETTINGS)
            if field_id == "name":
                self._fault(row, field_id, "csv_unknown_setting", text=text, names=names)
            return None
        if field_id == "name":
            return self.labels.setting(setting.id)
        return self._read(row, field_id, setting, text) if text else None

    def _check_reference(self, row: CsvRow, field: Field, text: str) -> None:
        """An id must be known, unless none of the tables it may come from has any row yet."""
        targets, known = self.known_ids.get(field.id, ((), set()))
        if known and key_of(text) not in known:
            tables = " / ".join(self.labels.table(name) for name in targets)
            self._fault(row, field.id, "csv_unknown_id", text=text, tables=tables)

    def _read(self, row: CsvRow, column: str, field: Field, text: str) -> Value:
        if not text:
            return None
        cell: Value = text
        if field.type in ("number", "share", "reading", "integer"):
            unit = self._unit(row)
            number = machine_number(without_unit(text, unit) if unit else text)
            cell = text if number is None else number
            value, fault = read_incoming(cell, field, self.labels.language, yes_no=self._takes_yes_no(row), unit=unit)
        else:
            value, fault = read_incoming(cell, field, self.labels.language)
        if fault is not None and fault.severity == "error":
            self._found(row, column, fault)
            return None
        if isinstance(value, float) and not isfinite(value):
            return None
        if isinstance(value, bool):
            return self.labels.choice("yes" if value else "no")
        return self.labels.choice(value, field.id) if field.type == "choice" and isinstance(value, str) else value

    def _unit(self, row: CsvRow) -> str:
        """The unit of the row, or of the key result it names: it may stand beside a number."""
        said = row.fields.get("unit", "")
        return said or self.units.get(key_of(row.fields.get(self.unit_of, "")), "")

    def _units(self) -> dict[str, str]:
        """The units that stand in the planner, by the key of the row they are of."""
        of = "key_results" if self.unit_of == "key_result" else self.table.id
        id_field = table(of).id_field
        grid, columns = self.grids.get(of), self.all_columns.get(of)
        if grid is None or columns is None or not {id_field, "unit"} <= columns.fields.keys():
            return {}
        id_at, unit_at = columns.fields[id_field], columns.fields["unit"]
        rows = (row for row in reversed(grid.rows) if len(row) > max(id_at, unit_at))
        return {key_of(as_text(row[id_at])): as_text(row[unit_at]) for row in rows}

    def _takes_yes_no(self, row: CsvRow) -> bool:
        """True where a reading may be yes or no: by the kind of the key result."""
        if self.table.id == "key_results" and row.fields.get("kind"):
            return _kind_called(row.fields["kind"]).takes_yes_no
        name = row.fields.get("id" if self.table.id == "key_results" else "key_result", "")
        return key_of(name) in self.yes_no if name else False

    def _yes_no_key_results(self) -> frozenset[str]:
        grid, columns = self.grids.get("key_results"), self.all_columns.get("key_results")
        if grid is None or columns is None or not {"id", "kind"} <= columns.fields.keys():
            return frozenset()
        id_at, kind_at = columns.fields["id"], columns.fields["kind"]
        return frozenset(
            key_of(as_text(row[id_at]))
            for row in grid.rows
            if len(row) > max(id_at, kind_at) and _kind_called(as_text(row[kind_at])).takes_yes_no
        )

    def _fault(self, row: CsvRow, column: str, code: str, **details: object) -> None:
        self._found(row, column, Fault(code, "error", details))

    def _found(self, row: CsvRow, column: str, fault: Fault) -> None:
        key = " · ".join(filter(None, (row.fields.get(field_id) for field_id in self.table.key)))
        self.faults.append(CsvFault(row.line, key, column, fault))


def _kind_called(words: str) -> type[Kind]:
    """The kind of key result of that name, in any language of the planner."""
    return kind_of(choice_of(words, table("key_results").field("kind")) or "")
