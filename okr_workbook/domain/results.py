"""What a refresh computes: one result a row, in the order of the planner's rows (so duplicates and blanks keep theirs).

Scores, progress, expected, gap, forecast and chance run 0 to 1 (progress is not clamped). None is "there is none", never 0.
"""

from datetime import date

from okr_workbook.domain.problems import Problem
from okr_workbook.records import NamedTuple

STATUSES = ("done", "on_track", "behind", "at_risk", "not_started", "no_data")
KPI_STATUSES = ("achieved", "in_progress", "off_track", "no_data")
QUALITIES = ("complete", "stale", "gap", "jump", "not_a_number", "no_data")


class Forecast(NamedTuple):
    """Where a key result will stand at its due date.

    `method`: "line" (least squares through the readings), "kept_share" (bounds: the share kept so far goes on),
    "settled" (nothing left to forecast: done, or past the due date), "too_early" (too few readings; the rest is None).
    `value` is in the key result's unit; `score` and `chance` (of reaching the target) run 0 to 1.
    """

    method: str = "too_early"
    value: float | None = None
    score: float | None = None
    chance: float | None = None


class KeyResultScore(NamedTuple):
    """One key result at the as-of date. `gap` = expected - score. `needed_per_week` is in the row's unit."""

    id: str
    value: float | None = None
    progress: float | None = None
    score: float | None = None
    expected: float | None = None
    gap: float | None = None
    status: str = "no_data"
    stale: bool = False
    grade: str | None = None  # green, amber, red
    forecast: Forecast = Forecast()
    needed_per_week: float | None = None
    updated_on: date | None = None
    overridden: bool = False
    usable: bool = True  # False: a fault keeps it out of its objective


class ObjectiveScore(NamedTuple):
    """One objective. `counted` and `left_out` name what its score rolls up and what a fault kept out of it.

    Ids in `counted` and `left_out` are of key results or of child objectives. `needed_for_success` says, for each key
    result still to be won, the value at which the objective would reach 0.7 if everything else stays as it is;
    `needed_together`, the values that bring it to 0.7 when all make up the same share of what they lack.
    """

    id: str
    score: float | None = None
    expected: float | None = None
    gap: float | None = None
    status: str = "no_data"
    stale: bool = False
    grade: str | None = None
    forecast: float | None = None
    counted: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    needed_for_success: tuple[tuple[str, float], ...] = ()  # (key result id, value)
    needed_together: tuple[tuple[str, float], ...] = ()


class GroupScore(NamedTuple):
    """The company, a team or a member: the weighted mean of its objectives."""

    name: str
    score: float | None = None
    expected: float | None = None
    gap: float | None = None
    status: str = "no_data"
    grade: str | None = None
    forecast: float | None = None
    counted: tuple[str, ...] = ()


class KpiResult(NamedTuple):
    """One KPI. `period` is 2026-11, 2026-Q4, 2026-H2, 2026 or, continuous, 2026-01/2026-11.

    `series` is (period, the day its figure stands for: the period's last, or the as-of date while it runs, value or None),
    oldest first, up to the as-of date; `error` is an Excel error code such as #DIV/0!
    or None; `faulty` is True where its formula cannot be computed at all; `alert` where the KPI must be acted on.
    """

    id: str
    value: float | None = None
    period: str | None = None
    previous: float | None = None
    change: float | None = None
    attainment: float | None = None
    status: str = "no_data"
    bad_periods: int = 0
    quality: str = "no_data"
    alert: bool = False
    error: str | None = None
    series: tuple[tuple[str, date, float | None], ...] = ()
    faulty: bool = False


def known_score(one: ObjectiveScore | GroupScore) -> float | None:
    """The score as people are shown it: None where nothing has a value and the 0 only says that silence counts as zero."""
    return None if one.status == "no_data" and not one.score else one.score


class Scores(NamedTuple):
    """A whole planner, computed at `as_of`. The tuples align with the planner's rows."""

    as_of: date
    company: GroupScore
    teams: tuple[GroupScore, ...] = ()
    members: tuple[GroupScore, ...] = ()
    objectives: tuple[ObjectiveScore, ...] = ()
    key_results: tuple[KeyResultScore, ...] = ()
    kpis: tuple[KpiResult, ...] = ()
    problems: tuple[Problem, ...] = ()
