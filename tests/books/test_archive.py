from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.books.parts.archive import Archive
from okr_workbook.errors import FileRefusedError

NAMES = st.lists(st.text("abcé/_", min_size=1, max_size=8), min_size=1, max_size=6, unique=True)


def zipped(parts, *, stream=False, comment=b"", method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    target = Unseekable(buffer) if stream else buffer
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = comment
    return buffer.getvalue()


class Unseekable(io.RawIOBase):
    """A stream, so that the standard library writes data descriptors behind the members."""

    def __init__(self, target):
        self.target = target

    def writable(self):
        return True

    def write(self, content):
        return self.target.write(content)


def read_back(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@given(NAMES, st.data(), st.booleans(), st.binary(max_size=20).filter(lambda comment: b"PK" not in comment))
def test_replaced_archive_reads_with_the_standard_library(names, data, stream, comment):
    parts = {name: data.draw(st.binary(max_size=200)) for name in names}
    changed = {name: data.draw(st.binary(max_size=200)) for name in data.draw(st.sets(st.sampled_from(names)))}
    removed = data.draw(st.sets(st.sampled_from(names), max_size=len(names) - 1))
    content = Archive(zipped(parts, stream=stream, comment=comment)).replaced(changed, removed)
    assert read_back(content) == {n: c for n, c in (parts | changed).items() if n not in removed}
    assert {name: Archive(content).read(name) for name in Archive(content).members} == read_back(content)


@pytest.mark.parametrize("stream", [False, True])
def test_untouched_archive_is_the_same_to_the_byte(stream):
    content = zipped({"a": b"1" * 500, "b/é": b"2", "c": b""}, stream=stream, comment=b"note")
    assert Archive(content).replaced({}) == content


def test_untouched_members_keep_headers_extras_and_compressed_bytes():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("kept", (2001, 2, 3, 4, 5, 6))
        info.extra, info.comment, info.external_attr = struct.pack("<2H", 0xCAFE, 2) + b"xy", b"why", 0o640 << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, b"stay" * 100, compresslevel=9)
        archive.writestr("changed", b"old")
    after = zipfile.ZipFile(io.BytesIO(Archive(buffer.getvalue()).replaced({"changed": b"new"})))
    kept = after.getinfo("kept")
    assert (kept.extra, kept.comment, kept.external_attr, kept.date_time) == (
        info.extra, b"why", 0o640 << 16, (2001, 2, 3, 4, 5, 6),
    )  # fmt: skip
    assert after.read("changed") == b"new"


def test_sixty_four_bit_sizes_are_read():
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("big", "w", force_zip64=True) as part,
    ):
        part.write(b"x" * 1000)
    archive = Archive(buffer.getvalue())
    assert archive.read("big") == b"x" * 1000
    assert read_back(archive.replaced({})) == {"big": b"x" * 1000}


@pytest.mark.parametrize("cut", [1, 10, 50, 100])
def test_a_truncated_archive_is_refused(cut):
    content = zipped({"a": bytes(range(256))})
    with pytest.raises(FileRefusedError) as refused:
        Archive(content[:-cut]).check()
    assert refused.value.code in ("truncated", "damaged_part")


def test_a_flipped_bit_in_a_member_is_found():
    content = bytearray(zipped({"a": b"hello" * 50}, method=zipfile.ZIP_STORED))
    content[60] ^= 1
    with pytest.raises(FileRefusedError, match="damaged_part"):
        Archive(bytes(content)).read("a")


def test_a_member_larger_than_it_claims_is_refused_without_inflating_it_all():
    content = bytearray(zipped({"a": b"\0" * 5_000_000}))
    at = content.rindex(b"PK\1\2")
    content[at + 24 : at + 28] = struct.pack("<L", 10)
    with pytest.raises(FileRefusedError, match="damaged_part"):
        Archive(bytes(content)).read("a")


@pytest.mark.parametrize("start", [5, 30 + 1 + 9 - 1])  # in the midst of the first, and on its last byte
def test_overlapping_members_are_refused(start):
    content = bytearray(zipped({"a": b"1" * 9, "b": b"2" * 9}, method=zipfile.ZIP_STORED))
    second = content.rindex(b"PK\1\2")
    assert content[second + 42 : second + 46] == struct.pack("<L", 30 + 1 + 9)
    content[second + 42 : second + 46] = struct.pack("<L", start)
    with pytest.raises(FileRefusedError, match="overlapping_parts"):
        Archive(bytes(content))


def test_a_name_that_differs_between_header_and_directory_is_refused():
    content = bytearray(zipped({"abc": b"1"}))
    content[30:33] = b"xyz"
    with pytest.raises(FileRefusedError, match="damaged_part"):
        Archive(bytes(content)).read("abc")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1")
        archive.writestr("a", b"2")
    with pytest.raises(FileRefusedError, match="duplicate_part"):
        Archive(buffer.getvalue())


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail_otherwise_than_by_refusing(content):
    try:
        Archive(content + b"PK\5\6" + content[:18]).check()
    except FileRefusedError:
        return
