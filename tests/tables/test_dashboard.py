"""What Refresh writes on the dashboard and the start page, checked against small planners and the shipped example."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

import pytest

from okr_workbook.books.file_book import FileBook
from okr_workbook.books.memory_book import MemoryBook
from okr_workbook.books.templates import example_tables, template_path
from okr_workbook.domain.changes import changes_since
from okr_workbook.domain.planner import HistoryRow, Planner
from okr_workbook.domain.scoring import score_planner
from okr_workbook.labels import labels_for
from okr_workbook.tables import blocks
from okr_workbook.tables.alerts import alerts_of
from okr_workbook.tables.blocks import Block
from okr_workbook.tables.csv_rows import decode, parse_csv
from okr_workbook.tables.dashboard import render_dashboard
from okr_workbook.tables.filling import fill_table
from okr_workbook.tables.grid import Changes, shown_value
from okr_workbook.tables.parsing import parse_planner
from okr_workbook.tables.schema import table
from tests.builders import (
    END,
    MIDDLE,
    START,
    a_check_in,
    a_key_result,
    a_kpi,
    a_measure,
    a_planner,
    a_team,
    an_action,
    an_objective,
)

NBSP = "\u00a0"


def dashboard(
    planner: Planner, *, as_of: date = MIDDLE, language: str = "en", errors: int = 0, **look: bool
) -> dict[str, list]:
    """The rendered blocks by name."""
    scores = score_planner(planner, as_of)
    news = changes_since(planner, scores)
    changes = render_dashboard(planner, scores, news, labels_for(language), errors=errors, **look)
    assert len({one.name for one in changes}) == len(changes)
    return {one.name: one.rows for one in changes}


def column(rows: dict[str, list], block: Block) -> list:
    """The block's values, one below the other; a link is what it shows."""
    return [shown_value(row[0]) for row in rows[block.name]]


def only(rows: dict[str, list], block: Block):
    """The block's one value; a link is what it shows."""
    ((value,),) = rows[block.name]
    return shown_value(value)


def leads_to(rows: dict[str, list], block: Block) -> str:
    """The name that a block's link leads to: the last cell's that is filled."""
    link = [row[0] for row in rows[block.name] if row[0] is not None][-1]
    return re.match(r'HYPERLINK\("#(\w+)"', link.text)[1]


ALL_BLOCKS = {one.name: one for one in vars(blocks).values() if isinstance(one, Block)}
ALL_BLOCKS |= {one.name: one for one in (*blocks.TILES, *blocks.STATUS_COUNTS.values())}
del ALL_BLOCKS[blocks.PICK_KPI.name]  # people fill it in


