"""What docs/architecture.md says of adding things: each is added here, and used."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from math import log
from pathlib import Path

import pytest

from okr_workbook.books.file_book import FileBook
from okr_workbook.domain.kinds import KINDS
from okr_workbook.domain.scoring import score_planner
from tests.actions.planner_files import TODAY, TeamBook, an_example, planner_in

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


CHANGED = {
    "labels/xx/tables.toml": {"Résultats clés": "Rezultati", 'score = "Score"': 'score = "Skor"'},
    "labels/xx/habits.toml": {'"\\u202f"': '"·"', '"jour"': '"dan"', '"jours"': '"dana"'},
    "example/xx/key_results.csv": {",jours,": ",dana,"},
    "labels/__init__.py": {'("en", "fr")': '("en", "fr", "xx")'},
}
"""What is otherwise than in French in the language xx, and how it is registered."""


@pytest.fixture(scope="module")
def toy_language(tmp_path_factory):
    """A copy of the project that speaks xx as well, as a function that runs Python there."""
    copy = tmp_path_factory.mktemp("xx")
    for name in ("okr_workbook", "templates", "macros"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    package = copy / "okr_workbook"
    for folder in ("labels", "example"):
        shutil.copytree(package / folder / "fr", package / folder / "xx")
    for name, words in CHANGED.items():
        text = (package / name).read_text(encoding="utf-8")
        assert all(word in text for word in words), name
        for word, other in words.items():
            text = text.replace(word, other)
        (package / name).write_text(text, encoding="utf-8")

    def run(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(copy), "LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8"}
        command = [sys.executable, "-W", "error", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=copy, env=environment)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    run("-m", "okr_workbook.books.design")
    run("-m", "okr_workbook", "new", "plan.xlsm", "--lang", "xx", "--example")
    return copy, run


def test_a_new_language_is_a_folder_and_a_registration(toy_language):
    copy, run = toy_language
    refreshed = json.loads(run("-m", "okr_workbook", "refresh", "plan.xlsm", "--json"))
    french = an_example(copy, "fr")
    assert refreshed["company"]["score"] == score_planner(planner_in(french), TODAY).company.score
    assert FileBook(str(copy / "plan.xlsm")).read()["key_results"].sheet == "Rezultati"
    run("-m", "okr_workbook", "teams", "plan.xlsm", "--out", "books")
    made = TeamBook(next((copy / "books").glob("*Marketing*.xlsx")))
    sheet, _, top, *_ = made.area("key_results")
    assert "Skor" in [cell.value for cell in sheet[top]]
    run("-m", "okr_workbook", "report", "plan.xlsm", "--html", "plan.html")
    page = (copy / "plan.html").read_text(encoding="utf-8")
    assert '<html lang="xx">' in page
    assert re.search(r"\d·\d{3}\u00a0€", page)
    assert "\u00a0dana" in page


def test_a_machine_of_a_new_language_is_spoken_to_in_it(toy_language):
    _, run = toy_language
    made = json.loads(run("-m", "okr_workbook", "new", "another.xlsx", "--json"))
    assert made["language"] == "xx"
