"""The gate: what is let in, before anything is read from a file. Every limit stands in one table, with its source.

A refusal is a FileRefusedError whose code names the sentence that says what is wrong and what to do.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from okr_workbook.books.file_formats import refusal_of, zip_refusal
from okr_workbook.books.known_tables import SCHEMA_NAME, refuse_newer
from okr_workbook.books.parts.archive import DEFLATED, ENCRYPTED, STORED, Archive
from okr_workbook.books.parts.package import Area, area_of
from okr_workbook.books.workbook import Workbook
from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.records import NamedTuple

MEGABYTE = 1 << 20


class Limits(NamedTuple):
    """How much of everything a file may hold."""

    file: int  # bytes
    unpacked: int  # bytes of all parts together
    parts: int
    ratio: int  # unpacked to packed, for parts over `ratio_from` bytes
    ratio_from: int
    table_rows: int
    table_cells: int
    covered_cells: int  # that merges or links of one sheet cover
    all_parts: bool  # look into every part, also those that are never read


PLANNER = Limits(
    # 100,000 check-ins of 6 columns are 3 MB packed and 40 MB unpacked; ten times that, for what users keep beside
    file=100 * MEGABYTE,
    unpacked=400 * MEGABYTE,
    # Apache POI ZipSecureFile.MAX_FILE_COUNT is 1,000; a workbook of many sheets and pictures may have more
    parts=5_000,
    # deflate cannot do more than 1,032 to 1 (zlib, technical details); blank styled rows come near; `unpacked` bounds it
    ratio=1_100,
    ratio_from=MEGABYTE,
    # a table of 200,000 rows is read in about two seconds and 300 MB
    table_rows=200_000,
    table_cells=4_000_000,
    # Excel itself repairs overlapping merges; a sheet has 17 billion cells
    covered_cells=MEGABYTE << 14,
    all_parts=False,
)
RETURNED = Limits(
    # a team's book is 20 to 100 kB; mail systems stop at 20 MB or so
    file=20 * MEGABYTE,
    unpacked=100 * MEGABYTE,
    # Apache POI, ZipSecureFile: MAX_FILE_COUNT 1,000, MIN_INFLATE_RATIO 0.01, GRACE_ENTRY_SIZE 100 KiB
    parts=1_000,
    ratio=100,
    ratio_from=100 << 10,
    # a team's book has some hundred rows
    table_rows=20_000,
    table_cells=400_000,
    covered_cells=1_000_000,
    all_parts=True,
)

_COVERING = rb"""<(?:[\w.-]+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref\s*=\s*["']([^"']*)["']"""
_DTD = rb"<!(?:DOCTYPE|ENTITY)"
_XML_ENDINGS = (".xml", ".rels", ".vml")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_WORKBOOK_TYPES = (
    b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml",
    b"ms-excel.sheet.macroEnabled", b"ms-excel.template.macroEnabled",
)  # fmt: skip


def admitted(content: bytes, *, limits: Limits = PLANNER, allow_macros: bool = True) -> Workbook:
    """The workbook in a file's bytes. FileRefusedError for what is none, is damaged, hostile, too large or too new."""
    code = refusal_of(content)
    if code is not None:
        raise FileRefusedError(code)
    _check_length(content, limits)
    archive = Archive(content)
    code = zip_refusal(archive.members)
    if code is not None:
        raise FileRefusedError(code)
    _check_parts(archive, limits)
    if limits.all_parts:
        _check_contents(archive, limits)
    book = Workbook(archive)
    _check_kind(book, allow_macros=allow_macros)
    _check_tables(book, limits)
    return book


def check_size(book: Workbook, *, limits: Limits = PLANNER) -> None:
    """FileRefusedError for a workbook about to be saved that would be refused when it is next read, for its size."""
    _check_length(book.content, limits)
    _check_parts(book.package.archive, limits)
    _check_tables(book, limits)


def _check_length(content: bytes, limits: Limits) -> None:
    if len(content) > limits.file:
        raise FileRefusedError("too_large", limit=limits.file // MEGABYTE)


@contextmanager
def naming(file: str) -> Iterator[None]:
    """Errors from within get the name of the file, for their sentence to say it."""
    try:
        yield
    except OkrError as error:
        error.details.setdefault("file", file)
        raise


def _check_parts(archive: Archive, limits: Limits) -> None:
    """The directory alone: how many parts, their names, their sizes as declared."""
    members = archive.members.values()
    if len(members) > limits.parts:
        raise FileRefusedError("too_many_parts", limit=limits.parts)
    if sum(member.size for member in members) > limits.unpacked:
        raise FileRefusedError("too_large_unpacked", limit=limits.unpacked // MEGABYTE)
    seen: set[str] = set()
    for member in members:
        name = member.name
        if name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/"):
            raise FileRefusedError("unsafe_part", part=name)
        if name.casefold() in seen:
            raise FileRefusedError("duplicate_part", part=name)
        seen.add(name.casefold())
        if member.flags & ENCRYPTED:
            raise FileRefusedError("is_encrypted")
        if member.method not in (STORED, DEFLATED):
            raise FileRefusedError("damaged_part", part=name)
        if member.size > limits.ratio_from and member.size > limits.ratio * member.packed:
            raise FileRefusedError("packed_too_tight", part=name)


def _check_contents(archive: Archive, limits: Limits) -> None:
    """Every part is whole, none has a document type declaration, no sheet has merges or links without measure."""
    for name in archive.members:
        content = archive.read(name)
        if not name.lower().endswith(_XML_ENDINGS):
            continue
        if re.search(_DTD, content.replace(b"\0", b"")):
            raise FileRefusedError("dtd_in_part", part=name)
        areas = (area_of(ref.decode("ascii", "replace")) for ref in re.findall(_COVERING, content))
        if sum(_cells(area) for area in areas if area) > limits.covered_cells:
            raise FileRefusedError("too_much_covered", part=name)


def _check_kind(book: Workbook, *, allow_macros: bool) -> None:
    archive, package = book.package.archive, book.package
    types = archive.read(package.content_types)
    if not any(kind in types for kind in _WORKBOOK_TYPES):
        raise FileRefusedError("is_archive")
    macros = b"macroEnabled" in types or any("vbaproject" in name.casefold() for name in archive.members)
    if macros and not allow_macros:
        raise FileRefusedError("has_macros")
    if _STRICT in archive.read(package.part):
        raise FileRefusedError("is_strict")
    if not package.sheets:
        raise FileRefusedError("damaged")
    refuse_newer(book.block(SCHEMA_NAME))


def _check_tables(book: Workbook, limits: Limits) -> None:
    """No table claims more cells than can be read: its size is what it claims, not what it holds."""
    cells = 0
    for table in book.tables.values():
        rows = table.area.bottom - table.area.top
        cells += _cells(table.area)
        if rows > limits.table_rows or cells > limits.table_cells:
            raise FileRefusedError("table_too_large", table=table.name, rows=rows, limit=limits.table_rows)


def _cells(area: Area) -> int:
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)
