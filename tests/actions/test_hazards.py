"""Every command that writes, on a full disk, in a read-only folder, beside another run, after the clock went back: a
sentence, and nothing half done or lost.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files.backups import backups_of
from okr_workbook.books.files.lock import locked
from okr_workbook.cli import main
from tests.actions.planner_files import TeamBook, an_example, team_books
from tests.books.crashes import in_child

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

COMMANDS = {
    "fill": ("fill", "plan.fr.xlsx", "actions", "actions.csv"),
    "refresh": ("refresh", "plan.fr.xlsx"),
    "collect": ("collect", "plan.fr.xlsx", "returned.xlsx"),
    "undo": ("undo", "plan.fr.xlsx"),
    "teams": ("teams", "plan.fr.xlsx", "--out", "new"),
    "mail": ("mail", "plan.fr.xlsx", "--books", "books", "--drafts", "drafts"),
    "report": ("report", "plan.fr.xlsx", "--html", "page.html"),
    "new": ("new", "next.xlsx", "--from", "plan.fr.xlsx"),
}
CHANGES_PLANNER = ("fill", "refresh", "collect", "undo")


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """A folder in which every command has something to do."""
    folder = tmp_path_factory.mktemp("ground")
    planner = an_example(folder)
    book = TeamBook(team_books(planner, folder / "books")["Marketing"])
    book.type("key_results", "KR6", "Nouvelle valeur", 8.5)
    book.save(folder / "returned.xlsx")
    (folder / "actions.csv").write_text("id,action\nA90,Call them\n", encoding="utf-8")
    (folder / "check_ins.csv").write_text("date,key_result,value,author\n2026-11-20,KR6,12,Ann\n", encoding="utf-8")
    assert main(["fill", planner, "check_ins", str(folder / "check_ins.csv")]) == 0
    return folder


@pytest.fixture
def folder(ground, tmp_path):
    return Path(shutil.copytree(ground, tmp_path / "work"))


def run(folder, name):
    """What a command says, its exit status first."""
    command, *options = COMMANDS[name]
    arguments = [one if one.startswith("--") or one == "actions" else str(folder / one) for one in options]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main([command, *arguments, "--lang", "en"])
    return f"{status} {said.getvalue()}"


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("limit", [0, 3000])
def test_a_full_disk(folder, name, limit):
    planner = (folder / "plan.fr.xlsx").read_bytes()
    said = in_child(lambda: run(folder, name), file_limit=limit)
    assert said[0] in "12", said
    assert "Traceback" not in said
    assert ".log" not in said, said  # the file a fault of our own would leave
    assert (folder / "plan.fr.xlsx").read_bytes() == planner
    assert not [path for path in folder.rglob("*") if path.name.endswith((".tmp", ".part", "okr-tmp"))]
    assert run(folder, name)[0] in "01"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_folder_without_the_right_to_write(ground, name):
    place = tempfile.mkdtemp(dir="/tmp")
    try:
        work = Path(shutil.copytree(ground, Path(place) / "work"))
        for path in (work, *work.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        Path(place).chmod(0o755)
        planner = (work / "plan.fr.xlsx").read_bytes()
        said = in_child(lambda: run(work, name), as_nobody=True)
        assert said[0] in "12", said
        assert ".log" not in said, said
        reader_too = name == "collect" and "process of their own" in said  # nobody may not start this interpreter
        assert "writ" in said or reader_too, said  # may not be written, no right to write
        assert (work / "plan.fr.xlsx").read_bytes() == planner
    finally:
        shutil.rmtree(place)


@pytest.mark.parametrize("name", CHANGES_PLANNER)
def test_a_lock_that_another_run_holds(folder, name):
    planner = (folder / "plan.fr.xlsx").read_bytes()
    with locked(str(folder / "plan.fr.xlsx"), notices=[]):
        assert in_child(lambda: run(folder, name)).startswith("1 ")
        assert (folder / "plan.fr.xlsx").read_bytes() == planner
    assert run(folder, name)[0] in "01"
    assert (folder / "plan.fr.xlsx").read_bytes() != planner


FUTURE = timedelta(days=400)


def set_the_clock_back(folder):
    """Whatever was written in this folder bears a time 400 days ahead, as it would had the clock gone back by so much."""
    for path in folder.rglob("*"):
        os.utime(path, (path.stat().st_mtime + FUTURE.total_seconds(),) * 2)
    for path in (folder / ".okr").glob("*.backup-*"):
        head, day, time, number = path.name.rsplit("-", 3)
        later = datetime.strptime(f"{day}{time}", "%Y%m%d%H%M%S") + FUTURE
        path.rename(path.with_name(f"{head}-{later:%Y%m%d-%H%M%S}-{number}"))
    journal = folder / ".okr" / "plan.fr.xlsx.undo.jsonl"
    entries = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    for entry in entries:
        entry["at"] = (datetime.fromisoformat(entry["at"]) + FUTURE).isoformat()
        entry["backup"] = next(
            (name for name in backups_of(str(folder / "plan.fr.xlsx")) if _number(name) == _number(entry["backup"])),
            "",
        )
    journal.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), "utf-8")
    with closing(sqlite3.connect(folder / ".okr" / "plan.fr.xlsx.ledger.sqlite")) as rows, rows:
        for table in ("recipients", "answers", "books"):
            rows.execute(f"update {table} set at = (substr(at, 1, 4) + 2) || substr(at, 5)")


def _number(backup):
    return backup.rpartition("-")[2]


def kept_beside(folder):
    """The contents of the backups, oldest first."""
    return [(folder / ".okr" / name).read_bytes() for name in backups_of(str(folder / "plan.fr.xlsx"))]


@pytest.mark.parametrize("days", ["", "30"], ids=["by number", "by age too"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_clock_that_was_set_back(folder, tmp_path, name, days):
    path = folder / "plan.fr.xlsx"
    (folder / "days.csv").write_text(
        f"name,value\ndelete_backups_after_days,{days}\nforget_after_days,{days}\n", "utf-8"
    )
    assert main(["fill", str(path), "settings", str(folder / "days.csv")]) == 0
    run(folder, "mail")
    assert main(["fill", str(path), "check_ins", str(folder / "check_ins.csv")]) == 0
    alone = Path(shutil.copytree(folder, tmp_path / "alone"))
    said_alone = run(alone, name)
    set_the_clock_back(folder)
    before, backups = path.read_bytes(), kept_beside(folder)
    assert run(folder, name).replace(str(folder), "") == said_alone.replace(str(alone), "")
    assert FileBook(str(path)).read() == FileBook(str(alone / path.name)).read()
    assert kept_beside(folder) == kept_beside(alone)
    if name in ("fill", "refresh", "collect"):
        assert kept_beside(folder) == [*backups, before]
        assert run(folder, "undo")[0] in "01"
        assert path.read_bytes() == before


@pytest.mark.parametrize("name", COMMANDS)
def test_two_at_once(folder, ground, tmp_path, name):
    alone = Path(shutil.copytree(ground, tmp_path / "alone"))
    run(alone, name)
    children = []
    for number in range(2):
        process = os.fork()
        if process == 0:
            said = "9"
            try:
                said = run(folder, name)
            finally:
                (folder / f"said{number}").write_text(said, encoding="utf-8")
                os._exit(0)
        children.append(process)
    for process in children:
        os.waitpid(process, 0)
    said = [(folder / f"said{number}").read_text(encoding="utf-8") for number in range(2)]
    assert not [one for one in said if ".log" in one or one.startswith("9")], said
    if name == "undo":  # each may have undone a command of its own
        FileBook(str(folder / "plan.fr.xlsx")).read()
    else:
        for made in ("plan.fr.xlsx", *(["next.xlsx"] if name == "new" else [])):
            assert FileBook(str(folder / made)).read() == FileBook(str(alone / made)).read()
