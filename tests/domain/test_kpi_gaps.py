"""What a KPI without a value, or with an old one, waits for: which measures lack which months."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.domain.kpis.formulas import read_formulas
from okr_workbook.domain.kpis.gaps import Waiting
from okr_workbook.domain.kpis.quality import Qualities
from okr_workbook.domain.kpis.scores import score_kpis
from okr_workbook.domain.kpis.values import figures_until
from okr_workbook.domain.periods import first_day, last_over, month_number
from tests.builders import a_kpi, a_measure, a_planner
from tests.domain import random_formulas
from tests.domain.test_kpis import months


def gaps(planner, as_of):
    """What each KPI waits for."""
    results, _ = score_kpis(planner, as_of)
    figures = [figures_until(measure, as_of) for measure in planner.measures]
    waiting = Waiting(planner, read_formulas(planner), figures, last_over(as_of))
    return [waiting.gaps(place, result).of for place, result in enumerate(results)]


APRIL = month_number(date(2026, 4, 1))
MEASURES = (
    a_measure("eleven", months(*range(1, 12))),
    a_measure("hole", months(1, 2, None, 4)),
    a_measure("quarterly", months(None, None, 3, None, None, 6), aggregate="last"),
    a_measure("early", months(7, 8, 9)),
    a_measure("new", months(*[None] * 6, 7)),
    a_measure("none", {}),
)


@pytest.mark.parametrize(
    ("formula", "frequency", "as_of", "expected"),
    [
        ("eleven", "month", date(2026, 11, 30), ()),  # it has a value
        ("none", "month", date(2026, 11, 30), (("none", ("2026-11",)),)),
        ("eleven / none", "month", date(2026, 11, 30), (("none", ("2026-11",)),)),
        (
            "eleven / none",
            "month",
            date(2027, 2, 10),
            (("none", ("2026-11",)),),
        ),  # the latest of which anything is told
        ("eleven / none", "quarter", date(2026, 11, 30), (("none", ("2026-10/2026-11",)),)),
        ("eleven / none", "year", date(2026, 3, 31), (("none", ("2026-01/2026-03",)),)),
        # a month that still runs is not asked for, unless nothing is told of any other
        ("none", "month", date(2026, 7, 3), (("none", ("2026-06",)),)),
        ("none", "quarter", date(2026, 7, 3), (("none", ("2026-04/2026-06",)),)),
        ("none", "quarter", date(2026, 8, 3), (("none", ("2026-07",)),)),
        ("none", "continuous", date(2026, 7, 3), (("none", ("2026-06",)),)),
        ("eleven / none", "month", date(2026, 7, 3), (("none", ("2026-06",)),)),
        ("new / none", "month", date(2026, 7, 3), (("none", ("2026-07",)),)),
        ("new / none", "month", date(2026, 8, 3), (("none", ("2026-07",)),)),
        ("ROLLING(none, 12) / eleven", "month", date(2026, 7, 3), (("none", ("2025-07/2026-06",)),)),
        ("inner + eleven", "month", date(2026, 7, 3), (("none", ("2026-06",)),)),
        ("eleven / none", "continuous", date(2026, 11, 30), (("none", ("2026-11",)),)),
        ("hole / early", "month", date(2026, 1, 31), ()),
        ("SUM(none, early)", "month", date(2026, 11, 30), ()),  # one of the two is enough
        ("SUM(none, nothing)", "month", date(2026, 11, 30), (("none", ("2026-11",)), ("nothing", ("2026-11",)))),
        ("ROLLING(eleven, 12)", "month", date(2026, 11, 30), (("eleven", ("2025-12",)),)),
        ("ROLLING(hole, 4)", "month", date(2026, 4, 30), (("hole", ("2026-03",)),)),
        ("ROLLING(quarterly, 4)", "quarter", date(2026, 6, 30), (("quarterly", ("2025-07/2025-12",)),)),
        ("ROLLING(none, 2)", "month", date(2026, 4, 30), (("none", ("2026-03/2026-04",)),)),
        ("hole - PREV(hole)", "month", date(2026, 4, 30), (("hole", ("2026-03",)),)),
        ("eleven - PREV(eleven, 12)", "month", date(2026, 11, 30), (("eleven", ("2025-11",)),)),
        ("eleven - PREV(eleven, 4)", "quarter", date(2026, 11, 30), (("eleven", ("2025-10/2025-12",)),)),
        ("eleven / (hole - hole)", "month", date(2026, 4, 30), ()),  # a division by 0 is told elsewhere
        ("eleven +", "month", date(2026, 11, 30), ()),  # and so is a fault in the formula
        ("YTD(none)", "month", date(2026, 11, 30), (("none", ("2026-11",)),)),
        ("inner", "month", date(2026, 11, 30), (("none", ("2026-11",)),)),
        ("growth * 2", "month", date(2026, 4, 30), (("hole", ("2026-03",)),)),
        ("ROLLING(inner, 2)", "month", date(2026, 11, 30), (("none", ("2026-10/2026-11",)),)),
        ("eleven - PREV(inner)", "month", date(2026, 11, 30), (("none", ("2026-10",)),)),
    ],
)
def test_the_measures_and_months_a_kpi_waits_for(formula, frequency, as_of, expected):
    kpis = [
        a_kpi(id="inner", formula="none * 2"),
        a_kpi(id="growth", formula="hole - PREV(hole)"),
        a_kpi(id="asked", formula=formula, frequency=frequency),
    ]
    planner = a_planner(kpis=kpis, measures=[*MEASURES, a_measure("nothing", {})])
    assert gaps(planner, as_of)[-1] == expected


def test_before_the_first_year_there_is_a_name_for_a_month_all_the_same():
    planner = a_planner(kpis=[a_kpi(formula="ROLLING(x, 3)")], measures=[a_measure("x", {date.min: 1.0})])
    assert gaps(planner, date.min) == [(("x", ("0000-11/0000-12",)),)]


def test_where_the_frequency_cannot_be_read_nothing_is_asked_for():
    kpi = a_kpi(formula="none", unreadable=frozenset({"frequency"}))
    assert gaps(a_planner(kpis=[kpi], measures=MEASURES), date(2026, 11, 30)) == [()]


def test_long_chains_are_followed():
    chain = [a_kpi(id=f"k{at}", formula=f"k{at + 1} + 1", row_number=at + 1) for at in range(1500)]
    planner = a_planner(kpis=[*chain, a_kpi(id="k1500", formula="none")], measures=MEASURES)
    assert set(gaps(planner, date(2026, 11, 30))) == {(("none", ("2026-11",)),)}


@pytest.mark.parametrize("seed", range(40))
def test_filling_in_what_is_asked_for_leaves_nothing_to_wait_for(seed):
    writer, as_of = random_formulas.Writer(seed), date(2026, 9, 15)
    kpis = [
        a_kpi(id=f"k{at}", formula=writer.formula(), frequency=frequency)
        for at, frequency in enumerate(("month", "quarter", "half_year", "year", "continuous"))
    ]
    rows = random_formulas.figures(seed).items()
    measures = [
        a_measure(
            name, months(*row, first=date(2026, 5, 1)) if name != "gone" else {}, aggregate=random_formulas.NAMES[name]
        )
        for name, row in rows
    ]
    for _ in range(3):  # what is needed now, then what is looked back at
        for of in gaps(a_planner(kpis=kpis, measures=measures), as_of):
            asked = {name: [day for run in runs for day in days(run)] for name, runs in of}
            measures = [
                one._replace(months={**dict.fromkeys(asked.get(one.measure, ()), 1.0), **one.months})
                for one in measures
            ]
    assert not any(gaps(a_planner(kpis=kpis, measures=measures), as_of))


def days(run):
    """The first days of the months of a run."""
    first, _, last = run.partition("/")
    ends = [month_number(date.fromisoformat(f"{month}-01")) for month in (first, last or first)]
    return [first_day(month) for month in range(ends[0], ends[1] + 1)]


@pytest.mark.parametrize(
    ("formula", "as_of", "expected"),
    [
        ("late", date(2026, 5, 14), {}),
        ("late", date(2026, 5, 15), {"late": [APRIL]}),
        ("paid / late", date(2026, 6, 20), {"late": [APRIL, APRIL + 1]}),
        ("SUM(paid, late)", date(2026, 6, 20), {}),  # one of the two is enough
        ("SUM(survey, survey)", date(2026, 8, 1), {"survey": [APRIL + 2]}),  # taken each quarter
        ("of_late + paid", date(2026, 5, 15), {"late": [APRIL]}),
    ],
)
def test_what_a_stale_kpi_waits_for_is_due_by_the_rhythm_of_its_measures(formula, as_of, expected):
    figures = {"late": range(1, 4), "paid": range(1, 7), "survey": (1, 3)}
    measures = [a_measure(name, {date(2026, m, 1): 1.0 for m in told}) for name, told in figures.items()]
    measures[2] = a_measure("survey", {date(2025, 12, 1): 1.0, date(2026, 3, 1): 1.0}, aggregate="average")
    planner = a_planner(
        kpis=[
            a_kpi(id="of_late", formula="late"),
            a_kpi(id="asked", formula=formula, frequency="quarter" if "survey" in formula else "month"),
        ],
        measures=measures,
    )
    figures_of = [figures_until(measure, as_of) for measure in measures]
    assert Qualities(planner, read_formulas(planner), figures_of, as_of).due(1) == expected
