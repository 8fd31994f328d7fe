"""What one returned workbook of a team brings back: where it comes from, what it answers, what a person should know of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from okr_workbook.domain.merging.sameness import Cell, digest_of
from okr_workbook.domain.merging.told import Giver
from okr_workbook.domain.planner import Action, CheckIn, key_of


class Source(NamedTuple):
    """A returned book. `person` signed it, its figures are of the day `on`; `saved` orders copies of one revision.

    `saved_by` is the user of the program that saved it last, "" where it does not say.
    """

    book: str
    team: str
    revision: int
    saved: str
    person: str
    on: date
    saved_by: str = ""

    @property
    def giver(self) -> Giver:
        """Whose answers it brings, as they are remembered."""
        saved_by = key_of(self.saved_by)
        return Giver(self.revision, self.saved, digest_of(key_of(self.person)), digest_of(saved_by) if saved_by else "")


class Answer(NamedTuple):
    """A cell that a team filled in otherwise than it was sent."""

    table: str
    row: str
    field: str
    base: Cell
    theirs: Cell


class TypedValue(NamedTuple):
    """A value typed for a key result: the check-in it makes, and the value in force when the book was made."""

    check_in: CheckIn
    base: float | None


class Ignored(NamedTuple):
    """A cell that a team may not change, and changed."""

    book: str
    team: str
    table: str
    row: str
    field: str
    sent: Cell
    found: Cell


class Note(NamedTuple):
    """Something in a book that a person should know. `code` names the sentence."""

    code: str
    book: str
    team: str
    details: Mapping[str, object] = {}


class Returned(NamedTuple):
    """What one book brings back. `rows` are those it answers for, as they were sent, by table and key of the id.

    `undated` are check-ins that take the day of the book; where a value is typed as well, it comes after them and wins.
    """

    source: Source
    answers: tuple[Answer, ...] = ()
    typed: tuple[TypedValue, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    actions: tuple[Action, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    notes: tuple[Note, ...] = ()
    rows: Mapping[tuple[str, str], Mapping[str, Cell]] = {}
    undated: tuple[CheckIn, ...] = ()
