"""What tells a table's rows apart when they have been sorted: what Undo remembers them by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from okr_workbook.books.parts.cell_text import serial_of
from okr_workbook.domain.planner import key_of
from okr_workbook.records import TYPE_CHECKING
from okr_workbook.tables import schema
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import CellError, Formula, NotComputed, Value

if TYPE_CHECKING:
    from typing import Any, TypeAlias

RowKey: TypeAlias = "tuple[tuple[str, ...], int]"
"""The key of a row, and how many rows above have the same one."""


def row_keys(table_id: str, headers: Sequence[Value], rows: Sequence[Sequence[Value]]) -> list[RowKey]:
    """The key of each row. Rows of a table without a key go by their number."""
    table = schema.table(table_id)
    if not table.key:
        return [((str(index),), 0) for index in range(len(rows))]
    fields = columns_of(table_id, headers).fields
    places = [fields[field] for field in table.key if field in fields]
    parts = [map(_key_part, [row[place] for row in rows]) for place in places]
    seen: dict[tuple[str, ...], int] = {}
    found = []
    for key in zip(*parts, strict=True) if parts else [()] * len(rows):
        nth = seen.get(key, 0)
        seen[key] = nth + 1
        found.append((key, nth))
    return found


@lru_cache(maxsize=None, typed=True)
def _key_part(value: Value) -> str:
    """What a key's value is compared by. Ids, days and names repeat, so each is reckoned once."""
    return key_of(str(encoded(value) or ""))


def encoded(value: Value) -> Any:
    """A cell's content in JSON. Days become serial numbers, which is what their cells hold."""
    if isinstance(value, Formula):
        return {"formula": value.text, "value": encoded(value.value)}
    if isinstance(value, CellError):
        return {"error": value.code}
    if isinstance(value, bool):
        return {"flag": value}
    if isinstance(value, date):
        return serial_of(value)
    return None if isinstance(value, NotComputed) or value == "" else value
