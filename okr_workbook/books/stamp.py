"""The stamp of a team's workbook: whose it is, of which period, which revision, and every row as it was sent.

It lies on a very hidden sheet as lines of JSON: Excel and LibreOffice both keep sheets when they save, while
LibreOffice drops custom XML parts. A checksum tells when it was altered; it guards against accidents, not against forgers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from okr_workbook.books.team_names import STAMP_NAME
from okr_workbook.domain.planner import key_of
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.schema import SCHEMA_VERSION

SHEET = STAMP_NAME

_CELL = 30_000
"""Characters a cell takes at most (Excel's limit is 32,767)."""

Sent = str | float | bool | None
"""What stood in a cell as sent; days as ISO text."""


class SentRow(NamedTuple):
    """One row as it was sent: the table, the row's id, its fields."""

    table: str
    id: str
    fields: Mapping[str, Sent]


class Stamp(NamedTuple):
    """What a team's workbook knows of itself. A later revision has a higher number."""

    company: str
    period: str
    team: str
    revision: int
    as_of: date
    language: str
    rows: tuple[SentRow, ...] = ()
    schema: int = SCHEMA_VERSION

    def base(self) -> dict[tuple[str, str], Mapping[str, Sent]]:
        """The fields of each row as sent, by (table, key of the id). Of rows with one id the first counts."""
        found: dict[tuple[str, str], Mapping[str, Sent]] = {}
        for row in self.rows:
            found.setdefault((row.table, key_of(row.id)), row.fields)
        return found


def stamp_lines(stamp: Stamp) -> list[list[str]]:
    """The stamp as rows of text cells."""
    head = stamp._replace(rows=())._asdict() | {"as_of": stamp.as_of.isoformat()}
    del head["rows"]
    lines = [_json(list(row)) for row in stamp.rows]
    head["checksum"] = _checksum(head, lines)
    return [_cut(line) for line in (_json(head), *lines)]


def read_stamp(cells: Iterable[Sequence[Any]] | None) -> Stamp:
    """The stamp in these cells.

    FileRefusedError: `not_a_team_book` without one, `newer_team_book` of a newer schema, `stamp_altered` where the
    checksum does not agree.
    """
    lines = [line for row in cells or () if (line := "".join(str(cell) for cell in row if cell is not None))]
    if not lines:
        raise FileRefusedError("not_a_team_book")
    try:
        head, rows = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
        if head["schema"] > SCHEMA_VERSION:
            raise FileRefusedError("newer_team_book")
        checksum = head.pop("checksum")
        if checksum != _checksum(head, [_json(row) for row in rows]):
            raise FileRefusedError("stamp_altered")
        return Stamp(**head | {"as_of": date.fromisoformat(head["as_of"])}, rows=tuple(SentRow(*row) for row in rows))
    except (ValueError, KeyError, TypeError) as fault:
        raise FileRefusedError("stamp_altered") from fault


def _checksum(head: Mapping[str, object], lines: Iterable[str]) -> str:
    text = "\n".join([_json({key: value for key, value in head.items() if key != "checksum"}), *lines])
    return sha256(text.encode()).hexdigest()


def _json(value: object) -> str:
    """One line of plain ASCII, so that no program can change a character on the way."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _cut(line: str) -> list[str]:
    return [line[first : first + _CELL] for first in range(0, len(line), _CELL)]
