"""Where a person still stands beside a planner: in team workbooks, drafts and pages, which are named and left alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes, policy

from okr_workbook.books import gate
from okr_workbook.books.shared_strings import places_of
from okr_workbook.books.stamp import SHEET
from okr_workbook.domain.planner import key_of
from okr_workbook.errors import OkrError

_DEPTH = 2
"""Folders within folders that are looked into; the demo keeps its books in `fr/books`."""


def places_beside(planner_path: str, words: Sequence[str]) -> tuple[str, ...]:
    """The folders beside a planner, and the files in its own, in which one of these words stands, by their paths.

    Only files of ours are opened: workbooks with our tables or stamp, our messages, our pages. Hidden folders are not looked into.
    """
    home, planner = os.path.dirname(os.path.abspath(planner_path)), os.path.realpath(planner_path)
    found: list[str] = []
    for folder, names in _folders(home):
        naming = (
            name
            for name in names
            if os.path.realpath(path := os.path.join(folder, name)) != planner and _names_one(path, words)
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
        yield folder, sorted(name for name in names if not name.startswith((".", "~$")))


def _names_one(path: str, words: Sequence[str]) -> bool:
    look = _LOOKS.get(os.path.splitext(path)[1].lower())
    try:
        if look is None or os.path.getsize(path) > gate.RETURNED.file:
            return False
        with open(path, "rb") as file:
            return look(file.read(), words)
    except (OSError, OkrError):
        return False  # not ours, or nobody can read it


def _in_workbook(content: bytes, words: Sequence[str]) -> bool:
    book = gate.admitted(content, limits=gate.RETURNED)
    return bool(book.tables or book.block(SHEET)) and any(places_of(content, word) for word in words)


def _in_message(content: bytes, words: Sequence[str]) -> bool:
    mail = message_from_bytes(content, policy=policy.default)
    if not str(mail["Message-ID"]).startswith("<okr."):
        return False
    if _in_text(" ".join(str(value) for value in mail.values()), words):
        return True
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            if _in_text(part.get_content(), words):
                return True
        elif part.get_filename() and _in_workbook(part.get_content(), words):
            return True
    return False


def _in_page(content: bytes, words: Sequence[str]) -> bool:
    text = content.decode("utf-8", "replace")
    return "okr_workbook" in text and _in_text(text, words)


def _in_text(text: str, words: Sequence[str]) -> bool:
    text = key_of(text)
    return any(re.search(rf"(?<!\w){re.escape(key_of(word))}(?!\w)", text) for word in words)


_LOOKS: dict[str, Callable[[bytes, Sequence[str]], bool]] = {
    ".xlsx": _in_workbook,
    ".xlsm": _in_workbook,
    ".eml": _in_message,
    ".html": _in_page,
}
