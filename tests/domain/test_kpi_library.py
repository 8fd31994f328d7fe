"""The library: every ready-made KPI can be computed, says what it means in every language, and stands in the docs.

`python -m tests.domain.test_kpi_library --write` writes docs/kpi-library.md anew.
"""

from __future__ import annotations

import sys
from functools import cache, partial
from math import isfinite
from pathlib import Path

import pytest

from okr_workbook.domain.formula.excel import Cells, to_excel
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.formula.values import evaluate
from okr_workbook.domain.kpis.ready_made import (
    CATEGORIES,
    KPIS,
    MEASURES,
    kpi_row,
    measure_row,
    missing_measures,
    ready_kpi,
)
from okr_workbook.domain.planner import AGGREGATES, DIRECTIONS, FREQUENCIES
from okr_workbook.labels import LANGUAGES, area, labels_for
from tests.books.recalculation import ENGINES
from tests.builders import a_measure, a_planner

PAGE = Path(__file__).parents[2] / "docs" / "kpi-library.md"
THE_SEED_EXAMPLE = ["signup_rate", "trial_conversion", "revenue_retention", "gross_revenue_retention", "cac"]


@cache
def words(language):
    return area(language, "kpis")


def test_ids_are_told_apart():
    assert len({kpi.id for kpi in KPIS}) == len(KPIS) >= 44
    assert len({measure.measure for measure in MEASURES}) == len(MEASURES)


def test_every_measure_is_used():
    assert {measure for kpi in KPIS for measure in kpi.measures} == set(MEASURES)


def test_every_category_has_several():
    assert min(sum(kpi.category == category for kpi in KPIS) for category in CATEGORIES) >= 6


