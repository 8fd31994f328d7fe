"""New planners: what they hold, and that their period alone says when it begins and ends."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.tables.blocks import PERIOD
from tests.actions.planner_files import planner_in

TODAY = date(2026, 12, 2)


def settings_of(path):
    """The values of the settings that have one, as they stand in the sheet, by row."""
    return {row[0]: row[1] for row in FileBook(path).read()["settings"].rows if row[1] is not None}


@pytest.mark.parametrize("options", [{"period": "2026-H2"}, {"example": True}, {"example": True, "period": "2026-H2"}])
def test_the_period_of_a_new_planner_gives_its_dates_which_are_blank(tmp_path, options):
    path = str(tmp_path / "plan.xlsx")
    report = new_planner(path, language="en", today=TODAY, **options)
    assert (report.first, report.last) == (date(2026, 7, 1), date(2026, 12, 31))
    assert {"Period start", "Period end"}.isdisjoint(settings_of(path))
    settings = planner_in(path).settings
    assert (settings.period_start, settings.period_end) == (report.first, report.last)


def test_the_first_month_of_the_calendar_has_no_months_before_it(tmp_path):
    path = str(tmp_path / "plan.xlsx")
    new_planner(path, language="en", today=TODAY, period="0001-02")
    assert FileBook(path).read()["measures"].headers[-2:] == ("0001-01", "0001-02")


@pytest.mark.parametrize(
    ("dates", "line", "told"),
    [
        ("", "First half of 2027 · week 2 of 26", []),
        ("period_start,2026-07-01\nperiod_end,2026-12-31\n", "First half of 2027", ["period_contradicts_dates"]),
    ],
)
def test_another_period_typed_in_moves_the_plan_and_dates_that_stay_behind_are_told(tmp_path, dates, line, told):
    path = str(tmp_path / "plan.xlsx")
    new_planner(path, language="en", today=TODAY, period="2026-H2")
    fill_book(FileBook(path), "settings", f"name,value\nperiod,2027-H1\n{dates}".encode())
    report = refresh_book(FileBook(path), today=date(2027, 1, 9))
    assert FileBook(path).read_block(PERIOD.name) == [[line]]
    assert [one.code for one in report.problems] == told
