"""What is known of the data behind a KPI: complete, stale, a month missing, a jump, not a number. Standard library only.

One word is shown, the gravest: no_data, not_a_number, stale, gap, jump, complete.

- Every measure has a *rhythm*: the usual number of months between two of its figures (so that a survey taken each
  quarter has no gaps), never more than the KPI's own period.
- stale: by that rhythm a next figure was due, and `stale_after_days` have gone since the end of its month.
- gap: within the last 12 months two figures of a measure lie further apart than its rhythm.
- jump: the last finished period's change lies more than 3.5 robust deviations from the changes before it (the modified
  z-score on the median absolute deviation; Iglewicz and Hoaglin, How to Detect and Handle Outliers, ASQC 1993), and is a
  tenth of the level at least. It takes 6 changes to know what is usual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from okr_workbook.domain.formula.values import NA, ErrorValue, median, needs
from okr_workbook.domain.kpis.formulas import KpiFormula, KpiFormulas, NamedRow
from okr_workbook.domain.kpis.values import Figures, KpiSeries, aggregate_of, frequency_of
from okr_workbook.domain.periods import PERIOD_MONTHS, last_day, last_over, month_number
from okr_workbook.domain.planner import Planner
from okr_workbook.records import NamedTuple

RECENT_MONTHS = 12
USUAL_CHANGES = 6
UNUSUAL_SCORE = 3.5
SMALLEST_JUMP = 0.1
_LONGEST_RHYTHM = {**PERIOD_MONTHS, "continuous": 12}
_Groups = frozenset[frozenset[int]]  # measures by place; of each group the freshest counts


class _Known(NamedTuple):
    """What is known of a measure: the last day of the month in which its next figure belongs, and whether one is missing."""

    due: date
    gap: bool


class Qualities:
    """Answers for every KPI of a planner; what is known of a measure is found once."""

    def __init__(self, planner: Planner, formulas: KpiFormulas, figures: Sequence[Figures], as_of: date) -> None:
        self._planner = planner
        self._as_of = as_of
        self._months = [sorted(each) for each in figures]
        self._unreadable = {
            place for place, each in enumerate(figures) if any(isinstance(figure, str) for figure in each.values())
        }
        self._known: dict[tuple[int, str], _Known] = {}
        self._groups: dict[int, _Groups] = {}
        self._read: dict[int, frozenset[int]] = {}
        for place, formula in formulas.in_order.items():
            self._groups[place] = self._groups_of(formula)
            self._read[place] = frozenset[int]().union(
                *(
                    (source.place,) if source.table == "measures" else self._read[source.place]
                    for source in formula.sources.values()
                )
            )

    def of(self, place: int, series: KpiSeries, at: int | None) -> str:
        """The quality of a KPI whose value is that of the period `at` (None: it has none)."""
        if at is None:
            return "no_data"
        groups, frequency, read = self._groups[place], frequency_of(self._planner.kpis[place]), self._read[place]
        value = series.values[at]
        if read & self._unreadable or (isinstance(value, ErrorValue) and value != NA):
            return "not_a_number"
        gap = any(self._known_of(measure, frequency).gap for measure in read)
        if value == NA:  # an earlier period is missing
            return "gap" if gap else "no_data"
        if any(all(self._is_late(measure, frequency) for measure in group) for group in groups):
            return "stale"
        if gap:
            return "gap"
        return "jump" if _jumps(series, at) else "complete"

    def due(self, place: int) -> dict[str, list[int]]:
        """What a stale KPI waits for: the months that are over and have no figure, by the name of the measure, in order."""
        frequency, over = frequency_of(self._planner.kpis[place]), last_over(self._as_of)
        found: dict[str, list[int]] = {}
        for group in self._groups[place]:
            if all(self._is_late(measure, frequency) for measure in group):
                for measure in filter(self._months.__getitem__, group):
                    step = self._rhythm(measure, frequency)
                    months = range(self._months[measure][-1] + step, over + 1, step)
                    found[self._planner.measures[measure].measure] = list(months)
        return {name: found[name] for name in sorted(found)}

    def _is_late(self, measure: int, frequency: str) -> bool:
        return (self._as_of - self._known_of(measure, frequency).due).days > self._planner.settings.stale_after_days

    def latest_month(self, place: int) -> int:
        """The latest month in which any measure the KPI needs has a figure."""
        return max(
            months[-1] for measure in frozenset[int]().union(*self._groups[place]) if (months := self._months[measure])
        )

    def _groups_of(self, formula: KpiFormula) -> _Groups:
        """What a formula needs, in measures; a name of another period is not waited for, nor a KPI that needs nothing now."""
        groups: set[frozenset[int]] = set()
        for names in needs(formula.node):
            sources = [formula.sources[name] for name, _ in names]
            if len(sources) == 1 and sources[0].table == "kpis":
                groups |= self._groups[sources[0].place]
            else:
                groups.add(frozenset[int]().union(*(self._measures_of(source) for source in sources)))
        return frozenset(filter(None, groups))

    def _measures_of(self, source: NamedRow) -> frozenset[int]:
        if source.table == "measures":
            return frozenset((source.place,))
        return frozenset[int]().union(*self._groups[source.place])

    def _known_of(self, measure: int, frequency: str) -> _Known:
        found = self._known.get((measure, frequency))
        if found is None:
            found = self._known[measure, frequency] = self._find_out(measure, frequency)
        return found

    def _find_out(self, measure: int, frequency: str) -> _Known:
        months = self._months[measure]
        if not months:
            return _Known(date.min, gap=False)
        rhythm = self._rhythm(measure, frequency)
        recent = month_number(self._as_of) - RECENT_MONTHS
        intervals = _intervals([month for month in months if month >= recent])
        return _Known(last_day(months[-1] + rhythm), gap=max(intervals, default=0) > rhythm)

    def _rhythm(self, measure: int, frequency: str) -> int:
        """The usual number of months between two figures of a measure, as far as the KPI can do with it."""
        longest = _LONGEST_RHYTHM[frequency]
        usual = usual_interval(self._months[measure])
        if usual is None:
            return 1 if aggregate_of(self._planner.measures[measure]) == "sum" else longest
        return min(longest, usual)


def usual_interval(months: Sequence[int]) -> int | None:
    """The usual number of months between two figures, the shortest where several are; None before there are two.

    >>> usual_interval([0, 3, 6, 7, 10]), usual_interval([5])
    (3, None)
    """
    usual = Counter(_intervals(months)).most_common()
    return min((interval for interval, times in usual if times == usual[0][1]), default=None)


def _intervals(months: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(months)]


def _jumps(series: KpiSeries, at: int) -> bool:
    """True where the last finished period, which has to be the value's or the one before it, moved unusually far."""
    last = at if series.periods[at].finished else at - 1
    values = [value for value in series.values[: last + 1] if isinstance(value, float)]
    if last < 0 or not isinstance(series.values[last], float):
        return False
    changes = [later - earlier for earlier, later in pairwise(values)]
    return is_unusual(changes, abs(values[-2])) if len(changes) > USUAL_CHANGES else False


def is_unusual(changes: Sequence[float], level: float) -> bool:
    """True where the last change is far from those before it, for figures of about that level.

    >>> is_unusual([2, 3, 1, 2, 3, 2, 30], 100), is_unusual([2, 3, 1, 2, 3, 2, 4], 100)
    (True, False)
    """
    *before, change = changes
    usual = median(before)
    deviation = median([abs(each - usual) for each in before])
    distance = abs(change - usual)
    return distance >= SMALLEST_JUMP * level and 0.6745 * distance > UNUSUAL_SCORE * deviation
