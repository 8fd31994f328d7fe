"""What a team sees of its measures, which figures it owes, and which of its KPIs can follow them."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.domain.periods import first_day, month_number
from okr_workbook.domain.planner import Team
from okr_workbook.domain.scoring import score_planner
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.domain.team_measures import open_months, shown_months
from tests.builders import a_kpi, a_measure, a_planner

AS_OF = date(2026, 11, 18)
TEAMS = (Team("Sales", row_number=1), Team("HR", row_number=2))


def months(first, last, figure=1.0):
    """A figure in every month from one to the other, both as text."""
    start, end = (month_number(date.fromisoformat(f"{text}-01")) for text in (first, last))
    return {first_day(number): figure for number in range(start, end + 1)}


def figures(measure, first="2025-01", last="2026-10", **changes):
    return a_measure(measure, months(first, last), **{"team": "Sales", **changes})


def plan_of(measures=(), kpis=(), as_of=AS_OF, team="Sales"):
    rows = tuple(row._replace(row_number=at) for at, row in enumerate(measures, 1))
    planner = a_planner(teams=TEAMS, measures=rows, kpis=kpis)
    return team_plans(planner, score_planner(planner, as_of), [team])[0]


@pytest.mark.parametrize(
    ("as_of", "opened"),
    [
        (date(2026, 11, 1), ["2026-09", "2026-10", "2026-11"]),
        (date(2026, 11, 30), ["2026-09", "2026-10", "2026-11"]),
        (date(2027, 1, 5), ["2026-11", "2026-12", "2027-01"]),
        (date(1, 1, 5), ["0001-01"]),
    ],
)
def test_open_are_the_month_of_the_day_and_the_two_before_it(as_of, opened):
    assert [month.isoformat()[:7] for month in open_months(as_of)] == opened


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ([], "2026-09"),
        ([a_measure("new", {})], "2026-09"),
        ([figures("old", "2020-01")], "2025-09"),  # twelve closed months before the open ones
        ([figures("a", "2026-10"), figures("b", "2026-07")], "2026-07"),
        ([figures("later", "2027-02", "2027-03")], "2026-09"),
    ],
)
def test_months_are_shown_from_the_first_figure_on(rows, first):
    shown = shown_months(rows, AS_OF)
    assert (shown[0].isoformat()[:7], shown[-1]) == (first, date(2026, 11, 1))


def test_a_team_sees_its_own_measures_and_of_them_the_months_shown():
    row = figures("visits", "2024-01", "2027-01", label="Visits", source="Web", unreadable=frozenset({"2026-11"}))
    plan = plan_of([row, figures("hired", team="HR"), figures("cash", team="")])
    (found,) = plan.measures
    assert found.row == row._replace(months=months("2025-09", "2026-11"), row_number=0, unreadable=frozenset())
    assert (len(plan.months), plan.closed) == (15, 12)


def test_a_team_without_measures_has_no_months():
    plan = plan_of([figures("hired", team="HR")])
    assert (plan.measures, plan.months) == ((), ())


def test_a_row_that_an_answer_could_not_find_by_its_id_is_not_shown():
    rows = [figures("visits", team="HR"), figures(" VISITS "), figures("")]
    assert plan_of(rows).measures == ()
    assert [one.row.measure for one in plan_of(rows, team="HR").measures] == ["visits"]


@pytest.mark.parametrize(
    ("known", "owed"),
    [
        ({}, "2026-10"),
        (months("2026-01", "2026-10"), None),
        (months("2026-01", "2026-09"), "2026-10"),
        (months("2026-01", "2026-06"), "2026-10"),
        ({**months("2026-01", "2026-09"), **months("2026-11", "2026-11")}, "2026-10"),  # a figure of this month is none
        (months("2026-09", "2026-09"), "2026-10"),
        (months("2026-11", "2026-11"), None),  # has only just begun
        ({**months("2026-02", "2026-02"), **months("2026-05", "2026-05"), **months("2026-08", "2026-08")}, None),
        ({**months("2026-01", "2026-01"), **months("2026-04", "2026-04")}, "2026-10"),  # once a quarter
    ],
)
def test_a_figure_is_owed_where_its_month_is_over_and_the_measures_rhythm_wants_it(known, owed):
    (found,) = plan_of([a_measure("visits", known, team="Sales")]).measures
    assert (found.owed and found.owed.isoformat()[:7]) == owed


def test_a_figure_that_cannot_be_read_is_the_planners_to_mend_and_not_owed():
    row = figures("visits", last="2026-09", unreadable=frozenset({"2026-10"}))
    assert plan_of([row]).measures[0].owed is None


# --- KPIs that follow -----------------------------------------------------------------------------

MEASURES = [
    figures("a"),
    figures("young", "2026-02"),
    figures("broken", unreadable=frozenset({"2026-03"})),
    figures("theirs", team="HR"),
    figures("cash", team=""),
]


@pytest.mark.parametrize(
    ("formula", "follows"),
    [
        ("a / young", True),
        ("A / [Young]", True),
        ("a / theirs", False),
        ("a / cash", False),
        ("a / other", False),
        ("a / nobody", False),
        ("a +", False),
        ("PREV(a)", False),  # needs nothing of its own month
        ("a - PREV(a, 12)", True),
        ("a - PREV(a, 13)", False),  # of September 2026: older than the sheet, which begins in September 2025
        ("young - PREV(young, 13)", True),  # there is none so old
        ("ROLLING(a, 12)", True),
        ("ROLLING(a, 14)", False),
        ("YTD(a)", True),
        ("PREV(YTD(a), 9)", False),  # of 2025, from January on
        ("YTD(broken)", False),
        ("ROLLING(broken, 3)", True),  # March is not among July to November
    ],
)
def test_a_kpi_follows_where_all_it_reads_stands_on_the_sheet(formula, follows):
    kpis = [a_kpi(id="k", formula=formula, team="Sales"), a_kpi(id="other", formula="a", team="Sales", row_number=2)]
    assert (plan_of(MEASURES, kpis).kpis[0].follows is not None) is follows


@pytest.mark.parametrize(
    ("changes", "follows"),
    [
        ({"frequency": "month"}, True),
        ({"frequency": ""}, True),
        ({"frequency": "", "unreadable": frozenset({"frequency"})}, False),
        ({"frequency": "quarter"}, False),
        ({"frequency": "continuous"}, False),
    ],
)
def test_a_kpi_follows_where_it_is_taken_each_month(changes, follows):
    plan = plan_of(MEASURES, [a_kpi(formula="a / young", team="Sales", **changes)])
    assert (plan.kpis[0].follows is not None) is follows


def test_what_a_formula_names_is_told_by_the_place_of_the_teams_own_measure():
    plan = plan_of([figures("theirs", team="HR"), *MEASURES[:2]], [a_kpi(formula="young / A", team="Sales")])
    assert plan.kpis[0].follows.measures == {"A": 0, "young": 1}
    assert plan.kpis[0].row.formula == ""
