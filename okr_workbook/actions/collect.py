"""Collect: returned team workbooks merged into the planner in one save, and conflicts decided by a person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from okr_workbook.actions.reading import read_whole_planner, scored
from okr_workbook.actions.returned_books import ReadBook, RefusedBook, find_files, read_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.sandbox import ChildReader
from okr_workbook.books.told_answers import read_told, write_told
from okr_workbook.domain.merging.plan import AnsweredCell, Conflict, MergePlan
from okr_workbook.domain.merging.returned import Note
from okr_workbook.domain.merging.three_way import merge
from okr_workbook.domain.planner import Action, CheckIn, Planner, key_of
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.cell_changes import merged
from okr_workbook.tables.collecting import (
    ListedConflict,
    append_check_ins,
    cell_of,
    change_cells,
    read_conflicts,
    render_merge,
    side_in_words,
)
from okr_workbook.tables.grid import Book, Changes, Grid, TableChange
from okr_workbook.tables.parsing import Parsed
from okr_workbook.tables.schema import MONTH, table

Progress = Callable[[int, int], None]
SIDES = ("theirs", "ours")


class CollectReport(NamedTuple):
    """What collecting did, or with `dry_run` would do. `listed` are the conflicts with their ids, old and new, still open.

    `kept` are cells that hold a formula of the user's and were left alone. `not_noted`: why the ledger does not know of the
    answers, which are in the planner. `notices` are codes of what was cleared away of a run that was broken off. `units`
    of key results by the key of their id, and the `cells` of conflicts as people write them, by table, row and field: what
    `conflict_words` needs.
    """

    language: str
    books: tuple[ReadBook, ...]
    refused: tuple[RefusedBook, ...]
    plan: MergePlan
    listed: tuple[tuple[str, Conflict], ...]
    changed: bool
    kept: tuple[str, ...] = ()
    not_noted: OkrError | None = None
    notices: tuple[str, ...] = ()
    units: Mapping[str, str] = {}
    cells: Mapping[tuple[str, str, str], str] = {}

    @property
    def needs_person(self) -> bool:
        """True where someone must look: a book was left, a conflict is open, an answer could not be taken or noted."""
        plan = self.plan
        return bool(self.refused or self.listed or plan.notes or plan.ignored or self.kept or self.not_noted)


def collect(
    path: str,
    books: Sequence[str],
    *,
    today: date,
    dry_run: bool = False,
    progress: Progress | None = None,
    opened: Book | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> CollectReport:
    """Merge returned books (files, or folders of them) into a planner, in one save. Books stay where they are.

    The planner's scores are as they were: a refresh comes after. `opened` is the planner where a program has the file
    open: it is then read and written there.
    """
    file_book = FileBook(path)
    planner_book = opened or file_book
    grids, parsed = read_whole_planner(planner_book)
    files = find_files(books, planner_path=path)
    read, refused = _read_books(files, parsed.planner, progress)
    language = parsed.planner.settings.language
    listed = read_conflicts(grids.get("conflicts"), parsed.columns.get("conflicts"), language)
    told = read_told(path)
    plan = merge(
        parsed.planner,
        values_by_id(parsed.planner, today),
        (book.returned for book in read),
        told=told,
        known_conflicts=(one.conflict.identity for one in listed),
    )
    _expect_columns(parsed, plan.cells, plan.check_ins, plan.actions)
    changes = render_merge(grids, parsed.columns, plan, listed, labels_for(language), today)
    changed, kept = bool(changes.tables), tuple[str, ...]()
    not_noted: OkrError | None = None
    if not dry_run:
        if changed:
            written = planner_book.write(changes, command="collect")
            changed, kept = written.changed, written.kept
        worth_noting = plan.told != told and ("conflicts" in grids or not plan.conflicts)
        for_days = parsed.planner.settings.forget_after_days
        not_noted = _remember(path, plan, read, now(), told=worth_noting, for_days=for_days)
    open_ones = [(one.id, one.conflict) for one in listed if one.state == "open"]
    new_ones = list(zip(_new_ids(changes, grids, len(plan.conflicts)), plan.conflicts, strict=False))
    shown = tuple(open_ones + new_ones)
    return CollectReport(
        language,
        tuple(read),
        tuple(refused),
        plan,
        shown,
        changed,
        tuple(kept),
        not_noted,
        tuple(file_book.notices),
        {key_of(row.id): row.unit for row in reversed(parsed.planner.key_results)},
        {(one.table, one.row, one.field): cell_of(one, grids, parsed.columns) for _, one in shown},
    )


def _read_books(
    files: Sequence[str], planner: Planner, progress: Progress | None
) -> tuple[list[ReadBook], list[RefusedBook]]:
    read: list[ReadBook] = []
    refused: list[RefusedBook] = []
    with ChildReader() as reader:
        for number, file in enumerate(files, 1):
            found = read_book(file, planner, reader)
            if isinstance(found, ReadBook):
                read.append(found)
            elif found is not None:
                refused.append(found)
            if progress is not None:
                progress(number, len(files))
    return read, refused


def values_by_id(planner: Planner, today: date) -> dict[str, float | None]:
    """The value of each key result now, by the key of its id; what was typed since the last refresh counts."""
    planner, scores = scored(planner, planner.settings.as_of or today)
    pairs = zip(planner.key_results, scores.key_results, strict=True)
    return {key_of(row.id): got.value for row, got in reversed(list(pairs))}


def _expect_columns(
    parsed: Parsed, cells: Iterable[AnsweredCell], check_ins: Sequence[CheckIn], actions: Sequence[Action] = ()
) -> None:
    """OkrError where something that comes in has no column to stand in: it would be lost. A month gets its own."""
    wanted = [(one.table, one.field) for one in cells if table(one.table).field(one.field) is not MONTH]
    for table_id, rows in (("check_ins", check_ins), ("actions", actions)):
        wanted += [
            (table_id, field.id)
            for field in table(table_id).fields
            if any(getattr(row, field.id) not in (None, "") for row in rows)
        ]
    lacking = next((one for one in wanted if parsed.columns[one[0]].lacks(one[1])), None)
    if lacking is not None:
        labels = labels_for(parsed.planner.settings.language)
        raise OkrError("column_missing", table=labels.table(lacking[0]), column=labels.field(*lacking))


def _new_ids(changes: Changes, grids: dict[str, Grid], count: int) -> list[str]:
    """The ids that so many new conflicts were given, in their order; "" where the planner has no table for them."""
    change = next((one for one in changes.tables if one.table == "conflicts"), None)
    if change is None or "conflicts" not in grids:
        return [""] * count
    rows = sorted({row for row, _ in change.cells})
    return [str(change.cells[row, min(column for at, column in change.cells if at == row)]) for row in rows]


def _remember(
    path: str, plan: MergePlan, read: Iterable[ReadBook], now: datetime, *, told: bool, for_days: int | None
) -> OkrError | None:
    """Note who has answered and (`told`) what. Comes after the save: a crash in between is made good by the next collect.

    Where conflicts have no table to be listed in, nothing is remembered, so that they are told again. What the ledger
    holds is removed after so many days, where the planner wants it. What keeps it from being noted is given back and not
    raised: it must not hide what was done.
    """
    try:
        if told:
            write_told(path, plan.told)
        _note_answers(path, read, now, for_days)
    except OkrError as error:
        return error
    return None


def _note_answers(path: str, read: Iterable[ReadBook], now: datetime, for_days: int | None) -> None:
    from okr_workbook.mail.ledger import BookReturned, Ledger, ledger_path

    answered = [book for book in read if book.is_answer]
    if answered:
        with Ledger(ledger_path(path)) as ledger:
            for book in answered:
                stamp, name = book.stamp, os.path.basename(book.path)
                ledger.add_answer(BookReturned(stamp.team, stamp.period, stamp.revision, now, name))
            ledger.forget_after(for_days, now)


# --- conflicts decided ----------------------------------------------------------------------------


class Decision(NamedTuple):
    """The side (`theirs` or `ours`) that a person takes in a conflict."""

    side: str
    conflict: str


class ResolveReport(NamedTuple):
    """What was decided, by the conflicts' own ids; what was cleared away of a run that was broken off."""

    language: str
    decided: tuple[Decision, ...]
    notices: tuple[str, ...] = ()


