"""The buttons of the shipped .xlsm, clicked in a real LibreOffice: macro, shell, Python and back into the open document."""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from okr_workbook import __version__
from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import check_book, refresh_book
from okr_workbook.actions.setup_libreoffice import interpreter_note, note_interpreter
from okr_workbook.actions.summary import problem_lines, summary_lines
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.design.build import planner_bytes
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.known_tables import SCHEMA_NAME
from okr_workbook.books.live.undo import short_name
from okr_workbook.books.macros.template import NAME_PREFIX, macros_folder, texts, with_macros
from okr_workbook.labels import labels_for
from okr_workbook.tables.blocks import ARROW
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.grid import Changes, TableChange
from tests.office.libreoffice import WORKING, wait_for

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


def typed(document, key_results, values):
    """Type values into Current of key results that have no KPI; the addresses of these cells."""
    columns = find_columns(key_results).fields
    rows = [n for n, cells in enumerate(key_results.rows) if cells[columns["kind"]] and not cells[columns["kpi"]]]
    for row, value in zip(rows, values, strict=False):
        cell = document.cell(key_results.sheet, key_results.address(row, columns["current"]))
        cell.setFormula(value) if isinstance(value, str) else cell.setValue(value)
    return [(row, columns["current"]) for row, _ in zip(rows, values, strict=False)]


def test_what_stands_under_a_table_without_room_stays(libreoffice, planner):
    document = libreoffice.open(planner)
    before = document.book().read()
    check_ins = before["check_ins"]
    below = check_ins.top + len(check_ins.rows) + 1  # from 0: one blank row, then a note
    note = document.sheet(check_ins.sheet).getCellByPosition(check_ins.left - 1, below)
    note.String = "à moi"
    typed(document, before["key_results"], [7.5, 7.5, 7.5])
    shown = document.book().read()
    document.press("OkrRefresh")
    details = {"table": "check_ins", "sheet": check_ins.sheet, "cell": check_ins.address(len(check_ins.rows) + 1, 0)}
    assert libreoffice.next_message() == labels_for("fr").text("messages", "errors.no_room_for_table", **details)
    assert note.String == "à moi"
    assert document.book().read() == shown


def test_errors_are_read_by_their_names_whatever_the_cells_show(libreoffice, planner):
    document = libreoffice.open(planner)
    places = typed(document, document.book().read()["key_results"], ["=1/0", "=SQRT(-1)", "=NA()"])
    read = document.book().read()["key_results"].rows
    assert [read[row][column].code for row, column in places] == ["#DIV/0!", "#VALUE!", "#N/A"]


def test_a_number_beyond_the_calendar_is_read_as_the_number_it_is(libreoffice, planner):
    document = libreoffice.open(planner)
    key_results = document.book().read()["key_results"]
    due = find_columns(key_results).fields["due"]
    document.cell(key_results.sheet, key_results.address(0, due)).setValue(20_261_231)
    assert document.book().read()["key_results"].rows[0][due] == 20_261_231


def test_filtered_sorted_and_with_columns_of_ones_own_it_is_the_same(libreoffice, tmp_path):
    folder = tmp_path / "L’été à moi & co"
    folder.mkdir()
    path = folder / "plan été.xlsm"
    new_planner(str(path), language="fr", today=TODAY, example=True)
    document = libreoffice.open(path)
    before = document.book().read()
    check_ins = find_columns(before["check_ins"])
    document.sort("objectives", find_columns(before["objectives"]).fields["team"])
    document.insert_column("key_results", 3, ["À moi", "=1+1", "une note"])
    last = [row for row in before["check_ins"].rows if row[0] is not None][-1][check_ins.fields["key_result"]]
    document.hide("check_ins", check_ins.fields["key_result"], last)
    document.hide("key_results", 4, "O1")
    hidden = [document.hidden_rows(table) for table in ("check_ins", "key_results")]
    assert all(hidden)
    typed(document, document.book().read()["key_results"], [7.5, 8.5])
    by_file = document.saved_copy(tmp_path / "by file.xlsx")
    refresh_book(by_file, today=TODAY)
    document.press("OkrRefresh")
    libreoffice.next_message()
    ours, theirs = document.book().read(), by_file.read()
    for table_id, grid in theirs.items():
        assert list(map(list, ours[table_id].rows)) == list(map(list, grid.rows)), table_id
    assert [document.hidden_rows(table) for table in ("check_ins", "key_results")] == hidden


def test_links_show_their_words_where_calculation_is_manual(libreoffice, planner):
    document = libreoffice.open(planner)
    document.document.enableAutomaticCalculation(False)
    document.press("OkrRefresh")
    libreoffice.next_message()
    assert str(document.book().read_block("okr_start_next")[0][0]).endswith(ARROW)
    assert not document.document.isAutomaticCalculationEnabled()
    document.press("OkrUndo")
    assert len(libreoffice.next_message().splitlines()) == 1  # no cell is taken for one that was edited since


def test_a_click_leaves_the_other_windows_calculation_alone(libreoffice, planner, tmp_path):
    other = libreoffice.open(shutil.copyfile(planner, tmp_path / "autre.xlsm"))
    document = libreoffice.open(planner)
    document.press("OkrRefresh")
    wait_for(lambda: not document.document.isAutomaticCalculationEnabled() or libreoffice.box(), WORKING, "it works")
    other.controller.Frame.activate()
    libreoffice.next_message()
    wait_for(document.document.isAutomaticCalculationEnabled, WORKING, "the calculation is automatic again")
    assert other.document.isAutomaticCalculationEnabled()


