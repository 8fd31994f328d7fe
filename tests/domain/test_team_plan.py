"""What one team's plan holds: its own rows, the company's words above them, and of others nothing but shares."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.domain.planner import Action, CheckIn, Member, Team
from okr_workbook.domain.scoring import score_planner
from okr_workbook.domain.team_cutter import team_plans
from tests.builders import MIDDLE, a_key_result, a_kpi, a_planner, an_objective, settings

TEAMS = (Team("Sales", lead="Ann", email="a@x", language="fr", row_number=1), Team("HR", parent="Sales", row_number=2))
MEMBERS = (Member("Ann", "Sales", "ann@x", row_number=1), Member("Bob", "HR", "bob@x", row_number=2))


def team_objective(number=2, team="Sales", **changes):
    return an_objective(id=f"O{number}", level="team", team=team, parent="O1", row_number=number, **changes)


def plan_of(planner, team="Sales"):
    return team_plans(planner, score_planner(planner, MIDDLE), [team])[0]


def a_plan(**tables):
    tables.setdefault("objectives", (an_objective(), team_objective()))
    return plan_of(a_planner(teams=TEAMS, members=MEMBERS, **tables))


def test_an_unknown_team_is_a_key_error():
    with pytest.raises(KeyError):
        plan_of(a_planner(teams=TEAMS), "Legal")


def test_addresses_and_the_parent_team_stay_in_the_planner():
    plan = plan_of(a_planner(teams=TEAMS, members=MEMBERS, settings=settings(mail_from="boss@x")), "HR")
    assert "@x" not in repr(plan)
    assert "Sales" not in repr(plan)
    assert plan.members == ("Bob",)


def test_the_language_is_the_teams_else_the_planners():
    planner = a_planner(teams=TEAMS)
    assert (plan_of(planner, "Sales").language, plan_of(planner, "HR").language) == ("fr", "en")


def test_objectives_come_with_the_company_objective_above_in_words_alone():
    plan = a_plan(
        objectives=(an_objective(objective="Grow"), team_objective(7, "HR"), team_objective(2)._replace(parent="O7"))
    )
    (found,) = plan.objectives
    assert (found.row.id, found.row.parent, found.serves) == ("O2", "", "Grow")


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        (a_key_result(objective="O2"), True),
        (a_key_result(objective="O2", team="HR"), False),
        (a_key_result(objective="O1", team=" sales "), True),
        (a_key_result(objective="O1"), False),
        (a_key_result(objective="O9"), False),
        (a_key_result(objective="O9", team="Sales"), True),
    ],
)
def test_a_key_result_is_its_teams_else_its_objectives_teams(row, seen):
    assert [one.row.id for one in a_plan(key_results=(row,)).key_results] == (["KR1"] if seen else [])


def test_the_id_of_another_teams_kpi_is_not_told():
    rows = (a_key_result(objective="O2", kpi="conversion"),)
    assert a_plan(key_results=rows, kpis=(a_kpi(team="HR"),)).key_results[0].row.kpi == ""
    assert a_plan(key_results=rows, kpis=(a_kpi(team="Sales"),)).key_results[0].row.kpi == "conversion"


def test_a_kpi_comes_without_its_formula():
    (found,) = a_plan(kpis=(a_kpi(team="Sales"), a_kpi(id="x", team="HR", row_number=2))).kpis
    assert (found.row.id, found.row.formula) == ("conversion", "")


def test_an_action_names_what_it_serves_only_where_that_is_the_teams():
    rows = (a_key_result(objective="O2"), a_key_result(id="KR2", objective="O1", team="HR", row_number=2))
    actions = tuple(Action(f"A{i}", f"KR{i}", "Call", team="Sales", row_number=i) for i in (1, 2))
    assert [one.serves for one in a_plan(key_results=rows, actions=actions).actions] == ["KR1", ""]


def test_an_action_of_no_team_belongs_where_what_it_serves_belongs():
    rows = (a_key_result(objective="O2"), a_key_result(id="KR2", objective="O1", row_number=2))
    actions = tuple(Action(f"A{i}", serves, "Call", row_number=i) for i, serves in enumerate(("KR1", "KR2", ""), 1))
    assert [one.id for one in a_plan(key_results=rows, actions=actions).actions] == ["A1"]


@pytest.mark.parametrize("shown", [False, True])
def test_scores_of_persons_are_shown_only_where_switched_on(shown):
    member = an_objective(id="O3", level="member", owner="Ann", parent="O2", row_number=3)
    plan = plan_of(
        a_planner(
            settings=settings(show_member_scores=shown), teams=TEAMS, members=MEMBERS,
            objectives=(an_objective(), team_objective(), member),
            key_results=(a_key_result(objective="O3", current=50.0),),
        )
    )  # fmt: skip
    assert [one.row.id for one in plan.objectives] == ["O2", "O3"]
    assert [one.shown_score for one in plan.key_results] == [shown]
    parent = plan.objectives[0]
    assert parent.got.score == 0.5
    assert (parent.children, parent.elsewhere.weight) == (((1,), 0.0) if shown else ((), 1.0))


def test_what_is_rolled_up_from_elsewhere_travels_as_shares():
    rows = (
        a_key_result(objective="O2", current=50.0),
        a_key_result(id="KR2", objective="O2", team="HR", current=100.0, weight=3.0, row_number=2),
    )
    away = a_plan(key_results=rows).objectives[0].elsewhere
    assert (away.weight, away.points, away.worst, away.has_value) == (0.75, 0.75, "done", True)


def test_readings_of_a_bound_are_counted_before_and_on_the_day():
    row = a_key_result(objective="O2", kind="stay_above", lower=10.0)
    days = [(date(2026, 7, 5), 11.0), (date(2026, 8, 5), 9.0), (MIDDLE, 12.0), (date(2026, 11, 1), 1.0)]
    check_ins = tuple(CheckIn(day, "KR1", value, row_number=i) for i, (day, value) in enumerate(days, 1))
    assert a_plan(key_results=(row,), check_ins=check_ins).key_results[0].readings == (2, 1, 1, 1)
