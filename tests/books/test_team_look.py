"""How a team's workbook looks: targets, long texts, large numbers, charts, rules of cells, and the pages to print."""

from __future__ import annotations

import pytest

from okr_workbook.books.team.heights import height, lines, room
from okr_workbook.books.team.key_results import MARK, bullet_parts
from okr_workbook.books.team.layout import ANSWER_COLUMNS, DETAIL_COLUMNS, FIRST_COLUMN, LIST_FIRST, OBJECTIVE_COLUMNS
from okr_workbook.books.team.overview import BARS
from okr_workbook.books.team.trends import CHARTS, axis_format, nice_step
from okr_workbook.books.team_book import make_team_book, team_workbook
from okr_workbook.books.team_sheets import make_team_sheets
from okr_workbook.domain.planner import Action, Member
from okr_workbook.labels import labels_for
from tests.actions.planner_files import TeamBook
from tests.books.random_planners import TEAM, a_random_planner
from tests.books.test_team_book import a_small_planner, opened, plan_of
from tests.builders import START, a_key_result, a_kpi, a_measure, an_objective

N = "\u00a0"
LONG = "bring the composite indicator of satisfaction and loyalty of international customers from 10 to 100, all countries together"


def with_rows(*rows, kpis=(), measures=(), objectives=(), members=(), **changes):
    """A small team with these key results (fields that differ) and no others."""
    planner = a_small_planner(0, **changes)
    made = [
        a_key_result(**{"id": f"KR{i}", "objective": "O2", "row_number": i, **row}) for i, row in enumerate(rows, 1)
    ]
    return plan_of(
        planner._replace(
            key_results=tuple(made), kpis=tuple(kpis), measures=tuple(measures), members=tuple(members),
            objectives=(*planner.objectives, *objectives),
        )
    )  # fmt: skip


def workbook_of(plan, language="en"):
    return team_workbook(plan, labels_for(language))


def team_book(plan, tmp_path, language="en"):
    path = tmp_path / "book.xlsx"
    path.write_bytes(make_team_book(plan, labels_for(language)))
    return TeamBook(path)


def monthly(**values):
    """A measure with a figure a month from July 2026 on."""
    return [
        a_measure(name, {START.replace(month=7 + i): one for i, one in enumerate(row)}) for name, row in values.items()
    ]


# --- targets --------------------------------------------------------------------------------------

BOUNDS = [
    ({"kind": "stay_above", "lower": 20.0, "unit": "days"}, 20.0, f'"≥{N}"#,##0"{N}days";"≥{N}"-#,##0"{N}days"'),
    ({"kind": "stay_below", "upper": 2.5, "unit": "€"}, 2.5, f'"≤{N}""€"0.00;"≤{N}"-"€"0.00'),
    ({"kind": "stay_between", "lower": 40.0, "upper": 60.0, "unit": "€"}, "€40–60", ""),
    ({"kind": "increase", "start": 0.0, "target": 60.0, "unit": ""}, 60.0, "#,##0"),
]


@pytest.mark.parametrize(("row", "shown", "number_format"), BOUNDS)
@pytest.mark.parametrize("level", ["team", "member"])
def test_the_target_of_a_bound_shows_its_sign_and_that_of_a_band_both_ends(tmp_path, level, row, shown, number_format):
    own = an_objective(id="O3", level="member", team=TEAM, owner="Bo", row_number=3)
    plan = with_rows(
        {"objective": "O3" if level == "member" else "O2", **row}, objectives=[own], members=[Member("Bo", TEAM)]
    )
    table = "member_key_results" if level == "member" else "key_results"
    cell = team_book(plan, tmp_path).cell(table, "KR1", "Target")
    assert cell.value == shown
    assert not number_format or cell.number_format == number_format


@pytest.mark.parametrize(
    ("fields", "shown", "number_format"),
    [
        ({"lower": 5.0, "upper": 8.0}, "€5–8", ""),
        ({"lower": 5.0}, 5.0, f'"≥{N}""€"#,##0;"≥{N}"-"€"#,##0'),
        ({"direction": "lower", "target": 3.0}, 3.0, '"€"#,##0;-"€"#,##0'),
    ],
)
def test_a_kpi_shows_the_bounds_it_is_to_stay_within(tmp_path, fields, shown, number_format):
    kpi = a_kpi(formula="price", unit="€", team=TEAM, **{"direction": "within", **fields})
    cell = team_book(with_rows(kpis=[kpi], measures=monthly(price=[9.0])), tmp_path).cell("kpis", 1, "Target")
    assert cell.value == shown
    assert not number_format or cell.number_format == number_format


