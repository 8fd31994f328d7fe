"""The day a user asks for: as YYYY-MM-DD, or as the language of the planner writes it."""

from __future__ import annotations

from datetime import date

from okr_workbook.cli.console import Console
from okr_workbook.errors import UsageError


def asked_day(text: str | None, path: str, console: Console) -> date | None:
    """The day a text asks for of the planner in a file; None where there is no text. UsageError for what is no day."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _as_planner_writes_it(text, path, console)


def _as_planner_writes_it(text: str, path: str, console: Console) -> date:
    from okr_workbook.actions.reading import read_planner
    from okr_workbook.books.file_book import FileBook
    from okr_workbook.tables.columns import month_names
    from okr_workbook.tables.text_values import AMBIGUOUS, date_from_text

    language = console.book_language = read_planner(FileBook(path))[1].planner.settings.language
    day = date_from_text(text, language, month_names())
    if not isinstance(day, date):
        raise UsageError("ambiguous_day" if day == AMBIGUOUS else "not_a_day", text=text)
    return day
