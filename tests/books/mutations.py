"""Books broken on purpose, each by its seed: flipped bits, parts swapped, cut, emptied or lost, elements and values changed."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

Parts = dict[str, bytes]

_ELEMENT = re.compile(rb"<[A-Za-z][^>]*>")
_VALUE = re.compile(rb'="([^"]*)"|>([^<]+)<')
STRANGE = (
    b"", b"0", b"-1", b"1", b"99999999999999999999", b"1e999", b"nan", b"A1", b"A1:XFD1048576", b"XFD1048576", b"ZZZZ9", b"B4:A1",
    b"B0", b"inlineStr", b"s", b"b", b"e", b"d", b"str", b"true", b"&#x10FFFF;", b"_x0000_", b"..", b"/", b"rId1", b"\xc3\xa9" * 400,
    b"#REF!", b"'a'!$A$1:$B$2", b"1048577", b"\xe2\x82", b"&lol;",
)  # fmt: skip


def mutated(content: bytes, seed: int) -> bytes:
    """One broken book. The same seed breaks the same book the same way."""
    chance = random.Random(seed)
    if chance.random() < 0.2:
        return _file(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(chance.choice((1, 1, 2, 5))):
        parts = chance.choice(MUTATIONS)(parts, chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def _file(content: bytes, chance: random.Random) -> bytes:
    """The archive itself: bits flipped anywhere or in its directory, cut, or bytes put in."""
    broken = bytearray(content)
    kind = chance.randrange(4)
    if kind == 0:
        del broken[chance.randrange(len(broken)) :]
    elif kind == 1:
        at = chance.randrange(len(broken))
        broken[at:at] = chance.randbytes(chance.randrange(1, 50))
    else:
        first = content.index(b"PK\1\2") if kind == 2 else 0
        for _ in range(chance.randrange(1, 8)):
            broken[chance.randrange(first, len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def _some(parts: Parts, chance: random.Random) -> str:
    """A part, most often one that matters."""
    names = [name for name in parts if re.search(r"sheet\d|table\d|workbook|shared|styles|rels|Types", name)] or list(
        parts
    )
    return chance.choice(names if chance.random() < 0.9 else list(parts))


def _flip(parts: Parts, chance: random.Random) -> Parts:
    name = _some(parts, chance)
    part = bytearray(parts[name])
    for _ in range(chance.randrange(1, 6)):
        if part:
            part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
    return parts | {name: bytes(part)}


def _swap(parts: Parts, chance: random.Random) -> Parts:
    one, other = _some(parts, chance), _some(parts, chance)
    return parts | {one: parts[other], other: parts[one]}


def _lose(parts: Parts, chance: random.Random) -> Parts:
    name = _some(parts, chance)
    return {other: part for other, part in parts.items() if other != name or len(parts) == 1}


def _cut(parts: Parts, chance: random.Random) -> Parts:
    name = _some(parts, chance)
    return parts | {name: parts[name][: chance.randrange(len(parts[name]) + 1)]}


def _element(parts: Parts, chance: random.Random) -> Parts:
    """An element lost, doubled, or put where another stands."""
    name = _some(parts, chance)
    part = parts[name]
    found = list(_ELEMENT.finditer(part))
    if not found:
        return parts
    start = chance.choice(found)
    tag = re.match(rb"<([^\s/>]+)", start[0])
    close = part.find(b"</" + tag[1] + b">", start.end()) if tag and not start[0].endswith(b"/>") else -1
    end = close + len(tag[1]) + 3 if tag and close >= 0 else start.end()
    whole = part[start.start() : end]
    at = chance.choice(found).start()
    new = (
        part[: start.start()] + part[end:],
        part[:end] + whole + part[end:],
        part[:at] + whole + part[at:],
    )[chance.randrange(3)]
    return parts | {name: new}


def _value(parts: Parts, chance: random.Random) -> Parts:
    """An attribute or a text replaced by something strange."""
    name = _some(parts, chance)
    found = list(_VALUE.finditer(parts[name]))
    if not found:
        return parts
    match = chance.choice(found)
    group = 1 if match[1] is not None else 2
    part = parts[name]
    return parts | {name: part[: match.start(group)] + chance.choice(STRANGE) + part[match.end(group) :]}


def _rename(parts: Parts, chance: random.Random) -> Parts:
    name = _some(parts, chance)
    new = chance.choice((name.upper(), f"../{name}", f"/{name}", name.replace("/", "\\"), f"{name} "))
    return {new if other == name else other: part for other, part in parts.items()}


MUTATIONS: tuple[Callable[[Parts, random.Random], Parts], ...] = (
    _flip, _flip, _swap, _lose, _cut, _element, _element, _element, _value, _value, _value, _rename,
)  # fmt: skip
