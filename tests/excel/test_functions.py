"""Custom functions: the core's results for thousands of random cells, blanks and errors as in Excel, and as Office calls them."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr_workbook.domain.forecast import forecast_of
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.formula.values import ErrorValue, evaluate
from okr_workbook.domain.kinds import KINDS, scale_of
from okr_workbook.domain.pace import TimeSpan, grade_of
from okr_workbook.domain.planner import KeyResult, Settings
from okr_workbook.domain.readings import Reading
from okr_workbook.domain.rollup import weighted_mean
from okr_workbook.excel import functions
from okr_workbook.excel.kpi_functions import CLASSIC_KPIS
from tests.excel.memory_excel import SPILL

NUMBERS = st.floats(-1e6, 1e6)
MAYBE = st.one_of(st.none(), NUMBERS)


def cells(*values):
    return [[[value]] for value in values]


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("okr_progress", (5, 0, 10), 0.5),
        ("okr_progress", (5, 10, 0), 0.5),
        ("okr_progress", (15, 0, 10), 1.5),
        ("okr_progress", (None, 0, 10), "#N/A"),
        ("okr_progress", ("", 0, 10), "#N/A"),
        ("okr_progress", (5, None, 10), "#N/A"),
        ("okr_progress", ("many", 0, 10), "#VALUE!"),
        ("okr_progress", ("#REF!", 0, 10), "#REF!"),
        ("okr_progress", (5, 10, 10), "#DIV/0!"),
        ("okr_score", (15, 0, 10), 1.0),
        ("okr_score", (45, 0, 60, None, None, None, 30, 90), 0.5),
        ("okr_score", (0.97, None, None, "stay above", 0.95), 1.0),
        ("okr_score", (3, None, None, "Rester au-dessous", None, 2), 0.0),
        ("okr_score", (True, None, None, "milestone"), 1.0),
        ("okr_score", (2, None, None, "milestone"), "#VALUE!"),
        ("okr_score", (5, 0, 10, "sideways"), "#VALUE!"),
        ("okr_score", (5, 0, 10, "#REF!"), "#REF!"),
        ("okr_score", ("oui", None, None, "milestone"), 1.0),
        ("okr_score", ("Not yet", None, None, "Jalon"), 0.0),
        ("okr_score", ("nearly", None, None, "milestone"), "#VALUE!"),
        ("okr_score", ("yes", 0, 10), "#VALUE!"),
        ("okr_score", (5, None, None, None, 4), 1.0),
        ("okr_score", (3, None, None, None, 4), 0.0),
        ("okr_score", (5, None, None, None, None, 4), 0.0),
        ("okr_score", (5, None, None, None, 4, 6), 1.0),
        ("okr_score", (5, 0, 10, None, 4, 6), 0.5),
        ("okr_score", (5, 0, None, None, 4), "#N/A"),
        ("okr_score", (5,), "#N/A"),
        ("okr_expected", (46000, 46100, 46050), 0.5),
        ("okr_expected", (date(2026, 7, 1), date(2026, 12, 31), date(2026, 12, 31), 0.7), 0.7),
        ("okr_expected", (date(1900, 1, 1), 31, 16), 0.5),
        ("okr_expected", (46000, 46100, 2_958_466), "#VALUE!"),
        ("okr_expected", (46100, 46000, 46050), "#VALUE!"),
        ("okr_expected", (46000, 46100, "soon"), "#VALUE!"),
        ("okr_status", (0.5, 0.55), "On track"),
        ("okr_status", (0.5, 0.9, None, "fr"), "À risque"),
        ("okr_status", (None, 0.5), "No data"),
        ("okr_status", (0.5, 0.9, None, "FR"), "À risque"),
        ("okr_status", (0.5, 0.9, None, "français"), "À risque"),
        ("okr_status", (0.5, 0.9, None, "English"), "At risk"),
        ("okr_status", (0.5, 0.9, None, "de"), "#VALUE!"),
        ("okr_status", (0.5, 0.9, None, 1), "#VALUE!"),
        ("okr_grade", (0.7,), "green"),
        ("okr_grade", (0.65,), "amber"),
        ("okr_grade", (None,), "#N/A"),
        ("okr_progress", (Decimal(5), 0, Decimal("10.0")), 0.5),
        ("okr_progress", (Decimal("NaN"), 0, 10), "#VALUE!"),
        ("okr_progress", (SPILL, 0, 10), "#SPILL!"),
        ("okr_progress", ("#VALEUR!", 0, 10), "#VALUE!"),
        ("okr_progress", (1e308, 0, 1e-300), "#NUM!"),
        ("okr_status", (0.5, 0.55, None, "#N/A"), "#N/A"),
        ("kpi_cac", (Decimal(100), Decimal(50), 3), 50.0),
        ("kpi_churn", (SPILL, 100), "#SPILL!"),
        ("kpi_churn", (5, 100), 0.05),
        ("kpi_churn", (5, 0), "#DIV/0!"),
        ("kpi_churn", (None, 100), "#N/A"),
        ("kpi_nrr", (1000, 100, 20, 30), 1.05),
        ("kpi_payback", (600, 50, 0.8), 15.0),
        ("kpi_runway", (100, 5), 20.0),
        ("kpi_runway", (100, 0), "#N/A"),
        ("kpi_runway", (100, -5), "#N/A"),
        ("kpi_runway", (None, 5), "#N/A"),
    ],
)
def test_one_cell_each(function, arguments, expected):
    found = getattr(functions, function)(*cells(*arguments))
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_ranges_spill():
    assert functions.okr_progress([[5], [None], ["x"]], [[0]], [[10]]) == [[0.5], ["#N/A"], ["#VALUE!"]]
    assert functions.okr_progress([[5, 6]], [[0], [1]], [[10]]) == [[0.5, 0.6], [4 / 9, 5 / 9]]
    assert functions.okr_progress([[5], [6]], [[0], [1], [2]], [[10]])[2] == ["#N/A"]


def test_the_roll_up_counts_silence_as_zero_unless_told():
    scores, weights = [[0.5], [None], [1.0]], [[1], [2], [None]]
    assert functions.okr_rollup(scores, weights) == pytest.approx(1.5 / 4)
    assert functions.okr_rollup(scores, weights, [["left_out"]]) == pytest.approx(0.75)
    assert functions.okr_rollup([[None]]) == 0.0  # an objective in which nothing has a value yet
    assert functions.okr_rollup([[None], [None]], None, [["left_out"]]) == "#N/A"
    assert functions.okr_rollup([[None]], [[0]]) == "#N/A"
    assert functions.okr_rollup([[0.5]], [[-1]]) == "#VALUE!"
    assert functions.okr_rollup([[0.5]], [[1], [2]]) == "#VALUE!"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (None, 0.4), ("", 0.4), ("zero", 0.4), ("Zéro", 0.4), ("left_out", 0.8), ("Left out", 0.8), ("LEFT OUT", 0.8),
        ("Laissé de côté", 0.8), ("ignored", "#VALUE!"), (True, "#VALUE!"), (0, "#VALUE!"), ("#REF!", "#REF!"),
    ],
)  # fmt: skip
def test_the_roll_up_takes_the_words_of_the_settings_and_no_others(words, found):
    assert functions.okr_rollup([[0.8], [None]], None, [[words]]) == found


def test_of_a_name_that_stands_there_twice_the_first_row_counts():
    assert functions.kpi_value([["a / b"]], [["a"], ["b"], ["A"]], [[1], [2], [9]]) == 0.5


def test_a_kpi_formula_over_columns_looks_back_with_prev():
    found = functions.kpi_value(
        [["(mrr - PREV(mrr)) / PREV(mrr)"]], [["mrr"], ["other"]], [[100, 110, None], [1, 2, 3]]
    )
    assert found == [["#N/A", pytest.approx(0.1), "#N/A"]]
    assert functions.kpi_value([["a / ("]], [["a"]], [[1]]) == "#VALUE!"
    assert functions.kpi_value([["a / b"]], [["a"], ["b"]], [[1], [0]]) == "#DIV/0!"
    assert functions.kpi_value([["a / b"]], [["a"], ["b"]], [[Decimal(6), SPILL], [3, 3]]) == [[2.0, "#SPILL!"]]


@pytest.mark.parametrize(
    ("arguments", "error", "reason"),
    [
        ((None, [["a"]], [[1]]), "#VALUE!", "KPI_VALUE takes"),
        (([["a"]], None, [[1]]), "#VALUE!", "KPI_VALUE takes"),
        (([["a"]], [["a"]], None), "#VALUE!", "KPI_VALUE takes"),
        (([[""]], [["a"]], [[1]]), "#VALUE!", "KPI_VALUE takes"),
        (([["a"]], [["a"], ["b"]], [[1]]), "#VALUE!", "Each name takes"),
        (([["a / ("]], [["a"]], [[1]]), "#VALUE!", "The formula cannot be read"),
        (([["#REF!"]], [["a"]], [[1]]), "#REF!", ""),
    ],
)
def test_a_kpi_formula_without_what_it_needs_says_so(monkeypatch, arguments, error, reason):
    assert functions.kpi_value(*arguments) == error
    monkeypatch.setenv("XLWINGS_ON_SERVER", "true")
    if reason:
        with pytest.raises(ValueError, match=reason):
            functions.kpi_value(*arguments)
    else:
        assert functions.kpi_value(*arguments) == error


RESERVED_IN_VBA = [
    "call",
    "case",
    "close",
    "const",
    "declare",
    "dim",
    "do",
    "else",
    "elseif",
    "end",
    "endif",
    "enum",
    "erase",
    "event",
    "exit",
    "for",
    "friend",
    "function",
    "get",
    "global",
    "gosub",
    "goto",
    "if",
    "implements",
    "input",
    "let",
    "lock",
    "loop",
    "lset",
    "next",
    "on",
    "open",
    "option",
    "print",
    "private",
    "public",
    "put",
    "raiseevent",
    "redim",
    "resume",
    "return",
    "rset",
    "seek",
    "select",
    "set",
    "static",
    "stop",
    "sub",
    "type",
    "unlock",
    "wend",
    "while",
    "with",
    "write",
    "any",
    "as",
    "byref",
    "byval",
    "each",
    "in",
    "new",
    "shared",
    "until",
    "withevents",
    "optional",
    "paramarray",
    "preserve",
    "spc",
    "tab",
    "then",
    "to",
    "addressof",
    "and",
    "eqv",
    "imp",
    "is",
    "like",
    "mod",
    "not",
    "or",
    "typeof",
    "xor",
    "abs",
    "cbool",
    "cbyte",
    "ccur",
    "cdate",
    "cdbl",
    "cdec",
    "cint",
    "clng",
    "clnglng",
    "clngptr",
    "csng",
    "cstr",
    "cvar",
    "cverr",
    "date",
    "debug",
    "doevents",
    "fix",
    "int",
    "len",
    "lenb",
    "me",
    "pset",
    "scale",
    "sgn",
    "string",
    "array",
    "circle",
    "inputb",
    "lbound",
    "ubound",
    "boolean",
    "byte",
    "currency",
    "double",
    "integer",
    "long",
    "longlong",
    "longptr",
    "single",
    "variant",
    "true",
    "false",
    "nothing",
    "empty",
    "null",
    "rem",
    "attribute",
    "cdecl",
    "decimal",
]
"""MS-VBAL 3.3.5.2."""


def test_no_argument_has_a_name_that_vba_reserves():
    """xlwings' Import Functions writes a VBA function for each of ours: one such name, and none of them compiles."""
    offered = [one for name, one in vars(functions).items() if name.startswith(("okr_", "kpi_")) and callable(one)]
    names = {name for one in offered for name in inspect.signature(one).parameters}
    assert len(offered) > 20
    assert names >= {"won", "value", "missing_counts_as"}
    assert not names & set(RESERVED_IN_VBA)


