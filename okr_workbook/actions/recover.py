"""Recover: the draft of a key result for each KPI that must be acted on, and one of them taken into the plan.

A key result counts from its objective's first day. Where that is past, an accepted draft gets an objective of its own that
starts today and serves the other: nothing is expected of it for the time before it was there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import NamedTuple

from okr_workbook.actions.reading import read_planner, read_whole_planner, scored
from okr_workbook.domain.kpis.scores import recovery_key_result
from okr_workbook.domain.outline import objective_span
from okr_workbook.domain.planner import KeyResult, Kpi, Objective, Planner, key_of
from okr_workbook.domain.results import KpiResult
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.cell_changes import append_rows, record_cells
from okr_workbook.tables.grid import Book, Changes
from okr_workbook.tables.units import in_unit, of_one_unit


class Draft(NamedTuple):
    """A KPI that is off track, or bad twice in a row: what it says to do, and the key result that would bring it back.

    `served_by`: a key result of the plan that the KPI feeds already and that is not done yet, "" where there is none.
    `objective`: the one made for it, once it is accepted; None where it stands under one that is there.
    """

    kpi: Kpi
    result: KpiResult
    key_result: KeyResult
    served_by: str
    objective: Objective | None = None


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

    UsageError where the KPI has no alert, or no objective can be found or is meant. OkrError where a key result that is
    not done yet has its value from the KPI already.
    """
    grids, parsed = read_whole_planner(book)
    planner = parsed.planner
    as_of = planner.settings.as_of or today
    drafts = _drafts(planner, as_of)
    draft = next((one for one in drafts if key_of(one.kpi.id) == key_of(kpi_id)), None)
    if draft is None:
        known = ", ".join(one.kpi.id for one in drafts) or "–"
        raise UsageError("no_alert", kpi=kpi_id, known=known)
    if draft.served_by:
        raise OkrError("already_feeds", kpi=draft.kpi.id, key_result=draft.served_by)
    labels = labels_for(planner.settings.language)
    draft = _placed(draft, _objective(planner, draft.kpi, objective), planner, as_of, labels)
    added = (("objectives", draft.objective), ("key_results", draft.key_result))
    changes = [
        append_rows(grids[table], parsed.columns[table], [record_cells(table, row, labels)])
        for table, row in added
        if row
    ]
    book.write(Changes(tables=tuple(changes)), command="recover")
    return Recovery(labels.language, as_of, drafts, draft)


def _drafts(planner: Planner, as_of: date) -> tuple[Draft, ...]:
    labels = labels_for(planner.settings.language)
    planner, scores = scored(planner, as_of)
    pairs = zip(planner.key_results, scores.key_results, strict=True)
    served = {key_of(row.kpi): row.id for row, got in reversed([*pairs]) if row.kpi and got.status != "done"}
    # A check-in may still name a key result that is gone: its id must not come back and take the check-in over.
    new_id = _next_id("KR", [row.id for row in planner.key_results] + [row.key_result for row in planner.check_ins])
    drafts: list[Draft] = []
    for kpi, result in zip(planner.kpis, scores.kpis, strict=True):
        if result.alert and result.value is not None:
            row = recovery_key_result(kpi, result, planner, new_id)
            row = row._replace(key_result=_in_words(row, kpi, labels))
            drafts.append(Draft(kpi, result, row, served.get(key_of(kpi.id), "")))
    return tuple(drafts)


def _next_id(letters: str, known: Iterable[str]) -> str:
    """The id after the highest of the form KR7."""
    numbers = [
        int(found[1]) for one in known if (found := re.fullmatch(rf"{key_of(letters)}([0-9]{{1,9}})", key_of(one)))
    ]
    return f"{letters}{max(numbers, default=0) + 1}"


def _placed(draft: Draft, above: Objective, planner: Planner, as_of: date, labels: Labels) -> Draft:
    """The draft under an objective, or under one of its own where that one is under way."""
    kpi, row = draft.kpi, draft.key_result._replace(objective=above.id)
    if above.end:
        row = row._replace(due=above.end)
    span = objective_span(above, planner.settings)
    if span.start is None or span.due is None or not span.start < as_of < span.due:
        return draft._replace(key_result=row)
    beside = sum(key_of(one.objective) == key_of(above.id) for one in planner.key_results)
    weight = 1.0 if above.weight is None else above.weight
    own = above._replace(
        id=_next_id("O", (one.id for one in planner.objectives)),
        objective=labels.text("messages", "recover.objective", name=kpi.kpi or kpi.id),
        owner=above.owner if above.level == "member" else kpi.owner or above.owner,
        parent=above.id,
        weight=round(weight / beside, 2) if beside else above.weight,  # as much as one of the key results beside it
        start=as_of,
    )
    if above.level == "company" and kpi.team:
        own = own._replace(level="team", team=kpi.team)
    return draft._replace(key_result=row._replace(objective=own.id), objective=own)


def _in_words(row: KeyResult, kpi: Kpi, labels: Labels) -> str:
    name = kpi.kpi or kpi.id
    if row.start is not None and row.target is not None:
        start, target = of_one_unit(row.start, row.target, row.unit, labels)
        return labels.text("messages", "recover.back_to", name=name, start=start, target=target)
    bounds = [in_unit(bound, row.unit, labels) for bound in (row.lower, row.upper) if bound is not None]
    return labels.text("messages", "recover.back_within", name=name, bounds=" – ".join(bounds))


def _objective(planner: Planner, kpi: Kpi, wanted: str) -> Objective:
    """The objective the new key result is to serve."""
    if wanted:
        found = next((row for row in planner.objectives if key_of(row.id) == key_of(wanted)), None)
        if found is None:
            raise UsageError("unknown_objective", objective=wanted)
        return found
    of_team = (row for row in planner.objectives if kpi.team and key_of(row.team) == key_of(kpi.team))
    of_company = (row for row in planner.objectives if row.level == "company")
    chosen = next(chain(of_team, of_company), None)
    if chosen is None:
        raise UsageError("which_objective", kpi=kpi.id)
    return chosen
