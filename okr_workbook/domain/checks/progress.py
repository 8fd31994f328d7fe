"""Checks of how things go: silence, check-ins that do not count, targets met too early or slipping, actions left lying."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import isfinite

from okr_workbook.domain.checks.register import (
    DOERR,
    GROVE,
    METHOD,
    NIVEN,
    PARMENTER,
    REWORK,
    WODTKE,
    Found,
    View,
    check,
)
from okr_workbook.domain.kinds import kind_of, shown_unit
from okr_workbook.domain.outline import objective_span, outline_of
from okr_workbook.domain.pace import TimeSpan
from okr_workbook.domain.percent_scale import is_percent
from okr_workbook.domain.problems import Figure
from okr_workbook.domain.readings import check_in_logs, typed_beside_kpi

HIGHEST_CONFIDENCE = 10
EARLY = 0.1
"""The share of the period within which a target that is met was no target."""
HALF_TIME = 0.5
UNLIKELY = 0.05
"""The chance of reaching the target under which it is time to say so."""
SURE = 8
"""The confidence from which a key result at risk does not sound like it."""


# --- silence ---


@check("stale", "warning", "key_results", WODTKE)
def stale(view: View) -> Iterable[Found]:
    """Nothing has come in for longer than `stale_after_days`."""
    for row, score in view.scored_key_results():
        if score.stale and score.updated_on is not None and not row.kpi:  # of a KPI `kpi_stale` tells what it waits for
            yield Found(row, "current", {"day": score.updated_on, "days": (view.as_of - score.updated_on).days})


@check("never_updated", "warning", "key_results", WODTKE)
def never_updated(view: View) -> Iterable[Found]:
    """A key result under way for longer than `stale_after_days` that never had a value."""
    for row, score in view.scored_key_results():
        if score.stale and score.updated_on is None and score.usable and not row.kpi:
            yield Found(row, "current")


@check("kpi_gives_no_value", "warning", "key_results", WODTKE)
def kpi_gives_no_value(view: View) -> Iterable[Found]:
    """A key result under way for longer than `stale_after_days` whose KPI has no value yet, though it has a formula."""
    kpis, ids = view.planner.kpis, view.ids["kpis"]
    for row, score in view.scored_key_results():
        if score.stale and score.value is None and score.usable and row.kpi:
            kpi = ids.find(row.kpi)
            if kpi is None or kpis[kpi].formula.strip():  # else it is told at the KPI, and its measures are no way out
                yield Found(row, "kpi", {"kpi": row.kpi})


# --- check-ins ---


@check("check_in_in_future", "warning", "check_ins", METHOD)
def check_in_in_future(view: View) -> Iterable[Found]:
    """A check-in dated after the as-of date: it does not count yet (not reported on a look back)."""
    if view.looked_back:
        return
    for row in view.planner.check_ins:
        if row.date is not None and row.date > view.as_of:
            yield Found(row, "date", {"day": row.date})


@check("check_in_without_date", "error", "check_ins", METHOD)
def check_in_without_date(view: View) -> Iterable[Found]:
    """A check-in without its day: it does not count."""
    return (Found(row, "date") for row in view.planner.check_ins if row.date is None and "date" not in row.unreadable)


@check("check_in_without_key_result", "error", "check_ins", METHOD)
def check_in_without_key_result(view: View) -> Iterable[Found]:
    """A check-in that names no key result."""
    return (
        Found(row, "key_result")
        for row in view.planner.check_ins
        if not row.key_result and "key_result" not in row.unreadable
    )


@check("current_not_counted", "warning", "key_results", METHOD)
def current_not_counted(view: View) -> Iterable[Found]:
    """A value typed in `current` of a key result that takes its value from a KPI (not reported on a look back)."""
    kpis = view.scores.kpis
    for row in view.planner.key_results:
        place = view.ids["kpis"].find(row.kpi)
        if place is not None and not row.current_is_formula and typed_beside_kpi(row, kpis[place]):
            yield Found(row, "current", {"kpi": row.kpi})


@check("check_in_not_counted", "advice", "check_ins", METHOD)
def check_in_not_counted(view: View) -> Iterable[Found]:
    """A check-in of a key result that takes its value from a KPI."""
    key_results = view.planner.key_results
    fed = {place for place, row in enumerate(key_results) if row.kpi}
    for row, place in zip(view.planner.check_ins, view.reported, strict=True) if fed else ():
        if place in fed and row.value is not None and place is not None:
            yield Found(row, "key_result", {"kpi": key_results[place].kpi})


@check("value_not_admitted", "error", "check_ins", METHOD)
def value_not_admitted(view: View) -> Iterable[Found]:
    """A value that its kind of key result cannot have: a milestone runs from 0 to 1."""
    admitted = [kind_of(row.kind).admits for row in view.planner.key_results]
    for row, place in zip(view.planner.check_ins, view.reported, strict=True):
        if place is not None and row.value is not None and not admitted[place](row.value):
            yield Found(row, "value", {"value": row.value})


def _out_of_range(confidence: float) -> bool:
    return not (isfinite(confidence) and 0 <= confidence <= HIGHEST_CONFIDENCE)


@check("confidence_out_of_range", "warning", "key_results", WODTKE)
def confidence_out_of_range(view: View) -> Iterable[Found]:
    """A confidence that is not from 0 to 10."""
    for row in view.planner.key_results:
        if row.confidence is not None and _out_of_range(row.confidence):
            yield Found(row, "confidence", {"value": row.confidence})


@check("confidence_out_of_range", "warning", "check_ins", WODTKE)
def check_in_confidence_out_of_range(view: View) -> Iterable[Found]:
    """A check-in's confidence that is not from 0 to 10."""
    for row in view.planner.check_ins:
        if row.confidence is not None and _out_of_range(row.confidence):
            yield Found(row, "confidence", {"value": row.confidence})


