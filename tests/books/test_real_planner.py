"""The shipped template, written to in every way: valid for the Open XML SDK's rules, and no part touched without need."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from openxml_audit import OpenXmlValidator

from okr_workbook.books.file_book import FileBook
from okr_workbook.books.templates import template_path
from okr_workbook.labels import LANGUAGES
from okr_workbook.tables.grid import Changes, Formula, TableChange
from tests.books.workbooks import parts_of


@pytest.fixture(params=[(language, macros) for language in LANGUAGES for macros in (False, True)], ids=str)
def path(request, tmp_path):
    language, macros = request.param
    template = template_path(language, macros=macros)
    path = tmp_path / f"planner{'.xlsm' if macros else '.xlsx'}"
    shutil.copy(template, path)
    return path


def everything(book: FileBook) -> Changes:
    """Every table grown by three rows, one more month, a link among the problems."""
    grids = book.read()
    tables = []
    for name, grid in grids.items():
        rows = len(grid.rows)
        cells = {(row, 0): f"{name} {row}" for row in range(rows, rows + 3)}
        cells |= {
            (row, 0): date(2026, 11, row % 28 + 1) for row in range(rows, rows + 3) if name in ("check_ins", "history")
        }
        if name == "problems":
            cells[rows, 4] = Formula('HYPERLINK("#A1","A1")', "A1")
        headers = ("2031-01", "2031-02") if name == "measures" else ()
        tables.append(TableChange(name, cells, new_headers=headers))
    return Changes(tuple(tables))


def test_a_planner_written_everywhere_is_valid_and_comes_back(path):
    before = path.read_bytes()
    book = FileBook(str(path))
    changes = everything(book)
    assert book.write(changes, command="fill").kept == ()
    found = OpenXmlValidator().validate(str(path))
    assert found.is_valid, found.errors[:3]
    parts, after = parts_of(before), parts_of(path.read_bytes())
    assert list(parts) == list(after)
    allowed = ("xl/worksheets/sheet", "xl/tables/table", "xl/workbook.xml")
    assert all(parts[name] == after[name] for name in parts if not name.startswith(allowed))
    grids = book.read()
    shrunk = Changes(tuple(TableChange(name, {}, row_count=1) for name in ("history", "problems")))
    book.write(shrunk, command="refresh")
    assert [len(book.read()[name].rows) for name in ("history", "problems")] == [1, 1]
    found = OpenXmlValidator().validate(str(path))
    assert found.is_valid, found.errors[:3]
    assert book.undo().command == "refresh"
    assert book.read() == grids
    assert book.undo().command == "fill"
    assert path.read_bytes() == before
