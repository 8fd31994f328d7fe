"""`okr status`: who was sent what, who has answered, what is stale."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.status import TeamStatus, status, status_json
from okr_workbook.cli.console import DONE, Console, today


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    del text
    parser.add_argument("file", metavar="FILE")


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    report = status(options.file, today=today())
    console.book_language = report.language
    for team in report.teams:
        _say_team(team, console)
    console.result(status_json(report))
    return DONE


def _say_team(team: TeamStatus, console: Console) -> None:
    def day(key: str, when: object) -> str:
        return console.labels.text("messages", f"status.{key}", day=when) if when else ""

    missing = "status.missing" if team.sent_on else "status.missing_ever"
    parts = [
        console.labels.text("messages", f"status.{team.state}"),
        day("sent_on", team.sent_on),
        day("reminded_on", team.reminded_on),
        day("answered_on", team.answered_on),
        day("due_on", team.due_on if team.answered_on is None else None),
        day("stale_since", team.stale_since),
        console.labels.text("messages", missing, ids=", ".join(team.missing)) if team.missing else "",
    ]
    console.line(console.labels.pair(team.team, " · ".join(part for part in parts if part)))
