"""Scores of whole planners: each rule from a short table, and what holds for all planners."""

from __future__ import annotations

from datetime import date, timedelta
from math import isfinite

import pytest
from hypothesis import assume, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from okr_workbook.domain.kinds import KINDS
from okr_workbook.domain.planner import CheckIn, Member
from okr_workbook.domain.results import STATUSES
from okr_workbook.domain.scoring import score_planner, score_series
from tests.builders import (
    END,
    MIDDLE,
    START,
    a_check_in,
    a_key_result,
    a_kpi,
    a_measure,
    a_planner,
    a_team,
    an_objective,
    settings,
)

ELAPSED = (MIDDLE - START).days / (END - START).days  # 91 of 183 days


def row(number, **changes):
    return a_key_result(id=f"KR{number}", row_number=number, **changes)


def scores(*key_results, as_of=MIDDLE, **tables):
    return score_planner(a_planner(key_results=key_results, **tables), as_of)


def one(*, as_of=MIDDLE, check_ins=(), **changes):
    return scores(a_key_result(**changes), as_of=as_of, check_ins=check_ins).key_results[0]


def codes(found):
    return [(problem.code, problem.table, problem.row, problem.field) for problem in found.problems]


# --- the value of a key result ---


@pytest.mark.parametrize(
    ("changes", "check_ins", "value"),
    [
        ({}, (), None),
        ({"current": 30.0}, (), 30),
        ({"current": 0.0}, (), 0),
        ({"current": 30.0}, (a_check_in(MIDDLE, 40.0),), 40),
        ({"current": 30.0}, (a_check_in(MIDDLE + timedelta(1), 40.0),), 30),  # not yet
        ({"current": 40.0}, (a_check_in(MIDDLE + timedelta(1), 40.0),), None),  # it repeats what came later
        ({}, (a_check_in(START - timedelta(30), 5.0),), 5),
    ],
)
def test_value(changes, check_ins, value):
    assert one(check_ins=check_ins, **changes).value == value


def test_a_kpi_gives_the_value_and_nothing_else_does():
    measure = a_measure("mrr", {date(2026, 7, 1): 10.0, date(2026, 8, 1): 25.0})
    found = scores(
        a_key_result(kpi="MRR", current=99.0),
        kpis=(a_kpi(id="mrr", formula="mrr"),),
        measures=(measure,),
        check_ins=(a_check_in(MIDDLE, 80.0),),
    )
    assert (found.key_results[0].value, found.key_results[0].updated_on) == (25.0, date(2026, 8, 31))


@pytest.mark.parametrize(("target", "status", "stale"), [(100.0, "at_risk", True), (10.0, "done", False)])
def test_a_key_result_is_as_stale_as_its_kpi_unless_it_is_done(target, status, stale):
    measure = a_measure("mrr", {date(2026, 7, 1): 10.0})
    tables = {"kpis": (a_kpi(id="mrr", formula="mrr"),), "measures": (measure,)}
    found = scores(a_key_result(kpi="mrr", target=target), as_of=date(2026, 11, 30), **tables)
    assert found.kpis[0].quality == "stale"
    assert (found.key_results[0].status, found.key_results[0].stale) == (status, stale)


def test_a_kpi_that_is_not_there_is_a_fault_not_a_zero():
    found = scores(a_key_result(kpi="mrr", current=50.0), row(2, current=100.0))
    assert not found.key_results[0].usable
    assert found.key_results[0].score is None
    assert found.objectives[0].left_out == ("KR1",)
    assert found.company.score == 1.0
    assert codes(found) == [("unknown_reference", "key_results", "KR1", "kpi")]


@pytest.mark.parametrize(
    ("trials", "value", "left_out"),
    [
        ({date(2026, 8, 1): 50.0}, 0.2, ()),
        ({date(2026, 8, 1): 0.0}, 0.1, ("KR1",)),  # an error is no silence: July's value does not stand in for August's
        ({}, 0.1, ()),  # not counted yet: July's is the latest
    ],
)
def test_a_kpi_in_error_keeps_its_key_result_out(trials, value, left_out):
    july, august = date(2026, 7, 1), date(2026, 8, 1)
    found = scores(
        a_key_result(kpi="rate", target=1.0),
        row(2, current=80.0),
        kpis=(a_kpi(id="rate", formula="paid / trials"),),
        measures=(
            a_measure("paid", {july: 5.0, august: 10.0}),
            a_measure("trials", {july: 50.0, **trials}, row_number=2),
        ),
    )
    assert found.key_results[0].value == value
    assert found.objectives[0].left_out == left_out


def test_a_bound_counts_the_readings_of_its_own_period():
    readings = (
        a_check_in(START - timedelta(7), 0.0),  # before it began
        a_check_in(START, 2.0),
        a_check_in(MIDDLE, 0.5),
        a_check_in(MIDDLE, 1.0),  # the later row of the day
        a_check_in(END, 2.0),
        a_check_in(END + timedelta(7), 0.0),  # after it ended
    )
    found = one(kind="stay_above", lower=1.5, check_ins=readings, as_of=END + timedelta(30))
    assert found.score == pytest.approx(2 / 3)
    assert found.value == 0.0


