"""Fill: rows from a CSV file into one input table of a planner, by key. All of them, or none."""

from __future__ import annotations

from typing import NamedTuple

from okr_workbook.actions.reading import read_whole_planner
from okr_workbook.books.gate import MEGABYTE, PLANNER
from okr_workbook.errors import UsageError
from okr_workbook.labels import LANGUAGES, Labels, area, folded, labels_for
from okr_workbook.tables.csv_rows import decode, parse_csv
from okr_workbook.tables.filling import CsvFault, fill_table
from okr_workbook.tables.grid import Book, Changes
from okr_workbook.tables.schema import INPUT_TABLES, TABLES, table

LARGEST = PLANNER.file
"""The most bytes of a CSV file that are looked at: as of a planner. Its rows are as many as a table of a planner may have."""


class FillReport(NamedTuple):
    """What filling a table did. With `faults` nothing was written. `kept` are cells that hold a formula and stayed."""

    table: str
    added: int
    updated: int
    unchanged: int
    faults: tuple[CsvFault, ...]
    kept: tuple[str, ...]
    language: str


def table_named(name: str) -> str:
    """The id of the input table a user means, by id or label in any language; UsageError for any other."""
    wanted = folded(name).replace("-", "_")
    for one in TABLES:
        names = {one.id, *(folded(labels_for(language).table(one.id)) for language in LANGUAGES)}
        if wanted in names or folded(name) in names:
            if one.computed:
                raise UsageError("table_is_computed", table=one.id, tables=", ".join(INPUT_TABLES))
            return one.id
    raise UsageError("unknown_table", table=name, tables=", ".join(INPUT_TABLES))


def fill_book(book: Book, table_id: str, content: bytes, *, dry_run: bool = False) -> FillReport:
    """Upsert the rows of a CSV file into an input table (see `table_named`). UsageError where they are more than it takes."""
    if len(content) > LARGEST:
        raise UsageError("csv_too_large", limit=LARGEST // MEGABYTE)
    grids, parsed = read_whole_planner(book)
    language = parsed.planner.settings.language
    file = parse_csv(decode(content), table(table_id), language, most=PLANNER.table_rows)
    filling = fill_table(grids, parsed.columns, file, table_id, language)
    kept = filling.kept
    if not filling.faults and not dry_run:
        kept += book.write(Changes(tables=(filling.change,)), command=f"fill {table_id}").kept
    return FillReport(
        table_id,
        filling.added,
        filling.updated,
        filling.unchanged,
        filling.faults,
        tuple(dict.fromkeys(kept)),
        language,
    )


def fault_sentence(fault: CsvFault, table_id: str, labels: Labels) -> str:
    """One fault of a CSV file in words: its line, what is wrong as the sheet of problems would say it, and what to do."""
    field = labels.field(table_id, fault.column) if table(table_id).has(fault.column) else fault.column
    details = {"table": labels.table(table_id), "row": fault.row, "field": field, **fault.fault.details}
    code = fault.fault.code
    advice = "csv" if "csv" in area(labels.language, "problems")[code] else "advice"  # a cell is typed otherwise
    why, todo = (labels.text("problems", f"{code}.{part}", **details) for part in ("message", advice))
    return labels.text("messages", "fill.fault", line=str(fault.line), why=why, todo=todo)
