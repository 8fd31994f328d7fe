"""What merging comes to: the cells and rows that come into the planner, and the conflicts for a person to decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from okr_workbook.domain.merging.returned import Ignored, Note
from okr_workbook.domain.merging.sameness import Cell, text_of
from okr_workbook.domain.merging.told import Place, Told
from okr_workbook.domain.planner import Action, CheckIn, key_of


class Conflict(NamedTuple):
    """A cell that was changed on both sides. `ours_by` and `ours_on` are known for a value that is a check-in."""

    table: str
    row: str
    field: str
    ours: Cell
    ours_by: str
    ours_on: date | None
    theirs: Cell
    theirs_by: str
    theirs_on: date | None
    team: str

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same conflict when the book comes again."""
        where = (key_of(part) for part in (self.table, self.row, self.field, self.team))
        return (*where, text_of(self.theirs), text_of(self.theirs_on))


class AnsweredCell(NamedTuple):
    """A cell of the planner that takes a team's answer."""

    table: str
    row: str
    field: str
    value: Cell
    team: str


class MergePlan(NamedTuple):
    """What the books change, in the order it is to be written, and what they do not."""

    cells: tuple[AnsweredCell, ...]
    check_ins: tuple[CheckIn, ...]
    actions: tuple[Action, ...]
    conflicts: tuple[Conflict, ...]
    ignored: tuple[Ignored, ...]
    notes: tuple[Note, ...]
    told: Mapping[tuple[str, Place], Told]
