"""docs/commands.md names every key that `--json` writes, and its excerpts are what the commands answer."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from okr_workbook.actions.mail_report import LineOutcome
from okr_workbook.actions.status import TeamState
from okr_workbook.cli import COMMANDS, main
from okr_workbook.tables.schema import TABLES
from tests.actions.planner_files import TeamBook

GUIDE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## okr (\w+)(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL))
NOT_RUN = {"setup"}
"""It changes this computer."""
FREE = {"details", "carried"}
"""What holds names of its own."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each command answers, in a story that has all there is: each answer as it was printed, by command."""
    found: dict[str, list[dict]] = {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(tmp_path_factory.mktemp("story"))
        _tell(found)
    return found


def _tell(found):
    def okr(*words):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            assert main([*words, "--json", "--lang", "en"]) in (0, 1)
        found.setdefault(words[0], []).append(json.loads(printed.getvalue()))

    def fill(table, *lines):
        Path("rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        okr("fill", "plan.xlsx", table, "rows.csv")

    okr("new", "plan.xlsx", "--example")
    okr("refresh", "plan.xlsx")
    okr("teams", "plan.xlsx", "--out", "books")
    okr("mail", "plan.xlsx", "--books", "books")
    fill("key_results", "id,current,target", "KR6,8.5,", "KR9,95%,")
    fill("key_results", "id,current", "KR6,soon")
    okr("refresh", "plan.xlsx")
    for team, key_result, value in (("Marketing", "KR6", 7.5), ("Product", "KR11", 4.0)):
        book = TeamBook(f"books/{team}.xlsx")
        book.type("key_results", key_result, "New value", value)
        book.type("key_results", key_result, "Target", 3)
        book.type("key_results", key_result, "Confidence", 4)
        if team == "Product":
            book.type("actions", 3, "Action", "Measure it every day")
            book.type("check_ins", 1, "Value", 5)
        Path("returned").mkdir(exist_ok=True)
        book.save(f"returned/{team}.xlsx")
    Path("returned/odd.xlsx").write_text("no workbook")
    okr("teams", "plan.xlsx", "--out", "books")
    okr("collect", "plan.xlsx", "returned")
    okr("status", "plan.xlsx")
    okr("collect", "plan.xlsx", "--take", "theirs", "C1")
    okr("check", "plan.xlsx")
    okr("report", "plan.xlsx", "--html", "plan.html")
    okr("recover", "plan.xlsx")
    okr("kpis", "churn")
    okr("kpis", "--add", "customer_churn", "--to", "plan.xlsx")
    okr("undo", "plan.xlsx")
    okr("forget", "plan.xlsx", "Sarah Petit", "--dry-run")
    okr("new", "next.xlsx", "--from", "plan.xlsx", "--unfinished")
    okr("doctor")
    okr("demo", "demo")


def keys(answer):
    """All names in an answer, those of what it holds too."""
    if isinstance(answer, list):
        return {key for one in answer for key in keys(one)}
    if isinstance(answer, dict):
        return set(answer) | {key for name, one in answer.items() if name not in FREE for key in keys(one)}
    return set()


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in NOT_RUN])
def test_every_key_of_a_commands_json_is_documented(answers, command):
    text = SECTIONS[command]
    if "problems[]` (see below)" in text or "`company`" in text:
        text += SECTIONS["refresh"]
    documented = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`|```.*?```", text, re.DOTALL))))
    if "all fields of its table" in text:
        documented |= {field.id for one in TABLES for field in one.fields}
    assert keys(answers[command]) - documented == set()


@pytest.mark.parametrize(("command", "choices"), [("mail", LineOutcome), ("status", TeamState)])
def test_every_outcome_is_documented(command, choices):
    assert [one for one in get_args(choices) if f"`{one}`" not in SECTIONS[command]] == []


def test_the_excerpt_of_a_refresh_is_the_worked_examples(answers):
    def rounded(value):
        return round(value, 2) if isinstance(value, float) else value

    (excerpt,) = re.findall(r"```json\n(.*?)```", SECTIONS["refresh"], re.DOTALL)
    told, found = json.loads(excerpt), answers["refresh"][0]
    assert list(told) == list(found)
    assert told["company"] == {key: rounded(value) for key, value in found["company"].items()}
    assert told["teams"][0].items() <= {key: rounded(value) for key, value in found["teams"][0].items()}.items()
    assert (told["as_of"], told["logged"], told["changed"]) == (found["as_of"], found["logged"], found["changed"])
