"""`okr fill`: rows from a CSV file into a table."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.fill import LARGEST, fault_sentence, fill_book, table_named
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli.console import DONE, SEEN_TO, Console, read_content
from okr_workbook.cli.progress import patience


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))
    parser.add_argument("table", metavar="TABLE", help=text("table"))
    parser.add_argument("csv", metavar="CSV", help=text("csv"))
    parser.add_argument("--dry-run", action="store_true", help=text("dry_run"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    table_id = table_named(options.table)
    book, content = FileBook(options.file), read_content(options.csv, most=LARGEST + 1)
    with patience(console.first_labels.text("messages", "fill.working"), options.csv):
        report = fill_book(book, table_id, content, dry_run=options.dry_run)
    console.book_language = report.language
    console.notices(book.notices, options.file)
    labels = console.labels
    faults = [fault_sentence(fault, table_id, labels) for fault in report.faults]
    if faults:
        console.say("fill.refused", csv=options.csv, count=len(faults), file=options.file)
        for sentence in faults:
            console.line(f"  {sentence}")
    else:
        console.say(
            "fill.dry_run" if options.dry_run else "fill.done",
            table=labels.table(table_id),
            added=report.added,
            updated=report.updated,
            unchanged=report.unchanged,
        )
    for cell in report.kept:
        console.say("kept_formula", cell=cell)
    console.result(
        {
            "table": table_id,
            "added": 0 if faults else report.added,
            "updated": 0 if faults else report.updated,
            "unchanged": report.unchanged,
            "written": not faults and not options.dry_run,
            "faults": [
                {"line": one.line, "column": one.column, "code": one.fault.code, "message": sentence}
                for one, sentence in zip(report.faults, faults, strict=True)
            ],
            "kept": list(report.kept),
        }
    )
    return SEEN_TO if faults or report.kept else DONE
