"""One click: the workbook it came from, and how to speak to the person who clicked. Knows xlwings by its objects."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from typing import Any

from okr_workbook.books.files.saving import make_output_folder
from okr_workbook.books.live.book import LiveBook
from okr_workbook.books.live.click_lock import FOLDER, alone
from okr_workbook.books.live.hosts import address_of, is_read_only
from okr_workbook.books.live.state import status
from okr_workbook.errors import OkrError
from okr_workbook.labels import LANGUAGES, Labels, labels_for

LANGUAGE_NAME = "okr_text_language"
"""The hidden name that tells the language of the macros, for words before the planner is read."""

_LONGEST_MESSAGE = 1500
"""A message box taller than the screen hides its own button."""


class Click:
    """What a button works with. `book` is the `xlwings.Book` whose button was pressed; locks lie in the folder `locks`."""

    def __init__(self, book: Any, locks: str = FOLDER) -> None:
        self.book = book
        self.language = ""
        self._locks = locks

    def alone(self) -> AbstractContextManager[None]:
        """Inside, no other click works on this workbook. OkrError where one does."""
        return alone(address_of(self.book), self.live.name, self._locks)

    @cached_property
    def live(self) -> LiveBook:
        """The open workbook as a planner's book."""
        return LiveBook(self.book)

    @property
    def labels(self) -> Labels:
        """The words to speak: the planner's language once it is known, before that the template's."""
        if not self.language:
            block = self.live.read_block(LANGUAGE_NAME)
            self.language = str(block[0][0]) if block else self._language_of_sheets()
        return labels_for(self.language)

    def _language_of_sheets(self) -> str:
        """The language the sheet of objectives is named in: workbooks without macros, and xlwings Lite, tell no other."""
        names = {sheet.name for sheet in self.book.sheets}
        return next((one for one in LANGUAGES if labels_for(one).table("objectives") in names), LANGUAGES[0])

    def folder(self, key: str) -> str:
        """A folder beside the workbook, named in its language; made where it is not there. OkrError where it cannot be.

        One that an earlier version made under another name is used on.
        """
        home, names = os.path.dirname(self.saved_path()), ("folders", "folders_before")
        found, before = (os.path.join(home, self.labels.text("excel", f"{name}.{key}")) for name in names)
        if os.path.isdir(before) and not os.path.isdir(found):
            return before
        make_output_folder(found)
        return found

    def saved_path(self) -> str:
        """The workbook's file, saved just now. OkrError where there is none on this computer, or it cannot be saved."""
        path = local_path(self.book)
        if is_read_only(self.book) or not os.access(path, os.W_OK):
            raise OkrError("read_only_workbook", file=self.live.name)
        self.book.save()
        return path

    def working(self, key: str) -> status:
        """What is being done, in the status bar, while it lasts."""
        return status(self.book.app, self.labels.text("excel", f"working.{key}"))

    def progress(self, key: str) -> Callable[[int, int], None]:
        """A call that says in the status bar how far the work is: (done, of how many)."""
        text = self.labels.text("excel", f"working.{key}")

        def show(done: int, total: int) -> None:
            self.book.app.status_bar = f"{text} {done}/{total}"

        return show

    @staticmethod
    def today() -> date:
        """Today, by the clock of this machine."""
        return date.today()  # noqa: DTZ011  (a plan's days are the user's own)

    def tell(self, lines: Sequence[str], *, alarm: bool = False) -> None:
        """A message box with these lines."""
        title = self.labels.text("excel", "macros.title")
        try:
            self.book.app.alert(_shortened(lines), title, "ok", "critical" if alarm else "info")
        except Exception as error:
            from okr_workbook.excel.host_errors import is_apple_timeout

            if not is_apple_timeout(error):  # on macOS, a box that is left open for a minute is one
                raise

    def refuse(self, error: OkrError) -> None:
        """A message box that says what stopped the work, and what to do."""
        self.tell([self.labels.error(error)], alarm=True)


def local_path(book: Any) -> str:
    """Where the workbook lies on this computer. OkrError for one that was never saved or lives only online.

    Excel gives an address (https://...) for workbooks on OneDrive and SharePoint; xlwings finds the synchronised
    folder where there is one.
    """
    from xlwings import XlwingsError

    try:
        path = str(book.fullname)
    except (XlwingsError, NameError):  # the latter is a slip of xlwings 0.37, on computers without OneDrive
        raise OkrError("online_workbook", file=book.name) from None
    if "://" in path:
        raise OkrError("online_workbook", file=book.name)
    if not os.path.isabs(path):
        raise OkrError("unsaved_workbook", file=book.name)
    return path


def _shortened(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE].rpartition("\n")[0] + "\n…"
