"""Cuts the plan of one team after another out of a planner: which rows are a team's, and what of them it may show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from okr_workbook.domain.key_result_scores import evidence_of, logs_of
from okr_workbook.domain.kinds import Bound
from okr_workbook.domain.kpis.formulas import KpiFormulas, read_formulas
from okr_workbook.domain.objective_scores import key_result_part, objective_part, roll_up_objectives
from okr_workbook.domain.outline import KeyResultPlan, ObjectivePlan, members_of, outline_of
from okr_workbook.domain.pace import worst_of
from okr_workbook.domain.planner import Action, Objective, Planner, Settings, key_of
from okr_workbook.domain.readings import Reading, values_of
from okr_workbook.domain.references import Ids
from okr_workbook.domain.results import Scores
from okr_workbook.domain.rollup import Part, counted_of
from okr_workbook.domain.series import ScoresOn
from okr_workbook.domain.team_measures import cut_measure, followed_formula, shown_months
from okr_workbook.domain.team_plan import (
    SHARED_SETTINGS,
    Elsewhere,
    PacePoint,
    Readings,
    TeamKeyResult,
    TeamKpi,
    TeamObjective,
    TeamPlan,
)


def team_plans(
    planner: Planner, scores: Scores, teams: Iterable[str], series: Sequence[ScoresOn] = ()
) -> tuple[TeamPlan, ...]:
    """The plan of each named team (KeyError for a name the planner does not have).

    `series` are the scores of the teams on other days, oldest first, for the pace.
    """
    cutter = _Cutter(planner, scores, series)
    return tuple(cutter.plan(team) for team in teams)


class _Cutter:
    """Cuts one team's plan after another from a planner that was read once."""

    def __init__(self, planner: Planner, scores: Scores, series: Sequence[ScoresOn]) -> None:
        self.planner, self.scores, self.series = planner, scores, series
        self.outline = outline_of(planner)
        self.logs = logs_of(planner, self.outline, scores.kpis)
        self.wholes = roll_up_objectives(self.outline, scores.key_results, scores.as_of, [])
        self.teams = {}
        for place, row in reversed(list(enumerate(planner.teams))):
            self.teams[key_of(row.team)] = place
        self.team_of_member = {key_of(row.member): key_of(row.team) for row in planner.members if row.member}
        self.kpi_ids = Ids(row.id for row in planner.kpis)
        self.key_result_ids = Ids(row.id for row in planner.key_results)
        self.measure_ids = Ids(row.measure for row in planner.measures)
        self.objectives_of = _by_team(map(self.objective_team, planner.objectives))
        self.key_results_of = _by_team(map(self.key_result_team, self.outline.key_results))
        self.kpis_of = _by_team(key_of(row.team) for row in planner.kpis)
        self.measures_of = _by_team(key_of(row.team) for row in planner.measures)
        self.actions_of = _by_team(map(self.action_team, planner.actions))
        self.members_of = _by_team(key_of(row.team) for row in planner.members)

    # --- whose is what ---

    def objective_team(self, row: Objective) -> str:
        """The key of the team an objective belongs to; the company's belong to none."""
        if row.level == "company":
            return ""
        if row.level == "member" and not row.team:
            return self.team_of_member.get(key_of(row.owner), "")
        return key_of(row.team)

    def key_result_team(self, plan: KeyResultPlan) -> str:
        """The key of the team a key result belongs to: its own, else its objective's."""
        if plan.row.team or plan.objective is None:
            return key_of(plan.row.team)
        return self.objective_team(self.planner.objectives[plan.objective])

    def action_team(self, row: Action) -> str:
        """The key of the team an action belongs to: its own, else that of what it serves."""
        if row.team:
            return key_of(row.team)
        served, watched = self.key_result_ids.find(row.serves), self.kpi_ids.find(row.serves)
        if served is not None:
            return self.key_result_team(self.outline.key_results[served])
        return key_of(self.planner.kpis[watched].team) if watched is not None else ""

    # --- one team ---

    def plan(self, name: str) -> TeamPlan:
        key = key_of(name)
        place = self.teams[key]
        team, settings = self.planner.teams[place], self.planner.settings
        objectives = self.objectives_of.get(key, [])
        at = {objective: place for place, objective in enumerate(objectives)}
        key_results = sorted(self.key_results_of.get(key, []), key=lambda i: self._reading_order(at, i))
        kpis = set(self.kpis_of.get(key, []))
        measures = self._measures(key)
        months = shown_months([self.planner.measures[i] for i in measures], self.scores.as_of) if measures else ()
        cut_key_results = tuple(self._key_result(i, at, kpis) for i in key_results)
        cut_objectives = tuple(self._objective(i, at, key_results, key) for i in objectives)
        return TeamPlan(
            Settings(**{field: getattr(settings, field) for field in SHARED_SETTINGS}),
            self.scores.as_of,
            team.language or settings.language,
            team.team,
            team.lead,
            tuple(name for i in self.members_of.get(key, []) if (name := self.planner.members[i].member)),
            self.scores.teams[place],
            tuple(self._pace_point(point, place) for point in self.series),
            cut_objectives,
            cut_key_results,
            tuple(self._kpi(i, measures, months) for i in sorted(kpis)),
            tuple(self._action(self.planner.actions[i], key_results, kpis) for i in self.actions_of.get(key, [])),
            tuple(dict.fromkeys(one.serves for one in cut_objectives if one.serves)),
            tuple(cut_measure(self.planner.measures[i], months, self.scores.as_of) for i in measures),
            months,
        )

    def _reading_order(self, at: Mapping[int, int], place: int) -> tuple[int, int]:
        """Key results are read by objective, in the order of the planner."""
        objective = self.outline.key_results[place].objective
        return (len(at) if objective is None else at.get(objective, len(at)), place)

    def _pace_point(self, point: ScoresOn, place: int) -> PacePoint:
        got = point.teams[place]
        return PacePoint(point.as_of, got.score if point.as_of <= self.scores.as_of else None, got.expected)

    def shows_score(self, objective: int | None) -> bool:
        """False for what belongs to a single person, unless such scores are switched on."""
        if objective is None or self.planner.settings.show_member_scores:
            return True
        return self.planner.objectives[objective].level != "member"

    # --- key results ---

    def _key_result(self, place: int, at: dict[int, int], kpis: set[int]) -> TeamKeyResult:
        plan = self.outline.key_results[place]
        got = self.scores.key_results[place]
        own = plan.kpi is not None and plan.kpi in kpis
        objective = plan.objective
        row = plan.row._replace(
            kpi=self.planner.kpis[plan.kpi].id if own and plan.kpi is not None else "",
            objective=self._objective_id(objective, at),
            row_number=0,
        )
        log = self.logs[place]
        evidence = evidence_of(plan, log, self.scores.as_of)
        return TeamKeyResult(
            row,
            None if objective is None else at.get(objective),
            plan.span,
            plan.success,
            plan.weight,
            plan.override,
            bool(plan.row.kpi),
            plan.sound and plan.scale is not None and evidence.known,
            _is_gradual(plan, values_of([one for one in log.until(self.scores.as_of) if one.on < self.scores.as_of])),
            _counts(plan, evidence.of_period, evidence.values, self.scores.as_of),
            got,
            self.shows_score(objective),
            "" if objective is None else self._company_words(objective),
        )

    def _objective_id(self, objective: int | None, at: dict[int, int]) -> str:
        """The id of an objective of the team or of the company; "" for another team's."""
        if objective is None:
            return ""
        row = self.planner.objectives[objective]
        return row.id if objective in at or row.level == "company" else ""

    # --- objectives ---

    def _company_words(self, objective: int) -> str:
        """The nearest company objective at or above an objective, in its words; "" where there is none."""
        place: int | None = objective
        while place is not None:
            row = self.planner.objectives[place]
            if row.level == "company":
                return row.objective or row.id
            place = self.outline.objectives[place].parent
        return ""

    def _objective(self, place: int, at: dict[int, int], key_results: Sequence[int], team: str) -> TeamObjective:
        plan, row = self.outline.objectives[place], self.planner.objectives[place]
        shown = self.shows_score(place)
        members = members_of(plan, self.planner.settings.roll_up)
        here = [i for i in members.key_results if i in key_results and shown]
        children = [i for i in members.objectives if i in at and self.shows_score(i) and shown]
        part = objective_part(self.outline, self.wholes, place, self.scores.as_of)
        return TeamObjective(
            row._replace(parent=self._objective_id(plan.parent, at), row_number=0),
            self._company_words(place),
            plan.span,
            plan.success,
            plan.weight,
            tuple(key_results.index(i) for i in here),
            tuple(at[i] for i in children),
            self._elsewhere(plan, set(here), set(children)),
            self.scores.objectives[place],
            self.wholes[place].has_value,
            part.usable and part.weight is not None,
            shown,
            row.level == "team" and key_of(row.team) == team,
        )

    def _elsewhere(self, plan: ObjectivePlan, here: set[int], children_here: set[int]) -> Elsewhere:
        members = members_of(plan, self.planner.settings.roll_up)
        as_of = self.scores.as_of
        inside: list[Part] = []
        away: list[Part] = []
        for i in members.key_results:
            part = key_result_part(self.outline, self.scores.key_results, i, as_of)
            (inside if i in here else away).append(part)
        for i in members.objectives:
            part = objective_part(self.outline, self.wholes, i, as_of)
            (inside if i in children_here else away).append(part)
        weight_here = sum(part.weight or 0.0 for part in inside if part.usable)
        return _shares(counted_of(away, self.planner.settings.missing_counts_as), weight_here)

    # --- KPIs, measures and actions ---

    def _kpi(self, place: int, measures: Mapping[int, int], months: Sequence[date]) -> TeamKpi:
        """A KPI without its formula, which speaks of measures that may be another team's; where all are its own, it follows."""
        row, follows = self.planner.kpis[place], None
        if measures:
            follows = followed_formula(row, self.formulas.in_order.get(place), self.planner.measures, measures, months)
        return TeamKpi(row._replace(formula="", row_number=0), self.scores.kpis[place], follows)

    @cached_property
    def formulas(self) -> KpiFormulas:
        """The formulas of all KPIs, read where a team has measures."""
        return read_formulas(self.planner)

    def _measures(self, team: str) -> dict[int, int]:
        """The places of a team's measures, and what place each has in the team's plan.

        An answer finds its row by its id alone: a row without one, and one whose id an earlier row has, is not shown.
        """
        places = self.measures_of.get(team, [])
        told = [i for i in places if self.measure_ids.find(self.planner.measures[i].measure) == i]
        return {place: at for at, place in enumerate(told)}

    def _action(self, row: Action, key_results: Sequence[int], kpis: set[int]) -> Action:
        """An action; what it serves is named only where that is the team's."""
        own = self.key_result_ids.find(row.serves) in key_results or self.kpi_ids.find(row.serves) in kpis
        return row._replace(serves=row.serves if own else "", row_number=0)


