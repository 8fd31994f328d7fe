"""What to act on now, most urgent first: KPIs that raise an alert, key results at risk, behind, not measurable or without news."""

from collections.abc import Iterator
from datetime import date

from okr_workbook.domain.planner import Action, KeyResult, Kpi, Planner, key_of
from okr_workbook.domain.results import KeyResultScore, KpiResult, Scores
from okr_workbook.labels import STATUS_SYMBOLS, Labels, labels_for
from okr_workbook.records import NamedTuple
from okr_workbook.tables.targets import target_of_kpi
from okr_workbook.tables.units import in_unit, of_one_unit

OFF_TRACK, TWO_BAD_PERIODS, STALE_AND_LATE, NOT_MEASURABLE, NO_DATA, BEHIND, STALE = range(7)
"""How urgent, most urgent first."""


class Alert(NamedTuple):
    """One line: `symbol` of its status, the name and what is said of it, what to do, who, by when (None: no day was set).

    `to_correct`: it follows from a fault of its row, and is over once that is corrected.
    """

    symbol: str
    name: str
    said: str
    action: str
    owner: str
    due: date | None
    to_correct: bool = False

    @property
    def text(self) -> str:
        """What is wrong."""
        return self.name + self.said

    def overdue(self, as_of: date) -> bool:
        """True where it was to be done before that day."""
        return self.due is not None and self.due < as_of


class _Ranked(NamedTuple):
    urgency: int
    gap: float
    alert: Alert


def alerts_of(planner: Planner, scores: Scores, labels: Labels, *, for_team: bool = False) -> list[Alert]:
    """All alerts of a planner, most urgent first; of equal urgency, the widest gap first.

    A key result that an alarmed KPI feeds is not told beside it. What to do is the open action that serves it or its
    KPI, the one due soonest; else what the KPI says to do when it goes wrong. What cannot be measured is put right first:
    by whoever has the planner, or `for_team`, which has none, by an answer.
    """
    finder = _Finder(planner, scores, labels, for_team=for_team)
    found = sorted((*finder.of_kpis(), *finder.of_key_results()), key=lambda one: (one.urgency, -one.gap))
    return [one.alert for one in found]


class _Finder:
    def __init__(self, planner: Planner, scores: Scores, labels: Labels, *, for_team: bool) -> None:
        self.labels = labels
        problems_sheet = labels_for(planner.settings.language).table("problems")  # as the workbook names it
        self.correct = self._words("tell") if for_team else self._words("correct", sheet=problems_sheet)
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
            to_do = self._to_do((kpi.id, row.id), kpi.id, self._words("decide"))
            alert = self._alert(result.status, kpi.kpi or kpi.id, self._said_of_kpi(kpi, result), to_do, kpi.owner)
            yield _Ranked(OFF_TRACK if result.status == "off_track" else TWO_BAD_PERIODS, gap, alert)

    def of_key_results(self) -> Iterator[_Ranked]:
        for row, score in self.key_results:
            urgency = _urgency(score)
            if urgency is None or (row.kpi and key_of(row.kpi) in self.alarmed):
                continue
            said, otherwise = self._said_of_key_result(score, fed=bool(row.kpi))
            to_do = Action(action=otherwise)
            if urgency != NOT_MEASURABLE:
                silent = score.stale or score.status == "no_data"  # then the figures are missing that the KPI acts upon
                to_do = self._to_do((row.id, row.kpi), "" if silent else row.kpi, otherwise)
            alert = self._alert(score.status, row.key_result or row.id, said, to_do, row.owner)
            yield _Ranked(urgency, score.gap or 0.0, alert._replace(to_correct=urgency == NOT_MEASURABLE))

    def _to_do(self, ids: tuple[str, str], kpi: str, otherwise: str) -> Action:
        """The open action that serves one of the ids; else, as one that nobody owns yet, what there is to do."""
        action = next((self.actions[key_of(one)] for one in ids if key_of(one) in self.actions), None)
        return action or Action(action=self.advice.get(key_of(kpi)) or otherwise)

    def _alert(self, status: str, name: str, said: str, to_do: Action, owner: str) -> Alert:
        join, symbol = self._words("join"), STATUS_SYMBOLS[status]
        return Alert(symbol, name, join + said, to_do.action, to_do.owner or owner, to_do.due)

    def _said_of_kpi(self, kpi: Kpi, result: KpiResult) -> str:
        if result.value is None:
            return self._words("no_value")
        if result.bad_periods > 1:
            value = in_unit(result.value, kpi.unit, self.labels)
            return self._words("bad_periods", value=value, count=result.bad_periods)
        target = target_of_kpi(kpi)
        if target is None:
            return in_unit(result.value, kpi.unit, self.labels)
        if target.is_kept or kpi.target is None:
            value, aim = in_unit(result.value, kpi.unit, self.labels), target.in_words(kpi.unit, self.labels)
        else:
            value, aim = of_one_unit(result.value, kpi.target, kpi.unit, self.labels)
        return self._words("for_target", value=value, target=aim)

    def _said_of_key_result(self, score: KeyResultScore, *, fed: bool) -> tuple[str, str]:
        """What is said of it, and what to do about it if no one has said."""
        if _is_not_measurable(score):
            return self._words("not_measurable"), self.correct
        if score.status == "no_data":
            return self._words("no_reading"), self._words("fill_in" if fed else "read")
        if score.stale and score.updated_on:
            return self._words("no_news", date=self.labels.day(score.updated_on)), self._words(
                "fill_in" if fed else "update"
            )
        got, expected = (self.labels.percent(share or 0.0) for share in (score.score, score.expected))
        return self._words("behind", score=got, expected=expected), self._words("decide")

    def _words(self, key: str, **details: object) -> str:
        return self.labels.text("dashboard", f"alerts.{key}", **details)


def _urgency(score: KeyResultScore) -> int | None:
    if score.status == "at_risk":
        return OFF_TRACK
    if score.status == "no_data":
        return NOT_MEASURABLE if _is_not_measurable(score) else NO_DATA
    if score.status == "behind":
        return STALE_AND_LATE if score.stale else BEHIND
    return STALE if score.stale else None


def _is_not_measurable(score: KeyResultScore) -> bool:
    """True where a fault of its row keeps it from having a score."""
    return score.status == "no_data" and not score.usable and score.score is None


def _open_actions(actions: tuple[Action, ...]) -> dict[str, Action]:
    """The open action that serves each id; of several, the one due soonest."""
    first: dict[str, Action] = {}
    for action in sorted(actions, key=lambda one: one.due or date.max):
        if action.is_open and action.action:
            first.setdefault(key_of(action.serves), action)
    first.pop("", None)
    return first