@pytest.mark.parametrize(
    "planner", [a_planner(objectives=()), a_planner(key_results=[a_key_result()])], ids=["empty", "one"]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_block_is_written_and_none_overflows(planner, language):
    rows = dashboard(planner, language=language)
    assert rows.keys() == ALL_BLOCKS.keys()
    for name, block in ALL_BLOCKS.items():
        assert len(rows[name]) <= block.rows
        assert all(len(row) <= block.columns for row in rows[name])


def test_the_headline_is_the_first_objective_of_the_company_that_has_words():
    objectives = [
        an_objective(id="O1", level="team", objective="Trials", row_number=1),
        an_objective(id="O2", objective="", row_number=2),
        an_objective(id="O3", objective="Grow", row_number=3),
        an_objective(id="O4", objective="Last", row_number=4),
    ]
    assert only(dashboard(a_planner(objectives=objectives)), blocks.HEADLINE) == "Grow"
    assert only(dashboard(a_planner(objectives=objectives[:2])), blocks.HEADLINE) is None


def test_company_figures_are_the_scores_themselves():
    planner = a_planner(key_results=[a_key_result(confidence=4.0)], check_ins=[a_check_in(MIDDLE, 30.0)])
    scores, rows = score_planner(planner, MIDDLE), dashboard(planner)
    assert only(rows, blocks.COMPANY_SCORE) == scores.company.score == pytest.approx(0.30)
    assert only(rows, blocks.COMPANY_EXPECTED) == scores.company.expected
    assert only(rows, blocks.COMPANY_STATUS) == "◆ Behind"
    assert only(rows, blocks.COMPANY_CONFIDENCE) == 4.0
    assert only(rows, blocks.AS_OF) == MIDDLE
    assert only(rows, blocks.PERIOD) == "Second half of 2026 · week 14 of 27"
    assert {status: only(rows, block) for status, block in blocks.STATUS_COUNTS.items()} == {
        "done": 0, "on_track": 0, "behind": 1, "at_risk": 0, "not_started": 0, "no_data": 0,
    }  # fmt: skip


def test_a_planner_without_anything_shows_blanks_and_says_where_to_begin():
    rows = dashboard(a_planner(objectives=()))
    assert only(rows, blocks.COMPANY_SCORE) is None
    assert only(rows, blocks.STATUS_COUNTS["done"]) == 0
    assert only(rows, blocks.START_NEXT) == "Begin with the objectives →"
    assert leads_to(rows, blocks.START_NEXT) == "okr_page_objectives"
    assert column(rows, blocks.ALERTS_TEXT) == ["Nothing yet: there is no key result to watch."]
    assert only(rows, blocks.PERIOD) == "Second half of 2026 · week 14 of 27"


@pytest.mark.parametrize(("live", "shown"), [(True, None), (False, MIDDLE)])
def test_a_look_back_is_told(live, shown):
    assert only(dashboard(a_planner(), live=live), blocks.LOOKING_BACK) == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "Looking ahead to 30 September 2026"), ("fr", "Vue de l’avenir\u00a0: au 30 septembre 2026")],
)
def test_a_look_ahead_is_not_called_a_look_back(language, shown):
    assert only(dashboard(a_planner(), language=language, live=False, ahead=True), blocks.LOOKING_BACK) == shown


def test_once_the_period_is_over_the_start_page_says_what_comes_next():
    assert only(dashboard(a_planner(objectives=()), as_of=END), blocks.START_NEXT) == "Begin with the objectives →"
    after = dashboard(a_planner(objectives=()), as_of=END + timedelta(1))
    assert only(after, blocks.START_NEXT) == "The period is over: start the next one →"


@pytest.mark.parametrize(
    ("as_of", "period"),
    [
        (date(2026, 6, 30), "Second half of 2026"),
        (START, "Second half of 2026 · week 1 of 27"),
        (END, "Second half of 2026 · week 27 of 27"),
        (date(2027, 1, 1), "Second half of 2026"),
    ],
)
def test_the_week_is_told_within_the_period(as_of, period):
    assert only(dashboard(a_planner(), as_of=as_of), blocks.PERIOD) == period


def test_objectives_stand_as_a_tree_under_the_companys():
    tree = [
        an_objective(id="O2", objective="Trials", level="team", team="Marketing", parent="O1", row_number=1),
        an_objective(id="O1", objective="Revenue", row_number=2),
    ]
    rows = dashboard(a_planner(objectives=tree))
    assert column(rows, blocks.OBJECTIVES_OBJECTIVE) == ["Revenue", "└ Trials", None]
    assert column(rows, blocks.OBJECTIVES_TEAM) == ["Alvéo", "Marketing"]


def test_too_many_objectives_keep_the_companys_and_say_how_many_more():
    many = [an_objective(id=f"T{i}", objective=f"T{i}", level="team", row_number=i) for i in range(1, 12)]
    company = an_objective(id="O", objective="Revenue", row_number=12)
    rows = dashboard(a_planner(objectives=[*many, company]))
    shown = column(rows, blocks.OBJECTIVES_OBJECTIVE)
    assert shown == [*(f"T{i}" for i in range(1, 9)), "Revenue", "and 3 more: Alignment →"]
    assert leads_to(rows, blocks.OBJECTIVES_OBJECTIVE) == "okr_page_alignment"


