"""Grids to planner: columns found wherever they stand, every fault at its cell, blank never zero."""

from datetime import date

import pytest

from okr_workbook.domain.planner import Settings
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.grid import NOT_COMPUTED, CellError
from okr_workbook.tables.parsing import parse_planner
from okr_workbook.tables.schema import INPUT_TABLES
from tests.tables.grids import a_grid, grids, settings_grid


def faults(parsed):
    """Problems of the tables that are there, as (code, table, row, row number, field)."""
    return [tuple(one[i] for i in (0, 2, 3, 4, 5)) for one in parsed.problems if one.code != "missing_table"]


def test_a_planner_of_no_tables_misses_every_input_table():
    parsed = parse_planner({})
    assert [(one.code, one.table) for one in parsed.problems] == [("missing_table", name) for name in INPUT_TABLES]
    assert parsed.planner.settings == Settings()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_columns_are_found_by_label_in_any_language(language):
    grid = a_grid("key_results", {"id": "KR1", "target": 5, "kind": "increase"}, language=language)
    assert parse_planner(grids(grid)).planner.key_results[0]._replace(row_number=0)[:8] == (
        "KR1", "", "", "", "", "increase", "", None,
    )  # fmt: skip


def test_columns_may_be_moved_inserted_and_renamed_in_another_language():
    grid = a_grid("teams", ["?", "ann@x.org", "Marketing"], headers=["My notes", "E-mail", "  ÉQUIPE "])
    team = parse_planner(grids(grid)).planner.teams[0]
    assert (team.team, team.email) == ("Marketing", "ann@x.org")


def test_a_missing_column_is_named():
    grid = a_grid("members", ["Ann"], headers=["member"])
    parsed = parse_planner(grids(grid))
    assert faults(parsed) == [
        ("missing_column", "members", "", 0, "team"),
        ("missing_column", "members", "", 0, "email"),
        ("missing_column", "members", "", 0, "score"),
    ]
    assert parsed.planner.members[0].member == "Ann"


def test_of_two_columns_with_one_label_the_first_counts():
    grid = a_grid("members", ["Ann", "Bob"], headers=["member", "Member"])
    assert parse_planner(grids(grid)).planner.members[0].member == "Ann"


def test_blank_rows_are_no_records_and_count_as_rows():
    grid = a_grid("members", {"member": "Ann"}, {"score": 0.5}, {"member": "  "}, {"member": "Bob"})
    assert [(one.member, one.row_number) for one in parse_planner(grids(grid)).planner.members] == [
        ("Ann", 1),
        ("Bob", 4),
    ]


def test_every_fault_is_reported_at_once_at_its_cell_and_the_row_survives():
    grid = a_grid(
        "key_results",
        {
            "id": "KR1",
            "target": "abc",
            "start": CellError("#DIV/0!"),
            "weight": NOT_COMPUTED,
            "kind": "better",
            "due": "31/03",
        },
        {"key_result": "no id", "target": "1,234"},
    )
    parsed = parse_planner(grids(grid))
    assert sorted(faults(parsed)) == sorted(
        [
            ("unknown_choice", "key_results", "KR1", 1, "kind"),
            ("cell_error", "key_results", "KR1", 1, "start"),
            ("not_a_number", "key_results", "KR1", 1, "target"),
            ("never_computed", "key_results", "KR1", 1, "weight"),
            ("not_a_date", "key_results", "KR1", 1, "due"),
            ("ambiguous_number", "key_results", "", 2, "target"),
        ]
    )
    first, second = parsed.planner.key_results
    assert first.unreadable == {"kind", "start", "target", "weight", "due"}
    assert (first.start, first.target, first.weight, first.kind) == (None, None, None, "")
    assert second.unreadable == {"target"}


def test_text_that_reads_one_way_only_is_read_and_reported_as_advice():
    parsed = parse_planner(grids(a_grid("key_results", {"id": "KR1", "target": "12,5 %"})))
    assert parsed.planner.key_results[0].target == 0.125
    assert parsed.planner.key_results[0].unreadable == frozenset()
    assert [(one.code, one.severity) for one in parsed.problems if one.table == "key_results"] == [
        ("text_number", "advice")
    ]


def test_a_number_with_the_unit_of_its_row_is_read():
    first = {"id": "KR1", "unit": "days", "target": "5 days", "current": "1 day"}
    second = {"id": "KR2", "unit": "€", "target": "5 days", "current": ""}
    measures = a_grid("measures", ["visits", "visits", "1 200 visits"], headers=["measure", "unit", "2026-07"])
    parsed = parse_planner(grids(a_grid("key_results", first, second), measures))
    assert [(row.target, row.current) for row in parsed.planner.key_results] == [(5.0, 1.0), (None, None)]
    assert list(parsed.planner.measures[0].months.values()) == [1200.0]


