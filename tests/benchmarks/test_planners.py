"""The benchmarks' planners are what they say: so many key results, check-ins and teams, and nothing the coach minds."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks import planners
from okr_workbook.actions.collect import collect
from okr_workbook.actions.reading import read_planner
from okr_workbook.actions.refresh import check_book
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.file_book import FileBook


@pytest.mark.parametrize(("key_results", "teams"), [(1, 1), (10, 5), (45, None), (40, 20)])
def test_a_planner_has_the_size_asked_for(tmp_path, key_results, teams):
    path = planners.make_planner(str(tmp_path / "plan.xlsx"), key_results, teams)
    planner = read_planner(FileBook(path))[1].planner
    assert len(planner.key_results) == key_results
    assert len(planner.check_ins) == key_results * planners.CHECK_INS_EACH
    assert len(planner.teams) == (teams or 3)
    assert all(planners.START <= one.date <= planners.AS_OF for one in planner.check_ins)
    assert {row.level for row in planner.objectives} == {"company", "team"}


def test_the_coach_finds_nothing_in_it(tmp_path):
    path = planners.make_planner(str(tmp_path / "plan.xlsx"), 40)
    assert check_book(FileBook(path), today=date(2026, 11, 23)).problems == ()


def test_every_key_result_is_answered_and_every_answer_is_taken(tmp_path):
    path = planners.make_planner(str(tmp_path / "plan.xlsx"), 20, 5)
    make_team_books(path, str(tmp_path / "books"), today=planners.AS_OF)
    assert planners.answer_books(str(tmp_path / "books")) == 20
    report = collect(path, [str(tmp_path / "books")], today=planners.AS_OF)
    assert len(report.books) == 5
    assert {one.key_result for one in report.plan.check_ins} == {f"KR{number}" for number in range(20)}
    assert report.listed == report.refused == ()


def test_the_worked_example_is_a_planner(tmp_path):
    assert read_planner(FileBook(planners.worked_example(str(tmp_path / "plan.xlsx"))))[1].planner.key_results
