"""Commands killed at moments spread over their run: the planner is the old one or the new one, and the next run arrives.

A moment is an access to the planner's folder; OKR_CRASH_MOMENTS=50 tries every one of them.
"""

from __future__ import annotations

import os
import shutil

import pytest

from okr_workbook.actions.collect import collect
from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books import gate
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files import saving
from okr_workbook.books.files.backups import backups_of
from tests.actions.planner_files import TODAY, TeamBook, an_example, team_books
from tests.books.crashes import moments_of, run_killed_at

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

MOMENTS = int(os.environ.get("OKR_CRASH_MOMENTS", "8"))


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """A folder with the refreshed example and a returned book."""
    folder = tmp_path_factory.mktemp("ground")
    planner = an_example(folder)
    book = TeamBook(team_books(planner, folder / "books")["Marketing"])
    book.type("key_results", "KR6", "Nouvelle valeur", 8.5)
    book.save(folder / "returned.xlsx")
    return folder


def _fill(folder):
    fill_book(FileBook(str(folder / "plan.fr.xlsx")), "actions", b"id,action\nA90,Call them\nA91,Write to them\n")


def _refresh(folder):
    refresh_book(FileBook(str(folder / "plan.fr.xlsx")), today=TODAY)


def _undo(folder):
    FileBook(str(folder / "plan.fr.xlsx")).undo()


def _collect(folder):
    collect(str(folder / "plan.fr.xlsx"), [str(folder / "returned.xlsx")], today=TODAY)


def _check_in(folder):
    content = b"date,key_result,value,author\n2026-12-02,KR6,12,Ann\n"
    fill_book(FileBook(str(folder / "plan.fr.xlsx")), "check_ins", content)


def _nothing(_folder):
    """The command needs nothing done before it."""


@pytest.mark.parametrize(
    ("command", "before", "goes_on"),
    [(_fill, _nothing, True), (_refresh, _check_in, True), (_collect, _nothing, True), (_undo, _fill, False)],
    ids=["fill", "refresh", "collect", "undo"],
)
def test_a_command_killed_at_any_moment(ground, tmp_path, command, before, goes_on):
    start, work = tmp_path / "start", tmp_path / "work"
    shutil.copytree(ground, start)
    before(start)
    old = FileBook(str(start / "plan.fr.xlsx")).read()
    shutil.copytree(start, work)
    command(work)
    new = FileBook(str(work / "plan.fr.xlsx")).read()
    assert new != old
    shutil.rmtree(work)
    shutil.copytree(start, work)
    count = moments_of(lambda: command(work), str(work))
    assert count > 10
    for moment in sorted({1 + index * (count - 1) // (MOMENTS - 1) for index in range(MOMENTS)}):
        shutil.rmtree(work)
        shutil.copytree(start, work)
        assert run_killed_at(moment, lambda: command(work), str(work))
        path = str(work / "plan.fr.xlsx")
        gate.admitted(saving.read_file(path)).package.archive.check()
        found = FileBook(path).read()
        assert found in (old, new)
        assert found == old or backups_of(path)
        if goes_on or found == old:
            command(work)
            assert FileBook(path).read() == new
        assert not [name for name in os.listdir(work) if name.endswith("okr-tmp")]
