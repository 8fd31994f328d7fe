"""The dashboard, the start page and the data behind the charts, as values for the named ranges of `blocks`. Pure.

Text is written in the book's language; numbers stay numbers, for the cells' formats to show. A range that holds fewer
rows than there are ends with a line that says how many more. Names are shortened to the room they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from okr_workbook.domain.changes import News
from okr_workbook.domain.key_result_scores import logs_of
from okr_workbook.domain.outline import outline_of
from okr_workbook.domain.planner import Kpi, Planner
from okr_workbook.domain.readings import Log
from okr_workbook.domain.results import GroupScore, KpiResult, ObjectiveScore, Scores, known_score
from okr_workbook.labels import Labels
from okr_workbook.tables import blocks
from okr_workbook.tables.alerts import Alert, alerts_of
from okr_workbook.tables.alignment import TWIG, branches, render_alignment
from okr_workbook.tables.blocks import Block
from okr_workbook.tables.grid import BlockChange, Formula, Value
from okr_workbook.tables.news import news_lines
from okr_workbook.tables.period_names import period_in_words
from okr_workbook.tables.short_names import fitted, told_apart
from okr_workbook.tables.trends import Rows, bullet, kpi_trend, pace_labels, pace_rows, trend
from okr_workbook.tables.units import change_in_unit, is_seen, is_shown_by_format

_LEVEL_ORDER = {"company": 0, "team": 1, "": 1, "member": 2}


def render_dashboard(
    planner: Planner,
    scores: Scores,
    news: News,
    labels: Labels,
    *,
    errors: int = 0,
    live: bool = True,
    ahead: bool = False,
) -> tuple[BlockChange, ...]:
    """Everything Refresh writes outside the tables. `errors`: how many problems are.

    `live` False: the scores look back at a past day, or `ahead`.
    """
    alerts = alerts_of(planner, scores, labels)
    return (
        *_header(planner, scores, labels),
        *_looking(planner, scores, labels, live=live, ahead=ahead),
        *_start_page(planner, scores, alerts, errors, labels),
        *_errors(errors, labels),
        *_company(planner, scores, labels),
        *_alerts(planner, alerts, errors, labels),
        *_tiles(planner, scores, labels),
        *_teams(planner, scores, labels),
        *_objectives(planner, scores, labels),
        *_news(news, planner, labels),
        *_charts(planner, scores, labels),
        render_alignment(planner, scores, labels),
    )


def _one(block: Block, value: Value) -> BlockChange:
    return BlockChange(block.name, [[value]])


def _column(block: Block, values: Sequence[Value]) -> BlockChange:
    return BlockChange(block.name, [[value] for value in values[: block.rows]])


# --- the page's head, and the start page -----------------------------------------------------------


def _looking(planner: Planner, scores: Scores, labels: Labels, *, live: bool, ahead: bool) -> Iterator[BlockChange]:
    """The day that is looked back at, which the cell's format puts in words (of a look ahead, the words), and the
    check-ins there were.
    """
    day = labels.text("dashboard", "looking_ahead", day=scores.as_of) if ahead else scores.as_of
    yield _one(blocks.LOOKING_BACK, None if live else day)
    rows = max((row.row_number for row in planner.check_ins), default=0)
    yield _one(blocks.CHECK_INS_SEEN, None if live else rows)


def _header(planner: Planner, scores: Scores, labels: Labels) -> Iterator[BlockChange]:
    yield _one(blocks.AS_OF, scores.as_of)
    yield _one(blocks.STALE_AFTER, planner.settings.stale_after_days)
    yield _one(blocks.COMPANY, planner.settings.company or None)
    yield _one(blocks.HEADLINE, planner.headline or None)
    yield _one(blocks.PERIOD, period_line(planner, scores, labels) or None)


def period_line(planner: Planner, scores: Scores, labels: Labels) -> str:
    """The period, and which of its weeks the as-of date lies in."""
    settings = planner.settings
    parts = [period_in_words(settings.period, labels)] if settings.period else []
    start, end = settings.period_start, settings.period_end
    if start and end and start <= scores.as_of <= end:
        week, weeks = (scores.as_of - start).days // 7 + 1, (end - start).days // 7 + 1
        parts.append(labels.text("dashboard", "week", week=week, weeks=weeks))
    return " · ".join(parts)


def _start_page(
    planner: Planner, scores: Scores, alerts: Sequence[Alert], errors: int, labels: Labels
) -> Iterator[BlockChange]:
    settings = planner.settings
    parts = [settings.company, period_in_words(settings.period, labels)]
    yield _one(blocks.START_LINE, " · ".join(part for part in parts if part) or None)
    over = settings.period_end is not None and scores.as_of > settings.period_end
    yield _one(blocks.START_NEXT, _next_step(planner, alerts, errors, labels, over=over))


def _next_step(planner: Planner, alerts: Sequence[Alert], errors: int, labels: Labels, *, over: bool) -> Formula | None:
    """What to do next; None where the errors are all there is, which stand beneath."""
    if over:
        return _link("settings", labels.text("dashboard", "next.period_over"))
    if not (planner.objectives and planner.key_results):
        return _next_row(planner, labels)
    if errors and all(one.to_correct for one in alerts):
        return None
    told = labels.text("dashboard", "next.alerts", count=len(alerts)) if alerts else ""
    return _link("dashboard", told or labels.text("dashboard", "next.nothing"))


def _next_row(planner: Planner, labels: Labels) -> Formula:
    """Where a plan that has no key result yet goes on."""
    place = "key_results" if planner.objectives else "objectives"
    return _link(place, labels.text("dashboard", f"next.{place}"))


def _errors(count: int, labels: Labels) -> Iterator[BlockChange]:
    """How many errors there are, on the start page and the dashboard; nothing where none is."""
    told = _link("problems", labels.text("dashboard", "errors", count=count)) if count else None
    yield _one(blocks.START_ERRORS, told)
    yield _one(blocks.ERRORS, told)


def _link(place: str, text: str) -> Formula:
    return Formula.link(blocks.page_name(place), f"{text} {blocks.ARROW}")


# --- parts of the dashboard ------------------------------------------------------------------------


def _company(planner: Planner, scores: Scores, labels: Labels) -> Iterator[BlockChange]:
    company = scores.company
    yield _one(blocks.COMPANY_SCORE, known_score(company))
    yield _one(blocks.COMPANY_EXPECTED, company.expected)
    yield _one(blocks.COMPANY_STATUS, labels.status(company.status))
    yield _one(blocks.COMPANY_FORECAST, company.forecast)
    yield _one(blocks.COMPANY_CONFIDENCE, planner.mean_confidence)
    for status, block in blocks.STATUS_COUNTS.items():
        count = sum(one.status == status for one in scores.key_results)
        yield _one(block, count)


def _alerts(planner: Planner, alerts: Sequence[Alert], errors: int, labels: Labels) -> Iterator[BlockChange]:
    nothing = "alerts.empty" if not planner.key_results else "alerts.errors" if errors else "alerts.none"
    shown = alerts[: blocks.ALERT_ROWS]
    yield _column(blocks.ALERTS_SYMBOL, [one.symbol for one in shown])
    texts = fitted([(one.name, one.said) for one in shown], blocks.ALERTS_TEXT.length)
    yield _column(blocks.ALERTS_TEXT, texts or [labels.text("dashboard", nothing)])
    to_do = told_apart([one.action for one in shown], blocks.ALERTS_ACTION.length)
    yield _column(blocks.ALERTS_ACTION, to_do or [None if planner.key_results else _next_row(planner, labels)])
    yield _column(blocks.ALERTS_OWNER, [one.owner or None for one in shown])
    yield _column(blocks.ALERTS_DUE, [one.due for one in shown])
    yield _one(blocks.ALERTS_MORE, _more_in("key_results", len(alerts) - len(shown), labels))


def _more_in(place: str, count: int, labels: Labels) -> Formula | None:
    """How much did not fit, as a link to the page that has it all; None where all of it did."""
    return _way_to(place, labels.text("dashboard", "more", count=count), labels) if count > 0 else None


def _none_yet(place: str, labels: Labels) -> Formula:
    """That there is nothing yet, as a link to where it is filled in."""
    return _way_to(place, labels.text("dashboard", "none_yet"), labels)


def _way_to(place: str, words: str, labels: Labels) -> Formula:
    name = labels.text("tables", f"sheets.{place}") if place == "alignment" else labels.table(place)
    return _link(place, words + labels.text("dashboard", "alerts.join") + name)


def _tiles(planner: Planner, scores: Scores, labels: Labels) -> Iterator[BlockChange]:
    """The first KPIs in the order of the table; where there are more, those that raise an alert come first."""
    pairs = list(zip(planner.kpis, scores.kpis, strict=True))
    chosen = sorted(sorted(range(len(pairs)), key=lambda i: not pairs[i][1].alert)[: blocks.TILE_COUNT])
    shown = [pairs[index] for index in chosen]
    names = fitted([(kpi.kpi or kpi.id, _unit_beside(kpi)) for kpi, _ in shown], blocks.TILE_LENGTH)
    for block, name, (kpi, result) in zip(blocks.TILES, names, shown, strict=False):
        yield _column(block, [name, result.value, tile_note(kpi, result, labels), labels.status(result.status)])
    for block in blocks.TILES[len(chosen) :]:
        yield _column(block, [])
    more = _more_in("kpis", len(pairs) - len(chosen), labels)
    yield _one(blocks.TILES_MORE, more if pairs else _none_yet("kpis", labels))
    yield _column(blocks.TILE_UNITS, [kpi.unit.strip() for kpi, _ in shown])
    yield BlockChange(blocks.TILE_TRENDS.name, [kpi_trend(result) for _, result in shown])


def _unit_beside(kpi: Kpi) -> str:
    """A unit that the number's format does not show, to stand beside the name."""
    unit, words = kpi.unit.strip(), kpi.kpi.casefold().replace("(", " ").replace(")", " ").split()
    return "" if is_shown_by_format(unit) or unit.casefold() in words else f" ({unit})"


