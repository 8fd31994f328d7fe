"""The scripts of xlwings Lite, under its remote engine: what they queue is what the file path writes.

In a process of its own, with xlwings' licence for tests (PolyForm Noncommercial); the package never needs it.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import check_book, refresh_book
from okr_workbook.actions.summary import problem_lines
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.known_tables import SCHEMA_NAME
from okr_workbook.books.stamp import SHEET as STAMP
from okr_workbook.errors import OkrError
from okr_workbook.excel.lite_files import offer
from okr_workbook.excel.lite_protection import close_sheets, open_sheets
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import BlockChange, Changes
from tests.excel.lite_client import written

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning"),
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),  # openpyxl knows no whole columns
]
TODAY = date(2026, 11, 23)


@pytest.fixture
def planner(tmp_path):
    path = tmp_path / "plan.xlsx"
    new_planner(str(path), language="en", today=TODAY, example=True)
    return path


def queued(planner, script):
    environment = {**os.environ, "XLWINGS_LICENSE_KEY": "noncommercial", "HOME": str(planner.parent)}
    command = [sys.executable, "-W", "ignore", "-m", "tests.excel.lite_client", str(planner), script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def message_of(result):
    (alert,) = [action for action in result["actions"] if action["func"] == "alert"]
    return alert["args"][0]


def test_refresh_queues_what_refresh_of_the_file_writes(planner, tmp_path):
    by_file = shutil.copyfile(planner, tmp_path / "by file.xlsx")
    refresh_book(FileBook(str(by_file)), today=TODAY)
    result = queued(planner, "okr_refresh")
    cells = written(str(planner), result["actions"])
    before, after, shown = load_workbook(planner), load_workbook(by_file), load_workbook(by_file, data_only=True)
    for (sheet, address), entry in cells.items():
        formula = (
            None if sheet == "Problems" else after[sheet][address].value
        )  # Excel would make one link of all in a table
        assert same(entry, shown[sheet][address].value, formula), (sheet, address)
    for sheet in after:
        for row in sheet.iter_rows():
            for one in row:
                if one.value != before[sheet.title][one.coordinate].value:
                    assert (sheet.title, one.coordinate) in cells
    assert {"Key results", "Dashboard", "Alignment", "Start", "okr_data"} <= {sheet for sheet, _ in cells}
    assert message_of(result).startswith("As of 2 December 2026")


def same(entry, value, formula):
    """True where the cell of the file holds what xlwings Lite is told to write."""
    if isinstance(formula, str) and formula.startswith("="):
        return isinstance(entry, str) and entry.startswith("=HYPERLINK(")
    if isinstance(value, datetime):
        value = value.date().isoformat()
    if isinstance(entry, str):
        entry = entry.removeprefix("'")  # keeps a text a text
    if isinstance(entry, float) and isinstance(value, float):
        return entry == pytest.approx(value, rel=1e-15)
    return value in (entry or None, entry)


def test_excel_calculates_again_when_all_is_written(planner):
    kinds = [(action["func"], action["args"][0]) for action in queued(planner, "okr_refresh")["actions"]]
    first, last = kinds.index(("setCalculation", "Manual")), kinds.index(("setCalculation", "Automatic"))
    writes = [place for place, (kind, _) in enumerate(kinds) if kind not in ("setCalculation", "alert")]
    assert first < min(writes)
    assert max(writes) < last < [kind for kind, _ in kinds].index("alert")


def test_what_a_filter_hides_is_written_cell_by_cell_and_all_else_in_blocks(planner):
    blocks = sizes(queued(planner, "okr_refresh"), planner)
    assert max(blocks["Score history"]) > 50
    assert max(blocks["Key results"]) > 50
    book = load_workbook(planner)
    book["Key results"].row_dimensions[8].hidden = True
    book.save(planner)
    filtered = sizes(queued(planner, "okr_refresh"), planner)
    assert set(filtered["Key results"]) == {1}
    assert filtered["Score history"] == blocks["Score history"]


def sizes(result, planner):
    """How many cells each write to a sheet has."""
    names, found = load_workbook(planner, read_only=True).sheetnames, defaultdict(list)
    for action in result["actions"]:
        if action["func"] == "setValues":
            found[names[action["sheet_position"]]].append(action["row_count"] * action["column_count"])
    return found


def test_check_queues_a_message_and_nothing_else(planner):
    result = queued(planner, "okr_check")
    assert [action["func"] for action in result["actions"]] == ["alert"]
    expected = check_book(FileBook(str(planner)), today=TODAY)
    assert message_of(result).splitlines()[0] == next(iter(problem_lines(expected.problems, labels_for("en"))))


def test_team_workbooks_are_offered_in_one_file_and_nothing_is_written(planner, tmp_path):
    by_file = make_team_books(str(planner), str(tmp_path / "by file"), today=TODAY)
    result = queued(planner, "okr_teams")
    assert [action["func"] for action in result["actions"]] == ["alert"]
    ((name, content),) = result["downloads"].items()
    assert message_of(result).startswith(f"{len(by_file.books)} team workbooks are in {name}")
    with ZipFile(io.BytesIO(base64.b64decode(content))) as packed:
        assert sorted(packed.namelist()) == sorted(Path(book.path).name for book in by_file.books)
        for book in by_file.books:
            packed.extract(Path(book.path).name, tmp_path)
            assert cells_of(tmp_path / Path(book.path).name) == cells_of(book.path)


def cells_of(path):
    """Every cell of a team's workbook but its stamp, which knows the moment."""
    return {
        (sheet.title, one.coordinate): one.value
        for sheet in load_workbook(path)
        if sheet.title != STAMP
        for row in sheet.iter_rows()
        for one in row
        if one.value is not None
    }