def resolve(path: str, decisions: Iterable[Decision], *, dry_run: bool = False) -> ResolveReport:
    """Take a side in each of these conflicts, all in one save or none; with `dry_run` only say whether that can be.

    UsageError for a conflict that is not there, OkrError for one decided already.
    """
    book = FileBook(path)
    grids, parsed = read_whole_planner(book)
    language = parsed.planner.settings.language
    found = read_conflicts(grids.get("conflicts"), parsed.columns.get("conflicts"), language)
    decided: dict[str, tuple[ListedConflict, str]] = {}
    for one in decisions:
        listed = _open_conflict(found, one, language)
        if decided.setdefault(listed.id, (listed, one.side))[1] != one.side:
            taken = labels_for(language).choice(decided[listed.id][1], "state")
            raise UsageError("conflict_decided", conflict=listed.id, side=taken)
    changes = [_state_change(grids, parsed, listed, side) for listed, side in decided.values()]
    changes += _take_theirs(grids, parsed, [listed.conflict for listed, side in decided.values() if side == "theirs"])
    if not dry_run:
        book.write(Changes(tables=merged(changes)), command="collect")
    done = tuple(Decision(side, conflict) for conflict, (_, side) in decided.items())
    return ResolveReport(language, done, tuple(book.notices))


def _open_conflict(found: Sequence[ListedConflict], wanted: Decision, language: str) -> ListedConflict:
    if wanted.side not in SIDES:
        raise UsageError("unknown_side", side=wanted.side)
    one = next((one for one in found if key_of(one.id) == key_of(wanted.conflict)), None)
    if one is None:
        known = ", ".join(known.id for known in found if known.state == "open") or "–"
        raise UsageError("unknown_conflict", conflict=wanted.conflict, known=known)
    if one.state != "open":
        raise OkrError("conflict_decided", conflict=one.id, side=labels_for(language).choice(one.state, "state"))
    return one


