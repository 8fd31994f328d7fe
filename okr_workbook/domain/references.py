"""Ids and who means whom: a reference resolves, by `key_of`, to the first row of that id.

Also the one way a rule says where a fault is: `fault_at`.
"""

from __future__ import annotations

from collections.abc import Iterable

from okr_workbook.domain.planner import key_of
from okr_workbook.domain.problems import Problem, Severity
from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:  # a protocol costs the click as much as three records
    from typing import Protocol

    class Row(Protocol):
        """What every record of a table has."""

        @property
        def row_number(self) -> int:
            """The row's place in its table, from 1."""
            ...

else:
    Row = object

NAMED_BY = {
    "settings": "name",
    "teams": "team",
    "members": "member",
    "measures": "measure",
    "check_ins": "",
    "history": "",
}
"""The field a table's rows are named by where it is not `id`; "" where a row has only its number."""


class Ids:
    """The ids of one table, for looking up. Ids that were met once are found again without folding them anew."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._places: dict[str, int] = {}
        self._met: dict[str, int | None] = {}
        repeats = []
        for place, text in enumerate(ids):
            key = key_of(text)
            first = self._places.setdefault(key, place) if key else place
            if first != place:
                repeats.append((place, first))
        self.repeats = tuple(repeats)
        """The rows whose id an earlier row has: (place, place of the first)."""
        self.repeated = frozenset(place for place, _ in repeats)

    def find(self, text: str) -> int | None:
        """The place of the first row of that id, counted from 0; None where there is none or the text is blank."""
        try:
            return self._met[text]
        except KeyError:
            found = self._met[text] = self._places.get(key_of(text))
            return found

    def find_all(self, texts: Iterable[str]) -> tuple[int | None, ...]:
        """The place of each, as `find` tells it; for many texts that are often the same."""
        texts = tuple(texts)
        places = {text: self.find(text) for text in set(texts)}
        return tuple(map(places.__getitem__, texts))


def name_of(table: str, row: Row) -> str:
    """The id a row is known by; "" where it has none and is known by its place alone."""
    field = NAMED_BY.get(table, "id")
    return str(getattr(row, field)) if field else ""


def fault_at(table: str, row: Row, field: str, code: str, severity: Severity = "error", **details: object) -> Problem:
    """A problem at one cell of one row (`field` "" is the row as a whole)."""
    return Problem(code, severity, table, name_of(table, row), row.row_number, field, details)
