"""Making team workbooks: which files, where, and what is never written over."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from okr_workbook.actions.reading import read_planner
from okr_workbook.actions.teams import make_team_books, teams_json
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.stamp import SHEET, read_stamp
from okr_workbook.cli import main
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.mail.ledger import Ledger, ledger_path
from okr_workbook.tables.grid import Changes, TableChange
from tests.actions.planner_files import TODAY, an_example


@pytest.fixture(scope="module")
def planner(tmp_path_factory):
    return an_example(tmp_path_factory.mktemp("planner"))


def made(planner, folder, **options):
    return make_team_books(planner, str(folder), today=TODAY, **options)


def stamp_of(path):
    return read_stamp(FileBook(path).read_block(SHEET))


def test_every_team_gets_a_book_of_its_name(planner, tmp_path):
    report = made(planner, tmp_path / "new" / "out")
    assert [Path(book.path).name for book in report.books] == ["Marketing.xlsx", "RH.xlsx", "Produit.xlsx"]
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == [
        "Marketing.xlsx",
        "Produit.xlsx",
        "RH.xlsx",
    ]
    assert [stamp_of(book.path).team for book in report.books] == ["Marketing", "RH", "Produit"]


def test_one_team_gets_the_name_it_has_among_all(planner, tmp_path):
    report = made(planner, tmp_path, teams=[" produit "])
    assert [(book.team, Path(book.path).name) for book in report.books] == [("Produit", "Produit.xlsx")]
    with pytest.raises(UsageError, match="team_unknown"):
        made(planner, tmp_path, teams=["RH", "Legal"])


def test_several_teams_are_asked_for_by_naming_each(planner, tmp_path, capsys):
    teams = ["--team", "Produit", "--team", "RH", "--team", "rh"]
    assert main(["teams", planner, "--out", str(tmp_path / "some"), *teams]) == 0
    assert sorted(path.name for path in (tmp_path / "some").iterdir()) == ["Produit.xlsx", "RH.xlsx"]
    for command in ("teams", "mail"):
        assert main([command, "--lang", "en", "--help"]) == 0
        assert "may be given more than once" in " ".join(capsys.readouterr().out.split())


def test_the_planner_is_only_read(planner, tmp_path):
    before = Path(planner).read_bytes()
    made(planner, tmp_path)
    assert Path(planner).read_bytes() == before


def test_revisions_rise_even_where_the_clock_is_set_back(planner, tmp_path):
    late = made(planner, tmp_path / "a", now=lambda: datetime(2040, 1, 1, tzinfo=UTC))
    early = made(planner, tmp_path / "b", now=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    assert early.books[0].revision == late.books[0].revision + 1
    with Ledger(ledger_path(planner)) as ledger:
        assert {book.revision for book in ledger.books()} >= {late.books[0].revision, early.books[0].revision}


def test_a_book_that_was_filled_in_is_never_written_over(planner, tmp_path):
    path = Path(made(planner, tmp_path).books[0].path)
    load_workbook(path).save(path)
    filled = path.read_bytes()
    report = made(planner, tmp_path)
    assert [(left.team, left.error.code) for left in report.left] == [("Marketing", "book_filled_in")]
    assert path.read_bytes() == filled
    assert [book.team for book in report.books] == ["RH", "Produit"]
    assert json.loads(json.dumps(teams_json(report)))["left"][0]["code"] == "book_filled_in"


def test_a_new_book_replaces_one_that_nobody_touched(planner, tmp_path):
    first = made(planner, tmp_path)
    second = made(planner, tmp_path)
    assert second.left == ()
    assert stamp_of(second.books[0].path).revision > first.books[0].revision


def test_with_sheets_there_is_one_workbook(planner, tmp_path):
    report = made(planner, tmp_path, sheets=True)
    assert [path.name for path in tmp_path.iterdir()] == ["Équipes.xlsx"]
    book = load_workbook(report.sheets)
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["Marketing", "RH", "Produit"]


def test_the_sheets_are_never_written_over_something_else(planner, tmp_path):
    (tmp_path / "Équipes.xlsx").write_bytes(Path(planner).read_bytes())
    with pytest.raises(OkrError, match="book_filled_in"):
        made(planner, tmp_path, sheets=True)
    assert (tmp_path / "Équipes.xlsx").read_bytes() == Path(planner).read_bytes()
    (tmp_path / "Équipes.xlsx").unlink()
    assert made(planner, tmp_path, sheets=True) == made(planner, tmp_path, sheets=True)


def test_a_damaged_book_in_the_folder_stops_no_other_team(planner, tmp_path):
    path = Path(made(planner, tmp_path).books[0].path)
    content = bytearray(path.read_bytes())
    at = content.index(b"docProps/core.xml") + 40
    content[at : at + 20] = bytes(20)
    path.write_bytes(content)
    report = made(planner, tmp_path)
    assert [left.team for left in report.left] == ["Marketing"]
    assert [book.team for book in report.books] == ["RH", "Produit"]


def test_the_folder_may_not_be_a_file(planner, tmp_path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(UsageError, match="out_is_file"):
        made(planner, tmp_path / "x")


def test_names_that_are_hard_for_file_systems_stay_in_the_folder(tmp_path):
    path = an_example(tmp_path)
    book = FileBook(path)
    _, parsed = read_planner(book)
    at = parsed.columns["teams"].fields["team"]
    names = ["../CON", "CON", "Équipe 🎯", "x" * 60, "équipe 🎯", "a/b\\c:d"]
    book.write(Changes((TableChange("teams", {(i, at): name for i, name in enumerate(names)}),)), command="test")
    out = tmp_path / "out"
    report = made(path, out)
    files = sorted(file.name for file in out.iterdir())
    assert len(files) == len(report.books) == 5
    assert {Path(one.path).parent for one in report.books} == {out}
