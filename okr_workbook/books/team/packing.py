"""Parts to the bytes of a zip archive. A part that many books share is deflated once and its packed bytes used again.

The standard `zipfile` takes as long for the headers of thirty small parts as for deflating them. Layout: PKWARE
APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory) and 4.3.16 (its end).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from okr_workbook.books.parts.archive import CENTRAL, DEFLATED, END, LOCAL

LEVEL = 6
_NEEDS, _UNIX = 20, 3 << 8 | 20
_DAY_ONE = 1 << 5 | 1  # 1980-01-01, the first day of the zip format: the same parts give the same bytes
_READABLE = 0o600 << 16
_SHARED = 16_384
"""Characters up to which a part may be one that other books have too: all but the sheets with a team's rows."""


class _Packed(NamedTuple):
    """A part as it lies in an archive: deflated, with the checksum and the size of what it was."""

    content: bytes
    crc: int
    size: int


def packed_parts(parts: Mapping[str, str]) -> bytes:
    """The archive of these parts, texts by name, in their order."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, text in parts.items():
        raw_name = name.encode("ascii")
        content, crc, size = _packed_once(text) if len(text) <= _SHARED else _packed(text)
        facts = (DEFLATED, 0, _DAY_ONE, crc, len(content), size, len(raw_name), 0)
        body += (LOCAL.pack(b"PK\3\4", _NEEDS, 0, *facts), raw_name, content)
        directory += (CENTRAL.pack(b"PK\1\2", _UNIX, _NEEDS, 0, *facts, 0, 0, 0, _READABLE, offset), raw_name)
        offset += LOCAL.size + len(raw_name) + len(content)
    size = sum(map(len, directory))
    end = END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), size, offset, 0)
    return b"".join((*body, *directory, end))


def _packed(text: str) -> _Packed:
    content = text.encode()
    return _Packed(zlib.compress(content, LEVEL, -zlib.MAX_WBITS), zlib.crc32(content), len(content))


_packed_once = lru_cache(maxsize=128)(_packed)
