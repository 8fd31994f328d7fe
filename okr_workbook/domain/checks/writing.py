"""Checks of how key results are written: an activity where a result is wanted, and no number to tell success by.

A key result says what will be different, not what will be done ("It's not a key result unless it has a number":
Marissa Mayer, quoted in Doerr, *Measure What Matters*). The words that give an activity away come from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from okr_workbook.domain.checks.register import DOERR, WODTKE, Finder, Found, Phrases, View, Vocabulary, check
from okr_workbook.domain.kinds import KINDS, kind_of
from okr_workbook.domain.planner import KeyResult, key_of
from okr_workbook.domain.problems import Figure
from okr_workbook.domain.wording import amounts_in, words_of
from okr_workbook.records import NamedTuple

TOPICS = ("spend", "staff", "improve", "deliver", "take_part")
"""Topics of activity, each with its own advice and rewrite (code `activity_<topic>`)."""

_TOLD_BY_CELLS = ("improve", "staff")
"""Topics that only lack a number: it may as well stand in the cells."""

_ANY, _MOST_SKIPPED = "*", 4


class Activities:
    """The openings that give an activity away, by their first word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._numbers = vocabulary.numbers
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
            if _begins(words[1:], rest):
                return None if self._tells_a_result(text, one) else one.topic
        return None

    def _tells_a_result(self, text: str, one: Phrases) -> bool:
        """True where the amounts of a text make it a result, however it begins."""
        amounts = amounts_in(text, self._numbers)
        return len(amounts) >= one.amounts or (one.value_tells and any(map(any, amounts)))

    def _without_openers(self, words: list[str]) -> list[str]:
        while found := next((opener for opener in self._openers if words[: len(opener)] == opener), None):
            words = words[len(found) :]
        return words


def _begins(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """True where the words begin with the phrase; its `*` stands for up to four of them."""
    for place, part in enumerate(phrase):
        if part == _ANY:
            return any(_begins(words[place + skipped :], phrase[place + 1 :]) for skipped in range(_MOST_SKIPPED + 1))
        if place >= len(words) or words[place] != part:
            return False
    return True


class _Wording(NamedTuple):
    """What the checks below look at: a text, whether it is a milestone's, and whether its cells say how much."""

    text: str
    milestone: bool
    told: bool


@lru_cache(maxsize=1)
def _topics_of(vocabulary: Vocabulary, rows: tuple[_Wording, ...]) -> tuple[str | None, ...]:
    """The topic of each; all of the checks below ask for them.

    A milestone may deliver something: that is what it is for.
    """
    activities = Activities(vocabulary)
    return tuple(
        None if (topic == "deliver" and row.milestone) or (topic in _TOLD_BY_CELLS and row.told) else topic
        for row, topic in zip(rows, [activities.topic_of(row.text) for row in rows], strict=True)
    )


def _is_told(row: KeyResult) -> bool:
    """True where the cells say how much: all that its kind needs, or where it has none a target."""
    kind = KINDS.get(row.kind)
    fields = kind.needs if kind else ("target",)
    return bool(fields) and all(getattr(row, field) is not None or field in row.unreadable for field in fields)


def is_measurable(row: KeyResult, vocabulary: Vocabulary) -> bool:
    """True where an amount tells success, in the cells or in the text, or where it is simply done."""
    return kind_of(row.kind).takes_yes_no or _is_told(row) or bool(amounts_in(row.key_result, vocabulary.numbers))


def _topics(view: View) -> Iterable[tuple[KeyResult, str | None]]:
    """Each key result with the topic of its activity."""
    rows = view.planner.key_results
    wordings = tuple([_Wording(row.key_result, kind_of(row.kind).takes_yes_no, _is_told(row)) for row in rows])
    return zip(rows, _topics_of(view.vocabulary, wordings), strict=True)


def _activity(topic: str) -> Finder:
    def activity(view: View) -> Iterable[Found]:
        return (_found(view, row) for row, found in _topics(view) if found == topic)

    activity.__doc__ = _ACTIVITIES[topic]
    return activity


def _found(view: View, row: KeyResult) -> Found:
    """The finding, with a KPI of the same team that could measure it: `kpi`, from `now` to `goal`."""
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
    """True for a KPI that still has a way to go."""
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
        _found(view, row)
        for row, topic in _topics(view)
        if row.key_result and topic is None and not is_measurable(row, view.vocabulary)
    )
