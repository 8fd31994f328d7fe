"""The cells where values and confidence are typed: what stands in them at first, and what they take."""

from __future__ import annotations

from collections.abc import Mapping

from okr_workbook.books.team.layout import Layout
from okr_workbook.books.team.model import Between, Choice, Sheet
from okr_workbook.domain.team_plan import TeamKeyResult
from okr_workbook.tables.grid import Value


def current_of(layout: Layout, one: TeamKeyResult) -> Value:
    """Blank, for the team to fill in; where a KPI feeds the key result, the words that say so."""
    return layout.text("captions.fed") if one.fed else None


def confidence_of(one: TeamKeyResult) -> float | None:
    """The confidence as last given, to be changed where it has changed."""
    return one.row.confidence


def input_rules(sheet: Sheet, layout: Layout, rows: Mapping[int, int], current: str, confidence: str) -> None:
    """What the cells of the key results take; `rows` maps places to rows, the rest are column letters."""
    if not rows:
        return
    yes_no = (layout.labels.choice("yes"), layout.labels.choice("no"))
    for place, row in rows.items():
        one = layout.plan.key_results[place]
        if one.fed:
            continue
        if one.row.kind == "milestone":
            prompt = layout.text("prompts.milestone")
            sheet.choices.append(Choice(f"{current}{row}", yes_no, loose=True, prompt=prompt))
        else:
            error, prompt = layout.text("errors.number"), layout.text("prompts.number", unit=one.row.unit or "—")
            sheet.betweens.append(Between(f"{current}{row}", "decimal", "-1E+300", "1E+300", error, prompt))
    first, last = min(rows.values()), max(rows.values())
    error = layout.text("errors.confidence")
    area = f"{confidence}{first}:{confidence}{last}"
    sheet.betweens.append(Between(area, "decimal", "0", "10", error, layout.text("prompts.confidence")))
