"""`okr report`: a planner on one page of HTML."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.json_form import company_json
from okr_workbook.actions.report import write_report
from okr_workbook.actions.summary import day_notes
from okr_workbook.cli.asked_day import asked_day
from okr_workbook.cli.console import DONE, SEEN_TO, Console, today


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))
    parser.add_argument("--html", metavar="OUT", required=True, help=text("html"))
    parser.add_argument("--as-of", metavar="DATE", help=text("as_of"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    as_of = asked_day(options.as_of, options.file, console)
    page = write_report(options.file, options.html, today=today(), as_of=as_of, lang=console.lang)
    console.book_language = page.refreshed.language
    shown, company = page.refreshed.as_of, company_json(page.refreshed.scores)
    console.result({"html": page.html, "size": page.size, "as_of": shown.isoformat(), "company": company})
    if not console.as_json:
        console.say("report.written", html=page.html, file=options.file, day=shown)
        for note in day_notes(page.refreshed, console.labels):
            console.line(note)
    return SEEN_TO if page.refreshed.has_errors else DONE
