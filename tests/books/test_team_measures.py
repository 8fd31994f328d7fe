"""The sheet of measures in a team's workbook: what is open, how it looks, and that its KPIs come to what Python says."""

from __future__ import annotations

import io
from datetime import date
from random import Random

import pytest
from openpyxl import load_workbook

from okr_workbook.books.gate import admitted
from okr_workbook.books.stamp import SHEET, read_stamp
from okr_workbook.books.team.layout import LIST_FIRST
from okr_workbook.books.team.measures import FIRST_MONTH
from okr_workbook.books.team.package_writer import write_package
from okr_workbook.books.team_book import make_team_book, team_workbook
from okr_workbook.domain.periods import first_day, month_number, period_label
from okr_workbook.domain.planner import Kpi, Measure, Team
from okr_workbook.domain.scoring import score_planner
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.labels import labels_for
from tests.books.random_planners import TEAM
from tests.books.recalculation import ENGINES, stored
from tests.builders import a_measure, a_planner, an_objective, settings
from tests.domain.random_formulas import NAMES, Writer, agree, figures

AS_OF = date(2026, 11, 18)
JULY = date(2025, 7, 1)


def a_plan(measures=(), kpis=(), as_of=AS_OF, **changes):
    rows = [row._replace(team=row.team or TEAM, row_number=at) for at, row in enumerate(measures, 1)]
    objectives = [an_objective(), an_objective(id="O2", level="team", team=TEAM, parent="O1", row_number=2)]
    tables = {"objectives": objectives, "measures": rows, "kpis": kpis}
    planner = a_planner(settings=settings(**changes), teams=[Team(TEAM, row_number=1)], **tables)
    return team_plans(planner, score_planner(planner, as_of), [TEAM])[0]


def months(first, *values):
    """A figure a month from the first on; None for none."""
    numbers = range(month_number(first), month_number(first) + len(values))
    return {first_day(number): float(value) for number, value in zip(numbers, values, strict=True) if value is not None}


def sheet_of(plan, title="Measures"):
    return load_workbook(io.BytesIO(make_team_book(plan)))[title]


VISITS = a_measure("visits", months(date(2026, 8, 1), 7100, 7200, None, 7400), label="Visits", unit="€", source="Web")


def test_a_team_without_measures_has_no_such_sheet():
    book = load_workbook(io.BytesIO(make_team_book(a_plan())))
    assert "Measures" not in book.sheetnames
    assert "okr_measures" not in book.defined_names


@pytest.mark.parametrize(
    ("language", "headers"),
    [
        ("en", ["Measure", "Label", "Unit", "Source", "Aug 2026", "Sep 2026", "Oct 2026", "Nov 2026"]),
        ("fr", ["Mesure", "Libellé", "Unité", "Source", "août 2026", "sept. 2026", "oct. 2026", "nov. 2026"]),
    ],
)
def test_the_table_is_named_by_its_id_and_headed_in_the_teams_language(language, headers):
    sheet = sheet_of(a_plan([VISITS], language=language), {"en": "Measures", "fr": "Mesures"}[language])
    assert [column.name for column in sheet.tables["measures"].tableColumns] == headers
    assert [cell.value for cell in sheet[LIST_FIRST]][1:9] == ["visits", "Visits", "€", "Web", 7100, 7200, None, 7400]


def test_the_last_three_months_are_open_and_no_other_cell():
    sheet = sheet_of(a_plan([VISITS, a_measure("trials", {}, row_number=2)]))
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"{column}{row}" for column in "GHI" for row in (6, 7)}
    assert sheet.protection.sheet


def test_open_months_take_numbers_and_say_the_unit():
    rows = [VISITS, a_measure("spend", {}, unit="€"), a_measure("trials", {}, unit="%")]
    rules = sheet_of(a_plan(rows)).data_validations.dataValidation
    assert [(str(rule.sqref), rule.type, rule.showErrorMessage) for rule in rules] == [
        ("G6:I7", "decimal", True),
        ("G8:I8", "decimal", True),
    ]
    assert [rule.prompt.rsplit(" ", 1)[1] for rule in rules] == ["€", "%"]


def test_figures_are_shown_in_the_format_of_their_unit():
    rows = [VISITS, a_measure("rate", {date(2026, 9, 1): 0.125}, unit="%"), a_measure("calls", {})]
    sheet = sheet_of(a_plan(rows))
    closed, opened = (
        [sheet.cell(row, month).number_format for row in (6, 7, 8)] for month in (FIRST_MONTH, FIRST_MONTH + 2)
    )
    assert closed == ['"€"#,##0;-"€"#,##0', "0.0%", "#,##0"]
    assert opened == ['[>=1000]"€"#,##0;"€"General', "0.0%", "[>=1000]#,##0;General"]  # what is typed may not be whole


def test_the_stamp_holds_every_figure_as_it_was_sent():
    stamp = read_stamp(admitted(make_team_book(a_plan([VISITS]))).block(SHEET))
    assert stamp.base()["measures", "visits"] == {
        "label": "Visits", "unit": "€", "source": "Web",
        "2026-08": 7100.0, "2026-09": 7200.0, "2026-10": None, "2026-11": 7400.0,
    }  # fmt: skip


