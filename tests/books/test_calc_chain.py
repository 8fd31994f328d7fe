from __future__ import annotations

import pytest

from okr_workbook.books.parts.archive import Archive
from okr_workbook.books.parts.calc_chain import without
from okr_workbook.books.parts.xml_text import checked
from okr_workbook.books.workbook import Workbook
from okr_workbook.tables.grid import Changes, Formula, TableChange
from tests.books.workbooks import parts_of, planner, with_parts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def chain(entries: str) -> str:
    return f'<calcChain xmlns="{MAIN}">{entries}</calcChain>'


@pytest.mark.parametrize(
    ("entries", "gone", "left"),
    [
        ('<c r="A1" i="1"/><c r="A2"/>', {("1", "A2")}, '<c r="A1" i="1"/>'),
        ('<c r="A1" i="1"/><c r="A2"/>', {("1", "A1")}, '<c r="A2" i="1"/>'),
        ('<c r="A1" i="1"/><c r="A1" i="2" l="1"/><c r="A2"/>', {("2", "A1")}, '<c r="A1" i="1"/><c r="A2" i="2"/>'),
        ('<c r="A1" i="1"/><c r="A1" i="2"/>', {("3", "A1")}, '<c r="A1" i="1"/><c r="A1" i="2"/>'),
        ('<c r="A1" i="1"/>', {("1", "A1")}, None),
    ],
)
def test_entries_leave_and_the_others_keep_their_sheet(entries, gone, left):
    found = without(checked(chain(entries).encode(), "x"), gone)
    assert found == (None if left is None else chain(left))


def with_chain(entries: str) -> Workbook:
    """A planner as Excel saves it, with our link in the table of problems and a calculation chain."""
    link = TableChange("problems", {(0, 4): Formula('HYPERLINK("#A1","A1")', "A1")})
    content = Workbook(planner()).changed(Changes((link,))).content
    parts = parts_of(content)
    links = parts["xl/_rels/workbook.xml.rels"].decode()
    types = parts["[Content_Types].xml"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    link_to_it = f'<Relationship Id="rId99" Type="{kind}" Target="calcChain.xml"/></Relationships>'
    is_chain = '<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'
    return Workbook(
        with_parts(
            content,
            {
                "xl/calcChain.xml": chain(entries).encode(),
                "xl/_rels/workbook.xml.rels": links.replace("</Relationships>", link_to_it).encode(),
                "[Content_Types].xml": types.replace("</Types>", is_chain).encode(),
            },
        )
    )


NO_LINK = Changes((TableChange("problems", {(0, 4): None}),))


def test_the_chain_does_not_name_a_formula_that_is_gone():
    after = Archive(with_chain('<c r="B1" i="7"/><c r="F5" i="6"/>').changed(NO_LINK).content)
    assert after.read("xl/calcChain.xml").decode() == chain('<c r="B1" i="7"/>')


def test_a_chain_of_nothing_is_taken_out_of_the_package():
    after = parts_of(with_chain('<c r="F5" i="6"/>').changed(NO_LINK).content)
    assert not any(b"calcChain" in part or "calcChain" in name for name, part in after.items())


def test_the_chain_stays_where_no_formula_leaves():
    book = with_chain('<c r="F5" i="6"/>')
    before = book.package.archive.read("xl/calcChain.xml")
    change = Changes((TableChange("problems", {(0, 4): Formula('HYPERLINK("#B1","B1")', "B1"), (0, 0): "x"}),))
    assert Archive(book.changed(change).content).read("xl/calcChain.xml") == before