def test_a_bound_without_a_reading_in_its_period_has_no_score():
    found = one(kind="stay_above", lower=1.5, check_ins=(a_check_in(START - timedelta(7), 2.0),))
    assert (found.value, found.score, found.status) == (2.0, None, "no_data")


# --- pace and status ---


@pytest.mark.parametrize(
    ("changes", "as_of", "status"),
    [
        ({"current": 50.0}, MIDDLE, "on_track"),
        ({"current": 30.0}, MIDDLE, "behind"),
        ({"current": 10.0}, MIDDLE, "at_risk"),
        ({"current": 100.0}, MIDDLE, "done"),
        ({}, MIDDLE, "no_data"),
        ({}, START - timedelta(1), "not_started"),
        ({"current": 100.0}, START - timedelta(1), "not_started"),
        ({"kind": "stay_above", "lower": 1.0, "current": 2.0}, END, "on_track"),
        ({"kind": "stay_above", "lower": 1.0, "current": 0.0}, END, "at_risk"),
        ({"kind": "milestone", "current": 0.0}, END - timedelta(1), "on_track"),
        ({"kind": "milestone", "current": 0.0}, END, "at_risk"),
        ({"kind": "milestone", "current": 1.0}, MIDDLE, "done"),
        ({"override": 0.5, "override_reason": "Agreed"}, MIDDLE, "on_track"),
    ],
)
def test_status(changes, as_of, status):
    assert one(as_of=as_of, **changes).status == status


def test_a_bound_kept_to_the_end_is_done_the_day_after():
    readings = (a_check_in(MIDDLE, 2.0),)
    assert one(kind="stay_above", lower=1.0, check_ins=readings, as_of=END).status == "on_track"
    assert one(kind="stay_above", lower=1.0, check_ins=readings, as_of=END + timedelta(1)).status == "done"


def test_expected_and_gap():
    found = one(current=30.0)
    assert found.expected == ELAPSED
    assert found.gap == pytest.approx(ELAPSED - 0.3)


def test_an_aspirational_objective_is_a_success_at_its_setting():
    objective = an_objective(commitment="aspirational")
    found = scores(a_key_result(current=70.0), objectives=(objective,))
    assert found.key_results[0].expected == pytest.approx(0.7 * ELAPSED)
    assert found.key_results[0].status == found.objectives[0].status == found.company.status == "done"


def test_dates_come_from_the_key_result_then_the_objective_then_the_period():
    objective = an_objective(start=date(2026, 8, 1), end=date(2026, 11, 9))
    plain, early = row(1), row(2, due=date(2026, 9, 20))
    found = scores(plain, early, objectives=(objective,)).key_results
    assert [result.expected for result in found] == [0.6, 1.0]  # 60 of 100 days; all of 50


def test_without_a_period_nothing_is_expected_and_the_score_stands():
    found = scores(a_key_result(current=50.0), settings=settings(period_end=None))
    result = found.key_results[0]
    assert (result.score, result.expected, result.gap, result.status) == (0.5, None, None, "no_data")
    assert (found.company.score, found.company.expected) == (0.5, None)


@pytest.mark.parametrize(("table", "field"), [("objective", "start"), ("objective", "end"), ("key_result", "due")])
def test_an_unreadable_date_is_not_that_of_the_period(table, field):
    unreadable = frozenset({field})
    objective = an_objective(unreadable=unreadable if table == "objective" else frozenset())
    key_result = a_key_result(current=50.0, unreadable=unreadable if table == "key_result" else frozenset())
    found = scores(key_result, objectives=(objective,))
    assert (found.key_results[0].score, found.key_results[0].expected) == (0.5, None)


def test_what_has_no_readable_due_date_is_left_out_of_score_and_pace_alike():
    rows = (
        a_key_result(id="KR1", current=50.0),
        a_key_result(id="KR2", current=0.0, unreadable=frozenset({"due"})),
        a_key_result(id="KR3", override=0.0, override_reason="x", unreadable=frozenset({"due"})),
    )
    (objective,) = scores(*rows).objectives
    assert (objective.score, objective.counted, objective.left_out) == (0.5, ("KR1",), ("KR2", "KR3"))


@pytest.mark.parametrize("field", ["start", "end"])
def test_an_objective_without_readable_dates_is_left_out_of_what_is_above(field):
    objectives = (
        an_objective(id="O1"),
        an_objective(id="O2", row_number=2, unreadable=frozenset({field})),
    )
    rows = (a_key_result(current=50.0), a_key_result(id="KR2", objective="O2", current=0.0, row_number=2))
    company = scores(*rows, objectives=objectives).company
    assert (company.score, company.counted) == (0.5, ("O1",))


