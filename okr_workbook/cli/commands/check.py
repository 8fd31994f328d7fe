"""`okr check`: the problems of a planner, and nothing written."""

from __future__ import annotations

from collections.abc import Callable

from okr_workbook.actions.json_form import problems_json
from okr_workbook.actions.refresh import check_book
from okr_workbook.actions.summary import check_lines
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli.console import DONE, SEEN_TO, Console, today
from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    report = check_book(FileBook(options.file), today=today(), lang=console.lang)
    console.book_language = report.language
    for line in check_lines(report, console.labels):
        console.line(line)
    console.result({"as_of": report.as_of.isoformat(), "problems": problems_json(report.problems)})
    return SEEN_TO if report.has_errors else DONE