def test_teams_stand_side_by_side_with_their_bullets():
    objective = an_objective(level="team", team="Marketing")
    planner = a_planner(
        objectives=[objective], key_results=[a_key_result()], check_ins=[a_check_in(MIDDLE, 30.0)],
        teams=[a_team(), a_team(team="HR", row_number=2)],
    )  # fmt: skip
    rows = dashboard(planner)
    assert column(rows, blocks.TEAMS_TEAM) == ["Marketing", "HR", None]
    assert column(rows, blocks.TEAMS_SCORE) == [pytest.approx(0.30), None]
    assert column(rows, blocks.TEAMS_STATUS) == ["◆ Behind", "– No data"]
    reached, *_ = rows[blocks.TEAM_BULLETS.name][0]
    assert reached == pytest.approx(0.30)
    assert rows[blocks.TEAM_BULLETS.name][1] == [None] * 5


def test_more_teams_than_rows_end_with_a_count():
    teams = [a_team(team=f"T{i}", row_number=i) for i in range(1, 11)]
    rows = dashboard(a_planner(teams=teams))
    assert column(rows, blocks.TEAMS_TEAM) == [*(f"T{i}" for i in range(1, 8)), "and 3 more: Teams →"]
    assert leads_to(rows, blocks.TEAMS_TEAM) == "okr_page_teams"


@pytest.mark.parametrize(
    ("language", "teams", "kpis"),
    [
        ("en", "none yet: Teams →", "none yet: KPIs →"),
        ("fr", f"rien encore{NBSP}: Équipes →", f"rien encore{NBSP}: Indicateurs →"),
    ],
)
def test_a_part_with_nothing_in_it_leads_to_where_it_is_filled_in(language, teams, kpis):
    rows = dashboard(a_planner(), language=language)
    assert (column(rows, blocks.TEAMS_TEAM), only(rows, blocks.TILES_MORE)) == ([teams], kpis)
    assert (leads_to(rows, blocks.TEAMS_TEAM), leads_to(rows, blocks.TILES_MORE)) == ("okr_page_teams", "okr_page_kpis")


def test_more_changes_than_rows_lead_to_the_history():
    numbers = range(1, blocks.CHANGE_ROWS + 3)
    before = [HistoryRow(START, "key_result", f"KR{i}", 0.9, "on_track", row_number=i) for i in numbers]
    planner = a_planner(
        key_results=[a_key_result(id=f"KR{i}", key_result=f"R{i}", row_number=i) for i in numbers],
        check_ins=[a_check_in(MIDDLE, 30.0, key_result=f"KR{i}", row_number=i) for i in numbers],
        history=before,
    )
    rows = dashboard(planner)
    assert len(rows[blocks.CHANGES_TEXT.name]) == blocks.CHANGE_ROWS
    assert re.fullmatch(r"and \d+ more: Score history →", column(rows, blocks.CHANGES_TEXT)[-1])
    assert leads_to(rows, blocks.CHANGES_TEXT) == "okr_page_history"


def a_year(*values: float) -> dict[date, float]:
    return {date(2026, month, 1): value for month, value in enumerate(values, start=1)}


def test_a_tile_tells_the_value_how_it_moved_and_its_unit():
    kpi = a_kpi(formula="paid / trials", unit="%", target=0.18, alert=0.1)
    measures = [a_measure("paid", a_year(12, 12, 15)), a_measure("trials", a_year(100, 100, 100))]
    rows = dashboard(a_planner(kpis=[kpi], measures=measures), as_of=date(2026, 3, 31))
    assert column(rows, blocks.TILES[0]) == ["Conversion", 0.15, "↑ 3 pt · Mar 2026", "◆ In progress"]
    assert column(rows, blocks.TILES[1]) == []
    assert column(rows, blocks.TILE_UNITS) == ["%"]
    assert rows[blocks.TILE_TRENDS.name] == [[None] * 9 + [0.12, 0.12, 0.15]]


def test_a_change_too_small_to_be_seen_has_no_arrow():
    kpi = a_kpi(formula="paid / trials", unit="%", target=0.18, alert=0.1)
    measures = [a_measure("paid", a_year(15.004, 15)), a_measure("trials", a_year(100, 100))]
    rows = dashboard(a_planner(kpis=[kpi], measures=measures), as_of=date(2026, 2, 28))
    assert column(rows, blocks.TILES[0])[2] == "= · Feb 2026"


