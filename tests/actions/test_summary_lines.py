"""A refresh in a few lines: what stands there where a figure is missing."""

from __future__ import annotations

import pytest

from okr_workbook.actions.summary import _group_line
from okr_workbook.domain.results import GroupScore
from okr_workbook.labels import labels_for


@pytest.mark.parametrize(
    ("language", "score", "expected", "line"),
    [
        ("en", 0.63, 0.84, "Sales: 63%, 84% expected · ◆ Behind"),
        ("en", 0.63, None, "Sales: 63% · ◆ Behind"),
        ("fr", 0.63, 0.84, "Sales\u00a0: 63\u00a0% pour 84\u00a0% attendus · ◆ En retard"),
        ("fr", 0.63, None, "Sales\u00a0: 63\u00a0% · ◆ En retard"),
    ],
)
def test_a_team_in_a_line(language, score, expected, line):
    assert _group_line(GroupScore("Sales", score, expected, status="behind"), labels_for(language)) == line
