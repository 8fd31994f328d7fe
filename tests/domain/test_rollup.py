"""The weighted mean, and what counts in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.rollup import Part, roll_up, weighted_mean


def part(score, weight=1.0, **changes):
    values = {
        "name": "KR", "weight": weight, "score": score, "expected": 0.5, "success": 1.0, "forecast": None, "status": "on_track",
        "stale": False, "usable": True, "has_value": score is not None, "may_be_done": True,
    }  # fmt: skip
    return Part(**{**values, **changes})


@pytest.mark.parametrize(
    ("pairs", "mean"),
    [
        ([(1, 0.5), (1, 1.0)], 0.75),
        ([(1, 0.5), (3, 1.0)], 0.875),
        ([(0, 0.5), (2, 1.0)], 1.0),
        ([(0, 0.5), (0, 1.0)], None),
        ([], None),
        ([(1e308, 0.5), (1e308, 1.0)], 0.75),
        ([(1e-320, 0.5), (1e-320, 1.0)], 0.75),
    ],
)
def test_weighted_mean(pairs, mean):
    assert weighted_mean(pairs) == mean


@pytest.mark.parametrize(
    ("parts", "rule", "score", "counted"),
    [
        ((part(1.0), part(None)), "zero", 0.5, 2),
        ((part(1.0), part(None)), "left_out", 1.0, 1),
        ((part(None), part(None)), "zero", 0.0, 2),
        ((part(None), part(None)), "left_out", None, 0),
        ((part(1.0), part(0.2, usable=False)), "zero", 1.0, 1),
        ((part(1.0), part(0.2, weight=None)), "zero", 1.0, 1),
        ((part(1.0), part(0.2, weight=0.0)), "zero", 1.0, 2),
        ((part(1.0, weight=0.0), part(0.2, weight=0.0)), "zero", None, 2),
        ((), "zero", None, 0),
    ],
)
def test_what_counts(parts, rule, score, counted):
    whole = roll_up(parts, rule)
    assert whole.score == score
    assert len(whole.counted) == counted


def test_faults_are_named_and_spread_when_nothing_else_is_left():
    whole = roll_up((part(1.0, name="KR1", usable=False), part(1.0, name="KR2", weight=None)), "zero")
    assert whole.left_out == ("KR1", "KR2")
    assert whole.faulty
    assert not whole.weightless
    assert roll_up((part(1.0, weight=0.0),), "zero").weightless
    assert not roll_up((part(1.0, weight=0.0), part(1.0, weight=None)), "zero").weightless  # another fault comes first
    assert not roll_up((part(None),), "left_out").faulty  # silence is no fault


def test_weights_are_judged_by_the_plan_whatever_has_reported():
    silent = part(None, weight=1.0)
    assert not roll_up((part(1.0, weight=0.0), silent), "left_out").weightless
    assert not roll_up((part(1.0, weight=0.0), silent), "left_out").faulty
    for rule in ("zero", "left_out"):
        assert roll_up((part(None, weight=0.0),), rule).weightless


def test_a_whole_has_a_value_when_one_part_that_counts_has():
    assert not roll_up((part(None), part(0.3, weight=0.0)), "zero").has_value
    assert roll_up((part(None), part(0.3)), "zero").has_value


def test_what_weighs_nothing_says_nothing_of_the_whole():
    silent = part(0.2, weight=0.0, stale=True, status="at_risk", may_be_done=False)
    whole = roll_up((part(0.5), silent), "zero")
    assert (whole.stale, whole.worst, whole.may_be_done) == (False, "on_track", True)
    whole = roll_up((part(0.5), silent._replace(weight=0.1)), "zero")
    assert (whole.stale, whole.worst, whole.may_be_done) == (True, "at_risk", False)


def test_a_whole_has_begun_once_one_part_has_and_where_none_weighs_anything():
    waiting = part(None, status="not_started")
    assert not roll_up((waiting, waiting), "zero").begun
    assert not roll_up((waiting, part(0.2, weight=0.0)), "zero").begun
    assert roll_up((waiting, part(0.2)), "zero").begun
    assert roll_up((waiting._replace(weight=0.0),), "zero").begun


@pytest.mark.parametrize(
    ("parts", "forecast"),
    [
        ((part(0.5, forecast=0.8), part(0.5, forecast=0.6)), 0.7),
        ((part(0.5, forecast=0.8), part(0.5)), 0.8),  # half of the weight is enough
        ((part(0.5, forecast=0.8), part(0.5, weight=1.1)), None),  # too early for most of it
        ((part(0.5, forecast=0.8), part(None)), 0.4),  # silence forecasts what it scores
        ((part(None), part(None)), None),
        ((part(0.5),), None),
    ],
)
def test_forecast(parts, forecast):
    found = roll_up(parts, "zero").forecast
    assert found is None if forecast is None else found == pytest.approx(forecast)


shares = st.floats(0, 1)
weights = st.floats(0.001, 1000)


@given(st.lists(st.tuples(weights, shares), min_size=1, max_size=12), st.floats(0.001, 1000), st.randoms())
def test_order_and_scale_of_weights_change_nothing(pairs, factor, random):
    mean = weighted_mean(pairs)
    assert min(share for _, share in pairs) - 1e-12 <= mean <= max(share for _, share in pairs) + 1e-12
    assert 0 <= mean <= 1
    shuffled = random.sample(pairs, len(pairs))
    assert weighted_mean(shuffled) == mean
    assert weighted_mean([(weight * factor, share) for weight, share in pairs]) == pytest.approx(mean)
