"""`okr collect` as people type it: stars that the shell left alone, and several conflicts decided at once."""

from __future__ import annotations

import json
import shutil

import pytest

from okr_workbook.books.file_book import FileBook
from okr_workbook.cli import main
from tests.actions.planner_files import TeamBook, an_example, team_books


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """The French example and two returned workbooks."""
    folder = tmp_path_factory.mktemp("ground")
    planner = an_example(folder)
    books = team_books(planner, folder / "books")
    (folder / "returned").mkdir()
    for team, row, value in (("Marketing", "KR6", 8.5), ("Produit", "KR9", 0.9)):
        book = TeamBook(books[team])
        book.type("key_results", row, "Nouvelle valeur", value)
        book.save(folder / "returned" / f"{team}.xlsx")
    return folder


@pytest.fixture
def okr(ground, tmp_path, monkeypatch, capsys):
    """`okr collect plan.fr.xlsx ...`: exit status, standard output and standard error."""
    monkeypatch.chdir(shutil.copytree(ground, tmp_path / "work"))

    def run(*arguments):
        status = main(["collect", "plan.fr.xlsx", *arguments])
        return status, *capsys.readouterr()

    return run


@pytest.mark.parametrize("pattern", ["returned/*.xlsx", "returned/?*[gt].xlsx", "ret*"])
def test_a_star_that_the_shell_left_alone_is_looked_up(okr, pattern):
    status, out, _ = okr(pattern, "--json")
    assert status == 0
    assert [one["team"] for one in json.loads(out)["books"]] == ["Marketing", "Produit"]


def test_what_comes_next_is_said_where_something_came_in(okr):
    next_step = "Refresh brings the scores up to date."
    assert next_step not in okr("returned", "--lang", "en", "--dry-run")[1]
    assert okr("returned", "--lang", "en")[1].endswith(f"{next_step}\n")
    assert next_step not in okr("returned", "--lang", "en")[1]  # nothing new


def test_a_star_that_nothing_matches_is_told(okr):
    status, _, err = okr("returned/*.xls", "--lang", "en")
    assert (status, err) == (
        2, "No file or folder matches returned/*.xls. Check the name, or name the folder the books lie in.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (["nofolder"], "There is no file or folder nofolder. Check the name and the folder.\n"),
        (["returned", "no.xlsx"], "There is no file or folder no.xlsx. Check the name and the folder.\n"),
        (["plan.fr.xlsx"], "plan.fr.xlsx is the planner itself. Name the workbooks that the teams sent back,"),
        (["./plan.fr.xlsx", "plan.fr.xlsx"], "plan.fr.xlsx is the planner itself."),
    ],
)
def test_what_is_not_there_and_the_planner_itself_are_wrong_use(okr, named, told):
    status, out, err = okr(*named, "--lang", "en")
    assert (status, out) == (2, "")
    assert err.startswith(told)


def test_the_planner_among_the_books_is_passed_over(okr):
    status, out, _ = okr("plan.fr.xlsx", "returned", "--json")
    assert (status, len(json.loads(out)["books"])) == (0, 2)


def test_a_file_whose_name_has_a_bracket_is_that_file(okr, tmp_path):
    shutil.copy("returned/Marketing.xlsx", "returned/[1] Marketing.xlsx")
    status, out, _ = okr("returned/[1] Marketing.xlsx", "--json")
    assert (status, len(json.loads(out)["books"])) == (0, 1)


@pytest.mark.parametrize(
    ("language", "told", "unread"),
    [
        ("fr", ["C1  Marketing, KR6, Actuel ({0})\u00a0: chez nous 12\u00a0jours, dans le classeur 8,5\u00a0jours",
                "C2  Produit, KR9, Actuel ({1})\u00a0: chez nous 70\u00a0%, dans le classeur 90\u00a0%"],
         "peut se lire de deux façons. Le signe sépare-t-il les milliers"),
        ("en", ["C1  Marketing, KR6, Current ({0}): ours 12\u00a0jours, theirs 8.5\u00a0jours",
                "C2  Produit, KR9, Current ({1}): ours 70%, theirs 90%"],
         "can be read in two ways. Is the mark for thousands"),
    ],
)  # fmt: skip
def test_a_conflict_is_told_in_the_rows_unit_with_its_cell_and_what_is_unread_with_the_way_out(
    okr, tmp_path, language, told, unread
):
    main(["fill", "plan.fr.xlsx", "key_results", _rows(tmp_path, "id,current\nKR6,12\nKR9,0.7\n")])
    book = TeamBook("returned/Produit.xlsx")
    book.type("key_results", "KR11", "Nouvelle valeur", "€ 175.000")
    book.save("returned/Produit.xlsx")
    status, out, _ = okr("returned", "--lang", language)
    assert status == 1
    grids = FileBook("plan.fr.xlsx").read()
    results, conflicts = grids["key_results"], grids["conflicts"]
    current = results.headers.index("Actuel")
    rows = {row[results.headers.index("Id")]: at for at, row in enumerate(results.rows)}
    cells = [f"'Résultats clés'!{results.address(rows[key_result], current)}" for key_result in ("KR6", "KR9")]
    for words in (*told, unread):
        assert words.format(*cells) in out
    assert [row[conflicts.headers.index("Cellule")] for row in conflicts.rows] == cells


def test_take_may_be_given_more_than_once(okr, tmp_path):
    main(["fill", "plan.fr.xlsx", "key_results", _rows(tmp_path, "id,current\nKR6,12\nKR9,0.7\n")])
    assert okr("returned")[0] == 1
    status, out, _ = okr("--take", "theirs", "C1", "--take", "ours", "C2")
    assert status == 0
    assert "C1 est tranché\u00a0: Leur valeur." in out
    assert "C2 est tranché\u00a0: Notre valeur." in out
    status, out, _ = okr("returned", "--json")
    assert (status, json.loads(out)["conflicts"]) == (0, [])


def test_deciding_and_collecting_are_two_runs(okr):
    status, _, err = okr("returned", "--take", "theirs", "C1", "--lang", "en")
    assert status == 2
    assert "reads no workbooks" in err


def _rows(folder, text):
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)
