"""Reading the planner in a book: one that has lost a table is not written from what is left, a team's workbook is none."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from okr_workbook.actions.collect import collect
from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.forget import forget
from okr_workbook.actions.kpis import add_kpis
from okr_workbook.actions.reading import read_planner
from okr_workbook.actions.recover import accept_draft
from okr_workbook.actions.refresh import check_book, refresh_book
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.memory_book import MemoryBook
from okr_workbook.cli import main
from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.tables.schema import INPUT_TABLES
from tests.actions.planner_files import TODAY, an_example, team_books


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return Path(an_example(tmp_path_factory.mktemp("example"), "en")).read_bytes()


@pytest.fixture
def planner(example, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(example)
    return path


def rename_table(path, table, name):
    """As someone does it in Excel: Table Design, Table Name."""
    with zipfile.ZipFile(path) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for part, content in parts.items():
            if part.startswith("xl/tables/"):
                for attribute in (b' name="%s"', b' displayName="%s"'):
                    content = content.replace(attribute % table.encode(), attribute % name.encode())  # noqa: PLW2901
            file.writestr(part, content)


WRITING = {
    "refresh": lambda path: refresh_book(FileBook(path), today=TODAY),
    "refresh, a look back": lambda path: refresh_book(FileBook(path), today=TODAY, as_of=TODAY),
    "refresh, dry run": lambda path: refresh_book(FileBook(path), today=TODAY, dry_run=True),
    "fill": lambda path: fill_book(FileBook(path), "teams", b"team\nSales\n"),
    "kpis": lambda path: add_kpis(FileBook(path), ["mrr"]),
    "recover": lambda path: accept_draft(FileBook(path), "conversion", today=TODAY),
    "collect": lambda path: collect(path, [path], today=TODAY),
    "forget": lambda path: forget(path, "Nadia Roche", today=TODAY),
    "teams": lambda path: make_team_books(path, f"{path} books", today=TODAY),
}


@pytest.mark.parametrize("command", WRITING)
def test_whatever_would_write_refuses_while_a_table_is_missing(planner, command):
    rename_table(planner, "check_ins", "my_check_ins")
    before = planner.read_bytes()
    with pytest.raises(OkrError, match="table_missing") as refused:
        WRITING[command](str(planner))
    assert refused.value.details == {"table": "check_ins"}
    assert planner.read_bytes() == before


@pytest.mark.parametrize("table", [name for name in INPUT_TABLES if name not in ("objectives", "key_results")])
def test_check_says_which_table_is_missing_and_refresh_goes_on_once_it_is_back(planner, table, capsys):
    rename_table(planner, table, f"my_{table}")
    found = check_book(FileBook(str(planner)), today=TODAY).problems
    assert [one.table for one in found if one.code == "missing_table"] == [table]
    assert main(["refresh", str(planner), "--lang", "en"]) == 1
    assert f"“{table}”" in capsys.readouterr().err
    rename_table(planner, f"my_{table}", table)
    assert not refresh_book(FileBook(str(planner)), today=TODAY).changed


def test_all_tables_that_are_missing_are_named(planner):
    for table in ("kpis", "measures"):
        rename_table(planner, table, f"my_{table}")
    with pytest.raises(OkrError, match="kpis, measures"):
        refresh_book(FileBook(str(planner)), today=TODAY)


# --- a team's workbook ---


@pytest.fixture(scope="module")
def team_book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    return team_books(an_example(folder), folder / "books")["RH"]


@pytest.mark.parametrize(
    "command",
    [
        lambda path: refresh_book(FileBook(path), today=TODAY),
        lambda path: check_book(FileBook(path), today=TODAY),
        lambda path: fill_book(FileBook(path), "key_results", b"id,weight\nKR7,2\n"),
        lambda path: make_team_books(path, f"{path}.books", today=TODAY),
    ],
    ids=["refresh", "check", "fill", "teams"],
)
def test_a_teams_workbook_is_no_planner_and_stays_as_it_is(team_book, command):
    before = Path(team_book).read_bytes()
    with pytest.raises(FileRefusedError, match="is_team_book"):
        command(team_book)
    assert Path(team_book).read_bytes() == before


def test_in_an_open_workbook_too_the_stamp_tells(team_book):
    file = FileBook(team_book)
    with pytest.raises(FileRefusedError, match="is_team_book"):
        read_planner(MemoryBook(file.read(), {"okr_stamp": file.read_block("okr_stamp")}))
