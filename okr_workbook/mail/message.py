"""One message: the record, and its bytes as mail programs and servers take them. Pure.

Every text is folded to one line before it becomes a header, so that no cell of a planner can add one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import NamedTuple

from okr_workbook.mail.addresses import Mailbox

# 7bit: a server without 8BITMIME must be able to take it as it is.
_POLICY = SMTP.clone(cte_type="7bit")
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_TROUBLE = ("Cc", "Cs", "Zl", "Zp")
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Attachment(NamedTuple):
    """A workbook and the file name it travels under."""

    name: str
    content: bytes


class Message(NamedTuple):
    """What one team gets. `message_id` is with its angle brackets; `date` knows its time zone.

    `name` is what a file of it is called, without ending. `sender` None: the account that sends is the sender.
    `in_reply_to` is the Message-ID of the one it follows up, "" for none: mail programs show the two together.
    """

    message_id: str
    date: datetime
    sender: Mailbox | None
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    subject: str
    text: str
    html: str
    attachment: Attachment
    language: str
    name: str
    in_reply_to: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address it goes to, each once."""
        return tuple(dict.fromkeys(one.address for one in (*self.to, *self.cc)))

    def for_only(self, addresses: Collection[str]) -> Message:
        """The message for some of its recipients, for transports that read them from its headers."""
        to, cc = (tuple(one for one in mailboxes if one.address in addresses) for mailboxes in (self.to, self.cc))
        return self._replace(to=to or cc, cc=cc if to else ())

    def email(self) -> EmailMessage:
        """The message with its headers, its text, its HTML and the workbook."""
        mail = EmailMessage(_POLICY)
        if self.sender:
            mail["From"] = self.sender.header
        mail["To"] = [one.header for one in self.to]
        for header, mailboxes in (("Cc", self.cc), ("Reply-To", self.reply_to)):
            if mailboxes:
                mail[header] = [one.header for one in mailboxes]
        mail["Subject"] = one_line(self.subject)
        mail["Date"] = self.date
        mail["Message-ID"] = self.message_id
        if self.in_reply_to:
            mail["In-Reply-To"] = mail["References"] = self.in_reply_to
        mail.set_content(self.text)
        mail.add_alternative(self.html, subtype="html")
        maintype, subtype = _XLSX
        mail.add_attachment(
            self.attachment.content, maintype=maintype, subtype=subtype, filename=attachment_name(self.attachment.name)
        )
        mail["Content-Language"] = self.language  # last: setting the content would move it into a part
        return mail

    def as_bytes(self) -> bytes:
        """The message as a server takes it: CRLF line ends, ASCII only."""
        return self.email().as_bytes()


def one_line(text: str) -> str:
    r"""The text as one line of visible characters, fit for a header.

    >>> one_line("Sales\r\nBcc: all@okr.test")
    'Sales Bcc: all@okr.test'
    """
    text = "".join(" " if unicodedata.category(char) in _TROUBLE or char in _DIRECTION_MARKS else char for char in text)
    return " ".join(text.split())


def attachment_name(name: str) -> str:
    """A file name without a path and without what could disguise its ending (gpj.xlsx read from right to left)."""
    return one_line(name.replace("\\", "/").rpartition("/")[2]) or "book.xlsx"


def send_id(*parts: str) -> str:
    """What one book and send is known by: the same parts give the same id on any machine."""
    return "okr." + sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def message_id(identifier: str, sender: Mailbox | None) -> str:
    """The one Message-ID of a book and send: a server or mail program that meets it twice can drop the copy."""
    domain = sender.address.rpartition("@")[2] if sender else "okr.invalid"  # a domain nobody can have (RFC 2606)
    return f"<{identifier}@{domain}>"
