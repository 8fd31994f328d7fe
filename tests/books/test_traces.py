from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from okr_workbook.books.shared_strings import places_of, without_traces


def a_workbook(*, emptied=(), author="Somebody"):
    """Two sheets of shared strings; the cells of `emptied` lose their reference, as a patched cell does."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"author": author})
        first, second = book.add_worksheet("Sheet"), book.add_worksheet("Notes")
        first.write_row("A1", ["Ann", 0])
        first.write_column("A2", ["Bob", "Ann & Bob"])
        second.write("A1", "Ask Ann-Marie, not Anna")
    return _rewritten(out.getvalue(), emptied)


def _rewritten(content, emptied):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for cell in emptied:
                    part, count = re.subn(rf'<c r="{cell}" t="s"><v>\d+</v></c>'.encode(), b"", part)
                    assert count == 1
            new.writestr(name, part)
    return out.getvalue()


def strings(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/sharedStrings.xml").decode()


def test_a_text_no_cell_uses_is_gone_and_the_others_keep_their_places():
    content = without_traces(a_workbook(emptied=["A1"]), "x")
    assert re.findall(r"<t>([^<]*)</t>", strings(content)) == ["", "Bob", "Ann &amp; Bob", "Ask Ann-Marie, not Anna"]
    book = load_workbook(io.BytesIO(content))
    assert [book.worksheets[0][cell].value for cell in ("A1", "A2", "A3", "B1")] == [None, "Bob", "Ann & Bob", 0]


def test_where_every_text_is_used_all_cells_read_as_before():
    before, after = (
        [[cell.value for row in sheet for cell in row] for sheet in load_workbook(io.BytesIO(content))]
        for content in (a_workbook(), without_traces(a_workbook(), "x"))
    )
    assert before == after


@pytest.mark.parametrize(("name", "left"), [(" ann ", None), ("Bob", "Ann")])
def test_a_person_is_not_its_author_any_more(name, left):
    content = without_traces(a_workbook(author="Ann"), name)
    assert load_workbook(io.BytesIO(content)).properties.creator == left


@pytest.mark.parametrize(
    ("name", "places"),
    [("Ann", ["Notes", "Sheet"]), ("bob", ["Sheet"]), ("Anna", ["Notes"]), ("Nobody", []), ("An", []),
     ("Somebody", ["docProps/core.xml"])],
)  # fmt: skip
def test_where_a_name_still_stands(name, places):
    assert places_of(a_workbook(), name) == places


def test_a_text_no_cell_uses_is_nowhere():
    assert places_of(a_workbook(emptied=["A2", "A3"]), "Bob") == []
