"""What people may do on a protected sheet: the same in planners, in teams' workbooks, and on a sheet that is closed again."""

from __future__ import annotations

import io
import re
import zipfile

from okr_workbook.books.live import hosts as live_hosts
from okr_workbook.books.team_book import make_team_book
from okr_workbook.books.templates import template_path
from tests.books.random_planners import a_random_planner
from tests.books.test_team_book import plan_of

WINDOWS = {
    "formatColumns": "AllowFormattingColumns", "formatRows": "AllowFormattingRows", "sort": "AllowSorting",
    "autoFilter": "AllowFiltering",
}  # fmt: skip
"""What a file's word for it is on Windows."""


def allowed(content):
    """What each protected sheet of a workbook allows."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    rules = [found[1] for sheet in sheets if (found := re.search(r"<sheetProtection ([^>]*)/>", sheet))]
    return {tuple(sorted(WINDOWS[name] for name in re.findall(r'(\w+)="0"', rule))) for rule in rules}


def test_what_a_protected_sheet_allows_is_the_same_wherever_it_was_protected():
    planner = template_path("en")
    with open(planner, "rb") as file:
        found = allowed(file.read()) | allowed(make_team_book(plan_of(a_random_planner(1))))
    assert found == {tuple(sorted(live_hosts._PLANNERS_OWN))}
