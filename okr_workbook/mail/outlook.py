"""Outlook on Windows, asked through COM to send with the account that is open in it.

The calls are those of Outlook's documented object model (`Application.CreateItem`, `MailItem`). Outlook sets the
Message-ID itself; ours goes into a header `X-OKR-Message-ID`, by which a message of unknown fate can be found.
<https://learn.microsoft.com/office/vba/api/outlook.mailitem>
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from okr_workbook.errors import OkrError
from okr_workbook.mail.message import Message, attachment_name, one_line
from okr_workbook.mail.transport import Delivery, Leaving, Transport

_MAIL_ITEM, _TO, _CC = 0, 1, 2  # olMailItem, olTo, olCC
_MESSAGE_ID = "http://schemas.microsoft.com/mapi/string/{00020386-0000-0000-C000-000000000046}/X-OKR-Message-ID"


def open_outlook() -> Any:
    """Outlook's application object. OkrError where there is none."""
    try:
        import pythoncom
        import win32com.client
    except ImportError as error:
        raise OkrError("outlook_missing") from error
    try:
        return win32com.client.Dispatch("Outlook.Application")
    except pythoncom.com_error as error:
        raise OkrError("outlook_missing") from error


class Outlook(Transport):
    """Hands messages to Outlook, which sends them from its outbox. `open_application` is for a stand-in."""

    name = "outlook"

    def __init__(self, open_application: Callable[[], Any] = open_outlook) -> None:
        self._open = open_application
        self._application: Any = None

    def __enter__(self) -> Self:
        self._application = self._open()
        return self

    def send(self, message: Message, recipients: Sequence[str], leaving: Leaving) -> list[Delivery]:
        """One item for the message. Where `Send` fails, the item may stand in the outbox all the same: `unknown`."""
        item = self._application.CreateItem(_MAIL_ITEM)
        with tempfile.TemporaryDirectory() as folder:
            _fill(item, message.for_only(recipients), Path(folder))
            if not item.Recipients.ResolveAll():
                return [Delivery(address, "refused", "Recipients.ResolveAll") for address in recipients]
            leaving(recipients)
            try:
                item.Send()
            except Exception as error:  # noqa: BLE001 (com_error, whose class exists on Windows only)
                return [Delivery(address, "unknown", type(error).__name__) for address in recipients]
        return [Delivery(address, "sent") for address in recipients]


def _fill(item: Any, message: Message, folder: Path) -> None:
    """Everything of the message. Outlook derives the plain text from the HTML, and copies the attachment."""
    item.Subject = one_line(message.subject)
    item.HTMLBody = message.html
    # By address alone: a name could resolve to somebody else in the address book.
    for kind, mailboxes in ((_TO, message.to), (_CC, message.cc)):
        for one in mailboxes:
            item.Recipients.Add(one.address).Type = kind
    for one in message.reply_to:
        item.ReplyRecipients.Add(one.address)
    item.PropertyAccessor.SetProperty(_MESSAGE_ID, message.message_id)
    book = folder / attachment_name(message.attachment.name)
    book.write_bytes(message.attachment.content)
    item.Attachments.Add(str(book))