def _state_change(grids: dict[str, Grid], parsed: Parsed, one: ListedConflict, side: str) -> TableChange:
    labels = labels_for(parsed.planner.settings.language)
    place = parsed.columns["conflicts"].fields["state"]
    assert one.place < len(grids["conflicts"].rows)
    return TableChange("conflicts", {(one.place, place): labels.choice(side, "state")})


def _take_theirs(grids: dict[str, Grid], parsed: Parsed, conflicts: Sequence[Conflict]) -> list[TableChange]:
    """The cells take their values, and a value becomes a check-in that is in force: not dated before the last one.

    `current` takes it too: a value of ours that no refresh has logged yet would else be logged after theirs.
    OkrError where there is no such cell any more, or it holds a formula.
    """
    for one in conflicts:
        _expect_open_cell(grids, parsed, one)
    labels = labels_for(parsed.planner.settings.language)
    cells = [AnsweredCell(one.table, one.row, one.field, one.theirs, one.team) for one in conflicts]
    check_ins: list[CheckIn] = []
    for one in conflicts:
        if one.field == "current":
            known = (
                row for row in (*parsed.planner.check_ins, *check_ins) if key_of(row.key_result) == key_of(one.row)
            )
            day = max((day for day in (*(row.date for row in known), one.theirs_on) if day is not None), default=None)
            value = float(one.theirs) if isinstance(one.theirs, int | float) else None
            check_ins.append(CheckIn(day, one.row, value, None, "", one.theirs_by))
    _expect_columns(parsed, (), check_ins)
    changes = change_cells(grids, parsed.columns, cells, labels)
    return changes + append_check_ins(grids, parsed.columns, check_ins)