def tile_note(kpi: Kpi, result: KpiResult, labels: Labels) -> str | None:
    """How a KPI moved, in which period, and how many periods in a row were bad: ↑ €9 · Nov 2026."""
    if result.error:
        return result.error
    parts = []
    if result.change is not None:
        arrow = "↑" if result.change > 0 else "↓"
        seen = is_seen(result.change, kpi.unit)
        parts.append(f"{arrow} {change_in_unit(result.change, kpi.unit, labels)}" if seen else "=")
    if result.period:
        parts.append(period_in_words(result.period, labels) if "/" in result.period else labels.period(result.period))
    if result.bad_periods > 1:
        parts.append(labels.text("dashboard", "bad_periods", count=result.bad_periods))
    return " · ".join(parts) or None


def _teams(planner: Planner, scores: Scores, labels: Labels) -> Iterator[BlockChange]:
    pairs = list(zip(planner.teams, scores.teams, strict=True))
    room = blocks.TEAM_ROWS if len(pairs) <= blocks.TEAM_ROWS else blocks.TEAM_ROWS - 1
    shown, more = pairs[:room], _more_in("teams", len(pairs) - room, labels)
    names = told_apart([team.team for team, _ in shown], blocks.TEAMS_TEAM.length)
    yield _column(blocks.TEAMS_TEAM, [*names, more if pairs else _none_yet("teams", labels)])
    yield _column(blocks.TEAMS_SCORE, [known_score(score) for _, score in shown])
    yield _column(blocks.TEAMS_STATUS, [labels.status(score.status) for _, score in shown])
    yield BlockChange(blocks.TEAM_BULLETS.name, [_bullet(score) for _, score in shown])


