"""`okr undo`: put back what the last writing command changed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.books.file_book import FileBook
from okr_workbook.cli.console import DONE, SEEN_TO, Console


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    book = FileBook(options.file)
    report = book.undo()
    console.notices(book.notices, options.file)
    console.say("undo.done", command=report.command, file=options.file, restored=report.restored)
    for cell in report.kept:
        console.say("undo.kept", cell=cell)
    console.result({"command": report.command, "restored": report.restored, "kept": list(report.kept)})
    return SEEN_TO if report.kept else DONE
