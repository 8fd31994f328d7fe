"""`okr recover`: key results that bring KPIs back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.recover import Draft, accept_draft, recovery_drafts
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli.console import DONE, Console, today


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE", help=text("file"))
    parser.add_argument("kpi", metavar="KPI", nargs="?", help=text("recover_kpi"))
    parser.add_argument("--objective", metavar="ID", default="", help=text("objective"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    book = FileBook(options.file)
    if options.kpi:
        report = accept_draft(book, options.kpi, today=today(), objective=options.objective)
    else:
        report = recovery_drafts(book, today=today())
    console.book_language = report.language
    console.notices(book.notices, options.file)
    if report.accepted:
        row, own = report.accepted.key_result, report.accepted.objective
        console.say("recover.accepted", key_result=row.id, objective=row.objective, words=row.key_result)
        if own:
            console.say("recover.own_objective", objective=own.id, parent=own.parent, day=own.start)
    else:
        for draft in report.drafts:
            _say(draft, console)
        if not report.drafts:
            console.say("recover.none")
        elif any(not draft.served_by for draft in report.drafts):
            console.say("recover.how", file=options.file)
    console.result(
        {
            "as_of": report.as_of.isoformat(),
            "drafts": [_json(draft) for draft in report.drafts],
            "accepted": _json(report.accepted) if report.accepted else None,
        }
    )
    return DONE


def _say(draft: Draft, console: Console) -> None:
    console.say("recover.draft", kpi=draft.kpi.id, words=draft.key_result.key_result)
    if draft.kpi.action:
        console.say("recover.action", action=draft.kpi.action)
    if draft.served_by:
        console.say("recover.served", kpi=draft.kpi.id, key_result=draft.served_by)


def _json(draft: Draft) -> dict[str, object]:
    row, own = draft.key_result, draft.objective
    return {
        "kpi": draft.kpi.id,
        "value": draft.result.value,
        "status": draft.result.status,
        "bad_periods": draft.result.bad_periods,
        "action": draft.kpi.action or None,
        "served_by": draft.served_by or None,
        "key_result": {
            "id": row.id, "objective": row.objective or None, "key_result": row.key_result, "team": row.team or None,
            "owner": row.owner or None, "kind": row.kind, "unit": row.unit or None, "start": row.start,
            "target": row.target, "lower": row.lower, "upper": row.upper, "kpi": row.kpi,
            "due": row.due.isoformat() if row.due else None,
        },
        "objective": own and {
            "id": own.id, "objective": own.objective, "level": own.level, "team": own.team or None, "owner": own.owner or None,
            "parent": own.parent, "weight": own.weight, "start": own.start.isoformat() if own.start else None,
        },
    }  # fmt: skip
