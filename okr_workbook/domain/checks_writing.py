"""Checks of how key results are written: an activity where a result is wanted, and no number to tell success by.

A key result says what will be different, not what will be done ("It's not a key result unless it has a number":
Marissa Mayer, quoted in Doerr, *Measure What Matters*). The words that give an activity away come from outside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from okr_workbook.domain.checks_register import DOERR, WODTKE, Finder, Found, View, Vocabulary, check
from okr_workbook.domain.kinds import KINDS
from okr_workbook.domain.planner import KeyResult, key_of
from okr_workbook.domain.problems import Figure

TOPICS = ("spend", "staff", "improve", "deliver", "take_part")
"""Topics of activity, each with its own advice and rewrite (code `activity_<topic>`)."""

_NUMBER = re.compile(r"\d+(?:[\s.,]\d+)*")
_GAP = r"(?:\S+ ){0,3}"


def folded(text: str) -> str:
    """A text for matching: lower case, no accents, one space, an apostrophe ends a word.

    >>> folded("Agrandir l’équipe")
    "agrandir l' equipe"
    """
    text = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(text.replace("'", "' ").split())


def numbers_in(text: str) -> int:
    """How many numbers a text holds; 50 000 and 2,5 are one each.

    >>> numbers_in("MRR from 50 000 € to 60,000 €")
    2
    """
    return len(_NUMBER.findall(text))


def activity_in(vocabulary: Vocabulary) -> Callable[[str], str | None]:
    """A function from a key result's text to the topic of the activity it tells of, or None for a result."""
    openers = "|".join(_pattern(opener) for opener in vocabulary.openers)
    opening = re.compile(rf"^(?:(?:{openers}) )*" if openers else "^")
    topics = [
        (one.topic, one.numbers, re.compile("(?:" + "|".join(map(_pattern, one.phrases)) + r")(?!\w)"))
        for one in vocabulary.activities
        if one.phrases
    ]

    def topic_of(text: str) -> str | None:
        words = folded(text)
        lead = opening.match(words)
        start = lead.end() if lead else 0
        for topic, numbers, phrases in topics:
            if phrases.match(words, start) and numbers_in(text) < numbers:
                return topic
        return None

    return topic_of


def _pattern(phrase: str) -> str:
    return re.escape(folded(phrase)).replace(r"\*\ ", _GAP).replace(r"\ ", " ")


def is_measurable(row: KeyResult) -> bool:
    """True where a number tells success: one in the text, or all that its kind needs in its cells."""
    if numbers_in(row.key_result) or row.kind == "milestone":
        return True
    kind = KINDS.get(row.kind)
    fields = kind.needs if kind else ("target",)
    return all(getattr(row, field) is not None or field in row.unreadable for field in fields)


def _topics(view: View) -> Iterable[tuple[KeyResult, str | None]]:
    """Each key result with the topic of its activity. A milestone may deliver something: that is what it is for."""
    topic_of = activity_in(view.vocabulary)
    for row in view.planner.key_results:
        topic = topic_of(row.key_result) if row.key_result else None
        yield row, None if topic == "deliver" and row.kind == "milestone" else topic


def _activity(topic: str) -> Finder:
    def activity(view: View) -> Iterable[Found]:
        return (_found(view, row) for row, found in _topics(view) if found == topic)

    activity.__doc__ = _ACTIVITIES[topic]
    return activity


def _found(view: View, row: KeyResult) -> Found:
    """The finding, with an indicator of the same team that could measure it: `kpi`, from `now` to `goal`."""
    details: dict[str, object] = {"text": row.key_result}
    objective = view.objective_of(row)
    team = key_of(row.team or (objective.team if objective else ""))
    for kpi, got in zip(view.planner.kpis, view.scores.kpis, strict=True):
        if (
            team
            and key_of(kpi.team) == team
            and got.value is not None
            and kpi.target is not None
            and _is_open(got.status)
        ):
            suggestion = {
                "kpi": kpi.kpi or kpi.id,
                "now": Figure(got.value, kpi.unit),
                "goal": Figure(kpi.target, kpi.unit),
            }
            return Found(row, "key_result", {**details, **suggestion})
    return Found(row, "key_result", details)


def _is_open(kpi_status: str) -> bool:
    """True for an indicator that still has a way to go."""
    return kpi_status in ("in_progress", "off_track")


_ACTIVITIES = {
    "spend": "An activity, not a result: spending or investing in something.",
    "staff": "An activity, not a result: growing or strengthening a team, without saying by how many.",
    "improve": "An activity, not a result: improving something, without the number that shows it.",
    "deliver": "An activity, not a result: launching or making something (unless it is a milestone).",
    "take_part": "An activity, not a result: helping, attending, exploring, following.",
}

for _topic in TOPICS:
    check(f"activity_{_topic}", "warning", "key_results", WODTKE)(_activity(_topic))


@check("not_measurable", "warning", "key_results", DOERR)
def not_measurable(view: View) -> Iterable[Found]:
    """No number in a key result: neither in its words nor in its cells. An activity has its own advice."""
    return (
        _found(view, row) for row, topic in _topics(view) if row.key_result and topic is None and not is_measurable(row)
    )