# --- targets against what happens ---


@check("confidence_against_pace", "advice", "key_results", WODTKE)
def confidence_against_pace(view: View) -> Iterable[Found]:
    """High confidence in a key result that is at risk: one of the two is wrong."""
    for row, score in view.scored_key_results():
        sure = row.confidence is not None and SURE <= row.confidence <= HIGHEST_CONFIDENCE
        if sure and score.status == "at_risk":
            yield Found(row, "confidence", {"value": row.confidence})


@check("target_already_met", "warning", "key_results", REWORK)
def target_already_met(view: View) -> Iterable[Found]:
    """A target met at the start: a reading of the first tenth of the period, or before it, reaches it already."""
    planner = view.planner
    judged = zip(outline_of(planner).key_results, check_in_logs(planner), view.scores.key_results, strict=True)
    for plan, log, score in judged:
        row, scale = plan.row, plan.scale
        if row.kpi or not log.readings or scale is None or "target" not in scale.needs:
            continue
        day, value = log.readings[0].on, log.readings[0].value
        if score.usable and day <= view.as_of and _is_early(plan.span, day) and scale.reached(value):
            yield Found(row, "target", {"day": day, "value": Figure(value, row.unit)})


def _is_early(span: TimeSpan, day: date) -> bool:
    elapsed = span.elapsed(day)
    return elapsed is not None and elapsed <= EARLY


@check("sandbagged", "advice", "objectives", DOERR)
def sandbagged(view: View) -> Iterable[Found]:
    """All key results of an objective fully reached before half of its time is over: the targets were too easy."""
    won: dict[int, list[bool]] = {}
    for row, score in view.scored_key_results():
        place = view.ids["objectives"].find(row.objective)
        if place is not None and not kind_of(row.kind).keeps_bound:
            won.setdefault(place, []).append(score.score == 1 and not score.overridden)
    for place, wins in won.items():
        objective = view.planner.objectives[place]
        elapsed = objective_span(objective, view.planner.settings).elapsed(view.as_of)
        if len(wins) > 1 and all(wins) and elapsed is not None and elapsed < HALF_TIME:
            yield Found(objective, "", {"count": len(wins)})


@check("target_out_of_reach", "advice", "key_results", GROVE)
def target_out_of_reach(view: View) -> Iterable[Found]:
    """A target that the pace so far will miss almost surely, past half of the time."""
    for plan, score in zip(outline_of(view.planner).key_results, view.scores.key_results, strict=True):
        forecast, row = score.forecast, plan.row
        if forecast.method != "line" or forecast.chance is None or forecast.chance >= UNLIKELY:
            continue
        elapsed = plan.span.elapsed(view.as_of)
        needed = score.needed_per_week  # none once the time is over: there is nothing to speed up
        if elapsed is not None and elapsed >= HALF_TIME and needed is not None:
            goal = row.target if plan.scale is None else plan.scale.goal
            unit = shown_unit(row)
            details = {
                "forecast": _roughly(forecast.value, goal, unit),
                "target": goal,
                "needed": _roughly(needed, 0.0, unit),
            }
            figures = {
                name: "" if one is None else Figure(one, unit, step=name == "needed") for name, one in details.items()
            }
            yield Found(row, "target", figures)


def _roughly(estimate: float | None, other: float | None, unit: str) -> float | None:
    """An estimate in two digits, or whole where that takes more: a trend knows no better. Exact where `other` is as near."""
    if estimate is None:
        return None
    scale = 100 if is_percent(unit) else 1
    size = abs(estimate) * scale
    rough = round(estimate * scale, 0 if size >= 10 else 1 if size >= 1 else 2) / scale
    return estimate if rough == other else rough


# --- acting ---


@check("no_action", "advice", "key_results", PARMENTER)
def no_action(view: View) -> Iterable[Found]:
    """A key result at risk that no open action serves, nor the KPI that feeds it."""
    ids, kpis = view.ids["key_results"], view.ids["kpis"]
    open_actions = [row.serves for row in view.planner.actions if row.is_open]
    served, watched = set(ids.find_all(open_actions)), set(kpis.find_all(open_actions)) - {None}
    for place, (row, score) in enumerate(view.scored_key_results()):
        if score.status != "at_risk" or place in served or place in ids.repeated:
            continue
        if kpis.find(row.kpi) not in watched:
            yield Found(row, "")


@check("action_overdue", "warning", "actions", GROVE)
def action_overdue(view: View) -> Iterable[Found]:
    """An open action past its due day."""
    for row in view.planner.actions:
        if row.is_open and row.due is not None and row.due < view.as_of:
            yield Found(row, "due", {"day": row.due})


@check("action_serves_nothing", "warning", "actions", NIVEN)
def action_serves_nothing(view: View) -> Iterable[Found]:
    """An open action that serves no key result and no KPI."""
    return (
        Found(row, "serves")
        for row in view.planner.actions
        if row.is_open and not row.serves and "serves" not in row.unreadable
    )


@check("action_without_due", "advice", "actions", GROVE)
def action_without_due(view: View) -> Iterable[Found]:
    """An open action without a due day."""
    return (
        Found(row, "due")
        for row in view.planner.actions
        if row.is_open and row.due is None and "due" not in row.unreadable
    )
