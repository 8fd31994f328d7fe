"""The buttons of the shipped .xlsm, clicked in a real LibreOffice: macro, shell, Python and back into the open document."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.summary import summary_lines
from okr_workbook.books.file_book import FileBook
from okr_workbook.labels import labels_for

pytestmark = pytest.mark.office
TODAY = date(2026, 11, 23)


@pytest.fixture(params=["en", "fr"])
def planner(request, tmp_path):
    path = tmp_path / "plan.xlsm"
    new_planner(str(path), language=request.param, today=TODAY, example=True)
    return path


def names_of_blocks(document):
    names = document.document.NamedRanges.ElementNames
    return [name for name in names if name.startswith("okr_") and not name.startswith("okr_text_")]


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
    document.close()
