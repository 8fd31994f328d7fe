"""What a compressed container of VBA source holds. Source: MS-OVBA 2.4.1."""

from __future__ import annotations

import struct

from okr_workbook.books.macros.compression import SHORTEST_COPY, SIGNATURE, offset_bits


def decompress(container: bytes) -> bytes:
    """What `compress` was given. ValueError where `container` is not a compressed container."""
    if container[:1] != SIGNATURE:
        raise ValueError("not a compressed container")
    data, position = bytearray(), 1
    while position < len(container):
        (header,) = struct.unpack_from("<H", container, position)
        end = position + (header & 0x0FFF) + SHORTEST_COPY
        body = container[position + 2 : end]
        data += _unpacked(body) if header & 0x8000 else body
        position = end
    return bytes(data)


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
            bits = offset_bits(len(data))
            offset = (token >> (16 - bits)) + 1
            for _ in range((token & (0xFFFF >> bits)) + SHORTEST_COPY):
                data.append(data[-offset])
    return bytes(data)
