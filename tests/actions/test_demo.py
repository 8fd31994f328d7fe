"""The demo: its figures, and that everything it leaves can be read back."""

from __future__ import annotations

import json
from email import message_from_bytes, policy

import pytest
from openxml_audit import OpenXmlValidator

from okr_workbook.actions.demo import ANSWERS, EXAMPLE_DAY, PUT_RIGHT
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.workbook import Workbook
from okr_workbook.cli import main
from okr_workbook.mail.ledger import Ledger, ledger_path
from okr_workbook.tables.parsing import parse_planner


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The folder of a demo in both languages."""
    folder = tmp_path_factory.mktemp("demo") / "new"
    assert main(["demo", str(folder)]) == 0
    return folder


@pytest.mark.parametrize(
    ("system", "asked", "end"),
    [
        ("en_US.UTF-8", [], "Open demo/plan.en.xlsx and start with the sheet Dashboard."),
        ("fr_FR.UTF-8", [], "Ouvrez demo/plan.fr.xlsx et commencez par la feuille Tableau de bord."),
        ("en_US.UTF-8", ["--lang", "fr"], "Ouvrez demo/plan.fr.xlsx et commencez par la feuille Tableau de bord."),
    ],
)
def test_it_ends_with_the_planner_in_the_readers_language(tmp_path, monkeypatch, capsys, system, asked, end):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", system)
    assert main(["demo", "demo", "--json", *asked]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines()[-1] == end
    assert {"language", "code", "files", "details"} == set(json.loads(out)["steps"][0])


def test_it_makes_the_same_story_in_both_languages(demo):
    found = {str(path.relative_to(demo)) for path in demo.rglob("*") if path.is_file() and ".okr" not in path.parts}
    english = {"HR": "RH", "Product": "Produit", "Marketing": "Marketing"}
    assert found == {
        *(f"{name}.{language}.xlsx" for name in ("before", "plan") for language in ("en", "fr")),
        "plan.en.html", "plan.fr.html",
        *(f"en/books/{team}.xlsx" for team in english),
        *(f"en/drafts/{team}.eml" for team in english),
        *(f"fr/books/{team}.xlsx" for team in english.values()),
        *(f"fr/drafts/{team}.eml" for team in english.values()),
        "en/returned/HR.xlsx", "en/returned/Product.xlsx", "fr/returned/RH.xlsx", "fr/returned/Produit.xlsx",
    }  # fmt: skip


def test_every_workbook_that_is_made_opens_without_repair(demo, tmp_path):
    """By the rules Excel goes by, with no finding accepted; the templates have a test of their own."""
    plan = str(demo / "plan.fr.xlsx")
    assert main(["teams", plan, "--out", str(tmp_path), "--sheets"]) == 0
    assert main(["new", str(tmp_path / "next.xlsx"), "--from", plan, "--unfinished"]) == 0
    assert main(["new", str(tmp_path / "buttons.xlsm"), "--example", "--lang", "fr"]) == 0
    assert main(["refresh", str(tmp_path / "buttons.xlsm")]) == 0
    made = [path for folder in (demo, tmp_path) for path in folder.rglob("*.xls?") if ".okr" not in path.parts]
    assert len(made) == 4 + 6 + 4 + 3
    assert [
        (path.name, found.errors[:3]) for path in made if not (found := OpenXmlValidator().validate(str(path))).is_valid
    ] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_answers_are_in_the_plan(demo, language, capsys):
    planner = parse_planner(FileBook(str(demo / f"plan.{language}.xlsx")).read()).planner
    values = {row.key_result: row.value for row in planner.check_ins}
    assert {name: values[name] for name in ANSWERS} == {name: answer.value for name, answer in ANSWERS.items()}
    assert {row.key_result: row.confidence for row in planner.check_ins}["KR9"] == 9
    assert any(row.key_result == "KR7" and row.comment and row.author for row in planner.check_ins)
    capsys.readouterr()
    assert main(["status", str(demo / f"plan.{language}.xlsx"), "--json"]) == 0
    teams = json.loads(capsys.readouterr().out)["teams"]
    assert [team["state"] for team in teams] == ["draft", "answered", "answered"]
    with Ledger(ledger_path(demo / f"plan.{language}.xlsx")) as ledger:
        moments = [*(one.at for one in ledger.sendings()), *(one.at for one in ledger.answers())]
    assert moments == sorted(
        moments
    )  # nobody answers before the message is written, whatever this machine's clock says
    assert {moment.date() for moment in moments} == {EXAMPLE_DAY}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_figure_that_a_team_put_right_is_in_the_plan_and_its_kpi_has_followed(demo, language):
    planner = parse_planner(FileBook(str(demo / f"plan.{language}.xlsx")).read()).planner
    ((measure, (month, figure)),) = PUT_RIGHT.items()
    months = {row.measure: row.months for row in planner.measures}
    assert months[measure][month] == figure
    (activation,) = [row.score for row in planner.history if row.id == "activation" and row.date == EXAMPLE_DAY]
    assert activation == figure / months["trials_started"][month]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_of_the_three_vague_key_results_gets_advice_with_a_rewrite(demo, language, capsys):
    assert main(["check", str(demo / f"before.{language}.xlsx"), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    rewritten = {one["row"] for one in problems if one["field"] == "key_result" and set("“«") & set(one["advice"])}
    assert rewritten == {"KR3", "KR7", "KR8"}


def test_every_draft_carries_the_book_of_its_team(demo):
    for draft in demo.rglob("*.eml"):
        message = message_from_bytes(draft.read_bytes(), policy=policy.default)
        (book,) = message.iter_attachments()
        assert Workbook(book.get_content()).grids["key_results"].rows
        assert book.get_filename() == f"{draft.stem}.xlsx"
        assert message["X-Unsent"] == "1"


def test_a_second_demo_in_the_same_folder_is_refused(demo, capsys):
    assert main(["demo", str(demo), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "demo_is_there"
