"""Tracks: what a key result or an objective comes to on each of many days, a column each for score and expected.

The same rules as for one day (`key_result_scores`, `rollup`), applied to whole columns wherever a plan is sound.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from math import isfinite

from okr_workbook.domain.key_result_scores import evidence_of, expected_of, grading_of
from okr_workbook.domain.outline import KeyResultPlan, Outline
from okr_workbook.domain.pace import TimeSpan, expected_score
from okr_workbook.domain.readings import Log, admits
from okr_workbook.domain.rollup import counted_of, is_faulty, mean_expected, mean_for, mean_score, weighted_mean
from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import TypeAlias

Column: TypeAlias = "Sequence[float | None]"
"""A share on each of the days; None where there is none."""


class Track(NamedTuple):
    """What something comes to on each of the days. `weight` None or not `usable`: it is left out on that day."""

    weight: float | None
    scores: Column
    expected: Column
    usable: Sequence[bool]

    @classmethod
    def unusable(cls, days: int) -> Track:
        """The track of what is left out altogether."""
        return cls(None, [None] * days, [None] * days, [False] * days)


class _Share(NamedTuple):
    """A track on one day."""

    weight: float | None
    score: float | None
    expected: float | None
    usable: bool


class KeyResultTracks:
    """Each key result on each of the days, which rise; made when it is asked for."""

    def __init__(self, outline: Outline, logs: Sequence[Log], days: Sequence[date]) -> None:
        self.days = days
        self._plans, self._logs = outline.key_results, logs
        self._made: dict[int, Track] = {}
        self._elapsed: dict[tuple[TimeSpan, float], Column] = {}

    def __getitem__(self, place: int) -> Track:
        if place not in self._made:
            plan, log = self._plans[place], self._logs[place]
            self._made[place] = self._steady(plan, log) or self._day_by_day(plan, log)
        return self._made[place]

    def _steady(self, plan: KeyResultPlan, log: Log) -> Track | None:
        """Of a sound way to a target, where only the latest value tells and time alone what is expected; else None."""
        days, scale = self.days, plan.scale
        if scale is None or not scale.rises_with_time or plan.override is not None or log.unreadable:
            return None
        grading = grading_of(plan, evidence_of(plan, log, days[0]))
        if not grading.sound:
            return None
        scores = [grading.score] * len(days)
        end = len(days)
        for reading in reversed(log.readings):
            first = bisect_left(days, reading.on)
            if not first:
                break  # known on the first day
            if first < end:
                values = (reading.value,)
                if not admits(plan.row, reading.value) or not isfinite(scale.progress(values)):
                    return None
                scores[first:end] = [scale.score(values)] * (end - first)
                end = first
        return Track(plan.weight, scores, self._by_time(plan), [grading.usable] * len(days))

    def _by_time(self, plan: KeyResultPlan) -> Column:
        """What is expected where it depends on the days alone: the same column for all key results of one span."""
        key = (plan.span, plan.success)
        if key not in self._elapsed and plan.scale is not None:
            self._elapsed[key] = [expected_score(plan.scale, plan.span, day, plan.success, ()) for day in self.days]
        return self._elapsed[key]

    def _day_by_day(self, plan: KeyResultPlan, log: Log) -> Track:
        known = [evidence_of(plan, log, day) for day in self.days]
        grading = [grading_of(plan, one) for one in known]
        on_each = zip(known, grading, self.days, strict=True)
        expected = [expected_of(plan, evidence, graded, day) for evidence, graded, day in on_each]
        return Track(plan.weight, [one.score for one in grading], expected, [one.usable for one in grading])


class RollUp:
    """Rolls tracks up on all days. `missing_counts_as` is the setting."""

    def __init__(self, missing_counts_as: str, days: int) -> None:
        self._missing, self._days = missing_counts_as, days
        self._means: dict[tuple[tuple[float, ...], tuple[int, ...]], tuple[Sequence[Column], Column]] = {}

    def __call__(self, weight: float | None, parts: Sequence[Track]) -> Track:
        """The track of what has a weight of its own and is made of the parts."""
        weights = [part.weight for part in parts if part.weight is not None and all(part.usable)]
        if not parts or len(weights) < len(parts) or self._missing != "zero":
            return self._day_by_day(weight, parts)
        scores = [[score or 0.0 for score in part.scores] if None in part.scores else part.scores for part in parts]
        usable = any(weights)
        return Track(
            weight,
            _means(weights, scores),
            self._expected(tuple(weights), [part.expected for part in parts]),
            [usable] * self._days,
        )

    def _expected(self, weights: tuple[float, ...], columns: Sequence[Column]) -> Column:
        """The mean of the columns; worked out once for the very same ones, as those of one span are."""
        key = weights, tuple(map(id, columns))
        if key not in self._means:
            self._means[key] = columns, _means(weights, columns)  # kept, so that an id stays one column's
        return self._means[key][1]

    def _day_by_day(self, weight: float | None, parts: Sequence[Track]) -> Track:
        by_day = list(zip(*map(_shares, parts), strict=True)) if parts else [()] * self._days
        counted = [counted_of(shares, self._missing) for shares in by_day]
        usable = [not is_faulty(shares) for shares in by_day]
        return Track(weight, [mean_score(some) for some in counted], [mean_expected(some) for some in counted], usable)


def _shares(part: Track) -> list[_Share]:
    """A track day by day."""
    return [_Share(part.weight, *day) for day in zip(part.scores, part.expected, part.usable, strict=True)]


def _means(weights: Sequence[float], columns: Sequence[Column]) -> Column:
    """On each day the weighted mean of the columns; what is None there is left out."""
    rows = zip(*columns, strict=True)
    if any(None in column for column in columns):
        known = [[pair for pair in zip(weights, row, strict=True) if pair[1] is not None] for row in rows]
        return [weighted_mean(pairs) for pairs in known]
    mean = mean_for(weights)
    return [None if mean is None else mean(row) for row in rows]