@given(st.sampled_from(["increase", "decrease", "stay_above", "stay_below", "stay_between", "milestone", "stages"]),
       MAYBE, *[MAYBE] * 6)  # fmt: skip
@settings(max_examples=1000)
def test_scores_are_the_cores(kind, value, start, target, lower, upper, commit, stretch):
    numbers = {"start": start, "target": target, "lower": lower, "upper": upper, "commit": commit, "stretch": stretch}
    scale, _ = scale_of(KeyResult(kind=kind, **numbers))
    found = functions.okr_score(*cells(value, start, target, kind, lower, upper, commit, stretch))
    if scale is None:
        assert found in ("#N/A", "#VALUE!", "#DIV/0!")
    elif value is None:
        assert found == "#N/A"
    elif not KINDS[kind].admits(value):
        assert found == "#VALUE!"
    else:
        assert found == scale.score((value,))


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 1)), min_size=1, max_size=20))
def test_the_roll_up_is_the_cores(pairs):
    expected = weighted_mean(pairs)
    found = functions.okr_rollup([[score] for _, score in pairs], [[weight] for weight, _ in pairs])
    assert found == ("#N/A" if expected is None else expected)


@given(st.integers(45000, 47000), st.integers(0, 400), st.integers(-50, 450), st.floats(0, 1))
def test_expected_is_the_cores(start, length, elapsed, success):
    day_0 = date(1899, 12, 30)
    span = TimeSpan(day_0 + timedelta(start), day_0 + timedelta(start + length))
    expected = span.elapsed(day_0 + timedelta(start + elapsed)) * success
    assert functions.okr_expected(*cells(start, start + length, start + elapsed, success)) == expected


