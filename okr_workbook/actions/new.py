"""New: a planner from the template, for a company and a period; with the worked example if asked."""

from __future__ import annotations

import os
from datetime import date
from typing import NamedTuple

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.reading import read_planner
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files.arriving import arriving
from okr_workbook.books.files.saving import read_file
from okr_workbook.books.templates import example_tables, template_path
from okr_workbook.domain.carry_over import CarryOver
from okr_workbook.domain.periods import FIRST_MONTH, first_day, month_number, period_bounds
from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.cell_changes import merged
from okr_workbook.tables.columns import month_header
from okr_workbook.tables.grid import Changes, TableChange, Value
from okr_workbook.tables.setting_rows import settings_change

EXTENSIONS = (".xlsx", ".xlsm")
_MONTHS_SHOWN = 12


class NewReport(NamedTuple):
    """The planner that was made; `source` is the one before it, and `carried` what was taken along of that."""

    path: str
    language: str
    company: str
    period: str
    first: date
    last: date
    example: bool = False
    source: str = ""
    carried: CarryOver = CarryOver()


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
    refuse_name(path)
    bounds = bounds_of(period or _quarter(today))
    template = template_path(language, macros=path.lower().endswith(".xlsm"))
    with arriving(path, read_file(template)) as unfinished:
        book = FileBook(unfinished, keep_history=False)
        if example:
            for table_id, content in example_tables(language):
                fill_book(book, table_id, content)
        if period is not None or not example:
            _write(book, {"period": period or _quarter(today)})
        if company or not example:
            _write(book, {"company": company or None})
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


def refuse_name(path: str) -> None:
    """UsageError for what cannot be a new planner's name: of another ending, or a file's that is there."""
    if os.path.splitext(path)[1].lower() not in EXTENSIONS:
        raise UsageError("not_a_workbook_name", file=path)
    if os.path.lexists(path):
        raise UsageError("file_exists", file=path)


def bounds_of(period: str) -> tuple[date, date]:
    """The first and last day of a period; UsageError for what is none."""
    bounds = period_bounds(period)
    if bounds is None:
        raise UsageError("not_a_period", period=period)
    return bounds


def _quarter(today: date) -> str:
    return f"{today.year}-Q{(today.month + 2) // 3}"


def _write(book: FileBook, values: dict[str, Value]) -> None:
    """Settings, each in its own row."""
    grids, parsed = read_planner(book)
    labels = labels_for(parsed.planner.settings.language)
    change = settings_change(grids["settings"], parsed.columns["settings"], values, labels)
    book.write(Changes(tables=merged([change])), command="new")


def _add_months(book: FileBook) -> None:
    """Month columns for the measures: those of the period, twelve at least, where they are not there yet."""
    grids, parsed = read_planner(book)
    settings = parsed.planner.settings
    if settings.period_start is None or settings.period_end is None or "measures" not in grids:
        return
    last = month_number(settings.period_end)
    first = max(FIRST_MONTH, min(month_number(settings.period_start), last - _MONTHS_SHOWN + 1))
    headers = tuple(month_header(first_day(month)) for month in range(first, last + 1))
    if not parsed.columns["measures"].months:
        book.write(Changes(tables=(TableChange("measures", {}, new_headers=headers),)), command="new")
