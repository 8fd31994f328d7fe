"""The outline of a planner: references resolved, dates, weights and scales read, cycles cut. What every date shares.

Faults found on the way are collected once, at their cells.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import isfinite

from okr_workbook.domain.kinds import KINDS, Kind, kind_of, scale_of
from okr_workbook.domain.last_planner import kept_for_last_planner
from okr_workbook.domain.pace import TimeSpan, success_score
from okr_workbook.domain.planner import KeyResult, Objective, Planner, Settings
from okr_workbook.domain.problems import Figure, Problem
from okr_workbook.domain.references import Ids, Row, fault_at
from okr_workbook.domain.trees import Tree, tree_of
from okr_workbook.records import NamedTuple

SCORED_FIELDS = frozenset(("kind", "weight", "override", "kpi"))
"""Fields that the score of any key result, or its part in the objective, stands on; its kind needs more."""

FEEDING_FIELDS = frozenset(("formula", "frequency"))
"""Fields of a KPI that the value it gives stands on."""


class KeyResultPlan(NamedTuple):
    """One key result before any reading. `weight` None, `scale` None or not `sound`: a fault keeps it out.

    `override` is there only with its reason.
    """

    row: KeyResult
    objective: int | None
    kpi: int | None
    scale: Kind | None
    span: TimeSpan
    success: float
    weight: float | None
    override: float | None
    sound: bool
    repeated: bool

    @property
    def keeps_bound(self) -> bool:
        """True for a bound to keep, whether its numbers are sound or not."""
        return kind_of(self.row.kind).keeps_bound

    def may_be_done(self, as_of: date) -> bool:
        """False for a bound that is still to be kept."""
        return not self.keeps_bound or self.span.over(as_of)


class ObjectivePlan(NamedTuple):
    """One objective: places of its key results and of the objectives under it, and of those a cycle cut off."""

    row: Objective
    span: TimeSpan
    success: float
    weight: float | None
    parent: int | None
    key_results: tuple[int, ...]
    children: tuple[int, ...]
    cut_off: tuple[int, ...]
    repeated: bool


class Members(NamedTuple):
    """What an objective rolls up, by place: key results, objectives, and objectives that a cycle cut off."""

    key_results: tuple[int, ...]
    objectives: tuple[int, ...]
    cut_off: tuple[int, ...]


def members_of(plan: ObjectivePlan, rule: str) -> Members:
    """By the setting `roll_up`: its key results, or (auto) where it has none the objectives under it, or both."""
    if rule == "with_children" or (rule == "auto" and not plan.key_results):
        return Members(plan.key_results, plan.children, plan.cut_off)
    return Members(plan.key_results, (), ())


class Outline(NamedTuple):
    """A planner made ready for scoring. `children_first` orders the objectives so that parents come after."""

    settings: Settings
    objectives: tuple[ObjectivePlan, ...]
    key_results: tuple[KeyResultPlan, ...]
    children_first: tuple[int, ...]
    ids: Ids
    problems: tuple[Problem, ...]


@kept_for_last_planner
def outline_of(planner: Planner) -> Outline:
    """The outline of a planner."""
    problems: list[Problem] = []
    objective_ids = Ids(row.id for row in planner.objectives)
    key_result_ids = Ids(row.id for row in planner.key_results)
    tree = tree_of([objective_ids.find(row.parent) for row in planner.objectives])
    problems.extend(_cycle_problem(cycle, planner.objectives) for cycle in tree.cycles)
    key_results = _key_result_plans(planner, objective_ids, key_result_ids, problems)
    objectives = _objective_plans(planner, objective_ids, key_results, tree, problems)
    return Outline(planner.settings, objectives, key_results, tree.children_first, key_result_ids, tuple(problems))


def _cycle_problem(cycle: tuple[int, ...], objectives: Sequence[Objective]) -> Problem:
    names = [objectives[place].id for place in (*cycle, cycle[0])]
    return fault_at("objectives", objectives[cycle[0]], "parent", "parent_cycle", members=" → ".join(names))


# --- the rows ---


def read_weight(table: str, row: KeyResult | Objective, problems: list[Problem]) -> float | None:
    """A row's weight: 1 where blank, None where it is not a number from 0 on."""
    weight = row.weight
    if "weight" in row.unreadable:
        return None
    if weight is None:
        return 1.0
    if not isfinite(weight) or weight < 0:
        problems.append(fault_at(table, row, "weight", "weight_negative", value=weight))
        return None
    return weight


