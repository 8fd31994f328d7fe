"""Collect: returned team workbooks merged into the planner in one save, and conflicts decided by a person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from okr_workbook.actions.reading import read_planner, scored
from okr_workbook.actions.returned_books import ReadBook, RefusedBook, find_files, read_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.sandbox import ChildReader
from okr_workbook.books.told_answers import read_told, write_told
from okr_workbook.domain.merging import CellChange, Conflict, MergePlan, merge
from okr_workbook.domain.planner import CheckIn, Planner, key_of
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.cell_changes import merged
from okr_workbook.tables.collecting import (
    ListedConflict,
    append_check_ins,
    change_cells,
    link_to_ours,
    read_conflicts,
    render_merge,
)
from okr_workbook.tables.grid import Book, Changes, Grid, TableChange
from okr_workbook.tables.parsing import Parsed

Progress = Callable[[int, int], None]
SIDES = ("theirs", "ours")


class CollectReport(NamedTuple):
    """What collecting did, or with `dry_run` would do. `listed` are the conflicts with their ids, old and new, still open.

    `kept` are cells that hold a formula of the user's and were left alone. `not_noted`: why the ledger does not know of the
    answers, which are in the planner. `notices` are codes of what was cleared away of a run that was broken off.
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
) -> CollectReport:
    """Merge returned books (files, or folders of them) into a planner, in one save. Books stay where they are.

    The planner's scores are as they were: a refresh comes after. `opened` is the planner where a program has the file
    open: it is then read and written there.
    """
    file_book = FileBook(path)
    planner_book = opened or file_book
    grids, parsed = read_planner(planner_book)
    files = find_files(books, planner_path=path)
    read, refused = _read_books(files, parsed.planner, progress)
    language = parsed.planner.settings.language
    listed = read_conflicts(grids.get("conflicts"), parsed.columns.get("conflicts"), language)
    told = read_told(path)
    plan = merge(
        parsed.planner,
        values_in_force(parsed.planner, today),
        (book.returned for book in read),
        told=told,
        known_conflicts=(one.conflict.identity for one in listed),
    )
    _expect_tables(grids, plan, labels_for(language))
    changes = render_merge(grids, parsed.columns, plan, listed, labels_for(language), today)
    changed, kept = bool(changes.tables), tuple[str, ...]()
    not_noted: OkrError | None = None
    if not dry_run:
        if changed:
            written = planner_book.write(changes, command="collect")
            changed, kept = written.changed, written.kept
        worth_noting = plan.told != told and ("conflicts" in grids or not plan.conflicts)
        not_noted = _remember(path, plan, read, told=worth_noting, for_days=parsed.planner.settings.forget_after_days)
    open_ones = [(one.id, one.conflict) for one in listed if one.state == "open"]
    new_ones = list(zip(_new_ids(changes, grids, len(plan.conflicts)), plan.conflicts, strict=False))
    return CollectReport(
        language,
        tuple(read),
        tuple(refused),
        plan,
        tuple(open_ones + new_ones),
        changed,
        tuple(kept),
        not_noted,
        tuple(file_book.notices),
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
            else:
                refused.append(found)
            if progress is not None:
                progress(number, len(files))
    return read, refused


def values_in_force(planner: Planner, today: date) -> dict[str, float | None]:
    """The value of each key result now, by the key of its id; what was typed since the last refresh counts."""
    planner, scores = scored(planner, planner.settings.as_of or today)
    pairs = zip(planner.key_results, scores.key_results, strict=True)
    return {key_of(row.id): got.value for row, got in reversed(list(pairs))}


def _expect_tables(grids: Mapping[str, Grid], plan: MergePlan, labels: Labels) -> None:
    """OkrError where the planner has no table for what comes in."""
    for table, rows in (("check_ins", plan.check_ins), ("actions", plan.actions)):
        if rows and table not in grids:
            raise OkrError("table_missing", table=labels.table(table))


def _new_ids(changes: Changes, grids: dict[str, Grid], count: int) -> list[str]:
    """The ids that so many new conflicts were given, in their order; "" where the planner has no table for them."""
    change = next((one for one in changes.tables if one.table == "conflicts"), None)
    if change is None or "conflicts" not in grids:
        return [""] * count
    rows = sorted({row for row, _ in change.cells})
    return [str(change.cells[row, min(column for at, column in change.cells if at == row)]) for row in rows]


def _remember(
    path: str, plan: MergePlan, read: Iterable[ReadBook], *, told: bool, for_days: int | None
) -> OkrError | None:
    """Note who has answered and (`told`) what. Comes after the save: a crash in between is made good by the next collect.

    Where conflicts have no table to be listed in, nothing is remembered, so that they are told again. What the ledger
    holds is removed after so many days, where the planner wants it. What keeps it from being noted is given back and not
    raised: it must not hide what was done.
    """
    try:
        if told:
            write_told(path, plan.told)
        _note_answers(path, read, for_days)
    except OkrError as error:
        return error
    return None


def _note_answers(path: str, read: Iterable[ReadBook], for_days: int | None) -> None:
    from okr_workbook.mail.ledger import Answer, Ledger, ledger_path

    answered = [book for book in read if book.is_answer]
    if answered:
        now = datetime.now(UTC)
        with Ledger(ledger_path(path)) as ledger:
            for book in answered:
                stamp, name = book.stamp, os.path.basename(book.path)
                ledger.add_answer(Answer(stamp.team, stamp.period, stamp.revision, now, name))
            ledger.forget_after(for_days, now)


# --- conflicts decided ----------------------------------------------------------------------------


class ResolveReport(NamedTuple):
    """The conflict that was decided, and for which side; what was cleared away of a run that was broken off."""

    language: str
    id: str
    side: str
    conflict: Conflict
    notices: tuple[str, ...] = ()


def resolve(path: str, conflict_id: str, side: str) -> ResolveReport:
    """Take one side of a conflict. UsageError for a conflict that is not there, OkrError for one decided already."""
    if side not in SIDES:
        raise UsageError("unknown_side", side=side)
    book = FileBook(path)
    grids, parsed = read_planner(book)
    language = parsed.planner.settings.language
    found = read_conflicts(grids.get("conflicts"), parsed.columns.get("conflicts"), language)
    one = next((one for one in found if key_of(one.id) == key_of(conflict_id)), None)
    if one is None:
        known = ", ".join(known.id for known in found if known.state == "open") or "–"
        raise UsageError("unknown_conflict", conflict=conflict_id, known=known)
    if one.state != "open":
        raise OkrError("conflict_decided", conflict=one.id, side=labels_for(language).choice(one.state, "state"))
    changes = [_state_change(grids, parsed, one, side)]
    if side == "theirs":
        changes += _take_theirs(grids, parsed, one.conflict)
    book.write(Changes(tables=merged(changes)), command="collect")
    return ResolveReport(language, one.id, side, one.conflict, tuple(book.notices))


def _state_change(grids: dict[str, Grid], parsed: Parsed, one: ListedConflict, side: str) -> TableChange:
    labels = labels_for(parsed.planner.settings.language)
    place = parsed.columns["conflicts"].fields["state"]
    assert one.place < len(grids["conflicts"].rows)
    return TableChange("conflicts", {(one.place, place): labels.choice(side, "state")})


def _take_theirs(grids: dict[str, Grid], parsed: Parsed, conflict: Conflict) -> list[TableChange]:
    """The cell takes their value, and a value becomes a check-in that is in force: not dated before our last.

    `current` takes it too: a value of ours that no refresh has logged yet would else be logged after theirs.
    OkrError where there is no such cell any more, or it holds a formula.
    """
    _expect_open_cell(grids, parsed, conflict)
    labels = labels_for(parsed.planner.settings.language)
    change = CellChange(conflict.table, conflict.row, conflict.field, conflict.theirs, conflict.team)
    changes = change_cells(grids, parsed.columns, [change], labels)
    if conflict.field != "current":
        return changes
    key = key_of(conflict.row)
    days = [one.date for one in parsed.planner.check_ins if one.date and key_of(one.key_result) == key]
    day = max([day for day in (*days, conflict.theirs_on) if day is not None], default=None)
    value = float(conflict.theirs) if isinstance(conflict.theirs, int | float) else None
    check_in = CheckIn(day, conflict.row, value, None, "", conflict.theirs_by)
    return changes + append_check_ins(grids, parsed.columns, [check_in])


def _expect_open_cell(grids: dict[str, Grid], parsed: Parsed, conflict: Conflict) -> None:
    """OkrError where the cell of a conflict is gone, or holds a formula of the user's: it would not take their side."""
    labels = labels_for(parsed.planner.settings.language)
    change = CellChange(conflict.table, conflict.row, conflict.field, conflict.theirs, conflict.team)
    places = [place for one in change_cells(grids, parsed.columns, [change], labels) for place in one.cells]
    if not places and (conflict.table not in grids or link_to_ours(conflict, grids, parsed.columns) is None):
        raise OkrError("conflict_cell_gone", row=conflict.row, table=labels.table(conflict.table))
    for row, column in places:
        grid = grids[conflict.table]
        if (row, column) in grid.formulas:
            cell = f"{grid.sheet}!{grid.address(row, column)}"
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
                "message": _sentence(one.error, labels),
            }
            for one in report.refused
        ],
        "check_ins": [_plain(one._asdict(), "row_number", "unreadable") for one in plan.check_ins],
        "actions": [_plain(one._asdict(), "row_number", "unreadable") for one in plan.actions],
        "cells": [_plain(one._asdict()) for one in plan.cells],
        "conflicts": [_plain({"id": found or None, **one._asdict()}) for found, one in report.listed],
        "ignored": [_plain(one._asdict()) for one in plan.ignored],
        "notes": [
            {"code": one.code, "book": one.book, "team": one.team, "message": note_sentence(one, report.language)}
            for one in plan.notes
        ],
        "kept": list(report.kept),
        "not_noted": report.not_noted
        and {"code": report.not_noted.code, "message": _sentence(report.not_noted, labels)},
    }


def _sentence(error: OkrError, labels: Labels) -> str:
    return labels.text("messages", f"errors.{error.code}", **error.details)


def note_sentence(note: Any, language: str) -> str:
    """A note in words."""
    labels = labels_for(language)
    details = dict(note.details)
    if "field" in details:
        details["field"] = labels.field(details["table"], details["field"])
    if "table" in details:
        details["table"] = labels.table(details["table"])
    if "fault" in details:
        why = {"row": "", "field": "", "table": "", **details}
        details["why"] = labels.text("problems", f"{details['fault']}.message", **why)
    return labels.text("collect", f"notes.{note.code}", book=note.book, team=note.team, **details)


def _plain(found: dict[str, Any], *without: str) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in found.items()
        if name not in without
    }
