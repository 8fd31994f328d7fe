"""Checks of the plan as a whole: its settings, how much is wanted at once, weights, dates."""

from __future__ import annotations

from collections.abc import Iterable

from okr_workbook.domain.checks.register import DOERR, METHOD, NIVEN, WODTKE, Found, View, check
from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.last_planner import kept_for_last_planner
from okr_workbook.domain.outline import objective_span, outline_of
from okr_workbook.domain.periods import period_bounds
from okr_workbook.domain.planner import KeyResult, Objective, Planner, Settings, key_of
from okr_workbook.records import NamedTuple

MOST = 5
"""Key results an objective, and objectives a team, beyond which nothing is a priority any more."""

DOMINATING_SHARE = 2 / 3
"""The share of an objective's weight from which one key result decides nearly alone."""


# --- settings ---


class _Setting(NamedTuple):
    """A row of the settings, known by its name alone."""

    name: str
    row_number: int = 0


@check("period_missing", "error", "settings", METHOD)
def period_missing(view: View) -> Iterable[Found]:
    """A period without its first or last day: nothing can be expected by any date."""
    settings = view.planner.settings
    missing = _missing_days(settings)
    if len(missing) < 2:
        yield from (Found(_Setting(name), "value") for name in missing)
    elif not settings.period and "period" not in settings.unreadable:
        yield Found(_Setting("period"), "value")


@check("period_without_days", "error", "settings", METHOD)
def period_without_days(view: View) -> Iterable[Found]:
    """A period whose name does not say its days, such as Q4, where neither is typed: nothing can be expected by any date."""
    settings = view.planner.settings
    if settings.period and len(_missing_days(settings)) == 2:
        yield Found(_Setting("period"), "value", {"period": settings.period})


def _missing_days(settings: Settings) -> list[str]:
    """Which of the period's two days is neither typed nor given by its name."""
    days = ("period_start", "period_end")
    return [name for name in days if getattr(settings, name) is None and name not in settings.unreadable]


@check("period_reversed", "error", "settings", METHOD)
def period_reversed(view: View) -> Iterable[Found]:
    """A period that ends before it starts."""
    settings = view.planner.settings
    if settings.period_start and settings.period_end and settings.period_end < settings.period_start:
        yield Found(_Setting("period_end"), "value", {"start": settings.period_start, "end": settings.period_end})


@check("period_contradicts_dates", "warning", "settings", METHOD)
def period_contradicts_dates(view: View) -> Iterable[Found]:
    """A period such as 2027-H1 beside a first or last day of another one: the days count, not the name."""
    settings = view.planner.settings
    named = period_bounds(settings.period)
    first, last = settings.period_start, settings.period_end
    if named and first and last and first <= last and (first, last) != named:
        details = {"period": settings.period, "first": named[0], "last": named[1], "start": first, "end": last}
        yield Found(_Setting("period"), "value", details)


@check("thresholds_reversed", "warning", "settings", METHOD)
def thresholds_reversed(view: View) -> Iterable[Found]:
    """Thresholds in the wrong order: amber above green, or on track wider than at risk."""
    settings = view.planner.settings
    if settings.amber_from > settings.green_from:
        yield Found(_Setting("amber_from"), "value", {"low": settings.amber_from, "high": settings.green_from})
    if settings.on_track_gap > settings.at_risk_gap:
        yield Found(_Setting("on_track_gap"), "value", {"low": settings.on_track_gap, "high": settings.at_risk_gap})


# --- how many ---


@check("no_key_results", "warning", "objectives", DOERR)
def no_key_results(view: View) -> Iterable[Found]:
    """An objective that nothing measures: neither key results nor objectives under it."""
    objectives = view.planner.objectives
    measured = {view.ids["objectives"].find(row.objective) for row in view.planner.key_results}
    measured |= {view.ids["objectives"].find(row.parent) for row in objectives if key_of(row.parent) != key_of(row.id)}
    repeated = view.ids["objectives"].repeated
    return (Found(row, "") for place, row in enumerate(objectives) if place not in measured and place not in repeated)


@check("children_not_counted", "advice", "objectives", METHOD)
def children_not_counted(view: View) -> Iterable[Found]:
    """Objectives under one that has key results of its own: where `roll_up` is `auto` they count nowhere in it."""
    if view.planner.settings.roll_up != "auto":
        return
    objectives = outline_of(view.planner).objectives
    for plan in objectives:
        under = [objectives[place].row.id for place in plan.children if not objectives[place].repeated]
        if plan.key_results and under:
            yield Found(plan.row, "", {"members": ", ".join(under)})


@check("too_many_key_results", "advice", "objectives", DOERR)
def too_many_key_results(view: View) -> Iterable[Found]:
    """More than five key results an objective."""
    for row, key_results in _key_results_by_objective(view.planner):
        if len(key_results) > MOST:
            yield Found(row, "", {"count": len(key_results)})


