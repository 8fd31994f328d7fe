"""`okr new`: a planner from the template."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.new import new_planner
from okr_workbook.cli.console import DONE, Console, today


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--period", help=text("period"))
    parser.add_argument("--company", metavar="NAME", default="", help=text("company"))
    parser.add_argument("--example", action="store_true", help=text("example"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    report = new_planner(
        options.file,
        language=console.labels.language,
        today=today(),
        period=options.period,
        company=options.company,
        example=options.example,
    )
    console.book_language = report.language
    period = console.labels.period(report.period)
    console.say("new.done", file=report.path, period=period, first=report.first, last=report.last)
    console.say("new.next_example" if report.example else "new.next", file=report.path)
    console.result(
        {
            "file": report.path,
            "language": report.language,
            "company": report.company or None,
            "period": report.period,
            "period_start": report.first.isoformat(),
            "period_end": report.last.isoformat(),
            "example": report.example,
        }
    )
    return DONE