@pytest.mark.parametrize(
    ("language", "target", "unit", "shown"),
    [
        ("fr", 1.0, "jours", f'"≤{N}"0"{N}jour";"≤{N}"-0"{N}jour"'),
        ("fr", 1.5, "jours", f'"≤{N}"0.0"{N}jour";"≤{N}"-0.0"{N}jour"'),
        ("fr", 2.0, "jours", f'"≤{N}"#,##0"{N}jours";"≤{N}"-#,##0"{N}jours"'),
        ("en", 1.0, "days", f'"≤{N}"0"{N}day";"≤{N}"-0"{N}day"'),
        ("en", 1.5, "days", f'"≤{N}"0.0"{N}days";"≤{N}"-0.0"{N}days"'),
    ],
)
def test_a_target_of_one_day_is_not_of_several(language, target, unit, shown):
    overview = workbook_of(with_rows({"kind": "stay_below", "upper": target, "unit": unit}), language).sheets[0]
    assert look_at(overview, 13, "target").number == shown


def look_at(overview, row, name):
    """The look of a cell of the first sheet's table."""
    return overview.all_cells()[row, FIRST_COLUMN + ANSWER_COLUMNS.index(name)][1]


@pytest.mark.parametrize(
    ("fields", "language", "shown"),
    [
        ({"unit": "days", "start": 9.0, "target": 4.0}, "en", f'[=1]General"{N}day";[>=1000]#,##0"{N}days";General"{N}days"'),
        ({"unit": "jours", "start": 9.0, "target": 4.0}, "fr", f'[<2]General"{N}jour";[>=1000]#,##0"{N}jours";General"{N}jours"'),
        ({"unit": "€", "start": 9.0, "target": 4.0}, "fr", rf'[>=1000]#,##0\{N}"€";General\{N}"€"'),
        ({"unit": "people", "start": 0.0, "target": 4.0}, "en", "[>=1000]#,##0;General"),
        ({"unit": "days", "start": 9.0, "target": 4.5}, "en", f'0.0"{N}days"'),  # known to have decimals
        ({"unit": "%", "start": 0.0, "target": 1.0}, "en", "0.0%"),
        ({"unit": "people", "kind": "milestone"}, "en", "0%"),
        ({"unit": "€", "start": 9_000.0, "target": 8_000.5}, "en", '"€"#,##0;-"€"#,##0'),
        ({"unit": "€", "start": 9.0, "target": 4.0, "kpi": "K1"}, "en", '"€"#,##0;-"€"#,##0'),  # nothing is typed there
    ],
)  # fmt: skip
def test_a_new_value_is_shown_as_typed_where_no_known_one_has_decimals(fields, language, shown):
    overview = workbook_of(with_rows(fields, kpis=[a_kpi(id="K1", formula="price")]), language).sheets[0]
    assert look_at(overview, 13, "value").number == shown


def test_weights_are_shown_with_their_decimals():
    _, objectives, details = workbook_of(with_rows({"weight": 0.5})).sheets[:3]
    for sheet, columns in ((objectives, OBJECTIVE_COLUMNS), (details, DETAIL_COLUMNS)):
        assert sheet.all_cells()[LIST_FIRST, FIRST_COLUMN + columns.index("weight")][1].number == ""  # as typed


# --- long texts and large numbers -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pixels", "count"),
    [
        (None, 300, 1),
        ("", 300, 1),
        ("Churn", 300, 1),
        (LONG, 300, 3),
        (LONG, 600, 2),
        (LONG.upper(), 300, 4),
        ("two\nlines", 300, 2),
        ("a\n\nb", 300, 3),
        ("x" * 200, 300, 5),
        ("売上高を増やす" * 6, 300, 3),
        ("iiiii iiiii " * 6, 300, 1),
    ],
)
def test_a_texts_lines_are_estimated_by_its_characters(text, pixels, count):
    assert lines(text, room(pixels)) == count


@pytest.mark.parametrize(("count", "points"), [(1, 0), (2, 0), (3, 42), (5, 68), (1_000, 409)])
def test_a_row_is_as_high_as_its_lines_need(count, points):
    assert height(27, count) == points