@pytest.mark.parametrize(
    ("check_ins", "changes", "stale"),
    [
        ((a_check_in(MIDDLE - timedelta(14), 5.0),), {}, False),
        ((a_check_in(MIDDLE - timedelta(15), 5.0),), {}, True),
        ((a_check_in(MIDDLE - timedelta(15), 100.0),), {}, False),  # done
        ((), {}, True),
        ((), {"current": 5.0}, False),  # of unknown date: the next refresh dates it
    ],
)
def test_stale(check_ins, changes, stale):
    assert one(check_ins=check_ins, **changes).stale is stale


# --- scores given by hand ---


def test_a_score_given_by_hand_wins_and_is_marked_and_progress_stays():
    found = one(current=50.0, override=0.9, override_reason="Contract signed, paid in January")
    assert (found.score, found.progress, found.overridden, found.grade) == (0.9, 0.5, True, "green")


def test_a_score_given_by_hand_stands_in_for_numbers_that_are_not_there():
    found = scores(a_key_result(kind="", target=None, override=0.6, override_reason="No numbers yet"))
    assert found.key_results[0].usable
    assert found.company.score == 0.6
    assert found.company.expected == ELAPSED


def test_a_bound_without_its_number_that_is_scored_by_hand_is_still_a_bound_to_keep():
    by_hand = {"kind": "stay_above", "target": None, "override": 1.0, "override_reason": "Counted by hand"}
    found = one(**by_hand)
    assert (found.expected, found.status) == (1.0, "on_track")
    assert one(as_of=END + timedelta(1), **by_hand).status == "done"
    assert one(as_of=START - timedelta(1), **by_hand).expected == 0.0


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"override": 0.9}, "override_without_reason", "override_reason"),
        ({"override": 0.9, "override_reason": "  "}, "override_without_reason", "override_reason"),
        ({"override": 1.5, "override_reason": "Great"}, "override_out_of_range", "override"),
        ({"override": -0.1, "override_reason": "Poor"}, "override_out_of_range", "override"),
    ],
)
def test_a_faulty_score_given_by_hand_does_not_count(changes, code, field):
    found = scores(a_key_result(current=50.0, **changes))
    assert found.key_results[0].score == 0.5
    assert codes(found) == [(code, "key_results", "KR1", field)]


# --- faults ---


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"target": 0.0}, "start_is_target", "target"),
        ({"target": -5.0}, "target_wrong_side", "target"),
        ({"target": None}, "number_missing", "target"),
        ({"kind": ""}, "kind_missing", "kind"),
        ({"weight": -1.0}, "weight_negative", "weight"),
        ({"kind": "milestone", "current": 80.0}, "value_not_admitted", "current"),
        ({"start": 0.0, "target": 1e-300, "current": 1e300}, "number_too_large", "target"),
    ],
)
def test_a_fault_keeps_a_row_out_and_the_objective_says_so(changes, code, field):
    found = scores(a_key_result(**{"current": 50.0, **changes}), row(2, current=80.0))
    assert codes(found) == [(code, "key_results", "KR1", field)]
    assert not found.key_results[0].usable
    assert found.objectives[0].left_out == ("KR1",)
    assert found.objectives[0].counted == ("KR2",)
    assert found.company.score == 0.8


@pytest.mark.parametrize(
    ("formula", "left_out", "score"),
    [
        ("mrr * 2 +", ("KR1",), 0.8),
        ("no_such_measure", ("KR1",), 0.8),
        ("broken * 2", ("KR1",), 0.8),  # itself
        ("1 / (mrr - mrr)", ("KR1",), 0.8),
        ("", (), 0.4),  # nobody has said yet how: silence
        ("blank_so_far", (), 0.4),
    ],
)
def test_a_kpi_that_cannot_be_computed_keeps_its_key_result_out(formula, left_out, score):
    found = scores(
        a_key_result(kpi="broken"),
        row(2, current=80.0),
        kpis=(a_kpi(id="broken", formula=formula),),
        measures=(a_measure("mrr", {START: 50.0}), a_measure("blank_so_far", {})),
    )
    assert (found.objectives[0].left_out, found.company.score) == (left_out, score)


@pytest.mark.parametrize("field", ["target", "current", "weight", "kind", "override", "start"])
def test_an_unreadable_cell_is_not_a_blank_one(field):
    broken = a_key_result(**{"current": 50.0, field: "" if field == "kind" else None}, unreadable=frozenset({field}))
    found = scores(broken, row(2, current=80.0))
    assert found.objectives[0].left_out == ("KR1",)
    assert found.company.score == 0.8
    assert codes(found) == []  # whoever read the cell has reported it


