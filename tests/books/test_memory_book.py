"""The book in memory keeps the contract of the book in a file."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr_workbook.books.file_book import FileBook
from okr_workbook.books.memory_book import MemoryBook
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import BlockChange, Changes, Formula, TableChange
from tests.books.workbooks import planner

EDITS = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 4)),
    st.sampled_from([None, "", "text", 5, 0.5, date(2026, 1, 1), True]),
    max_size=8,
)


@settings(max_examples=40)
@given(EDITS, st.none() | st.integers(0, 6), st.sampled_from(["check_ins", "history"]))
def test_it_does_what_a_book_in_a_file_does(tmp_path_factory, edits, row_count, table):
    path = tmp_path_factory.getbasetemp() / "twin.xlsx"
    path.write_bytes(planner())
    file = FileBook(str(path), keep_history=False)
    memory = MemoryBook(file.read(), {"okr_alerts": file.read_block("okr_alerts") or []})
    # only the first column looks like days: elsewhere a file's day reads as a number, and there a number as a day
    fits = {date: {0}, int: {1, 2, 3, 4}, float: {1, 2, 3, 4}}
    edits = {place: value for place, value in edits.items() if place[1] in fits.get(type(value), range(5))}
    changes = Changes((TableChange(table, edits, row_count),), (BlockChange("okr_alerts", [["a"], [1, 2]]),))
    assert memory.write(changes, command="x").kept == file.write(changes, command="x").kept
    assert _shown(memory) == _shown(file)
    assert memory.write(changes, command="x").changed is False


def _shown(book):
    grids = {
        name: [[None if value == "" else value for value in row] for row in grid.rows]
        for name, grid in book.read().items()
    }
    return grids, book.read_block("okr_alerts")


def test_undo_goes_back_one_command_at_a_time(tmp_path):
    path = tmp_path / "planner.xlsx"
    path.write_bytes(planner())
    grids = FileBook(str(path)).read()
    book = MemoryBook(grids)
    book.write(Changes((TableChange("check_ins", {(0, 2): 1}),)), command="one")
    book.write(Changes((TableChange("check_ins", {(0, 2): 2}),)), command="two")
    assert book.commands == ("one", "two")
    assert [book.undo(), book.read()["check_ins"].rows[0][2]] == ["two", 1]
    assert [book.undo(), book.read()] == ["one", grids]
    with pytest.raises(OkrError, match="nothing_to_undo"):
        book.undo()


def test_a_formula_is_left_alone_and_ours_are_not(tmp_path):
    path = tmp_path / "planner.xlsx"
    path.write_bytes(planner())
    grids = FileBook(str(path)).read()
    grids["key_results"] = grids["key_results"]._replace(formulas=frozenset({(0, 3)}))
    book = MemoryBook(grids)
    assert book.write(Changes((TableChange("key_results", {(0, 3): 7}),)), command="x").kept == ("'Key results'!E5",)
    anew = TableChange("key_results", {(0, 3): 7}, begins_anew=True)
    assert book.write(Changes((anew,)), command="x").kept == ()
    assert (book.read()["key_results"].rows[0][3], book.read()["key_results"].formulas) == (7, frozenset())
    book.write(Changes((TableChange("problems", {(0, 4): Formula("A1", "x")}),)), command="x")
    assert book.read()["problems"].formulas == {(0, 4)}
    book.write(Changes((TableChange("problems", {(0, 4): "plain"}),)), command="x")
    assert book.read()["problems"].rows[0][4] == "plain"


def test_a_missing_table_is_named():
    with pytest.raises(OkrError, match="table_missing"):
        MemoryBook({}).write(Changes((TableChange("kpis", {}),)), command="x")