@given(st.floats(0, 1))
def test_the_grade_is_the_cores(score):
    assert functions.okr_grade([[score]]) == grade_of(score, Settings())


@given(st.lists(st.tuples(st.integers(0, 180), NUMBERS), min_size=1, max_size=12), NUMBERS, NUMBERS)
def test_the_forecast_is_the_cores(readings, start, target):
    first, due = date(2026, 7, 1), date(2026, 12, 31)
    found = functions.okr_forecast(
        [[first + timedelta(on)] for on, _ in readings], [[value] for _, value in readings],
        *cells(start, target, first, due),
    )  # fmt: skip
    latest = {first + timedelta(on): value for on, value in readings}
    kept = [Reading(on, latest[on]) for on in sorted(latest)]
    scale, _ = scale_of(KeyResult(kind="increase" if target > start else "decrease", start=start, target=target))
    if scale is None:
        assert found in ("#DIV/0!", "#VALUE!")
        return
    expected = forecast_of(scale, kept[-1].value, kept, span=TimeSpan(first, due), as_of=kept[-1].on, success=1.0)
    assert found == ("#N/A" if expected.value is None else expected.value)


@given(st.sampled_from(CLASSIC_KPIS), st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=5, max_size=5))
@settings(max_examples=500)
def test_classic_kpis_are_the_formula_languages(kpi, figures):
    given_figures = dict(zip(kpi.arguments, figures, strict=False))
    expected = evaluate(parse(kpi.formula), lambda name, span: given_figures[name])
    found = getattr(functions, kpi.name)(*cells(*given_figures.values()))
    if kpi.above_0 and given_figures[kpi.above_0] is not None and given_figures[kpi.above_0] <= 0:
        expected = None
    assert found == ("#N/A" if expected is None else str(expected) if isinstance(expected, ErrorValue) else expected)


