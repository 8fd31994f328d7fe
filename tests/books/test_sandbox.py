"""A child reads what a stranger sent: the same as here, or it is stopped, and the next book is read all the same."""

from __future__ import annotations

import time

import pytest

from okr_workbook.books import gate
from okr_workbook.books.parts.archive import Archive
from okr_workbook.books.sandbox import ChildReader
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import NOT_COMPUTED, CellError
from tests.books.workbooks import parts_of, planner, sheet_part, with_parts

BOOK = planner(rich=True)


def test_a_child_reads_the_same():
    book = gate.admitted(BOOK)
    with ChildReader() as reader:
        for _ in range(2):
            contents = reader.read(
                BOOK, blocks=["okr_alerts", "nothing", "okr_schema"], parts=["docProps/core.xml", "gone"]
            )
            assert contents.grids == book.grids
            assert contents.block("okr_alerts") == book.block("okr_alerts")
            assert contents.blocks["nothing"] is None
            assert contents.block("okr_schema") == [[1]]
            assert contents.parts == {"docProps/core.xml": parts_of(BOOK)["docProps/core.xml"]}


def test_errors_and_formulas_without_value_come_through():
    part = sheet_part(BOOK, "check_ins")
    text = (
        parts_of(BOOK)[part].replace(b'"D5"><v>10</v>', b'"D5" t="e"><v>#N/A</v>').replace(b"<v>35.5</v>", b"<f>A1</f>")
    )
    with ChildReader() as reader:
        grid = reader.read(Archive(BOOK).replaced({part: text})).grids["check_ins"]
    assert [row[2] for row in grid.rows] == [CellError("#N/A"), 0.25, NOT_COMPUTED]
    assert grid.formulas == {(2, 2)}


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("is_csv", b"a;b"),
        ("has_macros", with_parts(BOOK, {"xl/vbaProject.bin": b"x"})),
        ("truncated", BOOK[:-99]),
        ("range_too_large", Archive(BOOK).replaced({"xl/workbook.xml": parts_of(BOOK)["xl/workbook.xml"].replace(b"$B$3:$D$5", b"$A$1:$XFD$1048576")})),
    ],
)  # fmt: skip
def test_a_refusal_comes_through_and_the_child_goes_on(code, content):
    with ChildReader() as reader:
        with pytest.raises(FileRefusedError) as refused:
            reader.read(content, blocks=["okr_alerts"])
        assert refused.value.code == code
        assert reader.read(BOOK).grids


@pytest.mark.parametrize("refers_to", ["...", "-", "''!$A$1", "#REF!$A$1", "1e999"])
def test_a_name_that_names_no_cells_is_a_constant_and_no_fault(refers_to):
    named = parts_of(BOOK)["xl/workbook.xml"].replace(b"'Dash ''board'!$B$3:$D$5", refers_to.encode())
    with ChildReader() as reader:
        assert reader.read(Archive(BOOK).replaced({"xl/workbook.xml": named}), blocks=["okr_alerts"]).block(
            "okr_alerts"
        ) == [[refers_to]]


def test_what_nobody_thought_of_is_a_damaged_book_and_no_traceback(capfd):
    with ChildReader() as reader:
        with pytest.raises(FileRefusedError, match="damaged"):
            reader.read(BOOK, blocks=[None])
        assert reader.read(BOOK).grids
    assert capfd.readouterr().err == ""


def test_a_book_that_takes_too_long_is_put_aside_and_the_next_is_read():
    with ChildReader(seconds=0.001) as reader, pytest.raises(FileRefusedError, match="took_too_long"):
        reader.read(BOOK)
    with ChildReader() as reader:
        reader._seconds = 0.0001
        began = time.monotonic()
        with pytest.raises(FileRefusedError, match="took_too_long"):
            reader.read(BOOK)
        assert time.monotonic() - began < 5
        reader._seconds = 10
        assert reader.read(BOOK).grids


def test_a_book_that_takes_too_much_memory_is_put_aside_and_the_next_is_read():
    part = sheet_part(BOOK, "check_ins")
    rows = b"".join(
        b'<row r="%d"><c r="C%d" t="inlineStr"><is><t>%d</t></is></c></row>' % (n, n, n) for n in range(8, 400_000)
    )
    big = Archive(BOOK).replaced({part: parts_of(BOOK)[part].replace(b"</sheetData>", rows + b"</sheetData>")})
    with ChildReader(megabytes=120) as reader:
        with pytest.raises(FileRefusedError, match="took_too_much"):
            reader.read(big)
        assert reader.read(BOOK).grids


def test_no_child_is_left_behind():
    with ChildReader() as reader:
        reader.read(BOOK)
        child = reader._child
    assert child is not None
    assert child.returncode is not None