def test_a_long_figure_fits_its_column():
    narrow, wide = (
        sheet_of(a_plan([a_measure("visits", {AS_OF.replace(day=1): figure})])).column_dimensions["F"].width
        for figure in (1.0, -123_456_789_012.0)
    )
    assert (narrow, wide > 20) == (pytest.approx((66 - 5) / 7 + 0.71), True)


# --- the KPIs that follow -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "value", "number_format"),
    [
        ({"direction": "higher", "target": 3.0}, 3.0, "#,##0"),
        ({"direction": "within", "lower": 2.0, "upper": 5.0}, "2–5", ""),
        ({"direction": "within", "lower": 2.0}, 2.0, '"≥\u00a0"#,##0;"≥\u00a0"-#,##0'),
        ({"direction": "within", "upper": 5.0}, 5.0, '"≤\u00a0"#,##0;"≤\u00a0"-#,##0'),
    ],
)
def test_the_target_of_a_kpi_that_follows_has_the_sign_of_its_bound(fields, value, number_format):
    kpi = Kpi("k", "K", "visits", team=TEAM, row_number=1, **fields)
    sheet = sheet_of(a_plan([a_measure("visits", months(date(2026, 8, 1), 3, 4))], [kpi]))
    cell = sheet.cell(LIST_FIRST + 4, FIRST_MONTH - 1)
    assert cell.value == value
    assert not number_format or cell.number_format == number_format


def a_plan_of_figures(seed, as_of, changed=None):
    """Random figures of six measures and sixty random formulas over them; some figures changed."""
    rows = figures(seed)
    writer, random = Writer(seed), Random(seed)
    measures = [
        Measure(
            name, name.title(), random.choice(("€", "", "days")), aggregate, TEAM, "Ledger", months(JULY, *rows[name])
        )
        for name, aggregate in NAMES.items()
    ]
    measures = [row._replace(months={**row.months, **(changed or {}).get(row.measure, {})}) for row in measures]
    measures = [row._replace(months={day: x for day, x in row.months.items() if x is not None}) for row in measures]
    kpis = [
        Kpi(f"k{number}", f"KPI {number}", writer.formula(), "", "higher", 1.0, frequency="month", team=TEAM)
        for number in range(60)
    ]
    return a_plan(measures, kpis, as_of, language=("en", "fr")[seed % 2]), kpis


def some_figures(plan, seed):
    """What a team types into the open months: by measure and month a new figure, None where it empties the cell."""
    random = Random(seed)
    return {
        one.row.measure: {
            month: random.choice((None, 0.0, 1.5, float(random.randint(-3, 400)), 12_345.0))
            for month in plan.months[plan.closed :]
            if random.random() < 0.7
        }
        for one in plan.measures
    }


def with_typed(workbook, plan, typed):
    sheet = next(sheet for sheet in workbook.sheets if any(table.name == "measures" for table in sheet.tables))
    for row, one in enumerate(plan.measures, LIST_FIRST):
        for column, month in enumerate(plan.months, FIRST_MONTH):
            if month in typed.get(one.row.measure, {}):
                look = sheet.all_cells()[row, column][1]
                sheet.put(row, column, typed[one.row.measure][month], look)
    return sheet


def followers(plan):
    return [kpi for kpi in plan.kpis if kpi.follows is not None]


def expected(plan, title):
    """What the cells of the open months must show, by the core: the address, the value, and of which KPI."""
    top = LIST_FIRST + len(plan.measures) + 3
    found = {}
    for row, kpi in enumerate(followers(plan), top):
        values = {label: value for label, _, value in kpi.got.series}
        for column, month in enumerate(plan.months[plan.closed :], FIRST_MONTH + plan.closed):
            cell = f"{chr(64 + column)}{row}"
            found[title, cell] = (values.get(period_label(month_number(month), "month")), kpi.row.id)
    return found


@pytest.mark.parametrize(
    ("engine", "typing"), [("stored", False), *((engine, typing) for engine in ENGINES for typing in (False, True))]
)
@pytest.mark.parametrize("seed", range(6))
def test_kpis_follow_the_figures_as_python_computes_them(seed, engine, typing):
    as_of = (date(2026, 12, 31), AS_OF, date(2026, 3, 1))[seed % 3]
    sent, kpis = a_plan_of_figures(seed, as_of)
    assert len(followers(sent)) > 10
    workbook = team_workbook(sent, labels_for(sent.language))
    typed = some_figures(sent, seed) if typing else {}
    sheet = with_typed(workbook, sent, typed)
    after, _ = a_plan_of_figures(seed, as_of, typed)
    shown = {**ENGINES, "stored": stored}[engine](write_package(workbook))
    formulas = {kpi.id: kpi.formula for kpi in kpis}
    wrong = {
        place: (formulas[kpi], value, shown.get(place))
        for place, (value, kpi) in expected(after, sheet.title).items()
        if not agree(value, shown.get(place))
    }
    assert wrong == {}
