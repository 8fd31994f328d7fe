"""The library of ready-made KPIs in words, found by words, and as rows of a planner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from okr_workbook.domain.kpis.ready_made import (
    KPIS,
    ReadyKpi,
    ReadyMeasure,
    kpi_row,
    measure_row,
    missing_measures,
    ready_kpi,
)
from okr_workbook.domain.planner import Kpi, Measure, Planner, key_of
from okr_workbook.labels import LANGUAGES, Labels, area, folded, labels_for
from okr_workbook.tables.cell_changes import append_rows, record_cells
from okr_workbook.tables.columns import Columns
from okr_workbook.tables.grid import Grid, TableChange


class ShownKpi(NamedTuple):
    """A ready-made KPI in the words of a language; `category`, `direction` and `frequency` are ids."""

    id: str
    category: str
    name: str
    meaning: str
    action: str
    formula: str
    unit: str
    direction: str
    frequency: str
    source: str
    measures: tuple[tuple[str, str], ...]  # (id, label)


class Added(NamedTuple):
    """What of the library goes into a planner. `known`: KPIs it has already; `unknown`: ids the library does not have."""

    kpis: tuple[Kpi, ...]
    measures: tuple[Measure, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]


def show_library(labels: Labels, words: Sequence[str] = (), currency: str = "") -> list[ShownKpi]:
    """The KPIs that mention all the words, in their order; all of them without words."""
    wanted = [folded(word) for word in words]
    shown = (_show(kpi, labels, currency) for kpi in KPIS)
    return [one for one in shown if all(word in _searched(one, labels) for word in wanted)]


def category_in_words(category: str, labels: Labels) -> str:
    """What a category of the library is called."""
    return labels.text("kpis", f"categories.{category}")


def _show(kpi: ReadyKpi, labels: Labels, currency: str) -> ShownKpi:
    return ShownKpi(
        kpi.id,
        kpi.category,
        labels.text("kpis", f"kpis.{kpi.id}.name"),
        labels.text("kpis", f"kpis.{kpi.id}.meaning"),
        labels.text("kpis", f"kpis.{kpi.id}.action"),
        kpi.formula,
        unit_in_words(kpi.unit, labels, currency),
        kpi.direction,
        kpi.frequency,
        kpi.source,
        tuple((one.measure, labels.text("kpis", f"measures.{one.measure}")) for one in kpi.measures),
    )


def _searched(one: ShownKpi, labels: Labels) -> str:
    measures = " ".join(f"{name} {label}" for name, label in one.measures)
    category = (
        f"{category_in_words(one.category, labels)} {area(labels.language, 'kpis')['also'].get(one.category, '')}"
    )
    return folded(f"{one.id} {one.id.replace('_', ' ')} {category} {one.name} {one.meaning} {one.formula} {measures}")


def unit_in_words(unit: str, labels: Labels, currency: str) -> str:
    """A unit of the library as a planner shows it: the currency is the planner's own."""
    if unit == "currency":
        return currency or "€"
    return unit if unit in ("", "%") else labels.text("kpis", f"units.{unit}")


def named_kpi(text: str) -> ReadyKpi | None:
    """The KPI a text means: its id, or its name in any language; None where the library has none."""
    found = ready_kpi(text)
    if found is not None:
        return found
    names = {
        folded(labels_for(language).text("kpis", f"kpis.{kpi.id}.name")): kpi for language in LANGUAGES for kpi in KPIS
    }
    return names.get(folded(text))


def from_library(planner: Planner, wanted: Iterable[str], labels: Labels) -> Added:
    """The rows that put these KPIs, and the measures they lack, into a planner."""
    currency = planner.settings.currency
    have = {key_of(row.id) for row in planner.kpis}
    kpis: list[Kpi] = []
    measures: dict[str, Measure] = {}
    known: list[str] = []
    unknown: list[str] = []
    for text in wanted:
        ready = named_kpi(text)
        if ready is None:
            unknown.append(text)
            continue
        if key_of(ready.id) in have:
            known.append(ready.id)
            continue
        have.add(key_of(ready.id))
        shown = _show(ready, labels, currency)
        kpis.append(kpi_row(ready, shown.name, shown.unit, shown.action)._replace(source=ready.source))
        for measure in missing_measures(ready, planner):
            measures.setdefault(measure.measure, _measure(measure, labels, currency))
    return Added(tuple(kpis), tuple(measures.values()), tuple(known), tuple(unknown))


def _measure(ready: ReadyMeasure, labels: Labels, currency: str) -> Measure:
    label = labels.text("kpis", f"measures.{ready.measure}")
    return measure_row(ready, label, unit_in_words(ready.unit, labels, currency))


def added_changes(
    grids: Mapping[str, Grid], columns: Mapping[str, Columns], added: Added, labels: Labels
) -> tuple[TableChange, ...]:
    """The rows of `added`, after what the tables hold."""
    return tuple(
        append_rows(grids[name], columns[name], [record_cells(name, row, labels) for row in rows])
        for name, rows in (("kpis", added.kpis), ("measures", added.measures))
        if rows and name in grids
    )