@pytest.mark.parametrize(
    ("changes", "field", "score"),
    [
        ({"kind": "increase"}, "confidence", 0.5),
        ({"kind": "increase"}, "stretch", 0.5),
        ({"kind": "increase"}, "lower", 0.5),
        ({"kind": "milestone", "start": None, "target": None, "current": 1.0}, "target", 1.0),
        ({"kind": "milestone", "start": None, "target": None, "current": 1.0}, "start", 1.0),
        ({"kind": "stay_above", "start": None, "target": None, "lower": 40.0}, "stretch", 1.0),
        ({"kind": "stay_above", "start": None, "target": None, "lower": 40.0}, "upper", 1.0),
        ({"kind": "stay_between", "lower": 40.0}, "upper", None),
        ({"kind": "stages", "commit": 40.0, "stretch": 120.0, "target": 80.0}, "commit", None),
        ({"kind": "", "override": 0.9, "override_reason": "Agreed"}, "kind", 0.9),
        ({"override": 0.9, "override_reason": "Agreed"}, "current", 0.9),
    ],
)
def test_what_the_kind_does_not_need_may_be_unreadable(changes, field, score):
    row = a_key_result(**{"current": 50.0, **changes})
    if field in ("commit", "upper", "current"):
        row = row._replace(**{field: None})
    assert scores(row._replace(unreadable=frozenset({field}))).key_results[0].score == score


@pytest.mark.parametrize(
    ("check_ins", "score"),
    [((), None), ((a_check_in(START, 40.0),), 0.4), ((a_check_in(MIDDLE + timedelta(1), 40.0),), None)],
)
def test_an_unreadable_current_counts_where_no_check_in_does(check_ins, score):
    row = a_key_result(unreadable=frozenset({"current"}))
    found = scores(row, check_ins=check_ins)
    assert found.key_results[0].score == score
    assert found.objectives[0].left_out == (("KR1",) if score is None else ())
    (point,) = score_series(a_planner(key_results=(row,), check_ins=check_ins), [MIDDLE])
    assert point.company.score == score


def test_a_current_that_cannot_be_is_reported_and_counts_where_no_check_in_does():
    row = a_key_result(kind="milestone", start=None, target=None, current=80.0)
    for check_ins, score in (((), None), ((a_check_in(START, 0.4),), 0.4)):
        found = scores(row, check_ins=check_ins)
        assert found.key_results[0].score == score
        assert codes(found) == [("value_not_admitted", "key_results", "KR1", "current")]


def test_an_unreadable_current_beside_a_kpi_harms_nobody():
    measure = a_measure("mrr", {START: 25.0})
    row = a_key_result(kpi="mrr", unreadable=frozenset({"current"}))
    assert scores(row, kpis=(a_kpi(id="mrr", formula="mrr"),), measures=(measure,)).key_results[0].score == 0.25


@pytest.mark.parametrize("field", ["formula", "frequency"])
def test_a_kpi_that_cannot_be_read_is_no_silence(field):
    kpi = a_kpi(id="mrr", **{"formula": "mrr", field: ""}, unreadable=frozenset({field}))
    found = scores(
        a_key_result(kpi="mrr"),
        row(2, current=80.0),
        kpis=(kpi,),
        measures=(a_measure("mrr", {START: 25.0}),),
    )
    assert found.objectives[0].left_out == ("KR1",)
    assert found.company.score == 0.8


def test_an_unreadable_latest_check_in_leaves_the_row_out():
    check_ins = (
        a_check_in(START, 50.0),
        a_check_in(MIDDLE, None, unreadable=frozenset({"value"}), row_number=2),
    )
    found = scores(a_key_result(), check_ins=check_ins)
    assert found.key_results[0].score is None
    assert found.objectives[0].left_out == ("KR1",)
    assert scores(a_key_result(), check_ins=check_ins, as_of=MIDDLE - timedelta(1)).company.score == 0.5


def test_a_milestone_value_that_cannot_be_is_reported_at_its_check_in():
    found = scores(a_key_result(kind="milestone"), check_ins=(a_check_in(MIDDLE, 80.0, row_number=7),))
    (problem,) = found.problems
    assert (problem.code, problem.table, problem.row_number, problem.field) == (
        "value_not_admitted", "check_ins", 7, "value",
    )  # fmt: skip
    assert found.key_results[0].score is None


def test_a_repeated_id_keeps_its_result_and_is_not_counted_twice():
    found = scores(a_key_result(current=50.0), a_key_result(id=" kr1", current=100.0, row_number=2))
    assert [result.score for result in found.key_results] == [0.5, None]
    assert found.company.score == 0.5


def test_an_objective_of_a_repeated_id_is_not_counted():
    objectives = (an_objective(), an_objective(id="o1", row_number=2))
    found = scores(a_key_result(current=50.0), objectives=objectives)
    assert found.company.counted == ("O1",)
    assert found.company.score == 0.5


def test_rows_without_an_id_are_scored_by_their_place():
    found = scores(a_key_result(id="", current=50.0, row_number=4))
    assert found.objectives[0].counted == ("4",)
    assert found.company.score == 0.5


# --- roll-up ---


@pytest.mark.parametrize(
    ("weights", "score"),
    [((None, None), 0.5), ((1.0, 3.0), 0.65), ((0.0, 5.0), 0.8), ((2.0, None), 0.4), ((-1.0, 1.0), 0.8)],
)
def test_weights(weights, score):
    first, second = weights
    assert scores(
        row(1, current=20.0, weight=first), row(2, current=80.0, weight=second)
    ).company.score == pytest.approx(score)


