"""KPI formulas over cells, and the classic KPIs, each of which is one and nothing else.

Sources: David Skok, *SaaS Metrics 2.0* (forentrepreneurs.com); Farris et al., *Marketing Metrics* (4th ed.).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from okr_workbook.domain.formula.language import FormulaError, Span
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.formula.values import ErrorValue, Figure, Value, compiled
from okr_workbook.domain.planner import key_of
from okr_workbook.excel.cell_arguments import NO_DATA, WRONG, CellFault, Rows, flat, is_empty, optional_number


class ClassicKpi(NamedTuple):
    """One function: its name in Excel, what it gives, its formula, and what each argument is, in their order.

    Of an argument `above_0` that is not, the formula says nothing: no data.
    """

    name: str
    gives: str
    formula: str
    arguments: dict[str, str]
    above_0: str = ""


_START = "what customers of the period's start paid then"

CLASSIC_KPIS = (
    ClassicKpi("kpi_conversion", "The share of people who went on to the next step.", "converted / people",
               {"converted": "how many took the step", "people": "how many could have"}),
    ClassicKpi("kpi_growth", "The growth from one period to the next, as a share.", "(now - before) / before",
               {"now": "the figure of this period", "before": "the figure of the period before"}),
    ClassicKpi("kpi_churn", "The share of customers lost in the period.", "lost / customers_start",
               {"lost": "customers lost in the period", "customers_start": "customers at its start"}),
    ClassicKpi("kpi_retention", "The share of customers kept in the period.", "(customers_start - lost) / customers_start",
               {"customers_start": "customers at the period's start", "lost": "how many of them were lost"}),
    ClassicKpi("kpi_nrr", "Net revenue retention: how the revenue of existing customers evolved.",
               "(revenue_start + expansion - contraction - churned) / revenue_start",
               {"revenue_start": _START, "expansion": "what they pay more", "contraction": "what they pay less",
                "churned": "what those who left had paid"}),
    ClassicKpi("kpi_grr", "Gross revenue retention: the revenue of existing customers kept, without expansion.",
               "(revenue_start - contraction - churned) / revenue_start",
               {"revenue_start": _START, "contraction": "what they pay less", "churned": "what those who left had paid"}),
    ClassicKpi("kpi_arpa", "The average revenue per account.", "revenue / customers",
               {"revenue": "the recurring revenue of the period", "customers": "the customers who pay it"}),
    ClassicKpi("kpi_cac", "The customer acquisition cost: marketing and sales spend per new customer.",
               "(marketing + sales) / customers_new",
               {"marketing": "marketing spend", "sales": "sales spend", "customers_new": "customers won"}),
    ClassicKpi("kpi_ltv", "The lifetime value of a customer.", "arpa * margin / churn",
               {"arpa": "average revenue per account and period", "margin": "gross margin, as a share",
                "churn": "share of customers lost a period"}),
    ClassicKpi("kpi_ltv_to_cac", "Lifetime value over acquisition cost.", "ltv / cac",
               {"ltv": "lifetime value", "cac": "customer acquisition cost"}),
    ClassicKpi("kpi_payback", "The periods until a customer has paid back what winning it cost.", "cac / (arpa * margin)",
               {"cac": "customer acquisition cost", "arpa": "average revenue per account and period",
                "margin": "gross margin, as a share"}),
    ClassicKpi("kpi_margin", "The gross margin, as a share of revenue.", "(revenue - cost) / revenue",
               {"revenue": "revenue", "cost": "cost of what was sold"}),
    ClassicKpi("kpi_quick_ratio", "Recurring revenue won over recurring revenue lost.",
               "(won + expansion) / (contraction + churned)",
               {"won": "revenue of new customers", "expansion": "more revenue of existing ones",
                "contraction": "less revenue of existing ones", "churned": "revenue of those who left"}),
    ClassicKpi("kpi_win_rate", "The share of closed deals that were won.", "won / (won + lost)",
               {"won": "deals won", "lost": "deals lost"}),
    ClassicKpi("kpi_roi", "The return on a spend, as a share of it.", "(gain - spend) / spend",
               {"gain": "what it brought in", "spend": "what it cost"}),
    ClassicKpi("kpi_nps", "The net promoter score, -100 to 100.", "(promoters - detractors) / answers * 100",
               {"promoters": "answers of 9 and 10", "detractors": "answers of 0 to 6", "answers": "all answers"}),
    ClassicKpi("kpi_runway", "The periods until the cash is gone; #N/A where none is burnt.", "cash / burn",
               {"cash": "cash at the period's end", "burn": "net burn a period"}, above_0="burn"),
)  # fmt: skip


@cache
def _function(formula: str) -> Callable[[Figure], Value]:
    return compiled(parse(formula))


def value_of(kpi: ClassicKpi, figures: dict[str, float | None]) -> float:
    """The formula over these figures. CellFault with #N/A where one that it needs is blank, or with its error."""
    bounded = figures.get(kpi.above_0)
    if bounded is not None and bounded <= 0:
        raise CellFault(NO_DATA, f"{kpi.above_0} is not above 0.")

    def figure(name: str, span: Span) -> float | ErrorValue | None:
        return figures.get(name) if span == Span() else ErrorValue(NO_DATA)

    found = _function(kpi.formula)(figure)
    if found is None:
        raise CellFault(NO_DATA)
    if isinstance(found, ErrorValue):
        raise CellFault(str(found))
    return found


def kpi_values(formula: Any, names: Rows | None, figures: Rows | None) -> Any:
    """The value of a KPI formula, one for each column of figures. CellFault where the cells do not go together."""
    if is_empty(formula) or not names or not figures:
        raise CellFault(WRONG, "KPI_VALUE takes a formula, the names in it and their figures.")
    labels = [key_of(str(cell or "")) for cell in flat(names)]
    if len(labels) != len(figures):
        raise CellFault(WRONG, "Each name takes a row of figures.")
    try:
        run = compiled(parse(str(formula)))
    except FormulaError as error:
        raise CellFault(WRONG, f"The formula cannot be read, at character {error.position}.") from None
    rows: dict[str, list[Any]] = {}
    for label, row in zip(labels, figures, strict=True):
        rows.setdefault(label, row)  # of one name the first row counts, as in a planner
    found = [_over_figures(run, rows, column) for column in range(len(figures[0]))]
    return found[0] if len(found) == 1 else [found]


def _over_figures(run: Callable[[Figure], Value], rows: dict[str, list[Any]], column: int) -> float | str:
    """The formula in one column; PREV looks to the left."""

    def figure(name: str, span: Span) -> Value:
        if span.length != 1:
            raise CellFault(WRONG, "YTD and ROLLING need the planner's months: use Refresh.")
        row, place = rows.get(key_of(name)), column - span.lag
        value = optional_number(row[place], name) if row is not None and place >= 0 else None
        return ErrorValue(NO_DATA) if value is None and span.lag else value

    try:
        found = run(figure)
    except CellFault as fault:
        return fault.error
    return NO_DATA if found is None else found
