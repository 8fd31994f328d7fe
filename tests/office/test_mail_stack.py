"""The whole way against real servers: books out by Postfix, fetched by IMAP from Dovecot, and the attachment opened."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from okr_workbook.actions.mail import send_books
from okr_workbook.actions.mail_preparation import Wanted
from okr_workbook.actions.mail_transports import smtp
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.stamp import SHEET, read_stamp
from okr_workbook.errors import OkrError
from tests.actions.mail_story import made_once, make_books, story
from tests.conftest import OFFICE_REQUIRED
from tests.office.mailstack import PASSWORD, mail_stack

__all__ = ["made_once", "story"]  # fixtures
pytestmark = pytest.mark.mailstack


@pytest.fixture(scope="module")
def servers():
    if os.geteuid() != 0 and not OFFICE_REQUIRED:
        pytest.skip("Postfix starts as root only (set OKR_REQUIRE_OFFICE=1 to demand it)")
    with mail_stack() as stack:
        yield stack


@pytest.fixture
def transport(servers, monkeypatch):
    monkeypatch.setenv("OKR_SMTP_PASSWORD", PASSWORD)
    return lambda: smtp(f"smtp://mailer@localhost:{servers.submission}?ca={servers.ca}")


def run(story, transport, **wanted):
    return send_books(story.path, story.books, transport, Wanted(**wanted), clock=story.clock, wait=story.wait)


def of_subject(messages, words):
    found = [message_from_bytes(content, policy=policy.default) for content in messages]
    return [one for one in found if words in one["Subject"]]


def test_books_arrive_in_the_inboxes_and_open(servers, transport, story):
    report = run(story, transport())
    assert [line.outcome for line in report.lines] == ["sent", "sent"]
    for user, team, words in (
        ("ann", "Marketing", "fill in by"),
        ("bob", "Marketing", "fill in by"),
        ("zoe", "RH", "à remplir"),
    ):
        (message,) = of_subject(servers.inbox(user, 1), words)
        assert message["Message-ID"] == next(line.message_id for line in report.lines if line.team == team)
        assert message["Reply-To"] == "boss@okr.test"
        (book,) = message.iter_attachments()
        assert book.get_filename() == f"{team}.xlsx"
        assert book.get_content() == (Path(story.books) / f"{team}.xlsx").read_bytes()
        back = story.folder / f"{user}.xlsx"
        back.write_bytes(book.get_content())
        assert read_stamp(FileBook(str(back)).read_block(SHEET)).team == team


def test_a_mailbox_that_is_not_there_is_refused_and_the_others_get_theirs(servers, transport, story):
    story.fill("teams", "team,email,cc\nMarketing,nobody@okr.test,bob@okr.test\n")
    story.fill("settings", "name,value\nperiod,2027-H1\n")
    make_books(story.path, Path(story.books), revision=1)
    (line,) = run(story, transport(), teams=("Marketing",)).lines
    assert (line.outcome, [one.state for one in line.addresses]) == ("partly_sent", ["refused", "sent"])
    assert "550 5.1.1" in line.addresses[0].reply
    assert len(of_subject(servers.inbox("bob", 2), "H1 2027")) == 1


def test_a_wrong_password_sends_nothing(transport, story, monkeypatch):
    monkeypatch.setenv("OKR_SMTP_PASSWORD", "wrong")
    with pytest.raises(OkrError, match="smtp_sign_in_refused"):
        run(story, transport())
