"""What a button changed in an open workbook, kept so that Undo can put it back: a macro empties Excel's own undo list.

One record a workbook, of its last button, in the user's own folder: a workbook on OneDrive has no folder of its own.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from okr_workbook.books.files import home_folder
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables.grid import Formula, Place, Value

if TYPE_CHECKING:
    from okr_workbook.domain.person import Person

FOLDER = os.path.join(home_folder.FOLDER, "undo")
_FORM = 2


class CellRecord(NamedTuple):
    """One cell, from the header's first cell counted: what stood there and what was written."""

    place: Place
    before: Value
    after: Value


class RowRecord(NamedTuple):
    """How a row is known again once it was sorted: its key, which of the rows with that key it is; whether it is new."""

    key: tuple[str, ...]
    nth: int
    is_new: bool


class AreaRecord(NamedTuple):
    """A named range, or a table: with its rows and columns before and after, its headers, and the rows written to."""

    name: str
    is_table: bool
    cells: tuple[CellRecord, ...]
    size: tuple[int, int] = (0, 0)
    size_after: tuple[int, int] = (0, 0)
    headers: tuple[str, ...] = ()
    rows: Mapping[int, RowRecord] = {}


class Record(NamedTuple):
    """What one button changed."""

    command: str
    areas: tuple[AreaRecord, ...]


class Undone(NamedTuple):
    """What Undo did. `kept` are cells that someone has edited since and that stay as they are."""

    command: str
    restored: int
    kept: tuple[str, ...] = ()


class Journal:
    """The record of one workbook's last button. `owner` is its full name or address."""

    def __init__(self, owner: str, folder: str | None = None) -> None:
        self.path = os.path.join(folder or FOLDER, f"{short_name(owner)}.json")

    def keep(self, record: Record) -> None:
        """Replace the record, at once or not at all."""
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        with open(f"{self.path}.new", "w", encoding="utf-8") as file:
            file.write(json.dumps({"form": _FORM, "record": _encoded(record)}))  # json.dump would be four times slower
        os.replace(f"{self.path}.new", self.path)

    def last(self) -> Record | None:
        """The record, or None where there is none that this version understands."""
        try:
            with open(self.path, encoding="utf-8") as file:
                kept = json.load(file)
        except (FileNotFoundError, ValueError):
            return None
        return _decoded(kept["record"]) if kept.get("form") == _FORM else None

    def forget(self) -> None:
        """Undo is done: there is nothing to put back any more."""
        try:
            os.remove(self.path)
        except FileNotFoundError:
            return


def short_name(owner: str) -> str:
    """A name for a file of ours that belongs to one workbook, from the workbook's full name or address."""
    # A checksum and not a digest: it only has to tell a person's workbooks apart, and hashlib takes 4 ms to import.
    content = owner.encode(errors="surrogatepass")
    return f"{zlib.crc32(content) << 32 | zlib.adler32(content):016x}"


def records_naming(person: Person, folder: str | None = None) -> list[str]:
    """The records, of whichever workbook, in which a person stands."""
    where = folder or FOLDER
    names = sorted(os.listdir(where)) if os.path.isdir(where) else []
    return [path for name in names if person.is_in(_text_of(path := os.path.join(where, name)))]


def _text_of(path: str) -> str:
    """A record as text in which every letter stands for itself; a damaged one as it is."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return plainly(file.read())


def plainly(written: str) -> str:
    """JSON as text in which every letter stands for itself; what is none as it is."""
    try:
        return json.dumps(json.loads(written), ensure_ascii=False)
    except ValueError:
        return written


def same_value(one: Value, other: Value) -> bool:
    """True where two cells hold the same, a day being its midnight and nothing being an empty text."""
    return _plain(one) == _plain(other) and isinstance(one, bool) == isinstance(other, bool)


def _plain(value: Value) -> object:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  (cells have no time zone)
    return "" if value is None else value


def _encoded(record: Record) -> dict[str, Any]:
    areas = [
        {
            "name": area.name,
            "is_table": area.is_table,
            "cells": [[*cell.place, _packed(cell.before), _packed(cell.after)] for cell in area.cells],
            "size": area.size,
            "size_after": area.size_after,
            "headers": area.headers,
            "rows": [[index, *row] for index, row in area.rows.items()],
        }
        for area in record.areas
    ]
    return {"command": record.command, "areas": areas}


def _decoded(kept: dict[str, Any]) -> Record:
    areas = tuple(
        AreaRecord(
            area["name"],
            area["is_table"],
            tuple(CellRecord((row, column), _unpacked(old), _unpacked(new)) for row, column, old, new in area["cells"]),
            (area["size"][0], area["size"][1]),
            (area["size_after"][0], area["size_after"][1]),
            tuple(area["headers"]),
            {index: RowRecord(tuple(key), nth, is_new) for index, key, nth, is_new in area["rows"]},
        )
        for area in kept["areas"]
    )
    return Record(kept["command"], areas)


_UNPACK: dict[str, Callable[[Any], Value]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "formula": lambda kept: Formula(*kept),
}


def _packed(value: Value) -> object:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Formula):
        return {"formula": [value.text, value.value]}
    return value if isinstance(value, (str, int, float, bool, type(None))) else None


def _unpacked(kept: Any) -> Value:
    if isinstance(kept, dict):
        ((kind, content),) = kept.items()
        return _UNPACK[kind](content)
    return kept  # type: ignore[no-any-return]
