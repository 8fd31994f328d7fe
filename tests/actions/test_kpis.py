"""The KPI library put into a planner: by id or name, with its measures, in the planner's words, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from okr_workbook.actions.kpis import add_kpis
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.summary import summary_lines
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli import main
from okr_workbook.domain.kpis.ready_made import KPIS
from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.blocks import PICK_KPI
from okr_workbook.tables.grid import BlockChange, Changes
from okr_workbook.tables.kpi_library_rows import named_kpi, show_library
from tests.actions.planner_files import planner_in
from tests.plans import AS_OF


@pytest.fixture(params=["en", "fr"])
def path(request, tmp_path):
    found = tmp_path / "plan.xlsx"
    assert main(["new", str(found), "--lang", request.param, "--period", "2026-H2"]) == 0
    return str(found)


def test_a_kpi_comes_with_its_measures_in_the_planners_words(path):
    added, language = add_kpis(FileBook(path), ["trial_conversion", "cac"])
    planner = planner_in(path)
    labels = labels_for(language)
    assert [row.kpi for row in planner.kpis] == [
        labels.text("kpis", f"kpis.{name}.name") for name in ("trial_conversion", "cac")
    ]
    assert [row.measure for row in planner.measures] == [row.measure for row in added.measures]
    assert all(row.label and row.aggregate in ("sum", "last", "average") for row in planner.measures)
    assert [row.unit for row in planner.kpis] == ["%", "€"]


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "rh"), ("fr", "RH"), ("fr", "Ressources humaines"), ("en", "hr"), ("en", "human")]
)
def test_a_category_is_found_by_what_people_call_it(language, word):
    found = [one.id for one in show_library(labels_for(language), word.split())]
    assert {kpi.id for kpi in KPIS if kpi.category == "hr"} <= set(found)


def test_a_planner_to_add_to_without_a_kpi_is_wrong_use(path, capsys):
    assert main(["kpis", "churn", "--to", path, "--lang", "en"]) == 2
    assert f"okr kpis --add ID --to {path}" in capsys.readouterr().err


def test_what_is_there_already_stays_and_shared_measures_come_once(path):
    add_kpis(FileBook(path), ["customer_churn"])
    content = Path(path).read_bytes()
    assert add_kpis(FileBook(path), ["Customer_Churn"])[0].known == ("customer_churn",)
    assert Path(path).read_bytes() == content
    add_kpis(FileBook(path), ["arpa"])
    measures = [row.measure for row in planner_in(path).measures]
    assert len(measures) == len(set(measures))


def test_an_unknown_kpi_is_refused_and_nothing_is_added(path):
    with pytest.raises(UsageError, match="unknown_kpi"):
        add_kpis(FileBook(path), ["nps", "happiness"])
    assert planner_in(path).kpis == ()


def test_every_kpi_of_the_library_can_be_added_and_gives_no_error(path):
    add_kpis(FileBook(path), [kpi.id for kpi in KPIS])
    report = refresh_book(FileBook(path), today=AS_OF)
    assert len(report.planner.kpis) == len(KPIS)
    assert [one for one in report.problems if one.severity == "error"] == []


def test_the_kpi_picked_on_the_sheet_is_added_by_refresh_and_the_cell_is_free_again(path):
    language = planner_in(path).settings.language
    name = labels_for(language).text("kpis", "kpis.nps.name")
    FileBook(path).write(Changes(blocks=(BlockChange(PICK_KPI.name, [[name]]),)), command="typing")
    before = contents(path)
    trial = refresh_book(FileBook(path), today=AS_OF, dry_run=True)
    assert ([row.id for row in trial.picked.kpis], contents(path)) == (["nps"], before)
    report = refresh_book(FileBook(path), today=AS_OF)
    assert [row.id for row in report.picked.kpis] == [row.id for row in planner_in(path).kpis] == ["nps"]
    told = "\n".join(summary_lines(report, labels_for(language)))
    assert all(one in told for one in ("nps", name, *(row.measure for row in report.picked.measures)))
    assert FileBook(path).read_block(PICK_KPI.name) == [[None]]
    assert refresh_book(FileBook(path), today=AS_OF).picked is None
    main(["undo", path])
    assert contents(path) == before  # the KPI and its scores are one command


def contents(path):
    book = FileBook(path)
    return {name: (grid.headers, grid.rows) for name, grid in book.read().items()}, book.read_block(PICK_KPI.name)


def test_a_text_that_is_no_ready_made_kpi_is_told_and_stays_in_its_cell(path):
    FileBook(path).write(Changes(blocks=(BlockChange(PICK_KPI.name, [["happiness"]]),)), command="typing")
    report = refresh_book(FileBook(path), today=AS_OF)
    assert "happiness" in "\n".join(summary_lines(report, labels_for(report.language)))
    assert planner_in(path).kpis == ()
    assert FileBook(path).read_block(PICK_KPI.name) == [["happiness"]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_names_are_unique_and_find_their_kpi(language):
    shown = show_library(labels_for(language))
    assert len({one.name for one in shown}) == len(shown) == len(KPIS)
    assert all(named_kpi(one.name).id == one.id for one in shown)


@pytest.mark.parametrize(
    ("words", "found"), [(["churn"], "customer_churn"), (["NET", "promoter"], "nps"), (["rétention"], None)]
)
def test_searching_by_words(words, found):
    ids = [one.id for one in show_library(labels_for("en"), words)]
    assert (found in ids) if found else ids == []


def test_the_command_lists_and_refuses(capsys):
    assert main(["kpis", "promoter", "--json", "--lang", "fr"]) in (0, 1)
    capsys.readouterr()
    assert main(["kpis", "churn", "--json"]) == 0
    assert {one["id"] for one in json.loads(capsys.readouterr().out)["kpis"]} >= {"customer_churn", "mrr_churn"}
    assert main(["kpis", "--add", "nps", "--json"]) == 2
    assert main(["kpis", "no-such-thing", "--json"]) == 1
