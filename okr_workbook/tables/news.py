"""What changed since last time, in words: one line each, with a symbol that says which way it went."""

from collections.abc import Mapping

from okr_workbook.domain.changes import SILENT, Change, News
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.labels import Labels
from okr_workbook.records import NamedTuple
from okr_workbook.tables.units import in_unit, of_one_unit

SYMBOLS = {"done": "✓", "up": "↑", "down": "↓", "new": "+"}


class NewsLine(NamedTuple):
    """One line of the news: a name and what is said of it. `symbol` is None where the line only says that there is nothing."""

    symbol: str | None
    name: str
    said: str = ""

    @property
    def text(self) -> str:
        """The line."""
        return self.name + self.said


def news_lines(news: News, planner: Planner, labels: Labels) -> list[NewsLine]:
    """The news, in their order. A key result that a KPI feeds is not told beside its KPI."""
    if news.since is None:
        return [NewsLine(None, labels.text("dashboard", "changes.first"))]
    names, units = _names(planner), {key_of(row.id): row.unit for row in planner.kpis}
    told = {key_of(one.id) for one in news.changes if one.level == "kpi"}
    fed = {key_of(row.id) for row in planner.key_results if key_of(row.kpi) in told}
    join = labels.text("dashboard", "alerts.join")
    lines = [
        NewsLine(
            SYMBOLS[one.what],
            names.get((one.level, key_of(one.id)), one.id),
            join + _said(one, units.get(key_of(one.id), ""), labels),
        )
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


def _said(change: Change, unit: str, labels: Labels) -> str:
    was, now = _shown(change, unit, labels)
    if change.what in ("done", "new"):
        return labels.text("dashboard", f"changes.{change.what}", value=now)
    if change.status_was != change.status_now and not {change.status_was, change.status_now} & set(SILENT):
        was, now = labels.choice(change.status_was), labels.choice(change.status_now)
    return f"{was} → {now}"


def _shown(change: Change, unit: str, labels: Labels) -> tuple[str, str]:
    """What it was and what it is, a dash where there was nothing."""
    was, now = change.was, change.now
    if change.level != "kpi":
        return _percent(was, change.status_was, labels), _percent(now, change.status_now, labels)
    if was is not None and now is not None:
        return of_one_unit(was, now, unit, labels)
    return "–" if was is None else in_unit(was, unit, labels), "–" if now is None else in_unit(now, unit, labels)


def _percent(score: float | None, status: str, labels: Labels) -> str:
    """A score; that of silence, which counts as zero, is no figure."""
    return "–" if score is None or (status == "no_data" and not score) else labels.percent(score)
