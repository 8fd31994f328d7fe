"""Returned team workbooks on disk: found, read whole, told by their stamp, and understood. One bad book never stops the others."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.sax.saxutils import unescape

from okr_workbook.books import gate
from okr_workbook.books.sandbox import ChildReader, Contents
from okr_workbook.books.stamp import SHEET, Stamp, read_stamp
from okr_workbook.books.team_names import AUTHOR_NAME, DATE_NAME, MADE, MEMBERS_TABLE, PRINTED_NAME, area_name
from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.merging.returned import Note, Returned, Source
from okr_workbook.domain.merging.sameness import same_cell
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.domain.team_measures import open_months
from okr_workbook.errors import FileRefusedError, OkrError, UsageError
from okr_workbook.tables.columns import month_header
from okr_workbook.tables.grid import Grid, Value
from okr_workbook.tables.returned import ReturnedBook, read_returned, read_signature

_SAVED = re.compile(rb"<dcterms:modified[^>]*>\s*([^<\s]+)\s*<")
_SAVED_BY = re.compile(rb"<(?:\w+:)?lastModifiedBy[^>]*>([^<]*)<")

_PROPERTIES = "docProps/core.xml"
_ALWAYS_SENT = ("key_results", "actions", "check_ins")
_TABLES = (*_ALWAYS_SENT, "measures", "objectives", "kpis")
_BLOCKS = (SHEET, PRINTED_NAME, DATE_NAME, AUTHOR_NAME, *map(area_name, (*_TABLES, MEMBERS_TABLE)))


class RefusedBook(NamedTuple):
    """A file that was left where it is, and why: `error` has its sentence."""

    path: str
    error: OkrError


class ReadBook(NamedTuple):
    """A returned book that was understood."""

    path: str
    stamp: Stamp
    returned: Returned

    @property
    def is_answer(self) -> bool:
        """False for a book that nobody has saved since it was made, and that says nothing that was not sent."""
        returned = self.returned
        return (
            not returned.source.saved.startswith(MADE)
            or bool(returned.typed or returned.undated or returned.check_ins or returned.actions)
            or any(not same_cell(answer.theirs, answer.base) for answer in returned.answers)
        )


def find_files(paths: Iterable[str], *, planner_path: str) -> list[str]:
    """The files that these paths mean: a folder stands for the workbooks in it. The planner itself is none.

    Traces of an open program (`~$`, `.~lock`) and hidden files are skipped. UsageError where nothing but the planner is named.
    """
    paths = list(paths)
    if paths and all(os.path.realpath(path) == os.path.realpath(planner_path) for path in paths):
        raise UsageError("collected_itself", file=planner_path)
    found: dict[str, None] = {}
    planner = os.path.realpath(planner_path)
    for path in paths:
        inside = _listed(path) if os.path.isdir(path) else None
        names = [path] if inside is None else [os.path.join(path, name) for name in inside if _may_be_book(name)]
        found |= dict.fromkeys(name for name in names if not _is_trace(name) and os.path.realpath(name) != planner)
    return list(found)


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError as fault:
        raise FileRefusedError("cannot_read", file=folder, reason=fault.strerror or "?") from fault


def _may_be_book(name: str) -> bool:
    """True for workbooks, and for what people send for one: its print as a PDF, which is refused by name."""
    return name.casefold().endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".pdf"))


def _is_trace(path: str) -> bool:
    return os.path.basename(path).startswith(("~$", "."))


def read_book(path: str, planner: Planner, reader: ChildReader) -> ReadBook | RefusedBook | None:
    """One returned book, or why it is left; None for our own workbook for printing. What a stranger sent is parsed by the
    reader's child, never here.
    """
    name = os.path.basename(path)
    try:
        with gate.naming(name):
            book = reader.read(_read_whole(path), blocks=_BLOCKS, parts=(_PROPERTIES,))
            if book.block(PRINTED_NAME) is not None:
                return None
            stamp = _under_todays_name(sent := read_stamp(book.block(SHEET)), planner)
            _check_plan(stamp, planner)
            returned = _understand(name, book, stamp, planner)
            if stamp.team != sent.team:
                note = Note("team_renamed", name, stamp.team, {"was": sent.team, "team": stamp.team})
                returned = returned._replace(notes=(note, *returned.notes))
            return ReadBook(path, stamp, returned)
    except OkrError as error:
        return RefusedBook(path, error)


def _read_whole(path: str) -> bytes:
    """The bytes of a file that nobody writes to meanwhile; FileRefusedError where its size or time changes."""
    try:
        before = os.stat(path)
        with open(path, "rb") as file:
            content = file.read(gate.RETURNED.file + 1)
        after = os.stat(path)
    except OSError as fault:
        raise FileRefusedError("cannot_read", file=os.path.basename(path), reason=fault.strerror or "?") from fault
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise FileRefusedError("still_copied")
    return content


def _under_todays_name(stamp: Stamp, planner: Planner) -> Stamp:
    """The stamp of a team that was renamed since its book was made: all that was sent and is still there is one team's now."""
    teams = {key_of(row.team): row.team for row in planner.named_teams}
    if key_of(stamp.team) in teams:
        return stamp
    sent = {(row.table, key_of(row.id)) for row in stamp.rows}
    owned: tuple[tuple[str, Iterable[tuple[str, str]]], ...] = (
        ("objectives", ((row.id, row.team) for row in planner.objectives)),
        ("key_results", ((row.id, row.team) for row in planner.key_results)),
        ("kpis", ((row.id, row.team) for row in planner.kpis)),
        ("measures", ((row.measure, row.team) for row in planner.measures)),
    )
    owners = {key_of(team) for table, rows in owned for name, team in rows if team and (table, key_of(name)) in sent}
    return stamp._replace(team=teams[owners.pop()]) if len(owners) == 1 and owners <= teams.keys() else stamp


