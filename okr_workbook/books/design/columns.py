"""How wide each column of each table is, and which ones fold away. What the schema says of a field decides the rest."""

from __future__ import annotations

from typing import NamedTuple

from okr_workbook.tables.schema import TABLES, Field, Table


class Column(NamedTuple):
    """A field's column. `width` in pixels; `folded`: behind the [+] above the headers; `quiet`: muted text."""

    field: Field
    width: int
    folded: bool = False
    strong: bool = False
    quiet: bool = False

    @property
    def align(self) -> str:
        """Numbers right, days and grades centred, text left."""
        if self.field.type in ("date", "integer") or self.field.id == "confidence":
            return "center"
        return "right" if self.field.type in ("number", "share", "reading") else "left"

    @property
    def is_bar(self) -> bool:
        """A share of 0 to 100 % that is worth seeing as a length."""
        return self.field.computed and self.field.id in ("score", "attainment") and self.field.type == "share"


class TableLook(NamedTuple):
    """How a table's sheet is laid out. `rows`: blank rows ready to fill. `frozen`: columns that stay in sight."""

    rows: int
    frozen: int
    widths: dict[str, int]
    folded: tuple[str, ...] = ()
    row_height: int = 26
    last_row: int = 1000


HEAD = 3
"""The row of a table's headers on its sheet, from 0."""

BODY = HEAD + 1

STRONG = {
    "teams": "team", "members": "member", "objectives": "objective", "key_results": "key_result", "kpis": "kpi",
    "measures": "label", "actions": "action", "check_ins": "value", "problems": "message",
}  # fmt: skip
"""The field that says what a row is, which is bold; so are scores."""

QUIET = {
    "kind",
    "unit",
    "direction",
    "frequency",
    "expected",
    "previous",
    "quality",
    "period",
    "source",
    "formula",
    "code",
}

LOOKS: dict[str, TableLook] = {
    "settings": TableLook(22, 1, {"name": 250, "value": 230}, row_height=28),
    "teams": TableLook(
        12, 1, {"team": 170, "parent": 150, "lead": 160, "email": 220, "cc": 200, "language": 100, "score": 110, "status": 126}
    ),
    "members": TableLook(15, 1, {"member": 190, "team": 150, "email": 240, "score": 110}),
    "objectives": TableLook(
        12,
        2,
        {"id": 64, "objective": 380, "level": 92, "team": 110, "owner": 126, "parent": 92, "commitment": 104, "weight": 64,
         "start": 96, "end": 96, "score": 104, "expected": 76, "status": 122, "forecast": 82},
    ),
    "key_results": TableLook(
        15,
        3,
        {"id": 54, "objective": 78, "key_result": 350, "team": 92, "owner": 112, "kind": 118, "unit": 80, "start": 94,
         "target": 94, "lower": 94, "upper": 94, "commit": 94, "stretch": 94, "current": 94, "kpi": 118, "weight": 64,
         "confidence": 84, "due": 96, "override": 84, "override_reason": 190, "value": 94, "progress": 88, "score": 104,
         "expected": 76, "gap": 66, "status": 122, "forecast": 80, "needed_per_week": 94, "updated_on": 104},
        folded=("commit", "stretch", "override", "override_reason", "progress"),
        row_height=28,
    ),
    "kpis": TableLook(
        12,
        2,
        {"id": 118, "kpi": 214, "formula": 286, "unit": 64, "direction": 82, "target": 94, "alert": 94, "lower": 94, "upper": 94,
         "frequency": 96, "team": 100, "owner": 118, "source": 150, "action": 300, "value": 94, "period": 82, "previous": 94,
         "change": 94, "attainment": 104, "status": 118, "bad_periods": 82, "quality": 124},
        folded=("lower", "upper", "source"),
        row_height=34,
    ),
    "measures": TableLook(15, 2, {"measure": 150, "label": 230, "unit": 64, "aggregate": 90, "team": 104, "source": 150}),
    "actions": TableLook(
        15, 3, {"id": 58, "serves": 122, "action": 400, "owner": 130, "team": 110, "due": 100, "state": 110, "comment": 320}
    ),
    "check_ins": TableLook(
        30, 2, {"date": 104, "key_result": 110, "value": 100, "confidence": 92, "comment": 420, "author": 150}, last_row=20000
    ),
    "history": TableLook(2, 0, {"date": 110, "level": 120, "id": 220, "score": 110, "status": 130}, last_row=20000),
    "problems": TableLook(
        2,
        2,
        {"severity": 96, "table": 116, "row": 120, "field": 120, "cell": 150, "code": 150, "message": 380, "advice": 620},
        row_height=54,
        last_row=5000,
    ),
    "conflicts": TableLook(
        2,
        1,
        {"id": 64, "date": 104, "table": 116, "row": 110, "field": 110, "cell": 150, "ours": 130, "ours_by": 130, "ours_on": 104,
         "theirs": 130, "theirs_by": 130, "theirs_on": 104, "team": 120, "state": 110},
        last_row=5000,
    ),
}  # fmt: skip


def columns_of(table: Table) -> tuple[Column, ...]:
    """The columns of a table, in the schema's order."""
    look = LOOKS[table.id]
    return tuple(
        Column(
            field,
            look.widths[field.id],
            folded=field.id in look.folded,
            strong=field.id in (STRONG.get(table.id), "score"),
            quiet=field.id in QUIET,
        )
        for field in table.fields
    )


assert set(LOOKS) == {table.id for table in TABLES}
