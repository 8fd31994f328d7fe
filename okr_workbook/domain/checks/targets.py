"""Checks of what is measured: units, targets that can be reached, KPIs that make someone act."""

from __future__ import annotations

import re
from collections.abc import Iterable

from okr_workbook.domain.checks.register import NIVEN, PARMENTER, SMART, Found, View, check
from okr_workbook.domain.formula.language import FormulaError, names
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.kinds import kind_of, shown_unit
from okr_workbook.domain.kpis.formulas import read_formulas
from okr_workbook.domain.kpis.gaps import Waiting, gaps_of
from okr_workbook.domain.kpis.quality import Qualities
from okr_workbook.domain.kpis.scores import aims_of, can_be_judged
from okr_workbook.domain.kpis.values import figures_until
from okr_workbook.domain.periods import last_over
from okr_workbook.domain.planner import KeyResult, key_of
from okr_workbook.domain.problems import Figure


@check("no_unit", "warning", "key_results", SMART)
def no_unit(view: View) -> Iterable[Found]:
    """A number without its unit: 60 could be euros, thousands or percent."""
    kpis, ids = view.planner.kpis, view.ids["kpis"]
    for row in view.planner.key_results:
        kpi = ids.find(row.kpi)
        if shown_unit(row) or (kpi is not None and kpis[kpi].unit) or not _has_numbers(row):
            continue
        yield Found(row, "unit")


def _has_numbers(row: KeyResult) -> bool:
    return any(number is not None for number in (row.start, row.target, row.lower, row.upper, row.commit, row.stretch))


@check("kpi_no_unit", "advice", "kpis", PARMENTER)
def kpi_no_unit(view: View) -> Iterable[Found]:
    """A KPI without its unit."""
    return (Found(row, "unit") for row in view.planner.kpis if not row.unit and row.formula)


def _top_of_scale(unit: str) -> float | None:
    """The number a unit such as "/10" ends at; None where it is no scale."""
    if "/" not in unit or not unit.rstrip()[-1:].isdecimal():  # as most are, without looking for more
        return None
    top = re.search(r"/\s*(\d+(?:[.,]\d+)?)\s*$", unit)
    return float(top[1].replace(",", ".")) if top else None


@check("target_beyond_scale", "error", "key_results", SMART)
def target_beyond_scale(view: View) -> Iterable[Found]:
    """A target that its own unit rules out: 12 on a scale "/10"."""
    for row in view.planner.key_results:
        highest = _top_of_scale(row.unit)
        if highest is None:
            continue
        for field in ("target", "stretch", "lower"):
            number = getattr(row, field)
            if number is not None and number > highest:
                yield Found(row, field, {"value": number, "highest": highest})


@check("stages_in_committed", "advice", "key_results", NIVEN)
def stages_in_committed(view: View) -> Iterable[Found]:
    """Stages in a committed objective: success there is a score of 1, which takes the stretch value."""
    for row in view.planner.key_results:
        objective = view.objective_of(row)
        if "stretch" in kind_of(row.kind).needs and objective is not None and objective.commitment != "aspirational":
            stretch = "" if row.stretch is None else Figure(row.stretch, row.unit)
            yield Found(row, "kind", {"stretch": stretch})


@check("kpi_without_action", "warning", "kpis", PARMENTER)
def kpi_without_action(view: View) -> Iterable[Found]:
    """A KPI that does not say what to do when it goes wrong: it will be looked at and not acted on."""
    return (Found(row, "action") for row in view.planner.kpis if not row.action)


@check("kpi_without_target", "warning", "kpis", PARMENTER)
def kpi_without_target(view: View) -> Iterable[Found]:
    """A KPI without a target, or to be kept within bounds and without any: it cannot be achieved."""
    for row in view.planner.kpis:
        aims = aims_of(row)
        if can_be_judged(row) and all(getattr(row, field) is None for field in aims):
            yield Found(row, aims[0])


@check("kpi_waits_for", "advice", "kpis", PARMENTER)
def kpi_waits_for(view: View) -> Iterable[Found]:
    """A KPI without a value, for want of figures: the measures and the months that it waits for."""
    planner, results = view.planner, view.scores.kpis
    if all(result.value is not None for result in results):
        return
    figures = [figures_until(measure, view.as_of) for measure in planner.measures]
    waiting = Waiting(planner, read_formulas(planner), figures, last_over(view.as_of))
    for place, (row, result) in enumerate(zip(planner.kpis, results, strict=True)):
        gaps = waiting.gaps(place, result)
        if gaps.of:
            yield Found(row, "value", {"measures": gaps})


@check("kpi_stale", "warning", "kpis", PARMENTER)
def kpi_stale(view: View) -> Iterable[Found]:
    """A KPI whose next figures are overdue: it shows the past. The measures and the months that it waits for."""
    planner, results = view.planner, view.scores.kpis
    if all(result.quality != "stale" for result in results):
        return
    figures = [figures_until(measure, view.as_of) for measure in planner.measures]
    qualities = Qualities(planner, read_formulas(planner), figures, view.as_of)
    for place, (row, result) in enumerate(zip(planner.kpis, results, strict=True)):
        if result.quality == "stale":
            yield Found(row, "value", {"measures": gaps_of(qualities.due(place))})


@check("measure_unused", "advice", "measures", PARMENTER)
def measure_unused(view: View) -> Iterable[Found]:
    """A measure that no KPI uses: someone fills it in every month for nothing."""
    named, unreadable = _names_in_formulas(view)
    for row in view.planner.measures:
        name = key_of(row.measure)
        if name and name not in named and not any(name in formula for formula in unreadable):
            yield Found(row, "measure")


def _names_in_formulas(view: View) -> tuple[set[str], list[str]]:
    """The names that formulas use, and the formulas that cannot be read, in which a name may stand all the same."""
    named: set[str] = set()
    unreadable = []
    for row in view.planner.kpis if view.planner.measures else ():
        try:
            named.update(map(key_of, names(parse(row.formula))))
        except FormulaError:
            unreadable.append(key_of(row.formula))
    return named, unreadable
