"""The formulas of a team's workbook against the scoring core: the same planner, the same values, everywhere."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from okr_workbook.books.team.layout import DATE_CELL, OBJECTIVE_COLUMNS, layout_of, letters
from okr_workbook.books.team.model import quoted
from okr_workbook.books.team_book import team_workbook
from okr_workbook.domain.planner import CheckIn
from okr_workbook.domain.scoring import score_planner
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.labels import labels_for
from okr_workbook.tables import native
from tests.books.plain_writer import write_plain
from tests.books.random_planners import TEAM, a_random_planner, a_value
from tests.books.recalculation import ENGINES, differences, stored
from tests.books.recalculation import typed as typed_cells
from tests.builders import START

SEEDS = range(5)


def plan_of(planner, as_of):
    return team_plans(planner, score_planner(planner, as_of), [TEAM])[0]


def day_of(seed):
    return START + timedelta(days=(0, 40, 91, 130, 183, 210)[seed % 6])


def book_of(plan):
    return team_workbook(plan, labels_for(plan.language))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", SEEDS)
def test_recalculating_gives_what_the_core_computed(seed, engine):
    content = write_plain(book_of(plan_of(a_random_planner(seed), day_of(seed))))
    assert differences(stored(content), ENGINES[engine](content)) == {}


@pytest.mark.parametrize("later", [0, 9])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_typed_scores_as_a_check_in_of_that_day_would(seed, later):
    planner, as_of = a_random_planner(seed), day_of(seed)
    planner = planner._replace(check_ins=tuple(one for one in planner.check_ins if one.date <= as_of))
    plan, random = plan_of(planner, as_of), Random(seed)
    day = as_of + timedelta(days=later)
    workbook, layout = book_of(plan), layout_of(plan, labels_for(plan.language))
    typed = []
    overview = workbook.sheets[0]
    overview.cells[DATE_CELL] = (day, overview.cells[DATE_CELL][1])
    sheets = {sheet.title: sheet for sheet in workbook.sheets}
    for place, one in enumerate(plan.key_results):
        if random.random() < 0.7:
            value = a_value(random, one.row)
            typed.append(CheckIn(day, one.row.id, value, row_number=len(planner.check_ins) + len(typed) + 1))
            type_into(sheets, layout.typed(place), value)
    content = write_plain(workbook)
    after = planner._replace(check_ins=planner.check_ins + tuple(typed))
    wanted = expected_values(plan, layout, plan_of(after, day))
    got = typed_cells(content) | ENGINES["formualizer"](content)
    assert differences(wanted, got) == {}


def type_into(sheets, address, value):
    title, cell = address.rsplit("!", 1)
    column, row = ord(cell[0]) - 64, int(cell[1:])
    sheet = sheets[title.strip("'")]
    sheet.put(row, column, value, sheet.all_cells()[row, column][1])


def expected_values(plan, layout, after):
    """What the cells of scores must show, by the core's results of the planner with the check-ins."""
    found = {}

    def put(address, value):
        title, cell = address.rsplit("!", 1)
        found[title.strip("'"), cell] = value

    # What other teams' rows add up to is as old as the book: only what stands on own rows alone is compared above them.
    for place in layout.scored:
        row, got = layout.detail_row(place), after.key_results[place].got
        for name in ("value", "progress", "score", "expected", "gap"):
            put(layout.detail(name, row), getattr(got, name))
        put(layout.detail("status", row), layout.labels.status(got.status))
    for place, one in enumerate(after.objectives):
        if one.shown_score and not stands_on_others(after, one) and (one.key_results or one.children):
            row = layout.objective_row(place)
            put(of_objective(layout, "score", row), one.got.score)
            put(of_objective(layout, "expected", row), one.got.expected)
            put(of_objective(layout, "status", row), layout.labels.status(one.got.status))
    return found


def of_objective(layout, column, row):
    """The address of a figure of an objective."""
    return f"{quoted(layout.objectives)}!{letters(OBJECTIVE_COLUMNS, column)}{row}"


def stands_on_others(plan, one):
    return bool(one.elsewhere.weight) or any(stands_on_others(plan, plan.objectives[i]) for i in one.children)


@pytest.mark.parametrize(
    ("rows", "found"), [((), []), ((5,), ["X5"]), ((5, 6, 7, 9), ["X5:X7", "X9"]), ((9, 5), ["X5", "X9"])]
)
def test_neighbouring_rows_become_ranges(rows, found):
    assert native.ranges("X", rows) == found


def test_a_text_in_a_formula_keeps_its_quotation_marks():
    assert native.text('a "b"') == '"a ""b"""'


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (0.1, "0.1"), (0.7 - 0.3, "0.39999999999999997"), (-2.0, "-2")]
)
def test_numbers_in_formulas_lose_no_digit(value, written):
    assert native.number(value) == written


def test_a_sum_of_many_cells_stays_within_what_excel_takes():
    formula = native.total([f"A{row}" for row in range(1, 902, 2)])
    assert formula.count("SUM(") == 3
    assert max(part.count(",") for part in formula.split("+")) < 255
