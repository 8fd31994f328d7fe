"""The scripts of xlwings Lite in Pyodide itself, under node: the Python, the bridge to JavaScript and the packages it has.

Needs node, and the npm package `pyodide` in the folder that OKR_PYODIDE names, or in each of several; nothing is
downloaded here.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import check_book
from okr_workbook.actions.summary import problem_lines
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.file_book import FileBook
from okr_workbook.labels import labels_for
from tests.excel.lite_client import workbook_json, written
from tests.excel.test_lite import TODAY, cells_of, queued

NODE = shutil.which("node")
FOLDERS = [folder for folder in os.environ.get("OKR_PYODIDE", "").split(os.pathsep) if folder]
pytestmark = [
    pytest.mark.skipif(not NODE, reason="node is not installed"),
    pytest.mark.skipif(
        not FOLDERS, reason="OKR_PYODIDE names no folder (npm install pyodide, then its folder in node_modules)"
    ),
    pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning"),
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),
]
PACKAGES = ("okr_workbook", "xlwings", "openpyxl", "et_xmlfile")
SCRIPTS = ("okr_check", "okr_teams", "okr_refresh")


@pytest.fixture(scope="module", params=FOLDERS or ["none"])
def pyodide(request):
    return request.param


@pytest.fixture(scope="module")
def planner(tmp_path_factory):
    path = tmp_path_factory.mktemp("pyodide") / "plan.xlsx"
    new_planner(str(path), language="en", today=TODAY, example=True)
    return path


def protected_sheets(planner):
    return [sheet.title for sheet in load_workbook(planner) if sheet.protection.sheet]


def run(pyodide, planner, scripts, passwords=()):
    """What Pyodide made of these scripts, one after the other."""
    workbook = workbook_json(str(planner))
    formulas = {
        sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in load_workbook(planner)
    }
    job, result = planner.with_name("job.json"), planner.with_name("result.json")
    job.write_text(json.dumps({
        "packages": {name: importlib.util.find_spec(name).submodule_search_locations[0] for name in PACKAGES},
        "workbook": workbook, "formulas": formulas, "sheets": [sheet["name"] for sheet in workbook["sheets"]],
        "main": "from okr_workbook.excel.lite import *", "protected": protected_sheets(planner), "passwords": passwords, "scripts": scripts, "result": str(result),
    }, default=str))  # fmt: skip
    command = [NODE, Path(__file__).with_name("run.mjs"), pyodide, job]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-4_000:]
    return json.loads(result.read_text())


@pytest.fixture(scope="module")
def ran(pyodide, planner):
    return run(pyodide, planner, SCRIPTS)


def events_of(ran, script):
    return next(one for one in ran["results"] if one["script"] == script)["events"]


def test_refresh_writes_in_pyodide_what_it_writes_in_cpython(ran, planner):
    events = events_of(ran, "okr_refresh")
    expected = written(str(planner), queued(planner, "okr_refresh")["actions"])
    found = written(str(planner), events)
    assert found.keys() == expected.keys()
    for place, value in found.items():
        assert value == (pytest.approx(expected[place], rel=1e-14) if isinstance(value, float) else expected[place])


def test_protected_sheets_are_opened_before_and_closed_after_what_is_written(ran, planner):
    events = events_of(ran, "okr_refresh")
    sheets, order = protected_sheets(planner), [event["func"] for event in events]
    assert [event["sheet"] for event in events if event["func"] == "unprotect"] == sheets
    closed = [event for event in events if event["func"] == "protect"]
    assert [event["sheet"] for event in closed] == sheets
    assert closed[0]["options"] == {"allowInsertRows": True}  # as they were
    writes = [at for at, func in enumerate(order) if func == "setValues"]
    assert order.index("unprotect") < writes[0]
    assert writes[-1] < order.index("protect")


def test_a_sheet_with_a_password_stops_refresh_and_the_others_are_closed_again(pyodide, planner):
    sheets = protected_sheets(planner)
    (done,) = run(pyodide, planner, ["okr_refresh"], passwords=[sheets[2]])["results"]
    assert [event["func"] for event in done["events"]] == ["unprotect", "unprotect", "protect", "protect", "alert"]
    expected = labels_for("en").text("messages", "errors.protected_sheet", sheet=sheets[2])
    assert done["events"][-1]["args"][0] == expected


def test_check_says_in_pyodide_what_it_says_in_cpython(ran, planner):
    (alert,) = events_of(ran, "okr_check")
    expected = check_book(FileBook(str(planner)), today=date.today())
    assert alert["args"][0].splitlines()[0] == next(iter(problem_lines(expected.problems, labels_for("en"))))


def test_team_workbooks_made_in_pyodide_are_those_of_the_command(ran, planner, tmp_path):
    by_file = make_team_books(str(planner), str(tmp_path / "by file"), today=date.today())
    ((_, content),) = next(one for one in ran["results"] if one["script"] == "okr_teams")["downloads"].items()
    with ZipFile(io.BytesIO(base64.b64decode(content))) as packed:
        for book in by_file.books:
            packed.extract(Path(book.path).name, tmp_path)
            assert cells_of(tmp_path / Path(book.path).name) == cells_of(book.path)


def test_one_import_offers_the_scripts_and_the_custom_functions(ran):
    scripts, functions = ran["offered"]
    assert sorted(scripts) == sorted(SCRIPTS)
    assert {"OKR_SCORE", "KPI_VALUE", "KPI_CAC"} <= set(functions)


def test_nothing_is_imported_that_pyodide_has_to_fetch(ran):
    assert ran["heavy"] == ""