def test_all_weights_zero_is_a_problem_and_no_score():
    found = scores(row(1, current=20.0, weight=0.0), row(2, current=80.0, weight=0.0))
    assert found.objectives[0].score is None
    assert found.company.score is None
    assert codes(found) == [("weights_all_zero", "objectives", "O1", "")]


@pytest.mark.parametrize(("rule", "score", "counted"), [("zero", 0.4, ("KR1", "KR2")), ("left_out", 0.8, ("KR1",))])
def test_what_is_missing_counts_as_the_setting_says(rule, score, counted):
    found = scores(row(1, current=80.0), row(2), settings=settings(missing_counts_as=rule))
    assert found.company.score == score
    assert found.objectives[0].counted == counted
    assert found.key_results[1].score is None


def test_where_nothing_has_a_value_there_is_no_data():
    found = scores(row(1), row(2))
    assert (found.objectives[0].score, found.objectives[0].status) == (0.0, "no_data")
    assert (found.company.score, found.company.status) == (0.0, "no_data")
    assert scores(row(1), settings=settings(missing_counts_as="left_out")).company.score is None


PARENT, CHILD = an_objective(), an_objective(id="O2", level="team", team="Marketing", parent="o1 ", row_number=2)


@pytest.mark.parametrize(
    ("rule", "own", "score"),
    [
        ("auto", True, 0.2),
        ("auto", False, 0.8),
        ("key_results", True, 0.2),
        ("key_results", False, None),
        ("with_children", True, 0.5),
        ("with_children", False, 0.8),
    ],
)
def test_roll_up_rules(rule, own, score):
    key_results = (row(1, current=20.0),) * own + (row(2, objective="O2", current=80.0),)
    found = scores(*key_results, objectives=(PARENT, CHILD), settings=settings(roll_up=rule))
    assert found.objectives[0].score == score


def test_a_child_that_a_fault_spoils_is_left_out_of_its_parent():
    key_results = (row(1, objective="O2", target=None), row(2, objective="O3", current=60.0))
    objectives = (PARENT, CHILD, CHILD._replace(id="O3", row_number=3))
    found = scores(*key_results, objectives=objectives)
    assert found.objectives[0].left_out == ("O2",)
    assert found.objectives[0].score == 0.6


def test_an_objective_without_anything_counts_as_missing():
    objectives = (PARENT, CHILD, CHILD._replace(id="O3", row_number=3))
    found = scores(row(1, objective="O3", current=60.0), objectives=objectives)
    assert found.objectives[1].score is None
    assert found.objectives[0].score == 0.3


def test_a_cycle_names_every_member_and_the_rest_is_scored():
    objectives = tuple(
        an_objective(id=f"O{number}", parent=parent, row_number=number)
        for number, parent in ((1, "O3"), (2, "O1"), (3, "O2"), (4, "O2"))
    )
    found = scores(row(1, objective="O4", current=40.0), row(2, objective="O3", current=60.0), objectives=objectives)
    (problem,) = found.problems
    assert (problem.code, problem.row, problem.field) == ("parent_cycle", "O1", "parent")
    assert problem.details == {"members": "O1 → O3 → O2 → O1"}
    assert [result.score for result in found.objectives] == [None, 0.4, 0.6, 0.4]
    assert [result.left_out for result in found.objectives] == [("O2",), ("O3",), (), ()]


def test_objectives_of_teams_members_and_the_company():
    objectives = (
        an_objective(id="O1"),
        an_objective(id="O2", level="team", team=" marketing", row_number=2),
        an_objective(id="O3", level="team", team="Marketing", weight=3.0, row_number=3),
        an_objective(id="O4", level="member", team="Marketing", owner="Léa", row_number=4),
        an_objective(id="O5", level="team", team="Sales", row_number=5),
    )
    found = scores(
        *(row(number, objective=f"O{number}", current=20.0 * number) for number in range(1, 6)),
        objectives=objectives,
        teams=(a_team(), a_team(team="Support", row_number=2)),
        members=(Member("Léa", "Marketing", row_number=1), Member("Tom", row_number=2)),
    )
    assert (found.company.score, found.company.counted) == (0.2, ("O1",))
    assert [team.score for team in found.teams] == [pytest.approx(0.55), None]
    assert found.teams[1].status == "no_data"
    assert [member.score for member in found.members] == [0.8, None]


def test_without_company_objectives_those_without_a_parent_make_the_company():
    objectives = (
        an_objective(level="team", team="Sales"),
        an_objective(id="O2", level="team", team="Sales", parent="O1", row_number=2),
        an_objective(id="O3", level="team", team="Sales", parent="nowhere", row_number=3),
    )
    found = scores(row(1, current=20.0), row(2, objective="O2", current=100.0), row(3, objective="O3", current=40.0), objectives=objectives)  # fmt: skip
    assert found.company.counted == ("O1", "O3")
    assert found.company.score == pytest.approx(0.3)


