"""Kinds of key result: what they need, how far a value has come, what it scores."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.kinds import KINDS, at_least, scale_of
from okr_workbook.tables.schema import table
from tests.builders import a_key_result


def scale(kind, **numbers):
    found, faults = scale_of(a_key_result(**{"kind": kind, "start": None, "target": None, **numbers}))
    assert not faults
    return found


def test_the_kinds_a_planner_offers_are_the_classes_in_their_order():
    names = ("increase", "decrease", "stay_above", "stay_below", "stay_between", "milestone", "stages")
    assert tuple(KINDS) == table("key_results").field("kind").choices == names


UP, DOWN = {"start": 50_000.0, "target": 60_000.0}, {"start": 420.0, "target": 320.0}
STAGES = {"start": 0.0, "commit": 4.0, "target": 6.0, "stretch": 8.0}
FALLING = {"start": 100.0, "commit": 80.0, "target": 60.0, "stretch": 50.0}


@pytest.mark.parametrize(
    ("kind", "numbers", "value", "progress", "score"),
    [
        ("increase", UP, 58_000, 0.8, 0.8),
        ("increase", UP, 47_500, -0.25, 0),  # below its start: shown, scored 0
        ("increase", UP, 65_000, 1.5, 1),  # beyond its target: shown, scored 1
        ("increase", UP, 50_000, 0, 0),
        ("increase", {"start": -10.0, "target": 10.0}, 0, 0.5, 0.5),
        ("decrease", DOWN, 385, 0.35, 0.35),
        ("decrease", DOWN, 300, 1.2, 1),
        ("decrease", DOWN, 430, -0.1, 0),
        ("stages", STAGES, 0, 0, 0),
        ("stages", STAGES, 2, 1 / 3, 0.15),
        ("stages", STAGES, 4, 2 / 3, 0.3),
        ("stages", STAGES, 5, 5 / 6, 0.5),
        ("stages", STAGES, 6, 1, 0.7),
        ("stages", STAGES, 7, 7 / 6, 0.85),
        ("stages", STAGES, 8, 8 / 6, 1),
        ("stages", STAGES, 12, 2, 1),
        ("stages", STAGES, -3, -0.5, 0),
        ("stages", FALLING, 90, 0.25, 0.15),
        ("stages", FALLING, 60, 1, 0.7),
        ("stages", FALLING, 55, 1.125, 0.85),
        ("stages", FALLING, 40, 1.5, 1),
        ("stages", FALLING, 120, -0.5, 0),
        ("milestone", {}, 0, 0, 0),
        ("milestone", {}, 0.4, 0.4, 0.4),
        ("milestone", {}, 1, 1, 1),
    ],
)
def test_progress_and_score_of_the_latest_value(kind, numbers, value, progress, score):
    found = scale(kind, **numbers)
    assert found.progress((value,)) == pytest.approx(progress)
    assert found.score((999.0, value)) == pytest.approx(score)


@pytest.mark.parametrize(
    ("kind", "numbers", "values", "score"),
    [
        ("stay_above", {"lower": 1.0}, (1.0,), 1),  # equal to the bound is kept
        ("stay_above", {"lower": 1.0}, (0.99,), 0),
        ("stay_above", {"lower": 0.3}, (0.1 + 0.2, 0.3), 1),
        ("stay_above", {"lower": 0.30000000000000004}, (0.3,), 1),  # last binary digits do not break a bound
        ("stay_above", {"lower": 1.0}, (1.1, 0.9, 1.2, 1.0), 0.75),
        ("stay_below", {"upper": 5.0}, (5.0, 6.0), 0.5),
        ("stay_below", {"upper": 5.0}, (5.0001,), 0),
        ("stay_between", {"lower": 2.0, "upper": 4.0}, (2.0, 3.0, 4.0, 4.1), 0.75),
        ("stay_between", {"lower": 3.0, "upper": 3.0}, (3.0,), 1),
    ],
)
def test_a_bound_scores_the_share_of_readings_that_keep_it(kind, numbers, values, score):
    found = scale(kind, **numbers)
    assert found.keeps_bound
    assert found.progress(values) == found.score(values) == score


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"kind": ""}, [("kind_missing", "kind")]),
        ({"kind": "upwards"}, [("kind_missing", "kind")]),
        ({"start": None}, [("number_missing", "start")]),
        ({"start": None, "target": None}, [("number_missing", "start"), ("number_missing", "target")]),
        ({"start": 5.0, "target": 5.0}, [("start_is_target", "target")]),
        ({"start": 5.0, "target": 4.0}, [("target_wrong_side", "target")]),
        ({"kind": "decrease", "start": 4.0, "target": 5.0}, [("target_wrong_side", "target")]),
        ({"start": -1.7e308, "target": 1.7e308}, [("number_too_large", "target")]),
        ({"target": inf}, [("number_missing", "target")]),
        ({"kind": "stay_above"}, [("number_missing", "lower")]),
        ({"kind": "stay_below"}, [("number_missing", "upper")]),
        ({"kind": "stay_between", "lower": 1.0}, [("number_missing", "upper")]),
        ({"kind": "stay_between", "lower": 2.0, "upper": 1.0}, [("bounds_reversed", "upper")]),
        ({"kind": "stages", "commit": 50.0}, [("number_missing", "stretch")]),
        ({"kind": "stages", "commit": 50.0, "stretch": 90.0}, [("stages_out_of_order", "stretch")]),
        ({"kind": "stages", "commit": 0.0, "stretch": 120.0}, [("stages_out_of_order", "commit")]),
        ({"kind": "stages", "commit": 100.0, "stretch": 120.0}, [("stages_out_of_order", "target")]),
        ({"kind": "milestone"}, []),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(changes, faults):
    found, said = scale_of(a_key_result(**changes))
    assert [(fault.code, fault.field) for fault in said] == faults
    assert (found is None) is bool(faults)


def test_an_unreadable_number_is_not_reported_as_missing():
    assert scale_of(a_key_result(target=None, unreadable=frozenset({"target"}))) == (None, ())
    assert scale_of(a_key_result(kind="", unreadable=frozenset({"kind"}))) == (None, ())


@pytest.mark.parametrize(("value", "admitted"), [(0, True), (1, True), (0.5, True), (80, False), (-0.1, False)])
def test_a_milestone_admits_shares_only(value, admitted):
    assert KINDS["milestone"].admits(value) is admitted


@pytest.mark.parametrize(
    ("unit", "values", "expected"),
    [
        ("", (), 0.0),  # done or not: nothing is expected before the due date
        ("", (0.0, 0.0), 0.0),
        ("", (0.0, 0.3), 0.4),  # a reading in between: percent done
        ("% done", (), 0.4),
    ],
)
def test_percent_done_is_expected_to_grow_and_done_or_not_is_not(unit, values, expected):
    milestone = scale("milestone", unit=unit)
    assert milestone.expected_share(0.4, values) == expected
    assert milestone.expected_share(1.0, values) == 1.0


@pytest.mark.parametrize(
    ("kind", "numbers", "score", "value"),
    [
        ("increase", UP, 0.7, 57_000),
        ("decrease", DOWN, 0.7, 350),
        ("milestone", {}, 0.7, 0.7),
        ("stages", STAGES, 0.15, 2),
        ("stages", STAGES, 0.5, 5),
        ("stages", STAGES, 1.0, 8),
        ("stages", FALLING, 0.85, 55),
        ("stay_above", {"lower": 1.0}, 0.7, None),
    ],
)
def test_the_value_that_scores_so_much(kind, numbers, score, value):
    found = scale(kind, **numbers).value_scoring(score)
    assert found is None if value is None else found == pytest.approx(value)


numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 3))


@given(st.lists(numbers, min_size=2, max_size=2, unique=True), st.lists(numbers, min_size=1, max_size=5))
def test_linear_scores_stay_within_0_and_1_and_the_target_scores_1(ends, values):
    low, high = sorted(ends)
    for kind, start, target in (("increase", low, high), ("decrease", high, low)):
        found = scale(kind, start=start, target=target)
        assert 0 <= found.score(values) <= 1
        assert found.score((start,)) == 0
        assert found.score((target,)) == 1
        assert found.reached(target)


@given(st.lists(numbers, min_size=4, max_size=4, unique=True), st.lists(numbers, min_size=2, max_size=2), st.booleans())
def test_stages_never_fall_when_the_value_gets_better(ends, values, falling):
    start, commit, target, stretch = sorted(ends, reverse=falling)
    found = scale("stages", start=start, commit=commit, target=target, stretch=stretch)
    worse, better = sorted(values, reverse=falling)
    assert 0 <= found.score((worse,)) <= found.score((better,)) <= 1
    assert [found.score((stage,)) for stage in (start, commit, target, stretch)] == pytest.approx([0, 0.3, 0.7, 1])


@given(st.floats(0, 1), st.lists(numbers, min_size=4, max_size=4, unique=True))
def test_value_scoring_turns_score_around(score, ends):
    start, commit, target, stretch = sorted(ends)
    found = scale("stages", start=start, commit=commit, target=target, stretch=stretch)
    assert found.score((found.value_scoring(score),)) == pytest.approx(score, abs=1e-3)


def test_at_least_is_not_a_rounding():
    assert at_least(0.4 - 0.3, 0.1)
    assert not at_least(0.0999, 0.1)
    assert not at_least(999_999_999.5, 1e9)
    assert at_least(0.1 * 3 * 1e9, 0.3 * 1e9)


@pytest.mark.parametrize(
    ("kind", "changes", "values", "gradual"),
    [
        ("increase", {}, (), True),
        ("stages", {"commit": 30.0, "target": 50.0, "stretch": 80.0}, (), True),
        ("milestone", {}, (), False),
        ("milestone", {}, (0.0, 1.0), False),
        ("milestone", {}, (0.4, 1.0), True),
        ("milestone", {"unit": "%"}, (), True),
    ],
)
def test_only_a_milestone_that_is_done_or_not_has_no_steps(kind, changes, values, gradual):
    assert scale_of(a_key_result(kind=kind, **{"unit": "", **changes}))[0].is_gradual(values) is gradual
