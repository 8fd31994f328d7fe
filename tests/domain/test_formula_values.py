"""The value of a formula: arithmetic as in a cell, blanks that are never 0, errors that travel."""

from __future__ import annotations

import doctest
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.formula import values as formula_values
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.formula.values import NA, ErrorValue, evaluate, round_half_away
from tests.domain.random_formulas import Writer, in_python

FIGURES = {"a": 6.0, "b": 4.0, "nil": 0.0, "minus": -2.5, "big": 1e300, "bad": ErrorValue("#VALUE!")}
"""`gone` and `missing` are blank."""


def value(text):
    return evaluate(parse(text), lambda name, span: FIGURES.get(name) if span.lag == 0 else {"a": 5.0}.get(name))


def test_its_examples():
    assert doctest.testmod(formula_values).failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * 2", 14),
        ("a % + b", 4.06),
        ("-a ^ 2", 36),
        ("2 ^ 3 ^ 2 + nil", 64),
        ("nil - nil", 0),
        ("-nil", 0),
        ("ABS(minus)", 2.5),
        ("INT(minus)", -3),
        ("ROUND(minus, 0)", -3),
        ("ROUND(a / 4, 0)", 2),
        ("SQRT(b)", 2),
        ("SUM(a, b, 1)", 11),
        ("AVERAGE(a, b)", 5),
        ("MEDIAN(a, b, minus)", 4),
        ("MEDIAN(a, b, minus, nil)", 2),
        ("MIN(a, minus)", -2.5),
        ("MAX(a, minus)", 6),
        ("IF(a > b, 1, 0)", 1),
        ("IF(AND(a > b, OR(FALSE, NOT(a = b))), a, b)", 6),
        ("IF(0.1 + 0.2 = 0.3, a, b)", 6),
        ("IF(a <> 6, a, b)", 4),
        ("a - PREV(a)", 1),
        # errors travel, the first from the left
        ("a / nil", "#DIV/0!"),
        ("SQRT(minus) + a / nil", "#NUM!"),
        ("a / nil + SQRT(minus)", "#DIV/0!"),
        ("big ^ 2", "#NUM!"),
        ("big * big", "#NUM!"),
        ("big * big - big * big", "#NUM!"),
        ("minus ^ 0.5", "#NUM!"),
        ("nil ^ 0", "#NUM!"),
        ("nil ^ -1", "#DIV/0!"),
        ("SUM(big * 1e8, big * 1e8)", "#NUM!"),
        ("IF(a / nil > 1, 1, 2)", "#DIV/0!"),
        ("IF(a > b, a, a / nil)", 6),
        ("IF(OR(a > b, a / nil > 1), 1, 2)", "#DIV/0!"),
        ("IFERROR(a / nil, b)", 4),
        ("IFERROR(a, b / nil)", 6),
        ("bad + a", "#VALUE!"),
        ("SUM(a, bad)", "#VALUE!"),
        # blank: what the formula needs is not there
        ("gone", None),
        ("a + gone", None),
        ("gone * 0", None),
        ("IFERROR(gone, 1)", None),
        ("IF(a > b, a, gone)", None),
        ("a / nil + gone", None),
        ("SUM(gone)", None),
        ("AVERAGE(gone, missing)", None),
        ("SUM(a, gone + 1)", None),
        # blank: skipped
        ("SUM(a, gone)", 6),
        ("AVERAGE(a, gone)", 6),
        ("MIN(a, gone)", 6),
        ("MEDIAN(gone, a, missing, b)", 5),
        ("SUM(gone, a) / b", 1.5),
        # blank: in another period
        ("a - PREV(b)", "#N/A"),
        ("IFERROR(a - PREV(b), 7)", 7),
        ("PREV(SUM(a, b))", 5),
        ("a + PREV(SUM(b, gone))", "#N/A"),
        ("a + PREV(SUM(b, 1))", "#N/A"),
    ],
)
def test_values(text, expected):
    assert value(text) == expected if expected is None else value(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("number", "digits", "rounded"),
    [
        (2.5, 0, 3), (-2.5, 0, -3), (1.005, 2, 1.01), (2.675, 2, 2.68), (0.285, 2, 0.29), (-0.4, 0, 0), (1250, -2, 1300),
        (49, -2, 0), (1e300, 2, 1e300), (1e-300, 15, 0), (123456789.125, 2, 123456789.13), (0.5, -1, 0),
    ],
)  # fmt: skip
def test_halves_go_away_from_zero(number, digits, rounded):
    assert round_half_away(number, digits) == rounded


number = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, 1.0, -1.0, 1e308, 5e-324])


@given(st.integers(0, 10**6), st.lists(number, min_size=108, max_size=108), st.integers(0, 17))
def test_never_nan_nor_infinite(seed, figures, at):
    names = ["new", "lost", "mrr", "staff", "gone", "seldom"]
    rows = {name: figures[18 * place : 18 * place + 18] for place, name in enumerate(names)}
    rows = {name: [x if x is None or abs(x) < 1e306 else 1e306 for x in row] for name, row in rows.items()}
    found = in_python(Writer(seed).formula(), at, rows)
    assert found is None or isinstance(found, ErrorValue) or (isinstance(found, float) and isfinite(found))


@given(st.integers(0, 10**6))
def test_not_available_everywhere_is_not_available_or_caught(seed):
    found = evaluate(parse(Writer(seed).formula()), lambda name, span: NA)
    assert found == NA or isinstance(found, float | ErrorValue)
