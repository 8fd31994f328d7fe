"""What the next period takes along of a plan: key results, the objectives they serve, the open actions that serve them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from okr_workbook.domain.kinds import KINDS, at_least, scale_of
from okr_workbook.domain.outline import KeyResultPlan, Outline, outline_of
from okr_workbook.domain.planner import KeyResult, Planner
from okr_workbook.domain.references import Ids
from okr_workbook.domain.results import KeyResultScore, Scores
from okr_workbook.records import NamedTuple


class Taken(NamedTuple):
    """A row that is taken along: its id, its place in its table (from 1), and what some of its fields begin with."""

    id: str
    row_number: int
    anew: Mapping[str, float | None] = {}


class CarryOver(NamedTuple):
    """The rows that the next period takes along, in the order of their tables."""

    objectives: tuple[Taken, ...] = ()
    key_results: tuple[Taken, ...] = ()
    actions: tuple[Taken, ...] = ()


def carry_over(planner: Planner, scores: Scores, *, unfinished: bool = False, keep: Iterable[str] = ()) -> CarryOver:
    """What goes on in the next period.

    `unfinished`: every key result short of its success score, and open actions that serve a KPI. `keep` names key
    results, done or not, and objectives, which take along those of their key results that are not done. With a key result
    go its objective, the objectives above, and the open actions that serve it.
    """
    outline = outline_of(planner)
    named, kept = tuple(keep), Ids(row.id for row in planner.objectives)
    objectives = {place for one in named if (place := kept.find(one)) is not None}
    key_results = {place for one in named if (place := outline.ids.find(one)) is not None}
    for place, (plan, got) in enumerate(zip(outline.key_results, scores.key_results, strict=True)):
        if not _is_done(plan, got) and (unfinished or plan.objective in objectives):
            key_results.add(place)
    served = _with_parents(outline, objectives, key_results)
    return CarryOver(
        tuple(
            Taken(row.id, row.row_number, {"start": None, "end": None})
            for place, row in enumerate(planner.objectives)
            if place in served
        ),
        tuple(
            Taken(plan.row.id, plan.row.row_number, _anew(plan.row, scores.key_results[place].value))
            for place, plan in enumerate(outline.key_results)
            if place in key_results
        ),
        tuple(_actions(planner, outline, key_results, of_kpis=unfinished)),
    )


def names_nothing(planner: Planner, ids: Iterable[str]) -> tuple[str, ...]:
    """Those of some ids that neither an objective nor a key result has."""
    known = Ids([*(row.id for row in planner.objectives), *(row.id for row in planner.key_results)])
    return tuple(one for one in ids if known.find(one) is None)


def _is_done(plan: KeyResultPlan, got: KeyResultScore) -> bool:
    return got.score is not None and at_least(got.score, plan.success)


def _anew(row: KeyResult, value: float | None) -> dict[str, float | None]:
    """How a key result begins again: from its last value, with no due day and no score given by hand.

    Its start says that value, and nothing has been read since: `current` is blank, and so is that of a bound, which counts
    the readings of its period. `current` goes on where there is no start to say it: of a milestone, and where the start
    stays because the numbers would no longer go one way (stages past their commit).
    """
    begins: dict[str, float | None] = {"due": None, "override": None, "override_reason": None}
    if value is None:
        return begins
    kind = KINDS.get(row.kind)
    if kind is not None and "start" in kind.needs and not scale_of(row._replace(start=value))[1]:
        return begins | {"start": value, "current": None}
    return begins | {"current": None if kind is not None and kind.keeps_bound else value}


def _with_parents(outline: Outline, objectives: Collection[int], key_results: Collection[int]) -> set[int]:
    """Objectives that were named, those of the key results, and all above them."""
    found: set[int] = set()
    for place in (*objectives, *(outline.key_results[one].objective for one in key_results)):
        while place is not None and place not in found:
            found.add(place)
            place = outline.objectives[place].parent  # noqa: PLW2901  (the way up)
    return found


def _actions(planner: Planner, outline: Outline, key_results: Collection[int], *, of_kpis: bool) -> Iterable[Taken]:
    kpis = Ids(row.id for row in planner.kpis)
    for row in planner.actions:
        served = outline.ids.find(row.serves)
        goes_on = of_kpis and kpis.find(row.serves) is not None if served is None else served in key_results
        if row.is_open and goes_on:
            yield Taken(row.id, row.row_number)
