"""The team workbooks in a folder: whose they are, told by their stamp and never by their file name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from okr_workbook.books import gate
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.stamp import SHEET, Stamp, read_stamp
from okr_workbook.books.team_names import PRINTED_NAME
from okr_workbook.domain.planner import Settings, key_of
from okr_workbook.errors import FileRefusedError, OkrError, UsageError


class BookToSend(NamedTuple):
    """A team's workbook: where it lies, whose it is, and its bytes as they were read."""

    path: Path
    stamp: Stamp
    content: bytes


class BookLeftOut(NamedTuple):
    """A file that is not sent, and why: `error` is an OkrError whose code has its sentence."""

    file: str
    error: OkrError


class BooksFound(NamedTuple):
    """The newest book of each team, by the key of its name, and the files left out."""

    by_team: dict[str, BookToSend]
    left_out: tuple[BookLeftOut, ...]


def find_books(folder: Path, settings: Settings, *, planner: str) -> BooksFound:
    """The books of this planner's company and period; printouts are passed over. UsageError for no such folder; `planner` is its file."""
    if not folder.is_dir():
        raise UsageError("books_folder_missing", folder=str(folder), file=planner)
    left_out = []
    books: dict[str, BookToSend] = {}
    for path in sorted(_workbooks(folder)):
        found = _read(path, settings)
        if not isinstance(found, BookToSend):
            left_out += [found] if found else []
            continue
        team = key_of(found.stamp.team)
        other = books.get(team)
        newest = found if other is None or found.stamp.revision > other.stamp.revision else other
        books[team] = newest
        if other is not None:
            older = other if newest is found else found
            left_out.append(BookLeftOut(older.path.name, OkrError("book_older", file=newest.path.name)))
    return BooksFound(books, tuple(left_out))


def _workbooks(folder: Path) -> Iterable[Path]:
    """Files that may be books; not the traces of a workbook that is open (~$ in Excel, .~lock in LibreOffice)."""
    return (path for path in folder.glob("*.xlsx") if path.is_file() and not path.name.startswith(("~$", ".")))


def _read(path: Path, settings: Settings) -> BookToSend | BookLeftOut | None:
    """The book in a file, or why it is left out; None for our own workbook for printing."""
    try:
        with gate.naming(path.name):
            book = FileBook(str(path))
            if book.read_block(PRINTED_NAME) is not None:
                return None
            stamp = read_stamp(book.read_block(SHEET))
    except OkrError as error:
        return BookLeftOut(path.name, error)
    if key_of(stamp.company) != key_of(settings.company) or key_of(stamp.period) != key_of(settings.period):
        details = {"company": stamp.company, "period": stamp.period}
        return BookLeftOut(path.name, FileRefusedError("book_of_another_plan", **details))
    return BookToSend(path, stamp, book.content)
