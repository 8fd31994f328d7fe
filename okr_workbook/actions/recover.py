"""Recover: the draft of a key result for each KPI that must be acted on, and one of them taken into the plan."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import NamedTuple

from okr_workbook.actions.reading import read_planner, read_whole_planner
from okr_workbook.domain.kpis import recovery_key_result, score_kpis
from okr_workbook.domain.planner import KeyResult, Kpi, Planner, key_of
from okr_workbook.domain.results import KpiResult
from okr_workbook.errors import UsageError
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.cell_changes import append_rows, record_cells
from okr_workbook.tables.grid import Book, Changes
from okr_workbook.tables.units import in_unit


class Draft(NamedTuple):
    """A KPI that is off track, or bad twice in a row: what it says to do, and the key result that would bring it back.

    `served_by`: a key result of the plan that the KPI feeds already, "" where there is none.
    """

    kpi: Kpi
    result: KpiResult
    key_result: KeyResult
    served_by: str


class Recovery(NamedTuple):
    """The drafts of a planner, and the one that was accepted, if any."""

    language: str
    as_of: date
    drafts: tuple[Draft, ...]
    accepted: Draft | None = None


def recovery_drafts(book: Book, *, today: date) -> Recovery:
    """A draft for each KPI with an alert. Nothing is written."""
    _, parsed = read_planner(book)
    planner = parsed.planner
    as_of = planner.settings.as_of or today
    return Recovery(planner.settings.language, as_of, _drafts(planner, as_of))


def accept_draft(book: Book, kpi_id: str, *, today: date, objective: str = "") -> Recovery:
    """Take the draft for a KPI into the plan, under `objective`, else the first of the KPI's team, else the company's.

    UsageError where the KPI has no alert, or no objective can be found or is meant.
    """
    grids, parsed = read_whole_planner(book)
    planner = parsed.planner
    as_of = planner.settings.as_of or today
    drafts = _drafts(planner, as_of)
    draft = next((one for one in drafts if key_of(one.kpi.id) == key_of(kpi_id)), None)
    if draft is None:
        known = ", ".join(one.kpi.id for one in drafts) or "–"
        raise UsageError("no_alert", kpi=kpi_id, known=known)
    row = draft.key_result._replace(objective=_objective(planner, draft.kpi, objective))
    labels = labels_for(planner.settings.language)
    change = append_rows(
        grids["key_results"], parsed.columns["key_results"], [record_cells("key_results", row, labels)]
    )
    book.write(Changes(tables=(change,)), command="recover")
    return Recovery(labels.language, as_of, drafts, draft._replace(key_result=row))


def _drafts(planner: Planner, as_of: date) -> tuple[Draft, ...]:
    labels = labels_for(planner.settings.language)
    results, _ = score_kpis(planner, as_of)
    served = {key_of(row.kpi): row.id for row in reversed(planner.key_results) if row.kpi}
    drafts: list[Draft] = []
    for kpi, result in zip(planner.kpis, results, strict=True):
        if result.alert and result.value is not None:
            new_id = _new_id(planner, len(drafts))
            row = recovery_key_result(kpi, result, planner, new_id)
            row = row._replace(key_result=_in_words(row, kpi, labels))
            drafts.append(Draft(kpi, result, row, served.get(key_of(kpi.id), "")))
    return tuple(drafts)


def _new_id(planner: Planner, already: int) -> str:
    """The first free id of the form KR7, after those drafted before it."""
    known = {key_of(row.id) for row in planner.key_results}
    free = (f"KR{number}" for number in range(1, len(known) + already + 2) if key_of(f"KR{number}") not in known)
    return [*free][already]


def _in_words(row: KeyResult, kpi: Kpi, labels: Labels) -> str:
    name = kpi.kpi or kpi.id
    if row.start is not None and row.target is not None:
        start, target = in_unit(row.start, row.unit, labels), in_unit(row.target, row.unit, labels)
        return labels.text("messages", "recover.back_to", name=name, start=start, target=target)
    bounds = [in_unit(bound, row.unit, labels) for bound in (row.lower, row.upper) if bound is not None]
    return labels.text("messages", "recover.back_within", name=name, bounds=" – ".join(bounds))


def _objective(planner: Planner, kpi: Kpi, wanted: str) -> str:
    """The id of the objective the new key result belongs to."""
    if wanted:
        found = next((row.id for row in planner.objectives if key_of(row.id) == key_of(wanted)), None)
        if found is None:
            raise UsageError("unknown_objective", objective=wanted)
        return found
    of_team = (row.id for row in planner.objectives if kpi.team and key_of(row.team) == key_of(kpi.team))
    of_company = (row.id for row in planner.objectives if row.level == "company")
    chosen = next(chain(of_team, of_company), None)
    if chosen is None:
        raise UsageError("which_objective", kpi=kpi.id)
    return chosen