@pytest.mark.parametrize("kpi_id", THE_SEED_EXAMPLE)
def test_the_kpis_of_the_worked_example_are_there(kpi_id):
    assert ready_kpi(kpi_id)


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.id)
def test_choices_are_those_of_the_planner(kpi):
    assert kpi.category in CATEGORIES
    assert kpi.direction in DIRECTIONS
    assert kpi.frequency in FREQUENCIES
    assert kpi.source
    assert kpi.unit
    assert {measure.aggregate for measure in kpi.measures} <= set(AGGREGATES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_words(language):
    found = words(language)
    assert list(found["kpis"]) == [kpi.id for kpi in KPIS]
    assert list(found["measures"]) == [measure.measure for measure in MEASURES]
    assert list(found["categories"]) == list(CATEGORIES)
    units = {each.unit for each in (*KPIS, *MEASURES)} - {"", "%", "currency"}
    assert set(found["units"]) == units
    for kpi in found["kpis"].values():
        assert set(kpi) == {"name", "meaning", "action"}
        assert all(text.strip() for text in kpi.values())
        assert kpi["meaning"].endswith((".", "?"))
        assert kpi["action"].endswith((".", "?"))
    names = [kpi["name"] for kpi in found["kpis"].values()]
    assert len(set(names)) == len(names)


# --- every formula computes, in Python as in a cell ---

MONTHS = 26


def figure_of(measure, month):
    """Plausible figures: they grow, parts stay smaller than their whole."""
    size = 1 + len(MEASURES) - [each.measure for each in MEASURES].index(measure)
    return float(100 * size + month * size % 17 + month)


def read(at, name, span):
    last, aggregate = at - span.lag, {each.measure: each.aggregate for each in MEASURES}[name]
    if last < 0:
        return None
    figures = [figure_of(name, month) for month in range(last - span.length + 1, last + 1)]
    return {"sum": sum(figures), "last": figures[-1], "average": sum(figures) / len(figures)}[aggregate]


def cell(at, name, span):
    row = [each.measure for each in MEASURES].index(name) + 1
    first, last = (f"{chr(ord('A') + month)}{row}" for month in (at - span.lag - span.length + 1, at - span.lag))
    aggregate = {each.measure: each.aggregate for each in MEASURES}[name]
    return Cells(f"figures!{last}" if span.length == 1 else f"figures!{first}:{last}", aggregate)


@pytest.fixture(scope="module")
def native_workbook():
    import io

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "figures"
    for measure in MEASURES:
        sheet.append([figure_of(measure.measure, month) for month in range(MONTHS)])
    computed = book.create_sheet("kpis")
    for row, kpi in enumerate(KPIS, 1):
        computed.cell(row, 1).value = "=" + to_excel(parse(kpi.formula), partial(cell, MONTHS - 1))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_native_formula_shows_the_value_of_python(native_workbook, engine):
    shown = ENGINES[engine](native_workbook)
    for row, kpi in enumerate(KPIS, 1):
        value = evaluate(parse(kpi.formula), partial(read, MONTHS - 1))
        assert isinstance(value, float), (kpi.id, value)
        assert isfinite(value)
        assert shown["kpis", f"A{row}"] == pytest.approx(value), kpi.id


@pytest.mark.parametrize(
    ("kpi_id", "figures", "value"),
    [
        ("revenue_retention", {"mrr_end": (57000, 58500), "mrr_expansion": (0, 517), "mrr_lost": (0, 1030)}, 0.991),
        ("gross_revenue_retention", {"mrr_end": (57000, 58500), "mrr_lost": (0, 1140)}, 0.98),
        ("signup_rate", {"trials_started": (0, 328), "visitors": (0, 8000)}, 0.041),
        ("cac", {"marketing_spend": (0, 15930), "sales_spend": (0, 6400), "customers_new": (0, 58)}, 385),
        ("quick_ratio", {"mrr_new": (0, 3000), "mrr_expansion": (0, 1000), "mrr_lost": (0, 1000)}, 4),
        ("cac_payback", {"marketing_spend": (0, 8000), "sales_spend": (0, 4000), "mrr_new": (0, 2000),
                         "revenue": (0, 50000), "cost_of_sales": (0, 10000)}, 7.5),
        ("customer_churn", {"customers_lost": (0, 6), "customers_end": (200, 210)}, 0.03),
        ("burn_multiple", {"net_burn": (0, 60000), "mrr_end": (50000, 55000)}, 1),
        ("nps", {"nps_promoters": (0, 50), "nps_detractors": (0, 20), "nps_answers": (0, 100)}, 30),
        ("budget_gap", {"spend_actual": (0, 95), "spend_budget": (0, 100)}, -0.05),
        ("uptime", {"minutes_promised": (0, 43200), "minutes_down": (0, 43.2)}, 0.999),
        ("ticket_backlog", {"tickets_open": (0, 150), "tickets_resolved": (0, 300)}, 0.5),
    ],
)  # fmt: skip
def test_known_values(kpi_id, figures, value):
    found = evaluate(parse(ready_kpi(kpi_id).formula), lambda name, span: figures[name][1 - span.lag])
    assert found == pytest.approx(value)


def test_runway_without_burn_is_five_years():
    assert (
        evaluate(parse(ready_kpi("runway").formula), lambda name, span: {"net_burn": -3, "cash_end": 100}[name]) == 60
    )


# --- into a planner ---


@pytest.mark.parametrize("text", ["signup_rate", " Signup_Rate ", "signup-rate", "Signup rate"])
def test_an_id_is_found_however_it_is_written(text):
    assert ready_kpi(text) is ready_kpi("signup_rate")


def test_an_unknown_id_is_none():
    assert ready_kpi("happiness") is None


def test_rows_for_a_planner():
    kpi = ready_kpi("signup_rate")
    row = kpi_row(kpi, "Trial sign-up rate", "%", "Test two headlines")
    assert (row.id, row.formula, row.direction, row.frequency, row.target) == (
        "signup_rate", "trials_started / visitors", "higher", "month", None,
    )  # fmt: skip
    planner = a_planner(measures=[a_measure("VISITORS ", {})])
    assert [measure.measure for measure in missing_measures(kpi, planner)] == ["trials_started"]
    assert measure_row(kpi.measures[0], "Trials started", "trials").aggregate == "sum"


# --- the page in the docs ---


def page():
    """docs/kpi-library.md, from the code and the English labels."""
    found, labels = words("en"), labels_for("en")
    lines = [
        "# The KPI library",
        "",
        f"{len(KPIS)} ready-made KPIs over {len(MEASURES)} measures. `okr kpis` lists and searches them in English and French;",
        "`okr kpis --add ID --to FILE` puts one and the measures it needs into a planner. How formulas work:",
        "[kpi-formulas.md](kpi-formulas.md). This page is written from the code by",
        "`python -m tests.domain.test_kpi_library --write`.",
        "",
        "Values in % are shares (0.12 shows as 12%). Set the target to what fits your company: no general one is right.",
    ]
    for category in CATEGORIES:
        lines += ["", f"## {found['categories'][category]}", ""]
        for kpi in KPIS:
            if kpi.category != category:
                continue
            its = found["kpis"][kpi.id]
            unit = found["units"].get(kpi.unit, kpi.unit) or "a plain number"
            lines += [
                f"### {its['name']} (`{kpi.id}`)",
                "",
                its["meaning"],
                "",
                f"- Formula: `{kpi.formula}`",
                f"- Unit: {unit}. Good is: {labels.choice(kpi.direction).lower()}. Taken every {labels.choice(kpi.frequency).lower()}.",
                f"- When it goes wrong: {its['action']}",
                f"- Source: {kpi.source}",
                "",
            ]
    lines += ["## Measures", "", "| measure | what it is | over several months | unit |", "|---|---|---|---|"]
    for measure in MEASURES:
        unit = found["units"].get(measure.unit, measure.unit)
        lines.append(f"| `{measure.measure}` | {found['measures'][measure.measure]} | {measure.aggregate} | {unit} |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def test_the_page_says_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.domain.test_kpi_library --write"


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    PAGE.write_text(page(), encoding="utf-8")
