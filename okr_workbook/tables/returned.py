"""A returned team workbook's grids, understood: rows by id, columns by label in any language, cells by the book's language.

What cannot be read is noted at its cell and left out, never guessed. What a team may not change is compared with what
was sent, and told where it differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from okr_workbook.domain.merging.returned import Answer, Ignored, Note, Returned, Source, TypedValue
from okr_workbook.domain.merging.sameness import KNOWN_BY, MEASURED_BY, Cell, same_cell
from okr_workbook.domain.planner import Action, CheckIn, key_of
from okr_workbook.tables.cell_values import Fault, as_text, is_blank, read_cell, read_incoming
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Grid, NotComputed, Value
from okr_workbook.tables.schema import Field, table

Base = Mapping[tuple[str, str], Mapping[str, str | float | bool | None]]
"""The fields of each row as sent, by (table, key of the id)."""

MAY_CHANGE = {"key_results": ("current", "confidence", "comment"), "actions": ("state", "comment")}
"""The fields of known rows that a team fills in."""

_SENT_ALONG = frozenset(("value", *MEASURED_BY))
"""Fields of the base that are no cells of the book."""

_COMMENT = table("check_ins").field("comment")
_LONGEST_NAME = 255


class Signed(NamedTuple):
    """What dates and signs the typed values of a book."""

    on: date
    person: str


class ReturnedBook(NamedTuple):
    """A returned book ready to be understood. `key_results` are the tables in which values of key results are typed.

    `yes_no` are the keys of the key results whose readings may be yes or no. `open_months` are those whose figures the
    team could fill in, as measures are headed in planners: 2026-11.
    """

    source: Source
    language: str
    base: Base
    key_results: Sequence[Grid]
    grids: Mapping[str, Grid]
    yes_no: frozenset[str]
    open_months: frozenset[str] = frozenset()


def read_signature(day: Value, person: Value, as_of: date, language: str) -> tuple[Signed, Fault | None]:
    """The day and person of a book's two signing cells; where the day is blank or unreadable, the day of the book."""
    found, fault = read_incoming(day, Field("date", "date"), language)
    refused = fault if fault is not None and fault.severity == "error" else None
    return Signed(found if isinstance(found, date) else as_of, as_text(person)[:_LONGEST_NAME]), refused


def read_returned(book: ReturnedBook) -> Returned:
    """What the book brings back."""
    return _Reader(book).read()


def rows_as_sent(base: Base) -> dict[tuple[str, str], dict[str, Cell]]:
    """What the rows were that a book was sent with, as far as they are known by it."""
    return {
        (name, key): {field: fields.get(field) for field in KNOWN_BY[name]}
        for (name, key), fields in base.items()
        if name in KNOWN_BY
    }


