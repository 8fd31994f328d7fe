"""Whatever is typed after `okr`: a sentence and an exit status, never a fault of our own."""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
from pathlib import Path

import pytest

from okr_workbook.actions.new import new_planner
from okr_workbook.cli import COMMANDS, main
from tests.actions.planner_files import TODAY

LEFT_OUT = {"setup", "doctor"}
"""They change or look at this computer, and take nothing of their own."""
ARGUMENTS = {
    "demo": 1, "new": 1, "fill": 3, "check": 1, "refresh": 1, "teams": 1, "mail": 1, "collect": 2, "status": 1,
    "report": 1, "undo": 1, "kpis": 1, "recover": 2, "forget": 2,
}  # fmt: skip
OPTIONS = {
    "new": ("--period", "--company", "--example"),
    "fill": ("--dry-run",),
    "refresh": ("--as-of", "--dry-run"),
    "teams": ("--out", "--team", "--sheets"),
    "mail": ("--books", "--drafts", "--team", "--remind", "--resend-unknown", "--resend-refused", "--dry-run"),
    "collect": ("--take", "--dry-run"),
    "report": ("--html", "--as-of"),
    "kpis": ("--add", "--to"),
    "recover": ("--objective",),
    "forget": ("--dry-run",),
}
FLAGS = ("--example", "--dry-run", "--sheets", "--remind", "--resend-unknown", "--resend-refused")
ODD = (
    "plan.xlsx", "plan.xlsx", "plan.xlsx", "copy.xlsx", "text.xlsx", "missing.xlsx", "new.xlsx", "new.xlsm", "folder", "folder/new.xlsx",
    "no/such/folder.xlsx", "rows.csv", "page.html", "", " ", "-", "--", "---", "-x", "--json", "--lang=fr", "--lang=xx", "--help", "en",
    "2026-13-40", "0001-01-01", "9999-12-31", "2026-11-15", "2026-Q9", "2026-H2", "theirs", "C1", "cac", "O1", "actions", "check_ins",
    ".", "..", "/dev/null", "*", "~", "=1+1", "@plan.xlsx", "%s", "{file}", "%(prog)s", "é" * 300, "1e999", "\n", "\0", "a\0b", "\ud800",
    "\udce9", "<b>", "a" * 5000,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A planner, what is none, rows and a page."""
    folder = tmp_path_factory.mktemp("odd")
    new_planner(str(folder / "plan.xlsx"), language="en", today=TODAY, example=True)
    (folder / "text.xlsx").write_text("no workbook")
    (folder / "rows.csv").write_text("id,action\nA90,Call them\n")
    (folder / "page.html").write_text("<!DOCTYPE html><p>ours")
    (folder / "folder").mkdir()
    shutil.copy(folder / "plan.xlsx", folder / "copy.xlsx")
    return folder


def a_command_line(chance):
    """Mostly what the command takes, in place or not, with odd texts for values."""
    command = chance.choice([one for one in COMMANDS if one not in LEFT_OUT])
    words = [chance.choice(ODD) for _ in range(ARGUMENTS[command] + chance.choice((0, 0, 0, 0, -1, 1)))]
    for option in OPTIONS.get(command, ()):
        if chance.random() < 0.6:
            words += [option] if option in FLAGS and chance.random() < 0.9 else [option, chance.choice(ODD)]
    if chance.random() < 0.1:
        chance.shuffle(words)
    return [command, *words] if chance.random() < 0.95 else words


def said_to(arguments):
    """The exit status, and everything that was said."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main(arguments)
    out.flush()
    return status, out.buffer.getvalue().decode("utf-8")


@pytest.mark.parametrize("seed", range(int(os.environ.get("OKR_ODD_ARGUMENTS", "120"))))
def test_odd_arguments(folder, tmp_path, monkeypatch, seed):
    work = Path(shutil.copytree(folder, tmp_path / "work"))
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"id,action\nA91,Write to them\n")))
    arguments = a_command_line(random.Random(seed))
    status, said = said_to(arguments)
    assert status in (0, 1, 2), arguments
    assert said.strip() or status == 0, arguments
    assert "inside okr_workbook" not in said, (arguments, said)
    assert "Une erreur interne" not in said, (arguments, said)
    assert "Traceback" not in said, (arguments, said)


@pytest.mark.parametrize(
    "arguments", [["forget", "plan.xlsx", "--"], ["new", "--"], ["kpis", "--add", "--"], ["--"], [], ["-"]]
)
def test_two_dashes_and_nothing_is_wrong_use(folder, monkeypatch, arguments):
    monkeypatch.chdir(folder)
    status, said = said_to(arguments)
    assert status == 2
    assert said.startswith("usage: okr")


@pytest.mark.parametrize("argument", ["a\0b", "\ud800"])
def test_a_character_that_no_text_can_hold_is_refused(argument):
    assert said_to(["check", argument])[0] == 2
