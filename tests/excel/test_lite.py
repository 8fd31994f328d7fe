"""The scripts of xlwings Lite, under its remote engine: what they queue is what the file path writes.

In a process of its own, with xlwings' licence for tests (PolyForm Noncommercial); the package never needs it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.tables.grid import Formula

ROOT = Path(__file__).parents[2]


@pytest.fixture
def planner(tmp_path):
    path = tmp_path / "plan.xlsx"
    new_planner(str(path), language="en", today=date(2026, 11, 23), example=True)
    return path


def queued(planner, script):
    environment = {**os.environ, "XLWINGS_LICENSE_KEY": "noncommercial", "HOME": str(planner.parent)}
    command = [sys.executable, "-W", "ignore", "-m", "tests.excel.lite_client", str(planner), script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_refresh_queues_what_refresh_of_the_file_writes(planner, tmp_path):
    file = FileBook(shutil.copyfile(planner, tmp_path / "by file.xlsx"))
    refresh_book(file, today=date(2026, 11, 23))
    after = {grid.sheet: grid for grid in file.read().values()}
    sheets = list(dict.fromkeys(grid.sheet for grid in FileBook(str(planner)).read().values()))
    actions = queued(planner, "okr_refresh")
    written = 0
    for action in actions:
        if action["func"] == "setValues":
            grid = after[sheets[action["sheet_position"]]]
            for r, row in enumerate(action["values"], action["start_row"] - grid.top):
                for c, entry in enumerate(row, action["start_column"] + 1 - grid.left):
                    found = grid.rows[r][c] if r < len(grid.rows) else None
                    value = entry.removeprefix("'") if isinstance(entry, str) else entry  # keeps a text a text
                    assert value == shown(found, (r, c) in grid.formulas, value), (grid.sheet, r, c)
                    written += 1
    assert written > 100
    (alert,) = [action for action in actions if action["func"] == "alert"]
    assert alert["args"][0].startswith("As of 2 December 2026")


def shown(value, is_formula, queued_value):
    """A cell of the file as xlwings Lite is told to fill it."""
    if is_formula:
        assert isinstance(queued_value, str)
        assert queued_value.startswith("=HYPERLINK(")
        return queued_value
    if isinstance(value, date):
        return value.isoformat()
    assert not isinstance(value, Formula)
    return "" if value is None else value


def test_check_queues_a_message_and_nothing_else(planner):
    assert [action["func"] for action in queued(planner, "okr_check")] == ["alert"]
