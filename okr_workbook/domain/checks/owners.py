"""Checks of words and owners: every row says what it is, and one person answers for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from okr_workbook.domain.checks.register import DOERR, GROVE, METHOD, Finder, Found, View, check
from okr_workbook.domain.planner import Action, KeyResult, Kpi, Objective, key_of


@check("text_missing", "warning", "objectives", DOERR)
def objective_text_missing(view: View) -> Iterable[Found]:
    """An objective without its words."""
    return (
        Found(row, "objective")
        for row in view.planner.objectives
        if not row.objective and "objective" not in row.unreadable
    )


@check("text_missing", "warning", "key_results", DOERR)
def key_result_text_missing(view: View) -> Iterable[Found]:
    """A key result without its words."""
    return (
        Found(row, "key_result")
        for row in view.planner.key_results
        if not row.key_result and "key_result" not in row.unreadable
    )


_OWNED = ("objectives", "key_results", "kpis", "actions")


def _owned(view: View, table: str) -> Sequence[Objective | KeyResult | Kpi | Action]:
    """The rows somebody has to answer for: all but the actions that are over."""
    if table == "actions":
        return [row for row in view.planner.actions if row.is_open]
    rows: Sequence[Objective | KeyResult | Kpi] = getattr(view.planner, table)
    return rows


def _no_owner(table: str) -> Finder:
    def no_owner(view: View) -> Iterable[Found]:
        """Nobody answers for the row."""
        return (Found(row, "owner") for row in _owned(view, table) if not row.owner and "owner" not in row.unreadable)

    return no_owner


def _several_owners(table: str) -> Finder:
    def several_owners(view: View) -> Iterable[Found]:
        """More than one owner in the cell: what two people own, nobody does."""
        return (
            Found(row, "owner", {"value": row.owner}) for row in _owned(view, table) if _names_several(row.owner, view)
        )

    return several_owners


def _unknown_owner(table: str) -> Finder:
    def unknown_owner(view: View) -> Iterable[Found]:
        """An owner who is neither a member nor leads a team, where the planner lists its people."""
        if not view.people:
            return ()
        return (
            Found(row, "owner", {"value": row.owner})
            for row in _owned(view, table)
            if row.owner and key_of(row.owner) not in view.people and not _names_several(row.owner, view)
        )

    return unknown_owner


def _names_several(owner: str, view: View) -> bool:
    """True for "Ann, Bob", "Ann / Bob", "Ann and Bob"; not for one known name that reads like that."""
    if not owner or key_of(owner) in view.people:
        return False
    words = key_of(owner).split(" ")
    if any(joiner in words[1:-1] for joiner in view.vocabulary.joiners):
        return True
    return len([part for part in re.split(r"[,;/+&\n]", owner) if part.strip()]) > 1


for _table in _OWNED:
    check("no_owner", "warning", _table, DOERR)(_no_owner(_table))
    check("several_owners", "warning", _table, GROVE)(_several_owners(_table))
    check("unknown_owner", "warning", _table, METHOD)(_unknown_owner(_table))
