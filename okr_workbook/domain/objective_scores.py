"""Objectives at a date: what each rolls up, and its pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from okr_workbook.domain.needed import needed_alone, needed_together
from okr_workbook.domain.outline import ObjectivePlan, Outline, members_of
from okr_workbook.domain.pace import gap_of, grade_of, status_of
from okr_workbook.domain.planner import Settings
from okr_workbook.domain.problems import Problem
from okr_workbook.domain.references import fault_at
from okr_workbook.domain.results import KeyResultScore, ObjectiveScore
from okr_workbook.domain.rollup import NOTHING, Part, Whole, roll_up


def roll_up_objectives(
    outline: Outline, key_results: Sequence[KeyResultScore], as_of: date, problems: list[Problem]
) -> list[Whole]:
    """What each objective rolls up, in the order of the rows."""
    wholes = [NOTHING] * len(outline.objectives)
    for place in outline.children_first:
        plan = outline.objectives[place]
        parts = _parts(plan, outline, key_results, wholes, as_of)
        whole = wholes[place] = roll_up(parts, outline.settings.missing_counts_as)
        if whole.weightless:
            problems.append(fault_at("objectives", plan.row, "", "weights_all_zero"))
    return wholes


def _parts(
    plan: ObjectivePlan, outline: Outline, key_results: Sequence[KeyResultScore], wholes: Sequence[Whole], as_of: date
) -> list[Part]:
    members = members_of(plan, outline.settings.roll_up)
    parts = [key_result_part(outline, key_results, place, as_of) for place in members.key_results]
    parts += [objective_part(outline, wholes, place, as_of) for place in members.objectives]
    parts += [_cut_off(outline.objectives[place]) for place in members.cut_off]
    return parts


def key_result_part(outline: Outline, key_results: Sequence[KeyResultScore], place: int, as_of: date) -> Part:
    """A key result as a part of its objective."""
    plan, score = outline.key_results[place], key_results[place]
    return Part(
        plan.row.id or str(plan.row.row_number),
        plan.weight,
        score.score,
        score.expected,
        plan.success,
        score.forecast.score,
        score.status,
        score.stale,
        score.usable,
        has_value=score.score is not None,
        may_be_done=plan.may_be_done(as_of),
    )


_DATES = frozenset(("start", "end"))
"""Where one of them cannot be read, the pace of what is above would leave out what its score counts."""


def objective_part(outline: Outline, wholes: Sequence[Whole], place: int, as_of: date) -> Part:
    """An objective as a part of its parent, of a team, of a member or of the company."""
    plan, whole = outline.objectives[place], wholes[place]
    return Part(
        plan.row.id or str(plan.row.row_number),
        plan.weight,
        whole.score,
        whole.expected,
        plan.success,
        whole.forecast,
        objective_status(plan, whole, outline.settings, as_of),
        whole.stale,
        usable=not whole.faulty and not plan.repeated and _DATES.isdisjoint(plan.row.unreadable),
        has_value=whole.has_value,
        may_be_done=whole.may_be_done,
    )


def _cut_off(plan: ObjectivePlan) -> Part:
    return Part(
        plan.row.id, None, None, None, plan.success, None, "no_data", stale=False, usable=False, has_value=False,
        may_be_done=True,
    )  # fmt: skip


def objective_status(plan: ObjectivePlan, whole: Whole, settings: Settings, as_of: date) -> str:
    """By its own pace, or the worst of what it rolls up. An objective in which nothing has a value has no data."""
    begun = plan.span.begun(as_of)
    if begun and whole.has_value and settings.status_rule == "worst":
        return whole.worst
    return status_of(
        whole.score if whole.has_value else None,
        whole.expected,
        success=plan.success,
        begun=begun,
        may_be_done=whole.may_be_done,
        settings=settings,
    )


def objective_scores(
    outline: Outline, wholes: Sequence[Whole], key_results: Sequence[KeyResultScore], as_of: date
) -> tuple[ObjectiveScore, ...]:
    """The objectives' results, in the order of the rows."""
    return tuple(
        ObjectiveScore(
            plan.row.id,
            whole.score,
            whole.expected,
            gap_of(whole.expected, whole.score),
            objective_status(plan, whole, outline.settings, as_of),
            whole.stale,
            grade_of(whole.score, outline.settings),
            whole.forecast,
            whole.counted,
            whole.left_out,
            needed_alone(plan, whole, outline, key_results),
            needed_together(plan, whole, outline, key_results),
        )
        for plan, whole in zip(outline.objectives, wholes, strict=True)
    )