def _expect_open_cell(grids: dict[str, Grid], parsed: Parsed, conflict: Conflict) -> None:
    """OkrError where the cell of a conflict is gone, or holds a formula of the user's: it would not take their side."""
    labels = labels_for(parsed.planner.settings.language)
    change = AnsweredCell(conflict.table, conflict.row, conflict.field, conflict.theirs, conflict.team)
    places = [place for one in change_cells(grids, parsed.columns, [change], labels) for place in one.cells]
    if not places and not cell_of(conflict, grids, parsed.columns):
        raise OkrError("conflict_cell_gone", row=conflict.row, table=labels.table(conflict.table))
    for row, column in places:
        grid = grids[conflict.table]
        if (row, column) in grid.formulas:
            cell = grid.named(grid.address(row, column))
            raise OkrError("conflict_over_formula", row=conflict.row, cell=cell)


# --- as JSON --------------------------------------------------------------------------------------


def collect_json(report: CollectReport) -> dict[str, Any]:
    """The report as JSON: dates as ISO text, None as null."""
    labels, plan = labels_for(report.language), report.plan
    return {
        "changed": report.changed,
        "books": [
            {"book": os.path.basename(one.path), "team": one.stamp.team, "revision": one.stamp.revision}
            for one in report.books
        ],
        "refused": [
            {
                "book": os.path.basename(one.path),
                "code": one.error.code,
                "message": labels.error(one.error),
            }
            for one in report.refused
        ],
        "check_ins": [_plain(one._asdict(), "row_number", "unreadable", "by_formula") for one in plan.check_ins],
        "actions": [_plain(one._asdict(), "row_number", "unreadable") for one in plan.actions],
        "cells": [_plain(one._asdict()) for one in plan.cells],
        "conflicts": [_plain({"id": found or None, **one._asdict()}) for found, one in report.listed],
        "ignored": [_plain(one._asdict()) for one in plan.ignored],
        "notes": [
            {"code": one.code, "book": one.book, "team": one.team, "message": note_sentence(one, report.language)}
            for one in plan.notes
        ],
        "kept": list(report.kept),
        "not_noted": report.not_noted and {"code": report.not_noted.code, "message": labels.error(report.not_noted)},
    }


def conflict_words(report: CollectReport, one: Conflict, labels: Labels) -> dict[str, object]:
    """What a sentence on a conflict says: both sides in the row's unit, the field and the cell as people call them."""
    unit = report.units.get(key_of(one.row), "") if one.table == "key_results" else ""
    sides = {side: side_in_words(one, getattr(one, side), unit, labels) for side in SIDES}
    field, cell = labels.field(one.table, one.field), report.cells.get((one.table, one.row, one.field), "")
    return {**one._asdict(), **sides, "field": f"{field} ({cell})" if cell else field}


def note_sentence(note: Note, language: str) -> str:
    """A note in words."""
    labels = labels_for(language)
    details: dict[str, Any] = dict(note.details)
    if "field" in details:
        details["field"] = labels.field(details["table"], details["field"])
    if "table" in details:
        details["table"] = labels.table(details["table"])
    if isinstance(details.get("row"), int):
        details["row"] = labels.text("tables", "places.row", number=str(details["row"]))
    if "fault" in details:
        why = {"row": "", "field": "", "table": "", **details}
        parts = (f"{details['fault']}.message", f"{details['fault']}.advice")
        details["why"] = " ".join(labels.text("problems", part, **why) for part in parts)
    return labels.text("collect", f"notes.{note.code}", book=note.book, team=note.team, **details)


def _plain(found: dict[str, Any], *without: str) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in found.items()
        if name not in without
    }
