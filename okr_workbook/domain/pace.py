"""Pace: what is expected by now, how far behind that is, and the status, grade and weekly need that follow.

Shares run 0 to 1; None is "there is none". Thresholds are the planner's settings. Grades: Google re:Work (red under
0.4, amber under 0.7, green from 0.7).
"""

from datetime import date
from math import isfinite

from okr_workbook.domain.kinds import Kind, at_least
from okr_workbook.domain.planner import Settings
from okr_workbook.records import NamedTuple

SEVEREST_FIRST = ("at_risk", "behind", "no_data", "on_track", "not_started", "done")
"""For the status rule `worst`: silence is worse than being on track, better than being known to be late."""


class TimeSpan(NamedTuple):
    """From the day something starts to the day it is due; None where it is not known."""

    start: date | None = None
    due: date | None = None

    def elapsed(self, as_of: date) -> float | None:
        """The share of the time gone: 0 on the first day and before, 1 on the due day and after; None without dates.

        A span of one day has gone when that day has come. A due date before the start is no span.
        """
        start, due = self
        if start is None or due is None or due < start:
            return None
        if as_of >= due:
            return 1.0
        return 0.0 if as_of <= start else (as_of - start).days / (due - start).days

    def begun(self, as_of: date) -> bool:
        """False only where it is known to start later."""
        return self.start is None or as_of >= self.start

    def over(self, as_of: date) -> bool:
        """True after the due day, False where it is not known."""
        return self.due is not None and as_of > self.due

    def holds(self, day: date) -> bool:
        """True for a day within; an unknown end does not bound."""
        return (self.start is None or day >= self.start) and (self.due is None or day <= self.due)


def success_score(commitment: str, settings: Settings) -> float:
    """The score that counts as success: 1, or for an aspirational objective the setting's (0.7)."""
    return settings.aspirational_success if commitment == "aspirational" else 1.0


def expected_score(kind: Kind, span: TimeSpan, as_of: date, success: float, values: tuple[float, ...]) -> float | None:
    """The score expected by now; 0 before the start; None without dates."""
    elapsed = span.elapsed(as_of)
    if elapsed is None:
        return None
    return success * kind.expected_share(elapsed, values) if span.begun(as_of) else 0.0


def gap_of(expected: float | None, score: float | None) -> float | None:
    """How far the score is behind what is expected; below 0 it is ahead."""
    return None if expected is None or score is None else expected - score


def status_of(
    score: float | None,
    expected: float | None,
    *,
    success: float,
    begun: bool,
    may_be_done: bool,
    settings: Settings,
) -> str:
    """The status, in this order: not_started before the start; no_data without a score; done; then by the gap.

    `may_be_done` is False for a bound that is still to be kept. A score without dates to expect anything by has no pace:
    unless it is done its status is no_data.
    """
    if not begun:
        return "not_started"
    if score is None:
        return "no_data"
    if may_be_done and at_least(score, success):
        return "done"
    if expected is None:
        return "no_data"
    gap = expected - score
    if at_least(settings.on_track_gap, gap):
        return "on_track"
    return "behind" if at_least(settings.at_risk_gap, gap) else "at_risk"


def worst_of(statuses: tuple[str, ...]) -> str:
    """The worst of several statuses; no_data where there are none."""
    return min(statuses, key=SEVEREST_FIRST.index, default="no_data")


def grade_of(score: float | None, settings: Settings) -> str | None:
    """green, amber or red; half-open, so that 0.7 is green and 0.65 amber."""
    if score is None:
        return None
    if at_least(score, settings.green_from):
        return "green"
    return "amber" if at_least(score, settings.amber_from) else "red"


def is_stale(updated_on: date | None, span: TimeSpan, as_of: date, settings: Settings) -> bool:
    """True where nothing has come for more than `stale_after_days`, counted from the start where nothing ever came.

    Nothing more is awaited after the due date: from then on the days no longer count.
    """
    since = updated_on or span.start
    if since is None or not span.begun(as_of):
        return False
    until = as_of if span.due is None else min(as_of, span.due)
    return (until - since).days > settings.stale_after_days


def needed_per_week(
    kind: Kind, value: float | None, span: TimeSpan, as_of: date, values: tuple[float, ...]
) -> float | None:
    """What the value must still change by each week to reach the target on its due day, signed, in its own unit.

    0 where the target is reached. None where there is no value, no due date, no time left, for a bound to keep and for
    a milestone that is only done or not: there is no weekly step towards them; nor one that is too large to compute with.
    """
    goal = kind.goal
    if value is None or goal is None:
        return None
    if kind.reached(value):
        return 0.0
    if span.due is None or not kind.is_gradual(values):
        return None
    first = as_of if span.start is None else max(as_of, span.start)
    days = (span.due - first).days
    needed = (goal - value) / days * 7 if days > 0 else None
    return needed if needed is not None and isfinite(needed) else None
