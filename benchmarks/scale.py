"""How time and memory grow with the plan: new, fill and refresh as fresh processes, from 10 to 10,000 key results.

Usage: python -m benchmarks.scale [LARGEST]
Beside them: LibreOffice opening the refreshed planner and computing it anew, and XlsxWriter writing as many cells.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from typing import NamedTuple

from benchmarks.measuring import Run, machine, run, table
from benchmarks.planners import okr, planner_tables

SIZES = (10, 100, 1_000, 10_000)
TEAMS = {10: 5, 100: 20, 1_000: 100, 10_000: 1_000}
"""Teams of a plan with so many key results."""

XLSXWRITER = """
import sys, xlsxwriter
book = xlsxwriter.Workbook(sys.argv[1], {"in_memory": True})
sheet = book.add_worksheet()
for row in range(int(sys.argv[2])):
    for column in range(6):
        sheet.write(row, column, row * 1.5 if column % 2 else f"KR{row}")
book.close()
"""


class Size(NamedTuple):
    """One plan's size, the run of each step, and the planner's kilobytes when it is refreshed."""

    key_results: int
    steps: dict[str, Run]
    kilobytes: float


def measure(largest: int = SIZES[-1]) -> list[Size]:
    """One run of each step at each size; the steps follow one another as in a planner's life."""
    return [_size(size) for size in SIZES if size <= largest]


def _size(key_results: int) -> Size:
    with tempfile.TemporaryDirectory() as folder:
        planner = os.path.join(folder, "planner.xlsx")
        steps = {"new": run(okr("new", planner, "--period", "2026-H2"))}
        fills = []
        for name, csv in planner_tables(key_results, TEAMS[key_results]).items():
            path = os.path.join(folder, f"{name}.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write(csv)
            fills.append(run(okr("fill", planner, name, path)))
        steps["fill, five tables"] = Run(
            sum(f.elapsed for f in fills), sum(f.cpu for f in fills), max(f.peak for f in fills)
        )
        steps["refresh"] = run(okr("refresh", planner))
        steps["refresh again"] = run(okr("refresh", planner))
        steps["report"] = run(okr("report", planner, "--html", os.path.join(folder, "plan.html")))
        rows = str(key_results * 13)
        steps["XlsxWriter, as many rows"] = run(
            (sys.executable, "-c", XLSXWRITER, os.path.join(folder, "x.xlsx"), rows)
        )
        if office := shutil.which("soffice"):
            profile = f"-env:UserInstallation=file://{folder}/profile"
            steps["LibreOffice, open and save"] = run(
                (office, profile, "--headless", "--convert-to", "ods", "--outdir", folder, planner)
            )
        return Size(key_results, steps, os.path.getsize(planner) / 1024)


def report(found: list[Size]) -> str:
    """The curves as a Markdown table: seconds, and MB at the peak."""
    header = ["step", *(f"{size.key_results:,} key results, {TEAMS[size.key_results]:,} teams" for size in found)]
    rows = [
        [step, *(f"{size.steps[step].elapsed:.2f} s, {size.steps[step].peak:,.0f} MB" for size in found)]
        for step in found[0].steps
    ]
    rows.append(["the planner", *(f"{size.kilobytes:,.0f} kB" for size in found)])
    return table(header, rows)


if __name__ == "__main__":
    print(machine(), end="\n\n")
    print(report(measure(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])))