def test_of_many_kpis_those_that_raise_an_alert_are_shown_in_the_tables_order():
    kpis = [a_kpi(id=f"k{i}", kpi=f"K{i}", formula="m", target=1.0, alert=0.0, row_number=i) for i in range(1, 9)]
    kpis[7] = kpis[7]._replace(target=10.0, alert=9.0)
    rows = dashboard(a_planner(kpis=kpis, measures=[a_measure("m", a_year(2))]), as_of=date(2026, 1, 31))
    assert [column(rows, tile)[0] for tile in blocks.TILES] == ["K1", "K2", "K3", "K4", "K5", "K8"]
    assert only(rows, blocks.TILES_MORE) == "and 2 more: KPIs →"
    assert leads_to(rows, blocks.TILES_MORE) == "okr_page_kpis"


def test_a_tile_names_the_unit_that_its_number_does_not_show():
    units = {"": "K1", "%": "K2", "€ a month": "K3", "days": "K4", "h": "K5 (h)", "k€": "K6 (k€)"}
    kpis = [
        a_kpi(id=f"k{i}", kpi=f"K{i}", formula="m", unit=unit, row_number=i) for i, unit in enumerate(units, start=1)
    ]
    rows = dashboard(a_planner(kpis=kpis, measures=[a_measure("m", a_year(2))]), as_of=date(2026, 1, 31))
    assert [column(rows, tile)[0] for tile in blocks.TILES] == list(units.values())
    told = dashboard(a_planner(kpis=[a_kpi(kpi="Active users", formula="m", unit="users")]), as_of=date(2026, 1, 31))
    assert column(told, blocks.TILES[0])[0] == "Active users"


def test_names_that_begin_alike_keep_their_end_on_the_dashboard():
    beginning = "Become the reference of the whole European market and keep every promise made to "
    objectives = [
        an_objective(id=f"O{i}", objective=f"{beginning}{whom}", row_number=i)
        for i, whom in enumerate(("customers", "partners"), start=1)
    ]
    first, second, _ = column(dashboard(a_planner(objectives=objectives)), blocks.OBJECTIVES_OBJECTIVE)
    assert (first[:20], second[:20]) == (beginning[:20],) * 2
    assert (first[-9:], second[-8:]) == ("customers", "partners")
    assert max(len(first), len(second)) <= blocks.OBJECTIVES_OBJECTIVE.length


SILENT = a_planner(
    objectives=[an_objective(level="team", team="Marketing")], key_results=[a_key_result()], teams=[a_team()]
)


def test_without_data_nothing_shows_a_score_of_zero():
    scores, rows = score_planner(SILENT, MIDDLE), dashboard(SILENT)
    assert scores.company.score == scores.teams[0].score == 0.0
    assert only(rows, blocks.COMPANY_STATUS) == "– No data"
    assert only(rows, blocks.COMPANY_SCORE) is None
    assert column(rows, blocks.TEAMS_SCORE) == column(rows, blocks.OBJECTIVES_SCORE) == [None]
    assert rows[blocks.TEAM_BULLETS.name] == rows[blocks.OBJECTIVE_BULLETS.name] == [[None] * 5]
    assert {row[2] for row in rows[blocks.PACE.name]} == {None}
    assert rows[blocks.PACE_LABELS.name][0][1] == "Score"
    assert rows[blocks.ALIGNMENT.name][0][blocks.ALIGNMENT_DEPTH + 2] is None


def test_the_pace_line_of_a_plan_made_today_begins_today():
    rows = dashboard(SILENT._replace(check_ins=(a_check_in(MIDDLE, 30.0),)))
    drawn = {row[0]: row[2] for row in rows[blocks.PACE.name] if row[2] is not None}
    assert drawn == {MIDDLE: pytest.approx(0.30)}


