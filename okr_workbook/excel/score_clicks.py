"""Refresh, Check and Undo, clicked: the actions on the open workbook, and what is said when they are done."""

from __future__ import annotations

from okr_workbook.actions.refresh import check_book, refresh_book
from okr_workbook.actions.summary import check_lines, summary_lines
from okr_workbook.errors import OkrError
from okr_workbook.excel.click import Click


def refresh(click: Click) -> None:
    """Compute and write, in the open workbook; then the scores, and how many problems there are."""
    with click.working("refresh"):
        report = refresh_book(click.live, today=click.today())
    click.language = report.language
    kept = [click.labels.text("messages", "kept_formula", cell=cell) for cell in report.kept]
    click.tell([*summary_lines(report, click.labels), *kept], alarm=report.has_errors)


def check(click: Click) -> None:
    """Each problem with its cell and its advice. Nothing is written."""
    with click.working("check"):
        report = check_book(click.live, today=click.today())
    click.language = report.language
    click.tell(list(check_lines(report, click.labels)), alarm=report.has_errors)


def undo(click: Click) -> None:
    """Put back what the last button changed; the cells that were edited since are named and stay."""
    with click.working("undo"):
        undone = click.live.undo()
    if undone is None:
        raise OkrError("nothing_to_undo", file=click.live.name)
    labels = click.labels
    done = labels.text("messages", "undo.done", command=undone.command, file=click.live.name, restored=undone.restored)
    click.tell([done, *(labels.text("messages", "undo.kept", cell=cell) for cell in undone.kept)])
