"""Scores to cells: each computed field at its row, what was typed kept, history replaced by day, problems with links."""

from datetime import date

import pytest

from okr_workbook.domain.planner import CheckIn, Planner
from okr_workbook.domain.problems import Figure, Problem
from okr_workbook.domain.results import GroupScore, KeyResultScore, KpiResult, Scores
from okr_workbook.labels import labels_for
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.grid import Formula
from okr_workbook.tables.history_rows import history_change, history_rows
from okr_workbook.tables.parsing import parse_planner
from okr_workbook.tables.problem_rows import problems_change, show_problems
from okr_workbook.tables.rendering import Refreshed, render_refresh
from tests.builders import settings
from tests.tables.grids import a_grid, grids

DAY, EARLIER = date(2026, 9, 30), date(2026, 9, 23)
EN, FR = labels_for("en"), labels_for("fr")


def refresh(found, *, typed=(), scores, live=True, labels=EN):
    """{table: {(row, header): value}} of what a refresh would write."""
    parsed = parse_planner(found)
    planner = parsed.planner._replace(check_ins=parsed.planner.check_ins + tuple(typed))
    changes = render_refresh(found, parsed, Refreshed(planner, tuple(typed), scores, (), live), [], labels)
    return {
        one.table: {(row, found[one.table].headers[column]): value for (row, column), value in one.cells.items()}
        for one in changes.tables
    }


def scored(*key_results):
    return Scores(DAY, GroupScore("Alvéo", score=0.5, status="on_track"), key_results=key_results)


GOT = KeyResultScore(
    "KR1", value=40.0, progress=0.4, score=0.4, expected=0.5, gap=0.1, status="on_track", updated_on=DAY
)


@pytest.mark.parametrize(("labels", "status"), [(EN, "● On track"), (FR, "● En bonne voie")])
def test_computed_fields_are_written_in_the_words_of_the_language(labels, status):
    found = grids(a_grid("key_results", {}, {"id": "KR1", "current": 40.0}, language=labels.language))
    cells = refresh(found, typed=[CheckIn(DAY, "KR1", 40.0)], scores=scored(GOT), labels=labels)["key_results"]
    assert cells == {
        (1, labels.field("key_results", field)): value
        for field, value in {
            "value": 40.0, "progress": 0.4, "score": 0.4, "expected": 0.5, "gap": 0.1, "status": status, "updated_on": DAY,
        }.items()
    }  # fmt: skip


def test_what_a_row_no_longer_has_is_emptied_and_other_rows_are_left_blank():
    found = grids(a_grid("key_results", {"id": "KR1", "score": 0.9, "status": "✓ Done"}, {"score": 0.3}))
    cells = refresh(found, scores=scored(KeyResultScore("KR1")))["key_results"]
    assert cells == {(0, "Score"): None, (0, "Status"): "– No data", (1, "Score"): None}


def test_a_typed_value_becomes_a_check_in_after_the_last_one():
    found = grids(
        a_grid("key_results", {"id": "KR1", "current": 40.0}),
        a_grid("check_ins", {"date": EARLIER, "key_result": "KR1", "value": 10.0}, {}),
    )
    cells = refresh(found, typed=[CheckIn(DAY, "KR1", 40.0)], scores=scored(GOT))["check_ins"]
    assert cells == {(1, "Date"): DAY, (1, "Key result"): "KR1", (1, "Value"): 40.0}


CHECKED = a_grid("check_ins", {"date": EARLIER, "key_result": "KR1", "value": 40.0})


def test_the_value_in_force_comes_back_into_current():
    found = grids(a_grid("key_results", {"id": "KR1", "current": 10.0, "value": 10.0}), CHECKED)
    assert refresh(found, scores=scored(GOT))["key_results"][0, "Current"] == 40.0


def test_a_look_back_leaves_current_alone():
    found = grids(a_grid("key_results", {"id": "KR1", "current": 10.0, "value": 10.0}), CHECKED)
    assert (0, "Current") not in refresh(found, scores=scored(GOT), live=False)["key_results"]


def test_a_formula_in_current_is_never_written_over():
    grid = a_grid("key_results", {"id": "KR1", "current": 10.0, "value": 10.0})
    place = (0, find_columns(grid).fields["current"])
    found = grids(grid._replace(formulas=frozenset([place])), CHECKED)
    assert (0, "Current") not in refresh(found, scores=scored(GOT))["key_results"]


@pytest.mark.parametrize(("current", "last", "written"), [(None, None, 40.0), (10.0, 10.0, 40.0), (12.0, 10.0, None)])
def test_a_kpi_fills_current_unless_somebody_typed_there(current, last, written):
    key_results = a_grid("key_results", {"id": "KR1", "kpi": "mrr", "current": current, "value": last})
    found = grids(key_results, a_grid("kpis", {"id": "mrr"}))
    scores = scored(GOT)._replace(kpis=(KpiResult("mrr", value=40.0),))
    assert refresh(found, scores=scores)["key_results"].get((0, "Current")) == written


