"""Planners of any size, made by the package itself: the template, filled from CSV as a user would."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.new import new_planner
from okr_workbook.books.file_book import FileBook
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Changes, TableChange

START, AS_OF, END = date(2026, 7, 1), date(2026, 9, 25), date(2026, 12, 31)
CHECK_INS_EACH, KEY_RESULTS_EACH, OBJECTIVES_EACH = 12, 4, 5
"""Check-ins of a key result, key results of an objective, objectives of a team."""


def planner_tables(key_results: int, teams: int | None = None) -> dict[str, str]:
    """The CSV of each table of a plan with so many key results, twelve check-ins each; one company objective on top.

    It is a sound plan: the coach finds nothing, as in a plan that is looked after.
    """
    objectives = max(1, key_results // KEY_RESULTS_EACH)
    count = teams or -(-objectives // OBJECTIVES_EACH)
    names = [f"Team {n}" for n in range(count)]
    return {
        "settings": _csv("name,value", [("company", "Acme"), ("as_of", AS_OF)]),
        "teams": _csv("team,lead,email", ((name, "Ann", f"team{n}@example.com") for n, name in enumerate(names))),
        "objectives": _csv(
            "id,objective,level,team,owner,parent",
            [
                ("O0", "Grow", "company", "", "Ann", ""),
                *(
                    (f"O{n}", f"Objective {n}", "team", names[n % count], "Ann", "O0")
                    for n in range(1, max(objectives, count) + 1)
                ),
            ],
        ),
        "key_results": _csv(
            "id,objective,key_result,team,owner,kind,unit,start,target",
            (
                (
                    *(f"KR{n}", f"O{n % objectives + 1}", f"Orders from 0 to {100 + n}"),
                    *(names[(n % objectives + 1) % count], "Ann", "increase", "orders", 0, 100 + n),
                )
                for n in range(key_results)
            ),
        ),
        "check_ins": _csv("date,key_result,value,author", _check_ins(key_results)),
    }


def _check_ins(key_results: int) -> Iterator[tuple[object, ...]]:
    for week in range(CHECK_INS_EACH):
        for number in range(key_results):
            value = round((100 + number) * (week + 1 + number % 3 / 4) / 20, 1)  # a little ahead of the pace
            yield START + timedelta(days=7 * week + number % 5), f"KR{number}", value, "Ann"


def _csv(header: str, rows: Iterable[Iterable[object]]) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def make_planner(path: str, key_results: int, teams: int | None = None) -> str:
    """The planner as a file at `path`, not refreshed yet; its path."""
    new_planner(path, language="en", today=START, period="2026-H2")
    for name, csv in planner_tables(key_results, teams).items():
        report = fill_book(FileBook(path, keep_history=False), name, csv.encode())
        if report.faults:
            raise RuntimeError(f"{name}: {report.faults[:3]}")
    return path


def answer_books(folder: str) -> int:
    """Every team workbook in a folder filled in: a new value for each key result that takes one. How many values."""
    count = 0
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.name.endswith(".xlsx"):
            book = FileBook(entry.path, keep_history=False)
            grid = book.read()["key_results"]
            column = columns_of("key_results", grid.headers, in_team_book=True).fields["current"]
            typed = {(row, column): 50.0 for row, cells in enumerate(grid.rows) if cells[0] is not None}
            book.write(Changes((TableChange("key_results", typed),)), command="benchmark")
            count += len(typed)
    return count


def worked_example(path: str) -> str:
    """The worked example as a file at `path`; its path."""
    new_planner(path, language="en", today=START, example=True)
    return path


def okr(*arguments: str) -> tuple[str, ...]:
    """The command line of `okr`, in a fresh process of this interpreter."""
    import sys

    return (os.path.join(os.path.dirname(sys.executable), "okr"), *arguments)