@pytest.mark.parametrize("name", ["My team", "Objectives", "Key results", "KPIs", "Measures", "Actions", "Members"])
def test_a_row_with_a_long_text_is_higher(name):
    rows = {}
    for text in ("Short", LONG):
        own = an_objective(id="O3", objective=text, level="member", team=TEAM, owner="Bo", row_number=3)
        kpi = a_kpi(kpi=text, team=TEAM, formula="price")
        measure = a_measure("price", {START: 1.0}, label=text, team=TEAM)
        plan = with_rows({"key_result": text}, {"key_result": text, "objective": "O3"}, objectives=[own], kpis=[kpi], members=[Member("Bo", TEAM)], measures=[measure])  # fmt: skip
        plan = plan._replace(actions=(Action("A1", "KR1", text, "Ann", TEAM, None, "to_do"),))
        sheet = next(sheet for sheet in workbook_of(plan).sheets if sheet.title == name)
        rows[text] = max(row.points for number, row in sheet.rows.items() if number > 5 and number != 12)
    assert rows[LONG] > rows["Short"]


def test_bars_stand_beside_their_rows_whatever_their_heights():
    """A chart spreads its bars evenly: each covers rows of one height whose details are neighbours."""
    plan = with_rows({}, {}, {"key_result": LONG}, {})
    overview = workbook_of(plan).sheets[0]
    bars = [chart for chart in overview.charts if chart.kind == "bullets"]
    assert [(chart.start[1], chart.end[1], chart.first, chart.last) for chart in bars] == [
        (13, 15, 6, 7), (15, 16, 8, 8), (16, 17, 9, 9),
    ]  # fmt: skip
    assert bars[1].gap > bars[0].gap == bars[2].gap == 150  # the bar of a higher row is as thick as the others


def test_bars_skip_the_details_of_members_in_between():
    own = an_objective(id="O3", level="member", team=TEAM, owner="Bo", row_number=3)
    last = an_objective(id="O4", level="team", team=TEAM, row_number=4)
    plan = with_rows({}, {"objective": "O3"}, {"objective": "O4"}, objectives=[own, last], members=[Member("Bo", TEAM)], show_member_scores=True)  # fmt: skip
    overview, _, details = workbook_of(plan).sheets[:3]
    for chart in (chart for chart in overview.charts if chart.kind == "bullets"):
        for offset in range(chart.end[1] - chart.start[1]):
            answer, detail = overview.rows[chart.start[1] + offset], details.rows[chart.first + offset]
            assert answer.values[0] == detail.values[0]  # the id


def test_many_rows_of_changing_height_take_few_charts():
    rows = [{"key_result": LONG if place % 2 else "Short"} for place in range(60)]
    overview = workbook_of(with_rows(*rows)).sheets[0]
    assert len([chart for chart in overview.charts if chart.kind == "bullets"]) <= BARS
    assert len({row.height for number, row in overview.rows.items() if number > 12}) == 1


def test_numbers_in_a_unit_have_room_and_shrink_before_they_turn_into_crosses():
    own = an_objective(id="O3", level="member", team=TEAM, owner="Bo", row_number=3)
    plan = with_rows({}, {"objective": "O3"}, objectives=[own], members=[Member("Bo", TEAM)], kpis=[a_kpi(team=TEAM)])
    by_unit = {
        "key_results": ("Target", "Last value", "New value"),
        "member_key_results": ("Target", "Last value", "New value"),
        "kpis": ("Target", "Value", "Previous", "Change"),
    }
    for sheet in workbook_of(plan).sheets:
        cells = sheet.all_cells()
        for table in sheet.tables:
            for header in by_unit.get(table.name, ()):
                place = table.left + table.headers.index(header)
                assert sheet.widths[place] >= 112
                assert cells[table.top + 1, place][1].shrink


@pytest.mark.parametrize(
    ("words", "height", "whole"), [("Grow", 17, True), ("Grow " * 40, 30, True), ("Grow " * 200, 30, False)]
)
def test_the_company_objectives_take_two_lines_at_most(words, height, whole):
    plan = with_rows({})._replace(company_objectives=(words.strip(),))
    overview = workbook_of(plan).sheets[0]
    shown = overview.cells[3, 2][0]
    assert overview.heights[3] == height
    assert shown == words.strip() if whole else shown.endswith("Grow…")


def test_a_table_with_nothing_in_it_says_so_in_a_row_like_others():
    plan = plan_of(a_small_planner(0)._replace(objectives=()))
    sheets = [
        sheet for sheet in workbook_of(plan).sheets if sheet.title in ("My team", "Objectives", "KPIs", "Members")
    ]
    assert len(sheets) == 4
    for sheet in sheets:
        row = sheet.tables[0].top + 1
        assert sheet.heights[row] == 27
        assert any(str(value).startswith("No ") for (at, _), (value, _) in sheet.cells.items() if at == row)


