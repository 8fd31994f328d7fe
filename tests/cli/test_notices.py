"""A run after one that was broken off says so, in the planner's language."""

from __future__ import annotations

import os

from okr_workbook.cli import main


def test_a_lock_left_behind_is_named(tmp_path, capsys):
    path = tmp_path / "plan.xlsx"
    assert main(["new", str(path), "--lang", "fr", "--example"]) == 0
    lock = tmp_path / ".okr" / "plan.xlsx.lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(f"{2**22 + 5}\n{os.uname().nodename}\n")
    capsys.readouterr()
    assert main(["refresh", str(path), "--as-of", "2026-11-15"]) in (0, 1)
    assert "a été interrompue" in capsys.readouterr().out
    assert not lock.exists()