@pytest.mark.parametrize(("rule", "status"), [("pace", "on_track"), ("worst", "at_risk")])
def test_status_rule(rule, status):
    found = scores(row(1, current=90.0), row(2, current=10.0), settings=settings(status_rule=rule))
    assert found.objectives[0].status == found.company.status == status


def test_an_objective_that_starts_later_has_not_started_whatever_it_rolls_up():
    later = PARENT._replace(start=MIDDLE + timedelta(1))
    found = scores(
        row(1, objective="O2", current=10.0), objectives=(later, CHILD), settings=settings(status_rule="worst")
    )
    assert [one.status for one in found.objectives] == ["not_started", "at_risk"]


def test_an_objective_with_a_bound_to_keep_is_not_done_before_the_end():
    key_results = (row(1, current=100.0), row(2, kind="stay_above", lower=1.0))
    check_ins = (a_check_in(MIDDLE, 2.0, key_result="KR2"),)
    assert scores(*key_results, check_ins=check_ins).objectives[0].status == "on_track"
    assert scores(*key_results, check_ins=check_ins, as_of=END + timedelta(1)).objectives[0].status == "done"


def test_an_objective_that_starts_later_has_not_started():
    later = an_objective(id="O2", start=date(2026, 10, 1), row_number=2)
    found = scores(row(1, current=100.0), row(2, objective="O2"), objectives=(an_objective(), later))
    assert found.objectives[1].status == "not_started"
    assert found.company.score == 0.5  # it counts as missing, and
    assert found.company.expected == ELAPSED / 2  # nothing is expected of it yet


@pytest.mark.parametrize(("rule", "silent"), [("zero", 0.0), ("left_out", None)])
def test_what_has_not_started_counts_with_what_it_scores_already(rule, silent):
    later = CHILD._replace(start=MIDDLE + timedelta(1))
    for value, score in ((50.0, 0.5), (None, silent)):
        found = scores(
            row(1, objective="O2", current=value), objectives=(PARENT, later), settings=settings(missing_counts_as=rule)
        )
        assert [result.score for result in found.objectives] == [score, score]
        assert found.company.score == score
        assert found.objectives[1].status == "not_started"
        assert found.objectives[0].expected in (0.0, None)  # nothing is expected yet
        assert found.objectives[0].status in ("on_track", "no_data")


# --- backwards: what it takes to reach 0.7 ---

DONE_OR_NOT = {"kind": "milestone", "start": None, "target": None, "unit": ""}


@pytest.mark.parametrize(
    ("key_results", "needed"),
    [
        ((row(1, current=50.0), row(2, current=60.0)), (("KR1", pytest.approx(80)), ("KR2", pytest.approx(90)))),
        ((row(1, current=50.0), row(2)), (("KR2", pytest.approx(90)),)),  # the first alone cannot
        ((row(1, current=30.0), row(2, current=40.0)), (("KR1", pytest.approx(100)),)),  # its target, and no more
        ((row(1, current=50.0), row(2, current=50.0, weight=9.0)), (("KR2", pytest.approx(72.2222, abs=1e-4)),)),
        ((row(1, current=90.0), row(2, current=50.0)), ()),  # there already
        ((row(1, current=10.0), row(2, current=10.0)), ()),  # no single one can
        ((row(1, kind="decrease", start=420.0, target=320.0, current=400.0),), (("KR1", pytest.approx(350.0)),)),
        ((row(1, kind="stay_above", lower=1.0, current=0.5), row(2, current=50.0)), ()),
        ((row(1, override=0.5, override_reason="So"), row(2, current=80.0)), (("KR2", pytest.approx(90.0)),)),
        ((row(1, **DONE_OR_NOT, current=0.0), row(2, current=70.0)), (("KR1", 1.0),)),  # 0.7 is no value it can have
        ((row(1, **DONE_OR_NOT), row(2, current=30.0)), ()),
        (
            (row(1, **DONE_OR_NOT, current=0.4), row(2, current=70.0)),
            (("KR1", pytest.approx(0.7)), ("KR2", pytest.approx(100))),
        ),
        ((row(1, **{**DONE_OR_NOT, "unit": "%"}), row(2, current=70.0)), (("KR1", pytest.approx(0.7)),)),
    ],
)
def test_what_a_key_result_must_reach_for_its_objective_to_hit_0_7(key_results, needed):
    assert scores(*key_results).objectives[0].needed_for_success == needed


def test_what_does_not_count_yet_is_not_asked_to_reach_anything():
    found = scores(row(1, current=50.0), row(2), settings=settings(missing_counts_as="left_out")).objectives[0]
    assert found.needed_for_success == found.needed_together == (("KR1", pytest.approx(70)),)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 5)), min_size=1, max_size=5))
