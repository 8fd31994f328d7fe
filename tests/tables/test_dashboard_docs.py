"""The pages that explain the dashboard and the worked example say what the code does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from okr_workbook.domain.scoring import score_planner
from tests.tables.test_dashboard import ALL_BLOCKS, the_example

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(ALL_BLOCKS))
def test_every_named_range_is_explained(name):
    text = (DOCS / "dashboard.md").read_text(encoding="utf-8")
    assert f"`{name}`" in text or re.fullmatch(r"okr_tile_[1-6]", name)


def in_percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def test_the_worked_example_by_hand_is_the_example_computed():
    text = (DOCS / "example.md").read_text(encoding="utf-8")
    told = {
        row[0]: row[1:]
        for row in re.findall(r"^\| ((?:KR|O)\d+) .*?\| (\d+%|–) (?:\| (\d+%) )?\|$", text, re.MULTILINE)
    }
    scores = score_planner(the_example("en"), date(2026, 12, 2))
    computed = {one.id: (in_percent(one.score), "") for one in scores.key_results}
    computed |= {one.id: (in_percent(one.score), in_percent(one.expected)) for one in scores.objectives}
    assert told == computed
