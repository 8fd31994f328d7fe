"""What is refused before anything is read from it, and with which words."""

from __future__ import annotations

import io
import struct
import zipfile

import openpyxl
import pytest

from okr_workbook.books import gate
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.parts.archive import Archive
from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.labels import LANGUAGES, labels_for
from tests.books.workbooks import parts_of, planner, sheet_part, with_parts

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
PLANNER = planner(rich=True)


def zipped(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return buffer.getvalue()


def replaced(part, old, new, content=PLANNER):
    text = parts_of(content)[part]
    assert old in text
    return Archive(content).replaced({part: text.replace(old, new)})


def claiming(size):
    """A workbook with a part that claims to be of that size."""
    content = bytearray(PLANNER)
    at = content.index(b"PK\1\2")
    content[at + 24 : at + 28] = struct.pack("<L", size)
    return bytes(content)


def strange_method():
    content = bytearray(PLANNER)
    at = content.index(b"PK\1\2")
    content[at + 10 : at + 12] = struct.pack("<H", 14)
    return bytes(content)


NOT_WORKBOOKS = {
    "is_empty": b"",
    "is_encrypted": OLE + "EncryptedPackage".encode("utf-16-le"),
    "is_old_excel": OLE + "Workbook".encode("utf-16-le"),
    "is_csv": b"id;name\r\nKR1;x\r\n",
    "is_web_page": b"\xef\xbb\xbf\n<!DOCTYPE html><html>",
    "is_xml": b'<?xml version="1.0"?><Workbook/>',
    "is_pdf": b"%PDF-1.7",
    "is_picture": b"\x89PNG\r\n\x1a\n",
    "is_text_document": zipped(word__document_dot_xml=b"x"),
    "is_open_document": zipped(mimetype=b"x", content_dot_xml=b"x"),
    "is_binary_workbook": zipped(xl__workbook_dot_bin=b"x"),
    "is_presentation": zipped(ppt__presentation_dot_xml=b"x"),
    "is_numbers": zipped(Index__Document_dot_iwa=b"x"),
    "is_archive": zipped(readme=b"x"),
    "is_unknown": b"\x00\x01\x02\x03",
    "truncated": PLANNER[:-500],
}  # fmt: skip


@pytest.mark.parametrize(("code", "content"), NOT_WORKBOOKS.items())
def test_other_files_are_told_by_their_content(code, content):
    with pytest.raises(FileRefusedError) as refused:
        gate.admitted(content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("truncated", PLANNER[: len(PLANNER) // 2]),
        ("is_csv", "id;été".encode("latin-1")),
        ("is_csv", "id\tx".encode("utf-16")),
        ("is_archive", b"PK\x05\x06" + b"\0" * 18),
        ("is_archive", zipped(**{"[Content_Types]_dot_xml": b"<Types/>"})),
        ("is_strict", replaced("xl/workbook.xml", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main")),
        ("newer_schema", planner(version=2)),
        ("not_a_workbook", with_parts(PLANNER, {}, removed=("xl/workbook.xml",))),
        ("not_a_workbook", with_parts(PLANNER, {}, removed=("_rels/.rels",))),
        ("damaged_part", replaced("xl/workbook.xml", b"</workbook>", b"")),
        ("damaged_part", replaced("_rels/.rels", b"<Relationships", b"<<")),
        ("damaged_part", strange_method()),
        ("dtd_in_part", replaced("xl/workbook.xml", b"<workbook ", b"<!DOCTYPE a><workbook ")),
        ("unsafe_part", with_parts(PLANNER, {"../evil": b"x"})),
        ("unsafe_part", with_parts(PLANNER, {"/etc/passwd": b"x"})),
        ("unsafe_part", with_parts(PLANNER, {"C:evil": b"x"})),
        ("unsafe_part", with_parts(PLANNER, {"xl\\evil": b"x"})),
        ("duplicate_part", with_parts(PLANNER, {"XL/Workbook.xml": b"x"})),
        ("too_many_parts", with_parts(PLANNER, {f"x{number}": b"" for number in range(5000)})),
        ("too_large_unpacked", claiming(500 << 20)),
        ("packed_too_tight", claiming(300 << 20)),
        ("table_too_large", replaced("xl/tables/table4.xml", b"B4:G7", b"B4:G1048576")),
        ("table_too_large", replaced("xl/tables/table4.xml", b"B4:G7", b"B4:XFD5000")),
    ],
)  # fmt: skip
def test_broken_and_hostile_workbooks_are_refused(code, content):
    with pytest.raises(FileRefusedError) as refused:
        gate.admitted(content).grids  # noqa: B018
    assert refused.value.code == code


COVERED = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("has_macros", with_parts(PLANNER, {"xl/vbaProject.bin": b"x"})),
        ("has_macros", replaced("[Content_Types].xml", b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"vnd.ms-excel.sheet.macroEnabled.main+xml")),
        ("packed_too_tight", with_parts(PLANNER, {"xl/media/x.bin": b"\0" * (1 << 20)})),
        ("too_many_parts", with_parts(PLANNER, {f"x{number}": b"" for number in range(1000)})),
        ("dtd_in_part", with_parts(PLANNER, {"docProps/custom.xml": b"<!DOCTYPE a><a/>"})),
        ("dtd_in_part", with_parts(PLANNER, {"docProps/custom.xml": "<!DOCTYPE a><a/>".encode("utf-16")})),
        ("too_much_covered", replaced(sheet_part(b"", "check_ins"), b"</sheetData>", COVERED)),
        ("too_much_covered", replaced(sheet_part(b"", "history"), b"</sheetData>", b'</sheetData><hyperlinks><hyperlink ref="A1:XFD9999" location="x"/></hyperlinks>')),
        ("table_too_large", replaced("xl/tables/table4.xml", b"B4:G7", b"B4:G30000")),
    ],
)  # fmt: skip
def test_returned_books_have_narrower_limits(code, content):
    with pytest.raises(FileRefusedError) as refused:
        gate.admitted(content, limits=gate.RETURNED, allow_macros=False)
    assert refused.value.code == code
    assert gate.admitted(content).package.sheets


def refused_by(content, **limits):
    """The code that these limits refuse a workbook with; None where they let it in."""
    try:
        gate.admitted(content, limits=gate.PLANNER._replace(**limits))
    except FileRefusedError as error:
        return error.code
    return None


MEMBERS = Archive(PLANNER).members.values()
AREAS = [table.area for table in gate.admitted(PLANNER).tables.values()]
LARGEST = max(member.size for member in MEMBERS)


@pytest.mark.parametrize(
    ("code", "limit", "measure"),
    [
        ("too_large", "file", len(PLANNER)),
        ("too_many_parts", "parts", len(MEMBERS)),
        ("too_large_unpacked", "unpacked", sum(member.size for member in MEMBERS)),
        ("table_too_large", "table_rows", max(area.bottom - area.top for area in AREAS)),
        ("table_too_large", "table_cells", sum((area.bottom - area.top + 1) * (area.right - area.left + 1) for area in AREAS)),
    ],
)  # fmt: skip
def test_what_is_as_large_as_its_limit_comes_in_and_nothing_larger(code, limit, measure):
    assert refused_by(PLANNER, **{limit: measure}) is None
    assert refused_by(PLANNER, **{limit: measure - 1}) == code


def test_how_tight_a_part_may_be_packed():
    assert refused_by(PLANNER, ratio=1, ratio_from=LARGEST) is None
    assert refused_by(PLANNER, ratio=1, ratio_from=LARGEST - 1) == "packed_too_tight"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name, part in parts_of(PLANNER).items():
            archive.writestr(name, part)
    assert refused_by(stored.getvalue(), ratio=1, ratio_from=0) is None  # each part is as large as it is packed


def test_how_many_cells_merges_and_links_may_cover():
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="Q1:S2"/></mergeCells>'
    content = replaced(sheet_part(b"", "check_ins"), b"</sheetData>", merged)
    assert refused_by(content, all_parts=True, covered_cells=6) is None
    assert refused_by(content, all_parts=True, covered_cells=5) == "too_much_covered"


def test_good_books_come_in():
    assert gate.admitted(PLANNER, limits=gate.RETURNED, allow_macros=False).grids == gate.admitted(PLANNER).grids
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    assert gate.admitted(buffer.getvalue()).grids == {}


def test_a_cell_far_away_and_many_blank_styled_rows_are_read_right():
    part = sheet_part(b"", "check_ins")
    rows = b"".join(b'<row r="%d"><c r="B%d" s="1"/><c r="C%d" s="1"/></row>' % (n, n, n) for n in range(8, 60_008))
    rows += b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = replaced(part, b"</sheetData>", rows + b"</sheetData>")
    assert gate.admitted(content).grids == gate.admitted(PLANNER).grids


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "code", [*NOT_WORKBOOKS, "is_strict", "newer_schema", "unsafe_part", "table_too_large", "damaged_part"]
)
def test_a_refusal_is_a_sentence_in_every_language(tmp_path, language, code):
    contents = {
        **NOT_WORKBOOKS,
        "is_strict": replaced("xl/workbook.xml", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        "newer_schema": planner(version=7),
        "unsafe_part": with_parts(PLANNER, {"../evil": b"x"}),
        "table_too_large": replaced("xl/tables/table4.xml", b"B4:G7", b"B4:G1048576"),
        "damaged_part": replaced("xl/workbook.xml", b"</workbook>", b""),
    }  # fmt: skip
    path = tmp_path / "my file.xlsx"
    path.write_bytes(contents[code])
    with pytest.raises(FileRefusedError) as refused:
        FileBook(str(path)).read()
    sentence = labels_for(language).text("messages", f"errors.{refused.value.code}", **refused.value.details)
    assert str(path) in sentence
    assert "{" not in sentence


@pytest.mark.parametrize(("name", "code"), [("missing.xlsx", "file_not_found"), ("", "file_is_folder")])
def test_a_path_without_a_file_is_named(tmp_path, name, code):
    with pytest.raises(OkrError) as refused:
        FileBook(str(tmp_path / name)).read()
    assert refused.value.code == code
    assert refused.value.exit_status == 2
