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


TWO_LINES = 34
"""The height of a row that has room for two lines: its texts wrap."""


class TableLook(NamedTuple):
    """How a table's sheet is laid out: its columns' `widths`, in their order on the sheet.

    `rows`: blank rows ready to fill. `frozen`: columns that stay in sight. `printed`: the first and the last field on
    paper, of a table too wide for a page; the columns up to `repeated` stand before them. `upright`: the page of a table
    that is longer than it is wide.
    """

    rows: int
    frozen: int
    widths: dict[str, int]
    folded: tuple[str, ...] = ()
    row_height: int = TWO_LINES
    last_row: int = 1000
    printed: tuple[str, str] | None = None
    repeated: str = ""
    upright: bool = False


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
        {"id": 64, "objective": 380, "team": 150, "owner": 144, "level": 92, "parent": 92, "commitment": 104, "weight": 64,
         "start": 96, "end": 96, "score": 104, "expected": 76, "status": 122, "forecast": 82},
        printed=("score", "forecast"),
        repeated="owner",
    ),
    "key_results": TableLook(
        15,
        2,
        {"id": 54, "key_result": 355, "owner": 144, "objective": 84, "team": 150, "kind": 118, "kpi": 118, "weight": 64, "due": 96,
         "override": 84, "override_reason": 190, "unit": 80, "start": 84, "commit": 84, "stretch": 84,
         "target": 84, "lower": 78, "upper": 78, "current": 84, "confidence": 98,
         "value": 84, "progress": 88, "score": 82, "expected": 72, "status": 114, "forecast": 80, "gap": 66,
         "updated_on": 104, "needed_per_week": 94},
        folded=("commit", "stretch", "override", "override_reason", "progress"),
        printed=("target", "forecast"),
        repeated="owner",
    ),
    "kpis": TableLook(
        12,
        2,
        {"id": 118, "kpi": 236, "owner": 144, "formula": 286, "frequency": 96, "team": 150, "source": 150, "action": 300,
         "unit": 64, "direction": 82, "lower": 88, "upper": 88, "alert": 88, "target": 88,
         "value": 88, "period": 92, "previous": 88, "change": 88, "attainment": 98, "status": 118, "bad_periods": 100, "quality": 124},
        folded=("lower", "upper", "source"),
        printed=("target", "bad_periods"),
        repeated="owner",
    ),
    "measures": TableLook(15, 2, {"measure": 150, "label": 230, "unit": 92, "aggregate": 90, "team": 150, "source": 150}, repeated="label"),
    "actions": TableLook(
        15,
        3,
        {"id": 58, "serves": 122, "action": 400, "owner": 144, "team": 150, "due": 100, "state": 110, "comment": 280},
    ),
    "check_ins": TableLook(
        30, 2, {"date": 104, "key_result": 110, "value": 100, "confidence": 98, "comment": 420, "author": 150}, last_row=20000, upright=True
    ),
    "history": TableLook(2, 0, {"date": 110, "level": 120, "id": 220, "score": 110, "status": 130}, row_height=26, last_row=20000, upright=True),
    "problems": TableLook(
        2,
        1,
        {"severity": 88, "table": 104, "row": 104, "message": 360, "advice": 620, "cell": 150, "field": 120, "code": 150},
        row_height=54,
        last_row=5000,
        printed=("severity", "advice"),
    ),
    "conflicts": TableLook(
        2,
        1,
        {"id": 64, "table": 116, "row": 110, "field": 110, "ours": 130, "ours_by": 144, "theirs": 130, "theirs_by": 144,
         "team": 150, "state": 110, "cell": 150, "date": 104, "ours_on": 104, "theirs_on": 104},
        last_row=5000,
        printed=("id", "state"),
    ),
}  # fmt: skip


def columns_of(table: Table) -> tuple[Column, ...]:
    """The columns of a table, in their order on the sheet: what is read together stands together, the inputs first."""
    look = LOOKS[table.id]
    return tuple(
        Column(
            table.field(field_id),
            width,
            folded=field_id in look.folded,
            strong=field_id in (STRONG.get(table.id), "score"),
            quiet=field_id in QUIET,
        )
        for field_id, width in look.widths.items()
    )


assert all(sorted(LOOKS[table.id].widths) == sorted(field.id for field in table.fields) for table in TABLES)
