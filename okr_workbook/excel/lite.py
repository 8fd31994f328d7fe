"""Refresh and Check as scripts of xlwings Lite, in the browser and in Excel on Windows and macOS. No e-mail there.

In the script pane of xlwings Lite, with okr-workbook in requirements.txt: `from okr_workbook.excel.lite import *`.
There, values are read as they were when the script began, formulas are asked for one range at a time, and everything
that is written reaches the workbook together at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import xlwings

from okr_workbook.books.live_book import LiveBook
from okr_workbook.books.live_tables import find_tables
from okr_workbook.excel import score_clicks
from okr_workbook.excel.buttons import run
from okr_workbook.excel.click import Click
from okr_workbook.excel.functions import *  # noqa: F403  (so that one import offers the custom functions too)

_ROWS_UNDER = 50
"""Rows under a table whose formulas are fetched with it."""


@xlwings.script  # type: ignore[untyped-decorator]
async def okr_refresh(book: xlwings.Book) -> None:
    """Compute and write what Refresh writes, then say how things stand."""
    await _press(score_clicks.refresh, book)


@xlwings.script  # type: ignore[untyped-decorator]
async def okr_check(book: xlwings.Book) -> None:
    """Say what is missing or wrong; write nothing."""
    await _press(score_clicks.check, book)


async def _press(action: Callable[[Click], None], book: Any) -> None:
    click = Click(book)
    formulas = await _formulas(book)

    def texts(area: Any) -> Sequence[Sequence[Any]]:
        rows = formulas[area.sheet.name, area.row, area.column]
        return rows[: area.shape[0]]

    click.live = LiveBook(book, formula_texts=texts)
    run(action, click)


async def _formulas(book: Any) -> dict[tuple[str, int, int], list[list[Any]]]:
    """The formulas of every table of the planner, by the place of its first cell."""
    found = {}
    for _, sheet, table in find_tables(book):
        area = table.range
        rows = area.resize(area.shape[0] + _ROWS_UNDER)
        found[sheet.name, area.row, area.column] = await rows.options(ndim=2).get_formula()
    return found
