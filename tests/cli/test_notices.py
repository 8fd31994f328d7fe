"""A run after one that was broken off says so, in the planner's language, whichever command it is."""

from __future__ import annotations

import os
import shutil

import pytest

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.recover import recovery_drafts
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli import main
from okr_workbook.mail.addresses import parse_addresses
from tests.actions.planner_files import TODAY, TeamBook, an_example, planner_in, team_books


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """The French example with a change to undo, a returned workbook, and rows to fill in."""
    folder = tmp_path_factory.mktemp("ground")
    planner = an_example(folder)
    fill_book(FileBook(planner), "kpis", b"id,kpi,formula,direction,target\nbig_mrr,MRR,mrr_end,higher,1000000\n")
    book = TeamBook(team_books(planner, folder / "books")["Marketing"])
    book.type("key_results", "KR6", "Nouvelle valeur", 8.5)
    book.save(folder / "returned.xlsx")
    (folder / "actions.csv").write_text("id,action\nA90,Call them\n", encoding="utf-8")
    return folder


def commands(folder):
    """Each writing command with its arguments, by name."""
    planner = str(folder / "plan.fr.xlsx")
    alert = next(one.kpi.id for one in recovery_drafts(FileBook(planner), today=TODAY).drafts if not one.served_by)
    person = next(row.member for row in planner_in(planner).members if not parse_addresses(row.member).mailboxes)
    return {
        "fill": ("fill", planner, "actions", str(folder / "actions.csv")),
        "refresh": ("refresh", planner, "--as-of", "2026-11-15"),
        "undo": ("undo", planner, "--lang", "fr"),
        "collect": ("collect", planner, str(folder / "returned.xlsx")),
        "kpis": ("kpis", "--add", "quick_ratio", "--to", planner),
        "recover": ("recover", planner, alert),
        "forget": ("forget", planner, person),
    }


@pytest.mark.parametrize("name", ["fill", "refresh", "undo", "collect", "kpis", "recover", "forget"])
def test_what_was_left_behind_is_named(ground, tmp_path, capsys, name):
    folder = shutil.copytree(ground, tmp_path / "work")
    lock, unfinished = folder / ".okr" / "plan.fr.xlsx.lock", folder / ".plan.fr.xlsx.7.okr-tmp"
    arguments = commands(folder)[name]
    lock.write_text(f"{2**22 + 5}\n{os.uname().nodename}\n")
    unfinished.write_text("half a planner")
    capsys.readouterr()
    assert main(arguments) in (0, 1)
    said = capsys.readouterr().out
    assert said.count("a été interrompue") == 1
    assert "plan.fr.xlsx" in said
    assert not lock.exists()
    assert not unfinished.exists()


def test_deciding_a_conflict_names_it_too(ground, tmp_path, capsys):
    folder = shutil.copytree(ground, tmp_path / "work")
    planner, returned = str(folder / "plan.fr.xlsx"), folder / "returned.xlsx"
    (folder / "ours.csv").write_text("id,current\nKR6,12\n", encoding="utf-8")
    assert main(["fill", planner, "key_results", str(folder / "ours.csv")]) == 0
    assert main(["collect", planner, str(returned)]) == 1
    (folder / ".okr" / "plan.fr.xlsx.lock").write_text(f"{2**22 + 5}\n{os.uname().nodename}\n")
    capsys.readouterr()
    assert main(["collect", planner, "--take", "theirs", "C1"]) == 0
    assert "a été interrompue" in capsys.readouterr().out
