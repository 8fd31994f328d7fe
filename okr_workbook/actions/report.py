"""Report: a planner on one page of HTML, for those who get no workbook."""

from __future__ import annotations

import os
from datetime import date
from typing import NamedTuple

from okr_workbook.actions.refresh import RefreshReport, check_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files.saving import plain_errors, write_atomically
from okr_workbook.domain.changes import changes_since
from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.report.page import render_report

ENDINGS = (".html", ".htm")


class PageReport(NamedTuple):
    """The page that was written, and what it shows."""

    html: str
    size: int
    refreshed: RefreshReport


def write_report(
    planner: str, html: str, *, today: date, as_of: date | None = None, lang: str | None = None
) -> PageReport:
    """Write the page of the planner in a file, computed as a refresh would; the planner is not written.

    The page is in `lang`, or the planner's language. UsageError where `html` names no page, or something else is there.
    """
    _refuse_other_files(html)
    refreshed = check_book(FileBook(planner), today=today, as_of=as_of, lang=lang)
    labels = labels_for(lang or refreshed.language)
    news = changes_since(refreshed.planner, refreshed.scores)
    name = os.path.basename(planner)
    page = render_report(
        refreshed.planner, refreshed.scores, news, refreshed.problems, labels=labels, file=name
    ).encode()
    write_atomically(html, page)
    return PageReport(html, len(page), refreshed)


def _refuse_other_files(html: str) -> None:
    """UsageError for a name that is no page's, and for a file that is there and holds something else."""
    if not html.lower().endswith(ENDINGS):
        raise UsageError("not_a_page_name", file=html)
    if os.path.isdir(html):
        raise UsageError("not_a_page", file=html)
    if not os.path.lexists(html):
        return
    with plain_errors(html), open(html, "rb") as file:
        start = file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start and not start.startswith((b"<!doctype html", b"<html")):
        raise UsageError("not_a_page", file=html)
