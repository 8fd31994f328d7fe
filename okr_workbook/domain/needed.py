"""Backwards: what key results must reach for their objective to hit 0.7, one of them alone or all of them together.

Only what can still be won by reaching a value counts: not bounds to keep (their score is a share of readings), not scores
given by hand. Everything else, child objectives too, is taken as it is. A milestone that is done or not can only be done
(1), and makes up no share of what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

from okr_workbook.domain.kinds import Kind, at_least
from okr_workbook.domain.outline import ObjectivePlan, Outline
from okr_workbook.domain.results import KeyResultScore
from okr_workbook.domain.rollup import Whole
from okr_workbook.records import NamedTuple

GOOD_SCORE = 0.7
"""The score an objective is steered to (Google re:Work: the sweet spot of an OKR grade is 60 to 70 %)."""

Needed = tuple[tuple[str, float], ...]
"""(key result id, the value it must reach)."""


class _Open(NamedTuple):
    id: str
    weight: float
    score: float
    scale: Kind
    gradual: bool


def needed_alone(plan: ObjectivePlan, whole: Whole, outline: Outline, key_results: Sequence[KeyResultScore]) -> Needed:
    """For each key result that could bring the objective to 0.7 by itself, the value that does."""
    missing = _missing(whole)
    if missing is None:
        return ()
    wanted = ((one, one.score + missing / one.weight) for one in _open(plan, outline, key_results))
    return _values((one, score if one.gradual else 1.0) for one, score in wanted if at_least(1.0, score))


def needed_together(
    plan: ObjectivePlan, whole: Whole, outline: Outline, key_results: Sequence[KeyResultScore]
) -> Needed:
    """The values that bring the objective to 0.7 when every key result makes up the same share of what it lacks to 1.

    Empty where it is there already, or where even all of them at 1 would not do.
    """
    missing = _missing(whole)
    still_open = [one for one in _open(plan, outline, key_results) if one.gradual]
    lacking = sum(one.weight * (1 - one.score) for one in still_open)
    if missing is None or not lacking or not isfinite(lacking) or not at_least(lacking, missing):
        return ()
    share = missing / lacking
    return _values((one, one.score + share * (1 - one.score)) for one in still_open)


def _missing(whole: Whole) -> float | None:
    """The weighted score that the objective lacks to 0.7; None where it lacks none or has no score."""
    if whole.score is None or at_least(whole.score, GOOD_SCORE):
        return None
    return (GOOD_SCORE - whole.score) * whole.total_weight


def _open(plan: ObjectivePlan, outline: Outline, key_results: Sequence[KeyResultScore]) -> Iterator[_Open]:
    """The key results that count in the objective and can still be won."""
    for place in plan.key_results:
        row, got = outline.key_results[place], key_results[place]
        counted = got.score is not None or outline.settings.missing_counts_as == "zero"
        if got.usable and counted and row.weight and row.scale is not None and not got.overridden:
            score = got.score or 0.0
            if score < 1 and not row.scale.keeps_bound:
                gradual = row.scale.is_gradual(() if got.value is None else (got.value,))
                yield _Open(row.row.id, row.weight, score, row.scale, gradual)


def _values(wanted: Iterator[tuple[_Open, float]]) -> Needed:
    found = ((one.id, one.scale.value_scoring(min(score, 1.0))) for one, score in wanted)
    return tuple((name, value) for name, value in found if value is not None)