def test_of_two_open_workbooks_of_one_name_the_button_works_in_its_own(libreoffice, planner, tmp_path):
    (tmp_path / "copie").mkdir()
    other = libreoffice.open(shutil.copyfile(planner, tmp_path / "copie" / planner.name))
    document = libreoffice.open(planner)
    before = other.book().read()
    document.press("OkrRefresh")
    libreoffice.next_message()
    assert document.book().read()["history"].rows != before["history"].rows
    assert other.book().read() == before


def test_a_double_click_counts_once(libreoffice, planner):
    document = libreoffice.open(planner)
    before = document.book().read()
    typed(document, before["key_results"], [7.5])
    document.press("OkrRefresh")
    document.press("OkrRefresh")
    busy = labels_for("fr").text("messages", "errors.still_working", file=planner.name)
    if libreoffice.next_message() == busy:  # where the second click came when the macro was through and Python was not
        assert libreoffice.next_message() != busy
    time.sleep(1)
    assert libreoffice.box() is None
    assert len(document.book().read()["check_ins"].rows) == len(before["check_ins"].rows) + 1


def test_a_click_while_another_works_on_the_workbook_says_so(libreoffice, planner):
    document = libreoffice.open(planner)
    shown = document.book().read()
    lock = libreoffice.home / ".okr_workbook" / "at_work" / f"{short_name(str(planner))}.lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(f"{os.getpid()}\n{os.uname().nodename}\n")
    document.press("OkrRefresh")
    assert libreoffice.next_message() == labels_for("fr").text("messages", "errors.still_working", file=planner.name)
    assert document.book().read() == shown
    lock.unlink()


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


def said(key):
    """What a macro says by itself: the sentence and its advice, from the workbook's hidden names."""
    words = texts("fr")
    return f"{words[NAME_PREFIX + key]}\n\n{words[NAME_PREFIX + key + '_advice']}"


def test_a_planner_of_a_newer_package_gets_the_way_out_and_stays_as_it_is(libreoffice, planner):
    before, beside = planner.read_bytes(), set(planner.parent.iterdir())
    document = libreoffice.open(planner)
    (version,) = document.book().read_block(SCHEMA_NAME)[0]
    place = document.document.NamedRanges.getByName(SCHEMA_NAME).getReferredCells()
    place.getCellByPosition(0, 0).Value = version + 1
    shown = document.book().read()
    expected = labels_for("fr").text(
        "messages", "errors.newer_schema", file=planner.name, version=int(version) + 1, known=int(version)
    )
    for button in ("OkrRefresh", "OkrTeams"):
        document.press(button)
        assert libreoffice.next_message() == expected
    assert document.book().read() == shown
    assert planner.read_bytes() == before
    assert {path for path in planner.parent.iterdir() if not path.name.startswith(".~lock")} == beside


def test_macros_of_another_version_get_the_way_out_and_no_debugger(libreoffice, tmp_path):
    macros = shutil.copytree(macros_folder(), tmp_path / "macros")
    source = (macros / "OkrPlanner.bas").read_text("ascii")
    (macros / "OkrPlanner.bas").write_text(source.replace("import refresh; refresh()", "import recompute; recompute()"))
    workbook = tmp_path / "autre.xlsm"
    workbook.write_bytes(with_macros(planner_bytes("fr", buttons=True), "fr", macros))
    document = libreoffice.open(workbook)
    document.press("OkrRefresh")
    expected = labels_for("fr").text("messages", "errors.unknown_button", button="recompute", version=__version__)
    assert libreoffice.next_message() == expected


@pytest.mark.parametrize(
    ("interpreter", "key"), [("", "no_setup"), ("/nowhere/python3", "interpreter_gone")], ids=["no setup", "no Python"]
)
def test_what_keeps_python_from_starting_is_said(libreoffice, planner, interpreter, key):
    note = interpreter_note(libreoffice.home)
    document = libreoffice.open(planner)
    note.unlink()
    if interpreter:
        note_interpreter(libreoffice.home, interpreter)
    try:
        document.press("OkrCheck")
        assert libreoffice.next_message() == said(key)
    finally:
        note_interpreter(libreoffice.home)


def test_a_name_that_stops_the_buttons_is_said(libreoffice, planner):
    """The characters that stop a Mac's shell are none of it: a dollar sign stops nothing here."""
    document = libreoffice.open(planner.rename(planner.with_name("a=b $5.xlsm")))
    document.press("OkrCheck")
    assert libreoffice.next_message() == said("rename_first")


def test_without_the_hidden_names_there_is_a_message_all_the_same(libreoffice, planner):
    """Excel's Document Inspector removes them where a person asks for it."""
    document = libreoffice.open(planner.rename(planner.with_name("a=b.xlsm")))
    for name in texts("fr"):
        document.document.NamedRanges.removeByName(name)
    document.press("OkrCheck")
    assert libreoffice.next_message() == "rename_first\n\nrename_first_advice"


def test_a_libreoffice_that_does_not_listen_says_so(libreoffice, planner):
    """The Python that is started looks for another LibreOffice than the one whose button was clicked."""
    starter = libreoffice.home / "python"
    starter.write_text(f'#!/bin/sh\nOKR_LIBREOFFICE=pipe,name=nobody exec "{sys.executable}" "$@"\n')
    starter.chmod(0o755)
    document = libreoffice.open(planner)
    note_interpreter(libreoffice.home, str(starter))
    try:
        document.press("OkrCheck")
        assert libreoffice.next_message() == said("libreoffice_not_listening")
    finally:
        note_interpreter(libreoffice.home)
