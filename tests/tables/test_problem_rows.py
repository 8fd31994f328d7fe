"""Problems in words: at the cell of a setting, with a rewrite where the coach has one."""

from __future__ import annotations

import pytest

from okr_workbook.domain.problems import Figure, Problem
from okr_workbook.labels import labels_for
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.problem_rows import show_problems
from tests.tables.grids import a_grid, grids, settings_grid


def shown(problem, grid, language="en"):
    (one,) = show_problems([problem], grids(grid), {grid.table: find_columns(grid)}, labels_for(language))
    return one


@pytest.mark.parametrize("name", ["period_end", "Period end", "Fin de la période"])
def test_a_setting_is_found_by_its_name_in_any_language(name):
    grid = settings_grid(**{"company": "Alvéo", name: None})
    one = shown(Problem("period_missing", "error", "settings", "period_end", 0, "value"), grid)
    assert (one.cell, one.row) == ("Settings!B6", "Period end")


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
