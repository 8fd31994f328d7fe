"""New: a planner from the template, for a company and a period; with the worked example if asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.reading import read_planner
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.saving import plain_errors
from okr_workbook.books.templates import example_tables, template_path
from okr_workbook.domain.periods import first_day, month_number, period_bounds
from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.cell_changes import merged
from okr_workbook.tables.columns import month_header
from okr_workbook.tables.grid import Changes, Grid, TableChange, Value
from okr_workbook.tables.parsing import setting_of

EXTENSIONS = (".xlsx", ".xlsm")
_MONTHS_SHOWN = 12


class NewReport(NamedTuple):
    """The planner that was made."""

    path: str
    language: str
    company: str
    period: str
    first: date
    last: date
    example: bool


def new_planner(
    path: str,
    *,
    language: str,
    today: date,
    period: str | None = None,
    company: str = "",
    example: bool = False,
) -> NewReport:
    """Make a planner at `path` (.xlsx, or .xlsm with buttons). UsageError where a file is there already.

    `period`: 2026-Q4, 2026-H2, 2026, 2026-11 or 2026-07-01/2026-12-31; default: the running quarter, or the example's.
    """
    extension = os.path.splitext(path)[1].lower()
    if extension not in EXTENSIONS:
        raise UsageError("not_a_workbook_name", file=path)
    if os.path.lexists(path):
        raise UsageError("file_exists", file=path)
    bounds = _bounds(period, today)
    with _finished_at(path) as unfinished:
        shutil.copyfile(template_path(language, macros=extension == ".xlsm"), unfinished)
        book = FileBook(unfinished, keep_history=False)
        if example:
            for table_id, content in example_tables(language):
                fill_book(book, table_id, content)
        if period is not None or not example:
            _write(book, {"period": period or _quarter(today)})
        if company or not example:
            _write(book, {"company": company})
        _add_months(book)
        _, parsed = read_planner(FileBook(unfinished))
    settings = parsed.planner.settings
    return NewReport(
        path,
        language,
        settings.company,
        settings.period,
        settings.period_start or bounds[0],
        settings.period_end or bounds[1],
        example,
    )


@contextmanager
def _finished_at(path: str) -> Iterator[str]:
    """A name beside `path` to work under; it becomes `path` once all went well, and leaves nothing behind otherwise."""
    folder, name = os.path.split(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise UsageError("folder_missing", folder=folder)
    stem, extension = os.path.splitext(name)
    unfinished = os.path.join(folder, f".{stem}.unfinished{extension}")
    try:
        with plain_errors(path):
            yield unfinished
            os.replace(unfinished, path)
    finally:
        if os.path.exists(unfinished):
            os.remove(unfinished)


def _bounds(period: str | None, today: date) -> tuple[date, date]:
    bounds = period_bounds(period or _quarter(today))
    if bounds is None:
        raise UsageError("not_a_period", period=period or "")
    return bounds


def _quarter(today: date) -> str:
    return f"{today.year}-Q{(today.month + 2) // 3}"


def _write(book: FileBook, values: dict[str, Value]) -> None:
    """Settings, each in its own row."""
    grids, parsed = read_planner(book)
    change = _settings_change(grids["settings"], parsed.columns["settings"].fields, values)
    book.write(Changes(tables=merged([change])), command="new")


def _settings_change(grid: Grid, fields: dict[str, int], values: dict[str, Value]) -> TableChange:
    name_at, value_at = fields["name"], fields["value"]
    cells: dict[tuple[int, int], Value] = {}
    for index, row in enumerate(grid.rows):
        setting = setting_of(str(row[name_at] or ""))
        if setting is not None and setting.id in values:
            cells[index, value_at] = values[setting.id] or None
    return TableChange("settings", cells)


def _add_months(book: FileBook) -> None:
    """Month columns for the measures: those of the period, twelve at least, where they are not there yet."""
    grids, parsed = read_planner(book)
    settings = parsed.planner.settings
    if settings.period_start is None or settings.period_end is None or "measures" not in grids:
        return
    last = month_number(settings.period_end)
    first = min(month_number(settings.period_start), last - _MONTHS_SHOWN + 1)
    headers = tuple(month_header(first_day(month)) for month in range(first, last + 1))
    if not parsed.columns["measures"].months:
        book.write(Changes(tables=(TableChange("measures", {}, new_headers=headers),)), command="new")


def system_language() -> str:
    """The language of the person at this machine, as far as the environment tells; English where it does not."""
    import locale

    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "fr" if value.lower().startswith("fr") else "en"
    name = locale.getlocale()[0] or ""
    return labels_for("fr" if name.lower().startswith(("fr", "french")) else "en").language
