"""What to act on now, most urgent first: KPIs that raise an alert, key results at risk, without news or without a value."""

from collections.abc import Iterator
from datetime import date

from okr_workbook.domain.planner import OPEN_ACTION_STATES, Action, KeyResult, Kpi, Planner, key_of
from okr_workbook.domain.results import KeyResultScore, KpiResult, Scores
from okr_workbook.labels import STATUS_SYMBOLS, Labels
from okr_workbook.records import NamedTuple
from okr_workbook.tables.targets import target_of_kpi
from okr_workbook.tables.units import in_unit

TEXT_LENGTH = 66
"""Characters that fit the dashboard's column; longer names are shortened, what is said of them is not."""

OFF_TRACK, TWO_BAD_PERIODS, STALE_AND_LATE, NO_DATA, STALE = range(5)
"""How urgent, most urgent first."""


class Alert(NamedTuple):
    """One line: `symbol` of its status, what is wrong, what to do, who, and by when (None: no day was set)."""

    symbol: str
    text: str
    action: str
    owner: str
    due: date | None


class _Ranked(NamedTuple):
    urgency: int
    gap: float
    alert: Alert


def alerts_of(planner: Planner, scores: Scores, labels: Labels, length: int = TEXT_LENGTH) -> list[Alert]:
    """All alerts of a planner, most urgent first; of equal urgency, the widest gap first. No text is longer than `length`.

    A key result that an alarmed KPI feeds is not told beside it. What to do is the open action that serves it or its
    KPI, the one due soonest; else what the KPI says to do when it goes off.
    """
    finder = _Finder(planner, scores, labels, length)
    found = sorted((*finder.of_kpis(), *finder.of_key_results()), key=lambda one: (one.urgency, -one.gap))
    return [one.alert for one in found]


class _Finder:
    def __init__(self, planner: Planner, scores: Scores, labels: Labels, length: int) -> None:
        self.labels = labels
        self.length = length
        self.kpis = list(zip(planner.kpis, scores.kpis, strict=True))
        self.key_results = list(zip(planner.key_results, scores.key_results, strict=True))
        self.actions = _open_actions(planner.actions)
        self.advice = {key_of(kpi.id): kpi.action for kpi in planner.kpis if kpi.id}
        self.alarmed = {key_of(kpi.id) for kpi, result in self.kpis if result.alert and kpi.id}

    def of_kpis(self) -> Iterator[_Ranked]:
        fed = {key_of(row.kpi): (row, score) for row, score in self.key_results if row.kpi}
        for kpi, result in self.kpis:
            if not result.alert:
                continue
            row, score = fed.get(key_of(kpi.id), (KeyResult(), None))
            gap = 1 - (result.attainment or 0.0) if score is None else score.gap or 0.0
            said = self._said_of_kpi(kpi, result)
            alert = self._alert(
                result.status, kpi.kpi or kpi.id, said, ids=(kpi.id, row.id), kpi=kpi.id, owner=kpi.owner
            )
            yield _Ranked(OFF_TRACK if result.status == "off_track" else TWO_BAD_PERIODS, gap, alert)

    def of_key_results(self) -> Iterator[_Ranked]:
        for row, score in self.key_results:
            urgency = _urgency(score)
            if urgency is None or (row.kpi and key_of(row.kpi) in self.alarmed):
                continue
            said, to_do = self._said_of_key_result(score)
            name, ids = row.key_result or row.id, (row.id, row.kpi)
            alert = self._alert(score.status, name, said, ids=ids, kpi=row.kpi, owner=row.owner, to_do=to_do)
            yield _Ranked(urgency, score.gap or 0.0, alert)

    def _alert(
        self, status: str, name: str, said: str, *, ids: tuple[str, str], kpi: str, owner: str, to_do: str = "decide"
    ) -> Alert:
        """`ids` are what an action may serve, `to_do` is what to do where nothing else says it."""
        join = self._words("join")
        text = shortened(name, self.length - len(join) - len(said)) + join + said
        action = next((self.actions[key_of(one)] for one in ids if key_of(one) in self.actions), Action())
        what = action.action or self.advice.get(key_of(kpi)) or self._words(to_do)
        return Alert(STATUS_SYMBOLS[status], text, what, action.owner or owner, action.due)

    def _said_of_kpi(self, kpi: Kpi, result: KpiResult) -> str:
        if result.value is None:
            return self._words("no_value")
        value = in_unit(result.value, kpi.unit, self.labels)
        if result.bad_periods > 1:
            return self._words("bad_periods", value=value, count=result.bad_periods)
        target = target_of_kpi(kpi)
        if target is None:
            return value
        return self._words("for_target", value=value, target=target.in_words(kpi.unit, self.labels))

    def _said_of_key_result(self, score: KeyResultScore) -> tuple[str, str]:
        """What is wrong, and what to do about it if no one has said."""
        if score.status == "no_data":
            return self._words("no_reading"), "read"
        if score.stale and score.updated_on:
            return self._words("no_news", date=self.labels.day(score.updated_on)), "update"
        got, expected = (self.labels.percent(share or 0.0) for share in (score.score, score.expected))
        return self._words("behind", score=got, expected=expected), "decide"

    def _words(self, key: str, **details: object) -> str:
        return self.labels.text("dashboard", f"alerts.{key}", **details)


def _urgency(score: KeyResultScore) -> int | None:
    if score.status == "at_risk":
        return OFF_TRACK
    if score.status == "no_data":
        return NO_DATA
    if score.stale:
        return STALE_AND_LATE if score.status == "behind" else STALE
    return None


def _open_actions(actions: tuple[Action, ...]) -> dict[str, Action]:
    """The open action that serves each id; of several, the one due soonest."""
    first: dict[str, Action] = {}
    for action in sorted(actions, key=lambda one: one.due or date.max):
        if action.state in OPEN_ACTION_STATES and action.action:
            first.setdefault(key_of(action.serves), action)
    first.pop("", None)
    return first


def shortened(text: str, length: int) -> str:
    """A text of at most so many characters, cut between words.

    >>> shortened("Recruit six designers", 14)
    'Recruit six…'
    """
    if len(text) <= length:
        return text
    return text[: max(length - 1, 0)].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
