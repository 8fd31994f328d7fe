"""Saving survives kills, full disks, read-only folders, other programs and other runs: the old file or the new one."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from datetime import datetime
from pathlib import Path

import pytest

from okr_workbook.books import gate
from okr_workbook.books.file_book import FileBook, retention_of
from okr_workbook.books.files import journal, saving
from okr_workbook.books.files.backups import Retention, backups_of, keep_backup
from okr_workbook.books.files.lock import locked
from okr_workbook.books.files.undoing import entries
from okr_workbook.books.templates import template_path
from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import Changes, TableChange
from tests.books.crashes import in_child, run_killed_at
from tests.books.workbooks import planner

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

OLD = planner()
CHANGE = Changes((TableChange("check_ins", {(3, 1): "KR1", (3, 2): 5}),))


def new_content(tmp_path) -> bytes:
    path = tmp_path / "aside.xlsx"
    path.write_bytes(OLD)
    FileBook(str(path), keep_history=False).write(CHANGE, command="fill")
    return path.read_bytes()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "folder" / "planner.xlsx"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def side_files(path) -> list[str]:
    folder = path.parent / ".okr"
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_a_run_killed_at_any_moment_leaves_the_old_file_or_the_new_one(path, tmp_path):
    new = new_content(tmp_path)
    outcomes = set()
    for moment in range(1, 200):
        shutil.rmtree(path.parent / ".okr", ignore_errors=True)
        path.write_bytes(OLD)
        if not run_killed_at(moment, lambda: FileBook(str(path)).write(CHANGE, command="fill"), str(path.parent)):
            break
        content = path.read_bytes()
        outcomes.add(content)
        assert content in (OLD, new)
        gate.admitted(content).package.archive.check()
        if content == new:
            assert any("backup" in name for name in side_files(path))
            assert FileBook(str(path)).undo().command == "fill"
            assert path.read_bytes() == OLD
        else:
            with pytest.raises(OkrError, match="nothing_to_undo"):
                FileBook(str(path)).undo()
        after = FileBook(str(path))
        after.write(Changes((TableChange("check_ins", {(0, 2): moment}),)), command="next")
        assert sorted(os.listdir(path.parent)) == [".okr", "planner.xlsx"]
        assert "planner.xlsx.lock" not in side_files(path)
    else:
        pytest.fail("the run never came to its end")
    assert moment > 10
    assert outcomes == {OLD, new}


def test_a_killed_run_is_cleared_away_and_named(path):
    notices = set()
    for moment in range(1, 40):
        if not run_killed_at(moment, lambda: FileBook(str(path)).write(CHANGE, command="fill"), str(path.parent)):
            break
        book = FileBook(str(path))
        book.write(Changes((TableChange("check_ins", {(0, 2): moment}),)), command="next")
        notices.update(book.notices)
        path.write_bytes(OLD)
    assert notices == {"stale_lock_cleared", "unfinished_save_cleared"}


@pytest.mark.parametrize("limit", [0, 100, 5000])
def test_a_full_disk_leaves_everything_as_it_was(path, limit):
    answer = in_child(lambda: str(FileBook(str(path)).write(CHANGE, command="fill")), file_limit=limit)
    assert "disk_full" in answer
    assert path.read_bytes() == OLD
    assert [name for name in os.listdir(path.parent) if name != ".okr"] == ["planner.xlsx"]
    assert FileBook(str(path)).write(CHANGE, command="fill").changed


def test_a_disk_that_fills_up_with_the_backup_leaves_everything_as_it_was(path):
    path.write_bytes(bigger := saving_with_room(OLD))
    answer = in_child(lambda: str(FileBook(str(path)).write(CHANGE, command="fill")), file_limit=len(bigger) - 1)
    assert "disk_full" in answer
    assert path.read_bytes() == bigger


def saving_with_room(content: bytes) -> bytes:
    """A planner that becomes smaller when it is written: one of its sheets is stored, not deflated."""
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
    return buffer.getvalue()


def test_a_folder_without_the_right_to_write_is_named():
    folder = tempfile.mkdtemp(dir="/tmp")
    try:
        file = os.path.join(folder, "planner.xlsx")
        with open(file, "wb") as out:
            out.write(OLD)
        os.chmod(folder, 0o555)
        answer = in_child(lambda: str(FileBook(file).write(CHANGE, command="fill")), as_nobody=True)
        assert "folder_not_writable" in answer
        os.chmod(file, 0o000)
        assert "file_in_use" in in_child(lambda: str(FileBook(file).read()), as_nobody=True)
    finally:
        os.chmod(folder, 0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize("mark", ["~$planner.xlsx", ".~lock.planner.xlsx#"])
def test_a_file_open_in_a_spreadsheet_program_is_left_alone(path, mark):
    (path.parent / mark).write_bytes(b"somebody")
    with pytest.raises(OkrError, match="file_open_elsewhere") as refused:
        FileBook(str(path)).write(CHANGE, command="fill")
    assert refused.value.details["mark"] == mark
    assert path.read_bytes() == OLD


def test_two_runs_at_once_do_not_write_over_each_other(path):
    with locked(str(path), notices=[]):
        assert "file_locked" in in_child(lambda: str(FileBook(str(path)).write(CHANGE, command="fill")))
        with pytest.raises(OkrError, match="file_locked"):
            FileBook(str(path)).undo()
    assert FileBook(str(path)).write(CHANGE, command="fill").changed


def test_many_runs_at_once_all_arrive_or_say_why(path):
    children = []
    for number in range(8):
        process = os.fork()
        if process == 0:
            os._exit(_write_some(str(path), number))
        children.append(process)
    done = [number for number, process in enumerate(children) if os.waitpid(process, 0)[1] == 0]
    rows = FileBook(str(path)).read()["check_ins"].rows
    assert done
    assert {row[1] for row in rows[3:]} == {f"KR{number}" for number in done}


def _write_some(path: str, number: int) -> int:
    for _ in range(200):
        try:
            book = FileBook(path)
            rows = len(book.read()["check_ins"].rows)
            book.write(Changes((TableChange("check_ins", {(rows, 1): f"KR{number}"}),)), command="fill")
        except OkrError as error:
            if error.code not in ("file_locked", "file_changed"):
                return 1
            time.sleep(0.005)
        else:
            return 0
    return 1


@pytest.mark.parametrize(
    ("content", "age", "taken"),
    [
        (f"{2**22 + 7}\n{os.uname().nodename}\n", 0, True),
        ("1\nanother-machine\n", 0, False),
        ("1\nanother-machine\n", 3600, True),
        ("1\nanother-machine\n", -3600, True),
        (f"{os.getpid()}\n{os.uname().nodename}\n", 0, False),
        ("", 0, False),
        ("", 3600, True),
        ("", 60, True),
        ("nonsense", 3600, True),
    ],
    ids=[
        "gone",
        "elsewhere",
        "elsewhere-old",
        "elsewhere-future",
        "this",
        "empty",
        "empty-old",
        "empty-minute",
        "nonsense",
    ],
)
def test_a_lock_is_taken_over_only_where_its_owner_is_gone(path, content, age, taken):
    lock = path.parent / ".okr" / "planner.xlsx.lock"
    lock.parent.mkdir()
    lock.write_text(content)
    os.utime(lock, (time.time() - age,) * 2)
    book = FileBook(str(path))
    if taken:
        assert book.write(CHANGE, command="fill").changed
        assert book.notices == ["stale_lock_cleared"]
        assert not lock.exists()
    else:
        with pytest.raises(OkrError, match="file_locked"):
            book.write(CHANGE, command="fill")
        assert lock.read_text() == content


def test_of_many_runs_that_find_the_same_dead_lock_one_takes_it_over(path):
    lock, inside = path.parent / ".okr" / "planner.xlsx.lock", path.parent / "inside"
    lock.parent.mkdir()
    for _ in range(25):
        lock.write_text(f"{2**22 + 7}\n{os.uname().nodename}\n")
        start = time.monotonic() + 0.02
        said = [_in_the_background(lambda: _enter(str(path), inside, start)) for _ in range(6)]  # noqa: B023
        outcomes = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in said]
        assert set(outcomes) <= {ENTERED, REFUSED}
        assert ENTERED in outcomes
        assert not lock.exists()


ENTERED, REFUSED, NOT_ALONE = 0, 1, 2


def _in_the_background(work) -> int:
    process = os.fork()
    if process == 0:
        status = 9
        try:
            status = work()
        finally:
            os._exit(status)
    return process


def _enter(path, inside, start) -> int:
    """Hold the lock for a moment, alone."""
    while time.monotonic() < start:
        pass
    try:
        with locked(path, notices=[]):
            if inside.exists():
                return NOT_ALONE
            inside.touch()
            time.sleep(0.003)
            inside.unlink()
            return ENTERED
    except OkrError as error:
        return REFUSED if error.code == "file_locked" else 9


def test_a_run_whose_lock_was_taken_over_leaves_it_to_the_other(path):
    lock = path.parent / ".okr" / "planner.xlsx.lock"
    with locked(str(path), notices=[]):
        lock.write_text("1\nanother-machine\n")
    assert lock.read_text() == "1\nanother-machine\n"


def test_who_may_write_the_planner_may_take_over_its_lock(path):
    path.chmod(0o664)
    with locked(str(path), notices=[]):
        lock = path.parent / ".okr" / "planner.xlsx.lock"
        assert stat.S_IMODE(lock.stat().st_mode) == 0o664


@pytest.mark.parametrize(("age", "left"), [(0, True), (3600, False)], ids=["in use", "left by a killed run"])
def test_a_file_of_our_own_is_written_beside_another_run_that_writes_it(tmp_path, age, left):
    page, other = tmp_path / "page.html", tmp_path / ".page.html.okr-tmp"
    other.write_text("half a pa")
    os.utime(other, (time.time() - age,) * 2)
    saving.write_atomically(str(page), b"a page")
    assert page.read_bytes() == b"a page"
    assert other.exists() == left
    assert set(os.listdir(tmp_path)) <= {page.name, other.name}


def test_a_users_own_file_is_never_taken_for_one_of_a_killed_run(tmp_path):
    own = tmp_path / "page.html.tmp"
    own.write_text("mine")
    os.utime(own, (time.time() - 3600,) * 2)
    saving.write_atomically(str(tmp_path / "page.html"), b"a page")
    assert own.read_text() == "mine"


def test_two_runs_that_write_a_file_of_our_own_at_once_both_arrive(tmp_path):
    page, contents = tmp_path / "page.html", [bytes([65 + number]) * 300_000 for number in range(4)]
    for _ in range(10):
        writing = [_in_the_background(lambda one=one: saving.write_atomically(str(page), one) or 0) for one in contents]
        assert [os.waitpid(process, 0)[1] for process in writing] == [0] * len(contents)
        assert page.read_bytes() in contents
    assert os.listdir(tmp_path) == [page.name]


def test_a_file_changed_since_it_was_read_is_not_written_over(path):
    book = FileBook(str(path))
    book.read()
    other = planner(check_ins=[[None, "KR7", 1, None, None, None]])
    path.write_bytes(other)
    with pytest.raises(OkrError, match="file_changed"):
        book.write(CHANGE, command="fill")
    assert path.read_bytes() == other
    assert not any("backup" in name for name in side_files(path))


def test_a_file_that_is_gone_since_it_was_read_is_not_written_anew(path):
    book = FileBook(str(path))
    book.read()
    path.unlink()
    with pytest.raises(OkrError):
        book.write(CHANGE, command="fill")
    assert not path.exists()


def test_rights_and_links_stay(path, tmp_path):
    path.chmod(0o640)
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    FileBook(str(link)).write(CHANGE, command="fill")
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert FileBook(str(path)).read()["check_ins"].rows[3][1] == "KR1"
    assert os.listdir(tmp_path) != [".okr"]


def test_the_newest_backups_stay_even_when_the_clock_is_set_back(path):
    times = iter(datetime(2026, 11, 23, 12 - number) for number in range(9))
    book = FileBook(str(path), keep_backups=3, clock=lambda: next(times))
    for number in range(6):
        book.write(Changes((TableChange("check_ins", {(0, 2): 100 + number}),)), command="fill")
    assert backups_of(str(path)) == [
        "planner.backup-20261123-090000-4.xlsx",
        "planner.backup-20261123-080000-5.xlsx",
        "planner.backup-20261123-070000-6.xlsx",
    ]


def test_backups_older_than_the_planner_wants_go_and_so_does_what_undo_knew_of_them(path, kept_by_the_planner):
    days = iter((1, 15, 20, 21))
    book = FileBook(str(path), clock=lambda: datetime(2026, 11, next(days), 12))
    kept_by_the_planner(delete_backups_after_days=10)
    for number in range(3):
        book.write(Changes((TableChange("check_ins", {(0, 2): 100 + number}),)), command=f"number {number}")
    assert [name[:25] for name in backups_of(str(path))] == [
        "planner.backup-20261115-1",
        "planner.backup-20261120-1",
    ]
    assert [entry.command for _, entry in entries(journal.lines(str(path)))] == ["number 1", "number 2"]
    assert book.undo().command == "number 2"


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (datetime(2026, 11, 11, 12), 2),
        (datetime(2026, 11, 11, 12, 0, 1), 1),
        (datetime(1999, 1, 1), 2),
        (datetime(1, 1, 2), 2),
    ],
    ids=["ten days old", "older by a second", "clock set back", "clock of the first days"],
)
def test_a_backup_goes_only_once_it_is_older_than_so_many_days(path, day, left):
    keep_backup(str(path), OLD, datetime(2026, 11, 1, 12), Retention(10, 10))
    keep_backup(str(path), OLD, day, Retention(10, 10))
    assert len(backups_of(str(path))) == left


def test_another_planners_backups_are_not_this_ones(path):
    other = path.with_name("planner.backup-old.xlsx")
    other.write_bytes(OLD)
    kept = keep_backup(str(other), OLD, datetime(2026, 11, 1), Retention(10))
    assert backups_of(str(path)) == []
    assert backups_of(str(other)) == [kept]


def test_a_write_protected_file_is_not_replaced():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        file = Path(folder, "planner.xlsx")
        file.write_bytes(OLD)
        os.chmod(folder, 0o777)
        file.chmod(0o444)
        assert "file_read_only" in in_child(
            lambda: str(FileBook(str(file)).write(CHANGE, command="fill")), as_nobody=True
        )
        assert file.read_bytes() == OLD


def test_a_private_planner_keeps_its_owner_and_what_stands_beside_it_is_private(path):
    os.chmod(path, 0o600)
    if os.geteuid() == 0:
        os.chown(path, 1234, 1234)
    owner = (path.stat().st_uid, path.stat().st_gid)
    FileBook(str(path)).write(CHANGE, command="fill")
    beside = [path, *(path.parent / ".okr").iterdir()]
    assert [name.name for name in beside if stat.S_IMODE(name.stat().st_mode) != 0o600] == []
    assert {(name.stat().st_uid, name.stat().st_gid) for name in beside} == {owner}
    assert stat.S_IMODE((path.parent / ".okr").stat().st_mode) == 0o700


def test_a_journal_that_may_not_be_read_gets_a_sentence():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        file = Path(folder, "planner.xlsx")
        file.write_bytes(OLD)
        FileBook(str(file)).write(CHANGE, command="fill")
        for name, mode in ((folder, 0o777), (f"{folder}/.okr", 0o777), (file, 0o666)):
            os.chmod(name, mode)
        os.chmod(f"{folder}/.okr/planner.xlsx.undo.jsonl", 0o600)
        answer = in_child(lambda: str(FileBook(str(file)).undo()), as_nobody=True)
        assert "file_in_use" in answer


def test_what_would_be_refused_when_it_is_read_is_not_saved(path):
    rows = gate.PLANNER.table_rows + 1
    changes = Changes((TableChange("objectives", {(rows, 0): "O1"}),))
    with pytest.raises(FileRefusedError, match="table_too_large"):
        FileBook(str(path)).write(changes, command="fill")
    assert path.read_bytes() == OLD


def test_a_file_that_only_looks_like_a_backup_is_never_too_old(path):
    other = path.parent / ".okr" / "planner.backup-of mine-1.xlsx"
    other.parent.mkdir()
    other.write_bytes(OLD)
    keep_backup(str(path), OLD, datetime(2026, 11, 1), Retention(10, 1))
    assert other.exists()


@pytest.fixture
def kept_by_the_planner(path):
    """Writes settings into the planner, without a trace."""
    shutil.copy(template_path("fr", macros=False), path)

    def wanted(**settings):
        book = FileBook(str(path), keep_history=False)
        names = [cells[0] for cells in book.read()["settings"].rows]
        places = {(names.index(labels_for("fr").setting(name)), 1): value for name, value in settings.items()}
        book.write(Changes((TableChange("settings", places),)), command="settings")

    return wanted


@pytest.mark.parametrize("value", ["3", "3,0", 3.0])
def test_how_many_backups_stay_is_read_as_every_setting_is(path, kept_by_the_planner, value):
    kept_by_the_planner(keep_backups=value, delete_backups_after_days=value)
    assert retention_of(FileBook(str(path)).read()["settings"]) == Retention(3, 3)


@pytest.mark.parametrize("value", [None, "bientôt", 0, -3, True, 2.5])
def test_an_age_that_is_no_number_of_days_deletes_nothing(path, kept_by_the_planner, value):
    days = iter((1, 20))
    book = FileBook(str(path), clock=lambda: datetime(2026, 11, next(days)))
    kept_by_the_planner(delete_backups_after_days=value)
    for number in range(2):
        book.write(Changes((TableChange("check_ins", {(0, 2): number}),)), command="fill")
    assert len(backups_of(str(path))) == 2


def test_names_with_odd_letters_are_saved_too(tmp_path):
    for name in ("Plan été ‘26’ & co.xlsx", "100% #1 [x].xlsx", "a" * 180 + ".xlsx"):
        path = tmp_path / name
        path.write_bytes(OLD)
        book = FileBook(str(path))
        assert book.write(CHANGE, command="fill").changed
        assert book.undo().command == "fill"
        assert path.read_bytes() == OLD


def test_the_planner_says_how_many_backups_stay(tmp_path):
    path = tmp_path / "planner.xlsx"
    shutil.copy(template_path("fr", macros=False), path)
    book = FileBook(str(path))
    grid = book.read()["settings"]
    row = next(index for index, cells in enumerate(grid.rows) if cells[0] == labels_for("fr").setting("keep_backups"))
    for number in range(4):
        book.write(Changes((TableChange("settings", {(row, 1): 2, (0, 1): f"Alvéo {number}"}),)), command="fill")
    assert len(backups_of(str(path))) == 2
