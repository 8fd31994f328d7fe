"""Compound files: storages and streams in one file, as vbaProject.bin is. Source: MS-CFB, version 3. Writes only.

No time stamps and no class ids are written, so the same tree gives the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

SECTOR, MINI_SECTOR, MINI_LIMIT = 512, 64, 4096
_FREE, _END, _FAT_SECTOR, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_ENTRY = "<64sHBBIII16sIQQIQ"
_FAT_SECTORS_IN_HEADER = 109

Tree = Mapping[str, "bytes | Tree"]


@dataclass
class _Entry:
    """One row of the directory. `start` is the first sector of its stream, in the mini stream where it is short."""

    name: str
    kind: int
    data: bytes = b""
    color: int = _BLACK
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = 0

    @property
    def is_short(self) -> bool:
        return len(self.data) < MINI_LIMIT

    def packed(self) -> bytes:
        name = (self.name + "\0").encode("utf-16-le")
        links = (self.left, self.right, self.child)
        return struct.pack(
            _ENTRY, name, len(name), self.kind, self.color, *links, b"", 0, 0, 0, self.start, len(self.data)
        )


_UNUSED_ENTRY = struct.pack(_ENTRY, b"", 0, 0, 0, _NONE, _NONE, _NONE, b"", 0, 0, 0, 0, 0)


def compound_file(tree: Tree) -> bytes:
    """The file that holds `tree`: a mapping is a storage, bytes are a stream.

    ValueError past 6.8 MB, where the file would need more allocation sectors than its header lists.
    """
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _add_children(entries, tree)
    sectors = _Sectors()
    _store_streams(entries, sectors)
    mini_fat = _words(_store_mini_stream(entries, sectors))
    mini_start = sectors.add(mini_fat.ljust(-(-len(mini_fat) // SECTOR) * SECTOR, b"\xff"))
    directory = b"".join(entry.packed() for entry in entries)
    directory += _UNUSED_ENTRY * (-len(entries) % (SECTOR // len(_UNUSED_ENTRY)))
    directory_start = sectors.add(directory)
    fat_start, fat_count = sectors.add_allocation_table()
    mini_count = -(-len(mini_fat) // SECTOR)
    return _header(directory_start, mini_start, mini_count, fat_start, fat_count) + bytes(sectors.content)


def _add_children(entries: list[_Entry], tree: Tree) -> int:
    """Append a storage's entries and give the root of their search tree, a balanced red-black one (MS-CFB 2.6.4)."""
    numbers = {}
    for name, content in tree.items():
        numbers[name] = len(entries)
        is_stream = isinstance(content, bytes)
        entries.append(_Entry(name, _STREAM if is_stream else _STORAGE, content if isinstance(content, bytes) else b""))
    ordered = [numbers[name] for name in sorted(tree, key=lambda name: (len(name.encode("utf-16-le")), name.upper()))]
    full_levels = (len(ordered) + 1).bit_length() - 1

    def linked(low: int, high: int, depth: int) -> int:
        if low >= high:
            return _NONE
        middle = (low + high) // 2
        entry = entries[ordered[middle]]
        entry.color = _RED if depth >= full_levels else _BLACK  # only the unfinished last level is red
        entry.left = linked(low, middle, depth + 1)
        entry.right = linked(middle + 1, high, depth + 1)
        return ordered[middle]

    root = linked(0, len(ordered), 0)
    for name, content in tree.items():
        if not isinstance(content, bytes):
            entries[numbers[name]].child = _add_children(entries, content)
    return root


class _Sectors:
    """The sectors after the header, and the chain each belongs to."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.chains: list[int] = []

    def add(self, data: bytes) -> int:
        """Store `data` and give its first sector; the end mark where there is nothing to store."""
        if not data:
            return _END
        start, count = len(self.chains), -(-len(data) // SECTOR)
        self.content += data.ljust(count * SECTOR, b"\0")
        self.chains += _chain(start, count)
        return start

    def add_allocation_table(self) -> tuple[int, int]:
        """Store the chains themselves, last of all: (first sector, number of sectors)."""
        count, per_sector = 1, SECTOR // 4
        while len(self.chains) + count > count * per_sector:
            count += 1
        if count > _FAT_SECTORS_IN_HEADER:
            raise ValueError("too large for a compound file without further allocation sectors")
        start = len(self.chains)
        self.chains += [_FAT_SECTOR] * count
        self.content += _words(self.chains + [_FREE] * (-len(self.chains) % per_sector))
        return start, count


def _store_streams(entries: list[_Entry], sectors: _Sectors) -> None:
    for entry in entries:
        if entry.kind == _STREAM and not entry.is_short:
            entry.start = sectors.add(entry.data)


def _store_mini_stream(entries: list[_Entry], sectors: _Sectors) -> list[int]:
    """Store all short streams as the root's own stream; their chains come back."""
    mini, chains = bytearray(), list[int]()
    for entry in entries:
        if entry.kind != _STREAM or not entry.is_short:
            continue
        if not entry.data:
            entry.start = _END
            continue
        entry.start, count = len(chains), -(-len(entry.data) // MINI_SECTOR)
        mini += entry.data.ljust(count * MINI_SECTOR, b"\0")
        chains += _chain(entry.start, count)
    entries[0].data = bytes(mini)
    entries[0].start = sectors.add(entries[0].data)
    return chains


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END]


def _words(numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _header(directory_start: int, mini_start: int, mini_count: int, fat_start: int, fat_count: int) -> bytes:
    """The header sector (MS-CFB 2.2): version 3, sectors of 512 and 64 bytes."""
    fixed = struct.pack(
        "<8s16sHHHHH6sII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, fat_count
    )
    places = _words([directory_start, 0, MINI_LIMIT, mini_start, mini_count, _END, 0])
    fat = [*range(fat_start, fat_start + fat_count)]
    return fixed + places + _words(fat + [_FREE] * (_FAT_SECTORS_IN_HEADER - fat_count))
