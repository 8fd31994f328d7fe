"""The README's plan in five minutes, word for word."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from okr_workbook.cli import main

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_what_the_quick_start_has_you_fill_in_is_a_plan_without_errors(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (start,) = re.findall(r"^okr new plan.xlsx (.*)$", README, re.MULTILINE)
    assert main(["new", "plan.xlsx", "--lang", "en", *start.replace('"', "").split()]) == 0
    rows = re.findall(r"^ +\| (Objectives|Key results) \| (.*) \|$", README, re.MULTILINE)
    assert [sheet for sheet, _ in rows] == ["Objectives", "Key results"]
    for sheet, cells in rows:
        filled = dict(re.findall(r"([A-Z][a-z ]+) `([^`]+)`", cells))
        with open("row.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([filled.keys(), filled.values()])
        assert main(["fill", "plan.xlsx", sheet, "row.csv"]) == 0
    capsys.readouterr()
    assert main(["refresh", "plan.xlsx", "--as-of", "2026-09-30", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one for one in found["problems"] if one["severity"] == "error"] == []
    assert [one["id"] for one in found["key_results"]] == ["KR1"]
