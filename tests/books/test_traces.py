from __future__ import annotations

import io
import re
import subprocess

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator
from xlsxwriter import Workbook

from okr_workbook.books.traces import is_in_workbook, places_of, without_traces
from okr_workbook.domain.person import Person
from tests.books.workbooks import edited, parts_of

HUGO = Person("Hugo Bernard", ["hugo@okr.test"])
NOBODY = Person("x")


def a_workbook(*, emptied=(), author="Somebody"):
    """Two sheets of shared strings; the cells of `emptied` lose their reference, as a patched cell does."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"author": author})
        first, second = book.add_worksheet("Sheet"), book.add_worksheet("Notes")
        first.write_row("A1", ["Ann", 0])
        first.write_column("A2", ["Bob", "Ann & Bob"])
        second.write("A1", "Ask Ann-Marie, not Anna")
    gone = [(rf'<c r="{cell}" t="s"><v>\d+</v></c>', "") for cell in emptied]
    return edited(out.getvalue(), {"xl/worksheets/sheet1.xml": gone})


def cells_of(content):
    return [[cell.value for row in sheet for cell in row] for sheet in load_workbook(io.BytesIO(content))]


def test_a_text_no_cell_uses_is_gone_and_the_others_keep_their_places():
    content = without_traces(a_workbook(emptied=["A1"]), NOBODY, "Somebody")
    strings = parts_of(content)["xl/sharedStrings.xml"].decode()
    assert re.findall(r"<t>([^<]*)</t>", strings) == ["", "Bob", "Ann &amp; Bob", "Ask Ann-Marie, not Anna"]
    book = load_workbook(io.BytesIO(content))
    assert [book.worksheets[0][cell].value for cell in ("A1", "A2", "A3", "B1")] == [None, "Bob", "Ann & Bob", 0]


def test_where_every_text_is_used_all_cells_read_as_before():
    assert cells_of(without_traces(a_workbook(), NOBODY, "Somebody")) == cells_of(a_workbook())


@pytest.mark.parametrize(
    ("author", "name", "left"),
    [("Ann", " ann ", None), ("Ann", "Bob", "Ann"), ("Ann; Bob", "Ann", "Bob"), ("Eva;Ann ;Bob", "ann", "Eva; Bob")],
)
def test_a_person_is_not_its_author_any_more(author, name, left):
    content = without_traces(a_workbook(author=author), Person(name), "Somebody")
    assert load_workbook(io.BytesIO(content)).properties.creator == left


@pytest.mark.parametrize(
    ("name", "places"),
    [("Ann", ["Notes", "Sheet"]), ("bob", ["Sheet"]), ("Anna", ["Notes"]), ("Nobody", []), ("An", []),
     ("Somebody", ["docProps/core.xml"])],
)  # fmt: skip
def test_where_a_name_still_stands(name, places):
    assert places_of(a_workbook(), Person(name)) == places


def test_a_text_no_cell_uses_is_nowhere_and_still_in_the_file():
    content, bob = a_workbook(emptied=["A2", "A3"]), Person("Bob")
    assert places_of(content, bob) == []
    assert is_in_workbook(content, bob)
    assert not is_in_workbook(without_traces(content, bob, "Somebody"), bob)


# --- what programs note beside the cells ---

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ID = "{B0B0B0B0-0000-4000-8000-00000000000%d}"
_LINKS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'


def _link(number, kind, target, home=_OFFICE):
    return f'<Relationship Id="rIdX{number}" Type="{home}/{kind}" Target="{target}"/>'


def noted(remark="Well done"):
    """A workbook in which programs noted Hugo wherever they do, and where nobody wrote of him but in `remark`."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"author": "Hugo Bernard;Ann", "manager": "Hugo Bernard"})
        data, pivot = book.add_worksheet("Data"), book.add_worksheet("Pivot")
        data.write_column("A1", ["Owner", "Ann", "Bob", "Owner2"])
        data.write_column("B1", ["Score", 1, 2, 3])
        data.write_formula("D1", "=D9", None, "Hugo Bernard")
        data.write_formula("D2", '="Of "&D9', None, "Of Hugo Bernard & Ann")
        data.write_url("E1", "mailto:Hugo@okr.test", string="write")
        data.write_url("E2", "mailto:ann@okr.test", string="write")
        data.write_comment("F1", f"SIGNED{remark}", {"author": "Hugo Bernard"})
        data.autofilter("A1:B4")
        data.filter_column_list("A", ["Hugo Bernard", "Ann"])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"categories": "=Data!$A$2:$A$4", "values": "=Data!$B$2:$B$4"})
        data.insert_chart("H1", chart)
        pivot.write("A3", "Owner")
    fields = "".join(
        f'<c:pt idx="{at}"><c:v>{name}</c:v></c:pt>' for at, name in enumerate(["Ann", "Hugo Bernard", "x"])
    )
    edits = {
        "[Content_Types].xml": [("</Types>", "".join((
            '<Override PartName="/xl/persons/person.xml" ContentType="application/vnd.ms-excel.person+xml"/>',
            '<Override PartName="/xl/threadedComments/threadedComment1.xml"',
            ' ContentType="application/vnd.ms-excel.threadedcomments+xml"/>',
            f'<Override PartName="/xl/pivotCache/pivotCacheDefinition1.xml" ContentType="{_TYPES}.pivotCacheDefinition+xml"/>',
            f'<Override PartName="/xl/pivotCache/pivotCacheRecords1.xml" ContentType="{_TYPES}.pivotCacheRecords+xml"/>',
            f'<Override PartName="/xl/pivotTables/pivotTable1.xml" ContentType="{_TYPES}.pivotTable+xml"/></Types>',
        )))],
        "xl/_rels/workbook.xml.rels": [("</Relationships>", (
            _link(1, "person", "persons/person.xml", "http://schemas.microsoft.com/office/2017/10/relationships")
            + _link(2, "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
            + "</Relationships>"
        ))],
        "xl/workbook.xml": [
            ("<workbook ", ('<workbook xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15"'
             ' xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" ')),
            ("<workbookPr", '<fileSharing userName="Hugo Bernard"/><workbookPr'),
            ("<bookViews>", ('<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath'
             ' xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"'
             r' url="C:\\Users\\hugo.bernard\\"/></mc:Choice></mc:AlternateContent><bookViews>')),
            ("</workbook>", '<pivotCaches><pivotCache cacheId="7" r:id="rIdX2"/></pivotCaches></workbook>'),
        ],
        "xl/worksheets/_rels/sheet1.xml.rels": [("</Relationships>", (
            _link(1, "threadedComment", "../threadedComments/threadedComment1.xml",
                  "http://schemas.microsoft.com/office/2017/10/relationships")
            + "</Relationships>"
        ))],
        "xl/worksheets/sheet1.xml": [
            ("<autoFilter", ('<scenarios><scenario name="Best" user="Hugo Bernard" count="1"><inputCells r="B9" val="1"/>'
             "</scenario></scenarios><autoFilter")),
        ],
        "xl/comments1.xml": [
            (r"<r><rPr>(.*?)</rPr><t>SIGNED([^<]*)</t></r>",
             r'<r><rPr><b/>\1</rPr><t>Hugo Bernard:</t></r><r><rPr>\1</rPr><t xml:space="preserve"> \2</t></r>'),
        ],
        "xl/charts/chart1.xml": [(r"<c:strCache>.*?</c:strCache>",
                                  f'<c:strCache><c:ptCount val="3"/>{fields}</c:strCache>')],
    }  # fmt: skip
    added = {
        "xl/persons/person.xml": (
            f'<personList xmlns="{_THREADED}"><person displayName="Hugo Bernard" id="{_ID % 1}"'
            ' userId="S::hugo@okr.test::1" providerId="AD"/>'
            f'<person displayName="Ann" id="{_ID % 2}" userId="Ann" providerId="None"/></personList>'
        ),
        "xl/threadedComments/threadedComment1.xml": (
            f'<ThreadedComments xmlns="{_THREADED}"><threadedComment ref="F3" dT="2026-11-02T10:00:00.00"'
            f' personId="{_ID % 1}" id="{_ID % 3}"><text>{remark}</text></threadedComment></ThreadedComments>'
        ),
        "xl/pivotCache/pivotCacheDefinition1.xml": (
            f'<pivotCacheDefinition xmlns="{_MAIN}" xmlns:r="{_OFFICE}" r:id="rIdX1" refreshedBy="Hugo Bernard"'
            ' refreshedDate="46000" createdVersion="6" refreshedVersion="6" minRefreshableVersion="3" recordCount="3">'
            '<cacheSource type="worksheet"><worksheetSource ref="A1:B4" sheet="Data"/></cacheSource>'
            '<cacheFields count="2"><cacheField name="Owner" numFmtId="0"><sharedItems count="3"><s v="Hugo Bernard"/>'
            '<s v="Somebody"/><s v="HUGO BERNARD &amp; co"/></sharedItems></cacheField><cacheField name="Score" numFmtId="0">'
            '<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1"'
            ' minValue="1" maxValue="3"/></cacheField></cacheFields></pivotCacheDefinition>'
        ),
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": _LINKS
        % _link(1, "pivotCacheRecords", "pivotCacheRecords1.xml"),
        "xl/pivotCache/pivotCacheRecords1.xml": (
            f'<pivotCacheRecords xmlns="{_MAIN}" count="3"><r><x v="0"/><n v="1"/></r><r><x v="1"/><n v="2"/></r>'
            '<r><s v="Hugo Bernard"/><n v="3"/></r></pivotCacheRecords>'
        ),
        "xl/pivotTables/pivotTable1.xml": (
            f'<pivotTableDefinition xmlns="{_MAIN}" name="Pivot1" cacheId="7" dataCaption="Values" updatedVersion="6"'
            ' minRefreshableVersion="3" createdVersion="6" indent="0" outline="1" outlineData="1">'
            '<location ref="A3:B7" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2">'
            '<pivotField axis="axisRow" showAll="0"><items count="4"><item n="Hugo Bernard" x="0"/><item x="1"/><item x="2"/>'
            '<item t="default"/></items></pivotField><pivotField dataField="1" showAll="0"/></pivotFields>'
            '<rowFields count="1"><field x="0"/></rowFields><rowItems count="4"><i><x/></i><i><x v="1"/></i><i><x v="2"/></i>'
            '<i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems><dataFields count="1">'
            '<dataField name="Sum" fld="1" baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>'
        ),
        "xl/pivotTables/_rels/pivotTable1.xml.rels": _LINKS
        % _link(1, "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml"),
        "xl/worksheets/_rels/sheet2.xml.rels": _LINKS % _link(1, "pivotTable", "../pivotTables/pivotTable1.xml"),
    }
    return edited(out.getvalue(), edits, added)


def errors_in(content, folder):
    (folder / "audited.xlsx").write_bytes(content)
    found = OpenXmlValidator().validate(str(folder / "audited.xlsx")).errors
    return {(one.part_uri, one.description) for one in found if one.severity.name.lower() == "error"}


def test_what_programs_noted_is_cleared_to_the_last_byte(tmp_path):
    before = noted()
    assert places_of(before, HUGO) == [
        "Data", "Pivot", "docProps/app.xml", "docProps/core.xml", "xl/persons/person.xml", "xl/workbook.xml",
    ]  # fmt: skip
    after = without_traces(before, HUGO, "Somebody")
    assert not is_in_workbook(after, HUGO)
    assert [name for name, part in parts_of(after).items() if b"hugo" in part.lower()] == []
    assert parts_of(after).keys() == parts_of(before).keys()
    assert errors_in(after, tmp_path) - errors_in(before, tmp_path) == set()
    assert cells_of(after) == cells_of(before)


def test_somebody_stands_where_something_must():
    after = {name: part.decode() for name, part in parts_of(without_traces(noted(), HUGO, "Somebody")).items()}
    cache = after["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert re.findall(r'<s v="([^"]*)"', cache) == ["Somebody 2", "Somebody", "Somebody 3"]
    assert re.findall('<item n="([^"]*)"', after["xl/pivotTables/pivotTable1.xml"]) == ["Somebody"]
    people = re.findall('displayName="([^"]*)" .*?userId="([^"]*)"', after["xl/persons/person.xml"])
    assert people == [("Somebody", "Somebody"), ("Ann", "Ann")]
    assert re.findall("<(?:author|t)(?: [^>]*)?>([^<]*)<", after["xl/comments1.xml"]) == [
        "Somebody",
        "Somebody:",
        " Well done",
    ]
    assert re.findall('<filter val="([^"]*)"', after["xl/worksheets/sheet1.xml"]) == ["Ann", "Somebody"]
    assert re.findall("<c:v>([^<]*)</c:v>", after["xl/charts/chart1.xml"])[:3] == ["Ann", "", "x"]
    assert re.findall('mailto:[^"]*', after["xl/worksheets/_rels/sheet1.xml.rels"]) == ["mailto:ann@okr.test"]
    assert after["xl/worksheets/sheet1.xml"].count("<hyperlink ") == 1
    assert ">Ann<" in after["docProps/core.xml"]


def test_of_somebody_else_nothing_is_cleared():
    eva = Person("Eva", ["eva@okr.test"])
    book = noted()
    assert parts_of(without_traces(book, eva, "Somebody")) == parts_of(book)


def test_what_people_wrote_stays_and_is_named():
    remark = "Thank Hugo Bernard: he did it"
    after = without_traces(noted(remark), HUGO, "Somebody")
    assert places_of(after, HUGO) == ["Data"]
    parts = parts_of(after)
    assert remark.encode() in parts["xl/comments1.xml"]
    assert remark.encode() in parts["xl/threadedComments/threadedComment1.xml"]


WRITTEN = {
    "a cell": lambda book, sheet: sheet.write("A1", "Ask Hugo Bernard"),
    "an address": lambda book, sheet: sheet.write("A1", "Write to HUGO@okr.test!"),
    "a header": lambda book, sheet: sheet.set_header("&LHugo Bernard"),
    "a list to choose from": lambda book, sheet: sheet.data_validation("A1", {"validate": "list", "source": ["Ann", "Hugo Bernard"]}),
    "a prompt": lambda book, sheet: sheet.data_validation("A1", {"validate": "any", "input_title": "Ask", "input_message": "Hugo Bernard"}),
    "a text in a formula": lambda book, sheet: sheet.write_formula("A1", '=IF(B1="Hugo Bernard",1,0)'),
    "a rule": lambda book, sheet: sheet.conditional_format("A1", {"type": "text", "criteria": "containing", "value": "Hugo Bernard"}),
    "a text box": lambda book, sheet: sheet.insert_textbox("A1", "Hugo Bernard"),
    "the words for a picture": lambda book, sheet: sheet.insert_textbox("A1", "x", {"description": "Photo of Hugo Bernard"}),
    "a link's tip": lambda book, sheet: sheet.write_url("A1", "https://okr.test", tip="Site of Hugo Bernard"),
    "a link": lambda book, sheet: sheet.write_url("A1", "https://okr.test/hugo_bernard", string="x"),
}  # fmt: skip
WRITTEN_ON_THE_WORKBOOK = {
    "xl/workbook.xml": lambda book, sheet: book.define_name("boss", '="Hugo Bernard"'),
    "docProps/custom.xml": lambda book, sheet: book.set_custom_property("Contact", "Hugo Bernard"),
    "docProps/core.xml": lambda book, sheet: book.set_properties({"comments": "Made for Hugo Bernard"}),
}


def written(write):
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet("Plan"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("write", "place"),
    [*((write, "Plan") for write in WRITTEN.values()), *((write, place) for place, write in WRITTEN_ON_THE_WORKBOOK.items())],
    ids=[*WRITTEN, *WRITTEN_ON_THE_WORKBOOK],
)  # fmt: skip
def test_whatever_people_wrote_is_found_and_left_alone(write, place):
    before = written(write)
    after = without_traces(before, HUGO, "Somebody")
    assert places_of(before, HUGO) == places_of(after, HUGO) == [place]


def test_a_sheet_named_after_somebody_is_found():
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Hugo Bernard")
    assert "Hugo Bernard" in places_of(out.getvalue(), HUGO)


@pytest.mark.parametrize("name", ["Max", "Center", "Calibri", "Left", "Default", "Sum"])
def test_words_of_the_format_are_nobody(name):
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Plan")
        sheet.write_formula("A1", "=MAX(B1:B9)+SUM(B:B)", book.add_format({"align": "center"}))
        sheet.conditional_format("B1:B9", {"type": "data_bar", "max_type": "max"})
    assert places_of(out.getvalue(), Person(name)) == []


def test_a_part_that_is_not_well_formed_is_named_and_left_alone():
    drawing = b"<xml><br>Hugo Bernard</xml>"
    after = without_traces(edited(noted(), {}, {"xl/drawings/old.vml": drawing}), HUGO, "Somebody")
    assert places_of(after, HUGO) == ["xl/drawings/old.vml"]
    assert parts_of(after)["xl/drawings/old.vml"] == drawing


def test_a_part_in_another_encoding_is_read_and_cleared():
    core = parts_of(noted())["docProps/core.xml"].decode().replace("UTF-8", "UTF-16").encode("utf-16")
    before = edited(noted(), {}, {"docProps/core.xml": core})
    assert "docProps/core.xml" in places_of(before, HUGO)
    assert not is_in_workbook(without_traces(before, HUGO, "Somebody"), HUGO)


@pytest.mark.office
def test_a_cleared_workbook_opens_with_the_same_cells(soffice, tmp_path):
    path = tmp_path / "cleared.xlsx"
    path.write_bytes(without_traces(noted(), HUGO, "Somebody"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "out", path]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    book = load_workbook(tmp_path / "out" / "cleared.xlsx")
    assert [cell.value for cell in book["Data"]["A"][:4]] == ["Owner", "Ann", "Bob", "Owner2"]
    assert book["Data"]["F1"].comment is not None
    assert book["Data"]["E2"].hyperlink.target == "mailto:ann@okr.test"
