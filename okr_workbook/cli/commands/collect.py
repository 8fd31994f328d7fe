"""`okr collect`: merge returned workbooks, or decide a conflict."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from glob import glob, has_magic

from okr_workbook.actions.collect import (
    CollectReport,
    Decision,
    ResolveReport,
    collect,
    collect_json,
    conflict_words,
    note_sentence,
    resolve,
)
from okr_workbook.cli.console import DONE, SEEN_TO, Console, today
from okr_workbook.cli.progress import progress_bar
from okr_workbook.errors import UsageError


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))
    parser.add_argument("books", metavar="BOOK_OR_FOLDER", nargs="*", help=text("returned"))
    parser.add_argument(
        "--take", nargs=2, action="append", default=[], metavar=("theirs|ours", "CONFLICT"), help=text("take")
    )
    parser.add_argument("--dry-run", action="store_true", help=text("dry_run"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    if options.take:
        if options.books:
            raise UsageError("take_or_collect")
        decisions = [Decision(*one) for one in options.take]
        return _say_decided(resolve(options.file, decisions, dry_run=options.dry_run), options, console)
    books = [book for named in options.books for book in _named(named)]
    if not books:
        raise UsageError("no_books_named")
    with progress_bar(console.first_labels.text("messages", "collect.reading")) as progress:
        report = collect(options.file, books, today=today(), dry_run=options.dry_run, progress=progress)
    console.book_language = report.language
    console.notices(report.notices, options.file)
    _say(report, options, console)
    console.result(collect_json(report))
    return SEEN_TO if report.needs_person else DONE


def _named(word: str) -> list[str]:
    """The files and folders that an argument names: where the shell leaves a star as it is, it is looked up here.

    UsageError where nothing is there.
    """
    if os.path.lexists(word):
        return [word]
    if not has_magic(word):
        raise UsageError("no_such_book", file=word)
    found = sorted(glob(word))
    if not found:
        raise UsageError("no_book_matches", pattern=word)
    return found


def _say_decided(report: ResolveReport, options: Namespace, console: Console) -> int:
    console.book_language = report.language
    console.notices(report.notices, options.file)
    done, last = ("would_resolve", "dry_run") if options.dry_run else ("resolved", "refresh_next")
    for one in report.decided:
        side = console.labels.choice(one.side, "state")
        console.line(console.labels.text("collect", f"report.{done}", id=one.conflict, side=side))
    console.line(console.labels.text("collect", f"report.{last}"))
    console.result({"decided": [one._asdict() for one in report.decided]})
    return DONE


def _say(report: CollectReport, options: Namespace, console: Console) -> None:
    labels, plan = console.labels, report.plan

    def tell(key: str, **details: object) -> None:
        console.line(labels.text("collect", f"report.{key}", **details))

    tell("books", count=len(report.books))
    found = (("check_ins", plan.check_ins), ("actions", plan.actions), ("cells", plan.cells))
    for key, rows in found:
        if rows:
            tell(key, count=len(rows))
    if not any(rows for _, rows in found) and not report.listed:
        tell("nothing")
    if report.listed:
        tell("conflicts", count=len(report.listed))
    for conflict_id, one in report.listed:
        details = {**conflict_words(report, one, labels), "file": options.file, "id": conflict_id}
        tell("conflict" if conflict_id else "conflict_without_table", **details)
    for note in plan.notes:
        console.line(note_sentence(note, labels.language))
    for ignored in plan.ignored:
        field = labels.field(ignored.table, ignored.field)
        tell("ignored", **{**ignored._asdict(), "field": field})
    for refused in report.refused:
        tell("refused", book=os.path.basename(refused.path), why=labels.error(refused.error))
    for cell in report.kept:
        console.say("kept_formula", cell=cell)
    if report.not_noted is not None:
        tell("not_noted", why=labels.error(report.not_noted))
    if options.dry_run:
        tell("dry_run")
    elif report.changed:
        tell("refresh_next")