def objective_span(row: Objective, settings: Settings) -> TimeSpan:
    """From the objective's start to its end, the period's where blank; unknown where unreadable."""
    return TimeSpan(
        row.start or (None if "start" in row.unreadable else settings.period_start),
        row.end or (None if "end" in row.unreadable else settings.period_end),
    )


def key_result_span(row: KeyResult, objective: TimeSpan) -> TimeSpan:
    """From its objective's start to its own due day, the objective's end where blank."""
    return TimeSpan(objective.start, row.due or (None if "due" in row.unreadable else objective.due))


def _read_override(row: KeyResult, problems: list[Problem]) -> float | None:
    """A score given by hand, if it has its reason."""
    override = row.override
    if override is None:
        return None
    if not isfinite(override) or not 0 <= override <= 1:
        problems.append(fault_at("key_results", row, "override", "override_out_of_range", value=override))
        return None
    if not row.override_reason.strip():
        problems.append(fault_at("key_results", row, "override_reason", "override_without_reason", "warning"))
        return None
    return override


def _is_readable(row: KeyResult) -> bool:
    """True where every field can be read that the score stands on; what the kind does not need harms nobody."""
    kind = KINDS.get(row.kind)
    return not row.unreadable or row.unreadable.isdisjoint(SCORED_FIELDS.union(kind.needs if kind else ()))


def _in_unit(details: Mapping[str, object], unit: str) -> dict[str, object]:
    """The numbers of a fault, to be shown in the row's unit."""
    return {name: Figure(one, unit) if isinstance(one, float) else one for name, one in details.items()}


def _key_result_plans(
    planner: Planner, objective_ids: Ids, ids: Ids, problems: list[Problem]
) -> tuple[KeyResultPlan, ...]:
    kpi_ids = Ids(row.id for row in planner.kpis)
    spans = [objective_span(row, planner.settings) for row in planner.objectives]
    period = TimeSpan(planner.settings.period_start, planner.settings.period_end)
    plans = []
    for place, row in enumerate(planner.key_results):
        parent = objective_ids.find(row.objective)
        commitment = "" if parent is None else planner.objectives[parent].commitment
        scale, faults = scale_of(row)
        problems.extend(
            fault_at("key_results", row, field, code, "error", **_in_unit(details, row.unit))
            for code, field, details in faults
        )
        kpi = kpi_ids.find(row.kpi)
        if row.kpi and kpi is None:
            problems.append(unknown("key_results", row, "kpi", row.kpi))
        plans.append(
            KeyResultPlan(
                row,
                parent,
                kpi,
                scale,
                key_result_span(row, period if parent is None else spans[parent]),
                success_score(commitment, planner.settings),
                read_weight("key_results", row, problems),
                _read_override(row, problems),
                sound=_is_readable(row)
                and not (row.kpi and kpi is None)
                and (kpi is None or FEEDING_FIELDS.isdisjoint(planner.kpis[kpi].unreadable))
                and place not in ids.repeated,
                repeated=place in ids.repeated,
            )
        )
    return tuple(plans)


def unknown(table: str, row: Row, field: str, text: str) -> Problem:
    """A reference that names nothing."""
    return fault_at(table, row, field, "unknown_reference", value=text)


def _objective_plans(
    planner: Planner,
    ids: Ids,
    key_results: Iterable[KeyResultPlan],
    tree: Tree,
    problems: list[Problem],
) -> tuple[ObjectivePlan, ...]:
    own: list[list[int]] = [[] for _ in planner.objectives]
    under: list[list[int]] = [[] for _ in planner.objectives]
    cut_off: list[list[int]] = [[] for _ in planner.objectives]
    for place, plan in enumerate(key_results):
        if plan.objective is not None:
            own[plan.objective].append(place)
    for place, parent in enumerate(tree.parents):
        if parent is not None:
            under[parent].append(place)
    for cycle in tree.cycles:
        for place, parent in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            cut_off[parent].append(place)
    return tuple(
        ObjectivePlan(
            row,
            objective_span(row, planner.settings),
            success_score(row.commitment, planner.settings),
            read_weight("objectives", row, problems),
            tree.parents[place],
            tuple(own[place]),
            tuple(under[place]),
            tuple(cut_off[place]),
            place in ids.repeated,
        )
        for place, row in enumerate(planner.objectives)
    )
