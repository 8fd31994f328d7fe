"""What a KPI waits for that has no value, or only an old one: the measures that lack a figure, and the months.

Where it has no value in any period, those are the figures it needs in the latest period of which anything is told, of the
months that are over: the figure of a month that still runs may wait. Where its latest period is #N/A (`ROLLING(revenue, 12)`
with eleven months), those of the other periods it looks at. What has an old value waits for what is due by the rhythm of its measures
(`quality`). Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from okr_workbook.domain.formula.language import NOW, YEAR_TO_DATE, Span, reads
from okr_workbook.domain.formula.values import NA, needs
from okr_workbook.domain.kpis.formulas import KpiFormula, KpiFormulas, NamedRow
from okr_workbook.domain.kpis.values import Figures, frequency_of
from okr_workbook.domain.periods import PERIOD_MONTHS, month_number, period_label, period_start
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.problems import Gaps
from okr_workbook.domain.results import KpiResult
from okr_workbook.records import NamedTuple

_Blank = frozenset[tuple[int, int]]
"""(the place of a measure, a month number)."""

_NONE: _Blank = frozenset()


class _Look(NamedTuple):
    """A look at a KPI: how often it is taken, the first month of the last period, over how many periods.

    `elsewhere`: at the other periods it reads, not at what it needs in its own.
    """

    kpi: int
    frequency: str
    month: int
    length: int = 1
    elsewhere: bool = False


class _Latest(NamedTuple):
    """The latest month of which anything is told, of those that are over and of all; 0 for none."""

    over: int
    running: int


class Waiting:
    """Answers for the KPIs of a planner; what was found of one is kept for those that name it.

    `figures` align with the measures; `over` is the number of the latest month that is over.
    """

    def __init__(self, planner: Planner, formulas: KpiFormulas, figures: Sequence[Figures], over: int) -> None:
        self._planner, self._formulas, self._figures, self._over = planner, formulas.in_order, figures, over
        self._order = {place: number for number, place in enumerate(self._formulas)}
        self._known: dict[_Look, _Blank] = {}
        self._latest: dict[int, _Latest] = {}
        for place, formula in self._formulas.items():
            told = [self._latest_of(source) for source in formula.sources.values()]
            self._latest[place] = _Latest(max(one.over for one in told), max(one.running for one in told))

    def gaps(self, place: int, result: KpiResult) -> Gaps:
        """What a KPI waits for; nothing where it has a value, or a fault keeps it from one."""
        kpi = self._planner.kpis[place]
        waits = result.value is None and result.error in (None, NA) and "frequency" not in kpi.unreadable
        if not waits or place not in self._formulas:
            return Gaps()
        elsewhere = result.error is not None
        told = self._latest[place]
        latest = month_number(result.series[-1][1]) if elsewhere else told.over or told.running or self._over
        frequency = frequency_of(kpi)
        blank = self._blank(_Look(place, frequency, period_start(latest, frequency), elsewhere=elsewhere))
        months: dict[str, list[int]] = {}
        for measure, month in sorted(blank):
            months.setdefault(self._planner.measures[measure].measure, []).append(month)
        return gaps_of(months)

    def _latest_of(self, source: NamedRow) -> _Latest:
        if source.table == "kpis":
            return self._latest[source.place]
        months = self._figures[source.place]
        return _Latest(max((month for month in months if month <= self._over), default=0), max(months, default=0))

    def _blank(self, look: _Look) -> _Blank:
        """What is blank at a look; of KPIs that are named, those that others need first, so that chains may be long."""
        wanted, found = [look], {look}
        while wanted:
            for inner in self._inner(wanted.pop()):
                if inner not in found and inner not in self._known:
                    found.add(inner)
                    wanted.append(inner)
        for each in sorted(found, key=lambda one: (self._order[one.kpi], one.elsewhere)):
            self._known[each] = self._elsewhere(each) if each.elsewhere else self._needed(each)
        return self._known[look]

    def _inner(self, look: _Look) -> Iterable[_Look]:
        formula = self._formulas[look.kpi]
        for name, span in reads(formula.node):
            if formula.sources[name].table == "kpis":
                yield (there := _through(look, formula, name, span))
                if look.elsewhere:
                    yield there._replace(elsewhere=True)

    def _needed(self, look: _Look) -> _Blank:
        """What a KPI needs there and has not; of names that can stand in for each other all or nothing."""
        formula = self._formulas[look.kpi]
        found = _NONE
        for group in needs(formula.node):
            blanks = [self._at(look, formula, name, span) for name, span in group]
            if all(blanks):
                found = found.union(*blanks)
        return found

    def _elsewhere(self, look: _Look) -> _Blank:
        formula = self._formulas[look.kpi]
        found = _NONE
        for name, span in reads(formula.node):
            if span != NOW:
                found |= self._at(look, formula, name, span)
            if formula.sources[name].table == "kpis":
                found |= self._known[_through(look, formula, name, span)._replace(elsewhere=True)]
        return found

    def _at(self, look: _Look, formula: KpiFormula, name: str, span: Span) -> _Blank:
        there, source = _through(look, formula, name, span), formula.sources[name]
        return self._known[there] if source.table == "kpis" else self._of_measure(source.place, there)

    def _of_measure(self, place: int, look: _Look) -> _Blank:
        """The months of a measure in the periods without any figure."""
        figures, step = self._figures[place], PERIOD_MONTHS[look.frequency]
        if look.frequency == "continuous" and look.length == 1:
            return _NONE if any(month <= look.month for month in figures) else frozenset(((place, look.month),))
        count = 1 if look.length == YEAR_TO_DATE else look.length
        periods = [range(look.month - back * step, look.month - back * step + step) for back in range(count)]
        latest = max(self._over, look.month)  # where nothing is over yet, the month that runs
        blank = [period for period in periods if figures.keys().isdisjoint(period)]
        return frozenset((place, month) for period in blank for month in period if month <= latest)


def _through(look: _Look, formula: KpiFormula, name: str, span: Span) -> _Look:
    """The look at what a formula names, as it is read over a span."""
    month = look.month - span.lag * PERIOD_MONTHS[look.frequency]
    length = span.length if look.length == 1 else look.length
    return _Look(formula.sources[name].place, look.frequency, month, length)


def gaps_of(months: Mapping[str, Sequence[int]]) -> Gaps:
    """Month numbers in order, by the name of the measure that lacks them, as gaps."""
    return Gaps(tuple((name, _runs(found)) for name, found in months.items()))


def _runs(months: Iterable[int]) -> tuple[str, ...]:
    """Months in order as periods: 2026-07, or 2026-07/2026-09 for some in a row."""
    runs: list[list[int]] = []
    for month in months:
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    ends = [dict.fromkeys((run[0], run[-1])) for run in runs]
    return tuple("/".join(period_label(month, "month") for month in run) for run in ends)
