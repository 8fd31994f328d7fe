"""One team's part of a planner: what its workbook may show, named field by field.

An allow-list: what is not copied here does not leave the planner. A team sees its own objectives, key results, KPIs,
measures, actions and members, and of the company's plan the objectives its own hang under, their words only. What an
objective takes from rows of other teams travels as shares of its score (`Elsewhere`), never as a word or a typed number.
Scores of single persons stay in the planner unless `show_member_scores` is on.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from okr_workbook.domain.pace import TimeSpan
from okr_workbook.domain.planner import Action, KeyResult, Kpi, Objective, Settings
from okr_workbook.domain.results import GroupScore, KeyResultScore, KpiResult, ObjectiveScore
from okr_workbook.domain.team_measures import OPEN_MONTHS, FollowedFormula, TeamMeasure

SHARED_SETTINGS = (
    "company", "language", "period", "period_start", "period_end", "as_of", "missing_counts_as", "roll_up",
    "status_rule", "on_track_gap", "at_risk_gap", "amber_from", "green_from", "aspirational_success",
    "stale_after_days", "reply_within_days", "show_member_scores", "currency",
)  # fmt: skip
"""The settings a team's workbook needs: rules, dates and the company's name; no address."""


class Readings(NamedTuple):
    """How many readings of the period there are and how many keep the bound: before the as-of day, and on it."""

    before: int = 0
    kept_before: int = 0
    that_day: int = 0
    kept_that_day: int = 0


class TeamKeyResult(NamedTuple):
    """A key result of the team. `place` is its objective's in `TeamPlan.objectives`, None under a company objective.

    `fed`: a KPI gives its value. `sound`: nothing in its row keeps it out of the score. `gradual`: there are steps
    towards it whatever is typed, as of a milestone in percent. `shown_score` is False for a person's, unless such scores
    are switched on. `row` carries no id of another team.
    """

    row: KeyResult
    place: int | None
    span: TimeSpan
    success: float
    weight: float | None
    override: float | None
    fed: bool
    sound: bool
    gradual: bool
    readings: Readings
    got: KeyResultScore
    shown_score: bool
    under: str = ""

    @property
    def counts(self) -> bool:
        """True where it has a part in its objective's score."""
        return self.got.usable and self.weight is not None


class Elsewhere(NamedTuple):
    """What an objective's roll-up takes from rows its team's workbook does not score, as shares.

    `weight` is their part of the whole weight; `points` and `expected` are that part times their mean score and mean
    expected score; `dated` is the part of the weight that has an expected score. `worst` is their worst status.
    """

    weight: float = 0.0
    points: float = 0.0
    expected: float = 0.0
    dated: float = 0.0
    worst: str = ""
    has_value: bool = False
    may_be_done: bool = True


class TeamObjective(NamedTuple):
    """An objective of the team or of one of its members. `serves` is the company objective above it, "" for none.

    `key_results` and `children` are places in the team's plan of what it rolls up and the workbook scores.
    """

    row: Objective
    serves: str
    span: TimeSpan
    success: float
    weight: float | None
    key_results: tuple[int, ...]
    children: tuple[int, ...]
    elsewhere: Elsewhere
    got: ObjectiveScore
    has_value: bool
    counts: bool  # it has a part in what is above it
    shown_score: bool
    in_team: bool  # its score is part of the team's


class TeamKpi(NamedTuple):
    """A KPI of the team and what it came to. `follows`: the formula by which it follows the team's own measures."""

    row: Kpi
    got: KpiResult
    follows: FollowedFormula | None = None


class PacePoint(NamedTuple):
    """The team's score and expected score on one day; None where there was none or the day is yet to come."""

    on: date
    score: float | None
    expected: float | None


class TeamPlan(NamedTuple):
    """Everything one team's workbook shows. `months` are those shown of its measures, the open ones last."""

    settings: Settings
    as_of: date
    language: str
    team: str
    lead: str
    members: tuple[str, ...]
    got: GroupScore
    pace: tuple[PacePoint, ...]
    objectives: tuple[TeamObjective, ...]
    key_results: tuple[TeamKeyResult, ...]
    kpis: tuple[TeamKpi, ...]
    actions: tuple[Action, ...]
    company_objectives: tuple[str, ...]
    measures: tuple[TeamMeasure, ...] = ()
    months: tuple[date, ...] = ()

    @property
    def closed(self) -> int:
        """How many of the months are closed: they come first."""
        return max(0, len(self.months) - OPEN_MONTHS)
