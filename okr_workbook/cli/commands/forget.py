"""`okr forget`: a person taken out of the planner and of what is kept beside it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.forget import forget
from okr_workbook.cli.console import DONE, SEEN_TO, Console, today


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("person", metavar="PERSON", help=text("person"))
    parser.add_argument("--dry-run", action="store_true", help=text("dry_run_forget"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status is 1 where the name still stands in texts that people wrote."""
    report = forget(options.file, options.person, today=today(), dry_run=options.dry_run)
    console.book_language = report.language
    console.notices(report.notices, options.file)
    console.say(
        "forget.dry_run" if options.dry_run else "forget.done",
        person=report.person,
        cells=report.cells,
        backups=report.backups,
        sendings=report.sendings,
    )
    if report.left:
        console.say("forget.left", places=", ".join(report.left))
    found = {**report._asdict(), "left": list(report.left), "dry_run": options.dry_run}
    console.result({name: value for name, value in found.items() if name != "notices"})
    return SEEN_TO if report.left else DONE
