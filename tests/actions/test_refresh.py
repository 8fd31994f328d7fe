"""Refreshing a planner file again and again, as its owner types, looks back, and takes in what teams report."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Changes, Formula, TableChange
from tests.actions.planner_files import planner_in

DAYS = [date(2026, 9, day) for day in (7, 14, 21, 28)]


@pytest.fixture(params=["en", "fr"])
def planner(request, tmp_path):
    """A planner of one key result from 0 to 100, its readings 30 and 35."""
    path = str(tmp_path / "plan.xlsx")
    new_planner(path, language=request.param, today=DAYS[0], period="2026-Q3")
    put(path, "objectives", "id,objective,level\nO1,Grow,company\n")
    put(
        path,
        "key_results",
        "id,objective,key_result,kind,start,target,unit\nK1,O1,Users from 0 to 100,increase,0,100,users\n",
    )
    put(path, "check_ins", "date,key_result,value\n2026-08-15,K1,30\n2026-09-01,K1,35\n")
    refresh_book(FileBook(path), today=DAYS[0])
    return path


def put(path, table, rows):
    fill_book(FileBook(path), table, rows.encode())


def type_in(path, value):
    """Type into `current` as a person would: no command of ours sees it."""
    book = FileBook(path)
    grid = book.read()["key_results"]
    place = (0, [str(header) for header in grid.headers].index("Current" if "Current" in grid.headers else "Actuel"))
    book.write(Changes((TableChange("key_results", {place: value}),)), command="typed")


def rename(path, table, field):
    """Give a column another header, as somebody might who takes it for their own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path)
    sheet, found = next((sheet, sheet.tables[table]) for sheet in book if table in sheet.tables)
    left, top, *_ = range_boundaries(found.ref)
    place = columns_of(table, [column.name for column in found.tableColumns]).fields[field]
    found.tableColumns[place].name = sheet.cell(top, left + place).value = "Mine"
    book.save(path)


def recalculated(path, formula, before, after):
    """A formula comes to another value, as a spreadsheet program stores it when what it reads has changed."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(
                name, content.replace(f"<f>{formula}</f><v>{before}".encode(), f"<f>{formula}</f><v>{after}".encode())
            )


def logged(path, today, **options):
    return [one.value for one in refresh_book(FileBook(path), today=today, **options).typed]


def readings(path):
    return [(one.date.isoformat(), one.value) for one in planner_in(path).check_ins]


def test_a_value_typed_after_a_look_back_is_logged_though_an_older_reading_was_the_same(planner):
    assert logged(planner, DAYS[1], as_of=date(2026, 8, 20)) == []
    type_in(planner, 30)
    assert logged(planner, DAYS[1]) == [30]
    assert logged(planner, DAYS[1]) == []


def test_after_a_look_back_a_check_in_that_came_meanwhile_stays_in_force(planner):
    logged(planner, DAYS[1], as_of=date(2026, 8, 20))
    put(planner, "check_ins", "date,key_result,value\n2026-09-10,K1,50\n")
    assert logged(planner, DAYS[1]) == []
    assert planner_in(planner).key_results[0].current == 50


def test_looking_back_at_a_key_result_that_a_kpi_feeds_takes_nothing_for_typed(planner):
    put(planner, "measures", "measure,aggregate,2026-07,2026-08,2026-09\nusers_end,last,20,30,40\n")
    put(planner, "kpis", "id,kpi,formula\nusers,Users,users_end\n")
    put(planner, "key_results", "id,objective,key_result,kind,start,target,kpi\nK2,O1,Users,increase,0,100,users\n")
    day = date(2026, 9, 21)

    def remarks(**options):
        report = refresh_book(FileBook(planner), today=day, **options)
        return [one.code for one in report.problems if one.code == "current_not_counted"]

    assert remarks() == []
    for _ in range(2):
        assert remarks(as_of=date(2026, 8, 20)) == []
    then = Path(planner).read_bytes()
    assert remarks(as_of=date(2026, 8, 20)) == []
    assert Path(planner).read_bytes() == then
    put(planner, "measures", "measure,2026-09\nusers_end,45\n")
    assert remarks() == []
    assert planner_in(planner).key_results[1].current == 45


@pytest.mark.parametrize("field", ["date", "key_result", "value"])
def test_nothing_is_logged_where_check_ins_lack_a_column(planner, field):
    type_in(planner, 40)
    rename(planner, "check_ins", field)
    assert logged(planner, DAYS[1]) == []
    then = Path(planner).read_bytes()
    assert logged(planner, DAYS[1]) == []
    assert Path(planner).read_bytes() == then


def test_current_is_blank_while_the_kpi_has_no_value_and_shows_the_next_one(planner):
    put(planner, "measures", "measure,aggregate,2026-08,2026-09\nusers_end,last,30,40\n")
    put(planner, "kpis", "id,kpi,formula\nusers,Users,users_end\n")
    put(planner, "key_results", "id,objective,key_result,kind,start,target,kpi\nK2,O1,Users,increase,0,100,users\n")

    def current():
        codes = [one.code for one in refresh_book(FileBook(planner), today=DAYS[2]).problems]
        return planner_in(planner).key_results[1].current, "current_not_counted" in codes

    assert current() == (40, False)
    for formula, value in (("users_end +", None), ("1 / 0 * users_end", None), ("users_end * 2", 80)):
        put(planner, "kpis", f"id,formula\nusers,{formula}\n")
        for _ in range(2):
            assert current() == (value, False)


def test_an_as_of_date_before_the_first_reading_invents_none(planner):
    put(planner, "settings", "name,value\nas_of,2026-07-31\n")
    before = readings(planner)
    assert logged(planner, DAYS[1]) == []
    assert logged(planner, DAYS[1]) == []
    assert readings(planner) == before


def test_an_unchanged_formula_leaves_a_newer_check_in_in_force(planner):
    type_in(planner, Formula("20+30", 50.0))
    assert logged(planner, DAYS[1]) == [50]
    put(planner, "check_ins", "date,key_result,value\n2026-09-20,K1,62\n")
    for _ in range(3):
        assert logged(planner, DAYS[2]) == []
        assert refresh_book(FileBook(planner), today=DAYS[2], dry_run=True).scores.key_results[0].value == 62
    recalculated(planner, "20+30", 50, 55)
    assert logged(planner, DAYS[3]) == [55]
    assert [one.by_formula for one in planner_in(planner).check_ins] == [False, False, True, False, True]