class _Reader:
    """Reads one book, collecting answers and notes."""

    def __init__(self, book: ReturnedBook) -> None:
        self.book, self.source = book, book.source
        self.answers: list[Answer] = []
        self.typed: list[TypedValue] = []
        self.check_ins: list[CheckIn] = []
        self.undated: list[CheckIn] = []
        self.actions: list[Action] = []
        self.ignored: list[Ignored] = []
        self.notes: list[Note] = []

    def read(self) -> Returned:
        seen, measured = set[str](), set[str]()
        for grid in self.book.key_results:
            for row in _Rows(grid, extra={"comment": _COMMENT}):
                self._read_key_result(row, seen)
        if "actions" in self.book.grids:
            for row in _Rows(self.book.grids["actions"]):
                self._read_action(row)
        if "check_ins" in self.book.grids:
            for row in _Rows(self.book.grids["check_ins"]):
                self._read_check_in(row)
        if "measures" in self.book.grids:
            for row in _Rows(self.book.grids["measures"]):
                self._read_measure(row, measured)
        for name in ("objectives", "kpis"):
            if name in self.book.grids:
                for row in _Rows(self.book.grids[name]):
                    self._compare(name, row, self._base(name, row), ())
        return Returned(
            self.source, tuple(self.answers), tuple(self.typed), tuple(self.check_ins), tuple(self.actions),
            tuple(self.ignored), tuple(self.notes), rows_as_sent(self.book.base), tuple(self.undated),
        )  # fmt: skip

    # --- key results ---

    def _read_key_result(self, row: _Row, seen: set[str]) -> None:
        base = self._base("key_results", row)
        filled = [field for field in ("current", "comment") if not is_blank(row.cell(field))]
        key = key_of(row.id)
        if base is None or key in seen:
            if filled:
                self._note("row_unknown" if base is None else "row_twice", table="key_results", row=row.called)
            return
        seen.add(key)
        self._compare("key_results", row, base, MAY_CHANGE["key_results"])
        value = None
        if base.get("current") is None:
            value = self._value("key_results", row, "current", yes_no=key in self.book.yes_no, unit=base.get("unit"))
        elif as_text(row.cell("current")) != as_text(base["current"]):  # a KPI feeds it, as the words there say
            self._ignore("key_results", row, "current", base["current"])
        confidence = self._value("key_results", row, "confidence")
        comment = self._value("key_results", row, "comment") or ""
        sent = base.get("confidence")
        changed = confidence is not None and confidence != sent
        if changed:
            self.answers.append(Answer("key_results", row.id, "confidence", sent, confidence))
        if value is None and not comment and not changed:
            return
        check_in = CheckIn(self.source.on, row.id, value, confidence, comment, self.source.person)
        in_force = base.get("value")
        self.typed.append(TypedValue(check_in, float(in_force) if isinstance(in_force, int | float) else None))

    # --- actions ---

    def _read_action(self, row: _Row) -> None:
        if not row.id:
            self._read_new_action(row)
            return
        base = self._base("actions", row)
        if base is None:
            self._note("row_unknown", table="actions", row=row.called)
            return
        self._compare("actions", row, base, MAY_CHANGE["actions"])
        for field_id in MAY_CHANGE["actions"]:
            before = len(self.notes)
            theirs = self._value("actions", row, field_id)
            field = table("actions").field(field_id)
            sent, _ = read_cell(base.get(field_id), field, self.book.language)
            if field_id not in row.columns or len(self.notes) > before or (theirs is None and field_id == "state"):
                continue  # a state is never blank: a blank one is no answer, nor is a cell that cannot be read
            if as_text(theirs) != as_text(sent):
                self.answers.append(Answer("actions", row.id, field_id, sent or "", theirs or ""))

    def _read_new_action(self, row: _Row) -> None:
        fields = {
            field: self._value("actions", row, field)
            for field in ("serves", "action", "owner", "due", "state", "comment")
        }
        if not fields["action"]:
            if any(value is not None for value in fields.values()):
                self._note("action_without_words", table="actions", row=row.called)
            return
        words: dict[str, Any] = {field: value or "" for field, value in fields.items() if field != "due"}
        self.actions.append(Action(team=self.source.team, due=fields["due"], **words))

    # --- check-ins ---

    def _read_check_in(self, row: _Row) -> None:
        if all(is_blank(row.cell(field)) for field in ("key_result", "value", "confidence", "comment")):
            return
        key_result = as_text(row.cell("key_result"))
        if ("key_results", key_of(key_result)) not in self.book.base:
            code = "check_in_of_unknown" if key_result else "check_in_of_nothing"
            self._note(code, table="check_ins", row=row.called, key_result=key_result)
            return
        before = len(self.notes)
        day = self._value("check_ins", row, "date")
        unit = self.book.base["key_results", key_of(key_result)].get("unit")
        value = self._value("check_ins", row, "value", yes_no=key_of(key_result) in self.book.yes_no, unit=unit)
        confidence = self._value("check_ins", row, "confidence")
        comment, author = (self._value("check_ins", row, field) or "" for field in ("comment", "author"))
        if len(self.notes) > before:
            return
        if value is None and not comment:
            self._note("check_in_without_value", table="check_ins", row=key_result)
            return
        if day is None:
            self._note("check_in_undated", table="check_ins", row=row.called, key_result=key_result, day=self.source.on)
        (self.undated if day is None else self.check_ins).append(
            CheckIn(
                day if isinstance(day, date) else self.source.on,
                key_result,
                value if isinstance(value, float) else None,
                confidence if isinstance(confidence, float) else None,
                comment,
                author or self.source.person,
            )
        )

    # --- measures ---

    def _read_measure(self, row: _Row, seen: set[str]) -> None:
        """The figures of the open months that are not as they were sent; a blank one is no answer."""
        base = self._base("measures", row)
        key = key_of(row.id)
        if base is None or key in seen:
            if any(not is_blank(row.cell(month)) for month in self.book.open_months):
                self._note("row_unknown" if base is None else "row_twice", table="measures", row=row.called)
            return
        seen.add(key)
        months = {field: base.get(field) for field in row.columns if not table("measures").has(field)}
        self._compare("measures", row, {**base, **months}, self.book.open_months)
        for month in sorted(months.keys() & self.book.open_months):
            theirs, sent = self._value("measures", row, month, unit=base.get("unit")), base.get(month)
            if theirs is not None and not same_cell(theirs, sent):
                self.answers.append(Answer("measures", row.id, month, sent, theirs))

    # --- cells ---

    def _base(self, name: str, row: _Row) -> Mapping[str, str | float | bool | None] | None:
        return self.book.base.get((name, key_of(row.id))) if row.id else None

    def _value(
        self, name: str, row: _Row, field_id: str, *, yes_no: bool = False, unit: str | float | bool | None = None
    ) -> Any:
        """A cell's value by its field; None where blank, or noted where it cannot be read."""
        field = row.field(name, field_id)
        value, fault = read_incoming(row.cell(field_id), field, self.book.language, yes_no=yes_no, unit=as_text(unit))
        if fault is None and isinstance(value, float) and _out_of_range(value, field):
            fault = Fault(f"{field_id}_out_of_range", "error", {"value": value})
        if fault is not None and fault.severity == "error":
            self._note("unreadable", table=name, row=row.called, field=field_id, fault=fault.code, **fault.details)
            return None
        return value

    def _compare(
        self, name: str, row: _Row, base: Mapping[str, str | float | bool | None] | None, may_change: Iterable[str]
    ) -> None:
        """Note what a team changed and may not."""
        if base is None:
            return
        for field_id, sent in base.items():
            if field_id in may_change or field_id in _SENT_ALONG or field_id not in row.columns:
                continue
            field = table(name).field(field_id)
            found = row.cell(field_id)
            if isinstance(found, NotComputed):
                continue
            theirs, _ = read_cell(found, field, self.book.language)
            ours, _ = read_cell(sent, field, self.book.language)
            if not same_cell(theirs, ours):
                self._ignore(name, row, field_id, sent)

    def _ignore(self, name: str, row: _Row, field_id: str, sent: Cell) -> None:
        found = as_text(row.cell(field_id))
        self.ignored.append(Ignored(self.source.book, self.source.team, name, row.id, field_id, sent, found))

    def _note(self, code: str, **details: object) -> None:
        self.notes.append(Note(code, self.source.book, self.source.team, details))


