from __future__ import annotations

import os
import stat
from datetime import UTC, datetime

import pytest

from okr_workbook.books.told_answers import write_told
from okr_workbook.mail.ledger import BookMade, Ledger, ledger_path
from okr_workbook.mail.sole_run import sole_run

pytestmark = pytest.mark.skipif(not hasattr(os, "fchmod"), reason="needs POSIX rights")

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def a_ledger(planner):
    with Ledger(ledger_path(planner)) as ledger:
        ledger.add_book(BookMade("RH", "2026-H2", 1, NOW, "RH.xlsx"))


def a_run(planner):
    with sole_run(ledger_path(planner)):
        pass


def answers(planner):
    write_told(str(planner), {})


def rights_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("make", [a_ledger, a_run, answers])
@pytest.mark.parametrize(
    ("planner", "folder", "file"),
    [(0o600, 0o700, 0o600), (0o664, 0o777, 0o664), (0o444, 0o777, 0o644)],
    ids=["private", "shared", "read-only"],
)
def test_what_is_first_kept_beside_a_planner_is_for_whom_the_planner_is(tmp_path, make, planner, folder, file):
    path, umask = tmp_path / "plan.xlsx", os.umask(0)
    try:
        path.touch()
        path.chmod(planner)
        make(path)
    finally:
        os.umask(umask)
    assert rights_of(tmp_path / ".okr") == folder
    assert {rights_of(one) | 0o200 for one in (tmp_path / ".okr").iterdir()} == {file}


@pytest.mark.parametrize("make", [a_ledger, a_run])
def test_what_is_there_already_keeps_its_rights(tmp_path, make):
    make(tmp_path / "plan.xlsx")
    for one in (tmp_path / ".okr").iterdir():
        one.chmod(0o640)
    (tmp_path / "plan.xlsx").touch(0o600)
    make(tmp_path / "plan.xlsx")
    assert {rights_of(one) for one in (tmp_path / ".okr").iterdir()} == {0o640}
