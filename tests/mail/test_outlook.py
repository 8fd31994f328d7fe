"""Outlook against a stand-in of its documented object model; no Outlook is involved."""

# ruff: noqa: N802 (Outlook names its members so)

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from okr_workbook.errors import OkrError
from okr_workbook.mail.outlook import Outlook, open_outlook
from tests.mail.builders import ANN, BOB, ZOE, a_message


class Recipients(list):
    """`Recipients` of an item: a name or address becomes a recipient whose `Type` may be set."""

    def __init__(self, known):
        super().__init__()
        self.known = known

    def Add(self, name):
        recipient = type("Recipient", (), {"Name": name, "Type": 1})()
        self.append(recipient)
        return recipient

    def ResolveAll(self):
        return all(one.Name in self.known for one in self)


class Item:
    """A `MailItem`: what the transport sets and calls, and nothing else (other attributes do not exist)."""

    __slots__ = ("Attachments", "HTMLBody", "PropertyAccessor", "Recipients", "ReplyRecipients", "Send", "Subject")


class Application:
    """Outlook's `Application`."""

    def __init__(self, known=("ann@okr.test", "bob@okr.test", "zoe@okr.test"), error=None):
        self.known, self.error, self.sent, self.attached, self.properties = known, error, [], [], {}

    def CreateItem(self, kind):
        assert kind == 0
        item = Item()
        item.Recipients, item.ReplyRecipients = Recipients(self.known), Recipients(self.known)
        item.Attachments = type("Attachments", (), {"Add": lambda _, path: self.attached.append(
            (Path(path).name, Path(path).read_bytes()))})()  # fmt: skip
        item.PropertyAccessor = type("PropertyAccessor", (), {
            "SetProperty": lambda _, name, value: self.properties.update({name.rpartition("/")[2]: value})})()  # fmt: skip
        item.Send = lambda: self._send(item)
        return item

    def _send(self, item):
        if self.error:
            raise self.error
        self.sent.append(item)


def send(application, message=None, recipients=None, left=None):
    message = message or a_message()
    with Outlook(lambda: application) as transport:
        found = transport.send(message, recipients or message.recipients, left or (lambda _: None))
    return [one.outcome for one in found]


def test_an_item_holds_the_whole_message():
    outlook = Application()
    assert send(outlook, a_message(cc=(BOB,), reply_to=(ZOE,), subject="S\r\nBcc: x")) == ["sent", "sent"]
    (item,) = outlook.sent
    assert [(one.Name, one.Type) for one in item.Recipients] == [("ann@okr.test", 1), ("bob@okr.test", 2)]
    assert [one.Name for one in item.ReplyRecipients] == ["zoe@okr.test"]
    assert (item.Subject, item.HTMLBody) == ("S Bcc: x", "<p>Hello Ann</p>")
    assert outlook.attached == [("Marketing.xlsx", b"PK\x03\x04")]
    assert outlook.properties == {"X-OKR-Message-ID": "<okr.1@okr.test>"}


def test_only_those_who_may_get_it_stand_in_the_item():
    outlook = Application()
    send(outlook, a_message(to=(ANN,), cc=(BOB,)), ["bob@okr.test"])
    assert [one.Name for one in outlook.sent[0].Recipients] == ["bob@okr.test"]


def test_an_address_outlook_cannot_resolve_is_refused_before_anything_leaves():
    left = []
    assert send(Application(known=()), left=left.append) == ["refused"]
    assert left == []


def test_a_failed_send_is_unknown():
    left = []
    assert send(Application(error=RuntimeError("com_error")), left=left.append) == ["unknown"]
    assert left == [("ann@okr.test",)]


@pytest.mark.skipif(sys.platform == "win32", reason="Outlook may be there")
def test_a_machine_without_outlook_is_told():
    with pytest.raises(OkrError, match="outlook_missing"):
        open_outlook()
