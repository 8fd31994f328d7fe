"""Expected, gap, status, grade, staleness and what is needed a week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.kinds import scale_of
from okr_workbook.domain.pace import (
    TimeSpan,
    expected_score,
    grade_of,
    is_stale,
    needed_per_week,
    status_of,
    success_score,
    worst_of,
)
from okr_workbook.domain.planner import Settings
from okr_workbook.domain.results import STATUSES
from tests.builders import a_key_result

FIRST, LAST = date(2026, 7, 1), date(2026, 10, 9)  # 100 days
SPAN = TimeSpan(FIRST, LAST)


def day(number):
    return FIRST + timedelta(days=number)


def kind(name="increase", **changes):
    found, _ = scale_of(a_key_result(kind=name, lower=0.0, upper=1.0, commit=50.0, stretch=120.0, **changes))
    return found


@pytest.mark.parametrize(
    ("span", "on", "elapsed"),
    [
        (SPAN, day(-5), 0),
        (SPAN, day(0), 0),
        (SPAN, day(1), 0.01),
        (SPAN, day(50), 0.5),
        (SPAN, day(100), 1),
        (SPAN, day(130), 1),
        (TimeSpan(FIRST, FIRST), day(-1), 0),  # a span of one day has gone when that day has come
        (TimeSpan(FIRST, FIRST), day(0), 1),
        (TimeSpan(LAST, FIRST), day(50), None),
        (TimeSpan(None, LAST), day(50), None),
        (TimeSpan(FIRST, None), day(50), None),
    ],
)
def test_elapsed_share(span, on, elapsed):
    if span == TimeSpan(FIRST, FIRST) and on < FIRST:
        assert not span.begun(on)
    assert span.elapsed(on) == elapsed


@pytest.mark.parametrize(
    ("name", "unit", "on", "success", "expected"),
    [
        ("increase", "", day(40), 1.0, 0.4),
        ("decrease", "", day(40), 0.7, 0.28),  # aspirational
        ("stages", "", day(100), 0.7, 0.7),
        ("stay_above", "", day(0), 1.0, 1.0),  # a bound is expected kept from the first day
        ("stay_below", "", day(40), 0.7, 0.7),
        ("stay_between", "", day(-1), 1.0, 0.0),
        ("milestone", "", day(99), 1.0, 0.0),  # done or not: on its due date
        ("milestone", "", day(100), 1.0, 1.0),
        ("milestone", "% done", day(40), 1.0, 0.4),
        ("increase", "", day(-1), 1.0, 0.0),
    ],
)
def test_expected(name, unit, on, success, expected):
    numbers = {"start": 100.0, "target": 0.0} if name == "decrease" else {}
    assert expected_score(kind(name, unit=unit, **numbers), SPAN, on, success, ()) == pytest.approx(expected)


def test_nothing_is_expected_without_dates():
    assert expected_score(kind(), TimeSpan(FIRST, None), day(3), 1.0, ()) is None


@pytest.mark.parametrize(
    ("score", "expected", "more", "status"),
    [
        (0.5, 0.5, {}, "on_track"),
        (0.4, 0.5, {}, "on_track"),  # a gap of exactly 10 %
        (0.3, 0.4, {}, "on_track"),  # 0.4 - 0.3 is a little over 0.1 in binary
        (0.39, 0.5, {}, "behind"),
        (0.25, 0.5, {}, "behind"),  # a gap of exactly 25 %
        (0.24, 0.5, {}, "at_risk"),
        (0.9, 0.2, {}, "on_track"),  # ahead
        (1.0, 0.5, {}, "done"),
        (0.7, 0.3, {"success": 0.7}, "done"),
        (0.69, 0.7, {"success": 0.7}, "on_track"),
        (1.0, 1.0, {"may_be_done": False}, "on_track"),  # a bound still to be kept
        (None, 0.5, {}, "no_data"),
        (0.5, None, {}, "no_data"),
        (1.0, None, {}, "done"),
        (None, 0.0, {"begun": False}, "not_started"),
        (1.0, 0.0, {"begun": False}, "not_started"),
    ],
)
def test_status(score, expected, more, status):
    rest = {"success": 1.0, "begun": True, "may_be_done": True, "settings": Settings(), **more}
    assert status_of(score, expected, **rest) == status


@pytest.mark.parametrize(
    ("score", "grade"),
    [(1, "green"), (0.7, "green"), (0.3 + 0.4, "green"), (0.65, "amber"), (0.4, "amber"), (0.39, "red"), (0, "red"), (None, None)],
)  # fmt: skip
def test_grade(score, grade):
    assert grade_of(score, Settings()) == grade


def test_worst_of_several():
    assert worst_of(("done", "on_track", "behind")) == "behind"
    assert worst_of(("no_data", "on_track")) == "no_data"
    assert worst_of(("no_data", "at_risk")) == "at_risk"
    assert worst_of(("not_started", "done")) == "not_started"
    assert worst_of(()) == "no_data"
    assert all(worst_of((status,)) == status for status in STATUSES)


@pytest.mark.parametrize(
    ("updated", "on", "stale"),
    [
        (day(30), day(44), False),  # 14 days
        (day(30), day(45), True),
        (None, day(14), False),
        (None, day(15), True),
        (None, day(-3), False),
        (day(90), day(150), False),  # after the due date nothing more is awaited
        (day(80), day(150), True),
    ],
)
def test_stale(updated, on, stale):
    assert is_stale(updated, SPAN, on, Settings()) is stale


@pytest.mark.parametrize(
    ("name", "changes", "value", "on", "needed"),
    [
        ("increase", {}, 30, day(30), 7.0),  # 70 in 10 weeks
        ("decrease", {"start": 100.0, "target": 0.0}, 70, day(30), -7.0),
        ("increase", {}, 100, day(30), 0.0),
        ("increase", {}, 130, day(30), 0.0),
        ("increase", {}, 30, day(95), 98.0),  # less than a week left
        ("increase", {}, 30, day(100), None),  # no time left
        ("increase", {}, 30, day(-7), 4.9),  # the weeks count from the start
        ("increase", {}, None, day(30), None),
        ("increase", {}, -1.7e308, day(99), None),  # more than a cell can hold
        ("stages", {}, 30, day(30), 7.0),  # to the target, not the stretch
        ("stay_above", {}, 30, day(30), None),
        ("milestone", {"unit": "%"}, 0.3, day(30), 0.07),
        ("milestone", {}, 0, day(30), None),
        ("milestone", {}, 1, day(30), 0.0),
    ],
)
def test_needed_per_week(name, changes, value, on, needed):
    values = () if value is None else (float(value),)
    found = needed_per_week(kind(name, **changes), value, SPAN, on, values)
    assert found is None if needed is None else found == pytest.approx(needed)


def test_success_is_1_unless_aspirational():
    assert [success_score(one, Settings()) for one in ("committed", "", "aspirational")] == [1.0, 1.0, 0.7]


@given(st.integers(-50, 200), st.integers(0, 100))
def test_expected_never_falls_with_time(number, more):
    for name in ("increase", "stay_above", "milestone", "stages"):
        earlier = expected_score(kind(name), SPAN, day(number), 0.7, ())
        later = expected_score(kind(name), SPAN, day(number + more), 0.7, ())
        assert 0 <= earlier <= later <= 0.7