def test_nothing_is_frozen_on_the_first_sheet():
    assert workbook_of(with_rows({})).sheets[0].freeze == ""


def test_columns_of_scores_that_are_not_shown_are_hidden():
    own = an_objective(id="O3", level="member", team=TEAM, owner="Bo", row_number=3)
    for shown in (True, False):
        plan = with_rows({"objective": "O3"}, objectives=[own], members=[Member("Bo", TEAM)], show_member_scores=shown)
        sheet = next(sheet for sheet in workbook_of(plan).sheets if sheet.title == "Members")
        headers = dict(enumerate(sheet.tables[0].headers, sheet.tables[0].left))
        assert {headers[place] for place in sheet.hidden} == (set() if shown else {"Score", "Status"})


@pytest.mark.parametrize(
    ("score", "expected", "parts"),
    [
        (0.5, 0.25, (0.25, 0.0, MARK, 0.25 - MARK, 0.5)),
        (0.5, None, (0.0, 0.0, 0.0, 0.5, 0.5)),
        (None, None, (0.0, 0.0, 0.0, 0.0, 1.0)),
        (None, 0.0, (0.0, 0.0, MARK, 0.0, 1 - MARK)),
    ],
)
def test_a_bar_has_a_mark_where_something_is_expected(score, expected, parts):
    assert bullet_parts(score, expected) == pytest.approx(parts)


# --- charts of KPIs -------------------------------------------------------------------------------


def trends_of(plan, language="en"):
    book = workbook_of(plan, language)
    sheet = next(sheet for sheet in book.sheets if any(table.name == "kpis" for table in sheet.tables))
    behind = next(one for one in book.sheets if one.title == labels_for(language).text("team_book", "sheets.pace"))
    return sheet, [chart for chart in sheet.charts if chart.kind == "trend"], behind.all_cells()


@pytest.mark.parametrize(
    ("fields", "targets"),
    [
        ({"target": 4.0}, [[4.0, 4.0, 4.0]]),
        ({"direction": "within", "lower": 2.0, "upper": 5.0}, [[2.0, 2.0, 2.0], [5.0, 5.0, 5.0]]),
        ({}, []),
    ],
)
def test_a_trend_names_its_first_and_last_period_and_shows_its_target(fields, targets):
    kpi = a_kpi(formula="price", team=TEAM, **fields)
    _, (chart,), behind = trends_of(with_rows(kpis=[kpi], measures=monthly(price=[1.0, 2.0, 3.0])), "fr")
    assert [behind[chart.labels_row, column][0] for column in (1, 2, 3)] == [f"juil.{N}2026", None, f"sept.{N}2026"]
    rows = range(chart.labels_row + 1, chart.labels_row + 1 + chart.targets)
    assert [[behind[row, column][0] for column in (1, 2, 3)] for row in rows] == targets


@pytest.mark.parametrize(("figures", "from_zero"), [([400.0, 380.0], True), ([-1.0, 5.0], False)])
def test_every_trend_begins_at_zero_unless_a_figure_is_negative(figures, from_zero):
    kpi = a_kpi(formula="price", team=TEAM, target=300.0)
    _, (chart,), _ = trends_of(with_rows(kpis=[kpi], measures=monthly(price=figures)))
    assert chart.from_zero is from_zero


def test_trends_of_kpis_that_begin_alike_are_told_apart():
    names = [f"Share of the qualified opportunities that became customers, {region}" for region in ("north", "south")]
    kpis = [a_kpi(id=name[-5:], kpi=name, formula="price", team=TEAM, row_number=i) for i, name in enumerate(names, 1)]
    _, charts, _ = trends_of(with_rows(kpis=kpis, measures=monthly(price=[1.0, 2.0])))
    assert [chart.title[-5:] for chart in charts] == ["north", "south"]


def test_trends_are_of_one_width_whatever_the_columns():
    kpis = [a_kpi(id=f"K{i}", formula="price", team=TEAM, row_number=i) for i in range(CHARTS + 2)]
    sheet, charts, _ = trends_of(with_rows(kpis=kpis, measures=monthly(price=[1.0, 2.0])))
    assert len(charts) == CHARTS

    def pixels(corner, inset):
        return sum(sheet.widths[column] for column in range(2, corner[0])) + inset

    edges = [(pixels(chart.start, chart.insets[0]), pixels(chart.end, chart.insets[1])) for chart in charts]
    assert {round(right - left, -1) for left, right in edges} == {round(edges[0][1] - edges[0][0], -1)}
    assert len({left for left, _ in edges}) == 4


