"""Mail addresses as people type them into a cell, read strictly: each part becomes a mailbox or a named fault.

Several addresses are separated by comma, semicolon or line break. A message must never go to somebody the user did
not mean, so what can be read in two ways is a fault and not a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from email.headerregistry import Address
from typing import NamedTuple

# RFC 5321, 4.5.3.1: 64 octets before the @; 254 in all is what a path of 256 leaves between its < and >.
_LONGEST_LOCAL, _LONGEST = 64, 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5322 dot-atom
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_WITH_NAME = re.compile(r"(?P<name>.*)<(?P<address>[^<>]*)>", re.DOTALL)
_QUOTED = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"', re.DOTALL)
_INVISIBLE = "\u200b\u2060\ufeff"

_TWO_MEANINGS = frozenset("ßς\u200c\u200d")
"""IDNA 2003 and 2008 lead these characters to different domains, that is to different people."""


class Mailbox(NamedTuple):
    """One address, its domain in ASCII, and the name shown beside it ("" for none)."""

    name: str
    address: str

    @property
    def header(self) -> Address:
        """The mailbox for a header; quoting and encoding are its business."""
        return Address(display_name=self.name, addr_spec=self.address)

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


class AddressFault(NamedTuple):
    """A part of a cell that is not an address. `code` names the problem in the labels."""

    code: str
    text: str


class Addresses(NamedTuple):
    """What a cell holds: each mailbox once, in order, and the faults."""

    mailboxes: tuple[Mailbox, ...] = ()
    faults: tuple[AddressFault, ...] = ()


def parse_addresses(text: str) -> Addresses:
    """The addresses in a cell; a blank cell has none and no fault.

    >>> parse_addresses('Ann <ann@okr.test>; bob@okr.test').mailboxes
    (Mailbox(name='Ann', address='ann@okr.test'), Mailbox(name='', address='bob@okr.test'))
    >>> parse_addresses('Doe, John <j@okr.test>').faults
    (AddressFault(code='email_comma_in_name', text='Doe, John <j@okr.test>'),)
    """
    mailboxes: dict[str, Mailbox] = {}
    faults = []
    for found in _read(list(_parts(text))):
        if isinstance(found, AddressFault):
            faults.append(found)
        else:
            mailboxes.setdefault(found.address.casefold(), found)
    return Addresses(tuple(mailboxes.values()), tuple(faults))


def _parts(text: str) -> Iterator[str]:
    """The parts between separators; a separator inside quotes or angle brackets does not count."""
    part, quoted, bracketed, escaped = "", False, False, False
    for char in text:
        if not quoted and not bracketed and char in ",;\n\r":
            yield part.strip().strip(_INVISIBLE).strip()
            part = ""
            continue
        if char == '"' and not escaped:
            quoted = not quoted
        elif char in "<>" and not quoted:
            bracketed = char == "<"
        escaped = quoted and char == "\\" and not escaped
        part += char
    yield part.strip().strip(_INVISIBLE).strip()


def _read(parts: list[str]) -> Iterator[Mailbox | AddressFault]:
    """Each part read; a bare word before `Name <address>` is most likely the surname of an unquoted "Doe, John"."""
    held = ""
    for part in filter(None, parts):
        if held and "<" in part:
            yield AddressFault("email_comma_in_name", f"{held}, {part}")
            held = ""
            continue
        if held:
            yield AddressFault("email_not_an_address", held)
        held = "" if "@" in part else part
        if not held:
            yield _mailbox(part)
    if held:
        yield AddressFault("email_not_an_address", held)


def _mailbox(part: str) -> Mailbox | AddressFault:
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in part):
        return AddressFault("email_control_character", _visible(part))
    found = _WITH_NAME.fullmatch(part)
    name, address = (found["name"].strip(), found["address"].strip()) if found else ("", part)
    quoted = _QUOTED.fullmatch(name)
    if quoted:
        name = re.sub(r"\\(.)", r"\1", quoted["text"]).strip()
    elif '"' in name or "<" in name or "@" in name:
        return AddressFault("email_not_an_address", part)
    read = _address(address)
    return AddressFault(read.code, part) if isinstance(read, AddressFault) else Mailbox(name, read)


def _address(text: str) -> str | AddressFault:
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return AddressFault("email_not_an_address", text)
    if _TWO_MEANINGS & frozenset(domain):
        return AddressFault("email_domain_in_two_ways", text)
    ascii_domain = _ascii_domain(domain)
    if ascii_domain is None or len(local) + 1 + len(ascii_domain) > _LONGEST:
        return AddressFault("email_not_an_address", text)
    return f"{local}@{ascii_domain}"


def _ascii_domain(domain: str) -> str | None:
    """The domain as mail servers know it; None where it is none. One label alone is a typing error, not a domain."""
    try:
        labels = domain.encode("idna").decode("ascii").casefold().split(".")
    except UnicodeError:
        return None
    if len(labels) == 1 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return ".".join(labels)


def _visible(text: str) -> str:
    """The text with what cannot be shown replaced."""
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
