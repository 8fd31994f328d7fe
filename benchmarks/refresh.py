"""What a click costs: `okr refresh` as a fresh process, beside a plain script of pandas and openpyxl, and a bare interpreter.

Usage: python -m benchmarks.refresh [ROUNDS]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping

from benchmarks.measuring import BARE, Figures, machine, milliseconds, run, side_by_side, table
from benchmarks.planners import CHECK_INS_EACH, make_planner, okr, worked_example

PLAIN = os.path.join(os.path.dirname(__file__), "plain_refresh.py")
BESIDE = (1_000, 10_000)
"""Check-ins of the planners both ways are run on."""
LARGEST = 100_000

Results = dict[str, Mapping[str, Figures]]


def measure(rounds: int, most: int = LARGEST) -> Results:
    """By planner, the figures of each way, up to so many check-ins. Every run begins with the planner not refreshed yet."""
    found: Results = {}
    with tempfile.TemporaryDirectory() as folder:
        fresh, work = os.path.join(folder, "fresh.xlsx"), os.path.join(folder, "work.xlsx")

        def anew() -> None:
            shutil.rmtree(os.path.join(folder, ".okr"), ignore_errors=True)
            shutil.copyfile(fresh, work)

        ours, again = okr("refresh", work), okr("refresh", "--dry-run", work)
        worked_example(fresh)
        found["worked example"] = side_by_side({"bare": BARE, "okr": ours, "okr --dry-run": again}, rounds * 3, anew)
        for check_ins in (size for size in BESIDE if size <= most):
            os.remove(fresh)
            make_planner(fresh, check_ins // CHECK_INS_EACH + 1)
            ways = {"bare": BARE, "okr": ours, "plain": (sys.executable, PLAIN, work)}
            found[f"{check_ins:,} check-ins"] = side_by_side(ways, rounds, anew)
        if most >= LARGEST:
            os.remove(fresh)
            make_planner(fresh, LARGEST // CHECK_INS_EACH + 1)
            anew()
            found[f"{LARGEST:,} check-ins"] = {"okr": Figures.of([run(ours)])}
    return found


def report(found: Results) -> str:
    """The results as a Markdown table. Ratios are of CPU time, which other work on the machine disturbs least."""
    rows = []
    for planner, ways in found.items():
        ours = ways["okr"]
        for way, figures in ways.items():
            spread = f"{milliseconds(figures.fastest)} to {milliseconds(figures.slowest)}"
            ratio = f"{figures.cpu / ours.cpu:.1f}"
            bare = f"{figures.cpu / ways['bare'].cpu:.1f}" if "bare" in ways else "–"
            rows.append(
                [
                    planner,
                    way,
                    milliseconds(figures.elapsed),
                    spread,
                    milliseconds(figures.cpu),
                    f"{figures.peak:,.0f} MB",
                    ratio,
                    bare,
                ]
            )
    header = ["planner", "way", "median", "fastest to slowest", "CPU", "peak memory", "CPU, x okr", "CPU, x bare"]
    return table(header, rows)


if __name__ == "__main__":
    print(machine(), end="\n\n")
    print(report(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))
