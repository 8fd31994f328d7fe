"""Text to tree: the grammar, and every way to be wrong with its place."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.formula import language as formula
from okr_workbook.domain.formula import parser as formula_parser
from okr_workbook.domain.formula.language import YEAR_TO_DATE, FormulaError, Span, names, reads
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.problems import Problem
from okr_workbook.labels import LANGUAGES, area, labels_for
from tests.domain.random_formulas import Writer


def test_its_examples():
    assert doctest.testmod(formula).failed == doctest.testmod(formula_parser).failed == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("= a / b", "a/b"),
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("2 ^ 3 ^ a", "(2 ^ 3) ^ a"),
        ("-a ^ 2", "(-a) ^ 2"),
        ("2 ^ -a", "2 ^ (-a)"),
        ("a + b * c", "a + (b * c)"),
        ("IF(a = b + 1, 1, 0)", "IF(a = (b + 1), 1, 0)"),
        ("[a]", "a"),
        ("[ad  costs]", "[ad costs]"),
        ("SI(ET(a > 0; NON(b = VRAI2)); SOMME(a; b); RACINE(a))", "IF(AND(a > 0, NOT(b = VRAI2)), SUM(a, b), SQRT(a))"),
        ("SIERREUR(ARRONDI(a; -1); ENT(b))", "IFERROR(ROUND(a, -1), INT(b))"),
        ("MOYENNE(a; MÉDIANE(b); MEDIANE(c))", "AVERAGE(a, MEDIAN(b), MEDIAN(c))"),
        ("PRECEDENT(CUMUL(a)) + GLISSANT(a; 3)", "PREV(YTD(a)) + ROLLING(a, 3)"),
        ("if(OU(FAUX; a > 1); 1; 2)", "IF(OR(FALSE, a > 1), 1, 2)"),
        ("a\u00a0+\u202f1", "a + 1"),
        (".5 * a", "0.5 * a"),
    ],
)
def test_two_ways_to_write_one_formula(one, other):
    assert parse(one) == parse(other)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a / b + a", {"a", "b"}),
        ("[ad costs] - coût_total - mrr.fr", {"ad costs", "coût_total", "mrr.fr"}),
        ("IFERROR(PREV(A), a)", {"A", "a"}),
        ("TRUE_COST * 2", {"TRUE_COST"}),
        ("[KPI-1] / [2nd year]", {"KPI-1", "2nd year"}),
    ],
)
def test_names(text, named):
    assert names(parse(text)) == named


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a", {("a", Span())}),
        ("a - PREV(a)", {("a", Span()), ("a", Span(1))}),
        ("PREV(PREV(a, 2))", {("a", Span(3))}),
        ("YTD(a / b)", {("a", Span(0, YEAR_TO_DATE)), ("b", Span(0, YEAR_TO_DATE))}),
        ("PREV(ROLLING(a, 3), 12)", {("a", Span(12, 3))}),
        ("PREV(a) + PREV(PREV(b))", {("a", Span(1)), ("b", Span(2))}),
    ],
)
def test_what_is_read_over_which_periods(text, spans):
    assert reads(parse(text)) == spans


WRONG = [
    ("", "formula_unfinished", 1),
    ("=", "formula_unfinished", 2),
    ("a +", "formula_unfinished", 4),
    ("a + * b", "formula_unexpected", 5),
    ("a b", "formula_unexpected", 3),
    ("a)", "formula_unexpected", 2),
    ("  = (a + b", "formula_not_closed", 5),
    ("SUM(a, b", "formula_not_closed", 4),
    ("SUM(a,, b)", "formula_unexpected", 7),
    ("a # b", "formula_character", 3),
    ("a − b", "formula_character", 3),
    ("Sheet1!A1", "formula_character", 7),
    ("[]", "formula_character", 1),
    ('IF(a > 1, "yes", 0)', "formula_text", 11),
    ("a & b", "formula_text", 3),
    ("SUMPRODUCT(a, b)", "formula_unknown_function", 1),
    ("1 + EVAL(a)", "formula_unknown_function", 5),
    ("SUM()", "formula_arguments", 1),
    ("IF(a > 1, b)", "formula_arguments", 1),
    ("ABS(a, b)", "formula_arguments", 1),
    ("a > 1", "formula_needs_number", 1),
    ("1 + (a > 1)", "formula_needs_number", 5),
    ("SUM(a, b = c)", "formula_needs_number", 8),
    ("(a > b) > c", "formula_needs_number", 1),
    ("-TRUE * a", "formula_needs_number", 2),
    ("TRUE% * a", "formula_needs_number", 1),
    ("IF(a, 1, 2)", "formula_needs_condition", 4),
    ("IF(AND(a > 1, b), 1, 2)", "formula_needs_condition", 15),
    ("IF(NOT(a), 1, 2)", "formula_needs_condition", 8),
    ("IF(a > 1, b > 1, 2)", "formula_needs_condition", 18),
    ("IFERROR(a, b > 1)", "formula_needs_number", 12),
    ("SUM(a; b, c)", "formula_separators", 9),
    ("ROUND(a * 1,5; 1)", "formula_separators", 14),
    ("a * 1,5", "formula_decimal_comma", 6),
    ("a, b", "formula_unexpected", 2),
    ("ROUND(a, b)", "formula_whole", 10),
    ("ROUND(a, 1.5)", "formula_whole", 10),
    ("ROUND(a, 16)", "formula_whole", 10),
    ("PREV(a, 0)", "formula_whole", 9),
    ("PREV(a, -1)", "formula_whole", 9),
    ("ROLLING(a, 121)", "formula_whole", 12),
    ("ROLLING(a)", "formula_arguments", 1),
    ("YTD(PREV(a))", "formula_window", 1),
    ("1 + ROLLING(YTD(a), 3)", "formula_window", 5),
    ("1 + 2", "formula_no_name", 1),
    ("a + PREV(2)", "formula_no_name", 10),
    ("a * 1e308", "formula_number", 5),
    ("(" * 41 + "a", "formula_too_deep", 41),
    ("-" * 50 + "a", "formula_too_deep", 40),
    ("+".join("a" * 201), "formula_too_many_parts", 401),
    ("a" * 2001, "formula_too_long", 2000),
]


@pytest.mark.parametrize(
    ("text", "code", "position"), WRONG, ids=[f"{code}-{at}" for at, (_, code, _) in enumerate(WRONG)]
)
def test_what_is_wrong_and_where(text, code, position):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.position) == (code, position)
    assert caught.value.details["position"] == position


def test_every_fault_has_its_words_in_every_language():
    for text, code, _ in WRONG:
        with pytest.raises(FormulaError) as caught:
            parse(text)
        problem = Problem(code, "error", "kpis", "k", 1, "formula", caught.value.details)
        for language in LANGUAGES:
            for part in area(language, "problems")[code]:
                details = {"table": "KPIs", "row": "k", **problem.details}
                assert labels_for(language).text("problems", f"{code}.{part}", **details)


@given(st.text(alphabet='aB1.,;()[]+-*/^%=<> "&IFSUMPREV\u00a0é', max_size=60))
def test_any_text_is_a_formula_or_a_fault_in_its_place(text):
    position = 1
    try:
        parse(text)
    except FormulaError as error:
        position = error.position
    assert 1 <= position <= len(text) + 1


@given(st.integers(0, 10**9))
def test_spaces_separators_and_case_of_functions_change_nothing(seed):
    text = Writer(seed).formula()
    assert parse("= " + text.replace(",", " ;").replace("(", "( ").replace("SUM", "sum")) == parse(text)
