from __future__ import annotations

import re
import sqlite3
from datetime import timedelta

import pytest

from okr_workbook.domain.person import Person
from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.mail.ledger import (
    BookMade,
    BookReturned,
    Entry,
    Ledger,
    ledger_path,
)  # fmt: skip
from okr_workbook.mail.transport import Delivery
from tests.mail.answers import record_answer
from tests.mail.builders import ENTRY, NOW

TO = ["ann@okr.test", "bob@okr.test"]


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / ".okr" / "plan.xlsx.ledger.sqlite") as ledger:
        yield ledger


def states(ledger, entry=ENTRY):
    return {address: state for address, (state, _) in ledger.states(entry).items()}


def test_it_stands_beside_the_planner_also_through_a_link(tmp_path):
    (tmp_path / "plan.xlsx").touch()
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "p.xlsx").symlink_to(tmp_path / "plan.xlsx")
    assert ledger_path(tmp_path / "link" / "p.xlsx") == tmp_path / ".okr" / "plan.xlsx.ledger.sqlite"


def test_a_message_is_told_from_preparation_to_the_reply(ledger):
    ledger.prepare(ENTRY, TO, "smtp", NOW)
    assert states(ledger) == {"ann@okr.test": "prepared", "bob@okr.test": "prepared"}
    ledger.leaving(ENTRY, ["ann@okr.test"], "smtp", NOW)
    assert states(ledger) == {"ann@okr.test": "sending", "bob@okr.test": "prepared"}
    ledger.settle(ENTRY, [Delivery("ann@okr.test", "sent", "250 OK"), Delivery("bob@okr.test", "refused")], "smtp", NOW)
    assert ledger.states(ENTRY) == {"ann@okr.test": ("sent", "250 OK"), "bob@okr.test": ("refused", "")}


def test_preparing_again_adds_new_addresses_and_leaves_the_others_as_they_are(ledger):
    ledger.prepare(ENTRY, TO[:1], "smtp", NOW)
    ledger.settle(ENTRY, [Delivery(TO[0], "sent")], "smtp", NOW)
    ledger.prepare(ENTRY, TO, "smtp", NOW)
    assert states(ledger) == {TO[0]: "sent", TO[1]: "prepared"}


def test_an_address_in_another_case_is_the_same(ledger):
    ledger.prepare(ENTRY, ["Ann@okr.test", "jörg@okr.test"], "smtp", NOW)
    ledger.prepare(ENTRY, ["ann@OKR.test", "JÖRG@okr.test"], "smtp", NOW)
    ledger.settle(ENTRY, [Delivery("ANN@okr.test", "sent"), Delivery("Jörg@okr.test", "refused")], "smtp", NOW)
    assert states(ledger) == {"ann@okr.test": "sent", "jörg@okr.test": "refused"}
    assert [one.address for one in ledger.sendings()] == ["Ann@okr.test", "jörg@okr.test"]
    assert ledger.forget_person(Person("", ["JÖRG@okr.test"])) == 1


def test_what_was_on_its_way_when_the_machine_stopped_is_unknown(ledger):
    ledger.prepare(ENTRY, TO, "smtp", NOW)
    ledger.leaving(ENTRY, TO[:1], "smtp", NOW)
    assert ledger.settle_interrupted() == 1
    assert states(ledger) == {TO[0]: "unknown", TO[1]: "prepared"}
    assert ledger.settle_interrupted() == 0


def test_only_the_states_a_person_named_are_opened_again(ledger):
    ledger.prepare(ENTRY, [*TO, "zoe@okr.test"], "smtp", NOW)
    ledger.settle(ENTRY, [Delivery(TO[0], "unknown"), Delivery(TO[1], "refused")], "smtp", NOW)
    ledger.settle(ENTRY, [Delivery("zoe@okr.test", "sent")], "smtp", NOW)
    ledger.reopen(ENTRY, ["unknown"], NOW)
    assert states(ledger) == {TO[0]: "prepared", TO[1]: "refused", "zoe@okr.test": "sent"}


def test_a_servers_reply_is_kept_as_one_line_of_bounded_length(ledger):
    ledger.prepare(ENTRY, TO[:1], "smtp", NOW)
    ledger.settle(ENTRY, [Delivery(TO[0], "refused", "550 no\r\n\x1b[31m" + "x" * 999)], "smtp", NOW)
    reply = ledger.states(ENTRY)[TO[0]][1]
    assert reply.startswith("550 no [31mxxx")
    assert len(reply) == 300


def test_answers_and_books_are_noted_once(tmp_path):
    planner = tmp_path / "plan.xlsx"
    answer, book = (kind("Sales", "2026-H2", 2, NOW, "Sales.xlsx") for kind in (BookReturned, BookMade))
    record_answer(planner, answer)
    record_answer(planner, answer._replace(at=NOW + timedelta(days=3)))
    with Ledger(ledger_path(planner)) as ledger:
        for _ in range(2):
            ledger.add_book(book)
        assert (ledger.answers(), ledger.books()) == ([answer], [book])


