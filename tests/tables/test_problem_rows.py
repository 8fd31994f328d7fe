"""Problems in words: at the cell of a setting, with a rewrite where the coach has one."""

from __future__ import annotations

import pytest

from okr_workbook.domain.problems import Figure, Gaps, Problem
from okr_workbook.labels import labels_for
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.grid import Grid
from okr_workbook.tables.parsing import parse_planner
from okr_workbook.tables.problem_rows import problems_change, show_problems
from tests.tables.grids import a_grid, grids, settings_grid


def shown(problem, grid, language="en"):
    (one,) = show_problems([problem], grids(grid), {grid.table: find_columns(grid)}, labels_for(language))
    return one


@pytest.mark.parametrize("name", ["period_end", "Period end", "Fin de la période"])
def test_a_setting_is_found_by_its_name_in_any_language(name):
    grid = settings_grid(**{"company": "Alvéo", name: None})
    one = shown(Problem("period_missing", "error", "settings", "period_end", 0, "value"), grid)
    assert (one.cell, one.row) == ("Settings!B6", "period_end")


@pytest.mark.parametrize(("language", "name"), [("en", "Period end"), ("fr", "Fin de la période")])
def test_a_setting_is_called_by_its_id_in_json_and_by_its_name_on_the_sheet(language, name):
    one = shown(Problem("period_missing", "error", "settings", "period_end", 0, "value"), settings_grid(), language)
    assert one.row == "period_end"
    sheet = a_grid("problems")
    change = problems_change(sheet, find_columns(sheet), [one], labels_for(language))
    assert name in change.cells.values()


def test_a_setting_without_a_row_is_shown_at_the_header():
    one = shown(Problem("period_missing", "error", "settings", "period_end", 0, "value"), settings_grid(company="A"))
    assert one.cell == "Settings!B4"


def test_advice_ends_with_the_rewrite():
    grid = a_grid("key_results", {"id": "KR1", "key_result": "Invest more in marketing"})
    problem = Problem(
        "activity_spend", "warning", "key_results", "KR1", 1, "key_result", {"text": "Invest more in marketing"}
    )
    assert shown(problem, grid).advice.endswith("“Acquisition cost from €420 to €320”.")
    assert "420\u00a0€ à 320\u00a0€" in shown(problem, grid, "fr").advice
    own = problem._replace(
        details={**problem.details, "kpi": "CAC", "now": Figure(385.0, "€"), "goal": Figure(320.0, "€")}
    )
    assert shown(own, grid).advice.endswith("Your own KPIs suggest “CAC from €385 to €320”.")


def test_figures_that_are_missing_are_named_by_measure_and_month():
    gaps = Gaps((("revenue", ("2025-12", "2026-02/2026-03")), ("headcount", ("2026-03",))))
    problem = Problem("kpi_waits_for", "advice", "kpis", "arpa", 1, "value", {"measures": gaps})
    grid = a_grid("kpis", {"id": "arpa"})
    assert shown(problem, grid).message == (
        "KPIs, arpa: no value yet; it waits for revenue (Dec 2025, Feb 2026 to Mar 2026), headcount (Mar 2026)."
    )
    assert "revenue (déc. 2025, févr. 2026 à mars 2026), headcount (mars 2026)" in shown(problem, grid, "fr").message


def test_a_table_that_is_missing_comes_before_what_may_follow_from_it():
    grid = a_grid("check_ins", {"key_result": "KR1"})
    orphan = Problem("orphan_check_ins", "warning", "check_ins", "", 1, "key_result", {"value": "KR1", "count": 7})
    fault = Problem("period_missing", "error", "settings", "period_end", 0, "value")
    lost = Problem("missing_table", "error", "key_results")
    columns = {"check_ins": find_columns(grid)}
    problems = show_problems([orphan, fault, lost], grids(grid), columns, labels_for("en"))
    assert [one.code for one in problems] == ["missing_table", "period_missing", "orphan_check_ins"]
    assert problems[2].message == "Check-ins, row 5: 7 of “KR1”, which is not in the plan."


def test_the_problems_of_a_row_stand_in_the_order_of_its_cells():
    grid = a_grid("key_results", {"id": "KR1"}, headers=["id", "key_result", "objective", "kind", "start", "target"])
    fields = ["target", "kind", "objective", "", "key_result", "start"]
    faults = [Problem("number_missing", "error", "key_results", "KR1", 1, field) for field in fields]
    shown_ones = show_problems(faults, grids(grid), {"key_results": find_columns(grid)}, labels_for("en"))
    assert [one.field for one in shown_ones] == ["", "key_result", "objective", "kind", "start", "target"]


