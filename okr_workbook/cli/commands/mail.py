"""`okr mail`: messages with the team workbooks attached."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions import mail_transports
from okr_workbook.actions.mail import send_books
from okr_workbook.actions.mail_preparation import Wanted
from okr_workbook.actions.mail_report import MailLine, MailReport, mail_json
from okr_workbook.actions.summary import problem_lines
from okr_workbook.cli.console import DONE, SEEN_TO, Console
from okr_workbook.mail.ledger import State
from okr_workbook.mail.transport import Transport


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))
    parser.add_argument("--books", metavar="DIR", required=True, help=text("books"))
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--drafts", metavar="DIR", help=text("drafts"))
    ways.add_argument("--smtp", metavar="URL", help=text("smtp"))
    ways.add_argument("--microsoft365", action="store_true", help=text("microsoft365"))
    ways.add_argument("--outlook", action="store_true", help=text("outlook"))
    parser.add_argument("--team", metavar="NAME", action="append", default=[], help=text("one_team"))
    parser.add_argument("--remind", action="store_true", help=text("remind"))
    parser.add_argument("--resend-unknown", action="store_true", help=text("resend_unknown"))
    parser.add_argument("--resend-refused", action="store_true", help=text("resend_refused"))
    parser.add_argument("--dry-run", action="store_true", help=text("dry_run_mail"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    report = send_books(
        options.file,
        options.books,
        _transport(options, console),
        Wanted(tuple(options.team), options.remind, options.dry_run, _resend(options)),
        lang=console.lang,
    )
    console.book_language = report.language
    for line in report.lines:
        _say_line(line, console)
    _say_rest(report, options, console)
    console.result(mail_json(report))
    return SEEN_TO if report.has_errors or report.left_out else DONE


def _transport(options: Namespace, console: Console) -> Transport:
    """The way to send that was asked for; drafts beside the planner where none was."""
    if options.smtp:
        return mail_transports.smtp(options.smtp)
    if options.microsoft365:
        return mail_transports.microsoft365(console.line)
    if options.outlook:
        return mail_transports.outlook()
    return mail_transports.drafts(options.drafts or os.path.join(os.path.dirname(options.file), "drafts"))


def _resend(options: Namespace) -> tuple[State, ...]:
    states: tuple[tuple[State, bool], ...] = (("unknown", options.resend_unknown), ("refused", options.resend_refused))
    return tuple(state for state, asked in states if asked)


def _say_line(line: MailLine, console: Console) -> None:
    outcome = console.labels.text("messages", f"mail.{line.outcome}")
    to = ", ".join(one.address for one in line.addresses)
    console.line(console.labels.pair(line.team, f"{outcome} ({to})" if to else outcome))
    for one in line.addresses:
        if one.reply and one.state != "draft" and line.outcome != "sent":
            console.say("mail.reply", address=one.address, reply=one.reply)
    if line.draft:
        console.say("mail.draft_at", path=line.draft)


def _say_rest(report: MailReport, options: Namespace, console: Console) -> None:
    """What a person must see to."""
    labels = console.labels
    if report.problems:
        for sentence in problem_lines(report.problems, labels):
            console.line(sentence)
    for left in report.left_out:
        console.line(labels.pair(left.file, labels.error(left.error)))
    if report.stopped:
        console.line(labels.error(report.stopped))
    if report.interrupted:
        console.say("mail.interrupted", count=report.interrupted)
    for outcome, way_out in (("unknown", "look_first"), ("filled_in", "collect_first"), ("outdated", "make_anew")):
        if any(line.outcome == outcome for line in report.lines):
            console.say(f"mail.{way_out}", file=options.file, books=options.books)