@pytest.mark.parametrize(
    ("span", "step"),
    [
        (0.0, 1.0),
        (1.0, 0.5),
        (3.0, 1.0),
        (4.1, 2.0),
        (0.041, 0.02),
        (16.0, 10.0),
        (25e6, 1e7),
        (1e-12, 1.0),
        (1e300, 5e299),
    ],
)
def test_an_axis_has_three_lines_at_most(span, step):
    assert nice_step(span) == step
    assert step * 3 >= span


@pytest.mark.parametrize(
    ("number_format", "step", "language", "shown"),
    [
        ("0.0%", 0.02, "en", "0%"),
        ("0.0%", 0.0005, "en", "0.00%"),
        (f"0.0\\{N}%", 0.5, "fr", f"0\\{N}%"),
        ("#,##0.0#", 0.01, "en", "#,##0.00"),
        ("#,##0", 5_000, "en", "#,##0"),
        ("#,##0", 20_000, "fr", rf"#,##0,\{N}\k"),
        ('"€"#,##0;-"€"#,##0', 2e6, "en", r'"€"#,##0,,\M;-"€"#,##0,,\M'),
        (rf'#,##0\{N}"€"', 1e7, "fr", rf'#,##0,,\{N}\M"€"'),
        (f'#,##0"{N}jours"', 0.5, "fr", f'#,##0.0"{N}jours"'),
    ],
)
def test_the_labels_of_an_axis_are_as_fine_as_its_steps(number_format, step, language, shown):
    assert axis_format(number_format, step, language) == shown


# --- what cells take ------------------------------------------------------------------------------


def test_no_rule_has_words_that_can_never_show():
    book = opened(make_team_book(plan_of(a_random_planner(3))))
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    assert len(rules) > 8
    assert [rule.sqref for rule in rules if bool(rule.error) != bool(rule.showErrorMessage)] == []
    assert [rule.sqref for rule in rules if bool(rule.prompt) != bool(rule.showInputMessage)] == []


@pytest.mark.parametrize(
    ("unit", "prompt"), [("€", "The value as it is now. Unit: €"), ("", "The value as it is now.")]
)
def test_a_new_value_is_asked_for_in_its_unit(unit, prompt):
    (overview, *_) = opened(make_team_book(with_rows({"unit": unit})))
    assert prompt in {rule.prompt for rule in overview.data_validations.dataValidation}


def test_headers_have_no_buttons_that_would_cover_them():
    book = opened(
        make_team_book(with_rows({}, kpis=[a_kpi(formula="price", team=TEAM)], measures=monthly(price=[1.0])))
    )
    tables = [table for sheet in book for table in sheet.tables.values()]
    assert len(tables) >= 6
    assert {table.autoFilter for table in tables} == {None}


@pytest.mark.parametrize(
    ("rows", "pages", "repeated"),
    [([{}], 1, ""), ([{}, {"kind": "stay_between"}, {"kind": "stages", "commit": 1.0, "stretch": 9.0}], 2, "B:D")],
)
def test_details_too_wide_to_be_read_on_one_page_take_two_with_the_names_on_both(rows, pages, repeated):
    rows = [row | {"lower": 1.0, "upper": 2.0} if row.get("kind") == "stay_between" else row for row in rows]
    details = workbook_of(with_rows(*rows)).sheets[2]
    assert (details.pages_wide, details.print_columns) == (pages, repeated)


# --- for printing ---------------------------------------------------------------------------------


def test_the_foot_of_a_page_names_the_file_and_not_the_program():
    book = opened(make_team_book(with_rows({})))
    assert {sheet.oddFooter.left.text for sheet in book if sheet.sheet_state == "visible"} == {"&F"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_printed_asks_for_nothing_that_cannot_come_back(language):
    labels = labels_for(language)
    page, *_ = opened(make_team_sheets([with_rows({"confidence": 7.0})], labels))
    cells = [cell for row in page.iter_rows() for cell in row]
    words = {cell.value for cell in cells}
    assert not words & {labels.text("team_book", key) for key in ("week.title", "week.step_3", "signature.author")}
    assert labels.text("team_book", "headers.key_results.current") not in words
    assert [cell.coordinate for cell in cells if not cell.protection.locked] == []
    assert not page.data_validations.dataValidation
    assert {labels.field("key_results", "owner"), "Ann", 7.0} <= words