def _bullet(one: GroupScore | ObjectiveScore) -> list[Value]:
    """The pieces of a bar; blank where there is no score to show."""
    score = known_score(one)
    return bullet(score, None if score is None else one.expected)


def _objectives(planner: Planner, scores: Scores, labels: Labels) -> Iterator[BlockChange]:
    """The tree of objectives. Where there are too many, the company's come before the teams', then the members'."""
    tree = branches(planner)
    room = blocks.OBJECTIVE_ROWS if len(tree) <= blocks.OBJECTIVE_ROWS else blocks.OBJECTIVE_ROWS - 1
    by_level = sorted(range(len(tree)), key=lambda i: _LEVEL_ORDER.get(planner.objectives[tree[i].place].level, 1))
    shown = [tree[i] for i in sorted(by_level[:room])]
    rows = [planner.objectives[branch.place] for branch in shown]
    results = [scores.objectives[branch.place] for branch in shown]
    short = told_apart([row.objective or row.id for row in rows], blocks.OBJECTIVES_OBJECTIVE.length)
    names = [TWIG * (branch.depth > 0) + name for branch, name in zip(shown, short, strict=True)]
    company = planner.settings.company
    teams = [row.team or (company if row.level == "company" else "") for row in rows]
    more = _more_in("alignment", len(tree) - room, labels)
    yield _column(blocks.OBJECTIVES_OBJECTIVE, [*names, more if names else _none_yet("objectives", labels)])
    yield _column(blocks.OBJECTIVES_TEAM, [one or None for one in told_apart(teams, blocks.OBJECTIVES_TEAM.length)])
    yield _column(blocks.OBJECTIVES_SCORE, [known_score(one) for one in results])
    yield _column(blocks.OBJECTIVES_EXPECTED, [one.expected for one in results])
    yield _column(blocks.OBJECTIVES_STATUS, [labels.status(one.status) for one in results])
    yield BlockChange(blocks.OBJECTIVE_BULLETS.name, [_bullet(one) for one in results])


