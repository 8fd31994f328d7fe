"""The values of KPIs over time: measures aggregated over the periods of each KPI, and its formula run on them.

A formula runs on *aggregated* measures: a quarter's conversion is the quarter's paid / the quarter's trials, never the
mean of three months' ratios. A measure is aggregated as its row says (blank: sum):

- sum: of the months that have a figure; last: the latest figure; average: the mean of the months that have a figure.
- A period has a figure where one of its months has. A period in progress counts with its months so far, and a
  continuous KPI is one period that grows with every month that has a figure.
- YTD(x) runs over the months of the year so far, ROLLING(x, n) over the last n periods, all of which must have a figure.
- A KPI that is named is computed over the very months it is named for.

Months after the as-of date do not exist yet. A month whose cell cannot be read is #VALUE!, not blank, and so are all of a
measure whose aggregate cannot be read. Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import compress
from math import isfinite

from okr_workbook.domain.formula.language import YEAR_TO_DATE, Span, reads
from okr_workbook.domain.formula.values import NA, VALUE, Value, compiled, finite
from okr_workbook.domain.kpis.formulas import KpiFormula, KpiFormulas, NamedRow
from okr_workbook.domain.periods import PERIOD_MONTHS, last_day, month_number, period_label, period_start
from okr_workbook.domain.planner import Kpi, Measure, Planner
from okr_workbook.records import NamedTuple


class KpiPeriod(NamedTuple):
    """One period: its name, its first and last month, and the day its figure stands for."""

    label: str
    first: int
    last: int
    on: date
    finished: bool


class KpiSeries(NamedTuple):
    """A KPI's periods up to the as-of date, oldest first, and its value in each (None: it has not what it needs)."""

    periods: tuple[KpiPeriod, ...]
    values: list[Value]


class _View(NamedTuple):
    """How figures are read: in steps of a frequency, each over a window of that many steps."""

    frequency: str
    length: int = 1


_Column = list[Value]  # one value a period of the view's frequency
Figures = dict[int, Value]
"""A measure's figures up to the as-of date by month number; #VALUE! where a cell could not be read, blanks absent."""


def frequency_of(kpi: Kpi) -> str:
    """How often a KPI is taken; blank is every month."""
    return kpi.frequency if kpi.frequency in PERIOD_MONTHS else "month"


def aggregate_of(measure: Measure) -> str:
    """How a measure's months become one figure; blank is their sum."""
    return measure.aggregate or "sum"


def figures_until(measure: Measure, as_of: date) -> Figures:
    """The figures of a measure that exist at a date."""
    known = "aggregate" not in measure.unreadable
    figures: Figures = {
        month_number(day): float(figure) if known and isfinite(figure) else VALUE
        for day, figure in measure.months.items()
        if day <= as_of
    }
    for text in measure.unreadable:
        if text[:1].isdigit() and (day := date.fromisoformat(f"{text}-01")) <= as_of:
            figures[month_number(day)] = VALUE
    return figures


def kpi_series(
    planner: Planner, formulas: KpiFormulas, figures: Sequence[Figures], as_of: date
) -> dict[int, KpiSeries]:
    """The series of every KPI that can be computed, by its place. `figures` align with the planner's measures."""
    columns = _Columns(planner, figures, as_of)
    demanded = _demanded(planner, formulas)
    for place, formula in formulas.in_order.items():
        for view in demanded[place]:
            columns.add(place, formula, view)
    return {place: columns.series(place, frequency_of(planner.kpis[place])) for place in formulas.in_order}


def _demanded(planner: Planner, formulas: KpiFormulas) -> dict[int, set[_View]]:
    """The views in which each KPI is wanted: its own, and those of the KPIs that name it."""
    demanded = {place: {_View(frequency_of(planner.kpis[place]))} for place in formulas.in_order}
    for place, formula in reversed(tuple(formulas.in_order.items())):
        for name, span in reads(formula.node) if formula.kpis else ():
            source = formula.sources[name]
            if source.table == "kpis":
                demanded[source.place] |= {_read_in(view, span) for view in demanded[place]}
    return demanded


def _read_in(view: _View, span: Span) -> _View:
    """The view in which a formula that is itself computed in `view` reads a name over `span`."""
    return _View(view.frequency, span.length) if view.length == 1 else view


