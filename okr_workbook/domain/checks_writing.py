"""Checks of how key results are written: an activity where a result is wanted, and no number to tell success by.

A key result says what will be different, not what will be done ("It's not a key result unless it has a number":
Marissa Mayer, quoted in Doerr, *Measure What Matters*). The words that give an activity away come from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from okr_workbook.domain.checks_register import DOERR, WODTKE, Finder, Found, Phrases, View, Vocabulary, check
from okr_workbook.domain.kinds import KINDS
from okr_workbook.domain.planner import KeyResult, key_of
from okr_workbook.domain.problems import Figure
from okr_workbook.domain.text_forms import unaccented

TOPICS = ("spend", "staff", "improve", "deliver", "take_part")
"""Topics of activity, each with its own advice and rewrite (code `activity_<topic>`)."""

_NUMBER = r"\d+(?:[\s.,]\d+)*"
_PUNCTUATION = '.,;:!?…()[]«»“”"-–—•'
_ANY, _MOST_SKIPPED = "*", 4


def folded(text: str) -> str:
    """A text for matching: lower case, no accents, one space, an apostrophe ends a word.

    >>> folded("Agrandir l’équipe")
    "agrandir l' equipe"
    """
    return " ".join(unaccented(text.replace("’", "'").replace("'", "' ").casefold()).split())


def words_of(text: str) -> list[str]:
    """The words of a text, folded and without the punctuation around them."""
    return [word for part in folded(text).split(" ") if (word := part.strip(_PUNCTUATION))]


def numbers_in(text: str) -> int:
    """How many numbers a text holds; 50 000 and 2,5 are one each.

    >>> numbers_in("MRR from 50 000 € to 60,000 €")
    2
    """
    return len(re.findall(_NUMBER, text))


class Activities:
    """The openings that give an activity away, by their first word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._openers = sorted((words_of(opener) for opener in vocabulary.openers), key=len, reverse=True)
        self._by_first_word: dict[str, list[tuple[Phrases, list[str]]]] = {}
        for one in vocabulary.activities:
            for phrase in one.phrases:
                first, *rest = words_of(phrase)
                self._by_first_word.setdefault(first, []).append((one, rest))

    def topic_of(self, text: str) -> str | None:
        """The topic of the activity that a key result tells of; None where it tells of a result."""
        words = self._without_openers(words_of(text))
        for one, rest in self._by_first_word.get(words[0], ()) if words else ():
            if _begins(words[1:], rest) and not _tells_a_result(text, one):
                return one.topic
        return None

    def _without_openers(self, words: list[str]) -> list[str]:
        while found := next((opener for opener in self._openers if words[: len(opener)] == opener), None):
            words = words[len(found) :]
        return words


def _tells_a_result(text: str, one: Phrases) -> bool:
    """True where the numbers of a text make it a result, however it begins."""
    count = numbers_in(text)
    return count >= one.numbers or (one.percent_tells and count > 0 and "%" in text)


def _begins(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """True where the words begin with the phrase; its `*` stands for up to four of them."""
    for place, part in enumerate(phrase):
        if part == _ANY:
            return any(_begins(words[place + skipped :], phrase[place + 1 :]) for skipped in range(_MOST_SKIPPED + 1))
        if place >= len(words) or words[place] != part:
            return False
    return True


@lru_cache(maxsize=1)
def _topics_of(vocabulary: Vocabulary, texts: tuple[tuple[str, bool], ...]) -> tuple[str | None, ...]:
    """The topics of all texts, of milestones (True) or not; each of the checks below asks for them.

    A milestone may deliver something: that is what it is for.
    """
    activities = Activities(vocabulary)
    topics = [(activities.topic_of(text), milestone) for text, milestone in texts]
    return tuple(None if topic == "deliver" and milestone else topic for topic, milestone in topics)


def is_measurable(row: KeyResult) -> bool:
    """True where a number tells success: one in the text, or all that its kind needs in its cells."""
    if numbers_in(row.key_result) or row.kind == "milestone":
        return True
    kind = KINDS.get(row.kind)
    fields = kind.needs if kind else ("target",)
    return all(getattr(row, field) is not None or field in row.unreadable for field in fields)


def _topics(view: View) -> Iterable[tuple[KeyResult, str | None]]:
    """Each key result with the topic of its activity."""
    rows = view.planner.key_results
    texts = tuple((row.key_result, row.kind == "milestone") for row in rows)
    return zip(rows, _topics_of(view.vocabulary, texts), strict=True)


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