def test_reaching_what_is_needed_brings_the_objective_to_0_7(parts):
    key_results = [row(number, current=value, weight=weight) for number, (value, weight) in enumerate(parts, 1)]
    for name, value in scores(*key_results).objectives[0].needed_for_success:
        won = [one._replace(current=value) if one.id == name else one for one in key_results]
        assert scores(*won).objectives[0].score == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("key_results", "needed"),
    [
        ((row(1, current=50.0), row(2, current=60.0)), (("KR1", 200 / 3), ("KR2", 220 / 3))),
        ((row(1, current=10.0), row(2)), (("KR1", 100 * (0.1 + 0.9 * 13 / 19)), ("KR2", 100 * 13 / 19))),
        ((row(1, current=50.0), row(2, kind="stay_above", lower=1.0, current=0.5)), ()),  # half of it is lost
        ((row(1, current=100.0), row(2, current=40.0)), ()),  # 0.7 already
        ((row(1, current=100.0), row(2, current=30.0)), (("KR2", 40.0),)),
        ((row(1, **DONE_OR_NOT, current=0.0), row(2, current=70.0)), ()),  # even all of the second would not do
        ((row(1, **DONE_OR_NOT, current=0.0), row(2, current=40.0, weight=4.0)), (("KR2", 87.5),)),
        ((row(1, **DONE_OR_NOT, current=0.2), row(2, current=60.0)), (("KR1", 0.6), ("KR2", 80.0))),
    ],
)
def test_what_key_results_must_reach_together(key_results, needed):
    found = scores(*key_results).objectives[0].needed_together
    assert [name for name, _ in found] == [name for name, _ in needed]
    assert [value for _, value in found] == pytest.approx([value for _, value in needed])


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 5)), min_size=1, max_size=5))
def test_reaching_together_what_is_needed_brings_the_objective_to_0_7(parts):
    key_results = [row(number, current=value, weight=weight) for number, (value, weight) in enumerate(parts, 1)]
    needed = dict(scores(*key_results).objectives[0].needed_together)
    if needed:
        won = [one._replace(current=needed.get(one.id, one.current)) for one in key_results]
        assert scores(*won).objectives[0].score == pytest.approx(0.7)


# --- forecasts roll up ---


def test_forecasts_roll_up_to_the_objective_and_the_company():
    days = [START + timedelta(days=7 * week) for week in range(14)]
    check_ins = [
        a_check_in(day, 1.0 * (day - START).days / 183 * 80, row_number=place) for place, day in enumerate(days, 1)
    ]
    found = scores(row(1), row(2, current=100.0), check_ins=check_ins)
    assert found.key_results[0].forecast[:3] == ("line", pytest.approx(80), pytest.approx(0.8))
    assert found.objectives[0].forecast == found.company.forecast == pytest.approx(0.9)


# --- what holds for all planners ---

values = st.one_of(st.floats(-1e12, 1e12), st.floats(allow_nan=False, allow_infinity=False))
maybe = st.one_of(st.none(), values)
days = st.dates(START - timedelta(30), END + timedelta(30))
weights = st.one_of(st.none(), st.floats(0.001, 100), st.sampled_from([0.0, -1.0, 1e308]))


