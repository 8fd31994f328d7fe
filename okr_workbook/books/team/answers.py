"""The cells where values and confidence are typed: what stands in them at first, and what they take."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

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
    """What the cells of the key results take; `rows` maps places to rows, the rest are column letters.

    Neighbours that take the same share one rule.
    """
    if not rows:
        return
    key_results = layout.plan.key_results
    for rule, run in groupby(rows, key=lambda place: _value_rule(layout, key_results[place])):
        places = list(run)
        area = f"{current}{rows[places[0]]}:{current}{rows[places[-1]]}"
        if isinstance(rule, Choice):
            sheet.choices.append(rule._replace(area=area))
        elif rule is not None:
            sheet.betweens.append(rule._replace(area=area))
    first, last = min(rows.values()), max(rows.values())
    error = layout.text("errors.confidence")
    area = f"{confidence}{first}:{confidence}{last}"
    sheet.betweens.append(Between(area, "decimal", "0", "10", error, layout.text("prompts.confidence")))


def _value_rule(layout: Layout, one: TeamKeyResult) -> Choice | Between | None:
    """What the new value of a key result may be, its area left out; nothing is asked where a KPI feeds it."""
    if one.fed:
        return None
    if one.row.kind == "milestone":
        options = (layout.labels.choice("yes"), layout.labels.choice("no"))
        return Choice("", options, loose=True, prompt=layout.text("prompts.milestone"))
    prompt = layout.text("prompts.number", unit=one.row.unit or "—")
    return Between("", "decimal", "-1E+300", "1E+300", layout.text("errors.number"), prompt)
