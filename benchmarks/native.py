"""Scores as native formulas that LibreOffice recalculates, beside `okr refresh` of the same plan.

Usage: python -m benchmarks.native [ROUNDS]

The workbook with formulas is what one would build without okr_workbook: latest value, progress, score, expected, gap and
status of each key result, means of objectives, teams and company, all as formulas of functions that Excel and LibreOffice
share. LibreOffice opens it without a screen, recalculates all of it and saves it; its scores are compared with ours before
anything is timed. Beside both: LibreOffice opening and saving an empty workbook, so that its start can be told apart.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping

import xlsxwriter
from openpyxl import load_workbook

from benchmarks.measuring import Figures, machine, milliseconds, run, side_by_side, table
from benchmarks.planners import AS_OF, CHECK_INS_EACH, END, START, make_planner, okr, planner_tables
from okr_workbook.books.file_book import FileBook

BESIDE = (1_000, 10_000)
"""Check-ins of the plans."""

MISSING = "LibreOffice (soffice) is not installed here"

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>
"""

AHEAD, LATE = 0.10, 0.25

Results = dict[str, Mapping[str, Figures]]


def measure(rounds: int, sizes: tuple[int, ...] = BESIDE) -> Results | None:
    """By plan, the figures of each way; None where LibreOffice is missing."""
    office = shutil.which("soffice")
    if office is None:
        return None
    found: Results = {}
    for check_ins in sizes:
        with tempfile.TemporaryDirectory() as folder:
            ways, anew = ways_in(folder, office, check_ins // CHECK_INS_EACH + 1)
            found[f"{check_ins:,} check-ins"] = side_by_side(ways, rounds, anew)
    return found


def ways_in(folder: str, office: str, key_results: int) -> tuple[dict[str, tuple[str, ...]], Callable[[], None]]:
    """The commands to be timed, and what to do before each, once LibreOffice and `okr` have come to the same scores."""
    fresh, work = os.path.join(folder, "fresh.xlsx"), os.path.join(folder, "work.xlsx")
    formulas, empty = os.path.join(folder, "formulas.xlsx"), os.path.join(folder, "empty.xlsx")
    out = os.path.join(folder, "out")
    native_workbook(formulas, key_results)
    make_planner(fresh, key_results)
    xlsxwriter.Workbook(empty).close()
    recalculate = (*_office(office, folder), "--convert-to", "xlsx", "--outdir", out)
    ways = {
        "okr": okr("refresh", work),
        "LibreOffice, formulas": (*recalculate, formulas),
        "LibreOffice, nothing": (*recalculate, empty),
    }

    def anew() -> None:
        shutil.rmtree(os.path.join(folder, ".okr"), ignore_errors=True)
        shutil.copyfile(fresh, work)

    anew()
    run(ways["okr"])
    run(ways["LibreOffice, formulas"])
    _agree(scores_of_formulas(os.path.join(out, "formulas.xlsx")), scores_of_planner(work))
    return ways, anew


def _office(program: str, folder: str) -> tuple[str, ...]:
    """LibreOffice without a screen, with a profile of its own that recalculates what it loads."""
    profile = os.path.join(folder, "profile")
    os.makedirs(os.path.join(profile, "user"))
    with open(os.path.join(profile, "user", "registrymodifications.xcu"), "w", encoding="utf-8") as file:
        file.write(ALWAYS_RECALCULATE)
    return (program, f"-env:UserInstallation=file://{profile}", "--headless")


def _agree(theirs: Mapping[str, float], ours: Mapping[str, float]) -> None:
    """AssertionError where two ways to the scores differ: then there is nothing to compare."""
    assert theirs.keys() == ours.keys()
    far = [name for name, score in ours.items() if abs(theirs[name] - score) > 1e-9]
    assert not far, f"scores differ: {far[:3]}"


# --- the workbook with formulas -------------------------------------------------------------------


def native_workbook(path: str, key_results: int, teams: int | None = None) -> str:
    """The plan of `planners.planner_tables` as a workbook whose every computed cell is a formula; its path."""
    tables = {name: _rows(text) for name, text in planner_tables(key_results, teams).items()}
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        settings = book.add_worksheet("settings")
        for row, one in enumerate((AS_OF, START, END)):
            settings.write_datetime(row, 1, one, day)
        log = book.add_worksheet("check_ins")
        for row, one in enumerate(tables["check_ins"], 1):
            log.write_formula(row, 0, f'=DATEVALUE("{one["date"]}")', day)
            log.write_string(row, 1, one["key_result"])
            log.write_number(row, 2, float(one["value"]))
        _write_key_results(book.add_worksheet("key_results"), tables["key_results"], len(tables["check_ins"]) + 1)
        count, objectives = len(tables["key_results"]) + 1, tables["objectives"]
        _write_means(
            book.add_worksheet("objectives"), objectives, "id", f"key_results!$B$2:$B${count}", "key_results", count
        )
        _write_means(
            book.add_worksheet("teams"),
            tables["teams"],
            "team",
            f"objectives!$B$2:$B${len(objectives) + 1}",
            "objectives",
            len(objectives) + 1,
        )
    return path


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def _write_key_results(sheet, rows: list[dict[str, str]], last: int) -> None:
    """Id, objective, start, target, then the formulas: updated on, value, progress, score, expected, gap, status."""
    days, ids, values = (f"check_ins!${column}$2:${column}${last}" for column in "ABC")
    as_of, start, end = ("settings!$B$1", "settings!$B$2", "settings!$B$3")
    for number, row in enumerate(rows, 1):
        at = number + 1
        sheet.write_row(number, 0, [row["id"], row["objective"], float(row["start"]), float(row["target"])])
        formulas = (
            f'=_xlfn.MAXIFS({days},{ids},A{at},{days},"<="&{as_of})',
            f"=SUMIFS({values},{ids},A{at},{days},E{at})",
            f"=(F{at}-C{at})/(D{at}-C{at})",
            f"=MAX(0,MIN(1,G{at}))",
            f"=({as_of}-{start})/({end}-{start})",
            f"=I{at}-H{at}",
            f'=IF(H{at}>=1,"done",IF(J{at}<={AHEAD},"on track",IF(J{at}<={LATE},"at risk","behind")))',
        )
        for column, formula in enumerate(formulas, 4):
            sheet.write_formula(number, column, formula)


def _write_means(sheet, rows: list[dict[str, str]], name: str, group: str, below: str, last: int) -> None:
    """Id, team, and as formulas the mean score, expected and gap of what lies below."""
    score, expected = ("H", "I") if below == "key_results" else ("C", "D")
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, [row[name], row.get("team", "")])
        for column, source in ((2, score), (3, expected)):
            area = f"{below}!${source}$2:${source}${last}"
            sheet.write_formula(number, column, f'=IFERROR(AVERAGEIF({group},A{number + 1},{area}),"")')
        sheet.write_formula(number, 4, f'=IF(C{number + 1}="","",D{number + 1}-C{number + 1})')