@st.composite
def planners(draw):
    count = draw(st.integers(1, 4))
    objectives = [
        an_objective(
            id=f"O{number}",
            level=draw(st.sampled_from(["company", "team", "member", ""])),
            team=draw(st.sampled_from(["Marketing", ""])),
            parent=draw(st.sampled_from(["", "O1", "O2", "nowhere"])),
            commitment=draw(st.sampled_from(["", "aspirational"])),
            weight=draw(weights),
            row_number=number,
        )
        for number in range(1, count + 1)
    ]
    key_results = [
        row(
            number,
            objective=draw(st.sampled_from(["O1", "O2", "O3", ""])),
            kind=draw(st.sampled_from([*KINDS, ""])),
            start=draw(maybe), target=draw(maybe), lower=draw(maybe), upper=draw(maybe), commit=draw(maybe), stretch=draw(maybe),
            current=draw(maybe), weight=draw(weights), due=draw(st.one_of(st.none(), days)),
            override=draw(st.one_of(st.none(), st.floats(-0.5, 1.5))), override_reason=draw(st.sampled_from(["", "Why"])),
            unreadable=draw(st.sampled_from([frozenset(), frozenset({"target"}), frozenset({"weight"})])),
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]  # fmt: skip
    check_ins = [
        CheckIn(day, name, value, row_number=place, unreadable=frozenset({"value"} if value is None and broken else ()))
        for place, (day, name, value, broken) in enumerate(
            draw(st.lists(st.tuples(days, st.sampled_from(["KR1", "KR2", "KR9"]), maybe, st.booleans()), max_size=10)),
            1,
        )
    ]
    rules = settings(
        missing_counts_as=draw(st.sampled_from(["zero", "left_out"])),
        roll_up=draw(st.sampled_from(["auto", "key_results", "with_children"])),
        status_rule=draw(st.sampled_from(["pace", "worst"])),
    )
    return a_planner(
        settings=rules, objectives=objectives, key_results=key_results, check_ins=check_ins, teams=(a_team(),)
    )


def all_results(found):
    return (found.company, *found.teams, *found.members, *found.objectives, *found.key_results)


@given(planners(), days)
def test_every_share_is_within_0_and_1_and_every_number_finite(planner, as_of):
    found = score_planner(planner, as_of)
    for result in all_results(found):
        assert result.status in STATUSES
        for share in (result.score, result.expected):
            assert share is None or 0 <= share <= 1
    for result in found.key_results:
        numbers = (result.value, result.progress, result.gap, result.needed_per_week, *result.forecast[1:])
        assert all(number is None or isfinite(number) for number in numbers)
        if result.value is None and not result.overridden:
            assert result.score is None
    for result in found.objectives:
        assert all(isfinite(value) for _, value in (*result.needed_for_success, *result.needed_together))
    assert len(found.key_results) == len(planner.key_results)
    assert len(found.objectives) == len(planner.objectives)
    assert len(set(map(str, found.problems))) == len(found.problems)


@given(planners(), days, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_score(planner, as_of, random):
    def shuffled(rows):
        return tuple(random.sample(rows, len(rows)))

    moved = planner._replace(objectives=shuffled(planner.objectives), key_results=shuffled(planner.key_results))
    one_way, other = score_planner(planner, as_of), score_planner(moved, as_of)
    assert one_way.company[:5] == other.company[:5]
    assert {result.id: result for result in one_way.key_results} == {result.id: result for result in other.key_results}
    assert {result.id: result[:7] for result in one_way.objectives} == {
        result.id: result[:7] for result in other.objectives
    }


@given(planners(), days, st.floats(0.01, 100))
def test_scaling_all_weights_changes_no_score(planner, as_of, factor):
    assume(all((one.weight or 0) < 1e300 for one in (*planner.objectives, *planner.key_results)))

    def scaled(one):
        return one._replace(weight=(1.0 if one.weight is None else one.weight) * factor)

    moved = planner._replace(
        objectives=tuple(map(scaled, planner.objectives)), key_results=tuple(map(scaled, planner.key_results))
    )
    one_way, other = score_planner(planner, as_of), score_planner(moved, as_of)
    assert [result.score for result in one_way.objectives] == pytest.approx(
        [result.score for result in other.objectives]
    )
    assert one_way.company.score == pytest.approx(other.company.score)


@given(planners(), days)
def test_what_is_dated_later_does_not_exist(planner, as_of):
    """Any past day can be rebuilt: later check-ins change nothing (`current`, which has no date, put aside)."""
    planner = planner._replace(key_results=tuple(one._replace(current=None) for one in planner.key_results))
    known = tuple(check_in for check_in in planner.check_ins if check_in.date <= as_of)
    assert score_planner(planner, as_of) == score_planner(planner._replace(check_ins=known), as_of)


# --- the burn-up ---


@profile(max_examples=60)
@given(planners(), st.lists(days, min_size=1, max_size=6))
def test_the_burn_up_is_the_score_of_each_day(planner, dates):
    for point in score_series(planner, dates):
        found = score_planner(planner, point.as_of)
        assert point.company == (found.company.score, found.company.expected)
        assert point.teams == tuple((team.score, team.expected) for team in found.teams)


def test_the_burn_up_takes_a_kpi_from_the_last_day_of_its_period_on():
    months = {date(2026, month, 1): 10.0 * month for month in (7, 8, 9)}
    planner = a_planner(
        key_results=(a_key_result(kpi="mrr"),),
        kpis=(a_kpi(id="mrr", formula="mrr"),),
        measures=(a_measure("mrr", months),),
    )
    ends = [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]
    points = score_series(planner, [*ends, date(2026, 8, 15)])
    assert [point.company.score for point in points] == [0.7, 0.8, 0.9, 0.7]
    assert [score_planner(planner, end).company.score for end in ends] == [0.7, 0.8, 0.9]


def test_the_burn_up_leaves_out_what_could_not_be_read():
    broken = a_check_in(MIDDLE, None, unreadable=frozenset({"value"}), row_number=2)
    planner = a_planner(key_results=(row(1), row(2, current=80.0)), check_ins=(a_check_in(START, 50.0), broken))
    assert [point.company.score for point in score_series(planner, [MIDDLE - timedelta(1), MIDDLE])] == [0.65, 0.8]


def test_the_burn_up_keeps_the_order_of_its_days():
    planner = a_planner(key_results=(a_key_result(),), check_ins=(a_check_in(MIDDLE, 50.0),))
    points = score_series(planner, [END, START, END])
    assert [point.as_of for point in points] == [END, START, END]
    assert [point.company.score for point in points] == [0.5, 0.0, 0.5]
    assert score_series(planner, []) == ()


def test_the_burn_up_is_known_from_the_first_value_that_the_company_rests_on():
    team = an_objective(id="O2", level="team", team="HR", row_number=2)
    planner = a_planner(
        objectives=(an_objective(), team),
        key_results=(row(1), row(2, objective="O2")),
        check_ins=(a_check_in(START, 5.0, key_result="KR2"), a_check_in(MIDDLE, 0.0)),
    )
    points = score_series(planner, [START, MIDDLE - timedelta(1), MIDDLE, END])
    assert [point.known for point in points] == [False, False, True, True]
    assert [point.company.score for point in points] == [0.0] * 4
