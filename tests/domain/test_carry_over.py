"""What the next period takes along: key results short of success, from where they stand, and all that belongs to them."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.domain.carry_over import CarryOver, carry_over, names_nothing
from okr_workbook.domain.planner import Action
from okr_workbook.domain.scoring import score_planner
from tests.builders import END, START, a_check_in, a_key_result, a_kpi, a_measure, a_planner, an_objective

AFTER = date(2027, 1, 4)


def carried(as_of=AFTER, unfinished=True, keep=(), **tables):
    planner = a_planner(**tables)
    return carry_over(planner, score_planner(planner, as_of), unfinished=unfinished, keep=keep)


def ids(rows):
    return [row.id for row in rows]


@pytest.mark.parametrize(
    ("row", "commitment", "goes_on"),
    [
        ({"current": 99.0}, "committed", True),
        ({"current": 100.0}, "committed", False),
        ({"current": 130.0}, "committed", False),
        ({"current": 69.0}, "aspirational", True),
        ({"current": 70.0}, "aspirational", False),
        ({}, "committed", True),  # no value yet
        ({"target": None, "current": 5.0}, "committed", True),  # cannot be scored
        ({"current": 20.0, "override": 1.0, "override_reason": "merged"}, "committed", False),
        ({"current": 100.0, "override": 0.5, "override_reason": "late"}, "committed", True),
        ({"kind": "milestone", "current": 1.0}, "committed", False),
        ({"kind": "milestone", "current": 0.8}, "committed", True),
    ],
)
def test_what_has_not_reached_its_success_score_goes_on(row, commitment, goes_on):
    rows = carried(objectives=(an_objective(commitment=commitment),), key_results=(a_key_result(**row),))
    assert ids(rows.key_results) == (["KR1"] if goes_on else [])
    assert ids(rows.objectives) == (["O1"] if goes_on else [])


@pytest.mark.parametrize(("last", "goes_on"), [(4.0, []), (5.0, ["KR1"])])
def test_a_bound_that_was_kept_to_the_end_is_done(last, goes_on):
    row = a_key_result(kind="stay_below", start=None, target=None, upper=4.0)
    found = carried(key_results=(row,), check_ins=(a_check_in(START, 3.0), a_check_in(END, last)))
    assert ids(found.key_results) == goes_on


BEGINS = {"due": None, "override": None, "override_reason": None}


@pytest.mark.parametrize(
    ("row", "value", "begins"),
    [
        ({"due": END}, 40.0, {"start": 40.0, "current": None}),
        ({"kind": "decrease", "start": 9.0, "target": 4.0}, 6.5, {"start": 6.5, "current": None}),
        ({"start": 10.0}, 5.0, {"start": 5.0, "current": None}),  # it went the wrong way
        ({"kind": "milestone", "start": None, "target": None}, 0.4, {"current": 0.4}),  # has no start
        ({"kind": "stay_above", "lower": 9.0}, 8.0, {"current": None}),
        ({"kind": "stages", "commit": 40.0, "target": 60.0, "stretch": 80.0}, 30.0, {"start": 30.0, "current": None}),
        (
            {"kind": "stages", "commit": 40.0, "target": 60.0, "stretch": 80.0},
            50.0,
            {"current": 50.0},
        ),  # past its commit
        ({"kind": ""}, 40.0, {"current": 40.0}),
        ({}, None, {}),
    ],
)
def test_a_key_result_begins_again_from_its_last_value(row, value, begins):
    check_ins = () if value is None else (a_check_in(START, 1.0), a_check_in(date(2026, 12, 20), value))
    (taken,) = carried(key_results=(a_key_result(**row),), check_ins=check_ins).key_results
    assert taken.anew == {**BEGINS, **begins}


def test_the_value_of_a_kpi_is_where_its_key_result_begins():
    tables = {
        "key_results": (a_key_result(kpi="conversion", current=3.0),),
        "kpis": (a_kpi(formula="paid", frequency="month"),),
        "measures": (a_measure("paid", {date(2026, 11, 1): 40.0, date(2026, 12, 1): 60.0}),),
    }
    (taken,) = carried(**tables).key_results
    assert (taken.anew["start"], taken.anew["current"]) == (60.0, None)


TREE = (
    an_objective(id="O1"),
    an_objective(id="O2", level="team", parent="O1", start=START, end=END, row_number=2),
    an_objective(id="O3", level="team", parent="o2", row_number=4),
    an_objective(id="O4", level="team", parent="O1", row_number=5),
    an_objective(id="O5", level="team", parent="O6", row_number=6),
    an_objective(id="O6", level="team", parent="O5", row_number=7),
)


def key_results(**objectives):
    """A key result for each: open where its name begins with KR, done where with D."""
    return tuple(
        a_key_result(id=name, objective=objective, current=100.0 if name[0] == "D" else 1.0, row_number=number)
        for number, (name, objective) in enumerate(objectives.items(), 1)
    )


@pytest.mark.parametrize(
    ("rows", "options", "objectives", "taken"),
    [
        ({"KR1": "O3"}, {}, ["O1", "O2", "O3"], ["KR1"]),
        ({"KR1": "O4", "D2": "O3"}, {}, ["O1", "O4"], ["KR1"]),
        ({"KR1": "O5"}, {}, ["O5"], ["KR1"]),  # a cycle has no way up
        ({"KR1": ""}, {}, [], ["KR1"]),
        ({"KR1": "O9", "D2": "O1"}, {}, [], ["KR1"]),
        ({"KR1": "O4", "D2": "O3"}, {"unfinished": False, "keep": ["d2"]}, ["O1", "O2", "O3"], ["D2"]),
        ({"KR1": "O4", "D2": "O4", "KR3": "O3"}, {"unfinished": False, "keep": ["O4"]}, ["O1", "O4"], ["KR1"]),
        ({"KR1": "O4", "D2": "O4"}, {"unfinished": False, "keep": ["O4", "D2"]}, ["O1", "O4"], ["KR1", "D2"]),
        ({"D1": "O4"}, {"unfinished": False, "keep": ["O2"]}, ["O1", "O2"], []),
        ({"KR1": "O4", "D2": "O3"}, {"keep": ["D2"]}, ["O1", "O2", "O3", "O4"], ["KR1", "D2"]),
        ({"KR1": "O4"}, {"unfinished": False}, [], []),
    ],
)
def test_with_a_key_result_go_its_objective_and_all_above(rows, options, objectives, taken):
    found = carried(objectives=TREE, key_results=key_results(**rows), **options)
    assert (ids(found.objectives), ids(found.key_results)) == (objectives, taken)
    assert all(row.anew == {"start": None, "end": None} for row in found.objectives)


def test_rows_are_known_by_their_place_even_where_an_id_stands_twice():
    rows = (a_key_result(current=1.0, row_number=2), a_key_result(current=2.0, row_number=5))
    assert [row.row_number for row in carried(key_results=rows).key_results] == [2, 5]


@pytest.mark.parametrize(
    ("serves", "state", "unfinished", "goes_on"),
    [
        ("KR1", "doing", True, True),
        ("kr1", "", True, True),
        ("KR1", "done", True, False),
        ("KR1", "dropped", True, False),
        ("D2", "to_do", True, False),
        ("conversion", "to_do", True, True),  # the KPI stays
        ("conversion", "done", True, False),
        ("conversion", "to_do", False, False),
        ("KR1", "to_do", False, True),
        ("KR9", "to_do", True, False),
        ("", "to_do", True, False),
    ],
)
def test_open_actions_go_with_what_they_serve(serves, state, unfinished, goes_on):
    rows, action = key_results(KR1="O1", D2="O1"), Action("A1", serves, "Call", state=state, row_number=3)
    found = carried(key_results=rows, kpis=(a_kpi(),), actions=(action,), unfinished=unfinished, keep=["KR1"])
    assert [(row.id, row.row_number) for row in found.actions] == ([("A1", 3)] if goes_on else [])


def test_nothing_is_carried_over_unasked():
    assert carried(key_results=key_results(KR1="O1"), unfinished=False) == CarryOver()


def test_ids_that_nothing_has_are_named():
    planner = a_planner(key_results=key_results(KR1="O1"))
    assert names_nothing(planner, ["o1", "KR1", "KR2", "A1"]) == ("KR2", "A1")
