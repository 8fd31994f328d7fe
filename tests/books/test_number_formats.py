"""Number formats that every program reads alike, whatever its language."""

from __future__ import annotations

import re
from zipfile import ZipFile

import pytest

from okr_workbook.books.templates import template_path
from tests.actions.planner_files import an_example, team_books

NBSP = "\u00a0"
QUOTED = re.compile(r'"[^"]*"|\\.')
"""What a format shows as it stands: in quotes, or behind a backslash."""


def formats_of(path) -> set[str]:
    """Every number format of a workbook: of cells, rules and charts."""
    with ZipFile(path) as parts:
        texts = [parts.read(name).decode() for name in parts.namelist() if re.search(r"styles|chart", name)]
    found = [one for text in texts for one in re.findall(r'formatCode="([^"]*)"|<c:formatCode>([^<]*)<', text)]
    return {(one or other).replace("&quot;", '"') for one, other in found}


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("formats")
    books = team_books(an_example(folder), folder / "books")
    return [template_path("fr"), template_path("fr", macros=True), *books.values()]


def test_a_no_break_space_is_escaped_for_a_french_libreoffice_takes_a_bare_one_for_thousands(workbooks):
    found = {one for path in workbooks for one in formats_of(path)}
    assert len(found) > 10
    assert any(NBSP in one for one in found)
    assert {one for one in found if NBSP in QUOTED.sub("", one)} == set()
