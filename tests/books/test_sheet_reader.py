"""Sheets as all kinds of programs write them: read right, or refused; patched without touching what is beside."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from okr_workbook.books.parts.archive import Archive
from okr_workbook.books.workbook import Workbook
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import NOT_COMPUTED, CellError, Changes, TableChange
from tests.books.workbooks import parts_of, planner, sheet_part, with_parts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = '<row r="4">' + "".join(
    f'<c r="{letter}4" t="inlineStr"><is><t>{name}</t></is></c>'
    for letter, name in zip("BCDEFG", ["Date", "Key result", "Value", "Confidence", "Comment", "Author"], strict=True)
) + "</row>"  # fmt: skip


def book_of(rows: str, *, head: str = "", sheet: bytes | None = None) -> Workbook:
    """A planner whose table `check_ins` has these rows as its sheet part writes them."""
    content = planner(check_ins=[[None] * 6] * 3)
    text = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{head}<sheetData>{HEADER}{rows}</sheetData></worksheet>'
    parts = {sheet_part(content, "check_ins"): sheet or text.encode()}
    return Workbook(Archive(content).replaced(parts))


def first_row(rows: str, **more):
    return book_of(rows, **more).grids["check_ins"].rows[0]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B5"><v>1E-3</v></c>', 0.001),
        ('<c r="B5" t="n"><v>12</v></c>', 12),
        ('<c t="n" r="B5" s="0"><v>12</v></c>', 12),
        ("<c r='B5'><v>12</v></c>", 12),
        ('<c r = "B5" ><v>12</v></c >', 12),
        ('<c r="b5"><v>12</v></c>', 12),
        ('<c r="B5"><v xml:space="preserve"> 12 </v></c>', 12.0),
        ('<c r="B5"/>', None),
        ('<c r="B5"></c>', None),
        ('<c r="B5"><v></v></c>', None),
        ('<c r="B5"><v/></c>', None),
        ('<c r="B5" t="b"><v>1</v></c>', True),
        ('<c r="B5" t="b"><v>0</v></c>', False),
        ('<c r="B5" t="e"><v>#N/A</v></c>', CellError("#N/A")),
        ('<c r="B5" t="str"><v>a&amp;b&#10;&#x41;</v></c>', "a&b\nA"),
        ('<c r="B5" t="str"><f>A1</f><v></v></c>', ""),
        ('<c r="B5" t="str"><f>A1</f><v/></c>', ""),
        ('<c r="B5"><f>A1</f></c>', NOT_COMPUTED),
        ('<c r="B5"><f>A1</f><v></v></c>', NOT_COMPUTED),
        ('<c r="B5"><f>A1&gt;2</f><v>3</v></c>', 3),
        ('<c r="B5" t="b"><f t="shared" ref="B5:B9" si="0">A1</f><v>1</v></c>', True),
        ('<c r="B5"><f t="shared" si="0"/><v>3</v></c>', 3),
        ('<c r="B5" t="inlineStr"><is><t>a_x000D_b</t></is></c>', "a\rb"),
        ('<c r="B5" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>', " a "),
        ('<c r="B5" t="inlineStr"><is><r><rPr><b/></rPr><t>bo</t></r><r><t>ld</t></r></is></c>', "bold"),
        ('<c r="B5" t="inlineStr"><is><t>日本</t><rPh sb="0" eb="2"><t>にほん</t></rPh></is></c>', "日本"),
        ('<c r="B5" t="inlineStr"><is><t/></is></c>', None),
        ('<c r="B5" t="inlineStr"><is><t><![CDATA[<a> & b]]></t></is></c>', "<a> & b"),
        ('<c r="B5"><!-- <c r="B5"><v>1</v></c> --><v>2</v></c>', 2),
        ('<c r="B5"><?pi <v>1</v> ?><v>2</v></c>', 2),
        ('<c r="B5" t="d"><v>2026-11-23</v></c>', date(2026, 11, 23)),
        ('<c r="B5" t="d"><v>2026-11-23T10:30:00</v></c>', datetime(2026, 11, 23, 10, 30)),
        ('<c r="B5" t="d"><v>2026-11-23T00:00:00</v></c>', date(2026, 11, 23)),
        ('<c r="B5"><v>1e999</v></c>', CellError("#NUM!")),
        ('<c r="B5" cm="1" vm="2"><v>4</v><extLst><ext uri="x"/></extLst></c>', 4),
        ('<c r="B5" ph="1" x:y="a > b" xmlns:x="urn:x"><v>5</v></c>', 5),
        ("<c><v>0</v></c><c><v>12</v></c>", 12),
        ('<c r="A5"><v>0</v></c><c><v>12</v></c>', 12),
        ('<c r="XFD5"><v>9</v></c>', None),
    ],
)  # fmt: skip
def test_cells_as_programs_write_them(cell, value):
    found = first_row(f'<row r="5">{cell}</row>')[0]
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<si><t>a</t></si>", "a"), ("<si><t xml:space='preserve'> a </t></si>", " a "), ("<si/>", None), ("<si><t/></si>", None),
        ("<si><r><t>a</t></r><r><rPr><i/></rPr><t>b</t></r></si>", "ab"), ("<si><t>a&lt;b</t></si>", "a<b"),
        ("<si><t>漢字</t><rPh sb='0' eb='2'><t>かんじ</t></rPh><phoneticPr fontId='1'/></si>", "漢字"),
        ("<si><t><![CDATA[<x>]]></t></si>", "<x>"), ("<!-- <si><t>no</t></si> --><si><t>yes</t></si>", "yes"), ("<si><t>_x0041_</t></si>", "A"),
    ],
)  # fmt: skip
def test_shared_strings(item, text):
    content = planner()
    sst = f'<sst xmlns="{MAIN}">{item}<si><t>next</t></si></sst>'.encode()
    book = Workbook(Archive(content).replaced({"xl/sharedStrings.xml": sst}))
    assert book.values.strings == [text or "", "next"]


@pytest.mark.parametrize(
    "rows",
    [
        "<row><c><v>0</v></c><c><v>1</v></c></row>",
        '<row r="5" spans="1:9" x:d="a>b" xmlns:x="urn:x"><c r="B5"><v>1</v></c></row>',
        "<row r='5'><c r='B5'><v>1</v></c></row >",
        '\n  <row r="5">\n    <c r="B5">\n      <v>1</v>\n    </c>\n  </row>\n',
        '<row r="5"><c r="B5"><v>1</v></c></row><row r="6"/><row r="9" ht="3"/>',
        '<!-- <row r="5"> --><row r="5"><c r="B5"><v>1</v></c></row>',
    ],
)
def test_rows_as_programs_write_them(rows):
    assert book_of(rows).grids["check_ins"].rows == [[1, *[None] * 5], [None] * 6, [None] * 6]


@pytest.mark.parametrize("ref", ["A1", "A1:B2", "XFD1048576", "nonsense"])
def test_a_wrong_dimension_does_not_matter(ref):
    row = first_row('<row r="5"><c r="B5"><v>1</v></c></row>', head=f'<dimension ref="{ref}"/>')
    assert row[0] == 1


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="5"><c r="B5" t="s"><v>99</v></c></row>',
        '<row r="5"><c r="B5"><v>abc</v></c></row>',
        '<row r="5"><c r="B5" t="d"><v>tomorrow</v></c></row>',
        '<row r="5"><c r="B6"><v>1</v></c></row>',
        '<row r="6"/><row r="5"><c r="B5"><v>1</v></c></row>',
        '<row r="5"/><row r="5"/>',
        '<row r="1048577"/>',
        '<row r=""/>',
        '<row r="5"><c r=""><v>1</v></c></row>',
        '<row r="99999999999999999999999"/>',
        '<row r="5"><c r="B5"><v>1</v></c><y:c xmlns:y="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="C5"/></row>',
        '<row r="5"/><other/>',
        '<row r="5"><c r="B5"><v>1</c></row>',
        '<row r="5"><c r="B5"><v>1&unknown;</v></c></row>',
    ],
)
def test_what_cannot_be_right_is_refused(rows):
    with pytest.raises(FileRefusedError) as refused:
        book_of(rows).grids  # noqa: B018
    assert refused.value.code in ("damaged_part", "damaged_cell")


def test_a_document_type_declaration_is_refused():
    text = f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="{MAIN}"><sheetData>{HEADER}</sheetData></worksheet>'
    with pytest.raises(FileRefusedError, match="dtd_in_part"):
        book_of("", sheet=text.encode()).grids  # noqa: B018


def prefixed(content: bytes) -> bytes:
    """The same sheets with every element of the main namespace behind the prefix x."""
    parts = {}
    for name, part in parts_of(content).items():
        if re.match(r"xl/(worksheets/sheet|tables/table|workbook\.xml|sharedStrings|styles)", name):
            text = part.decode()
            text = re.sub(r"<(/?)(?=[A-Za-z])(?![\w]+:)", r"<\1x:", text)
            parts[name] = text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"').encode()
    return Archive(content).replaced(parts)


def utf16(content: bytes) -> bytes:
    part = sheet_part(content, "check_ins")
    text = parts_of(content)[part].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return Archive(content).replaced({part: text.encode("utf-16")})


def renamed(content: bytes) -> bytes:
    """The same workbook with its sheet part elsewhere, found by its relationship."""
    part = sheet_part(content, "check_ins")
    links = parts_of(content)["xl/_rels/workbook.xml.rels"].decode()
    types = parts_of(content)["[Content_Types].xml"].decode()
    sheet_links = "xl/worksheets/_rels/sheet4.xml.rels"
    return with_parts(
        content,
        {
            "data/Ünïcode.xml": parts_of(content)[part],
            "data/_rels/Ünïcode.xml.rels": parts_of(content)[sheet_links].replace(b"../tables", b"/xl/tables"),
            "xl/_rels/workbook.xml.rels": links.replace("worksheets/sheet4.xml", "../data/./Ünïcode.xml").encode(),
            "[Content_Types].xml": types.replace("/xl/worksheets/sheet4.xml", "/data/Ünïcode.xml").encode(),
        },
        removed=(part, sheet_links),
    )


def uppercased(content: bytes) -> bytes:
    """The same workbook with the names of its parts in upper case, as a careless program may store them."""
    parts = parts_of(content)
    return with_parts(content, {name.upper(): part for name, part in parts.items()}, removed=tuple(parts))


@pytest.mark.parametrize("variant", [prefixed, utf16, renamed, uppercased])
def test_other_spellings_of_a_package_are_read_and_patched_alike(variant):
    plain, other = Workbook(planner(rich=True)), Workbook(variant(planner(rich=True)))
    assert other.grids == plain.grids
    change = Changes((TableChange("check_ins", {(0, 4): "é <&>", (0, 2): None, (5, 0): date(2026, 11, 2)}),))
    patched = Workbook(other.changed(change).content)
    assert patched.grids == Workbook(plain.changed(change).content).grids
    assert patched.changed(change).content == patched.content


def test_a_part_that_had_to_be_written_out_plainly_keeps_all_its_content():
    sheet = (
        f'<worksheet xmlns="{MAIN}" xmlns:q="urn:q"><sheetData>{HEADER}<!-- a --><row r="5"><c r="B5"><v>1</v></c>'
        '<c r="H5" t="inlineStr"><is><t><![CDATA[a&b]]></t></is></c></row></sheetData>'
        '<extLst><ext uri="x"><q:a b="&lt;&quot;c&#10;">d</q:a></ext></extLst></worksheet>'
    )
    book = book_of("", sheet=sheet.encode())
    after = Workbook(book.changed(Changes((TableChange("check_ins", {(0, 0): 2}),))).content)
    assert after.grids["check_ins"].rows[0][0] == 2
    text = after.sheet(sheet_part(b"", "check_ins")).text
    assert "<t>a&amp;b</t>" in text
    assert '<q:a b="&lt;&quot;c&#10;">d</q:a>' in text


def test_spaces_between_rows_and_cells_stay():
    rows = '\n  <row r="5">\n    <c r="B5"><v>1</v></c>\n  </row>\n  <row r="6"/>\n'
    book = book_of(rows)
    after = Workbook(book.changed(Changes((TableChange("check_ins", {(1, 0): 2}),))).content)
    text = book.sheet(part := sheet_part(b"", "check_ins")).text
    assert after.sheet(part).text == text.replace('<row r="6"/>', '<row r="6"><c r="B6"><v>2</v></c></row>')


def test_an_empty_sheet_can_be_written():
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    book = book_of("", sheet=sheet.encode())
    after = Workbook(book.changed(Changes((TableChange("check_ins", {(0, 0): 2}),))).content)
    assert after.grids["check_ins"].rows[0][0] == 2


def test_only_the_named_cells_of_a_part_change():
    rows = (
        '<row r="5" spans="2:4" ht="33" custom="x"><c r="B5" s="3" cm="1"><v>1</v></c> <c r="C5" s="4"/><c r="D5"><v>1.0</v></c></row>'
        '<row r="6"><c r="B6"><v>  6</v></c></row>'
    )
    book = book_of(rows)
    text = book.sheet(part := sheet_part(b"", "check_ins")).text
    after = (
        Workbook(book.changed(Changes((TableChange("check_ins", {(0, 1): "x", (0, 0): 5}),))).content).sheet(part).text
    )
    assert after == text.replace('<c r="B5" s="3" cm="1"><v>1</v></c> <c r="C5" s="4"/>', (
        '<c r="B5" s="3"><v>5</v></c> <c r="C5" s="4" t="inlineStr"><is><t xml:space="preserve">x</t></is></c>'
    ))  # fmt: skip


def patched_text(book, cells) -> str:
    after = Workbook(book.changed(Changes((TableChange("check_ins", cells),))).content)
    return after.sheet(sheet_part(b"", "check_ins")).text


@pytest.mark.parametrize(
    ("before", "cells", "after"),
    [
        ("C5:D6", {(0, 1): 2}, "C5:D6"),
        ("C6:D6", {(0, 1): 2}, "C5:D6"),
        ("C5:D6", {(0, 0): 2}, "B5:D6"),
        ("C5:D6", {(2, 1): 2}, "C5:D7"),
        ("C5:D6", {(1, 5): 2}, "C5:G6"),
        ("D6", {(0, 0): 2, (2, 5): 3}, "B5:G7"),
    ],
)
def test_the_dimension_grows_to_the_side_where_something_is_written(before, cells, after):
    text = patched_text(book_of("", head=f'<dimension ref="{before}"/>'), cells)
    assert re.findall("<dimension[^>]*>", text) == [f'<dimension ref="{after}"/>']


def test_what_a_row_says_of_its_columns_goes_when_there_are_more():
    rows = '<row r="5" spans="2:3"><c r="B5"><v>1</v></c></row><row r="6" spans="2:3"><c r="B6"><v>1</v></c></row>'
    text = patched_text(book_of(rows), {(0, 4): 2, (1, 0): 2})
    assert re.findall('<row r="[56]"[^>]*>', text) == ['<row r="5">', '<row r="6" spans="2:3">']


def test_cells_without_a_place_keep_theirs_when_one_is_emptied():
    book = book_of("<row><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c><c><v>4</v></c></row>")
    after = Workbook(book.changed(Changes((TableChange("check_ins", {(0, 0): None, (0, 4): 9}),))).content)
    assert after.grids["check_ins"].rows[0] == [None, 3, 4, None, 9, None]


def test_the_years_from_1904_are_read_and_written():
    content = planner()
    text = parts_of(content)["xl/workbook.xml"].decode().replace("<workbookPr ", '<workbookPr date1904="1" ')
    book = Workbook(Archive(content).replaced({"xl/workbook.xml": text.encode()}))
    assert book.grids["check_ins"].rows[0][0] == date(2030, 7, 2)
    after = Workbook(book.changed(Changes((TableChange("check_ins", {(0, 0): date(2026, 7, 1)}),))).content)
    assert after.grids["check_ins"].rows[0][0] == date(2026, 7, 1)