@pytest.mark.parametrize("script", ["okr_refresh", "okr_check", "okr_teams"])
def test_a_planner_of_a_newer_package_gets_the_way_out_and_nothing_is_written(planner, script):
    newer = Changes(blocks=(BlockChange(SCHEMA_NAME, ((99,),)),))
    FileBook(str(planner)).write(newer, command="test")
    result = queued(planner, script)
    assert [action["func"] for action in result["actions"]] == ["alert"]
    assert "requirements.txt" in message_of(result)
    assert result["downloads"] == {}


class JsException(Exception):  # noqa: N818  (its name in Pyodide)
    pass


class Protection:
    """Office.js' door to how a sheet is protected."""

    def __init__(self, *, protected=True, options=None, password=""):
        self.protected, self.options, self.password = protected, options or {}, password

    def unprotect(self):
        if self.password:
            raise JsException("AccessDenied")
        self.protected = False

    def protect(self, options):
        self.protected, self.options = True, options


@pytest.fixture
def protections(monkeypatch):
    """The protection of each sheet, in an Excel that stands in for Office.js."""
    sheets = {
        "Problems": Protection(options={"allowSort": True}),
        "Dashboard": Protection(options={"allowInsertRows": True}),
        "Key results": Protection(protected=False),
        "My notes": Protection(),
        "Salaries": Protection(password="secret"),
    }
    worksheets = SimpleNamespace(
        items=[SimpleNamespace(name=name, protection=one) for name, one in sheets.items()],
        load=lambda _what: None,
        getItem=lambda name: SimpleNamespace(protection=sheets[name]),
    )

    async def sync():
        pass

    async def run(work):
        await work(SimpleNamespace(workbook=SimpleNamespace(worksheets=worksheets), sync=sync))

    monkeypatch.setitem(sys.modules, "js", SimpleNamespace(Excel=SimpleNamespace(run=run)))
    monkeypatch.setitem(sys.modules, "pyodide", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "pyodide.ffi", SimpleNamespace(JsException=JsException))
    return sheets


OURS = {"Problems", "Dashboard", "Key results"}


def test_only_the_planners_sheets_are_opened_and_all_are_closed_as_they_were(protections):
    opened = asyncio.run(open_sheets(OURS))
    assert [name for name, one in protections.items() if one.protected] == ["My notes", "Salaries"]
    asyncio.run(close_sheets(opened))
    assert [name for name, one in protections.items() if not one.protected] == ["Key results"]
    assert protections["Problems"].options == {"allowSort": True}
    assert protections["Dashboard"].options == {"allowInsertRows": True}


def test_a_sheet_with_a_password_is_told_and_the_others_are_closed_again(protections):
    with pytest.raises(OkrError, match="protected_sheet") as refused:
        asyncio.run(open_sheets({*OURS, "Salaries"}))
    assert refused.value.details == {"sheet": "Salaries"}
    assert [name for name, one in protections.items() if not one.protected] == ["Key results"]
    assert protections["Dashboard"].options == {"allowInsertRows": True}


def test_the_planners_sheets_are_those_of_its_tables_and_names(planner):
    before = {sheet.title for sheet in load_workbook(planner)}
    result = queued(planner, "_sheets_of_the_planner")
    assert (
        {"Objectives", "Check-ins", "Problems", "Dashboard", "Start", "okr_data"} <= set(result["returned"]) <= before
    )


def test_a_file_goes_into_the_folder_of_exports_where_there_is_one(tmp_path):
    assert offer("a.zip", b"content", str(tmp_path)) == "exported"
    assert (tmp_path / "a.zip").read_bytes() == b"content"


def test_a_file_that_nobody_can_take_is_refused(tmp_path):
    with pytest.raises(OkrError, match="no_download"):
        offer("a.zip", b"content", str(tmp_path / "none"))