class _Columns:
    """The columns of measures and KPIs, each made once."""

    def __init__(self, planner: Planner, figures: Sequence[Figures], as_of: date) -> None:
        self._measures = planner.measures
        self._as_of = as_of
        self._last = month_number(as_of)
        self._first = min((min(each) for each in figures if each), default=self._last)
        self._columns: dict[tuple[NamedRow, _View], _Column] = {}
        self._periods: dict[str, tuple[KpiPeriod, ...]] = {}
        self._figures = figures
        self._told: dict[int, frozenset[int]] = {}
        months = range(self._first, self._last + 1)
        self._months = [[each.get(month) for month in months] for each in figures]

    def periods(self, frequency: str) -> tuple[KpiPeriod, ...]:
        """The periods of that frequency from the first month there is to the as-of date."""
        if frequency not in self._periods:
            step = PERIOD_MONTHS[frequency]
            begins = range(period_start(self._first, frequency), self._last + 1, step)
            self._periods[frequency] = tuple(self._period(first, step, frequency) for first in begins)
        return self._periods[frequency]

    def _period(self, first: int, step: int, frequency: str) -> KpiPeriod:
        last = first + step - 1
        end = last_day(last)
        return KpiPeriod(period_label(first, frequency), first, last, min(end, self._as_of), end <= self._as_of)

    def of(self, source: NamedRow, view: _View) -> _Column:
        column = self._columns.get((source, view))
        if column is None:  # KPIs were added before they are asked for
            column = self._columns[source, view] = self._measure_column(source.place, view)
        return column

    def add(self, place: int, formula: KpiFormula, view: _View) -> None:
        """Computes one KPI in one view; what it names is there already."""
        inputs = {
            (name, span): (self.of(formula.sources[name], _read_in(view, span)), span.lag)
            for name, span in reads(formula.node)
        }
        value, at = compiled(formula.node), 0
        self._told[place] = told = self._months_told_of(formula)
        first = min(told, default=self._last + 1)  # before it nothing is told

        def figure(name: str, span: Span) -> Value:
            column, lag = inputs[name, span]
            return column[at - lag] if at >= lag else None

        column: _Column = []
        periods = self.periods(view.frequency)
        for at in range(len(periods)):
            column.append(value(figure) if periods[at].last >= first else None)
        self._columns[NamedRow("kpis", place), view] = column

    def series(self, place: int, frequency: str) -> KpiSeries:
        """The series of a KPI that was added; a continuous one has a period for each month in which a figure came."""
        periods, values = self.periods(frequency), self.of(NamedRow("kpis", place), _View(frequency))
        if frequency != "continuous":
            return KpiSeries(periods, values)
        came = [period.first in self._told[place] for period in periods]
        return KpiSeries(tuple(compress(periods, came)), list(compress(values, came)))

    def _months_told_of(self, formula: KpiFormula) -> frozenset[int]:
        """The months in which a figure came of any measure behind a formula."""
        return frozenset[int]().union(
            *(
                self._figures[source.place] if source.table == "measures" else self._told[source.place]
                for source in formula.sources.values()
            )
        )

    def _measure_column(self, place: int, view: _View) -> _Column:
        months = self._months[place]
        aggregate = AGGREGATES[aggregate_of(self._measures[place])]
        periods = self.periods(view.frequency)
        if view.frequency == "continuous" and view.length == 1:
            return _growing(months, aggregate_of(self._measures[place]))
        plain = [
            _window(months, period.first - self._first, period.last - self._first, aggregate) for period in periods
        ]
        if view.length == 1:
            return plain
        if view.length == YEAR_TO_DATE:
            begins = [period_start(period.last, "year") for period in periods]
            return [
                None if now is None else _window(months, begin - self._first, period.last - self._first, aggregate)
                for now, begin, period in zip(plain, begins, periods, strict=True)
            ]
        return [self._rolling(plain, months, at, view, aggregate) for at in range(len(periods))]

    def _rolling(self, plain: _Column, months: list[Value], at: int, view: _View, aggregate: _Aggregate) -> Value:
        if plain[at] is None:
            return None
        first = at - view.length + 1
        if first < 0 or None in plain[first:at]:
            return NA
        periods = self.periods(view.frequency)
        return _window(months, periods[first].first - self._first, periods[at].last - self._first, aggregate)


_Aggregate = Callable[[Sequence[float]], Value]

AGGREGATES: Mapping[str, _Aggregate] = {
    "sum": lambda figures: finite(sum(figures)),
    "last": lambda figures: figures[-1],
    "average": lambda figures: finite(sum(figures) / len(figures)),
}


def _growing(months: list[Value], aggregate: str) -> _Column:
    """At each month the figure of all months up to it: `_window` from the first month, in one go."""
    column: _Column = []
    total, count = 0.0, 0
    for figure in months:
        so_far = column[-1] if column else None
        if figure is None or isinstance(so_far, str):
            column.append(so_far)
        elif isinstance(figure, str):
            column.append(figure)
        else:
            total, count = total + figure, count + 1
            column.append({"sum": finite(total), "last": figure, "average": finite(total / count)}[aggregate])
    return column


def _window(months: list[Value], first: int, last: int, aggregate: _Aggregate) -> Value:
    """The figure of a window of months (counted from the first month there is), None where all are blank."""
    figures = []
    for figure in months[max(first, 0) : last + 1]:
        if isinstance(figure, str):
            return figure
        if figure is not None:
            figures.append(figure)
    return aggregate(figures) if figures else None
