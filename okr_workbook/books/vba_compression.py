"""The compression of VBA source and of the project's directory. Source: MS-OVBA 2.4.1. Standard library only."""

from __future__ import annotations

import struct

CHUNK = 4096
_SIGNATURE = b"\x01"
_COMPRESSED, _RAW = 0xB000, 0x3000
_SHORTEST_COPY = 3


def compress(data: bytes) -> bytes:
    """The compressed container of `data`: one signature byte, then a chunk for every 4096 bytes.

    >>> decompress(compress(b"Option Explicit")) == b"Option Explicit"
    True
    """
    return _SIGNATURE + b"".join(_chunk(data[start : start + CHUNK]) for start in range(0, len(data), CHUNK))


def decompress(container: bytes) -> bytes:
    """What `compress` was given. ValueError where `container` is not a compressed container."""
    if container[:1] != _SIGNATURE:
        raise ValueError("not a compressed container")
    data, position = bytearray(), 1
    while position < len(container):
        (header,) = struct.unpack_from("<H", container, position)
        end = position + (header & 0x0FFF) + _SHORTEST_COPY
        body = container[position + 2 : end]
        data += _unpacked(body) if header & 0x8000 else body
        position = end
    return bytes(data)


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
                packed += struct.pack("<H", (offset - 1) << (16 - _offset_bits(position)) | (length - _SHORTEST_COPY))
            else:
                packed.append(data[position])
            for passed in range(position, position + (length or 1)):
                seen.setdefault(data[passed : passed + _SHORTEST_COPY], []).append(passed)
            position += length or 1
    return bytes(packed)


def _longest_copy(data: bytes, position: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """(length, how far back) of the longest earlier run that continues at `position`, the nearest of equals; or 0, 0."""
    key = data[position : position + _SHORTEST_COPY]
    if len(key) < _SHORTEST_COPY:
        return 0, 0
    longest = min((0xFFFF >> _offset_bits(position)) + _SHORTEST_COPY, len(data) - position)
    best, offset = 0, 0
    for start in reversed(seen.get(key, ())):
        length = _SHORTEST_COPY
        while length < longest and data[start + length] == data[position + length]:
            length += 1
        if length > best:
            best, offset = length, position - start
    return best, offset


def _unpacked(packed: bytes) -> bytes:
    data, position = bytearray(), 0
    while position < len(packed):
        flags = packed[position]
        position += 1
        for bit in range(8):
            if position >= len(packed):
                break
            if not flags >> bit & 1:
                data.append(packed[position])
                position += 1
                continue
            (token,) = struct.unpack_from("<H", packed, position)
            position += 2
            bits = _offset_bits(len(data))
            offset = (token >> (16 - bits)) + 1
            for _ in range((token & (0xFFFF >> bits)) + _SHORTEST_COPY):
                data.append(data[-offset])
    return bytes(data)


def _offset_bits(position: int) -> int:
    """How many bits of a copy token hold the offset: enough for `position`, at least 4 (2.4.1.3.19.1)."""
    return max((position - 1).bit_length(), 4) if position else 4