@kept_for_last_planner
def _key_results_by_objective(planner: Planner) -> list[tuple[Objective, list[KeyResult]]]:
    own: dict[int, list[KeyResult]] = {}
    for plan in outline_of(planner).key_results:
        if plan.objective is not None:
            own.setdefault(plan.objective, []).append(plan.row)
    return [(planner.objectives[place], rows) for place, rows in own.items()]


@check("too_many_objectives", "advice", "objectives", DOERR)
def too_many_objectives(view: View) -> Iterable[Found]:
    """More than five objectives of the company, of one team or of one member: shown at the sixth."""
    groups: dict[tuple[str, str], list[Objective]] = {}
    for row in view.planner.objectives:
        name = {"company": view.planner.settings.company, "team": row.team, "member": row.owner}.get(row.level)
        if name is not None:
            groups.setdefault((row.level, key_of(name)), []).append(row)
    for (level, _), rows in groups.items():
        if len(rows) > MOST:
            sixth = rows[MOST]
            name = {"company": view.planner.settings.company, "team": sixth.team}.get(level, sixth.owner)
            yield Found(sixth, "", {"count": len(rows), "group": name})


@check("team_without_objective", "advice", "teams", NIVEN)
def team_without_objective(view: View) -> Iterable[Found]:
    """A team with no objective and no key result of its own, and no team under it."""
    planner = view.planner
    busy = {key_of(row.team) for row in planner.objectives if row.team}
    busy |= {key_of(row.team) for row in planner.key_results if row.team}
    busy |= {key_of(row.parent) for row in planner.teams if row.parent}
    return (Found(row, "team") for row in planner.teams if row.team and key_of(row.team) not in busy)


@check("only_milestones", "advice", "objectives", WODTKE)
def only_milestones(view: View) -> Iterable[Found]:
    """An objective measured by milestones alone: everything can be delivered and nothing have changed."""
    for row, key_results in _key_results_by_objective(view.planner):
        if len(key_results) > 1 and all(kind_of(one.kind).takes_yes_no for one in key_results):
            yield Found(row, "", {"count": len(key_results)})


# --- weights ---


@check("weight_dominates", "advice", "key_results", NIVEN)
def weight_dominates(view: View) -> Iterable[Found]:
    """One key result that carries more than two thirds of its objective's weight."""
    for _, rows in _key_results_by_objective(view.planner):
        weighted = [(row, _weight(row)) for row in rows if "weight" not in row.unreadable]
        total = sum(weight for _, weight in weighted)
        if total and sum(1 for _, weight in weighted if weight) > 1:
            row, weight = max(weighted, key=lambda pair: pair[1])
            if weight / total > DOMINATING_SHARE:
                yield Found(row, "weight", {"share": round(100 * (weight / total))})


@check("weight_zero", "advice", "key_results", NIVEN)
def weight_zero(view: View) -> Iterable[Found]:
    """A key result of weight 0 beside others that count: it is watched and never counted."""
    for _, rows in _key_results_by_objective(view.planner):
        if any(_weight(row) for row in rows):
            yield from (Found(row, "weight") for row in rows if row.weight == 0)


def _weight(row: KeyResult) -> float:
    return 1.0 if row.weight is None else max(row.weight, 0.0)


# --- dates ---


@check("dates_reversed", "error", "objectives", METHOD)
def objective_dates_reversed(view: View) -> Iterable[Found]:
    """An objective that ends before it starts."""
    for row in view.planner.objectives:
        span = objective_span(row, view.planner.settings)
        if (row.start or row.end) and span.start and span.due and span.due < span.start:
            yield Found(row, "end" if row.end else "start", {"start": span.start, "end": span.due})


@check("dates_reversed", "error", "key_results", METHOD)
def key_result_dates_reversed(view: View) -> Iterable[Found]:
    """A key result that is due before its objective starts."""
    for row in view.planner.key_results:
        objective = view.objective_of(row) if row.due else None
        if objective is None or row.due is None:
            continue
        start = objective_span(objective, view.planner.settings).start
        if start and row.due < start:
            yield Found(row, "due", {"start": start, "end": row.due})


@check("outside_period", "warning", "objectives", METHOD)
def outside_period(view: View) -> Iterable[Found]:
    """An objective whose dates leave the planner's period."""
    settings = view.planner.settings
    first, last = settings.period_start, settings.period_end
    if first is None or last is None or last < first:
        return
    for row in view.planner.objectives:
        if row.start and row.end and row.end < row.start:
            continue
        for field, day in (("start", row.start), ("end", row.end)):
            if day and not first <= day <= last:
                yield Found(row, field, {"day": day, "first": first, "last": last})


@check("due_after_objective", "warning", "key_results", METHOD)
def due_after_objective(view: View) -> Iterable[Found]:
    """A key result due after its objective ends: it cannot help it in time."""
    for row in view.planner.key_results:
        if row.due is None:
            continue
        objective = view.objective_of(row)
        end = objective_span(objective, view.planner.settings).due if objective else view.planner.settings.period_end
        if end and row.due > end:
            yield Found(row, "due", {"day": row.due, "end": end})
