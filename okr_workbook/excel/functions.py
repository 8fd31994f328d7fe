"""Custom functions for formulas in cells: OKR_PROGRESS, OKR_SCORE, KPI_VALUE and the classic KPIs.

The module to name in xlwings' setting UDF MODULES, to import in an xlwings Lite script, or to serve with xlwings Server.
Every rule is the core's own; here are only the doors. A range in an argument gives a range of results.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

from okr_workbook.domain.forecast import forecast_of
from okr_workbook.domain.kinds import Kind, kind_of_numbers, scale_of
from okr_workbook.domain.pace import TimeSpan, grade_of, status_of
from okr_workbook.domain.planner import KeyResult, Settings, key_of
from okr_workbook.domain.readings import Reading
from okr_workbook.domain.rollup import weighted_mean
from okr_workbook.excel.cell_arguments import (
    DIVIDED_BY_ZERO,
    NO_DATA,
    WRONG,
    CellFault,
    Rows,
    day,
    flat,
    is_empty,
    number,
    optional_number,
    spilled,
)
from okr_workbook.excel.kpi_functions import CLASSIC_KPIS, ClassicKpi, kpi_values, value_of
from okr_workbook.excel.offering import cellwise, excel_function
from okr_workbook.labels import labels_for
from okr_workbook.tables.cell_values import choice_of, yes_or_no
from okr_workbook.tables.schema import Field, setting, table

_DEFAULTS = Settings()
_KIND = table("key_results").field("kind")


def _scale(kind: Any, **numbers: Any) -> Kind:
    """The scale of a key result as Excel gives it; without a kind, the numbers tell."""
    values = {name: optional_number(cell, name) for name, cell in numbers.items()}
    name = _chosen(kind, _KIND, "a kind of key result") or kind_of_numbers(**values)
    scale, faults = scale_of(KeyResult(kind=name, **values))  # type: ignore[arg-type]
    if scale is not None:
        return scale
    codes = {fault.code for fault in faults}
    if "number_missing" in codes:
        raise CellFault(NO_DATA)
    if codes == {"start_is_target"}:
        raise CellFault(DIVIDED_BY_ZERO, "Start and target are the same.")
    raise CellFault(WRONG, f"The numbers do not fit the kind {name}.")


def _chosen(cell: Any, field: Field, what: str) -> str:
    """The choice that a cell names, in any language of the planner; "" for a blank."""
    if is_empty(cell):
        return ""
    found = choice_of(str(cell), field)
    if found is None:
        raise CellFault(WRONG, f"“{cell}” is not {what}.")
    return found


@cellwise(value="where it stands now", start="where it started", target="where it should arrive")
def okr_progress(value: Any, start: Any, target: Any) -> float:
    """The share of the way from start to target that is done; not held within 0 and 1."""
    return _scale(None, start=start, target=target).progress((number(value, "value"),))


@cellwise(
    value="where it stands now",
    start="where it started",
    target="where it should arrive",
    kind=f"{', '.join(_KIND.choices[:-1])} or {_KIND.choices[-1]}; blank: by the numbers",
    lower="the bound not to fall under",
    upper="the bound not to exceed",
    commit="what scores 0.3, for stages",
    stretch="what scores 1.0, for stages",
)
def okr_score(
    value: Any,
    start: Any = None,
    target: Any = None,
    kind: Any = None,
    lower: Any = None,
    upper: Any = None,
    commit: Any = None,
    stretch: Any = None,
) -> float:
    """The score of a key result, 0 to 1."""
    scale = _scale(kind, start=start, target=target, lower=lower, upper=upper, commit=commit, stretch=stretch)
    reading = _reading(value, scale)
    if not scale.admits(reading):
        raise CellFault(WRONG, "A milestone runs from 0 to 1.")
    return scale.score((reading,))


def _reading(cell: Any, scale: Kind) -> float:
    """The value in a cell, which for a milestone may be an answer."""
    answer = yes_or_no(cell) if scale.takes_yes_no and isinstance(cell, str) else None
    return number(cell, "value") if answer is None else float(answer)


@cellwise(
    start="the first day",
    due="the last day",
    as_of="the day to look at it",
    success="the score that counts as success: 1, or 0.7 for an aspirational objective",
)
def okr_expected(start: Any, due: Any, as_of: Any, success: Any = None) -> float:
    """The score expected by now: the share of the time gone times the score that counts as success."""
    elapsed = TimeSpan(day(start, "start"), day(due, "due")).elapsed(day(as_of, "as_of"))
    if elapsed is None:
        raise CellFault(WRONG, "The due day is before the start.")
    wanted = optional_number(success, "success")
    return elapsed * (1.0 if wanted is None else wanted)


@cellwise(
    score="the score, 0 to 1",
    expected="the score expected by now",
    success="the score that counts as success; blank: 1",
    language="en or fr, English or Français; blank: en",
)
def okr_status(score: Any, expected: Any, success: Any = None, language: Any = None) -> str:
    """The status in words: done, on track, behind or at risk, by the gap between expected and score."""
    wanted = optional_number(success, "success")
    status = status_of(
        optional_number(score, "score"),
        optional_number(expected, "expected"),
        success=1.0 if wanted is None else wanted,
        begun=True,
        may_be_done=True,
        settings=_DEFAULTS,
    )
    return labels_for(_chosen(language, setting("language"), "a language of the planner") or "en").choice(status)


@cellwise(score="the score, 0 to 1")
def okr_grade(score: Any) -> str:
    """The grade: green from 0.7, amber from 0.4, red below."""
    return grade_of(number(score, "score"), _DEFAULTS) or ""


def okr_rollup(scores: Rows, weights: Rows | None = None, missing_counts_as: Rows | None = None) -> float | str:
    """The weighted mean of scores. A blank weight is 1; a blank score counts as 0, or not at all with "left_out"."""

    def rolled_up(rule: Any) -> float:
        shares, weighed = flat(scores), flat(weights) if weights else [None] * len(flat(scores))
        if len(shares) != len(weighed):
            raise CellFault(WRONG, "Scores and weights are not of the same size.")
        left_out = _chosen(rule, setting("missing_counts_as"), "zero or left out") == "left_out"
        pairs = [
            (optional_number(w, "weights"), optional_number(s, "scores")) for w, s in zip(weighed, shares, strict=True)
        ]
        counted = [(1.0 if w is None else w, s or 0.0) for w, s in pairs if s is not None or not left_out]
        if any(weight < 0 for weight, _ in counted):
            raise CellFault(WRONG, "A weight is negative.")
        mean = weighted_mean(counted)
        if mean is None:
            raise CellFault(NO_DATA)
        return mean

    return spilled(rolled_up, [missing_counts_as])  # type: ignore[no-any-return]


okr_rollup = excel_function(
    okr_rollup,
    {
        "scores": "the scores, 0 to 1",
        "weights": "their weights, of the same size; blank: 1",
        "missing_counts_as": "zero or left_out, as the planner's settings say it; blank: zero",
    },
)


def okr_forecast(
    dates: Rows, values: Rows, start: Rows, target: Rows, first: Rows, due: Rows, show: Rows | None = None
) -> float | str:
    """Where a key result will stand on its due day by the line through its readings; or its "score" or "chance"."""

    def carried_on(begin: Any, goal: Any, first_day: Any, due_day: Any, what: Any) -> float:
        scale, span = _scale(None, start=begin, target=goal), TimeSpan(day(first_day, "first"), day(due_day, "due"))
        readings = _readings(dates, values, span)
        if not readings:
            raise CellFault(NO_DATA)
        last = readings[-1]
        found = forecast_of(scale, last.value, readings, span=span, as_of=last.on, success=1.0)
        result = {"": found.value, "value": found.value, "score": found.score, "chance": found.chance}
        wanted = key_of(str(what or ""))
        if wanted not in result:
            raise CellFault(WRONG, "show is value, score or chance.")
        if result[wanted] is None:
            raise CellFault(NO_DATA, "Too few readings, or too close to each other, for a forecast.")
        return result[wanted]  # type: ignore[return-value]

    return spilled(carried_on, [start, target, first, due, show])  # type: ignore[no-any-return]


def _readings(dates: Rows, values: Rows, span: TimeSpan) -> list[Reading]:
    """The readings of the period, oldest first; of two on one day the later row wins."""
    days, figures = flat(dates), flat(values)
    if len(days) != len(figures):
        raise CellFault(WRONG, "Dates and values are not of the same size.")
    found: dict[date, float] = {}
    for on, value in zip(days, figures, strict=True):
        if not is_empty(on) and not is_empty(value):
            found[day(on, "dates")] = number(value, "values")
    return [Reading(on, found[on]) for on in sorted(found) if span.holds(on)]


okr_forecast = excel_function(
    okr_forecast,
    {
        "dates": "the days of the readings",
        "values": "the readings, of the same size",
        "start": "where the key result started",
        "target": "where it should arrive",
        "first": "the first day of the period",
        "due": "the due day",
        "show": "value, score or chance; blank: value",
    },
)


def kpi_value(formula: Rows, names: Rows, figures: Rows) -> Any:
    """The value of a KPI formula such as "paid_new / trials_started", one for each column of figures."""
    return spilled(lambda text: kpi_values(text, names, figures), [formula])


kpi_value = excel_function(
    kpi_value,
    {
        "formula": "a KPI formula: names, + - * / ^ and functions",
        "names": "the names in it, one below the other",
        "figures": "their figures, a row each, a column a period",
    },
)


def _classic(kpi: ClassicKpi) -> Callable[..., Any]:
    """The worksheet function of a classic KPI."""

    def over_cells(*cells: Any) -> float:
        figures = {name: optional_number(cell, name) for name, cell in zip(kpi.arguments, cells, strict=True)}
        return value_of(kpi, figures)

    over_cells.__name__, over_cells.__doc__ = kpi.name, f"{kpi.gives} {kpi.formula}"
    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD
    over_cells.__signature__ = inspect.Signature([inspect.Parameter(name, kinds) for name in kpi.arguments])  # type: ignore[attr-defined]
    return cellwise(**kpi.arguments)(over_cells)


globals().update({kpi.name: _classic(kpi) for kpi in CLASSIC_KPIS})