@pytest.mark.parametrize(
    ("errors", "english", "french"),
    [(0, None, None), (1, "1 error to correct →", "1 erreur à corriger →"),
     (3, "3 errors to correct →", "3 erreurs à corriger →")],
)  # fmt: skip
def test_errors_are_counted_and_lead_to_the_problems(errors, english, french):
    rows = dashboard(SILENT, errors=errors)
    assert only(rows, blocks.ERRORS) == only(rows, blocks.START_ERRORS) == english
    assert only(dashboard(SILENT, errors=errors, language="fr"), blocks.ERRORS) == french
    if errors:
        assert leads_to(rows, blocks.ERRORS) == leads_to(rows, blocks.START_ERRORS) == "okr_page_problems"


def test_where_errors_are_all_there_is_nothing_says_that_all_is_well():
    fine = a_planner(key_results=[a_key_result()], check_ins=[a_check_in(MIDDLE, 100.0)])
    assert only(dashboard(fine), blocks.START_NEXT) == "Everything is on track →"
    rows = dashboard(fine, errors=2)
    assert only(rows, blocks.START_NEXT) is None
    assert column(rows, blocks.ALERTS_TEXT) == ["Nothing else, once the errors are corrected."]


def test_without_key_results_no_error_hides_that_there_is_nothing_to_watch():
    rows = dashboard(a_planner(), errors=2)
    assert column(rows, blocks.ALERTS_TEXT) == ["Nothing yet: there is no key result to watch."]


@pytest.mark.parametrize(
    ("language", "first", "then", "none"),
    [("en", "Begin with the objectives →", "Next: the key results →", "none yet: Objectives →"),
     ("fr", "Commencez par les objectifs →", "Ensuite\u00a0: les résultats clés →", "rien encore\u00a0: Objectifs →")],
)  # fmt: skip
def test_an_empty_dashboard_leads_to_what_comes_next(language, first, then, none):
    rows = dashboard(a_planner(objectives=()), language=language)
    assert column(rows, blocks.ALERTS_ACTION) == [first]
    assert column(rows, blocks.OBJECTIVES_OBJECTIVE) == [none]
    assert leads_to(rows, blocks.ALERTS_ACTION) == leads_to(rows, blocks.OBJECTIVES_OBJECTIVE) == "okr_page_objectives"
    rows = dashboard(a_planner(), language=language)
    assert column(rows, blocks.ALERTS_ACTION) == [then]
    assert leads_to(rows, blocks.ALERTS_ACTION) == "okr_page_key_results"


def test_what_goes_with_the_errors_is_not_told_beside_them_on_the_start_page():
    faulty = a_key_result(kind="", target=None, key_result="Growth")
    rows = dashboard(a_planner(key_results=[faulty]), errors=1)
    assert [only(rows, blocks.START_NEXT), only(rows, blocks.START_ERRORS)] == [None, "1 error to correct →"]
    silent = a_key_result(id="KR2", row_number=2)
    rows = dashboard(a_planner(key_results=[faulty, silent]), errors=1)
    assert only(rows, blocks.START_NEXT) == "2 things to act on now →"


def test_a_key_result_with_a_fault_cannot_be_measured_and_its_row_is_to_be_corrected():
    faulty = a_key_result(kind="", target=None, key_result="Growth")
    action = an_action(serves=faulty.id, action="Buy adverts")
    rows = dashboard(a_planner(key_results=[faulty], actions=[action]))
    assert column(rows, blocks.ALERTS_TEXT) == ["Growth: cannot be measured yet"]
    assert column(rows, blocks.ALERTS_ACTION) == ["Correct its row: the planner’s sheet Problems says how"]


@pytest.mark.parametrize(
    ("value", "told"),
    [(3.6, "Growth: 36%, 50% expected"), (4.5, "Nothing: everything is on track.")],
)
def test_what_is_behind_is_never_told_as_on_track(value, told):
    key_result = a_key_result(key_result="Growth", start=0.0, target=10.0)
    rows = dashboard(a_planner(key_results=[key_result], check_ins=[a_check_in(MIDDLE, value)]))
    assert column(rows, blocks.ALERTS_TEXT) == [told]


