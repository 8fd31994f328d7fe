"""What to act on now, most urgent first: KPIs that raise an alert, key results at risk, without news or without a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from okr_workbook.domain.planner import Action, KeyResult, Kpi, Planner, key_of
from okr_workbook.domain.results import KeyResultScore, KpiResult, Scores
from okr_workbook.labels import STATUS_SYMBOLS, Labels
from okr_workbook.tables.units import in_unit

OPEN_STATES = ("", "to_do", "doing")
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


def alerts_of(planner: Planner, scores: Scores, labels: Labels) -> list[Alert]:
    """All alerts of a planner, most urgent first; of equal urgency, the widest gap first."""
    actions = _open_actions(planner.actions)
    fed = {key_of(row.kpi): row.id for row in planner.key_results if row.kpi}
    gaps = {key_of(one.id): one.gap or 0.0 for one in scores.key_results}
    advice = {key_of(kpi.id): kpi.action for kpi in planner.kpis if kpi.id}
    found: list[_Ranked] = []
    alarmed: set[str] = set()
    for kpi, result in zip(planner.kpis, scores.kpis, strict=True):
        if result.alert:
            key_result = fed.get(key_of(kpi.id), "")
            action = actions.get(key_of(kpi.id)) or actions.get(key_of(key_result))
            gap = gaps.get(key_of(key_result), 1 - (result.attainment or 0.0))
            found.append(_Ranked(OFF_TRACK if result.status == "off_track" else TWO_BAD_PERIODS, gap, _of_kpi(kpi, result, action, labels)))
            alarmed.add(key_of(kpi.id))
    for row, score in zip(planner.key_results, scores.key_results, strict=True):
        urgency = _urgency(score)
        if urgency is not None and not (row.kpi and key_of(row.kpi) in alarmed):
            action = actions.get(key_of(row.id)) or actions.get(key_of(row.kpi))
            alert = _of_key_result(row, score, urgency, action, advice.get(key_of(row.kpi), ""), labels)
            found.append(_Ranked(urgency, score.gap or 0.0, alert))
    found.sort(key=lambda one: (one.urgency, -one.gap))
    return [one.alert for one in found]


def _urgency(score: KeyResultScore) -> int | None:
    if score.status == "at_risk":
        return OFF_TRACK
    if score.status == "no_data":
        return NO_DATA
    if score.stale:
        return STALE_AND_LATE if score.status == "behind" else STALE
    return None


def _of_kpi(kpi: Kpi, result: KpiResult, action: Action | None, labels: Labels) -> Alert:
    said = _kpi_said(kpi, result, labels)
    return Alert(
        STATUS_SYMBOLS[result.status],
        _sentence(kpi.kpi or kpi.id, said, labels),
        (action.action if action else "") or kpi.action or labels.text("dashboard", "alerts.decide"),
        (action.owner if action else "") or kpi.owner,
        action.due if action else None,
    )


def _kpi_said(kpi: Kpi, result: KpiResult, labels: Labels) -> str:
    if result.value is None:
        return labels.text("dashboard", "alerts.no_value")
    value = in_unit(result.value, kpi.unit, labels)
    if result.bad_periods > 1:
        return labels.text("dashboard", "alerts.bad_periods", value=value, count=result.bad_periods)
    if kpi.target is None:
        return value
    return labels.text("dashboard", "alerts.for_target", value=value, target=in_unit(kpi.target, kpi.unit, labels))


def _of_key_result(
    row: KeyResult, score: KeyResultScore, urgency: int, action: Action | None, advice: str, labels: Labels
) -> Alert:
    """`advice` is what the KPI that feeds it says to do when it goes off."""
    if urgency == NO_DATA:
        said, to_do = labels.text("dashboard", "alerts.no_reading"), labels.text("dashboard", "alerts.read")
    elif score.stale and score.updated_on:
        said = labels.text("dashboard", "alerts.no_news", date=labels.day(score.updated_on))
        to_do = labels.text("dashboard", "alerts.update")
    else:
        said = labels.text(
            "dashboard", "alerts.behind", score=labels.percent(score.score or 0.0), expected=labels.percent(score.expected or 0.0)
        )
        to_do = labels.text("dashboard", "alerts.decide")
    return Alert(
        STATUS_SYMBOLS[score.status],
        _sentence(row.key_result or row.id, said, labels),
        action.action if action else advice or to_do,
        (action.owner if action else "") or row.owner,
        action.due if action else None,
    )


def _sentence(name: str, said: str, labels: Labels) -> str:
    join = labels.text("dashboard", "alerts.join")
    return shortened(name, TEXT_LENGTH - len(join) - len(said)) + join + said


def shortened(text: str, length: int) -> str:
    """A text of at most so many characters, cut between words.

    >>> shortened("Recruit six designers", 14)
    'Recruit six…'
    """
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _open_actions(actions: Iterable[Action]) -> Mapping[str, Action]:
    """The first open action that serves each id: the one due soonest."""
    first: dict[str, Action] = {}
    for action in sorted(actions, key=lambda one: one.due or date.max):
        if action.state in OPEN_STATES and action.action:
            first.setdefault(key_of(action.serves), action)
    return first
