"""`okr refresh`: compute a planner and write what was computed."""

from __future__ import annotations

from collections.abc import Callable

from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli.asked_day import asked_day
from okr_workbook.cli.console import DONE, SEEN_TO, Console, today
from okr_workbook.cli.progress import patience
from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))
    parser.add_argument("--as-of", metavar="DATE", help=text("as_of"))
    parser.add_argument("--dry-run", action="store_true", help=text("dry_run"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    book, as_of = FileBook(options.file), asked_day(options.as_of, options.file, console)
    with patience(console.first_labels.text("messages", "refresh.working"), options.file):
        report = refresh_book(book, today=today(), as_of=as_of, dry_run=options.dry_run, lang=console.lang)
    console.book_language = report.language
    console.notices(book.notices, options.file)
    if console.as_json:
        from okr_workbook.actions.json_form import refresh_json

        console.result(refresh_json(report))
    else:
        from okr_workbook.actions.summary import summary_lines

        for line in summary_lines(report, console.labels):
            console.line(line)
        console.say(_written_key(report.changed, options.dry_run), file=options.file)
    for cell in report.kept:
        console.say("kept_formula", cell=cell)
    return SEEN_TO if report.has_errors else DONE


def _written_key(changed: bool, dry_run: bool) -> str:
    if dry_run:
        return "refresh.would_write" if changed else "refresh.unchanged"
    return "refresh.written" if changed else "refresh.unchanged"