def _by_team(teams: Iterable[str]) -> dict[str, list[int]]:
    """The places of the rows of each team; rows of no team are nobody's."""
    found: dict[str, list[int]] = {}
    for place, key in enumerate(teams):
        if key:
            found.setdefault(key, []).append(place)
    return found


def _shares(away: Sequence[Part], weight_here: float) -> Elsewhere:
    weighty = [part for part in away if part.weight]
    whole = weight_here + sum(part.weight or 0.0 for part in weighty)
    if not weighty:
        return Elsewhere()
    return Elsewhere(
        sum(part.weight or 0.0 for part in weighty) / whole,
        sum((part.weight or 0.0) * (part.score or 0.0) for part in weighty) / whole,
        sum((part.weight or 0.0) * part.expected for part in weighty if part.expected is not None) / whole,
        sum(part.weight or 0.0 for part in weighty if part.expected is not None) / whole,
        worst_of(tuple(part.status for part in weighty)),
        any(part.has_value for part in weighty),
        all(part.may_be_done for part in weighty),
    )


def _is_gradual(plan: KeyResultPlan, earlier: Sequence[float]) -> bool:
    """True where its scale goes up in steps by its unit or by a reading before the as-of day, whatever is typed then."""
    return plan.scale is not None and plan.scale.is_gradual(tuple(earlier))


def _counts(plan: KeyResultPlan, of_period: Sequence[Reading], values: Sequence[float], as_of: date) -> Readings:
    """The readings of a bound to keep, counted. A value of unknown date counts as that day's, to be replaced."""
    if not isinstance(plan.scale, Bound):
        return Readings()
    keeps = plan.scale.keeps
    if not of_period:
        return Readings(that_day=len(values), kept_that_day=sum(map(keeps, values)))
    before = values_of([reading for reading in of_period if reading.on < as_of])
    that_day = values_of([reading for reading in of_period if reading.on == as_of])
    return Readings(len(before), sum(map(keeps, before)), len(that_day), sum(map(keeps, that_day)))
