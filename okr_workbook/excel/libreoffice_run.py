"""What RunPython is in Excel, for LibreOffice: `python -m okr_workbook.excel.libreoffice_run COMMAND --wb=FILE`.

The macro OkrLibreOffice.RunInLibreOffice starts it and waits for one word: that LibreOffice was reached, after which message
boxes come from here, or the key of the sentence the macro then shows. What else goes wrong is written to a log.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from okr_workbook.books.files.home_folder import FOLDER
from okr_workbook.errors import OkrError

ANSWER, LOG = (os.path.join(FOLDER, f"libreoffice.{ending}") for ending in ("answer", "log"))
CONNECTED = "connected"

_LINE = re.compile(r"from okr_workbook\.excel\.buttons import ([A-Za-z]+); \1\(\)")


def main(arguments: list[str]) -> None:
    """Run the command with the open document as the caller's workbook."""
    command, workbook = arguments[0], os.path.normpath(arguments[1].removeprefix("--wb="))
    context = connected(os.environ.get("OKR_LIBREOFFICE"))
    if context is None:
        return
    from okr_workbook.excel.lean_xlwings import load_xlwings

    xlwings = load_xlwings()
    from okr_workbook.excel.libreoffice import activate

    books = activate(context).apps.active.books
    book = next((one for one in books if os.path.normpath(one.fullname) == workbook), None)
    if book is None:
        from okr_workbook.excel.click import Click

        Click(books.active).refuse(OkrError("workbook_not_found", file=workbook))
        return
    xlwings.Book(impl=book.impl).set_mock_caller()
    from okr_workbook.excel import buttons

    getattr(buttons, button_of(command))()


def connected(address: str | None) -> Any:
    """The running LibreOffice; None where it was not reached. Either way the macro is told."""
    from okr_workbook.excel.uno_connection import connect

    try:
        context = connect(address) if address else connect()
    except OkrError as error:
        answer(error.code)
        return None
    answer(CONNECTED)
    return context


def answer(word: str) -> None:
    """Tell the waiting macro, in a file that is there only once it is whole."""
    with open(f"{ANSWER}.new", "w", encoding="ascii") as file:
        file.write(f"{word}\n")
    os.replace(f"{ANSWER}.new", ANSWER)


def button_of(command: str) -> str:
    """The button whose line of Python this is, as OkrPlanner.bas writes them; ValueError for any other line."""
    found = _LINE.fullmatch(command)
    if found is None:
        raise ValueError(command)
    return found[1]


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BaseException:
        import traceback

        with open(LOG, "a", encoding="utf-8") as log:
            traceback.print_exc(file=log)
        raise
