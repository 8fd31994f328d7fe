"""The buttons of the shipped .xlsm, clicked in a real LibreOffice: macro, shell, Python and back into the open document."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import check_book, refresh_book
from okr_workbook.actions.summary import problem_lines, summary_lines
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.file_book import FileBook
from okr_workbook.labels import labels_for
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.grid import Changes, TableChange

pytestmark = pytest.mark.office
TODAY = date(2026, 11, 23)


@pytest.fixture(params=["fr"])
def planner(request, tmp_path):
    path = tmp_path / "plan.xlsm"
    new_planner(str(path), language=request.param, today=TODAY, example=True)
    return path


in_both_languages = pytest.mark.parametrize("planner", ["en", "fr"], indirect=True)


def names_of_blocks(document):
    names = document.document.NamedRanges.ElementNames
    return [name for name in names if name.startswith("okr_") and not name.startswith("okr_text_")]


@in_both_languages
def test_refresh_in_the_open_document_writes_what_refresh_of_the_file_writes(libreoffice, planner, tmp_path):
    by_file = FileBook(str(shutil.copyfile(planner, tmp_path / "by file.xlsm")))
    report = refresh_book(by_file, today=TODAY)
    assert report.changed
    document = libreoffice.open(planner)
    document.press("OkrRefresh")
    message = libreoffice.next_message()
    assert message.startswith(next(iter(summary_lines(report, labels_for(report.language)))))
    live = document.book()
    ours, theirs = live.read(), by_file.read()
    for table_id, grid in theirs.items():
        assert list(map(list, ours[table_id].rows)) == list(map(list, grid.rows)), table_id
        assert ours[table_id].formulas == grid.formulas, table_id
    for name in names_of_blocks(document):
        assert live.read_block(name) == by_file.read_block(name), name


def test_check_says_what_is_missing_and_writes_nothing(libreoffice, planner):
    before = planner.read_bytes()
    expected = check_book(FileBook(str(planner)), today=TODAY)
    document = libreoffice.open(planner)
    shown = document.book().read()
    document.press("OkrCheck")
    message = libreoffice.next_message()
    assert message.splitlines()[0] == next(iter(problem_lines(expected.problems, labels_for(expected.language))))
    assert document.book().read() == shown
    assert planner.read_bytes() == before


def test_undo_puts_the_open_document_back(libreoffice, planner):
    document = libreoffice.open(planner)
    before = document.book().read()
    document.press("OkrRefresh")
    libreoffice.next_message()
    assert document.book().read() != before
    document.press("OkrUndo")
    libreoffice.next_message()
    after = document.book().read()
    for table_id, grid in before.items():
        assert list(map(list, after[table_id].rows)) == list(map(list, grid.rows)), table_id
    document.press("OkrUndo")
    assert libreoffice.next_message() == labels_for("fr").text("messages", "errors.nothing_to_undo", file=planner.name)


def test_what_was_typed_counts_at_the_next_click(libreoffice, planner, tmp_path):
    by_file = FileBook(str(shutil.copyfile(planner, tmp_path / "by file.xlsm")))
    key_results = by_file.read()["key_results"]
    columns = find_columns(key_results).fields
    row = next(n for n, cells in enumerate(key_results.rows) if cells[columns["kind"]] and not cells[columns["kpi"]])
    place = (row, columns["current"])
    document = libreoffice.open(planner)
    document.cell(key_results.sheet, key_results.address(*place)).Value = 7.5
    by_file.write(Changes((TableChange("key_results", {place: 7.5}),)), command="fill")
    report = refresh_book(by_file, today=TODAY)
    assert [one.value for one in report.typed] == [7.5]
    document.press("OkrRefresh")
    libreoffice.next_message()
    ours, theirs = document.book().read(), by_file.read()
    for table_id in ("key_results", "objectives", "check_ins"):
        assert list(map(list, ours[table_id].rows)) == list(map(list, theirs[table_id].rows)), table_id


def test_team_workbooks_mail_and_collect_from_the_open_document(libreoffice, planner):
    document = libreoffice.open(planner)
    document.press("OkrTeams")
    assert str(planner.parent) in libreoffice.next_message()
    (folder,) = [path for path in planner.parent.iterdir() if path.is_dir() and not path.name.startswith(".")]
    by_file = make_team_books(str(planner), str(planner.parent / "by file"), today=TODAY)
    assert sorted(path.name for path in folder.iterdir()) == sorted(Path(book.path).name for book in by_file.books)
    document.press("OkrMail")
    libreoffice.next_message()
    assert len(list(planner.parent.rglob("*.eml"))) == len(by_file.books)
    document.press("OkrCollect")
    message = libreoffice.next_message()
    (returned,) = [path for path in planner.parent.iterdir() if path.is_dir() and not any(path.iterdir())]
    assert str(returned) in message
    shutil.copyfile(by_file.books[0].path, returned / "back.xlsx")
    document.press("OkrCollect")
    assert libreoffice.next_message().startswith(labels_for("fr").text("collect", "report.books", count=1))


def test_a_planner_without_its_tables_gets_a_sentence_and_no_debugger(libreoffice, planner):
    document = libreoffice.open(planner)
    ranges = document.document.DatabaseRanges
    for name in ("objectives", "key_results"):
        ranges.removeByName(name)
    document.press("OkrRefresh")
    expected = labels_for("fr").text("messages", "errors.not_a_planner", file=planner.name)
    assert libreoffice.next_message() == expected
