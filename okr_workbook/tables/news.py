"""What changed since last time, in words: a symbol and a sentence each."""

from __future__ import annotations

from collections.abc import Callable

from okr_workbook.domain.changes import Change, News
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.labels import Labels
from okr_workbook.tables.units import in_unit

SYMBOLS = {"done": "✓", "up": "↑", "down": "↓", "new": "+"}


def news_lines(news: News, planner: Planner, labels: Labels) -> list[tuple[str, str]]:
    """The changes as (symbol, sentence); one sentence that says so where there is nothing to tell."""
    if news.since is None:
        return [("", labels.text("dashboard", "changes.first"))]
    names = _names(planner)
    lines = [(SYMBOLS[one.what], _sentence(one, names, planner, labels)) for one in news.changes]
    return lines or [("", labels.text("dashboard", "changes.none"))]


def _names(planner: Planner) -> dict[tuple[str, str], str]:
    """What each thing is called: its text, or its id where it has none."""
    names: dict[tuple[str, str], str] = {}
    for level, rows in (
        ("objective", ((row.id, row.objective) for row in planner.objectives)),
        ("key_result", ((row.id, row.key_result) for row in planner.key_results)),
        ("kpi", ((row.id, row.kpi) for row in planner.kpis)),
    ):
        for row_id, name in rows:
            names.setdefault((level, key_of(row_id)), name or row_id)
    return names


def _sentence(change: Change, names: dict[tuple[str, str], str], planner: Planner, labels: Labels) -> str:
    name = names.get((change.level, key_of(change.id)), change.id)
    show = _figure(change, planner, labels)
    if change.what == "new":
        return labels.text("dashboard", "changes.new", name=name)
    if change.what == "done":
        return labels.text("dashboard", "changes.done", name=name, score=show(change.now))
    if change.status_was != change.status_now:
        before, after = labels.choice(change.status_was), labels.choice(change.status_now)
        return labels.text("dashboard", "changes.status", name=name, before=before, after=after)
    return labels.text("dashboard", "changes.score", name=name, before=show(change.was), after=show(change.now))


def _figure(change: Change, planner: Planner, labels: Labels) -> Callable[[float | None], str]:
    """How this thing's figures are shown: a KPI's in its unit, a score in percent."""
    unit = next((row.unit for row in planner.kpis if key_of(row.id) == key_of(change.id)), "")

    def show(figure: float | None) -> str:
        if figure is None:
            return "–"
        return in_unit(figure, unit, labels) if change.level == "kpi" else labels.percent(figure)

    return show
