"""Messages with sensible values, so that a test says only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from okr_workbook.mail.addresses import Mailbox
from okr_workbook.mail.ledger import Entry
from okr_workbook.mail.message import Attachment, Message

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SENDER = Mailbox("OKR", "okr@okr.test")
ANN, BOB, ZOE = Mailbox("Ann", "ann@okr.test"), Mailbox("", "bob@okr.test"), Mailbox("Zoé", "zoe@okr.test")
ENTRY = Entry("okr.1", "book", "Marketing", "2026-H2", 1)


def a_message(**changes):
    values = {
        "message_id": "<okr.1@okr.test>", "date": NOW, "sender": SENDER, "reply_to": (), "to": (ANN,), "cc": (),
        "subject": "OKR 2026-H2 · Marketing", "text": "Hello\n.\n..Ann", "html": "<p>Hello Ann</p>",
        "attachment": Attachment("Marketing.xlsx", b"PK\x03\x04"), "language": "en", "name": "Marketing",
    }  # fmt: skip
    return Message(**{**values, **changes})


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self, now=NOW):
        self.now = now
        self.waited = []

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)