def _out_of_range(value: float, field: Field) -> bool:
    low, high = field.minimum, field.maximum
    return (low is not None and value < low) or (high is not None and value > high)


class _Row:
    """One row of a table, its cells by field. `called`: its id, else its number in the sheet (in the table, where no sheet is known)."""

    def __init__(
        self,
        cells: Sequence[Value],
        columns: Mapping[str, int],
        number: int,
        extra: Mapping[str, Field],
        id_field: str,
    ) -> None:
        self.cells, self.columns, self.extra = cells, columns, extra
        self.id = as_text(self.cell(id_field))
        self.called = self.id or number

    def cell(self, field_id: str) -> Value:
        place = self.columns.get(field_id)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def field(self, name: str, field_id: str) -> Field:
        return self.extra.get(field_id) or table(name).field(field_id)


class _Rows:
    """The rows of a grid. `extra` are fields of another table whose label heads a column here."""

    def __init__(self, grid: Grid, extra: Mapping[str, Field] | None = None) -> None:
        self.grid, self.extra = grid, extra or {}
        self.columns = columns_of(grid.table, grid.headers, in_team_book=True).places
        for field_id in self.extra:
            place = columns_of("check_ins", grid.headers).fields.get(field_id)
            if place is not None:
                self.columns.setdefault(field_id, place)

    def __iter__(self) -> Any:
        id_field = table(self.grid.table).id_field
        first = self.grid.top + 1 if self.grid.sheet else 1
        for number, cells in enumerate(self.grid.rows, first):
            if any(not is_blank(cell) for cell in cells):
                yield _Row(cells, self.columns, number, self.extra, id_field)
