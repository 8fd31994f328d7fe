"""A planner on one page of HTML: no script, nothing loaded from elsewhere, readable on a phone and on paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from okr_workbook.domain.changes import News
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.results import STATUSES, Scores, known_score
from okr_workbook.labels import STATUS_SYMBOLS, Labels, labels_for
from okr_workbook.tables.alerts import Alert, alerts_of
from okr_workbook.tables.dashboard import period_line
from okr_workbook.tables.news import news_lines
from okr_workbook.tables.problem_rows import ShownProblem
from okr_workbook.tables.report import plan
from okr_workbook.tables.report.markup import Child, Markup, element, joined
from okr_workbook.tables.report.style import STYLE
from okr_workbook.tables.report.words import Words

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""No script, image or font is ever loaded, whatever a planner's text says (Content Security Policy, W3C)."""

MOST_SHOWN = 10
"""So many alerts, changes and problems: the first are the ones to act on, and the planner has them all."""


def render_report(
    planner: Planner, scores: Scores, news: News, problems: Sequence[ShownProblem], *, labels: Labels, file: str
) -> str:
    """The page, in the language of the labels. `file` is the planner's name, to be told in the footer."""
    words = Words(labels)
    company = planner.settings.company
    title = words("title", company=company) if company else words("untitled")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("title", title),
        element("style", Markup(STYLE)),
    )
    body = element(
        "body",
        _header(planner, scores, words),
        element(
            "main",
            _top(planner, scores, words),
            _pace_and_news(planner, scores, news, words),
            plan.teams(planner, scores, words),
            plan.objectives(planner, scores, words),
            plan.key_results(planner, scores, words),
            plan.kpis(planner, scores, words),
            _problems(problems, labels_for(planner.settings.language).table("problems"), words),
        ),
        _footer(planner, words, file),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=labels.language)}\n"


def _header(planner: Planner, scores: Scores, words: Words) -> Markup:
    parts = [period_line(planner, scores, words.labels), words("as_of", day=scores.as_of)]
    return element(
        "header",
        element("p", planner.settings.company, class_="quiet"),
        element("h1", planner.headline or words("untitled")),
        element("p", " · ".join(part for part in parts if part), class_="quiet"),
    )


def _top(planner: Planner, scores: Scores, words: Words) -> Markup:
    return element(
        "div",
        _score_card(planner, scores, words),
        _alerts(alerts_of(planner, scores, words.labels), scores.as_of, words),
        class_="top",
    )


def _score_card(planner: Planner, scores: Scores, words: Words) -> Markup:
    company = scores.company
    confidence = planner.mean_confidence
    lines: list[str] = []
    if company.forecast is not None:
        lines.append(words("forecast", forecast=words.share(company.forecast)))
    if confidence is not None:
        lines.append(words("confidence", confidence=words.labels.number(confidence, 1)))
    return element(
        "section",
        element("p", words.field("score"), class_="quiet"),
        element("p", words.share(known_score(company)), class_="figure"),
        element("p", words("expected", expected=words.share(company.expected)), class_="quiet"),
        element("p", words.pill(company.status)),
        [element("p", line, class_="quiet") for line in lines],
        element("p", list(_counts(scores, words)), class_="counts"),
        class_="score",
    )


def _counts(scores: Scores, words: Words) -> Iterator[Markup]:
    """How many key results there are of each status, where there are any."""
    for status in STATUSES:
        count = sum(one.status == status for one in scores.key_results)
        if count:
            yield words.pill(status, f"{count} {words.labels.status(status)}")


def _alerts(alerts: Sequence[Alert], as_of: date, words: Words) -> Markup:
    if not alerts:
        nothing = element("p", words.labels.text("dashboard", "alerts.none"))
        return words.section("alerts", nothing)
    shown = [_alert(one, as_of, words) for one in alerts[:MOST_SHOWN]]
    return words.section("alerts", element("ul", shown), _more("more_alerts", len(alerts) - len(shown), words))


def _more(key: str, count: int, words: Words, **where: str) -> Markup | None:
    """The line that says how many more there are, and where; None where that is all."""
    if count <= 0:
        return None
    return element("p", words(key, count=count, **where), class_="quiet")


def _alert(alert: Alert, as_of: date, words: Words) -> Markup:
    who = [alert.owner or words("nobody")]
    if alert.due:
        day = words.labels.day(alert.due)
        overdue = alert.overdue(as_of)
        who.append(words.labels.text("dashboard", "alerts.overdue", day=day) if overdue else words("by", day=day))
    late = " late" if alert.symbol == STATUS_SYMBOLS["at_risk"] else ""
    return element(
        "li",
        element("span", alert.symbol, class_=f"symbol{late}"),
        element(
            "div",
            element("p", alert.text, class_="what"),
            element("p", f"→ {alert.action}", class_="todo"),
            element("p", " · ".join(who), class_="quiet"),
        ),
        class_="alert",
    )


def _pace_and_news(planner: Planner, scores: Scores, news: News, words: Words) -> Markup:
    heading = words("sections.news", day=news.since) if news.since else words("sections.news_first")
    told = news_lines(news, planner, words.labels)
    lines: list[Child] = [
        element("li", element("span", line.symbol or "–", class_="symbol"), element("span", line.text))
        for line in told[:MOST_SHOWN]
    ]
    history = labels_for(planner.settings.language).table("history")
    more = _more("more_in_planner", len(told) - len(lines), words, sheet=history)
    return element(
        "div",
        plan.pace(planner, scores, words),
        element("section", element("h2", heading), element("ul", lines, class_="news"), more),
        class_="cols",
    )


def _problems(problems: Sequence[ShownProblem], sheet: str, words: Words) -> Markup:
    """The problems; `sheet` is where the planner, whatever its language, has them all."""
    if not problems:
        return words.section("problems", element("p", words("empty.problems")))
    shown = [_problem(one, words) for one in problems[:MOST_SHOWN]]
    return words.section(
        "problems", element("ul", shown), _more("more_in_planner", len(problems) - len(shown), words, sheet=sheet)
    )


def _problem(problem: ShownProblem, words: Words) -> Markup:
    name = words.labels.choice(problem.severity)
    return element(
        "li",
        element("p", element("span", name, class_=f"pill s-{problem.severity}"), " ", problem.message),
        element("p", problem.advice, " ", f"({problem.cell})" if problem.cell else None, class_="quiet"),
        class_="problem",
    )


def _footer(planner: Planner, words: Words, file: str) -> Markup:
    settings = planner.settings
    lines = [
        words("method.score"),
        words("method.expected", success=words.share(settings.aspirational_success)),
        words("method.status", on_track=settings.on_track_gap * 100, at_risk=settings.at_risk_gap * 100),
        words("method.forecast"),
        words(f"method.missing_{settings.missing_counts_as}"),
        words("legend.bar"),
        words("written", file=file),
    ]
    items = joined(element("li", line) for line in lines)
    return element(
        "footer", element("p", words("sections.method"), class_="quiet"), element("ul", items, class_="quiet")
    )