def test_what_is_behind_and_without_news_comes_before_what_is_further_behind():
    rows = dashboard(a_planner(
        key_results=[a_key_result(key_result="Fresh"), a_key_result(id="KR2", key_result="Silent", row_number=2)],
        check_ins=[a_check_in(MIDDLE, 30.0), a_check_in(START, 38.0, key_result="KR2", row_number=2)],
    ))  # fmt: skip
    assert [text.split(":")[0] for text in column(rows, blocks.ALERTS_TEXT)] == ["Silent", "Fresh"]


def test_a_kpi_that_was_bad_twice_comes_after_a_key_result_at_risk_however_far_it_is_from_its_target():
    months = [date(2026, month, 1) for month in (7, 8, 9)]
    planner = a_planner(
        key_results=[a_key_result(key_result="Late")],
        check_ins=[a_check_in(MIDDLE, 20.0)],
        kpis=[a_kpi(target=0.2, alert=0.01)],
        measures=[
            a_measure("paid", dict(zip(months, (9.0, 8.0, 7.0), strict=True))),
            a_measure("trials", dict.fromkeys(months, 100.0), row_number=2),
        ],
    )
    (kpi,), (key_result,) = score_planner(planner, MIDDLE).kpis, score_planner(planner, MIDDLE).key_results
    assert (kpi.status, kpi.alert, key_result.status) == ("in_progress", True, "at_risk")
    assert 1 - kpi.attainment > key_result.gap
    assert [text.split(":")[0] for text in column(dashboard(planner), blocks.ALERTS_TEXT)] == ["Late", "Conversion"]


def test_of_several_open_actions_the_one_due_soonest_is_told_and_one_without_a_day_last():
    undated = an_action(serves="KR1", action="Some day")
    done = an_action(serves="KR1", action="Done", due=START, state="done")
    dated = [an_action(serves="KR1", action=f"By {day}", due=day) for day in (END, MIDDLE)]
    for actions, told in (
        ([undated, done, *dated], f"By {MIDDLE}"),
        ([undated, done, dated[0]], f"By {END}"),
        ([undated, done], "Some day"),
    ):
        numbered = [action._replace(row_number=number) for number, action in enumerate(actions, 1)]
        rows = dashboard(a_planner(key_results=[a_key_result()], actions=numbered))
        assert column(rows, blocks.ALERTS_ACTION) == [told]


def test_a_letter_in_another_language_names_the_sheet_as_the_planner_does():
    planner = a_planner(key_results=[a_key_result(kind="", target=None)])
    (alert,) = alerts_of(planner, score_planner(planner, MIDDLE), labels_for("fr"))
    assert alert.action == "Corriger sa ligne\u00a0: la feuille Problems du planificateur dit comment"


@pytest.mark.parametrize(
    ("figures", "actions", "told"),
    [
        ({}, (), "Fill in the figures of its KPI"),
        ({START - timedelta(120): 50.0}, (), "Fill in the figures of its KPI"),
        ({START - timedelta(120): 50.0}, ("Call",), "Call"),
        ({MIDDLE: 1.0}, (), "Cut the spend"),
    ],
)
def test_of_a_kpi_without_new_figures_these_are_what_is_missing(figures, actions, told):
    kpi = a_kpi(id="growth", formula="growth", unit="", target=100.0, alert=0.5, action="Cut the spend")
    rows = dashboard(a_planner(
        key_results=[a_key_result(kpi="growth")], kpis=[kpi], measures=[a_measure("growth", figures)],
        actions=[an_action(serves="KR1", action=one) for one in actions],
    ))  # fmt: skip
    assert told in column(rows, blocks.ALERTS_ACTION)


def test_more_alerts_than_rows_lead_to_the_key_results():
    many = [a_key_result(id=f"KR{i}", row_number=i) for i in range(1, 8)]
    rows = dashboard(a_planner(key_results=many))
    assert only(rows, blocks.ALERTS_MORE) == "and 2 more: Key results →"
    assert leads_to(rows, blocks.ALERTS_MORE) == "okr_page_key_results"
    assert only(rows, blocks.START_NEXT) == "7 things to act on now →"
    assert leads_to(rows, blocks.START_NEXT) == "okr_page_dashboard"


