"""The examples of docs/scoring.md and of docstrings, and the list of docs/checks.md, are what the code does."""

from __future__ import annotations

import doctest
import os
from datetime import timedelta
from pathlib import Path

import pytest

from okr_workbook.domain import forecast, kinds, trees, wording
from okr_workbook.domain.checks.coach import catalogue
from okr_workbook.domain.scoring import score_planner
from okr_workbook.labels import labels_for
from tests.builders import MIDDLE, START, a_check_in, a_key_result, a_planner, an_objective, settings

DOCS = Path(__file__).parents[2] / "docs"
LAST = START + timedelta(100)


def examples(first_header):
    """The rows of the table of docs/scoring.md whose first column is headed so, by header."""
    lines = (DOCS / "scoring.md").read_text(encoding="utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {first_header} |"))
    headers = cells(lines[start])
    end = next(place for place, line in enumerate(lines[start:], start) if not line.startswith("|"))
    return [dict(zip(headers, cells(line), strict=True)) for line in lines[start + 2 : end]]


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def number(text):
    return float(text) if text.strip() else None


def numbers(text):
    return [number(part) for part in text.split(";")]


def close(found, text):
    return found is None if number(text) is None else found == pytest.approx(number(text), abs=6e-5)


@pytest.mark.parametrize("row", examples("kind"))
def test_progress_and_score(row):
    bounds = {field: number(row[field]) for field in ("start", "commit", "target", "stretch", "lower", "upper")}
    readings = [a_check_in(START + timedelta(day), value) for day, value in enumerate(numbers(row["values"]))]
    planner = a_planner(key_results=(a_key_result(kind=row["kind"], **bounds),), check_ins=readings)
    (found,) = score_planner(planner, MIDDLE).key_results
    assert close(found.progress, row["progress"])
    assert close(found.score, row["score"])


@pytest.mark.parametrize("row", examples("day"))
def test_pace(row):
    commitment = "aspirational" if row["success"] == "0.7" else "committed"
    planner = a_planner(
        settings=settings(period_end=LAST),
        objectives=(an_objective(commitment=commitment),),
        key_results=(a_key_result(current=number(row["value"])),),
    )
    (found,) = score_planner(planner, START + timedelta(int(row["day"]))).key_results
    assert found.status == row["status"]
    for field in ("expected", "score", "gap", "needed_per_week"):
        assert close(getattr(found, field), row[field]), field


@pytest.mark.parametrize("row", examples("scores"))
def test_roll_up(row):
    parts = zip(numbers(row["scores"]), numbers(row["weights"]), strict=True)
    key_results = [
        a_key_result(id=f"KR{place}", current=None if score is None else 100 * score, weight=weight, row_number=place)
        for place, (score, weight) in enumerate(parts, 1)
    ]
    planner = a_planner(settings=settings(missing_counts_as=row["missing_counts_as"]), key_results=key_results)
    assert close(score_planner(planner, MIDDLE).objectives[0].score, row["score"])


@pytest.mark.parametrize("module", [kinds, trees, forecast, wording], ids=lambda module: module.__name__)
def test_examples_in_docstrings(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


def checks_page():
    """docs/checks.md as the code has it."""
    labels = labels_for("en")
    lines = [
        "# All checks",
        "",
        "What the planner finds in what people typed, each with a stable code, shown on the sheet *Problems* with a link to its cell, by",
        "`okr check`, and in the JSON of `okr refresh`. An *error* keeps something from being computed; a *warning* is most likely a mistake or",
        "needs someone today; an *advice* is good practice. Cells that cannot be read and KPI formulas have codes of their own, which say what",
        "to do where they appear.",
        "",
        "This page is made from the code; `OKR_UPDATE_DOCS=1 pytest tests/domain/test_scoring_docs.py` writes it anew.",
    ]
    for severity in ("error", "warning", "advice"):
        lines += ["", f"## {labels.choice(severity)}", "", "| code | in | looks for | source |", "|---|---|---|---|"]
        lines += [
            f"| `{entry.code}` | {', '.join(f'`{table}`' for table in entry.tables)} | {entry.looks_for} | {entry.source} |"
            for entry in catalogue()
            if entry.severity == severity
        ]
    return "\n".join(lines) + "\n"


def test_the_page_of_all_checks_is_the_list_in_the_code():
    page = DOCS / "checks.md"
    if os.environ.get("OKR_UPDATE_DOCS") == "1":
        page.write_text(checks_page(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == checks_page()