def scores_of_formulas(path: str) -> dict[str, float]:
    """The score of each key result and team as the file stores them."""
    book = load_workbook(path, data_only=True, read_only=True)
    key_results = {row[0]: row[7] for row in book["key_results"].iter_rows(min_row=2, values_only=True)}
    teams = {row[0]: row[2] for row in book["teams"].iter_rows(min_row=2, values_only=True)}
    book.close()
    return {name: score for name, score in (key_results | teams).items() if isinstance(score, int | float)}


def scores_of_planner(path: str) -> dict[str, float]:
    """The same of a refreshed planner."""
    grids = FileBook(path).read()
    found = {}
    for name in ("key_results", "teams"):
        column = grids[name].headers.index("Score")
        found |= {row[0]: row[column] for row in grids[name].rows}
    return {name: score for name, score in found.items() if isinstance(score, int | float)}


def report(found: Results | None) -> str:
    """The results as a Markdown table, or why there are none. Ratios are of time on the clock: LibreOffice uses both cores."""
    if found is None:
        return f"Skipped: {MISSING}."
    rows = [
        [
            plan,
            way,
            milliseconds(figures.elapsed),
            f"{milliseconds(figures.fastest)} to {milliseconds(figures.slowest)}",
            milliseconds(figures.cpu),
            f"{figures.peak:,.0f} MB",
            f"{figures.elapsed / ways['okr'].elapsed:.1f}",
        ]
        for plan, ways in found.items()
        for way, figures in ways.items()
    ]
    return table(["plan", "way", "median", "fastest to slowest", "CPU", "peak memory", "x okr"], rows)


if __name__ == "__main__":
    print(machine(), end="\n\n")
    print(report(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))
