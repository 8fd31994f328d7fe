"""Undo puts back exactly what the last command wrote, and keeps what was edited since."""

from __future__ import annotations

import os
from datetime import date

import pytest

from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files.undoing import decoded
from okr_workbook.books.row_keys import encoded
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import BlockChange, CellError, Changes, Formula, TableChange
from tests.books.workbooks import planner


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "planner.xlsx"
    path.write_bytes(planner(rich=True))
    return path


@pytest.fixture
def book(path):
    return FileBook(str(path))


def change(table, cells, **more):
    return Changes((TableChange(table, cells, **more),))


def by_hand(path, changes):
    """Edit the file as a user would: without a journal."""
    FileBook(str(path), keep_history=False).write(changes, command="by hand")


REFRESH = Changes(
    (
        TableChange("key_results", {(0, 4): 0.9, (1, 4): 0.1}),
        TableChange("check_ins", {(3, 0): date(2026, 11, 1), (3, 1): "KR1", (3, 2): 99}),
        TableChange("history", {(row, 2): f"KR{row}" for row in range(4)}),
        TableChange("problems", {(0, 4): Formula('HYPERLINK("#A1","A1")', "A1"), (1, 0): "error"}),
    ),
    (BlockChange("okr_alerts", [["act", 1]]),),
)


def test_an_untouched_file_becomes_again_what_it_was_to_the_byte(path, book):
    states = [path.read_bytes()]
    book.write(REFRESH, command="refresh")
    states.append(path.read_bytes())
    book.write(change("measures", {}, new_headers=("2026-02",)), command="fill")
    assert book.undo().command == "fill"
    assert path.read_bytes() == states[1]
    report = book.undo()
    assert (report.command, report.restored, report.kept) == ("refresh", 13, ())
    assert path.read_bytes() == states[0]
    with pytest.raises(OkrError, match="nothing_to_undo"):
        book.undo()


def test_undoing_and_writing_again_goes_on(path, book):
    before = path.read_bytes()
    for _ in range(3):
        book.write(REFRESH, command="refresh")
        assert book.undo().command == "refresh"
        assert path.read_bytes() == before
    assert len(os.listdir(path.parent / ".okr")) <= 10


def test_edits_made_since_are_kept_and_named(path, book):
    grids = book.read()
    book.write(REFRESH, command="refresh")
    by_hand(path, change("key_results", {(1, 4): 0.5, (1, 1): "My new text"}))
    report = book.undo()
    after = book.read()
    assert report.kept == ("'Key results'!F6",)
    assert report.restored == 12
    assert after["key_results"].rows[0] == grids["key_results"].rows[0]
    assert after["key_results"].rows[1][:5] == ["KR2", "My new text", None, 0.25, 0.5]
    assert {name: grid.rows for name, grid in after.items() if name != "key_results"} == {
        name: grid.rows for name, grid in grids.items() if name != "key_results"
    }
    assert book.read_block("okr_alerts") == [[None] * 3] * 3


def test_a_number_saved_with_fifteen_digits_holds_what_was_written(path, book):
    book.write(change("key_results", {(0, 4): 0.1 + 0.2, (1, 4): 2 / 3}), command="refresh")
    by_hand(path, change("key_results", {(0, 4): 0.3, (1, 4): 0.666666666666667}))
    assert (book.undo().restored, book.read()["key_results"].rows[0][4]) == (2, 0.355)


def test_a_zero_comes_back_as_zero(path, book):
    by_hand(path, change("key_results", {(0, 4): 0, (1, 4): 0.0}))
    book.write(change("key_results", {(0, 4): 0.9, (1, 4): 0.0, (0, 3): 0}), command="refresh")
    by_hand(path, change("key_results", {(0, 1): "My new text"}))
    report = book.undo()
    assert (report.restored, report.kept) == (2, ())
    assert [row[4] for row in book.read()["key_results"].rows] == [0, 0]
    assert book.read()["key_results"].rows[0][3] == 35.5


def test_history_sorted_since_is_found_by_day_level_and_id(path, book):
    rows = [[date(2026, 9, day), "key_result", name, 0.3, "on_track"] for day, name in ((1, "KR1"), (2, "KR2"))]
    by_hand(
        path,
        change(
            "history", {(row, column): value for row, cells in enumerate(rows) for column, value in enumerate(cells)}
        ),
    )
    book.write(change("history", {(0, 3): 0.9, (1, 3): 0.9}), command="refresh")
    by_hand(
        path,
        change(
            "history",
            {(1 - row, column): 0.9 if column == 3 else rows[row][column] for row in (0, 1) for column in range(5)},
        ),
    )
    assert book.undo().kept == ()
    assert [row[2:4] for row in book.read()["history"].rows] == [["KR2", 0.3], ["KR1", 0.3]]


