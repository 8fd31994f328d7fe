from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.mail.addresses import Mailbox, parse_addresses


@pytest.mark.parametrize(
    ("text", "mailboxes"),
    [
        ("", []),
        ("  ", []),
        ("ann@okr.test", [("", "ann@okr.test")]),
        ("\u00a0ann@okr.test\u200b", [("", "ann@okr.test")]),
        ("Ann <ann@okr.test>", [("Ann", "ann@okr.test")]),
        ("<ann@okr.test>", [("", "ann@okr.test")]),
        ('"Doe, John" <j@okr.test>', [("Doe, John", "j@okr.test")]),
        (r'"The \"A\" team" <a@okr.test>', [('The "A" team', "a@okr.test")]),
        ("a@okr.test; b@okr.test", [("", "a@okr.test"), ("", "b@okr.test")]),
        ("a@okr.test, b@okr.test,", [("", "a@okr.test"), ("", "b@okr.test")]),
        ("a@okr.test\nB <b@okr.test>", [("", "a@okr.test"), ("B", "b@okr.test")]),
        ("a@okr.test;; A@OKR.test", [("", "a@okr.test")]),
        ("zoé@okr.test", None),
        ("Zoé Müller <zoe@bücher.example>", [("Zoé Müller", "zoe@xn--bcher-kva.example")]),
        ("o'hara+okr@sub.okr.test", [("", "o'hara+okr@sub.okr.test")]),
    ],
)
def test_read(text, mailboxes):
    found = parse_addresses(text)
    if mailboxes is None:
        assert found.mailboxes == ()
        assert found.faults
    else:
        assert (found.mailboxes, found.faults) == (tuple(Mailbox(*one) for one in mailboxes), ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Doe, John <j@okr.test>", "email_comma_in_name"),
        ("Doe; John <j@okr.test>", "email_comma_in_name"),
        ("ann", "email_not_an_address"),
        ("ann@", "email_not_an_address"),
        ("@okr.test", "email_not_an_address"),
        ("ann@okr", "email_not_an_address"),
        ("ann@okr..test", "email_not_an_address"),
        ("ann@okr.test.", "email_not_an_address"),
        ("ann@127.0.0.1", "email_not_an_address"),
        ("ann@[127.0.0.1]", "email_not_an_address"),
        ("ann@-okr.test", "email_not_an_address"),
        ("ann smith@okr.test", "email_not_an_address"),
        ("ann@okr.test bob@okr.test", "email_not_an_address"),
        ("ann@x@okr.test", "email_not_an_address"),
        (".ann@okr.test", "email_not_an_address"),
        ("mailto:ann@okr.test", "email_not_an_address"),
        ('Ann "A" <ann@okr.test>', "email_not_an_address"),
        ("a@okr.test <b@okr.test>", "email_not_an_address"),
        ("Ann <ann@okr.test", "email_not_an_address"),
        ("x" * 65 + "@okr.test", "email_not_an_address"),
        ("ann@" + ".".join(["x" * 60] * 5), "email_not_an_address"),
        ("ann@straße.example", "email_domain_in_two_ways"),
        ('"Ann\r\nBcc: all@okr.test" <ann@okr.test>', "email_control_character"),
        ("Ann\x00 <ann@okr.test>", "email_control_character"),
        ("Ann\u2028Bcc <ann@okr.test>", "email_control_character"),
        ("Ann <ann@okr.test\r\nBcc: all@okr.test>", "email_control_character"),
    ],
)
def test_refused(text, code):
    found = parse_addresses(text)
    assert [fault.code for fault in found.faults] == [code]
    assert found.mailboxes == ()


def test_one_bad_part_does_not_hide_the_good_ones():
    found = parse_addresses("ann@okr.test; bob; zoe@okr.test")
    assert [one.address for one in found.mailboxes] == ["ann@okr.test", "zoe@okr.test"]
    assert [(one.code, one.text) for one in found.faults] == [("email_not_an_address", "bob")]


@given(st.text())
def test_whatever_is_typed_no_mailbox_can_break_a_header(text):
    for one in parse_addresses(text + ", " + f'"{text}" <ann@okr.test>').mailboxes:
        assert one.address.isascii()
        assert not any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in one.name + one.address)
        assert len(str(one.header).splitlines()) == 1


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_a_name_is_read_back_from_its_header(name):
    mailbox = Mailbox(name, "ann@okr.test")
    assert parse_addresses(str(mailbox.header)).mailboxes == (mailbox,)
