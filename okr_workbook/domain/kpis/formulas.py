"""The KPIs' formulas, read and joined: what each name means, and in what order they can be computed.

A name means the measure of that name, else the KPI of that id, so that a KPI `mrr` may be the measure `mrr`. KPIs that
need each other in a circle cannot be computed; all others are. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from okr_workbook.domain.formula.language import FormulaError, Node, names, reads, uses_other_periods
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.planner import Kpi, Planner, key_of
from okr_workbook.domain.problems import Problem
from okr_workbook.domain.references import Ids, fault_at
from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal

MOST_SUGGESTIONS = 20
"""Unknown names that get a likely name beside them: searching takes time."""


class NamedRow(NamedTuple):
    """What a name in a formula means: a row of the measures or of the KPIs, counted from 0."""

    table: Literal["measures", "kpis"]
    place: int


class KpiFormula(NamedTuple):
    """One KPI's formula: its tree, and what its names mean, by the names as typed."""

    node: Node
    sources: Mapping[str, NamedRow]

    @property
    def kpis(self) -> frozenset[int]:
        """The places of the KPIs it names."""
        return frozenset(source.place for source in self.sources.values() if source.table == "kpis")


class KpiFormulas(NamedTuple):
    """The formulas by the place of their KPI, those that others need first, and the faults of the rest."""

    in_order: Mapping[int, KpiFormula]
    problems: tuple[Problem, ...]


def read_formulas(planner: Planner) -> KpiFormulas:
    """Every formula that can be computed, and a problem at each that cannot."""
    known = _Names(planner)
    problems: list[Problem] = []
    read: dict[int, KpiFormula] = {}
    for place, kpi in enumerate(planner.kpis):
        formula = _read(kpi, known, problems)
        if formula:
            read[place] = formula
    return KpiFormulas(_computable(planner.kpis, read, problems), tuple(problems))


class _Names:
    """What the names of a planner mean."""

    def __init__(self, planner: Planner) -> None:
        self.measures = Ids(measure.measure for measure in planner.measures)
        self.kpis = Ids(kpi.id for kpi in planner.kpis)
        self.spellings = {key_of(text): text for text in _spellings(planner)}
        self.suggested = 0

    def source(self, name: str) -> NamedRow | None:
        measure = self.measures.find(name)
        if measure is not None:
            return NamedRow("measures", measure)
        kpi = self.kpis.find(name)
        return None if kpi is None else NamedRow("kpis", kpi)

    def suggestion(self, name: str, kpi: Kpi) -> str:
        """The name that was probably meant in a KPI's formula, as a formula must write it; "" where there is none."""
        self.suggested += 1
        if self.suggested > MOST_SUGGESTIONS:
            return ""
        formula, own = key_of(kpi.formula), key_of(kpi.id)
        others = [key for key in self.spellings if key != own or self.measures.find(key) is not None]
        broken = [key for key in others if _written(key) != key and key_of(name) in key and key in formula]
        if broken:
            return _written(self.spellings[max(broken, key=len)])
        from difflib import get_close_matches

        found = get_close_matches(key_of(name), others, 1)
        return _written(self.spellings[found[0]]) if found else ""


def _spellings(planner: Planner) -> Iterator[str]:
    yield from (kpi.id for kpi in planner.kpis if kpi.id)
    yield from (measure.measure for measure in planner.measures if measure.measure)


def _written(name: str) -> str:
    """A name as a formula writes it: in brackets unless it is one plain word."""
    return name if re.fullmatch(r"[^\W\d][\w.]*", name) else f"[{name}]"


def _read(kpi: Kpi, known: _Names, problems: list[Problem]) -> KpiFormula | None:
    if not kpi.formula.strip():
        if "formula" not in kpi.unreadable:
            problems.append(fault_at("kpis", kpi, "formula", "kpi_no_formula", "warning"))
        return None
    try:
        node = parse(kpi.formula)
    except FormulaError as error:
        problems.append(fault_at("kpis", kpi, "formula", error.code, "error", **error.details))
        return None
    sources: dict[str, NamedRow] = {}
    unknown = []
    for name in sorted(names(node)):
        source = known.source(name)
        if source:
            sources[name] = source
        else:
            unknown.append(_unknown_name(kpi, name, known.suggestion(name, kpi)))
    problems += unknown
    return None if unknown else KpiFormula(node, sources)


def _unknown_name(kpi: Kpi, name: str, suggestion: str) -> Problem:
    if not suggestion:
        code = "kpi_cell_reference" if re.fullmatch(r"[A-Za-z]{1,3}\d{1,7}", name) else "kpi_unknown_name"
        return fault_at("kpis", kpi, "formula", code, name=name)
    return fault_at("kpis", kpi, "formula", "kpi_misspelt_name", name=name, suggestion=suggestion)


def _computable(
    kpis: tuple[Kpi, ...], read: Mapping[int, KpiFormula], problems: list[Problem]
) -> dict[int, KpiFormula]:
    """The formulas that can be computed, in the order to compute them."""
    in_order: dict[int, KpiFormula] = {}
    own_period: set[int] = set()  # KPIs that read no other period, nor does what they name
    for circle in _components({place: formula.kpis for place, formula in read.items()}):
        place = circle[0]
        if place not in read:
            continue
        formula = read[place]
        if len(circle) > 1 or place in formula.kpis:
            members = ", ".join(kpis[member].id for member in sorted(circle))
            problems += [
                fault_at("kpis", kpis[each], "formula", "kpi_cycle", members=members) for each in sorted(circle)
            ]
        elif lacking := sorted(formula.kpis - in_order.keys()):
            problems.append(
                fault_at("kpis", kpis[place], "formula", "kpi_needs_faulty", "warning", name=kpis[lacking[0]].id)
            )
        elif name := _window_over_periods(formula, own_period):
            problems.append(fault_at("kpis", kpis[place], "formula", "kpi_window", name=name))
        else:
            in_order[place] = formula
            if not uses_other_periods(formula.node) and formula.kpis <= own_period:
                own_period.add(place)
    return in_order


def _window_over_periods(formula: KpiFormula, own_period: set[int]) -> str:
    """The KPI under YTD or ROLLING that itself looks at other periods, which has no clear meaning; "" for none."""
    for name, span in sorted(reads(formula.node)):
        source = formula.sources[name]
        if span.length != 1 and source.table == "kpis" and source.place not in own_period:
            return name
    return ""


def _components(edges: Mapping[int, Iterable[int]]) -> Iterator[tuple[int, ...]]:
    """The strongly connected components of a graph, those that others point to first (Tarjan 1972, without recursion)."""
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    waiting: list[int] = []
    for root in edges:
        trail = [] if root in number else [(root, iter(sorted(edges[root])))]
        if trail:
            number[root] = lowest[root] = len(number)
            waiting.append(root)
        while trail:
            node, targets = trail[-1]
            target = next(targets, None)
            if target is None:
                trail.pop()
                if trail:
                    lowest[trail[-1][0]] = min(lowest[trail[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    at = waiting.index(node)
                    component = tuple(waiting[at:])
                    del waiting[at:]
                    for member in component:
                        lowest[member] = len(edges) * 2 + len(number)  # settled: lowers nothing any more
                    yield component
            elif target not in number:
                number[target] = lowest[target] = len(number)
                waiting.append(target)
                trail.append((target, iter(sorted(edges.get(target, ())))))
            else:
                lowest[node] = min(lowest[node], lowest[target])
