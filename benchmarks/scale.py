"""How time and memory grow with the plan: each command as a fresh process, from 10 to 10,000 key results.

Usage: python -m benchmarks.scale [LARGEST]
Beside them: LibreOffice opening the refreshed planner and saving it, and XlsxWriter writing as many cells.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from typing import NamedTuple

from benchmarks.measuring import Run, machine, run, table
from benchmarks.planners import answer_books, okr, planner_tables

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


def measure(largest: int = SIZES[-1], *, beside: bool = True) -> list[Size]:
    """One run of each step at each size; the steps follow one another as in a planner's life. `beside`: others' too."""
    return [_size(size, beside=beside) for size in SIZES if size <= largest]


def _size(key_results: int, *, beside: bool) -> Size:
    with tempfile.TemporaryDirectory() as folder:
        planner = os.path.join(folder, "planner.xlsx")
        steps = _steps_of_a_life(planner, key_results)
        if beside:
            steps |= _beside(planner, key_results)
        return Size(key_results, steps, os.path.getsize(planner) / 1024)


def _steps_of_a_life(planner: str, key_results: int) -> dict[str, Run]:
    """From the first command to the answers of every team, merged; each step works on what the one before it left."""
    folder = os.path.dirname(planner)
    books, drafts = os.path.join(folder, "books"), os.path.join(folder, "drafts")
    mail = okr("mail", planner, "--books", books, "--drafts", drafts)
    steps = {"new": run(okr("new", planner, "--period", "2026-H2")), "fill, five tables": _filled(planner, key_results)}
    steps["refresh"] = run(okr("refresh", planner))
    steps["refresh again"] = run(okr("refresh", planner))
    steps["report"] = run(okr("report", planner, "--html", os.path.join(folder, "plan.html")))
    steps["teams"] = run(okr("teams", planner, "--out", books))
    steps["mail, drafts"] = run(mail)
    steps["mail, drafts again"] = run(mail)
    steps["status"] = run(okr("status", planner))
    answer_books(books)
    steps["collect"] = run(okr("collect", planner, books))
    steps["collect again"] = run(okr("collect", planner, books))
    return steps


def _filled(planner: str, key_results: int) -> Run:
    """The five tables filled one after the other, as one step."""
    runs = []
    for name, csv in planner_tables(key_results, TEAMS[key_results]).items():
        path = os.path.join(os.path.dirname(planner), f"{name}.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(csv)
        runs.append(run(okr("fill", planner, name, path)))
    return Run(sum(one.elapsed for one in runs), sum(one.cpu for one in runs), max(one.peak for one in runs))


def _beside(planner: str, key_results: int) -> dict[str, Run]:
    """What other programs need for as much."""
    folder = os.path.dirname(planner)
    rows = str(key_results * 13)
    steps = {"XlsxWriter, as many rows": run((sys.executable, "-c", XLSXWRITER, os.path.join(folder, "x.xlsx"), rows))}
    if office := shutil.which("soffice"):
        profile = f"-env:UserInstallation=file://{folder}/profile"
        to_its_own = ("--headless", "--convert-to", "ods", "--outdir", folder, planner)
        steps["LibreOffice, open and save"] = run((office, profile, *to_its_own))
    return steps


def report(found: list[Size]) -> str:
    """The curves as a Markdown table: seconds, MB at the peak, and how many times the CPU time grew in the last step."""
    header = ["step", *(f"{size.key_results:,} key results, {TEAMS[size.key_results]:,} teams" for size in found)]
    rows = [
        [step, *(f"{size.steps[step].elapsed:.2f} s, {size.steps[step].peak:,.0f} MB" for size in found)]
        for step in found[0].steps
    ]
    rows.append(["the planner", *(f"{size.kilobytes:,.0f} kB" for size in found)])
    if len(found) > 1:
        smaller, larger = found[-2:]
        header.append("CPU time, last / before")
        for row in rows[:-1]:
            row.append(f"{larger.steps[row[0]].cpu / smaller.steps[row[0]].cpu:.1f}")
        rows[-1].append(f"{larger.kilobytes / smaller.kilobytes:.1f}")
    return table(header, rows)


if __name__ == "__main__":
    print(machine(), end="\n\n")
    print(report(measure(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])))
