"""CSV rows into a table: by key, all or nothing, and every fault by line and column."""

from datetime import date

import pytest

from okr_workbook.errors import UsageError
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.csv_rows import decode, parse_csv
from okr_workbook.tables.filling import fill_table
from okr_workbook.tables.grid import column_number
from okr_workbook.tables.schema import table
from tests.tables.grids import a_grid, grids, settings_grid


def fill(text, table_id, *found, language="en"):
    known = grids(*found)
    columns = {name: find_columns(grid) for name, grid in known.items()}
    return fill_table(known, columns, parse_csv(text, table(table_id), language), table_id, language)


def written(filling, grid):
    """{(row, header): value} of what would be written."""
    headers = [*grid.headers, *filling.change.new_headers]
    return {(row, headers[column]): value for (row, column), value in filling.change.cells.items()}


def codes(filling):
    return [(one.line, one.column, one.fault.code) for one in filling.faults]


MEMBERS = a_grid("members", ["Ann", "Sales", "ann@x.org", None], ["", None, None, None])


def test_new_rows_take_blank_rows_first_and_then_append():
    filling = fill("member,team\nBob,HR\nCid,HR\n", "members", MEMBERS)
    assert written(filling, MEMBERS) == {
        (1, "Member"): "Bob", (1, "Team"): "HR", (2, "Member"): "Cid", (2, "Team"): "HR",
    }  # fmt: skip
    assert (filling.added, filling.updated, filling.unchanged) == (2, 0, 0)


def test_a_known_key_is_updated_in_any_spelling_and_other_fields_stay():
    filling = fill("Membre;Équipe\n ANN ;HR\n", "members", MEMBERS)
    assert written(filling, MEMBERS) == {(0, "Member"): "ANN", (0, "Team"): "HR"}
    assert (filling.added, filling.updated) == (0, 1)


def test_the_same_rows_again_change_nothing():
    filling = fill("member,team\nAnn,Sales\n", "members", MEMBERS)
    assert (filling.change.cells, filling.unchanged) == ({}, 1)


def test_a_blank_cell_of_the_file_empties_the_field():
    assert written(fill("member,email\nAnn,\n", "members", MEMBERS), MEMBERS) == {(0, "Email"): None}


def test_choices_and_numbers_are_written_in_the_workbooks_language():
    results = a_grid("key_results", language="fr")
    filling = fill("id,kind,start,target,weight\nKR1,stay_above,0.5,102.375,2\n", "key_results", results, language="fr")
    cells = written(filling, results)
    assert cells[0, "Type"] == "Rester au-dessus"
    assert (cells[0, "Départ"], cells[0, "Cible"]) == (0.5, 102.375)


def test_check_ins_are_told_apart_by_day_key_result_and_author():
    readings = a_grid("check_ins", [date(2026, 7, 1), "KR1", 1.0, None, None, "Ann"])
    filling = fill(
        "date,key_result,value,author\n2026-07-01,kr1,2,ann\n2026-07-01,KR1,3,\n2026-07-02,KR1,4,Ann\n",
        "check_ins",
        readings,
    )
    assert (filling.added, filling.updated, codes(filling)) == (2, 1, [])


def test_months_that_are_not_there_yet_become_columns_in_order():
    measures = a_grid("measures", ["mrr", 1.0], headers=["measure", "2026-07"])
    filling = fill("measure,2026-09,2026-07,2026-08\nmrr,9,7,8\n", "measures", measures)
    assert filling.change.new_headers == ("2026-08", "2026-09")
    assert written(filling, measures) == {(0, "2026-07"): 7.0, (0, "2026-08"): 8.0, (0, "2026-09"): 9.0}


def test_settings_by_name_each_with_its_own_type():
    grid = settings_grid(Company=None, **{"As of": None})
    filling = fill("name,value\ncompany,Alvéo\nas_of,2026-12-02\n", "settings", grid)
    assert written(filling, grid) == {(0, "Value"): "Alvéo", (1, "Value"): date(2026, 12, 2)}


def test_a_milestone_takes_yes():
    results = a_grid("key_results", {"id": "M", "kind": "Milestone"}, {"id": "N", "kind": "Increase"})
    filling = fill(
        "date,key_result,value\n2026-07-01,M,yes\n2026-07-01,N,yes\n", "check_ins", a_grid("check_ins"), results
    )
    assert codes(filling) == [(3, "value", "not_a_number")]


