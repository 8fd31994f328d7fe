"""Fill: rows from a CSV file into one input table of a planner, by key. All of them, or none."""

from __future__ import annotations

from typing import NamedTuple

from okr_workbook.actions.reading import read_whole_planner
from okr_workbook.errors import UsageError
from okr_workbook.labels import LANGUAGES, Labels, folded, labels_for
from okr_workbook.tables.csv_rows import decode, parse_csv
from okr_workbook.tables.filling import CsvFault, fill_table
from okr_workbook.tables.grid import Book, Changes
from okr_workbook.tables.schema import INPUT_TABLES, TABLES


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
    for table in TABLES:
        names = {table.id, *(folded(labels_for(language).table(table.id)) for language in LANGUAGES)}
        if wanted in names or folded(name) in names:
            if table.computed:
                raise UsageError("table_is_computed", table=table.id, tables=", ".join(INPUT_TABLES))
            return table.id
    raise UsageError("unknown_table", table=name, tables=", ".join(INPUT_TABLES))


def fill_book(book: Book, table_id: str, content: bytes, *, dry_run: bool = False) -> FillReport:
    """Upsert the rows of a CSV file into an input table (see `table_named`)."""
    grids, parsed = read_whole_planner(book)
    language = parsed.planner.settings.language
    from okr_workbook.tables.schema import table

    file = parse_csv(decode(content), table(table_id), language)
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


def fault_sentence(fault: CsvFault, labels: Labels) -> str:
    """One fault of a CSV file in words: line, column, why, and what to do."""
    details = {"row": "", "field": fault.column, "table": "", **fault.fault.details}
    why = labels.text("problems", f"{fault.fault.code}.message", **details)
    todo = labels.text("problems", f"{fault.fault.code}.advice", **details)
    return labels.text("messages", "fill.fault", line=str(fault.line), column=fault.column, why=why, todo=todo)
