"""Refresh, Check and Team workbooks as scripts of xlwings Lite, in the browser and in Excel on Windows and macOS.

In the script pane of xlwings Lite, with okr-workbook in requirements.txt: `from okr_workbook.excel.lite import *`.
There, values are read as they were when the script began, formulas are asked for one range at a time, and everything
that is written reaches the workbook together at the end. No e-mail: nothing leaves a browser by SMTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime
from typing import Any

import xlwings

from okr_workbook.books.live.book import LiveBook
from okr_workbook.books.live.hosts import note_hidden_rows
from okr_workbook.books.live.tables import find_tables
from okr_workbook.errors import OkrError
from okr_workbook.excel import score_clicks
from okr_workbook.excel.buttons import run
from okr_workbook.excel.click import Click
from okr_workbook.excel.functions import *  # noqa: F403  (so that one import offers the custom functions too)
from okr_workbook.excel.lite_files import offer
from okr_workbook.excel.lite_protection import close_sheets, open_sheets

_ROWS_UNDER = 50
"""Rows under a table whose formulas are fetched with it."""


@xlwings.script  # type: ignore[untyped-decorator]
async def okr_refresh(book: xlwings.Book) -> None:
    """Compute and write what Refresh writes, then say how things stand."""
    click = await _click(book)
    await _note_hidden_rows(book)
    try:
        opened = await open_sheets(_sheets_of_the_planner(book))
    except OkrError as error:
        click.refuse(error)
        return
    try:
        run(score_clicks.refresh, click)
        if opened:
            await book.flush()
    finally:
        await close_sheets(opened)


@xlwings.script  # type: ignore[untyped-decorator]
async def okr_check(book: xlwings.Book) -> None:
    """Say what is missing or wrong; write nothing."""
    run(score_clicks.check, await _click(book))


@xlwings.script  # type: ignore[untyped-decorator]
async def okr_teams(book: xlwings.Book) -> None:
    """Make a workbook for each team and offer them for download, in one file."""
    run(teams, await _click(book))


def teams(click: Click) -> None:
    """A workbook for each team, packed together where there are several, handed to the user."""
    from okr_workbook.actions.planned_teams import books_in_memory, packed

    books = books_in_memory(click.live, today=click.today(), now=datetime.now(UTC))
    click.language = books.language
    name, content = packed(books.contents, click.labels.text("excel", "folders.teams"))
    way = offer(name, content)
    click.tell([click.labels.text("excel", f"done.teams_{way}", count=len(books.contents), file=name)])


class LiteClick(Click):
    """A click in xlwings Lite, where some ways out are others than on a desktop."""

    _OTHERS = frozenset(("newer_schema",))

    def alone(self) -> AbstractContextManager[None]:
        """Nothing to see to: xlwings Lite runs one script at a time."""
        return nullcontext()

    def refuse(self, error: OkrError) -> None:
        """A message box that says what stopped the script, and what to do."""
        code = f"{error.code}_lite" if error.code in self._OTHERS else error.code
        super().refuse(OkrError(code, **error.details))


def _sheets_of_the_planner(book: Any) -> set[str]:
    """The sheets with what Refresh may write: the planner's tables and named ranges. All others stay as they are."""
    sheets = {str(sheet.name) for _, sheet, _ in find_tables(book)}
    for name in book.names:
        if name.name.startswith("okr_"):
            with suppress(ValueError):  # it stands for a text or a number
                sheets.add(str(name.refers_to_range.sheet.name))
    return sheets


async def _click(book: Any) -> Click:
    click = LiteClick(book)
    formulas = await _formulas(book)

    def texts(area: Any) -> Sequence[Sequence[Any]]:
        rows = formulas[area.sheet.name, area.row, area.column]
        return rows[: area.shape[0]]

    click.live = LiveBook(book, formula_texts=texts)
    return click


async def _formulas(book: Any) -> dict[tuple[str, int, int], list[list[Any]]]:
    """The formulas of every table of the planner, by the place of its first cell."""
    found = {}
    for _, sheet, table in find_tables(book):
        area = table.range
        rows = area.resize(area.shape[0] + _ROWS_UNDER)
        found[sheet.name, area.row, area.column] = await rows.options(ndim=2).get_formula()
    return found


async def _note_hidden_rows(book: Any) -> None:
    """Ask Excel which sheets a filter is at work on: what is written to all others goes in whole blocks."""
    hides: dict[str, bool] = {}
    for _, sheet, table in find_tables(book):
        with suppress(Exception):  # an xlwings, or an Excel, that does not tell: care does no harm
            hidden = await table.range.rows.get_hidden()
            hides[sheet.name] = hides.get(sheet.name, False) or hidden is not False
            note_hidden_rows(sheet, hides[sheet.name])