def _check_plan(stamp: Stamp, planner: Planner) -> None:
    settings = planner.settings
    if key_of(stamp.company) != key_of(settings.company) or key_of(stamp.period) != key_of(settings.period):
        raise FileRefusedError("book_of_another_plan", company=stamp.company, period=stamp.period)
    if key_of(stamp.team) not in {key_of(row.team) for row in planner.teams}:
        raise FileRefusedError("book_of_unknown_team", team=stamp.team)


def _understand(name: str, book: Contents, stamp: Stamp, planner: Planner) -> Returned:
    signed, fault = read_signature(
        _cell(book.block(DATE_NAME)), _cell(book.block(AUTHOR_NAME)), stamp.as_of, stamp.language
    )
    properties = book.parts.get(_PROPERTIES, b"")
    person, saved_by = signed.person or stamp.team, _saved_by(properties)
    source = Source(name, stamp.team, stamp.revision, _saved(properties), person, signed.on, saved_by)
    grids = _grids(book)
    yes_no = frozenset(key_of(row.id) for row in planner.key_results if kind_of(row.kind).takes_yes_no)
    key_results = [grids["key_results"]] if "key_results" in grids else []
    key_results += _area(book, MEMBERS_TABLE, "key_results")
    months = frozenset(map(month_header, open_months(stamp.as_of)))
    returned = read_returned(ReturnedBook(source, stamp.language, stamp.base(), key_results, grids, yes_no, months))
    if fault is not None:
        note = Note("date_unreadable", name, stamp.team, {**fault.details, "day": stamp.as_of})
        returned = returned._replace(notes=(note, *returned.notes))
    measured = any(row.table == "measures" for row in stamp.rows)
    sent = (*_ALWAYS_SENT, "measures") if measured else _ALWAYS_SENT
    missing = [table_id for table_id in sent if table_id not in grids]
    notes = tuple(Note("table_gone", name, stamp.team, {"table": table_id}) for table_id in missing)
    return returned._replace(notes=returned.notes + notes)


def _cell(block: Sequence[Sequence[Value]] | None) -> Value:
    return block[0][0] if block and block[0] else None


def _grids(book: Contents) -> dict[str, Grid]:
    """The tables of a book; one that is gone is read from its named area, which a program without tables keeps."""
    areas = {name: _area(book, name, name) for name in _TABLES if name not in book.grids}
    return dict(book.grids) | {name: found[0] for name, found in areas.items() if found}


def _area(book: Contents, name: str, table_id: str) -> list[Grid]:
    """The named area of a table as a grid; none where the name is gone."""
    block = book.block(area_name(name))
    return [Grid(table_id, tuple(block[0]), block[1:])] if block else []


def _saved(properties: bytes) -> str:
    """When the book was saved last, in UTC; "" where its properties do not say."""
    found = _SAVED.search(properties)
    if found is None:
        return ""
    try:
        saved = datetime.fromisoformat(found[1].decode("ascii", "replace"))
        return (saved.astimezone(UTC) if saved.tzinfo else saved).replace(tzinfo=None).isoformat()
    except (ValueError, OverflowError):
        return ""


def _saved_by(properties: bytes) -> str:
    """Who saved the book last, as their program calls them; "" where its properties do not say."""
    found = _SAVED_BY.search(properties)
    return unescape(found[1].decode("utf-8", "replace")).strip() if found else ""
