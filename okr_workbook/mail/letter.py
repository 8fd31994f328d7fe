"""What a message says: one team's plan in a few sentences of the team's language. Pure.

It is written from the team's own part of the plan (`TeamPlan`, an allow-list), so it can tell nothing of another team;
scores of single persons are told only where the planner shows them to teams.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from okr_workbook.domain.changes import News
from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.domain.results import Scores
from okr_workbook.domain.team_plan import TeamKeyResult, TeamPlan
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.alerts import Alert, alerts_of
from okr_workbook.tables.news import news_lines

THINGS_TO_DO = 3
_LONGEST_LIST = 12


class Item(NamedTuple):
    """One line of a list, and what stands under it in small."""

    text: str
    note: str = ""


class Section(NamedTuple):
    """A titled list. `numbered`: its order matters; `marked`: each item begins with a sign of its own."""

    title: str
    intro: str = ""
    items: tuple[Item, ...] = ()
    numbered: bool = False
    marked: bool = False


class Letter(NamedTuple):
    """A message in words. `status` is the id that colours `status_words`."""

    language: str
    subject: str
    greeting: str
    opening: str
    status: str
    status_words: str
    standing: str
    parts: tuple[Section, ...]
    closing: tuple[str, ...]


class Asked(NamedTuple):
    """What is asked of the team: an answer by a day. `sent_on` is given in a reminder: when the book first went out."""

    until: date
    sent_on: date | None = None


def write_letter(plan: TeamPlan, asked: Asked, news: News = News(None)) -> Letter:  # noqa: B008 (a named tuple)
    """The letter that goes with a team's book. `news` are the whole planner's; the team's are picked."""
    labels = labels_for(plan.language)
    writer = _Writer(plan, asked, labels)
    fill_in, to_do, changed = writer.fill_in(), writer.to_do(), writer.news(news)
    parts = (fill_in, to_do, changed) if asked.sent_on else (changed, to_do, fill_in)
    return Letter(
        labels.language,
        writer.say("reminder.subject" if asked.sent_on else "subject", day=asked.until),
        writer.greeting(),
        writer.say("reminder.opening", day=asked.sent_on, until=asked.until) if asked.sent_on else "",
        plan.got.status,
        labels.status(plan.got.status),
        writer.standing(),
        tuple(part for part in parts if part.items or part.intro),
        (writer.say("closing.how"), writer.say("closing.who")),
    )


class _Writer:
    def __init__(self, plan: TeamPlan, asked: Asked, labels: Labels) -> None:
        self.plan, self.asked, self.labels = plan, asked, labels
        self._own = _own(plan)

    def say(self, key: str, **details: object) -> str:
        common = {
            "team": self.plan.team,
            "period": self.labels.period(self.plan.settings.period),
            "company": self.plan.settings.company,
        }
        return self.labels.text("mail", key, **{**common, **details}).strip()

    def greeting(self) -> str:
        return self.say("greeting.person", name=self.plan.lead) if self.plan.lead else self.say("greeting.team")

    def standing(self) -> str:
        got, share = self.plan.got, self.labels.percent
        if got.score is None or got.status == "no_data":
            return self.say("standing.none")
        if got.expected is None:
            return self.say("standing.score", score=share(got.score))
        return self.say("standing.pace", score=share(got.score), expected=share(got.expected))

    # --- what changed, and what to act on: the rules and words of the dashboard, for the team's part of the plan ---

    def news(self, news: News) -> Section:
        """What changed for the team since the last refresh of another day; nothing where there was none."""
        if news.since is None:
            return Section("")
        own = tuple(one for one in news.changes if (one.level, key_of(one.id)) in self._own)
        lines = news_lines(News(news.since, own), _as_planner(self.plan), self.labels)
        items = _shortened([Item(f"{line.symbol} {line.text}") for line in lines if line.symbol], self)
        return Section(self.say("news.title", day=news.since), "" if items else lines[0].text, items, marked=True)

    def to_do(self) -> Section:
        """The three things to act on; nothing to act on is said, too."""
        alerts = alerts_of(_as_planner(self.plan), _as_scores(self.plan), self.labels, for_team=True)[:THINGS_TO_DO]
        items = tuple(Item(f"{one.symbol} {one.text}", self._who_does_what(one)) for one in alerts)
        return Section(self.say("to_do.title"), "" if items else self.say("to_do.none"), items, numbered=True)

    def _who_does_what(self, alert: Alert) -> str:
        by = self.labels.date(alert.due) if alert.due else ""
        if alert.overdue(self.plan.as_of):
            by = self.labels.text("dashboard", "alerts.overdue", day=by)
        return " · ".join(filter(None, [alert.action, alert.owner, by]))

    # --- what to fill in ---

    def fill_in(self) -> Section:
        """The key results whose value the team gives, with the day of the last one, and the figures it owes."""
        open_ones = [
            one for one in self.plan.key_results if not one.fed and one.got.status not in ("done", "not_started")
        ]
        items = [Item(_name(one), self._last(one)) for one in open_ones]
        owed = ((one.row, one.owed) for one in self.plan.measures if one.owed)
        items += [Item(row.label or row.measure, self._figure_of(month)) for row, month in owed]
        title = self.say("fill_in.title", day=self.asked.until)
        return Section(title, self.say("fill_in.intro" if items else "fill_in.none"), _shortened(items, self))

    def _last(self, one: TeamKeyResult) -> str:
        day = one.got.updated_on
        return self.say("fill_in.last", day=day) if day else self.say("fill_in.never")

    def _figure_of(self, month: date) -> str:
        return self.say("fill_in.figure", month=self.labels.month(month))


def _as_planner(plan: TeamPlan) -> Planner:
    """The team's part of the plan, without what shows a person's score, as a planner."""
    return Planner(
        settings=plan.settings,
        objectives=tuple(one.row for one in plan.objectives if one.shown_score),
        key_results=tuple(one.row for one in plan.key_results if one.shown_score),
        kpis=tuple(one.row for one in plan.kpis),
        actions=plan.actions,
    )


def _as_scores(plan: TeamPlan) -> Scores:
    """The scores of `_as_planner`, row by row."""
    return Scores(
        plan.as_of,
        plan.got,
        objectives=tuple(one.got for one in plan.objectives if one.shown_score),
        key_results=tuple(one.got for one in plan.key_results if one.shown_score),
        kpis=tuple(one.got for one in plan.kpis),
    )


def _own(plan: TeamPlan) -> set[tuple[str, str]]:
    """What a team may be told of: level and key of the id."""
    planner = _as_planner(plan)
    levels = (("objective", planner.objectives), ("key_result", planner.key_results), ("kpi", planner.kpis))
    return {("team", key_of(plan.team))} | {(level, key_of(row.id)) for level, rows in levels for row in rows}


def _name(one: TeamKeyResult) -> str:
    return one.row.key_result or one.row.id


def _shortened(items: Iterable[Item], writer: _Writer) -> tuple[Item, ...]:
    """The list, its tail counted where it is long for a message: the book holds it all."""
    items = tuple(items)
    if len(items) <= _LONGEST_LIST:
        return items
    kept = items[: _LONGEST_LIST - 1]
    return (*kept, Item(writer.say("more", count=len(items) - len(kept))))
