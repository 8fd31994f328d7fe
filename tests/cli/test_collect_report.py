"""What `okr collect` reports, and that its exit status asks for a person wherever one is needed."""

from __future__ import annotations

import json
import shutil

import pytest

from okr_workbook.cli import main
from okr_workbook.mail.ledger import ledger_path
from tests.actions.planner_files import TeamBook, an_example, team_books


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    planner = an_example(folder, "en")
    return planner, team_books(planner, folder / "books")["Marketing"]


@pytest.fixture
def collected(made, tmp_path, capsys):
    """Collect a workbook in which cells were typed: exit status, JSON, what was said."""
    planner = str(shutil.copy(made[0], tmp_path / "plan.xlsx"))

    def run(*typed, before=lambda _: None):
        before(planner)
        book = TeamBook(made[1])
        for one in typed:
            book.type(*one)
        status = main(["collect", planner, book.save(tmp_path / "b.xlsx"), "--json"])
        out, err = capsys.readouterr()
        return status, json.loads(out), err

    return run


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        (("key_results", "KR6", "New value", 8.5), 0, []),
        (("key_results", "KR6", "New value", "about 5"), 1, ["notes"]),
        (("key_results", "KR6", "Confidence", 12), 1, ["notes"]),
        (("key_results", "KR6", "Target", 12), 1, ["ignored"]),
    ],
)
def test_an_answer_that_was_not_taken_asks_for_a_person(collected, typed, status, told):
    got_status, got, _ = collected(typed)
    assert got_status == status
    assert [key for key in ("refused", "conflicts", "ignored", "notes", "kept", "not_noted") if got[key]] == told


def test_a_confidence_off_its_scale_is_told_as_what_it_is(collected):
    _, got, _ = collected(("key_results", "KR6", "Confidence", 12))
    assert "the confidence 12 is not from 0 to 10." in got["notes"][0]["message"]


@pytest.mark.parametrize("content", [b"garbage" * 1000, None], ids=["damaged", "a folder"])
def test_a_ledger_that_cannot_be_written_hides_nothing_of_what_was_done(collected, content):
    def spoil(planner):
        place = ledger_path(planner)
        place.parent.mkdir()
        place.write_bytes(content) if content else place.mkdir()

    status, got, said = collected(("key_results", "KR6", "New value", 8.5), before=spoil)
    assert (status, got["changed"], [one["value"] for one in got["check_ins"]]) == (1, True, [8.5])
    assert got["not_noted"]["code"] in ("ledger_unreadable", "ledger_not_written")
    assert "who has answered could not be noted" in said
