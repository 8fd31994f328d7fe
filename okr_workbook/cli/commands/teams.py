"""`okr teams`: one workbook a team."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.teams import make_team_books, teams_json
from okr_workbook.actions.workers import DaskCluster, Processes
from okr_workbook.cli.console import DONE, SEEN_TO, Console, today
from okr_workbook.cli.progress import progress_bar


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))
    parser.add_argument("--out", metavar="DIR", required=True, help=text("out"))
    parser.add_argument("--team", metavar="NAME", action="append", default=[], help=text("one_team"))
    parser.add_argument("--sheets", action="store_true", help=text("sheets"))
    parser.add_argument("--scheduler", metavar="ADDRESS", help=text("scheduler"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    with progress_bar(console.first_labels.text("messages", "teams.making")) as progress:
        report = make_team_books(
            options.file,
            options.out,
            today=today(),
            teams=options.team,
            sheets=options.sheets,
            workers=DaskCluster(options.scheduler) if options.scheduler else Processes(os.cpu_count() or 1),
            progress=progress,
        )
    console.book_language = report.language
    for one in report.books:
        score = "–" if one.known_score is None else console.labels.percent(one.known_score)
        console.say("teams.made", path=one.path, team=one.team, score=score, status=console.labels.status(one.status))
    if report.sheets:
        console.say("teams.sheets", path=report.sheets)
    for left in report.left:
        console.line(console.labels.error(left.error))
    console.result(teams_json(report))
    return SEEN_TO if report.left else DONE
