"""The measures in one team's workbook: the months it sees and fills in, the figures it owes, the KPIs that follow them.

A KPI *follows* where its formula can be computed from the sheet alone: it is taken each month, names nothing but the
team's own measures, and every figure it reads stands there. The others show the value they were sent with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import NamedTuple

from okr_workbook.domain.formula.language import YEAR_TO_DATE, Node, Span, reads
from okr_workbook.domain.formula.values import needs
from okr_workbook.domain.kpis.formulas import KpiFormula
from okr_workbook.domain.kpis.quality import usual_interval
from okr_workbook.domain.kpis.values import figures_until, frequency_of
from okr_workbook.domain.periods import FIRST_MONTH, first_day, month_number, period_start
from okr_workbook.domain.planner import NOTHING, Kpi, Measure

OPEN_MONTHS = 3
"""What a team may fill in: the month of the as-of day, as far as it has gone; the one before, which has just ended; and
the one before that, for what comes late or is put right. Older figures have been reported: the planner alone changes them.
"""

CLOSED_MONTHS = 12
"""The months shown before the open ones: a formula that looks back a year finds its figures in each open month."""


class TeamMeasure(NamedTuple):
    """A measure of the team with the months that are shown. `owed`: a month that is over and whose figure is due."""

    row: Measure
    owed: date | None


class FollowedFormula(NamedTuple):
    """The formula of a KPI that follows: its tree, and the place of each measure it names in `TeamPlan.measures`."""

    node: Node
    measures: Mapping[str, int]


def open_months(as_of: date) -> tuple[date, ...]:
    """The months a team may fill in at a day, oldest first.

    >>> [str(month) for month in open_months(date(2026, 1, 31))]
    ['2025-11-01', '2025-12-01', '2026-01-01']
    """
    return _months(month_number(as_of) - OPEN_MONTHS + 1, as_of)


def shown_months(measures: Iterable[Measure], as_of: date) -> tuple[date, ...]:
    """The closed months from the first figure there is, then the open ones."""
    first_open = month_number(as_of) - OPEN_MONTHS + 1
    first_figure = min((month_number(month) for row in measures for month in row.months), default=first_open)
    return _months(min(max(first_figure, first_open - CLOSED_MONTHS), first_open), as_of)


def _months(first: int, as_of: date) -> tuple[date, ...]:
    return tuple(map(first_day, range(max(first, FIRST_MONTH), month_number(as_of) + 1)))


def cut_measure(row: Measure, months: Sequence[date], as_of: date) -> TeamMeasure:
    """A measure as its team sees it: the figures of these months alone. What cannot be read is blank there."""
    known = ((month, row.months.get(month)) for month in months)
    shown = {month: figure for month, figure in known if figure is not None and isfinite(figure)}
    return TeamMeasure(row._replace(months=shown, row_number=0, unreadable=NOTHING), _owed(row, as_of))


def _owed(row: Measure, as_of: date) -> date | None:
    """The last month that is over and for which, by the measure's own rhythm, a figure is due and has not come.

    A measure with one figure or none is taken to be monthly.
    """
    known = sorted(figures_until(row, as_of))
    over = month_number(as_of) - 1
    past = [month for month in known if month <= over]
    if over < FIRST_MONTH or (known and not past):  # it has only just begun
        return None
    if not past:
        return first_day(over)
    interval = usual_interval(past) or 1
    rhythms = (over - past[-1]) // interval
    return first_day(past[-1] + rhythms * interval) if rhythms else None


def followed_formula(
    kpi: Kpi,
    formula: KpiFormula | None,
    measures: Sequence[Measure],
    own: Mapping[int, int],
    months: Sequence[date],
) -> FollowedFormula | None:
    """The formula by which a KPI follows the figures of a sheet of these `months`; None where it cannot.

    `own` maps the team's rows of `measures`, which are the planner's, to their places in the team's plan.
    """
    monthly = frequency_of(kpi) == "month" and "frequency" not in kpi.unreadable
    if formula is None or not monthly or not needs(formula.node):
        return None
    if any(source.table != "measures" or source.place not in own for source in formula.sources.values()):
        return None
    if any(_lacks(measures[formula.sources[name].place], span, months) for name, span in reads(formula.node)):
        return None
    return FollowedFormula(formula.node, {name: own[source.place] for name, source in formula.sources.items()})


def _lacks(measure: Measure, span: Span, months: Sequence[date]) -> bool:
    """True where an open month reads a figure older than the sheet, or one that cannot be read."""
    last = month_number(months[-OPEN_MONTHS:][0]) - span.lag
    first = period_start(last, "year") if span.length == YEAR_TO_DATE else last - span.length + 1
    sheet = month_number(months[0])
    read = figures_until(measure, months[-1]).items()
    return any(month >= first and (month < sheet or isinstance(figure, str)) for month, figure in read)