def test_what_is_named_and_not_there_says_which_table_it_should_stand_in():
    grid = a_grid("actions", {"id": "A1", "serves": "O1"})
    problem = Problem("unknown_reference", "error", "actions", "A1", 1, "serves", {"value": "O1"})
    assert shown(problem, grid).message == "Actions, A1: “O1” in “Serves” is not in the table Key results / KPIs."
    assert shown(problem, grid, "fr").advice == (
        "Choisissez dans la liste de la cellule, ou ajoutez-le d’abord dans Résultats clés / Indicateurs."
    )


@pytest.mark.parametrize(
    ("header", "code"),
    [("February", "month_without_year"), ("févr.", "month_without_year"), ("FEVRIER ", "month_without_year"),
     ("Oct 2026", "month_twice"), ("10/2026", "month_twice"),
     ("Remark", None), ("Mayor", None), ("2027-01", None)],
)  # fmt: skip
def test_figures_under_a_month_that_is_not_read_are_told_at_its_header(header, code):
    grid = a_grid("measures", ["paid", 3.0, 7.0], headers=["measure", "2026-10", header])
    parsed = parse_planner(grids(grid))
    of_months = [one for one in parsed.problems if one.code.startswith("month_")]
    assert [one.code for one in of_months] == ([code] if code else [])
    for language in ("en", "fr"):
        told = show_problems(of_months, grids(grid), parsed.columns, labels_for(language))
        assert [(one.cell, header in one.message) for one in told] == ([("Measures!C4", True)] if code else [])
    empty = a_grid("measures", ["paid", 3.0, None], headers=["measure", "2026-10", header])
    assert not [one for one in parse_planner(grids(empty)).problems if one.code.startswith("month_")]


def test_an_empty_table_is_told_at_the_cell_to_begin_in():
    grid = a_grid("teams", {})
    one = Problem("nothing_listed", "error", "teams", "", 1, "team", {"count": 1, "names": "HR"})
    assert shown(one, grid).cell == "Teams!A5"
    assert shown(one, grid).message == "Teams: nothing is listed here yet, and 1 cell names HR."
    several = one._replace(details={"count": 3, "names": "HR, IT"})
    assert shown(several, grid, "fr").message.endswith("rien n’y figure encore, et 3 cellules nomment HR, IT.")


# --- the user's own columns ---


def told(*names):
    rows = [{"id": name} for name in ("KR1", "KR2", "KR3")]
    grid = a_grid("key_results", *rows)
    found = [Problem("no_owner", "warning", "key_results", name, int(name[-1]), "owner") for name in names]
    return show_problems(found, grids(grid), {"key_results": find_columns(grid)}, labels_for("en"))


def written(grid, shown):
    """The rows of the table as they stand after the change."""
    change = problems_change(grid, find_columns(grid), shown, labels_for("en"))
    count = change.row_count or len(grid.rows)
    cells = [list(row) for row in grid.rows] + [[None] * len(grid.headers) for _ in range(count - len(grid.rows))]
    for (row, column), value in change.cells.items():
        if row < count:
            cells[row][column] = value
    return cells[:count]


def test_what_the_user_wrote_beside_a_problem_moves_with_it():
    headers = (*a_grid("problems").headers, "Note")
    grid = Grid(
        "problems", headers, written(Grid("problems", headers, [[None] * len(headers)]), told("KR1", "KR2", "KR3"))
    )
    for row in (1, 2):
        grid.rows[row][-1] = f"note of KR{row + 1}"
    mended = written(grid, told("KR2", "KR3"))
    assert [(row[2], row[-1]) for row in mended] == [("KR2", "note of KR2"), ("KR3", "note of KR3")]
    gone = written(Grid("problems", headers, mended), told("KR1", "KR3"))
    assert [(row[2], row[-1]) for row in gone] == [("KR1", None), ("KR3", "note of KR3"), (None, "note of KR2")]
    again = Grid("problems", headers, gone)
    change = problems_change(again, find_columns(again), told("KR1", "KR3"), labels_for("en"))
    assert {column for _, column in change.cells} <= {4}  # the links, which a grid without formulas does not know
