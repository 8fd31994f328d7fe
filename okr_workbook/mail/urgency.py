"""What a team should act on first, from its part of the plan. Pure; the words are the letter's.

The order: key results at risk (the widest gap first), KPIs off track, actions past their day, key results behind,
then what nothing has come for. Within one kind by weight times gap, then by the order of the planner.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from okr_workbook.domain.planner import key_of
from okr_workbook.domain.team_plan import TeamKeyResult, TeamPlan

REASONS = ("at_risk", "off_track", "overdue", "behind", "no_data", "stale")
"""In the order of their urgency."""

_CLOSED = ("done", "dropped")


class Urgent(NamedTuple):
    """One thing to act on. `reason` is one of REASONS; shares in `details` run 0 to 1.

    `next_step` is what was planned for this case: the KPI's action, or the key result's next open action.
    """

    reason: str
    name: str
    owner: str = ""
    next_step: str = ""
    details: dict[str, float | date | None] = {}  # noqa: RUF012 (a named tuple's default, never changed)
    lost: float = 0.0


def urgent(plan: TeamPlan) -> list[Urgent]:
    """Everything to act on, the most urgent first."""
    found = [*_key_results(plan), *_kpis(plan), *_actions(plan)]
    return sorted(found, key=lambda one: (REASONS.index(one.reason), -one.lost))


def _key_results(plan: TeamPlan) -> Iterator[Urgent]:
    for one in plan.key_results:
        reason = _reason(one)
        if reason:
            row, got = one.row, one.got
            gap = (got.gap or 0.0) * (1.0 if one.weight is None else one.weight)
            details: dict[str, float | date | None] = {
                "score": got.score, "expected": got.expected, "updated_on": got.updated_on,
            }  # fmt: skip
            yield Urgent(reason, row.key_result or row.id, row.owner, _next_action(plan, row.id), details, gap)


def _reason(one: TeamKeyResult) -> str:
    """Why a key result needs somebody; "" where it does not. A person's score is not told, its silence is."""
    got = one.got
    if one.shown_score and got.status in ("at_risk", "behind") and got.score is not None and got.expected is not None:
        return got.status
    if got.status == "no_data" and got.updated_on is None:
        return "no_data"
    return "stale" if got.stale and got.updated_on else ""


def _kpis(plan: TeamPlan) -> Iterator[Urgent]:
    for one in plan.kpis:
        if one.got.alert:
            row = one.row
            yield Urgent("off_track", row.kpi or row.id, row.owner, row.action or _next_action(plan, row.id))


def _actions(plan: TeamPlan) -> Iterator[Urgent]:
    for row in plan.actions:
        if row.state not in _CLOSED and row.due and row.due < plan.as_of:
            lost = float((plan.as_of - row.due).days)
            yield Urgent("overdue", row.action or row.id, row.owner, "", {"due": row.due}, lost)


def _next_action(plan: TeamPlan, identifier: str) -> str:
    """The open action that serves this, the one due first."""
    open_ones = [row for row in plan.actions if key_of(row.serves) == key_of(identifier) and row.state not in _CLOSED]
    open_ones.sort(key=lambda row: row.due or date.max)
    return open_ones[0].action if open_ones else ""
