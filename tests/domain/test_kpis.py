"""KPIs at a date: values over periods, trend, status, alert, quality, and the faults in their rows."""

from __future__ import annotations

from datetime import date
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.kpis.scores import (
    attainment_of,
    bad_periods,
    is_kept,
    recovery_key_result,
    score_kpis,
    status_of,
)
from okr_workbook.domain.planner import DIRECTIONS, FREQUENCIES, Planner, Settings
from okr_workbook.domain.results import KPI_STATUSES, QUALITIES
from tests.builders import a_kpi, a_measure, a_planner
from tests.builders import settings as builder_settings
from tests.domain import random_formulas

NOVEMBER = date(2026, 11, 30)


def months(*figures, first=date(2026, 1, 1)):
    """Figures of months in a row; None is blank."""
    start = first.year * 12 + first.month - 1
    days = [date((start + at) // 12, (start + at) % 12 + 1, 1) for at in range(len(figures))]
    return {day: float(figure) for day, figure in zip(days, figures, strict=True) if figure is not None}


PAID = a_measure("paid", months(10, 12, 14, 13, 15, 16, 17, 18, 20, 21, 22))
TRIALS = a_measure("trials", months(100, 120, 140, 130, 150, 160, 170, 150, 200, 210, 200))
MRR = a_measure("mrr", months(100, 102, 104, 108, 110, 112, 115, 118, 120, 125, None), aggregate="last")
STAFF = a_measure("staff", months(4, 5, 6, 6, 6, 9, 9, 9, 12, 12, 14), aggregate="average")
MEASURES = (PAID, TRIALS, MRR, STAFF)


def result(kpi=None, as_of=NOVEMBER, measures=MEASURES, **changes):
    kpi = kpi or a_kpi(**changes)
    return score_kpis(a_planner(measures=measures, kpis=[kpi]), as_of)[0][0]


def codes(*kpis, measures=MEASURES):
    found = score_kpis(a_planner(measures=measures, kpis=kpis), NOVEMBER)[1]
    return [(problem.code, problem.row, problem.field) for problem in found]


@pytest.mark.parametrize(
    ("formula", "frequency", "period", "value", "previous"),
    [
        ("paid / trials", "month", "2026-11", 0.11, 0.1),
        ("paid / trials", "", "2026-11", 0.11, 0.1),
        ("paid / trials", "quarter", "2026-Q4", 43 / 410, 55 / 520),
        ("paid / trials", "half_year", "2026-H2", 98 / 930, 80 / 800),
        ("paid / trials", "year", "2026", 178 / 1730, None),
        ("paid / trials", "continuous", "2026-01/2026-11", 178 / 1730, 156 / 1530),
        ("mrr", "month", "2026-10", 125, 120),
        ("mrr", "quarter", "2026-Q4", 125, 120),
        ("mrr", "year", "2026", 125, None),
        ("staff", "quarter", "2026-Q4", 13, 10),
        ("paid / staff", "quarter", "2026-Q4", 43 / 13, 55 / 10),
        ("mrr - PREV(mrr)", "month", "2026-10", 5, 2),
        ("mrr - PREV(mrr)", "quarter", "2026-Q4", 5, 8),
        ("mrr - PREV(mrr, 3)", "month", "2026-10", 10, 8),
        ("YTD(paid)", "month", "2026-11", 178, 156),
        ("YTD(staff)", "quarter", "2026-Q4", 92 / 11, 66 / 9),
        ("YTD(paid / trials)", "month", "2026-11", 178 / 1730, 156 / 1530),
        ("ROLLING(paid, 3)", "month", "2026-11", 63, 59),
        ("ROLLING(paid, 2)", "quarter", "2026-Q4", 98, 99),
        ("ROLLING(staff, 3)", "month", "2026-11", 38 / 3, 11),
        ("paid - PREV(YTD(paid))", "month", "2026-11", 22 - 156, 21 - 135),
        ("IFERROR((mrr - PREV(mrr, 11)) / PREV(mrr, 11), 0)", "month", "2026-10", 0, 0),
    ],
)
def test_value_of_the_latest_period_that_has_what_is_needed(formula, frequency, period, value, previous):
    found = result(formula=formula, frequency=frequency)
    assert (found.period, found.value) == (period, pytest.approx(value))
    assert found.previous == (None if previous is None else pytest.approx(previous))
    if previous is not None and formula != "paid / staff":
        assert found.change == pytest.approx(value - previous)


@pytest.mark.parametrize(
    ("as_of", "period", "value", "day"),
    [
        (date(2026, 11, 30), "2026-Q4", 43, date(2026, 11, 30)),
        (date(2026, 10, 31), "2026-Q4", 21, date(2026, 10, 31)),
        (date(2026, 10, 1), "2026-Q4", 21, date(2026, 10, 1)),
        (date(2026, 9, 30), "2026-Q3", 55, date(2026, 9, 30)),
        (date(2026, 1, 15), "2026-Q1", 10, date(2026, 1, 15)),
        (date(2027, 3, 15), "2026-Q4", 43, date(2026, 12, 31)),
        (date(2025, 12, 31), None, None, None),
    ],
)
def test_months_after_the_as_of_date_do_not_exist(as_of, period, value, day):
    found = result(formula="paid", frequency="quarter", as_of=as_of)
    assert (found.period, found.value) == (period, value)
    assert (found.series[-1][1] if found.series else None) == day


def test_the_series_runs_from_the_first_value_and_keeps_holes():
    sparse = a_measure("x", months(None, None, 5, None, 7, 0))
    found = result(formula="10 / x", measures=(PAID, sparse), as_of=date(2026, 6, 10))
    assert [(label, day.day, value) for label, day, value in found.series] == [
        ("2026-03", 31, 2), ("2026-04", 30, None), ("2026-05", 31, 10 / 7), ("2026-06", 10, None),
    ]  # fmt: skip
    assert (found.value, found.error, found.status, found.quality) == (None, "#DIV/0!", "no_data", "not_a_number")


def test_measures_of_others_do_not_lengthen_a_series():
    early = a_measure("early", months(1, 2, 3, first=date(2024, 1, 1)))
    found = result(formula="IFERROR(paid - PREV(paid), 0)", measures=[early, PAID])
    assert found.series[0] == ("2026-01", date(2026, 1, 31), 0)
    assert result(formula="IFERROR(PREV(paid), 0)", measures=[early, PAID]).series[0][0] == "2026-01"


def test_a_continuous_kpi_is_read_where_a_figure_came():
    sparse = a_measure("x", months(None, 2, None, 4))
    found = result(formula="x", frequency="continuous", measures=[PAID, sparse])
    assert [(label, value) for label, _, value in found.series] == [("2026-02/2026-02", 2), ("2026-02/2026-04", 6)]
    assert (found.previous, found.change) == (2, 4)
    both = result(formula="paid / x", frequency="continuous", measures=[PAID, sparse])
    assert (both.period, both.value) == ("2026-01/2026-11", 178 / 6)  # what was paid in January counts
    assert both.series[0][:1] == ("2026-01/2026-02",)


def test_a_continuous_kpi_of_a_quarterly_figure_can_be_bad_twice():
    survey = a_measure("x", months(70, None, None, 60, None, None, 50), aggregate="last")
    kpi = a_kpi(formula="x", frequency="continuous", target=80, alert=10)
    found = result(kpi, measures=[survey])
    assert (found.previous, found.change, found.bad_periods, found.alert) == (60, -10, 2, True)


def test_a_continuous_kpi_is_the_same_by_the_name_of_another():
    sparse = a_measure("x", months(None, 2, None, 4))
    kpis = [
        a_kpi(id="all x", formula="x", frequency="continuous"),
        a_kpi(id="direct", formula="paid / x - PREV(x)", frequency="continuous", row_number=2),
        a_kpi(id="named", formula="paid / [all x] - PREV([all x])", frequency="continuous", row_number=3),
    ]
    (_, direct, named), _ = score_kpis(a_planner(measures=[PAID, sparse], kpis=kpis), NOVEMBER)
    assert direct.value == pytest.approx(178 / 6 - 6)
    assert (named.period, named.value, named.series) == (direct.period, direct.value, direct.series)


@pytest.mark.parametrize("aggregate", ["sum", "last", "average"])
def test_a_continuous_kpi_is_all_its_months_together(aggregate):
    figures = [3, None, 5.5, -2, 0, None, 8]
    measure = a_measure("x", months(*figures), aggregate=aggregate)
    found = result(formula="x", frequency="continuous", measures=[measure])
    came = [at for at, figure in enumerate(figures) if figure is not None]
    assert [value for _, _, value in found.series] == [
        pytest.approx(random_formulas.aggregated(figures[: at + 1], aggregate)) for at in came
    ]


def test_a_continuous_kpi_over_a_month_that_cannot_be_read():
    measure = a_measure("x", months(1, 2, None, 4), unreadable=frozenset({"2026-03"}))
    found = result(formula="x", frequency="continuous", measures=[measure])
    assert ([value for _, _, value in found.series], found.error) == ([1, 3, None, None], "#VALUE!")


def test_a_slip_of_the_century_in_a_header_spoils_nothing():
    measures = [a_measure("x", {date(202, 1, 1): 1.0, date(2026, 11, 1): 2.0})]
    kpis = [a_kpi(formula="x", frequency=each) for each in ("month", "continuous", "year")]
    results, _ = score_kpis(a_planner(measures=measures, kpis=kpis), NOVEMBER)
    assert [found.value for found in results] == [2, 3, 2]


def test_a_kpi_in_another_is_computed_over_the_same_months():
    kpis = [
        a_kpi(id="conversion"),
        a_kpi(id="points", formula="CONVERSION * 100", frequency="quarter", row_number=2),
        a_kpi(id="last year", formula="[points] + YTD(conversion)", row_number=3),
    ]
    results, problems = score_kpis(a_planner(measures=MEASURES, kpis=kpis), NOVEMBER)
    assert [found.value for found in results] == pytest.approx([0.11, 4300 / 410, 11 + 178 / 1730])
    assert problems == ()


@pytest.mark.parametrize("formula", ["ROLLING(rate, 3)", "YTD(rate)", "PREV(ROLLING(rate, 3))"])
@pytest.mark.parametrize("others", [0, 3])
def test_a_kpi_read_over_a_window_alone_is_computed_in_no_other_view(formula, others):
    """Its own frequency is another one, so nobody wants its single months."""
    kpis = [a_kpi(id="rate", formula="x / y", frequency="quarter"), a_kpi(id="window", formula=formula)]
    measures = [a_measure(f"other{at}", months(*[None] * 5)) for at in range(others)]
    measures += [a_measure("x", months(1, 2, 3, 4, 5)), a_measure("y", months(1, 1, 1, 1, 1))]
    found = score_kpis(a_planner(measures=measures, kpis=kpis), date(2026, 5, 31))[0][1]
    assert found.value == {"R": 12 / 3, "Y": 15 / 5, "P": 9 / 3}[formula[0]]

    assert result(id="mrr", formula="MRR").value == 125


def test_long_chains_of_kpis():
    chain = [a_kpi(id=f"k{at}", formula=f"k{at + 1} + 1", row_number=at + 1) for at in range(1500)]
    results, problems = score_kpis(
        a_planner(measures=[PAID], kpis=[*chain, a_kpi(id="k1500", formula="paid")]), NOVEMBER
    )
    assert (results[0].value, problems) == (1522, ())


def test_a_series_is_the_formula_month_by_month():
    """300 random formulas, against the plain reading of the rules that the engines were compared with."""
    rows = random_formulas.figures(5)
    july = date(2025, random_formulas.FIRST_MONTH + 1, 1)
    measures = [
        a_measure(name, months(*row, first=july), aggregate=random_formulas.NAMES[name]) for name, row in rows.items()
    ]
    texts = [text for text, _ in random_formulas.cases(300, seed=5)]
    kpis = [a_kpi(id=f"k{at}", formula=text, row_number=at) for at, text in enumerate(texts)]
    as_of = date(2026, 12, 31)
    results, _ = score_kpis(a_planner(measures=measures, kpis=kpis), as_of)
    compared = 0
    for text, found in zip(texts, results, strict=True):
        expected = [random_formulas.in_python(text, at, rows) for at in range(random_formulas.MONTHS)]
        shown = [None] * (random_formulas.MONTHS - len(found.series)) + [value for _, _, value in found.series]
        if found.period == "2026-12":
            assert shown == [value if isinstance(value, float) else None for value in expected], text
            compared += 1
    assert compared > 100


# --- judging ---


@pytest.mark.parametrize(
    ("kpi", "value", "kept", "attainment", "status"),
    [
        ({"target": 10}, 10, True, 1, "achieved"),
        ({"target": 0.3}, 0.1 + 0.2, True, 1, "achieved"),
        ({"target": 10}, 9.9, False, 0.99, "in_progress"),
        ({"target": 10}, 7, False, 0.7, "in_progress"),
        ({"target": 10}, 6.9, False, 0.69, "off_track"),
        ({"target": 10}, -2, False, -0.2, "off_track"),
        ({"target": 10, "alert": 8}, 8, False, 0.8, "in_progress"),
        ({"target": 10, "alert": 8}, 7.9, False, 0.79, "off_track"),
        ({"target": 10, "alert": 2}, 3, False, 0.3, "in_progress"),
        ({"target": 10, "direction": ""}, 12, True, 1.2, "achieved"),
        ({"target": 0}, -1, False, None, "in_progress"),
        ({"target": 0, "alert": 0}, -1, False, None, "off_track"),
        ({"target": 0}, 0, True, None, "achieved"),
        ({"target": -5}, -4, True, None, "achieved"),
        ({"target": 10, "direction": "lower"}, 10, True, 1, "achieved"),
        ({"target": 10, "direction": "lower"}, 8, True, 1.25, "achieved"),
        ({"target": 10, "direction": "lower"}, 12.5, False, 0.8, "in_progress"),
        ({"target": 10, "direction": "lower"}, 20, False, 0.5, "off_track"),
        ({"target": 10, "direction": "lower", "alert": 30}, 20, False, 0.5, "in_progress"),
        ({"target": 10, "direction": "lower", "alert": 30}, 31, False, 10 / 31, "off_track"),
        ({"target": 10, "direction": "lower"}, 0, True, 1, "achieved"),
        ({"target": 10, "direction": "lower"}, -3, True, 1, "achieved"),
        ({"target": 0, "direction": "lower"}, 0, True, 1, "achieved"),
        ({"target": 0, "direction": "lower"}, 1, False, None, "in_progress"),
        ({"target": -1, "direction": "lower"}, -0.5, False, None, "in_progress"),
        ({"direction": "within", "lower": 10, "upper": 20}, 10, True, 1, "achieved"),
        ({"direction": "within", "lower": 10, "upper": 20}, 20, True, 1, "achieved"),
        ({"direction": "within", "lower": 10, "upper": 20}, 22, False, 0.8, "in_progress"),
        ({"direction": "within", "lower": 10, "upper": 20}, 6, False, 0.6, "off_track"),
        ({"direction": "within", "lower": 10, "upper": 20, "alert": 5}, 6, False, 0.6, "in_progress"),
        ({"direction": "within", "lower": 10, "upper": 20, "alert": 5}, 24, False, 0.6, "off_track"),
        ({"direction": "within", "lower": 10, "upper": 20, "alert": 21}, 22, False, 0.8, "off_track"),
        ({"direction": "within", "lower": 10, "upper": 10}, 11, False, 0, "off_track"),
        ({"direction": "within", "lower": 10}, 9, False, None, "in_progress"),
        ({"direction": "within", "upper": 10}, 9, True, 1, "achieved"),
        ({"direction": "within", "lower": 20, "upper": 10}, 15, None, None, "in_progress"),
        ({}, 5, None, None, "in_progress"),
        ({"alert": 6}, 5, None, None, "off_track"),
        ({"direction": "within"}, 5, None, None, "in_progress"),
    ],
)
def test_target_attainment_and_status(kpi, value, kept, attainment, status):
    kpi = a_kpi(**kpi)
    assert is_kept(kpi, value) is kept
    assert attainment_of(kpi, value) == (None if attainment is None else pytest.approx(attainment))
    assert status_of(kpi, value) == status


def test_no_value_is_no_data():
    assert status_of(a_kpi(target=1), None) == "no_data"


@pytest.mark.parametrize(
    ("kpi", "values", "bad"),
    [
        ({"target": 10}, [12, 11, 10], 0),  # falls, yet keeps its target
        ({"target": 10}, [9, 9.5, 9.8], 0),  # short of it, and coming
        ({"target": 10}, [9.8, 9.8], 0),  # no worse
        ({"target": 10}, [9, 9.8, 9.5], 1),
        ({"target": 10}, [9.9, 9.5, 9.2], 2),
        ({"target": 10}, [12, 9.5, 9.2, 8], 3),
        ({"target": 10}, [5, 6, 6.5], 3),  # off track, however it moves
        ({"target": 10}, [9.5, None, 9.2], 0),
        ({"target": 10}, [9.9, 9.2, None], 0),
        ({"target": 10, "direction": "lower"}, [11, 12, 13], 2),
        ({"direction": "within", "lower": 10, "upper": 20}, [9.5, 20.6, 9], 2),
        ({}, [3, 2, 1], 0),  # nothing to fall short of
        ({"direction": "within"}, [3, 2, 1], 0),
        ({"alert": 2.5}, [3, 2, 1], 2),  # off track without a target
        ({}, [1], 0),
        ({"target": 10}, [], 0),
    ],
)
def test_bad_periods_in_a_row(kpi, values, bad):
    assert bad_periods(a_kpi(**kpi), values) == bad


@pytest.mark.parametrize(
    ("figures", "alert"),
    [((9, 9.5), False), ((9, 9.8, 9.5), False), ((9.9, 9.5, 9.2), True), ((12, 6), True), ((12, 11), False)],
)
def test_off_track_or_two_bad_periods_raise_the_alert(figures, alert):
    found = result(formula="x", target=10.0, measures=[a_measure("x", months(*figures))], as_of=date(2026, 4, 30))
    assert found.alert is alert


@pytest.mark.parametrize(
    ("kpi", "figures", "attainment", "status", "bad"),
    [
        ({"target": 60}, (20, 20, 20, 19), 19 / 60, "in_progress", 1),  # a third of the quarter, a third of the target
        ({"target": 60}, (20, 20, 20, 21), 21 / 60, "in_progress", 0),  # on pace, yet not achieved
        ({"target": 60}, (20, 20, 20, 20, 5), 25 / 60, "off_track", 1),  # 37.5 at this pace
        ({"target": 60}, (20, 20, 20, 61), 61 / 60, "achieved", 0),
        ({"target": 60, "direction": "lower"}, (20, 20, 20, 21), 60 / 21, "in_progress", 1),  # 63 at this pace
        ({"target": 60, "direction": "lower"}, (20, 20, 20, 20), 3, "achieved", 0),
        ({"target": 60, "formula": "x + 40"}, (20, 20, 20, 19), 59 / 60, "in_progress", 1),  # does not add up
        ({"target": 60, "formula": "level"}, (20, 20, 20, 19), 5 / 60, "off_track", 2),
    ],
)
def test_a_period_in_progress_is_judged_by_its_pace(kpi, figures, attainment, status, bad):
    measures = [a_measure("x", months(*figures)), a_measure("level", months(*[5] * len(figures)), aggregate="last")]
    as_of = date(2026, len(figures), 28)
    found = result(a_kpi(**{"formula": "x", "frequency": "quarter", **kpi}), measures=measures, as_of=as_of)
    assert (found.attainment, found.status, found.bad_periods) == (pytest.approx(attainment), status, bad)


@pytest.mark.parametrize(
    ("formula", "figures", "change"),
    [("x", (20, 20, 20, 19), None), ("x", (20, 20, 20, 20, 20, 19), -1), ("x / x", (20, 20, 20, 19), 0)],
)
def test_a_period_that_adds_up_has_no_change_before_all_its_months_are_in(formula, figures, change):
    kpi = a_kpi(formula=formula, frequency="quarter")
    found = result(kpi, measures=[a_measure("x", months(*figures))], as_of=date(2026, len(figures), 28))
    assert (found.change, found.previous is not None) == (change, True)


@pytest.mark.parametrize("direction", ["higher", "lower", "within", ""])
def test_a_kpi_without_target_and_alert_raises_none(direction):
    for figures in ((9, 8, 7), (7, 8, 9)):
        found = result(formula="x", direction=direction, measures=[a_measure("x", months(*figures))])
        assert (found.status, found.bad_periods, found.alert) == ("in_progress", 0, False)


@pytest.mark.parametrize("target", [float("nan"), float("inf")])
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_a_target_that_is_no_number_says_nothing(direction, target):
    assert attainment_of(a_kpi(direction=direction, target=target), 0.0) in (None, 1.0)
    assert attainment_of(a_kpi(direction=direction, target=target), 5.0) is None


@pytest.mark.parametrize("direction", ["higher", "lower", "within"])
def test_what_leaves_the_numbers_a_cell_can_hold_is_none(direction):
    measure = a_measure("x", months(-1.7e308, 1.7e308))
    aims = {"target": 1e-300, "lower": -1e-300, "upper": 1e-300}
    found = result(a_kpi(formula="x", direction=direction, **aims), measures=[measure], as_of=date(2026, 2, 28))
    assert found.change is None
    assert found.attainment in (None, 0.0) if direction != "lower" else found.attainment == 0


TO_JUDGE = {"formula": "x", "target": 8.0, "alert": 6.0, "lower": 8.0, "upper": 9.0}


@pytest.mark.parametrize(
    ("field", "direction", "figure", "status", "attainment", "alert"),
    [
        ("direction", "", 5, "no_data", None, False),  # lower may have been meant: 5 might be good
        ("direction", "", 9, "no_data", None, False),
        ("target", "higher", 5, "no_data", None, False),
        ("lower", "within", 5, "no_data", None, False),
        ("upper", "within", 8.5, "no_data", None, False),
        ("alert", "higher", 5, "in_progress", 5 / 8, False),  # no 70 % stands in for an alert that is there
        ("alert", "higher", 9, "achieved", 9 / 8, False),
        ("lower", "higher", 5, "off_track", 5 / 8, True),  # not what it is judged by
        ("upper", "higher", 9, "achieved", 9 / 8, False),
        ("target", "within", 8.5, "achieved", 1, False),
        ("owner", "higher", 9, "achieved", 9 / 8, False),
    ],
)
def test_what_cannot_be_read_is_not_judged_by_a_default(field, direction, figure, status, attainment, alert):
    values = {**TO_JUDGE, "direction": direction}
    values[field] = "" if field in ("direction", "owner") else None
    kpi = a_kpi(**values, unreadable=frozenset({field}))
    found = result(kpi, measures=[a_measure("x", months(10, figure))], as_of=date(2026, 2, 28))
    assert (found.value, found.status, found.alert) == (figure, status, alert)
    assert found.attainment == (None if attainment is None else pytest.approx(attainment))
    assert not (status == "no_data" and found.bad_periods)


def test_an_unreadable_frequency_gives_no_value_and_what_names_the_kpi_is_computed():
    kpis = [a_kpi(id="a", formula="paid", unreadable=frozenset({"frequency"})), a_kpi(id="b", formula="a * 2")]
    results, problems = score_kpis(a_planner(measures=MEASURES, kpis=kpis), NOVEMBER)
    assert [(found.value, found.status, found.quality) for found in results] == [
        (None, "no_data", "no_data"),
        (44, "in_progress", "complete"),
    ]
    assert problems == ()


@pytest.mark.parametrize("frequency", ["month", "quarter", "continuous"])
def test_a_measure_whose_aggregate_cannot_be_read_gives_no_figure(frequency):
    measure = PAID._replace(aggregate="", unreadable=frozenset({"aggregate"}))
    found = result(formula="paid", frequency=frequency, measures=[measure])
    assert (found.value, found.error, found.quality) == (None, "#VALUE!", "not_a_number")


# --- what is known of the data ---


@pytest.mark.parametrize(
    ("figures", "aggregate", "frequency", "as_of", "quality"),
    [
        ((1, 2, 3), "sum", "month", date(2026, 4, 14), "complete"),
        ((1, 2, 3), "sum", "month", date(2026, 5, 14), "complete"),
        ((1, 2, 3), "sum", "month", date(2026, 5, 15), "stale"),
        ((1, 2, 3), "sum", "year", date(2026, 5, 15), "stale"),
        ((1,), "sum", "quarter", date(2026, 3, 31), "stale"),
        ((1,), "average", "quarter", date(2026, 5, 14), "complete"),
        ((1, None, 3), "sum", "month", date(2026, 3, 31), "gap"),
        ((1, 2, None, 3, 4), "sum", "quarter", date(2026, 5, 31), "gap"),
        ((None, None, 5, None, None, 6, None, None, 5), "average", "quarter", date(2026, 11, 30), "complete"),
        ((None, None, 5, None, None, 6, None, None, 5), "average", "quarter", date(2027, 1, 15), "stale"),
        ((None, None, 5, None, None, 6, None, None, 5), "average", "month", date(2026, 9, 30), "gap"),
        ((5, 6, None, *[5] * 13), "sum", "month", date(2027, 4, 30), "complete"),  # longer than a year ago
        ((5, 6, 5, 5, None, *[5] * 11), "sum", "month", date(2027, 4, 30), "gap"),  # a year ago, to the month
        ((10, 11, 10, 12, 11, 10, 11, 30), "sum", "month", date(2026, 8, 31), "jump"),
        ((10, 11, 10, 12, 11, 10, 11, 30), "sum", "month", date(2026, 8, 30), "complete"),  # not over yet
        ((10, 11, 10, 12, 11, 10, 11, 12), "sum", "month", date(2026, 8, 31), "complete"),
        ((100, 100, 100, 100, 100, 100, 100, 105), "sum", "month", date(2026, 8, 31), "complete"),  # 5 % is no jump
        ((100, 100, 100, 100, 100, 100, 100, 110), "sum", "month", date(2026, 8, 31), "jump"),  # 10 % is
        ((0, 0, 0, 0, 0, 0, 0, 0), "sum", "month", date(2026, 8, 31), "complete"),
        ((10, 11, 10, 30), "sum", "month", date(2026, 4, 30), "complete"),  # nothing is usual yet
        ((), "sum", "month", date(2026, 4, 30), "no_data"),
    ],
)
def test_quality(figures, aggregate, frequency, as_of, quality):
    measure = a_measure("x", months(*figures), aggregate=aggregate)
    assert result(formula="x", frequency=frequency, measures=[measure, PAID], as_of=as_of).quality == quality


@pytest.mark.parametrize("formula", ["lost / PREV(x)", "lost / before", "(PREV(x) - lost) / PREV(x, 2)"])
def test_a_measure_of_which_only_earlier_figures_are_read_has_its_faults_told(formula):
    def found(figures, unreadable=()):
        x = a_measure("x", months(*figures), aggregate="last", unreadable=frozenset(unreadable))
        lost = a_measure("lost", months(2, 1, 3, 2, 1, 2))
        kpis = [a_kpi(id="churn", formula=formula), a_kpi(id="before", formula="PREV(x)", row_number=2)]
        return score_kpis(a_planner(measures=[x, lost], kpis=kpis), date(2026, 6, 30))[0][0]

    assert found((40, 41, 42, 43, 44)).quality == "complete"  # the figure of June is not waited for
    gap = found((40, 41, None, 43, 44))
    assert (gap.period, gap.error, gap.quality) == ("2026-06", None, "gap")
    assert found((40, 41, None, 43, 44), ["2026-03"]).quality == "not_a_number"


@pytest.mark.parametrize(("figures", "quality"), [((5,), "no_data"), ((5, None, 7), "gap")])
def test_an_earlier_period_that_is_missing(figures, quality):
    found = result(
        formula="x - PREV(x)", measures=[a_measure("x", months(*figures))], as_of=date(2026, len(figures), 28)
    )
    assert (found.value, found.error, found.status, found.quality) == (None, "#N/A", "no_data", quality)


@pytest.mark.parametrize(
    "formula", ["MAX(before, last_year)", "AVERAGE(before, before)", "SUM(before)", "MAX(before, x)"]
)
def test_a_kpi_that_needs_nothing_of_its_own_period_is_waited_for_by_none(formula):
    kpis = [
        a_kpi(id="best", formula=formula),
        a_kpi(id="before", formula="PREV(x)"),
        a_kpi(id="last_year", formula="PREV(x, 1)"),
    ]
    results, _ = score_kpis(a_planner(measures=[a_measure("x", months(1, 2))], kpis=kpis), date(2026, 2, 28))
    assert results[0].quality == "complete"
    assert results[0].value == (2 if "x" in formula else 1)


@pytest.mark.parametrize("months_old", [0, 1, 2, 5])
@pytest.mark.parametrize(("target", "status"), [(0.4, "achieved"), (0.6, "in_progress"), (0.8, "off_track")])
def test_a_continuous_kpi_has_no_end_to_be_judged_towards(months_old, target, status):
    kpis = [
        a_kpi(id="rate", formula="new / before", frequency="continuous", target=target),
        a_kpi(id="before", formula="PREV(level)"),
    ]
    measures = [
        a_measure("level", months(*[10] * 7), aggregate="last"),
        a_measure("new", months(*[0] * (6 - months_old), 5)),
    ]
    found = score_kpis(a_planner(measures=measures, kpis=kpis), date(2026, 7, 18))[0][0]
    assert (found.value, found.attainment, found.status) == (0.5, pytest.approx(0.5 / target), status)


class _Writer(random_formulas.Writer):
    """Writes formulas over measures and the KPIs before."""

    kpis = ()

    def number(self, depth, *, plain=False):
        if self.kpis and depth <= 0 and self.dice.random() < 0.4:
            return self.dice.choice(self.kpis)
        return super().number(depth, plain=plain)


@pytest.mark.parametrize("seed", range(60))
def test_any_formulas_over_any_figures_give_results(seed):
    writer = _Writer(seed)
    dice, kpis = writer.dice, []
    for at in range(12):
        aims = {field: dice.choice([None, 0.0, 1.0, 10.0, -3.0]) for field in ("target", "alert", "lower", "upper")}
        direction, frequency = dice.choice([*DIRECTIONS, ""]), dice.choice([*FREQUENCIES, ""])
        kpis.append(a_kpi(id=f"k{at}", formula=writer.formula(), direction=direction, frequency=frequency, **aims))
        writer.kpis = [kpi.id for kpi in kpis]
    rows = random_formulas.figures(seed).items()
    measures = [a_measure(name, months(*row), aggregate=random_formulas.NAMES[name]) for name, row in rows]
    for day in (date(2026, 1, 15), date(2026, 8, 1), date(2027, 6, 30), date(2027, 11, 2)):
        results, _ = score_kpis(a_planner(measures=measures, kpis=kpis), day)
        for found in results:
            assert found.status in KPI_STATUSES
            assert found.quality in QUALITIES
            assert all(figure is None or isfinite(figure) for figure in (found.value, found.attainment))


def test_a_month_that_cannot_be_read_is_not_blank():
    measure = a_measure("x", months(1, 2), unreadable=frozenset({"2026-03", "unit"}))
    found = result(formula="x", measures=[measure], as_of=date(2026, 3, 31))
    assert (found.value, found.error, found.quality) == (None, "#VALUE!", "not_a_number")


def test_stale_after_as_many_days_as_the_settings_say():
    planner = a_planner(
        settings=builder_settings(stale_after_days=30), measures=[a_measure("x", months(1))], kpis=[a_kpi(formula="x")]
    )
    assert [score_kpis(planner, day)[0][0].quality for day in (date(2026, 3, 30), date(2026, 3, 31))] == [
        "complete",
        "stale",
    ]


# --- faults ---


def test_faults_of_formulas_are_at_their_cell_and_spoil_nothing_else():
    found = codes(
        a_kpi(id="blank", formula=" "),
        a_kpi(id="wrong", formula="paid +"),
        a_kpi(id="unknown", formula="margin / cost"),
        a_kpi(id="misspelt", formula="payd / trials"),
        a_kpi(id="cell", formula="paid / B2"),
        a_kpi(id="nil", formula="paid / (paid - paid)"),
        a_kpi(id="right", formula="paid"),
        a_kpi(id="error cell", formula="", unreadable=frozenset({"formula"})),
    )
    assert found == [
        ("kpi_no_formula", "blank", "formula"),
        ("formula_unfinished", "wrong", "formula"),
        ("kpi_unknown_name", "unknown", "formula"),
        ("kpi_unknown_name", "unknown", "formula"),
        ("kpi_misspelt_name", "misspelt", "formula"),
        ("kpi_cell_reference", "cell", "formula"),
        ("kpi_value_error", "nil", "formula"),
    ]


def test_a_name_with_a_hyphen_is_suggested_in_brackets():
    kpis = [a_kpi(id="KPI-1", formula="paid"), a_kpi(id="b", formula="KPI-1 * 2")]
    problem = score_kpis(a_planner(measures=MEASURES, kpis=kpis), NOVEMBER)[1][0]
    assert problem.details == {"name": "KPI", "suggestion": "[KPI-1]"}


@pytest.mark.parametrize(
    ("measures", "suggestion"),
    [((), None), (("perfect_orders",), "perfect_orders"), (("perfect_order",), "perfect_order")],
)
def test_a_kpi_is_never_suggested_for_its_own_formula(measures, suggestion):
    kpi = a_kpi(id="perfect_order", formula="perfect / orders")
    rows = [a_measure(name, {}) for name in measures]
    problem = next(
        one
        for one in score_kpis(a_planner(measures=rows, kpis=[kpi]), NOVEMBER)[1]
        if "perfect" in one.details.values()
    )
    assert problem.details.get("suggestion") == suggestion


def test_circles_name_every_member_and_the_rest_is_computed():
    kpis = [
        a_kpi(id="self", formula="self + 1"),
        a_kpi(id="a", formula="b + c"),
        a_kpi(id="b", formula="a"),
        a_kpi(id="c", formula="a + paid"),
        a_kpi(id="d", formula="b * 2"),
        a_kpi(id="e", formula="paid"),
    ]
    results, problems = score_kpis(a_planner(measures=MEASURES, kpis=kpis), NOVEMBER)
    members = {problem.row: problem.details.get("members") for problem in problems if problem.code == "kpi_cycle"}
    assert members == {"self": "self", "a": "a, b, c", "b": "a, b, c", "c": "a, b, c"}
    assert [(problem.row, problem.code) for problem in problems if problem.row == "d"] == [("d", "kpi_needs_faulty")]
    assert [found.value for found in results] == [None] * 5 + [22]


def test_a_window_over_a_kpi_that_looks_at_other_periods():
    kpis = [
        a_kpi(id="growth", formula="paid / PREV(paid)"),
        a_kpi(id="same", formula="growth"),
        a_kpi(id="w", formula="YTD(same)"),
    ]
    assert codes(*kpis) == [("kpi_window", "w", "formula")]


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        ({"target": 10, "alert": 8}, []),
        ({"target": 10, "alert": 12}, [("kpi_alert_kept", "conversion", "alert")]),
        ({"target": 10, "alert": 8, "direction": "lower"}, [("kpi_alert_kept", "conversion", "alert")]),
        ({"lower": 2, "upper": 1, "direction": "within"}, [("kpi_bounds_swapped", "conversion", "lower")]),
        ({"lower": 1, "upper": 3, "alert": 2, "direction": "within"}, [("kpi_alert_kept", "conversion", "alert")]),
        ({"lower": 1, "upper": 3, "alert": 3, "direction": "within"}, []),
    ],
)
def test_bounds_and_alerts_that_make_no_sense(kpi, expected):
    assert codes(a_kpi(**kpi)) == expected


