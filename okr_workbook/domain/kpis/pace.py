"""Which KPIs add up over their period, so that a period in progress is judged by its pace. Standard library only.

A quarter's new customers after one month of three are a third of what they will be: judged as they stand they would be
off track for two months of every quarter. A formula *adds up* when twice the sums of its measures give twice its value:
`new`, `won - lost`, `spend / 1000`. A ratio of two sums does not, nor do figures that stand for a moment. A continuous KPI has
no end to come to, and is judged as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from okr_workbook.domain.formula.language import COMPARISONS, STATISTICS, Node
from okr_workbook.domain.kpis.formulas import KpiFormulas, NamedRow
from okr_workbook.domain.kpis.values import aggregate_of
from okr_workbook.domain.planner import Measure

Degree = int | None  # the power of the sums it grows with; None: of no single one


def kpis_that_add_up(formulas: KpiFormulas, measures: Sequence[Measure]) -> frozenset[int]:
    """The places of the KPIs whose value adds up over a period."""
    degrees: dict[int, Degree] = {}

    def of(source: NamedRow) -> Degree:
        if source.table == "kpis":
            return degrees[source.place]
        return 1 if aggregate_of(measures[source.place]) == "sum" else 0

    for place, formula in formulas.in_order.items():
        known = {name: of(source) for name, source in formula.sources.items()}
        degrees[place] = degree_of(formula.node, known.__getitem__)
    return frozenset(place for place, degree in degrees.items() if degree == 1)


def degree_of(node: Node, of_name: Callable[[str], Degree]) -> Degree:
    """The power of the period's sums that a formula grows with, where those of its names are known.

    >>> from okr_workbook.domain.formula.parser import parse
    >>> for text in ("won - lost", "won / lost", "won / 1000", "won - 100"):
    ...     print(degree_of(parse(text), lambda name: 1))
    1
    0
    1
    None
    """
    if node.kind in ("number", "boolean"):
        return 0
    if node.kind == "name":
        return of_name(str(node.value))
    if node.kind == "call" and node.value in ("PREV", "YTD", "ROLLING"):
        return 0 if node.value == "PREV" else None  # an earlier period is over and stands
    inner = [degree_of(arg, of_name) for arg in node.args]
    if node.kind == "operator":
        return _degree_of_operator(str(node.value), inner)
    if node.kind == "call" and node.value == "IF":
        return _shared(inner[1:])
    if node.kind == "call" and node.value == "IFERROR":
        return inner[0] if node.args[1].kind == "number" else _shared(inner)
    if node.kind in ("sign", "percent") or node.value in STATISTICS or node.value == "ABS":
        return _shared(inner)
    return inner[0] if node.value in ("ROUND", "INT") else None


def _degree_of_operator(operator: str, inner: list[Degree]) -> Degree:
    left, right = inner
    if operator in COMPARISONS:
        return 0
    if left is None or right is None:
        return None
    if operator in "*/":
        return left + right if operator == "*" else left - right
    return _shared(inner) if operator in "+-" else None


def _shared(degrees: list[Degree]) -> Degree:
    return degrees[0] if len(set(degrees)) == 1 else None