def _news(news: News, planner: Planner, labels: Labels) -> Iterator[BlockChange]:
    lines = news_lines(news, planner, labels)
    room = blocks.CHANGE_ROWS if len(lines) <= blocks.CHANGE_ROWS else blocks.CHANGE_ROWS - 1
    yield _one(blocks.CHANGES_SINCE, news.since)
    shown = lines[:room]
    texts = fitted([(line.name, line.said) for line in shown], blocks.CHANGES_TEXT.length)
    yield _column(blocks.CHANGES_SYMBOL, [line.symbol for line in shown])
    yield _column(blocks.CHANGES_TEXT, [*texts, _more_in("history", len(lines) - room, labels)])


# --- behind the charts -----------------------------------------------------------------------------


def _charts(planner: Planner, scores: Scores, labels: Labels) -> Iterator[BlockChange]:
    logs = logs_of(planner, outline_of(planner), scores.kpis)
    yield BlockChange(blocks.PACE.name, pace_rows(planner, scores, logs))
    yield BlockChange(blocks.PACE_LABELS.name, [pace_labels(scores, labels)])
    kpi_trends = {row.row_number: kpi_trend(result) for row, result in zip(planner.kpis, scores.kpis, strict=True)}
    yield _by_row(blocks.KPI_TRENDS, kpi_trends)
    yield _by_row(blocks.KEY_RESULT_TRENDS, _key_result_trends(planner, scores, logs))


def _key_result_trends(planner: Planner, scores: Scores, logs: Sequence[Log]) -> dict[int, list[Value]]:
    """The last readings of the rows that have a sparkline."""
    return {
        row.row_number: trend(reading.value for reading in log.until(scores.as_of))
        for row, log in zip(planner.key_results, logs, strict=True)
        if row.row_number <= blocks.KEY_RESULT_TREND_ROWS
    }


def _by_row(block: Block, trends: dict[int, list[Value]]) -> BlockChange:
    """Trends where the table's rows are, so that a sparkline beside each row finds its own."""
    blank: list[Value] = [None] * block.columns
    last = min(max(trends, default=0), block.rows)
    rows: Rows = [trends.get(number, blank) for number in range(1, last + 1)]
    return BlockChange(block.name, rows)
