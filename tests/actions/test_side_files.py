from __future__ import annotations

import pytest

from okr_workbook.actions.side_files import side_files
from okr_workbook.domain.person import Person


@pytest.mark.parametrize(
    ("name", "planner", "kind"),
    [
        ("plan.xlsx.undo.jsonl", "plan.xlsx", "undo.jsonl"),
        ("plan.xlsx.answers.json", "plan.xlsx", "answers.json"),
        ("plan.xlsx.ledger.sqlite", "plan.xlsx", "ledger.sqlite"),
        ("plan.backup-20261123-093000-7.xlsx", "plan.xlsx", "backup"),
        ("my.plan.backup-20261123-093000-7.xlsm", "my.plan.xlsm", "backup"),
        (".plan.xlsx.undo.jsonl.okr-tmp", "plan.xlsx", "unfinished"),
        (".plan.xlsx.answers.json.4711.okr-tmp", "plan.xlsx", "unfinished"),
    ],
)
def test_of_which_planner_a_file_is(tmp_path, name, planner, kind):
    (tmp_path / ".okr").mkdir()
    (tmp_path / ".okr" / name).touch()
    (found,) = side_files(str(tmp_path))
    assert (found.planner, found.kind, found.is_left_over) == (planner, kind, True)
    (tmp_path / planner).touch()
    assert not found.is_left_over


@pytest.mark.parametrize("name", ["plan.xlsx.lock", "plan.xlsx.ledger.sending", "notes.txt", "plan.backup-1.xlsx"])
def test_what_holds_nobody_is_not_looked_at(tmp_path, name):
    (tmp_path / ".okr").mkdir()
    (tmp_path / ".okr" / name).touch()
    assert list(side_files(str(tmp_path))) == []


def test_beside_a_planner_of_which_nothing_is_kept():
    assert list(side_files("/nowhere")) == []


@pytest.mark.parametrize(
    "name", ["plan.backup-20261123-093000-7.xlsx", "plan.xlsx.ledger.sqlite", "plan.xlsx.answers.json"]
)
def test_a_damaged_file_holds_nobody(tmp_path, name):
    (tmp_path / ".okr").mkdir()
    (tmp_path / ".okr" / name).write_text("Ann, but nothing that can be read" * 99)
    (found,) = side_files(str(tmp_path))
    assert not found.holds(Person("Ann"))


@pytest.mark.parametrize(
    ("line", "holds"),
    [('{"cells": [null, "Z\\u00e9lie"]}', True), ("{broken Zélie", True), ('{"cells": ["Z\\u00e9lies"]}', False)],
)
def test_a_journal_is_read_as_its_letters_stand_for_themselves(tmp_path, line, holds):
    (tmp_path / ".okr").mkdir()
    (tmp_path / ".okr" / "plan.xlsx.undo.jsonl").write_text(f"{{}}\n{line}\n", encoding="utf-8")
    (found,) = side_files(str(tmp_path))
    assert found.holds(Person("Zélie")) == holds
