"""From the click to the result: the command line that RunPython builds, in a fresh interpreter each time.

Usage: python -m benchmarks.click [ROUNDS]

It runs on the worked example in an open workbook (an in-memory stand-in for Excel, whose loading is counted too):
after `okr setup`, which has xlwings loaded lean; without it, where RunPython has loaded xlwings as it comes, with pandas
and numpy; and with plain imports altogether, as they would stand at the top of an entry point that takes no care: xlwings
as it comes, and what all six buttons need. Beside them a bare interpreter.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from benchmarks.measuring import BARE, ROOT, Figures, machine, milliseconds, side_by_side, table
from okr_workbook.actions.machine import LEAN_START, LEAN_START_LINE
from okr_workbook.actions.new import new_planner
from okr_workbook.books.file_book import FileBook
from tests.excel.memory_excel import Book

PRELUDE = "import xlwings.utils; xlwings.utils.prepare_sys_path('false;;;;;;')"
"""What RunPython puts before every command: it loads xlwings before our own code runs."""

ALL_BUTTONS = "import okr_workbook.excel.score_clicks, okr_workbook.excel.team_clicks"
CLICK = "import sys; from okr_workbook.excel.buttons import refresh; refresh(); sys.exit(3 * (host.app.alerts[-1][2] == 'critical'))"
"""The click; where it ended in an alarm, a status that no benchmark takes for success."""


def measure(rounds: int) -> dict[str, Figures]:
    """The figures of each way."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        planner, book, lean = folder / "plan.xlsx", folder / "book.pickle", folder / "lean"
        new_planner(str(planner), language="en", today=date(2026, 11, 23), example=True)
        book.write_bytes(pickle.dumps(opened(planner)))
        lean.mkdir()
        (lean / LEAN_START).write_text(LEAN_START_LINE)
        loaded = f"import pickle; host = pickle.load(open({str(book)!r}, 'rb'))"
        caller = f"{loaded}; xlwings.Book(impl=host).set_mock_caller()"
        here = f"import sys; sys.path.insert(0, {ROOT!r}); "
        set_up = f"import site; site.addsitedir({str(lean)!r}); "
        ways = {
            "bare": BARE,
            "click": _python(f"{here}{set_up}{PRELUDE}; {caller}; {CLICK}"),
            "xlwings imported plainly": _python(f"{here}{PRELUDE}; {caller}; {CLICK}"),
            "all imported plainly": _python(f"{here}{PRELUDE}; {ALL_BUTTONS}; {caller}; {CLICK}"),
        }
        return side_by_side(ways, rounds, settings={"HOME": made, "USERPROFILE": made})


def _python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-W", "ignore", "-c", code)


def opened(planner: Path) -> Book:
    """The planner as an open workbook: its tables, and the named ranges of its dashboard."""
    book = Book()
    for table_id, grid in FileBook(str(planner)).read().items():
        rows = [list(grid.headers), *map(list, grid.rows)]
        book.add_table(grid.sheet, table_id, rows, top=grid.top, left=grid.left)
    return book


def report(found: Mapping[str, Figures]) -> str:
    """The results as a Markdown table, with ratios on the clock and of CPU time: numpy starts threads while it loads."""
    click, bare = found["click"], found["bare"]
    rows = [
        [
            way,
            milliseconds(one.elapsed),
            f"{milliseconds(one.fastest)} to {milliseconds(one.slowest)}",
            milliseconds(one.cpu),
            f"{one.elapsed / click.elapsed:.1f}",
            f"{one.cpu / click.cpu:.1f}",
            f"{one.cpu / bare.cpu:.1f}",
        ]
        for way, one in found.items()
    ]
    header = ["way", "median", "fastest to slowest", "CPU", "x click", "CPU, x click", "CPU, x bare"]
    return table(header, rows)


if __name__ == "__main__":
    print(machine(), end="\n\n")
    print(report(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 9)))
