"""What a message says: one team's plan in a few sentences of the team's language. Pure.

It is written from the team's own part of the plan (`TeamPlan`, an allow-list), so it can tell nothing of another team;
scores of single persons are told only where the planner shows them to teams.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from okr_workbook.domain.changes import Change, News
from okr_workbook.domain.planner import key_of
from okr_workbook.domain.team_plan import TeamKeyResult, TeamPlan
from okr_workbook.labels import Labels, labels_for
from okr_workbook.mail.urgency import urgent

THINGS_TO_DO = 3
_LONGEST_LIST = 12


class Item(NamedTuple):
    """One line of a list, and what stands under it in small."""

    text: str
    note: str = ""


class Part(NamedTuple):
    """A titled list. `numbered`: its order matters."""

    title: str
    intro: str = ""
    items: tuple[Item, ...] = ()
    numbered: bool = False


class Letter(NamedTuple):
    """A message in words. `status` is the id that colours `status_words`."""

    language: str
    subject: str
    greeting: str
    opening: str
    status: str
    status_words: str
    standing: str
    parts: tuple[Part, ...]
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
        self._names = _names(plan)

    def say(self, key: str, **details: object) -> str:
        common = {"team": self.plan.team, "period": self.plan.settings.period, "company": self.plan.settings.company}
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

    # --- what changed ---

    def news(self, news: News) -> Part:
        """What changed for the team since the last refresh of another day; nothing where there was none."""
        if news.since is None:
            return Part("")
        items = _shortened(filter(None, map(self._change, news.changes)), self)
        return Part(self.say("news.title", day=news.since), "" if items else self.say("news.none"), items)

    def _change(self, change: Change) -> Item | None:
        name = self._names.get((change.level, key_of(change.id)))
        if name is None:
            return None
        if change.what == "done":
            return Item(self.say("news.done", name=name, status=self.labels.choice(change.status_now)))
        turned = bool(change.status_was) and change.status_was != change.status_now
        status = self.labels.status(change.status_now) if turned else ""
        if change.level == "kpi" or change.now is None:
            return Item(self.say("news.turned", name=name, status=status)) if turned else None
        now = self.labels.percent(change.now)
        if change.was is None:
            return Item(self.say("news.new", name=name, now=now), status)
        return Item(self.say("news.moved", name=name, was=self.labels.percent(change.was), now=now), status)

    # --- what to act on ---

    def to_do(self) -> Part:
        """The three things to act on; nothing to act on is said, too."""
        found = urgent(self.plan)[:THINGS_TO_DO]
        items = tuple(
            Item(
                self.say(f"to_do.{one.reason}", name=one.name, **self._shown(one.details)),
                self.say("to_do.owned", next=one.next_step, owner=one.owner)
                if one.owner and one.next_step
                else one.next_step or one.owner,
            )
            for one in found
        )
        return Part(self.say("to_do.title"), "" if items else self.say("to_do.none"), items, numbered=True)

    def _shown(self, details: dict[str, float | date | None]) -> dict[str, object]:
        return {key: self.labels.percent(one) if isinstance(one, float) else one for key, one in details.items()}

    # --- what to fill in ---

    def fill_in(self) -> Part:
        """The key results whose value the team gives, with the day of the last one."""
        open_ones = [
            one for one in self.plan.key_results if not one.fed and one.got.status not in ("done", "not_started")
        ]
        items = [Item(_name(one), self._last(one)) for one in open_ones]
        title = self.say("fill_in.title", day=self.asked.until)
        return Part(title, self.say("fill_in.intro" if items else "fill_in.none"), _shortened(items, self))

    def _last(self, one: TeamKeyResult) -> str:
        day = one.got.updated_on
        return self.say("fill_in.last", day=day) if day else self.say("fill_in.never")


def _names(plan: TeamPlan) -> dict[tuple[str, str], str]:
    """What a team may be told of, by level and key of the id, and what it is called."""
    names = {("team", key_of(plan.team)): plan.team}
    names |= {
        ("objective", key_of(one.row.id)): one.row.objective or one.row.id for one in plan.objectives if one.shown_score
    }
    names |= {("key_result", key_of(one.row.id)): _name(one) for one in plan.key_results if one.shown_score}
    return names | {("kpi", key_of(one.row.id)): one.row.kpi or one.row.id for one in plan.kpis}


def _name(one: TeamKeyResult) -> str:
    return one.row.key_result or one.row.id


def _shortened(items: Iterable[Item], writer: _Writer) -> tuple[Item, ...]:
    """The list, its tail counted where it is long for a message: the book holds it all."""
    items = tuple(items)
    if len(items) <= _LONGEST_LIST:
        return items
    kept = items[: _LONGEST_LIST - 1]
    return (*kept, Item(writer.say("more", count=len(items) - len(kept))))