def test_called_as_office_calls_them():
    """Through xlwings' own dispatcher. Its licence for tests is PolyForm Noncommercial; the package never needs it."""
    environment = {**os.environ, "XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}
    code = """
import asyncio, json, xlwings
from xlwings import server
from okr_workbook.excel import functions

def call(name, *arguments):
    data = {"func_name": name, "args": [a if isinstance(a, list) else [[a]] for a in arguments], "client": "Office.js",
            "version": xlwings.__version__, "content_language": "en-US", "date_format": "m/d/yyyy", "runtime": "1.4",
            "caller_address": "Sheet1!A1", "culture_info_name": "en-US"}
    try:
        return asyncio.run(server.custom_functions_call(data, functions))
    except ValueError as error:
        return str(error)

meta = server.custom_functions_meta(functions)["functions"]
print(json.dumps({
    "helped": all(f["description"] and all(p["description"] for p in f["parameters"]) for f in meta),
    "names": [f["name"] for f in meta],
    "spill": call("okr_progress", [[5], [None], ["x"]], 0, 10),
    "optional": call("okr_score", 5, 0, 10, None, None, None, None, None),
    "reason": call("okr_progress", "many", 0, 10),
    "kpi": call("kpi_churn", [[5, 6]], [[100, 0]]),
    "formula": call("kpi_value", "a / b", [["a"], ["b"]], [[1, 2], [4, None]]),
    "roll_up": call("okr_rollup", [[0.5], [1]], [[1], [3]], None),
}))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    no_data, wrong = {"type": "Error", "errorType": "NotAvailable"}, {"type": "Error", "errorType": "Value"}
    assert found["helped"]
    assert {"OKR_PROGRESS", "OKR_SCORE", "OKR_ROLLUP", "OKR_EXPECTED", "OKR_STATUS", "OKR_GRADE", "OKR_FORECAST",
            "KPI_VALUE"} | {kpi.name.upper() for kpi in CLASSIC_KPIS} == set(found["names"])  # fmt: skip
    assert found["spill"] == [[0.5], [no_data], [wrong]]
    assert found["optional"] == [[0.5]]
    assert found["reason"] == "value: “many” is not a number."
    assert found["kpi"] == [[0.05, {"type": "Error", "errorType": "Div0"}]]
    assert found["formula"] == [[0.25, no_data]]
    assert found["roll_up"] == [[0.875]]
