from __future__ import annotations

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain import periods
from okr_workbook.domain.periods import (
    first_day,
    last_day,
    month_number,
    next_period,
    period_bounds,
    period_label,
    period_start,
)


def test_their_examples():
    assert doctest.testmod(periods).failed == 0


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-h2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-07-06/2026-12-18", date(2026, 7, 6), date(2026, 12, 18)),
        (" 2026-07-06 / 2026-07-06 ", date(2026, 7, 6), date(2026, 7, 6)),
        ("2026-S2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("T4 2026", date(2026, 10, 1), date(2026, 12, 31)),
        (" 2026 Q3 ", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_bounds_of_a_period(text, first, last):
    assert period_bounds(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2026-13",
        "2026-00",
        "2026-1",
        "0000",
        "2026-11-05",
        "next",
        "Q4",
        "/",
        "2026-12-18/2026-07-06",
        "2026-02-30/2026-03-01",
        "2026-07/2026-12",
        "20260706/20261218",
        "2026-07-06/2026-08-01/2026-09-01",
    ],
)
def test_anything_else_is_no_period(text):
    assert period_bounds(text) is None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("2026-H2", "2027-H1"),
        ("2027-h1", "2027-h2"),
        ("S2 2026", "S1 2027"),
        ("2026-Q4", "2027-Q1"),
        ("q3 2026", "q4 2026"),
        (" 2026 T1 ", "2026 T2"),
        ("2026Q4", "2027Q1"),
        ("2026", "2027"),
        ("2026-12", "2027-01"),
        ("2026-07-01/2026-12-31", "2027-01-01/2027-06-30"),
        ("2027-02-01/2027-02-28", "2027-03-01/2027-03-31"),
        ("2026-04-06/2027-04-05", "2027-04-06/2028-04-05"),
        ("2026-07-06/2026-12-18", "2026-12-19/2027-06-02"),
        ("2026-01-31/2026-03-30", "2026-03-31/2026-05-28"),  # no month after it has such a day: as many days
        ("2026-07-06/2026-07-06", "2026-07-07/2026-07-07"),
        ("Winter 2027", None),
        ("", None),
        ("9999-H2", None),
        ("9998", None),
    ],
)
def test_the_next_period_is_as_long_and_written_the_same_way(text, after):
    assert next_period(text) == after


@given(st.integers(1, 9997), st.sampled_from(["{}", "{}-H1", "{}-H2", "{}-Q1", "Q3 {}", "T4 {}", "{}-02", "{}-11"]))
def test_the_next_period_begins_the_day_after(year, form):
    text = form.format(f"{year:04}")
    (_, last), (first, _) = period_bounds(text), period_bounds(next_period(text))
    assert first == last + timedelta(1)


@given(st.dates(), st.sampled_from(["month", "quarter", "half_year", "year"]))
def test_a_day_lies_in_the_period_named_after_it(day, frequency):
    first = period_start(month_number(day), frequency)
    begins, ends = period_bounds(period_label(first, frequency))
    assert begins == first_day(first)
    assert begins <= day <= ends


@given(st.dates(max_value=date(9999, 11, 30)))
def test_months_follow_each_other(day):
    month = month_number(day)
    assert first_day(month) <= day <= last_day(month)
    assert last_day(month) + timedelta(days=1) == first_day(month + 1)
