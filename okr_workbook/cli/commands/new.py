"""`okr new`: a planner from the template, or from the planner of the period before."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.new import NewReport, new_planner
from okr_workbook.cli.console import DONE, Console, today
from okr_workbook.cli.progress import patience
from okr_workbook.errors import UsageError

_ALONE, _WITH_SOURCE = ("company", "example"), ("unfinished", "keep")
"""What goes with a planner from the template only, and with one from another planner only."""


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("new_file"))
    parser.add_argument("--period", metavar="PERIOD", help=text("period"))
    parser.add_argument("--company", metavar="NAME", default="", help=text("company"))
    parser.add_argument("--example", action="store_true", help=text("example"))
    parser.add_argument("--from", metavar="OLD", dest="source", help=text("from"))
    parser.add_argument("--unfinished", action="store_true", help=text("unfinished"))
    parser.add_argument("--keep", metavar="ID", action="extend", nargs="+", default=[], help=text("keep"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    for name in _ALONE if options.source else _WITH_SOURCE:
        if getattr(options, name):
            raise UsageError("not_with_from" if options.source else "only_with_from", option=f"--{name}")
    report = _next(options, console) if options.source else _first(options, console)
    console.book_language = report.language
    done = "new.done_dates" if "/" in report.period else "new.done"  # two dates have no other name
    period = console.labels.period(report.period)
    console.say(done, file=report.path, period=period, first=report.first, last=report.last)
    carried = {name: [row.id for row in rows] for name, rows in report.carried._asdict().items()}
    if any(carried.values()):
        console.say("new.carried", **{name: len(ids) for name, ids in carried.items()})
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
            "from": report.source or None,
            "carried": carried,
        }
    )
    return DONE


def _first(options: Namespace, console: Console) -> NewReport:
    return new_planner(
        options.file,
        language=console.labels.language,
        today=today(),
        period=options.period,
        company=options.company,
        example=options.example,
    )


def _next(options: Namespace, console: Console) -> NewReport:
    from okr_workbook.actions.next_period import start_next_period

    with patience(console.labels.text("messages", "new.working"), options.source):
        return start_next_period(
            options.file,
            options.source,
            today=today(),
            period=options.period,
            unfinished=options.unfinished,
            keep=options.keep,
        )
