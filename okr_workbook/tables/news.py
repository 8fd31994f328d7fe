"""What changed since last time, in words: one line each, with a symbol that says which way it went."""

from collections.abc import Mapping

from okr_workbook.domain.changes import Change, News
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.labels import Labels
from okr_workbook.records import NamedTuple
from okr_workbook.tables.alerts import shortened
from okr_workbook.tables.units import in_unit

SYMBOLS = {"done": "✓", "up": "↑", "down": "↓", "new": "+"}
TEXT_LENGTH = 62
"""Characters that fit the dashboard's column; longer names are shortened, what is said of them is not."""

_SILENT = ("not_started", "no_data", "")


class NewsLine(NamedTuple):
    """One line of the news; `symbol` is None where the line only says that there is nothing to tell."""

    symbol: str | None
    text: str


def news_lines(news: News, planner: Planner, labels: Labels, length: int = TEXT_LENGTH) -> list[NewsLine]:
    """The news, in their order, none longer than `length`. A key result that a KPI feeds is not told beside its KPI."""
    if news.since is None:
        return [NewsLine(None, labels.text("dashboard", "changes.first"))]
    names, units = _names(planner), {key_of(row.id): row.unit for row in planner.kpis}
    told = {key_of(one.id) for one in news.changes if one.level == "kpi"}
    fed = {key_of(row.id) for row in planner.key_results if key_of(row.kpi) in told}
    lines = [
        NewsLine(SYMBOLS[one.what], _text(one, names.get((one.level, key_of(one.id)), one.id), units, labels, length))
        for one in news.changes
        if not (one.level == "key_result" and key_of(one.id) in fed)
    ]
    return lines or [NewsLine(None, labels.text("dashboard", "changes.none"))]


def _names(planner: Planner) -> Mapping[tuple[str, str], str]:
    """How people call what has an id."""
    return {
        **{("objective", key_of(row.id)): row.objective for row in planner.objectives if row.objective},
        **{("key_result", key_of(row.id)): row.key_result for row in planner.key_results if row.key_result},
        **{("kpi", key_of(row.id)): row.kpi for row in planner.kpis if row.kpi},
    }


def _text(change: Change, name: str, units: Mapping[str, str], labels: Labels, length: int) -> str:
    said = _said(change, units.get(key_of(change.id), ""), labels)
    join = labels.text("dashboard", "alerts.join")
    return shortened(name, length - len(join) - len(said)) + join + said


def _said(change: Change, unit: str, labels: Labels) -> str:
    now, was = _shown(change, change.now, unit, labels), _shown(change, change.was, unit, labels)
    if change.what in ("done", "new"):
        return labels.text("dashboard", f"changes.{change.what}", value=now)
    if change.status_was != change.status_now and not {change.status_was, change.status_now} & set(_SILENT):
        was, now = labels.choice(change.status_was), labels.choice(change.status_now)
    return f"{was} → {now}"


def _shown(change: Change, value: float | None, unit: str, labels: Labels) -> str:
    if value is None:
        return "–"
    return in_unit(value, unit, labels) if change.level == "kpi" else labels.percent(value)