def test_rows_keep_their_places_and_the_first_of_two_ids_counts():
    kpis = [
        a_kpi(id="x", formula="paid"),
        a_kpi(id="", formula="trials"),
        a_kpi(id=" X", formula="mrr"),
        a_kpi(id="y", formula="x"),
    ]
    results, _ = score_kpis(a_planner(measures=[*MEASURES, a_measure("PAID", months(1))], kpis=kpis), NOVEMBER)
    assert [found.value for found in results] == [22, 200, 125, 22]


def test_an_empty_planner():
    assert score_kpis(Planner(), NOVEMBER) == ((), ())
    assert score_kpis(Planner(settings=Settings(), kpis=(a_kpi(),)), NOVEMBER)[0][0].status == "no_data"


figure = st.none() | st.floats(-1e6, 1e6)


@given(st.lists(figure, max_size=30), st.lists(figure, max_size=30), st.integers(0, 900))
def test_past_results_do_not_change_when_months_are_added(paid, trials, days):
    """What was known at a date is the same, whatever came later."""
    as_of = date.fromordinal(date(2026, 1, 1).toordinal() + days)
    kpis = [a_kpi(frequency=each, id=each) for each in ("month", "quarter", "half_year", "year", "continuous")]
    full = [a_measure("paid", months(*paid)), a_measure("trials", months(*trials))]
    known = [each._replace(months={day: x for day, x in each.months.items() if day <= as_of}) for each in full]
    results = score_kpis(a_planner(measures=full, kpis=kpis), as_of)
    assert results == score_kpis(a_planner(measures=known, kpis=kpis), as_of)
    for found in results[0]:
        assert not found.series or found.series[-1][1] <= as_of


# --- back on track ---


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        ({"target": 0.2}, {"kind": "increase", "start": 0.11, "target": 0.2}),
        ({"target": 0.05, "direction": "lower"}, {"kind": "decrease", "start": 0.11, "target": 0.05}),
        ({"direction": "within", "lower": 0.2, "upper": 0.3}, {"kind": "stay_between", "lower": 0.2, "upper": 0.3}),
        ({"direction": "within", "lower": 0.2}, {"kind": "stay_above", "lower": 0.2}),
        ({"direction": "within", "upper": 0.1}, {"kind": "stay_below", "upper": 0.1}),
    ],
)
def test_the_key_result_that_brings_a_kpi_back(kpi, expected):
    kpi = a_kpi(**kpi, owner="Ann", team="Marketing", unit="%")
    planner = a_planner(measures=MEASURES, kpis=[kpi])
    draft = recovery_key_result(kpi, score_kpis(planner, NOVEMBER)[0][0], planner, "KR9")
    assert (draft.id, draft.kpi, draft.owner, draft.team, draft.unit) == ("KR9", "conversion", "Ann", "Marketing", "%")
    assert draft.due == planner.settings.period_end
    assert {field: getattr(draft, field) for field in expected} == expected
