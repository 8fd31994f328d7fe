from __future__ import annotations

import pytest

from okr_workbook.books.draft_book import DraftBook
from okr_workbook.books.file_book import FileBook
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import Changes, TableChange
from tests.books.workbooks import planner

CHANGE = Changes((TableChange("check_ins", {(3, 1): "KR1", (3, 2): 5}),))


def test_it_becomes_to_the_byte_what_the_file_becomes(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(planner())
    book, draft = FileBook(str(path)), DraftBook(planner(), "plan.xlsx")
    assert draft.write(CHANGE, command="fill") == book.write(CHANGE, command="fill")
    assert draft.content == path.read_bytes()
    assert (draft.name, draft.read()) == (book.name, book.read())
    again = draft.content
    assert not draft.write(CHANGE, command="fill").changed
    assert draft.content == again


def test_what_is_no_workbook_is_refused():
    with pytest.raises(FileRefusedError):
        DraftBook(b"no workbook", "plan.xlsx")
