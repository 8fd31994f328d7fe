"""`okr forget`: a person taken out of the planner and of what is kept beside it."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.forget import forget
from okr_workbook.cli.console import DONE, SEEN_TO, Console, today


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))
    parser.add_argument("person", metavar="PERSON", help=text("person"))
    parser.add_argument("--dry-run", action="store_true", help=text("dry_run_forget"))
    parser.add_argument("--anyway", action="store_true", help=text("anyway"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status is 1 where the person still stands somewhere, in texts people wrote or in files beside."""
    file, person = options.file, options.person
    if os.path.isfile(person) and not os.path.isfile(file):  # the other way round: okr forget "Ann Quux" plan.xlsx
        file, person = person, file
        console.book = file
    report = forget(file, person, today=today(), dry_run=options.dry_run, anyway=options.anyway)
    console.book_language = report.language
    console.notices(report.notices, file)
    console.say(
        "forget.dry_run" if options.dry_run else "forget.done",
        person=report.person,
        cells=report.cells,
        backups=report.backups,
        sendings=report.sendings,
    )
    if report.left:
        console.say("forget.left", places=", ".join(report.left))
    if report.beside:
        console.say("forget.beside", places=", ".join(report.beside))
    found = {**report._asdict(), "left": list(report.left), "beside": list(report.beside), "dry_run": options.dry_run}
    console.result({name: value for name, value in found.items() if name not in ("language", "notices")})
    return SEEN_TO if report.left or report.beside else DONE
