"""`okr status`: who was sent what, who has answered, what is stale."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import date

from okr_workbook.actions.status import TeamStatus, status, status_json
from okr_workbook.cli.console import DONE, Console, today


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    report = status(options.file, today=today())
    console.book_language = report.language
    for team in report.teams:
        _say_team(team, report.today, console)
    if not report.teams:
        console.say("errors.no_teams")
    console.result(status_json(report))
    return DONE


def _say_team(team: TeamStatus, today: date, console: Console) -> None:
    def day(key: str, when: object) -> str:
        return console.labels.text("messages", f"status.{key}", day=when) if when else ""

    answered = team.answered_on is not None
    missing = "status.missing" if team.sent_on else "status.missing_ever"
    parts = [
        console.labels.text("messages", f"status.{team.state}", day=team.answered_on or team.sent_on),
        day("sent_on", team.sent_on if answered else None),
        day("reminded_on", team.reminded_on),
        day("overdue" if team.is_overdue(today) else "due_on", None if answered else team.due_on),
        day("stale_since", team.stale_since),
        console.labels.text("messages", missing, ids=", ".join(team.missing)) if team.missing else "",
    ]
    console.line(console.labels.pair(team.team, " · ".join(part for part in parts if part)))
