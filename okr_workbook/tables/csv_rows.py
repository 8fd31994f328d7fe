"""A CSV file as rows: encoding and separator found, headers matched to fields, every value read by its type."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date
from io import StringIO
from itertools import islice
from typing import NamedTuple

from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.columns import Columns, columns_of
from okr_workbook.tables.schema import Table

SHEET_ROWS = 1 << 20
"""How many rows a sheet has, in Excel."""

_MACHINE_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


class CsvRow(NamedTuple):
    """One line of a CSV file: its number in the file, its cells by field id, and for measures by month."""

    line: int
    fields: dict[str, str]
    months: dict[date, str]


class CsvTable(NamedTuple):
    """A CSV file for one table. `headers` are as written, for messages."""

    columns: Columns
    headers: tuple[str, ...]
    rows: tuple[CsvRow, ...]

    def header(self, field_id: str) -> str:
        """The header under which the file has a field."""
        return self.headers[self.columns.fields[field_id]]


def decode(content: bytes) -> str:
    """The text of a CSV file: UTF-8 or UTF-16 with a mark, UTF-8, or what Excel on Windows writes (cp1252).

    UsageError for what is no text: a workbook, or a UTF-16 file that was cut off.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UsageError("csv_not_text") from error
    if b"\x00" in content or content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UsageError("csv_not_text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def parse_csv(text: str, table: Table, language: str, *, most: int = SHEET_ROWS) -> CsvTable:
    """The rows of a CSV file for `table`; UsageError where its headers are not the table's, or its rows more than `most`."""
    lines = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = next(lines, [])
        columns = _columns(table, header, language)
        filled = (cells for cells in lines if any(cell.strip() for cell in cells))
        rows = [_row(lines.line_num, cells, header, columns) for cells in islice(filled, most + 1)]
    except csv.Error as error:
        raise UsageError("csv_broken", line=lines.line_num, reason=str(error)) from error
    if len(rows) > most:
        raise UsageError("csv_too_many_rows", limit=most)
    return CsvTable(columns, tuple(name.strip() for name in header), tuple(rows))


def _delimiter(text: str) -> str:
    """The one of , ; and tab that parts the header line the most."""
    first = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return max(",;\t", key=first.count)


def _columns(table: Table, header: Sequence[str], language: str) -> Columns:
    names = [name.strip() for name in header]
    if not any(names):
        raise UsageError("csv_empty")
    columns = columns_of(table.id, names)
    known = {*columns.fields.values(), *columns.months.values()}
    labels = labels_for(language)
    for index, name in enumerate(names):
        if index not in known:
            alone = columns_of(table.id, [name])
            twice = bool(alone.fields or alone.months)
            raise UsageError(
                "csv_column_twice" if twice else "csv_unknown_column",
                column=name or f"#{index + 1}",
                table=labels.table(table.id),
                columns=", ".join(labels.field(table.id, field.id) for field in table.input_fields)
                + (", YYYY-MM" if table.months else ""),
            )
    for field in table.fields:
        if field.computed and field.id in columns.fields:
            raise UsageError(
                "csv_computed_column", column=names[columns.fields[field.id]], table=labels.table(table.id)
            )
    for field_id in table.key:
        if field_id not in columns.fields and field_id != "author":
            raise UsageError("csv_no_key", column=labels.field(table.id, field_id), table=labels.table(table.id))
    return columns


def _row(line: int, cells: Sequence[str], header: Sequence[str], columns: Columns) -> CsvRow:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        raise UsageError("csv_too_many_cells", line=line)

    def at(place: int) -> str:
        return cells[place].strip().replace("\r\n", "\n") if place < len(cells) else ""

    return CsvRow(
        line,
        {field_id: at(place) for field_id, place in columns.fields.items()},
        {month: at(place) for month, place in columns.months.items()},
    )


def machine_number(text: str) -> float | None:
    """The number of a text in the form programs write (a point for decimals, no grouping), else None.

    In a CSV file 1.234 is what a program wrote, where in a cell it would be ambiguous.
    """
    return float(text) if _MACHINE_NUMBER.fullmatch(text) else None