def test_a_number_may_have_the_unit_of_its_row_beside_it():
    results = a_grid("key_results", {"id": "KR1", "unit": "min"}, {"id": "KR2", "unit": "days"})
    readings = a_grid("check_ins")
    filling = fill(
        "date,key_result,value\n2026-07-01,KR1,44.5 min\n2026-07-01,KR2,9 min\n", "check_ins", readings, results
    )
    assert codes(filling) == [(3, "value", "not_a_number")]
    assert written(filling, readings)[0, "Value"] == 44.5
    filling = fill("id,unit,target\nKR1,,5 min\nKR2,weeks,3 weeks\nKR3,drops,1 200 drops\n", "key_results", results)
    assert [written(filling, results)[at, "Target"] for at in range(3)] == [5.0, 3.0, 1200.0]


def test_a_cell_with_a_formula_is_kept_and_named():
    grid = MEMBERS._replace(formulas=frozenset([(0, 1)]))
    filling = fill("member,team\nAnn,HR\n", "members", grid)
    assert (filling.change.cells, filling.kept) == ({}, ("Members!B5",))


@pytest.mark.parametrize(
    ("text", "table_id", "expected"),
    [
        ("id,target\nKR1,abc\n", "key_results", [(2, "target", "not_a_number")]),
        ('id,target\nKR1,"1,234"\n', "key_results", [(2, "target", "ambiguous_number")]),
        ("id,due\nKR1,31/03\n", "key_results", [(2, "due", "not_a_date")]),
        ("id,due\nKR1,1026-12-01\n", "key_results", [(2, "due", "day_out_of_range")]),
        (f"id,unit\nKR1,x\nKR2,{'x' * 32_768}\n", "key_results", [(3, "unit", "text_too_long")]),
        ("id,kind\nKR1,more\n", "key_results", [(2, "kind", "unknown_choice")]),
        ("id,unit\nKR1,x\n kr1,y\n", "key_results", [(3, "id", "csv_duplicate_key")]),
        ("id,unit\n,x\n", "key_results", [(2, "id", "csv_blank_key")]),
        ("id,objective\nKR9,O9\n", "key_results", [(2, "objective", "csv_unknown_id")]),
        ("id,kpi\nKR9,none\n", "key_results", []),  # no KPI yet at all: a planner may be filled in any order
        ("date,key_result,value\n2026-07-01,KR9,1\n", "check_ins", [(2, "key_result", "csv_unknown_id")]),
        ("name,value\ncolour,red\n", "settings", [(2, "name", "csv_unknown_setting")]),
        ("id,parent\nO2,O3\nO3,O1\n", "objectives", []),  # a row of the same file
    ],
)
def test_faults(text, table_id, expected):
    found = (
        a_grid("objectives", {"id": "O1"}),
        a_grid("key_results", {"id": "KR1", "objective": "O1"}),
        a_grid("kpis"),
        a_grid("check_ins"),
        settings_grid(company="A"),
    )
    assert codes(fill(text, table_id, *found)) == expected


@pytest.mark.parametrize(
    ("text", "table_id", "code"),
    [
        ("", "members", "csv_empty"),
        ("member,colour\n", "members", "csv_unknown_column"),
        ("member,Membre\n", "members", "csv_column_twice"),
        ("member,member\n", "members", "csv_column_twice"),
        ("team\nHR\n", "members", "csv_no_key"),
        ("member,score\nAnn,1\n", "members", "csv_computed_column"),
        ("member\nAnn,more\n", "members", "csv_too_many_cells"),
        ('member\n"Ann\n', "members", "csv_broken"),
        ("measure,July\nx,1\n", "measures", "csv_unknown_column"),
    ],
)
def test_a_file_for_another_table_is_refused(text, table_id, code):
    with pytest.raises(UsageError) as refusal:
        parse_csv(text, table(table_id), "en")
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "said"),
    [("Membre,colour\n", {"columns": "Membre, Équipe, E-mail"}), ("Équipe\nRH\n", {"column": "Membre"})],
)
def test_columns_are_named_as_the_workbook_names_them(text, said):
    with pytest.raises(UsageError) as refusal:
        parse_csv(text, table("members"), "fr")
    assert said.items() <= refusal.value.details.items()


@pytest.mark.parametrize(
    "content",
    ["é".encode(), b"\xef\xbb\xbf" + "é".encode(), "é".encode("cp1252"), "é".encode("utf-16")],
)
def test_the_usual_encodings_are_read(content):
    assert decode(content) == "é"


def test_a_workbook_is_no_csv():
    with pytest.raises(UsageError, match="csv_not_text"):
        decode(b"PK\x03\x04\x14\x00")


def test_addresses():
    assert MEMBERS.address(0, 1) == "B5"
    assert column_number("XFD") == 16384