def test_a_problem_moved_since_is_put_back_whole_or_not_at_all(path, book):
    book.write(change("problems", {(0, 0): "error", (0, 5): "a message"}), command="refresh")
    by_hand(path, change("problems", {(0, 5): "another message"}))
    report = book.undo()
    assert (report.restored, report.kept) == (0, ())
    assert book.read()["problems"].rows[0][0] == "error"


def test_rows_sorted_since_are_found_by_their_key(path, book):
    book.write(change("key_results", {(0, 4): 0.9, (1, 4): 0.1}), command="refresh")
    rows = book.read()["key_results"].rows
    by_hand(
        path, change("key_results", {(1 - row, column): rows[row][column] for row in (0, 1) for column in range(6)})
    )
    report = book.undo()
    assert (report.restored, report.kept) == (2, ())
    assert [row[0] for row in book.read()["key_results"].rows] == ["KR2", "KR1"]
    assert [row[4] for row in book.read()["key_results"].rows] == [None, 0.355]


def test_a_row_that_was_appended_goes_and_one_edited_since_stays(path, book):
    cells = {(3, 0): date(2026, 11, 1), (3, 1): "KR1", (3, 2): 5, (4, 0): date(2026, 11, 1), (4, 1): "KR2", (4, 2): 6}
    book.write(change("check_ins", cells), command="refresh")
    by_hand(path, change("check_ins", {(3, 4): "I add a comment"}))
    report = book.undo()
    assert report.kept == ("'Check ins'!B8",)
    assert book.read()["check_ins"].rows[3:] == [[date(2026, 11, 1), "KR1", 5, None, "I add a comment", None]]


def test_a_formula_is_ours_whatever_its_value_has_become(path, book):
    book.write(change("problems", {(0, 4): Formula('HYPERLINK("#A1","A1")', "A1"), (0, 0): "error"}), command="refresh")
    by_hand(path, change("problems", {(0, 4): Formula('HYPERLINK("#A1","A1")', "another")}))
    assert book.undo().kept == ()
    assert book.read()["problems"].rows == [[None] * 8]


def test_a_row_deleted_since_is_named(path, book):
    book.write(change("key_results", {(1, 4): 0.1}), command="refresh")
    by_hand(path, change("key_results", {(1, column): None for column in range(6)}))
    assert book.undo().kept == ("'Key results'!kr2",)


def test_without_its_backup_a_file_is_still_put_back_cell_by_cell(path, book):
    grids = book.read()
    book.write(REFRESH, command="refresh")
    for name in os.listdir(path.parent / ".okr"):
        if "backup" in name:
            os.remove(path.parent / ".okr" / name)
    report = book.undo()
    assert (report.restored, report.kept) == (13, ())
    assert book.read() == grids


def test_new_columns_stay_when_the_file_was_edited_since(path, book):
    book.write(change("measures", {(0, 3): 5}, new_headers=("2026-02",)), command="fill")
    by_hand(path, change("measures", {(0, 2): 1}))
    report = book.undo()
    assert report.kept == ("measures: 2026-02",)
    assert book.read()["measures"].rows == [["mrr", "last", 1, None]]


def test_the_last_ten_commands_can_be_undone(path, book):
    for number in range(12):
        book.write(change("check_ins", {(0, 2): 100 + number}), command=f"fill {number}")
    assert [book.undo().command for _ in range(10)] == [f"fill {number}" for number in range(11, 1, -1)]
    assert book.read()["check_ins"].rows[0][2] == 101
    with pytest.raises(OkrError, match="nothing_to_undo"):
        book.undo()


@pytest.mark.parametrize("journal", ["", "not json\n", "{}\n", '{"command": 1}\n', "\x00\xff"])
def test_a_journal_that_cannot_be_read_is_no_journal(path, book, journal):
    (path.parent / ".okr").mkdir()
    (path.parent / ".okr" / "planner.xlsx.undo.jsonl").write_text(journal, encoding="latin-1")
    with pytest.raises(OkrError, match="nothing_to_undo"):
        book.undo()
    book.write(REFRESH, command="refresh")
    assert book.undo().command == "refresh"


@pytest.mark.parametrize(
    "value", [None, "text", True, False, 5, 0.1, CellError("#N/A"), Formula("A1", 2), Formula("A1", None)]
)
def test_values_survive_the_journal(value):
    found = decoded(encoded(value))
    assert (type(found), found) == (type(value), value)


def test_a_user_with_duplicate_ids_gets_each_row_back(tmp_path):
    path = tmp_path / "twice.xlsx"
    path.write_bytes(planner(key_results=[["KR1", "a", None, 1, 0.1, None], [" kr1", "b", None, 2, 0.2, None]]))
    book = FileBook(str(path))
    book.write(change("key_results", {(0, 4): 0.8, (1, 4): 0.9}), command="refresh")
    by_hand(path, change("key_results", {(0, 2): "noted"}))
    assert book.undo().kept == ()
    assert [row[4] for row in book.read()["key_results"].rows] == [0.1, 0.2]
