from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.mail.addresses import Mailbox
from okr_workbook.mail.message import Attachment, attachment_name, message_id, send_id
from tests.mail.builders import ANN, BOB, SENDER, ZOE, a_message

HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language",
}  # fmt: skip


def read_back(message):
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_headers():
    got = read_back(a_message(to=(ZOE, BOB), cc=(ANN,), reply_to=(BOB,), language="fr"))
    assert got["From"] == "OKR <okr@okr.test>"
    assert [str(one) for one in got["To"].addresses] == ["Zoé <zoe@okr.test>", "bob@okr.test"]
    assert (got["Cc"], got["Reply-To"]) == ("Ann <ann@okr.test>", "bob@okr.test")
    assert got["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"
    assert (got["Message-ID"], got["Content-Language"]) == ("<okr.1@okr.test>", "fr")


def test_a_message_that_follows_up_another_says_which():
    got = read_back(a_message(in_reply_to="<okr.1@okr.test>"))
    assert (got["In-Reply-To"], got["References"]) == ("<okr.1@okr.test>", "<okr.1@okr.test>")


def test_parts():
    got = read_back(a_message(text="Héllo\n", html="<p>Héllo</p>", attachment=Attachment("Équipe.xlsx", b"PK")))
    assert got.get_content_type() == "multipart/mixed"
    assert got.get_body(("plain",)).get_content().strip() == "Héllo"
    assert got.get_body(("html",)).get_content().strip() == "<p>Héllo</p>"
    (book,) = got.iter_attachments()
    assert book.get_filename() == "Équipe.xlsx"
    assert book.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_without_a_sender_the_account_is_the_sender():
    assert read_back(a_message(sender=None))["From"] is None


def test_everybody_is_a_recipient_once():
    assert a_message(to=(ANN, BOB), cc=(BOB, ZOE)).recipients == ("ann@okr.test", "bob@okr.test", "zoe@okr.test")


def test_any_server_can_take_it():
    content = a_message(text="é" * 2000, html="é" * 2000, to=(ZOE,), subject="é" * 300).as_bytes()
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998


@given(st.text(), st.text(max_size=80))
def test_no_text_of_the_planner_can_add_a_header_or_an_address(subject, file):
    got = read_back(a_message(subject=f"S\r\nBcc: x@okr.test{subject}", attachment=Attachment(file, b"PK")))
    assert set(got.keys()) == HEADERS
    assert [one.addr_spec for one in got["To"].addresses] == ["ann@okr.test"]
    assert len(list(got.iter_attachments())) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Sales.xlsx", "Sales.xlsx"),
        ("../../etc/x.xlsx", "x.xlsx"),
        ("C:\\temp\\x.xlsx", "x.xlsx"),
        ("a\r\nb.xlsx", "a b.xlsx"),
        ("Sales\u202exslx.exe", "Sales xslx.exe"),
        ("", "book.xlsx"),
    ],
)
def test_a_file_name_has_no_path_and_no_disguise(name, shown):
    assert attachment_name(name) == shown


def test_one_book_and_send_has_one_id():
    parts = ("alvéo", "2026-h2", "sales", "3", "")
    assert send_id(*parts) == send_id(*parts)
    others = [
        ("alvéo", "2026-h2", "sales", "4", ""),
        ("alvéo", "2026-h2", "sales3", "", ""),
        (*parts[:4], "2026-11-23"),
    ]
    assert send_id(*parts) not in {send_id(*one) for one in others}


def test_the_message_id_is_of_the_senders_domain():
    assert message_id("okr.1", SENDER) == "<okr.1@okr.test>"
    assert message_id("okr.1", Mailbox("", "a@xn--bcher-kva.example")) == "<okr.1@xn--bcher-kva.example>"
    assert message_id("okr.1", None) == "<okr.1@okr.invalid>"
