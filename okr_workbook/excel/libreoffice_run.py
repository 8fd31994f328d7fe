"""What RunPython is in Excel, for LibreOffice: `python -m okr_workbook.excel.libreoffice_run COMMAND --wb=FILE`.

The macro OkrHost.RunInLibreOffice starts it. LibreOffice does not wait and shows nothing of it, so what goes wrong
before the workbook is found is written down beside the note of the interpreter.
"""

from __future__ import annotations

import os
import re
import sys

from okr_workbook.excel.lean_xlwings import load_xlwings

LOG = os.path.join(os.path.expanduser("~"), ".okr_workbook", "libreoffice.log")
_LINE = re.compile(r"from okr_workbook\.excel\.buttons import ([a-z]\w*); \1\(\)")


def main(arguments: list[str]) -> None:
    """Run the command with the open document as the caller's workbook."""
    command, workbook = arguments[0], arguments[1].removeprefix("--wb=")
    xlwings = load_xlwings()
    from okr_workbook.excel.libreoffice import activate

    engine = activate(os.environ.get("OKR_LIBREOFFICE"))
    xlwings.Book(impl=engine.apps.active.books[workbook].impl).set_mock_caller()
    from okr_workbook.excel import buttons

    getattr(buttons, button_of(command))()


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
