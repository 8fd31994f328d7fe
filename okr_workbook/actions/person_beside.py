"""Where a person still stands beside a planner: in files that are named and left alone.

These are team workbooks, drafts and pages, and what is kept of planners that are not there any more under that name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from html import unescape

from okr_workbook.actions.side_files import side_files
from okr_workbook.books import gate
from okr_workbook.books.stamp import SHEET
from okr_workbook.books.traces import is_in_workbook
from okr_workbook.domain.person import Person
from okr_workbook.errors import OkrError

_DEPTH = 2
"""Folders within folders that are looked into; the demo keeps its books in `fr/books`."""
_UNFINISHED = ".unfinished."  # in the name of a planner that was being made when the run was broken off


def places_beside(planner_path: str, person: Person) -> tuple[str, ...]:
    """The folders beside a planner, and the files in its own, in which a person stands, by their paths.

    Only files of ours are opened: workbooks with our tables or stamp, our messages, our pages; of them the names are
    looked at too. Hidden folders are not looked into, but for what was kept of planners.
    """
    home, planner = os.path.dirname(os.path.abspath(planner_path)), os.path.realpath(planner_path)
    found = [os.path.relpath(one.path, home) for one in side_files(home) if one.is_left_over and one.holds(person)]
    for folder, names in _folders(home):
        naming = (
            name
            for name in names
            if os.path.realpath(path := os.path.join(folder, name)) != planner and _names(path, person)
        )
        if folder == home:
            found += naming
        elif next(naming, None):
            found.append(os.path.relpath(folder, home))
    return tuple(sorted(found))


def _folders(home: str) -> Iterator[tuple[str, list[str]]]:
    for folder, inside, names in os.walk(home):
        deep = folder[len(home) :].count(os.sep) >= _DEPTH
        inside[:] = [] if deep else [name for name in inside if not name.startswith(".")]
        yield folder, sorted(name for name in names if not name.startswith((".", "~$")) or _UNFINISHED in name)


def _names(path: str, person: Person) -> bool:
    look = _LOOKS.get(os.path.splitext(path)[1].lower())
    try:
        if look is None or os.path.getsize(path) > gate.RETURNED.file:
            return False
        with open(path, "rb") as file:
            found = look(file.read(), person)
    except (OSError, OkrError):
        return False  # not ours, or nobody can read it
    return found or (found is not None and person.is_in(os.path.basename(path)))


def _in_workbook(content: bytes, person: Person) -> bool | None:
    """Whether a person stands in a workbook of ours, as in the others; None for one that is not ours."""
    book = gate.admitted(content, limits=gate.RETURNED)
    return is_in_workbook(content, person) if book.tables or book.block(SHEET) else None


def _in_message(content: bytes, person: Person) -> bool | None:
    mail = message_from_bytes(content, policy=policy.default)
    if not str(mail["Message-ID"]).startswith("<okr."):
        return None
    if person.is_in(" ".join(str(value) for value in mail.values())):
        return True
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            if person.is_in(part.get_content()):
                return True
        elif part.get_filename() and _in_workbook(part.get_content(), person):
            return True
    return False


def _in_page(content: bytes, person: Person) -> bool | None:
    text = content.decode("utf-8", "replace")
    return person.is_in(unescape(text)) if "okr_workbook" in text else None


_LOOKS: dict[str, Callable[[bytes, Person], bool | None]] = {
    ".xlsx": _in_workbook,
    ".xlsm": _in_workbook,
    ".eml": _in_message,
    ".html": _in_page,
}