# --- history ---


def history(*rows):
    grid = a_grid("history", *rows)
    planner, scores = Planner(settings=settings()), Scores(DAY, GroupScore("Alvéo", score=0.5, status="on_track"))
    return history_change(grid, find_columns(grid), planner, scores, EN)


def line(day, score):
    return {"date": day, "level": "Company", "id": "Alvéo", "score": score, "status": "On track"}


def test_another_day_adds_a_row_and_the_same_day_replaces_it():
    assert history({}).cells == {(0, 0): DAY, (0, 1): "Company", (0, 2): "Alvéo", (0, 3): 0.5, (0, 4): "On track"}
    assert history(line(EARLIER, 0.4)).row_count == 2
    assert history(line(DAY, 0.4)).cells == {(0, 3): 0.5}
    assert history(line(DAY, 0.5)).cells == {}


def test_a_day_that_lost_its_format_or_cannot_be_read_is_kept():
    serial = (EARLIER - date(1899, 12, 30)).days
    for day in (serial, EARLIER.isoformat(), "some day"):
        change = history(line(day, 0.4), line(DAY, 0.5))
        assert (change.cells, change.row_count) == ({}, None)


def test_the_history_stays_in_the_order_of_time_when_the_past_is_rebuilt():
    later = date(2026, 10, 7)
    assert history(line(later, 0.6)).cells == {(0, 0): DAY, (0, 3): 0.5, (1, 0): later, (1, 1): "Company", (1, 2): "Alvéo", (1, 3): 0.6, (1, 4): "On track"}  # fmt: skip


# --- problems ---


def test_members_without_an_objective_are_no_history():
    members = (GroupScore("Ann", 0.5, status="behind", counted=("O1",)), GroupScore("Bob"))
    rows = history_rows(Planner(), Scores(date(2026, 9, 30), GroupScore("Alvéo"), members=members), EN)
    assert [row["id"] for row in rows if row["level"] == EN.choice("member")] == ["Ann"]


def test_problems_are_sorted_by_severity_and_place_and_link_to_their_cell():
    members = a_grid("members", {"member": "Ann"}, {"email": "x"})
    found = [
        Problem("text_number", "advice", "members", "Ann", 1, "email", {"text": "1 200", "number": 1200.0}),
        Problem("not_a_number", "error", "members", "", 2, "email", {"text": "abc"}),
        Problem("missing_table", "error", "kpis"),
        Problem("not_a_number", "error", "members", "", 2, "email", {"text": "abc"}),
    ]
    shown = show_problems(found, grids(members), {"members": find_columns(members)}, EN)
    assert [(one.code, one.row, one.cell) for one in shown] == [
        ("missing_table", "", ""),  # before the others, which may follow from it
        ("not_a_number", "6", "Members!C6"),
        ("text_number", "Ann", "Members!C5"),
    ]
    assert shown[2].message == "Members, Ann: “1 200” in “Email” is text; it was read as 1,200."
    sheet = a_grid("problems", {})
    change = problems_change(sheet, find_columns(sheet), shown, EN)
    assert change.row_count == 3
    assert change.cells[1, find_columns(sheet).fields["cell"]] == Formula(
        'HYPERLINK("#Members!C6","Members!C6")', "Members!C6"
    )


@pytest.mark.parametrize(
    ("needed", "unit", "english", "french"),
    [
        (0.004, "%", "It would take 0.4 points a week", "Il faudrait 0,4 point par semaine"),
        (-15.69, "€", "It would take €15.69 less a week", "Il faudrait 15,69\u00a0€ de moins par semaine"),
    ],
)
def test_what_a_target_still_takes_is_told_in_points_and_as_less(needed, unit, english, french):
    details = {"forecast": Figure(0.1, unit), "target": Figure(0.2, unit), "needed": Figure(needed, unit, step=True)}
    problem = Problem("target_out_of_reach", "advice", "key_results", "KR1", 1, "target", details)
    for language, told in (("en", english), ("fr", french)):
        (shown,) = show_problems([problem], {}, {}, labels_for(language))
        assert shown.advice.startswith(told)


def test_a_sheet_with_spaces_or_a_quote_is_quoted_in_links():
    grid = a_grid("members", {"member": "Ann"})._replace(sheet="It's us")
    problem = Problem("not_a_number", "error", "members", "Ann", 1, "email", {"text": "x"})
    assert show_problems([problem], grids(grid), {"members": find_columns(grid)}, EN)[0].cell == "'It''s us'!C5"
