"""Where a command speaks: sentences in the user's language, or one JSON object on standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import date

from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import LANGUAGES, Labels, labels_for

DONE, SEEN_TO, FAILED = 0, 1, 2
"""Exit statuses: done; done or refused with problems the user must see; wrong use or unreadable file."""


_COMMANDS = dict.fromkeys(
    (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)
"""Control characters but tab and new line, and marks that turn the direction of all that follows."""


class Console:
    """Where a command speaks: sentences in the user's language, or one JSON object on standard output.

    `book` is the planner the command is about, `book_language` its language as soon as the command knows it.
    """

    def __init__(self, *, as_json: bool, lang: str | None) -> None:
        self.as_json = as_json
        self.lang = lang
        self.book: str | None = None
        self.book_language: str | None = None

    @property
    def labels(self) -> Labels:
        """The words to speak: --lang, else the workbook's language, else the system's.

        A command that has not read the workbook, or could not go on, speaks its language all the same: it is looked up.
        """
        if not self.lang and not self.book_language and self.book:
            path, self.book = self.book, None  # looked at once, whatever comes of it
            self.book_language = language_of(path)
        return self.first_labels

    @property
    def first_labels(self) -> Labels:
        """The words to speak while the workbook is still to be read, and that is not to be waited for."""
        return labels_for(self.lang or self.book_language or system_language())

    def say(self, key: str, /, **details: object) -> None:
        """One sentence of the area `messages`; on standard error where standard output is for JSON."""
        self.line(self.labels.text("messages", key, **details))

    def line(self, text: str = "") -> None:
        """A line as it is."""
        print(harmless(text), file=sys.stderr if self.as_json else sys.stdout)

    def notices(self, codes: Iterable[str], file: str) -> None:
        """What had to be cleared away of an earlier run that was broken off."""
        for code in codes:
            self.say(f"notices.{code}", file=file)

    def result(self, content: dict[str, object]) -> None:
        """The command's result, where JSON was asked for."""
        if self.as_json:
            import json

            print(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))

    def error(self, error: OkrError) -> None:
        """What stopped the work, on standard error (and in the JSON object)."""
        sentence = self.labels.error(error)
        print(harmless(sentence), file=sys.stderr)
        details = {name: str(value) for name, value in error.details.items()}
        self.result({"error": {"code": error.code, "message": sentence, "details": details}})


def harmless(text: str) -> str:
    r"""Text for a terminal: what would command it, or turn the direction of reading, is shown as a blot instead.

    >>> harmless("\x1b[31mSales\u202e\n")
    '�[31mSales�\n'
    """
    return text if text.isprintable() else text.translate(_COMMANDS)


def language_of(path: str) -> str | None:
    """The language of a planner; None where the file is none, or cannot be read."""
    from okr_workbook.actions.reading import read_planner
    from okr_workbook.books.file_book import FileBook

    try:
        return read_planner(FileBook(path))[1].planner.settings.language
    except OkrError:
        return None


def system_language() -> str:
    """The language of the person at this machine, as far as the environment tells; English where it does not."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return _language_in(value)
    import locale

    return _language_in(locale.getlocale()[0] or "")


def _language_in(locale_name: str) -> str:
    """The language that the name of a locale begins with: fr_FR.UTF-8, French_France."""
    name = locale_name.lower()
    return next((language for language in LANGUAGES if name.startswith(language)), LANGUAGES[0])


def read_content(path: str, *, most: int) -> bytes:
    """The bytes of a file the user named (- is standard input), up to `most`; UsageError where it cannot be read."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(most)
        with open(path, "rb") as file:
            return file.read(most)
    except OSError as error:
        raise UsageError("cannot_read", file=path, reason=error.strerror or str(error)) from error


def today() -> date:
    """Today, by the clock of this machine: the one place where the commands look at it."""
    return date.today()  # noqa: DTZ011  (a plan's days are the user's own)
