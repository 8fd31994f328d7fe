"""Which language a command speaks: --lang, wherever it stands; else the workbook's; else the system's."""

from __future__ import annotations

import shutil

import pytest

from okr_workbook.cli import COMMANDS, main
from okr_workbook.cli.console import language_of
from tests.actions.planner_files import an_example


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return an_example(tmp_path_factory.mktemp("made"))


@pytest.fixture
def planner(made, tmp_path, monkeypatch):
    """The French example, under an English system."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    shutil.copytree(str(made).rpartition("/")[0], "work")
    shutil.copy("work/plan.fr.xlsx", "alone.xlsx")
    return "work/plan.fr.xlsx"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["undo", "{}"], "annulé dans"),
        (["undo", "alone.xlsx"], "Il n’y a plus rien à annuler"),
        (["recover", "{}", "nothing"], "n’a pas besoin d’être redressé"),
        (["forget", "{}", "Nobody"], "n’est nulle part"),
        (["fill", "{}", "budget", "rows.csv"], "Il n’y a pas de tableau"),
        (["fill", "{}", "teams", "rows.csv"], "Impossible de lire rows.csv"),
        (["mail", "{}", "--books", "books"], "Le dossier des classeurs books n’existe pas"),
        (["collect", "{}"], "Nommez les classeurs"),
        (["collect", "{}", "--take", "theirs", "C1"], "Il n’y a pas de conflit"),
        (["teams", "{}", "--out", "books", "--team", "Ventes"], "Il n’y a pas d’équipe"),
        (["report", "{}", "--html", "page.txt"], "le nom d’une page finit par .html"),
        (["kpis", "--add", "nothing", "--to", "{}"], "La bibliothèque n’a pas d’indicateur"),
        (["new", "{}"], "existe déjà"),
    ],
)
def test_the_books_language_whatever_comes_of_it(planner, capsys, arguments, said):
    main([one.format(planner) for one in arguments])
    out, err = capsys.readouterr()
    assert said in out + err


def test_the_systems_language_where_there_is_no_planner(planner, capsys):
    assert main(["undo", "missing.xlsx"]) == 2
    assert "There is no file" in capsys.readouterr().err
    assert language_of("missing.xlsx") is None
    assert main(["new", "plan.xlsx"]) == 0
    assert language_of("plan.xlsx") == "en"


@pytest.mark.parametrize(
    "before", [["--lang", "en"], ["--lang=en"], ["--json", "--lang", "en"], ["--lang", "en", "--json"]]
)
def test_what_every_command_takes_may_stand_before_it(planner, capsys, before):
    assert main([*before, "refresh", planner]) == 0
    out = capsys.readouterr().out
    assert out.startswith("{" if "--json" in before else "As of 2 December 2026")


@pytest.mark.parametrize(("language", "told"), [("en", "the table Teams."), ("fr", "au tableau Équipes.")])
def test_a_planner_without_teams_names_the_table_as_everything_does(planner, capsys, language, told):
    assert main(["new", "empty.xlsx", "--lang", language]) == 0
    capsys.readouterr()
    assert main(["teams", "empty.xlsx", "--out", "books"]) == 2
    assert told in capsys.readouterr().err


def test_a_sheet_is_named_as_the_workbook_names_it(planner, capsys):
    assert main(["--lang", "en", "refresh", planner]) == 0
    assert "see the sheet “Problèmes”" in capsys.readouterr().out


def test_the_list_of_commands_speaks_it_too(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["--lang", "fr", "--help"]) == 0
    said = capsys.readouterr().out
    assert "utilisation" in said
    assert all(name in said for name in COMMANDS)


@pytest.mark.parametrize("arguments", [["--lang"], ["--lang", "fr"], ["--json"], ["--lang", "xx", "refresh", "a"]])
def test_wrong_use_stays_wrong(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err