def test_a_check_in_takes_the_unit_of_its_key_result():
    key_results = a_grid("key_results", {"id": "KR1", "unit": "clients"}, {"id": "kr1 ", "unit": "€"})
    check_ins = a_grid(
        "check_ins", {"key_result": " kr1", "value": "10 clients"}, {"key_result": "KR2", "value": "10 clients"}
    )
    parsed = parse_planner(grids(key_results, check_ins))
    assert [row.value for row in parsed.planner.check_ins] == [10.0, None]


def test_ids_stay_text():
    parsed = parse_planner(grids(a_grid("teams", {"team": "NA"}, {"team": 1.0}, {"team": "001"}, {"team": "1E5"})))
    assert [one.team for one in parsed.planner.teams] == ["NA", "1", "001", "1E5"]


def test_the_last_value_and_a_formula_in_current_are_known():
    grid = a_grid("key_results", {"id": "KR1", "current": 5.0, "value": 4.0}, {"id": "KR2", "value": "text"})
    at = find_columns(grid).fields["current"]
    first, second = parse_planner(grids(grid._replace(formulas=frozenset([(0, at)])))).planner.key_results
    assert (first.last_value, first.current_is_formula) == (4.0, True)
    assert (second.last_value, second.current_is_formula) == (None, False)


def test_yes_counts_for_milestones_only_in_key_results_and_in_check_ins():
    results = a_grid(
        "key_results", {"id": "M", "kind": "Jalon", "current": "oui"}, {"id": "N", "kind": "Increase", "current": "oui"}
    )
    readings = a_grid("check_ins", {"key_result": "m", "value": True}, {"key_result": "N", "value": True})
    parsed = parse_planner(grids(results, readings))
    assert [one.current for one in parsed.planner.key_results] == [1.0, None]
    assert [one.value for one in parsed.planner.check_ins] == [1.0, None]
    assert faults(parsed) == [
        ("not_a_number", "key_results", "N", 2, "current"),
        ("not_a_number", "check_ins", "", 2, "value"),
    ]


def test_months_of_measures_are_headers_that_are_a_month():
    grid = a_grid(
        "measures",
        ["mrr", 10, None, "abc", "mine"],
        headers=["measure", "2026-07", "août 2026", date(2026, 9, 1), "Note 2026"],
    )
    parsed = parse_planner(grids(grid))
    assert parsed.planner.measures[0].months == {date(2026, 7, 1): 10.0}
    assert parsed.planner.measures[0].unreadable == {"2026-09"}
    assert ("not_a_number", "measures", "mrr", 1, "2026-09") in faults(parsed)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"company": "Alvéo"}, {"company": "Alvéo"}),
        ({"Entreprise": "Alvéo", "Langue": "Français"}, {"company": "Alvéo", "language": "fr"}),
        ({"on_track_gap": "5 %"}, {"on_track_gap": 0.05}),
        ({"on track gap": 5}, {"on_track_gap": 0.10}),  # outside 0 to 1: the default holds
        ({"stale after days": 21}, {"stale_after_days": 21}),
        ({"missing counts as": "Left out"}, {"missing_counts_as": "left_out"}),
        ({"show_member_scores": "oui"}, {"show_member_scores": True}),
        ({"period": "2026-H2"}, {"period_start": date(2026, 7, 1), "period_end": date(2026, 12, 31)}),
        ({"period": "2026-H2", "period_end": date(2026, 11, 30)}, {"period_start": date(2026, 7, 1), "period_end": date(2026, 11, 30)}),
        ({"period": "Summer"}, {"period": "Summer", "period_start": None}),
        ({"budget code": "X1"}, {"company": ""}),
    ],
)  # fmt: skip
def test_settings(rows, expected):
    settings = parse_planner(grids(settings_grid(**rows))).planner.settings
    assert {name: getattr(settings, name) for name in expected} == expected


def test_a_setting_out_of_range_or_given_twice_is_a_problem():
    grid = a_grid("settings", ["on_track_gap", 5], ["company", "A"], ["Entreprise", "B"], headers=["name", "value"])
    parsed = parse_planner(grids(grid))
    assert faults(parsed) == [
        ("setting_twice", "settings", "company", 3, "name"),
        ("out_of_range", "settings", "on_track_gap", 1, "value"),
    ]
    assert parsed.planner.settings.company == "A"


@pytest.mark.parametrize(
    ("name", "value"), [("on_track_gap", 0), ("on_track_gap", 1), ("stale_after_days", 1), ("reply_within_days", 366)]
)
def test_a_setting_at_either_end_of_its_range_holds(name, value):
    parsed = parse_planner(grids(settings_grid(**{name: value})))
    assert [code for code, *_ in faults(parsed)] == []
    assert getattr(parsed.planner.settings, name) == value


def test_no_team_has_longer_to_answer_than_there_are_days_in_the_calendar():
    parsed = parse_planner(grids(settings_grid(reply_within_days=99_999_999)))
    assert [code for code, *_ in faults(parsed)] == ["out_of_range"]
    assert parsed.planner.settings.reply_within_days == 7
