"""A refresh in a few lines: what is said where there is no data, and a second one that has nothing to write."""

from __future__ import annotations

import pytest

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.summary import check_lines, summary_lines
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli import main
from okr_workbook.domain.results import GroupScore
from okr_workbook.labels import labels_for
from tests.builders import END, MIDDLE

TABLES = {
    "teams": "team\nHR\n",
    "objectives": "id,objective,level,team\nO1,Grow,company,\nO2,Hire,team,HR\n",
    "key_results": "id,objective,key_result,kind,start,target\nKR1,O1,Growth,,,\nKR2,O1,Sales,increase,0,10\nKR3,O2,Hires,increase,0,10\n",
}


@pytest.fixture
def planner(tmp_path):
    """A planner in which nothing has a value, and one row has an error."""
    path = tmp_path / "planner.xlsx"
    new_planner(str(path), language="en", period="2026-H2", company="Alvéo", today=END)
    for table, rows in TABLES.items():
        (tmp_path / f"{table}.csv").write_text(rows, encoding="utf-8")
        assert main(["fill", str(path), table, str(tmp_path / f"{table}.csv")]) == 0
    return path


@pytest.mark.parametrize(
    ("language", "lines"),
    [("en", ["Alvéo: no data yet", "HR: no data yet"]),
     ("fr", ["Alvéo\u00a0: pas encore de données", "HR\u00a0: pas encore de données"])],
)  # fmt: skip
def test_without_data_no_zero_is_told(planner, language, lines):
    report = refresh_book(FileBook(str(planner)), today=MIDDLE)
    assert report.scores.company.score == 0.0
    assert list(summary_lines(report, labels_for(language)))[1:3] == lines


@pytest.mark.parametrize(
    ("language", "lines"),
    [("en", ["1 error, 7 warnings, 1 piece of advice; see the sheet “Problems”.",
             "Begin with 'Key results'!F5 · Key results, KR1: no kind."]),
     ("fr", ["1 erreur, 7 avertissements, 1 conseil ; voir la feuille « Problems ».",
             "Commencez par 'Key results'!F5 · Résultats clés, KR1 : pas de type."])],
)  # fmt: skip
def test_of_the_errors_the_first_is_told_with_its_cell_and_its_advice(planner, language, lines):
    report = refresh_book(FileBook(str(planner)), today=MIDDLE, lang=language)
    *_, counted, first, advice = summary_lines(report, labels_for(language))
    assert [counted.split(",")[0], first] == [lines[0].split(",")[0], lines[1]]
    assert advice.strip() == report.problems[0].advice


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "Nothing is planned yet. Begin on the sheet “Objectifs”."),
     ("fr", "Rien n’est encore planifié. Commencez sur la feuille « Objectifs ».")],
)  # fmt: skip
def test_in_an_empty_planner_the_way_to_begin_is_told_and_not_that_all_is_well(tmp_path, language, line):
    path = tmp_path / "planner.xlsx"
    new_planner(str(path), language="fr", period="2026-H2", today=END)
    report = refresh_book(FileBook(str(path)), today=MIDDLE, lang=language)
    assert list(summary_lines(report, labels_for(language)))[1:] == [line]
    assert list(check_lines(report, labels_for(language))) == [line]


def test_the_lines_of_team_workbooks_tell_no_zero_either(planner, tmp_path, capsys):
    assert main(["teams", str(planner), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.strip().endswith("HR.xlsx: HR, –, – No data")


def test_a_group_that_has_not_begun_keeps_its_status(planner):
    report = refresh_book(FileBook(str(planner)), today=MIDDLE)
    scores = report.scores._replace(company=GroupScore("Alvéo", None, 0.0, status="not_started"), teams=())
    told = list(summary_lines(report._replace(scores=scores), labels_for("en")))
    assert told[1] == "Alvéo: –, 0% expected · ○ Not started"


def test_a_second_refresh_has_nothing_to_write_though_links_stand_on_the_pages(planner):
    assert refresh_book(FileBook(str(planner)), today=MIDDLE).changed
    content = planner.read_bytes()
    assert FileBook(str(planner)).read_block("okr_errors") == [["1 error to correct →"]]
    assert not refresh_book(FileBook(str(planner)), today=MIDDLE, dry_run=True).changed
    assert not refresh_book(FileBook(str(planner)), today=MIDDLE).changed
    assert planner.read_bytes() == content
