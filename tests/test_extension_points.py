"""What docs/architecture.md says of adding things: each is added here, and used."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from math import log
from pathlib import Path

import pytest

from okr_workbook.domain.kinds import KINDS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def toy_kind(tmp_path_factory):
    """What became of a kind that is one class and its decorator."""
    command = [sys.executable, "-W", "error", "-m", "tests.toy_kind", str(tmp_path_factory.mktemp("toy"))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert run.stderr == ""
    return json.loads(run.stdout)


def test_a_new_kind_is_read_scored_checked_and_shown(toy_kind):
    progress = log(4.5 / 9) / log(4 / 9)
    assert toy_kind["filled"] == [1, 1]
    assert toy_kind["score"][:3] == [pytest.approx(progress), pytest.approx(progress), "line"]
    assert toy_kind["row"] == ["Steady growth", pytest.approx(progress)]
    assert toy_kind["problems"] == ["target_wrong_side"]


def test_a_new_kind_without_formulas_shows_in_its_teams_workbook_the_score_it_was_sent_with(toy_kind):
    kind, *_, value, progress, score = toy_kind["books"]["without"]
    assert kind == "Steady growth"
    assert value.startswith("=IF(ISNUMBER(")
    assert progress == score == pytest.approx(toy_kind["score"][1])


def test_a_new_kind_with_formulas_is_scored_in_its_teams_workbook_as_it_is_typed(toy_kind):
    *_, progress, score = toy_kind["books"]["with"]
    assert progress.count("LN(") == 2
    assert score.startswith("=IF(")
    assert toy_kind["collected"] == 4.2


def test_no_module_but_that_of_kinds_names_a_kind():
    named = re.compile("|".join(f"[\"']{name}[\"']" for name in KINDS))
    homes = [path for path in (ROOT / "okr_workbook").rglob("*.py") if named.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in homes] == ["kinds.py"]