def test_trends_stand_where_the_rows_of_the_tables_are():
    key_result = a_key_result(row_number=3)
    rows = dashboard(a_planner(key_results=[key_result], check_ins=[a_check_in(START, 1.0), a_check_in(MIDDLE, 2.0)]))
    assert rows[blocks.KEY_RESULT_TRENDS.name] == [[None] * 12, [None] * 12, [None] * 10 + [1.0, 2.0]]


# --- the shipped example ---


@cache
def the_example(language: str) -> Planner:
    book = MemoryBook(FileBook(template_path(language), keep_history=False).read())
    for table_id, content in example_tables(language):
        grids = book.read()
        file = parse_csv(decode(content), table(table_id), language)
        filling = fill_table(grids, parse_planner(grids).columns, file, table_id, language)
        assert filling.faults == ()
        book.write(Changes((filling.change,)), command="fill")
    parsed = parse_planner(book.read())
    assert parsed.problems == ()
    return parsed.planner


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_example_scores_what_its_page_in_the_docs_computes_by_hand(language):
    scores = score_planner(the_example(language), date(2026, 12, 2))
    by_hand = {
        "KR1": (58_500 - 50_000) / 10_000,  # MRR at the end of November
        "KR2": 3 / 5,  # July to September kept 100 %, October and November did not
        "KR3": 1.0,  # 328 / 8,000 = 4.1 % of 4 %
        "KR4": (53 / 328 - 0.12) / 0.06,
        "KR5": (420 - (15_930 + 6_400) / 58) / 100,
        "KR6": (15 - 9) / 7,
        "KR7": 0.3,  # the committed stage
        "KR8": None,
        "KR9": 0.8,
        "KR10": (181 / 328 - 0.38) / 0.22,
        "KR11": (9 - 4.5) / 5,
    }
    assert {one.id: one.score for one in scores.key_results} == {
        key: None if score is None else pytest.approx(score) for key, score in by_hand.items()
    }
    objectives = {one.id: one.score for one in scores.objectives}
    marketing = (by_hand["KR3"] + by_hand["KR4"] + by_hand["KR5"] + by_hand["KR6"]) / 4
    product = (by_hand["KR9"] + by_hand["KR10"] + by_hand["KR11"]) / 3
    assert objectives["O2"] == pytest.approx(marketing)
    assert objectives["O3"] == pytest.approx(0.15)  # no reading counts as zero
    assert objectives["O4"] == pytest.approx(product)
    company = (by_hand["KR1"] + by_hand["KR2"] + marketing + 0.15 + product) / 5
    assert scores.company.score == objectives["O1"] == pytest.approx(company)
    assert round(company, 2) == 0.63


def test_the_examples_alerts_come_most_urgent_first_with_owner_and_day():
    rows = dashboard(the_example("fr"), as_of=date(2026, 12, 2), language="fr")
    assert column(rows, blocks.ALERTS_TEXT) == [
        f"Ramener le coût d’acquisition de 420{NBSP}€ à 320{NBSP}€{NBSP}: 35{NBSP}% pour 84{NBSP}% attendus",
        f"Rétention du revenu{NBSP}: 99,1{NBSP}%, 2 mauvaises périodes de suite",
        f"Recruter 6 product designers et développeurs web{NBSP}: sans nouvelles depuis le 11 nov.",
        f"Porter l’enquête «{NBSP}façon de travailler{NBSP}» de 6,5 à 8 sur 10{NBSP}: aucun relevé",
        f"Porter la conversion essai → payant de 12{NBSP}% à 18{NBSP}%{NBSP}: 69{NBSP}% pour 84{NBSP}% attendus",
    ]
    assert column(rows, blocks.ALERTS_OWNER) == [
        "Nadia Roche",
        "Sarah Petit",
        "Hugo Bernard",
        "Hugo Bernard",
        "Léa Martin",
    ]
    assert column(rows, blocks.ALERTS_DUE) == [
        date(2026, 12, 9),
        date(2026, 12, 11),
        date(2026, 12, 4),
        date(2026, 12, 4),
        date(2026, 12, 18),
    ]
    assert column(rows, blocks.ALERTS_SYMBOL) == ["■", "■", "■", "–", "◆"]
