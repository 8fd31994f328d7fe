"""Reading the planner in a book: what is none is refused before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.reading import read_planner
from okr_workbook.actions.refresh import check_book, refresh_book
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.memory_book import MemoryBook
from okr_workbook.errors import FileRefusedError
from tests.actions.planner_files import TODAY, an_example, team_books


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
