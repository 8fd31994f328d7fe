"""The compression of VBA source and of the project's directory. Source: MS-OVBA 2.4.1. Standard library only."""

from __future__ import annotations

import struct

CHUNK = 4096
SIGNATURE = b"\x01"
_COMPRESSED, _RAW = 0xB000, 0x3000
SHORTEST_COPY = 3


def compress(data: bytes) -> bytes:
    """The compressed container of `data`: one signature byte, then a chunk for every 4096 bytes."""
    return SIGNATURE + b"".join(_chunk(data[start : start + CHUNK]) for start in range(0, len(data), CHUNK))


def _chunk(data: bytes) -> bytes:
    packed = _packed(data)
    if len(packed) > CHUNK:  # incompressible: kept as it is, filled up with zeros (2.4.1.3.10)
        return struct.pack("<H", _RAW | (CHUNK + 2 - 3)) + data.ljust(CHUNK, b"\0")
    return struct.pack("<H", _COMPRESSED | (len(packed) + 2 - 3)) + packed


def _packed(data: bytes) -> bytes:
    """Token sequences: a flag byte, then eight tokens, each a literal byte or a copy of what came before."""
    packed = bytearray()
    seen: dict[bytes, list[int]] = {}
    position = 0
    while position < len(data):
        flags_at = len(packed)
        packed.append(0)
        for bit in range(8):
            if position >= len(data):
                break
            length, offset = _longest_copy(data, position, seen)
            if length:
                packed[flags_at] |= 1 << bit
                packed += struct.pack("<H", (offset - 1) << (16 - offset_bits(position)) | (length - SHORTEST_COPY))
            else:
                packed.append(data[position])
            for passed in range(position, position + (length or 1)):
                seen.setdefault(data[passed : passed + SHORTEST_COPY], []).append(passed)
            position += length or 1
    return bytes(packed)


def _longest_copy(data: bytes, position: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """(length, how far back) of the longest earlier run that continues at `position`, the nearest of equals; or 0, 0."""
    key = data[position : position + SHORTEST_COPY]
    if len(key) < SHORTEST_COPY:
        return 0, 0
    longest = min((0xFFFF >> offset_bits(position)) + SHORTEST_COPY, len(data) - position)
    best, offset = 0, 0
    for start in reversed(seen.get(key, ())):
        length = SHORTEST_COPY
        while length < longest and data[start + length] == data[position + length]:
            length += 1
        if length > best:
            best, offset = length, position - start
    return best, offset


def offset_bits(position: int) -> int:
    """How many bits of a copy token hold the offset: enough for `position`, at least 4 (2.4.1.3.19.1)."""
    return max((position - 1).bit_length(), 4) if position else 4
