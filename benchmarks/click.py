"""From the click to the result: `python benchmarks/click.py [RUNS]`.

Runs the command line that RunPython builds, in a fresh interpreter each time, on the worked example in an open workbook
(an in-memory stand-in for Excel, whose loading is counted too), in three ways: with what `okr setup` puts in place;
without it, where RunPython has loaded xlwings with pandas and numpy before our code runs; and with plain imports, as
they would stand at the top of an entry point that takes no care: xlwings as it comes, and what all six buttons need.
Beside it a bare interpreter, and the same refresh on the file. Medians of RUNS interleaved runs (default 9), in ms.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from okr_workbook.actions.machine import LEAN_START
from okr_workbook.actions.new import new_planner
from okr_workbook.actions.setup import LEAN_START_LINE
from okr_workbook.books.file_book import FileBook
from tests.excel.memory_excel import Book

ROOT = Path(__file__).parents[1]
MOST_TIMES_BARE, LEAST_TIMES_FASTER = 10, 5

PRELUDE = "import xlwings.utils; xlwings.utils.prepare_sys_path('false;;;;;;')"
"""What RunPython puts before every command: it loads xlwings before our own code runs."""

CALLER = "import pickle, sys; sys.path.insert(0, {root!r}); xlwings.Book(impl=pickle.load(open({book!r}, 'rb'))).set_mock_caller()"
ALL_BUTTONS = (
    "import sys; sys.path.insert(0, {root!r}); import okr_workbook.excel.score_clicks, okr_workbook.excel.team_clicks"
)
CLICK = "from okr_workbook.excel.buttons import refresh; refresh()"


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        planner = folder / "plan.xlsx"
        new_planner(str(planner), language="en", today=date(2026, 11, 23), example=True)
        book = folder / "book.pickle"
        book.write_bytes(pickle.dumps(opened(planner)))
        lean = folder / "lean"
        lean.mkdir()
        (lean / LEAN_START).write_text(LEAN_START_LINE)
        steps = f"{PRELUDE}; {CALLER.format(root=str(ROOT), book=str(book))}; {CLICK}"
        add = f"import site; site.addsitedir({str(lean)!r}); "
        commands = {
            "bare interpreter": ["-c", "pass"],
            "click, after okr setup": ["-c", add + steps],
            "click, before okr setup": ["-c", steps],
            "click, plain imports": ["-c", f"{PRELUDE}; {ALL_BUTTONS.format(root=str(ROOT))}; {steps}"],
            "okr refresh FILE": ["-m", "okr_workbook", "refresh", str(planner), "--dry-run"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, arguments in commands.items():
                times[name].append(timed(arguments, folder))
    report({name: median(values) for name, values in times.items()})


def opened(planner: Path) -> Book:
    """The planner as an open workbook: its tables, and the named ranges of its dashboard."""
    book = Book()
    for table_id, grid in FileBook(str(planner)).read().items():
        rows = [list(grid.headers), *map(list, grid.rows)]
        book.add_table(grid.sheet, table_id, rows, top=grid.top, left=grid.left)
    return book


def timed(arguments: list[str], home: Path) -> float:
    environment = {**os.environ, "HOME": str(home), "USERPROFILE": str(home)}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def report(found: dict[str, float]) -> None:
    for name, value in found.items():
        print(f"{name:28} {value:7.0f} ms")
    times_bare = found["click, after okr setup"] / found["bare interpreter"]
    times_faster = found["click, plain imports"] / found["click, after okr setup"]
    only_xlwings = found["click, before okr setup"] / found["click, after okr setup"]
    print(f"{times_bare:.1f} times a bare interpreter (at most {MOST_TIMES_BARE})")
    print(f"{only_xlwings:.1f} times faster than with xlwings alone imported plainly")
    print(f"{times_faster:.1f} times faster than with plain imports (at least {LEAST_TIMES_FASTER})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
