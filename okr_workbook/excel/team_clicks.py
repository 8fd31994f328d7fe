"""Team workbooks, E-mail and Collect, clicked: the actions on files, beside the open workbook, which is saved first."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

from okr_workbook.actions.collect import CollectReport, conflict_words, note_sentence
from okr_workbook.actions.collect import collect as collect_books
from okr_workbook.actions.mail import send_books
from okr_workbook.actions.mail_report import MailReport
from okr_workbook.actions.mail_transports import drafts
from okr_workbook.actions.returned_books import find_files
from okr_workbook.actions.summary import problem_lines
from okr_workbook.actions.teams import make_team_books
from okr_workbook.excel.click import Click
from okr_workbook.labels import Labels

_MAIL_OUTCOMES = ("draft", "already_sent", "no_address", "no_book", "filled_in", "outdated")


def teams(click: Click) -> None:
    """A workbook for each team, in the folder of team workbooks."""
    path, folder = click.saved_path(), click.folder("teams")
    with click.working("teams"):
        report = make_team_books(path, folder, today=click.today(), progress=click.progress("teams"))
    click.language = report.language
    lines = [click.labels.text("excel", "done.teams", count=len(report.books), folder=folder)]
    click.tell([*lines, *(click.labels.error(one.error) for one in report.left)], alarm=bool(report.left))


def mail(click: Click) -> None:
    """A draft for each team, in the folder of messages. A person sends them: nothing leaves by this button."""
    path, folder = click.saved_path(), click.folder("drafts")
    with click.working("mail"):
        report = send_books(path, click.folder("teams"), drafts(folder))
    click.language = report.language
    click.tell(list(_mail_lines(report, click.labels, folder)), alarm=report.has_errors)


def collect(click: Click) -> None:
    """Merge what lies in the folder of returned workbooks into the open one, and save it."""
    path, folder = click.saved_path(), click.folder("returned")
    if not find_files([folder], planner_path=path):
        click.tell([click.labels.text("excel", "done.collect_empty", folder=folder)])
        return
    with click.working("collect"):
        progress = click.progress("collect")
        report = collect_books(path, [folder], today=click.today(), progress=progress, opened=click.live)
        click.book.save()
    click.language = report.language
    click.tell(list(_collect_lines(report, click.labels)), alarm=report.needs_person)


def _mail_lines(report: MailReport, labels: Labels, folder: str) -> Iterator[str]:
    if any(problem.severity == "error" for problem in report.problems):
        yield labels.text("excel", "done.mail_faults")
        yield from problem_lines(report.problems, labels)
        return
    counts = Counter(line.outcome if line.outcome in _MAIL_OUTCOMES else "other" for line in report.lines)
    for outcome in (*_MAIL_OUTCOMES, "other"):
        if counts[outcome]:
            yield labels.text("excel", f"done.mail_{outcome}", count=counts[outcome], folder=folder)
    if not counts:
        yield labels.text("excel", "done.mail_nothing")
    for left in report.left_out:
        yield labels.pair(left.file, labels.error(left.error))
    if report.stopped is not None:
        yield labels.error(report.stopped)


def _collect_lines(report: CollectReport, labels: Labels) -> Iterator[str]:
    plan = report.plan
    yield labels.text("collect", "report.books", count=len(report.books))
    for key, rows in (("check_ins", plan.check_ins), ("actions", plan.actions), ("cells", plan.cells)):
        if rows:
            yield labels.text("collect", f"report.{key}", count=len(rows))
    for _, one in report.listed:
        details = {**conflict_words(report, one, labels), "sheet": labels.table(one.table)}
        yield labels.text("excel", "done.collect_conflict", **details)
    for refused in report.refused:
        book = os.path.basename(refused.path)
        yield labels.text("collect", "report.refused", book=book, why=labels.error(refused.error))
    for note in plan.notes:
        yield note_sentence(note, labels.language)
    for cell in report.kept:
        yield labels.text("messages", "kept_formula", cell=cell)
    if report.not_noted is not None:
        yield labels.text("collect", "report.not_noted", why=labels.error(report.not_noted))
    yield labels.text("excel", "done.collect_next") if report.changed else labels.text("collect", "report.nothing")
