"""Forecasts: on series whose answer is known."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import comb, isfinite, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.forecast import MIN_READINGS, fit_line, forecast_of, student_t_cdf
from okr_workbook.domain.kinds import scale_of
from okr_workbook.domain.pace import TimeSpan
from okr_workbook.domain.readings import Reading
from tests.builders import a_key_result

FIRST, LAST = date(2026, 7, 1), date(2026, 10, 9)  # 100 days
SPAN = TimeSpan(FIRST, LAST)


def day(number):
    return FIRST + timedelta(days=number)


def kind(name="increase", **changes):
    found, faults = scale_of(a_key_result(kind=name, **changes))
    assert not faults
    return found


def forecast(scale, points, *, on, success=1.0, span=SPAN):
    readings = [Reading(day(number), value) for number, value in points]
    value = readings[-1].value if readings else None
    return forecast_of(scale, value, readings, span=span, as_of=day(on), success=success)


WEEKLY = (0, 7, 14, 21, 28, 35, 42, 49)


@pytest.mark.parametrize(
    ("scale", "points", "value", "score", "chance"),
    [
        # straight lines: where they end is certain
        (kind(), [(x, x * 1.0) for x in WEEKLY], 100, 1, 1),
        (kind(), [(x, x * 0.5) for x in WEEKLY], 50, 0.5, 0),
        (kind(), [(x, x * 1.5) for x in WEEKLY], 150, 1, 1),
        (kind(), [(x, 40.0) for x in WEEKLY], 40, 0.4, 0),
        (kind(), [(x, 10 - x * 0.2) for x in WEEKLY], -10, 0, 0),
        (kind("decrease", start=100.0, target=0.0), [(x, 100 - x * 0.8) for x in WEEKLY], 20, 0.8, 0),
        (kind("decrease", start=100.0, target=0.0), [(x, 100 - x * 1.0) for x in WEEKLY], 0, 1, 1),
        (kind("stages", commit=50.0, stretch=120.0), [(x, x * 1.1) for x in WEEKLY], 110, 0.85, 1),
        (kind("milestone", unit="%"), [(x, x / 200) for x in WEEKLY], 0.5, 0.5, 0),
        (kind("milestone", unit="%"), [(x, x / 60) for x in WEEKLY], 1, 1, 1),  # never more than done
    ],
)
def test_a_straight_line_goes_on(scale, points, value, score, chance):
    found = forecast(scale, points, on=49)
    assert found.method == "line"
    assert (found.value, found.score, found.chance) == pytest.approx((value, score, chance), abs=1e-9)


def test_half_the_chance_when_the_line_hits_the_target_exactly():
    wobble = (1, -1, -1, 1, 1, -1, -1, 1)  # no trend of its own
    points = [(x, x + w) for x, w in zip(WEEKLY, wobble, strict=True)]
    assert forecast(kind(), points, on=49).chance == pytest.approx(0.5, abs=0.03)


def test_the_prediction_interval_of_a_worked_example():
    # y = 2, 4, 5, 4, 5 at x = 1..5: slope 0.6, mean (3, 4), residual deviation sqrt(2.4 / 3); at x = 6 the line is 5.8
    line = fit_line([1, 2, 3, 4, 5], [2, 4, 5, 4, 5])
    assert (line.slope, line.at(6), line.deviation) == pytest.approx((0.6, 5.8, sqrt(0.8)))
    scale = sqrt(0.8) * sqrt(1 + 1 / 5 + 9 / 10)
    assert line.chance_beyond(6, 5.8 - 2.353363 * scale, upward=True) == pytest.approx(0.95, abs=1e-6)  # t(0.95; 3)
    assert line.chance_beyond(6, 5.8 - 2.353363 * scale, upward=False) == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize(
    ("degrees", "t", "probability"),
    [  # tables of Student's t
        (1, 1.0, 0.75),
        (1, 6.313752, 0.95),
        (2, 2.919986, 0.95),
        (3, 3.182446, 0.975),
        (4, 0.740697, 0.75),
        (5, 4.032143, 0.995),
        (10, 1.372184, 0.9),
        (29, 2.756386, 0.995),
        (30, 1.697261, 0.95),
        (120, 1.979930, 0.975),
        (7, 0.0, 0.5),
    ],
)
def test_student_t(degrees, t, probability):
    assert student_t_cdf(t, degrees) == pytest.approx(probability, abs=1e-6)
    assert student_t_cdf(-t, degrees) == pytest.approx(1 - probability, abs=1e-6)


@pytest.mark.parametrize(
    ("points", "on"),
    [
        ([], 30),
        ([(7, 10.0)], 30),
        ([(0, 0.0), (14, 1.0), (28, 2.0)], 30),  # three readings
        ([(0, 0.0), (2, 1.0), (4, 2.0), (6, 3.0), (8, 4.0)], 9),  # many, over a twelfth of the time
    ],
)
def test_too_early_is_said(points, on):
    found = forecast(kind(), points, on=on)
    assert found == (("too_early", None, None, None))


@pytest.mark.parametrize(("last", "method"), [(14, "too_early"), (15, "line")])
def test_readings_over_fifteen_hundredths_of_the_time_are_enough(last, method):
    points = [(0, 0.0), (5, 5.0), (10, 10.0), (last, 14.0)]
    assert forecast(kind(), points, on=20).method == method


def test_stages_go_on_after_the_target_towards_the_stretch():
    found = forecast(kind("stages", commit=50.0, stretch=120.0), [(x, 80 + x * 0.5) for x in WEEKLY], on=49)
    assert (found.method, found.value, found.score) == ("line", pytest.approx(130), 1.0)


def test_a_milestone_that_is_done_or_not_has_no_line():
    assert forecast(kind("milestone"), [(x, 0.0) for x in WEEKLY], on=49).method == "too_early"
    assert forecast(kind("milestone"), [*((x, 0.0) for x in WEEKLY), (50, 1.0)], on=51).method == "settled"


def test_without_a_due_date_there_is_nowhere_to_go():
    points = [(x, float(x)) for x in WEEKLY]
    assert forecast(kind(), points, on=49, span=TimeSpan(FIRST, None)).method == "too_early"


@pytest.mark.parametrize(
    ("scale", "points", "on", "success", "score", "chance"),
    [
        (kind(), [(10, 100.0)], 20, 1.0, 1.0, 1.0),  # reached
        (kind(), [(10, 60.0)], 101, 1.0, 0.6, 0.0),  # past due
        (kind("stages", commit=50.0, stretch=120.0), [(10, 110.0)], 101, 0.7, 0.85, 1.0),
        (kind("stages", commit=50.0, stretch=120.0), [(10, 120.0)], 20, 0.7, 1.0, 1.0),
        (kind("stay_above", lower=1.0), [(10, 2.0), (20, 0.0)], 101, 1.0, 0.5, 0.0),
        (kind("stay_above", lower=1.0), [(10, 2.0), (20, 3.0)], 101, 1.0, 1.0, 1.0),
        (kind("stay_above", lower=1.0), [(10, 2.0)] * 4 + [(20, 0.0)], 101, 0.7, 0.8, 1.0),
    ],
)
def test_what_is_settled(scale, points, *, on, success, score, chance):
    found = forecast(scale, points, on=on, success=success)
    assert (found.method, found.score, found.chance) == ("settled", score, chance)


BOUND = kind("stay_above", lower=1.0)


@pytest.mark.parametrize(
    ("kept", "broken", "success", "score", "chance"),
    [
        (5, 0, 1.0, 1.0, (6 / 7) ** 5),  # five more to come, each kept with 6 / 7 (Laplace)
        (4, 1, 1.0, 0.8, 0.0),  # one broken reading, and the whole period cannot be kept any more
        (5, 0, 0.5, 1.0, 1.0),  # half is sure already
        (4, 1, 0.5, 0.8, 1 - (2 / 7) ** 5),  # one more of five is needed
    ],
)
def test_a_bound_goes_on_being_kept_at_its_share(kept, broken, success, score, chance):
    points = [(10 * number, 2.0 if number < kept else 0.0) for number in range(kept + broken)]
    found = forecast(BOUND, points, on=50, success=success)
    assert found.method == "kept_share"
    assert found.value is None
    assert (found.score, found.chance) == pytest.approx((score, chance))


def test_the_readings_to_come_are_rounded():
    points = [(0, 2.0), (10, 2.0), (20, 2.0), (30, 2.0)]
    assert forecast(BOUND, points, on=45).chance == pytest.approx((5 / 6) ** 5)  # 4 x 55 / 45 is 4.9 to come


def test_a_success_that_no_float_holds_asks_for_no_reading_more():
    points = [(number, 2.0 if number < 27 else 0.0) for number in range(50)]
    p, wanted = 28 / 52, 55 - 27  # of 50 to come; 0.55 x 100 is a little more than 55
    chance = sum(comb(50, n) * p**n * (1 - p) ** (50 - n) for n in range(wanted, 51))
    assert forecast(BOUND, points, on=50, success=0.55).chance == pytest.approx(chance)


def test_a_bound_read_daily_for_ten_years_has_its_chance():
    long = TimeSpan(FIRST, FIRST + timedelta(3650))
    points = [(number, 2.0 if number % 10 else 0.0) for number in range(1000)]
    found = forecast(BOUND, points, on=999, success=0.9, span=long)
    assert found.chance == pytest.approx(0.5, abs=0.1)
    assert forecast(BOUND, points, on=999, success=0.8, span=long).chance == pytest.approx(1)


def test_the_chance_is_as_often_right_as_it_says():
    """Random walks about a line: of the cases given about 30 %, about 30 % reach the target (a fixed seed)."""
    source = random.Random(20)
    said, came = [], []
    for _ in range(3000):
        slope = source.uniform(0.7, 1.3)
        points = [(x, slope * x + source.gauss(0, 8)) for x in WEEKLY]
        if max(value for _, value in points) >= 100:
            continue
        said.append(forecast(kind(), points, on=49).chance)
        came.append(slope * 100 + source.gauss(0, 8) >= 100)
    for low in (0.1, 0.3, 0.5, 0.7):
        inside = [hit for chance, hit in zip(said, came, strict=True) if low <= chance < low + 0.2]
        assert sum(inside) / len(inside) == pytest.approx(low + 0.1, abs=0.08)


numbers = st.one_of(st.floats(-1e9, 1e9), st.floats(allow_nan=False, allow_infinity=False))


@given(st.lists(numbers, min_size=1, max_size=12), st.integers(0, 120))
def test_a_forecast_is_finite_and_its_shares_within_0_and_1(values, on):
    points = [(min(8 * place, 100), value) for place, value in enumerate(values)]
    for scale in (kind(), BOUND, kind("stages", commit=50.0, stretch=120.0)):
        found = forecast(scale, points, on=on)
        assert all(share is None or 0 <= share <= 1 for share in (found.score, found.chance))
        assert found.value is None or isfinite(found.value)
        if len(values) < MIN_READINGS and on <= 100 and not scale.reached(values[-1]):
            assert found.method in ("too_early", "settled")


@given(st.lists(st.floats(0, 99), min_size=4, max_size=10), st.floats(1, 50))
def test_a_nearer_target_is_never_less_likely(values, nearer):
    points = [(10 * place, value) for place, value in enumerate(values)]
    far, near = kind(target=200.0), kind(target=200.0 - nearer)
    assert forecast(near, points, on=95).chance >= forecast(far, points, on=95).chance