def test_a_ledger_of_the_first_version_is_kept(tmp_path):
    path = ledger_path(tmp_path / "plan.xlsx")
    book = BookMade("Sales", "2026-H2", 2, NOW, "Sales.xlsx")
    with Ledger(path) as ledger:
        ledger.add_book(book)
        ledger.rows.execute("alter table books drop column as_of")
        ledger.rows.execute("pragma user_version = 1")
    with Ledger(path) as ledger:
        assert ledger.books() == [book]
        ledger.add_book(later := book._replace(revision=3, as_of=NOW.date()))
        assert ledger.books() == [book, later]


class TestForgetting:
    def sent(self, ledger, identifier, day, *, team="Sales", kind="book", state="sent"):
        entry = Entry(identifier, kind, team, "2026-H2", 1)
        ledger.prepare(entry, TO[:1], "smtp", day)
        if state != "prepared":
            ledger.settle(entry, [Delivery(TO[0], state)], "smtp", day)

    def left(self, ledger):
        return [one.entry.id for one in ledger.sendings()]

    def test_old_and_settled_messages_go_but_the_newest_book_of_a_team_stays(self, ledger):
        old = NOW - timedelta(days=100)
        self.sent(ledger, "old", old)
        self.sent(ledger, "newest", old)
        self.sent(ledger, "reminder", old, kind="reminder")
        self.sent(ledger, "open", old, team="HR", kind="reminder", state="prepared")
        self.sent(ledger, "recent", NOW, team="HR", kind="reminder")
        ledger.add_answer(BookReturned("Sales", "2026-H1", 1, old, "Sales.xlsx"))
        assert ledger.forget_before(NOW - timedelta(days=30)) == 3
        assert self.left(ledger) == ["newest", "open", "recent"]
        assert ledger.answers() == []

    def test_an_address_leaves_no_trace_in_the_file(self, ledger):
        self.sent(ledger, "one", NOW)
        ledger.settle(
            Entry("one", "book", "", "", 1), [Delivery(TO[0], "refused", f"550 {TO[0]} unknown")], "smtp", NOW
        )
        assert ledger.forget_person(Person("", ["ANN@okr.test"])) == 1
        assert self.left(ledger) == []
        assert b"ann@okr.test" not in ledger.path.read_bytes()

    def test_a_name_leaves_no_trace_either_and_what_is_noted_stays(self, ledger):
        self.sent(ledger, "one", NOW)
        ledger.settle(
            Entry("one", "book", "", "", 1), [Delivery(TO[0], "draft", "/home/Bob Roy/RH.eml")], "drafts", NOW
        )
        for book in ("RH Bob Roy.xlsx", "RH bob_roy (2).xlsx", "RH Bob Royer.xlsx"):
            ledger.add_answer(BookReturned("RH", "2026-H2", 1, NOW, book))
        ledger.add_book(BookMade("RH", "2026-H2", 1, NOW, "Bob-Roy.xlsx"))
        bob = Person("Bob Roy", ["bob@okr.test"])
        assert ledger.entries_of(bob) == ledger.forget_person(bob) == 4
        assert ledger.entries_of(bob) == 0
        assert re.search(rb"Bob.Roy\b", ledger.path.read_bytes(), re.IGNORECASE) is None
        assert states(ledger, Entry("one", "book", "", "", 1)) == {TO[0]: "draft"}
        assert [one.book for one in ledger.answers()] == ["", "RH Bob Royer.xlsx"]
        assert [one.book for one in ledger.books()] == [""]


class TestTheFile:
    def test_one_that_is_no_ledger_is_refused_and_left_alone(self, tmp_path):
        path = tmp_path / "x.sqlite"
        path.write_bytes(b"not a database, but long enough to be looked at" * 20)
        before = path.read_bytes()
        with pytest.raises(FileRefusedError, match="ledger_unreadable"), Ledger(path):
            pass
        assert path.read_bytes() == before

    def test_one_of_a_newer_version_is_refused(self, tmp_path):
        path = tmp_path / "x.sqlite"
        rows = sqlite3.connect(path)
        rows.execute("pragma user_version = 99")
        rows.close()
        with pytest.raises(FileRefusedError, match="ledger_newer"), Ledger(path):
            pass

    def test_a_place_that_cannot_be_written_is_told(self, tmp_path):
        (tmp_path / ".okr").write_text("a file where the folder should be")
        with pytest.raises(OkrError, match="ledger_not_written"), Ledger(tmp_path / ".okr" / "x.sqlite"):
            pass

    def test_a_failed_step_is_taken_back_whole(self, ledger):
        ledger.prepare(ENTRY, TO, "smtp", NOW)
        with pytest.raises(ZeroDivisionError):
            ledger.settle(ENTRY, (Delivery(TO[i], "sent") if i < 1 else 1 / 0 for i in range(2)), "smtp", NOW)
        assert states(ledger) == {TO[0]: "prepared", TO[1]: "prepared"}
