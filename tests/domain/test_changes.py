"""What changed since last time, in the order a reader wants it."""

from datetime import date

import pytest

from okr_workbook.domain.changes import changes_since
from okr_workbook.domain.planner import HistoryRow
from okr_workbook.domain.results import GroupScore, KeyResultScore, KpiResult, ObjectiveScore, Scores
from tests.builders import a_kpi, a_planner, settings

NOW, LAST, BEFORE = date(2026, 9, 30), date(2026, 9, 23), date(2026, 9, 16)


def news(*history, key_results=()):
    scores = Scores(NOW, GroupScore("Alvéo"), key_results=key_results)
    return changes_since(a_planner(history=history, settings=settings()), scores)


def was(level, name, score, status, day=LAST):
    return HistoryRow(day, level, name, score, status)


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ((0.4, "on_track"), (0.5, "on_track"), "up"),
        ((0.5, "on_track"), (0.4, "on_track"), "down"),
        ((0.4, "on_track"), (0.402, "on_track"), None),  # less than half a point
        ((0.4, "on_track"), (0.4, "behind"), "down"),  # time went on, the value did not
        ((0.4, "at_risk"), (0.35, "behind"), "up"),  # the status goes before the figure
        ((0.9, "on_track"), (1.0, "done"), "done"),
        ((1.0, "done"), (1.0, "done"), None),
        ((1.0, "done"), (0.9, "on_track"), "down"),
        ((None, "no_data"), (0.1, "behind"), None),  # a first value is no move
        ((None, "not_started"), (None, "no_data"), None),
        (None, (0.3, "behind"), "new"),
        (None, (None, "no_data"), None),
    ],
)
def test_a_key_result(before, after, what):
    history = [was("key_result", "kr1", *before)] if before else [was("company", "Alvéo", 0.1, "on_track")]
    score, status = after
    found = news(*history, key_results=[KeyResultScore("KR1", score=score, status=status)])
    assert [one.what for one in found.changes if one.level == "key_result"] == ([what] if what else [])


@pytest.mark.parametrize(
    ("direction", "before", "after", "what"),
    [
        ("higher", 100.0, 101.0, "up"),
        ("higher", 100.0, 100.4, None),
        ("lower", 376.0, 385.0, "down"),
        ("lower", 385.0, 376.0, "up"),
        ("within", 5.0, 6.0, None),  # only its status tells better from worse
        ("higher", 0.0, 1.0, "up"),
        ("higher", 0.0, 0.0, None),
    ],
)
def test_a_kpi_gets_better_by_its_direction(direction, before, after, what):
    found = changes_since(
        a_planner(kpis=[a_kpi(id="cac", direction=direction)], history=[was("kpi", "cac", before, "in_progress")]),
        Scores(NOW, GroupScore("Alvéo"), kpis=(KpiResult("cac", value=after, status="in_progress"),)),
    )
    assert [one.what for one in found.changes] == ([what] if what else [])


def test_a_quarter_of_which_one_month_is_in_is_no_fall():
    history = [was("kpi", "sales", 1200.0, "in_progress")]
    for status, what in (("in_progress", []), ("off_track", ["down"])):
        got = KpiResult("sales", value=400.0, previous=1200.0, status=status)
        scores = Scores(NOW, GroupScore("Alvéo"), kpis=(got,))
        found = changes_since(a_planner(kpis=[a_kpi(id="sales")], history=history), scores)
        assert [one.what for one in found.changes if one.level == "kpi"] == what


def test_only_the_last_day_before_this_one_counts():
    found = news(
        was("key_result", "KR1", 0.1, "behind", BEFORE),
        was("key_result", "KR1", 0.4, "behind"),
        was("key_result", "KR1", 0.9, "behind", NOW),
        key_results=[KeyResultScore("KR1", score=0.4, status="behind")],
    )
    assert found == (LAST, ())


def test_without_history_there_is_no_news():
    assert news(key_results=[KeyResultScore("KR1", score=0.4, status="behind")]) == (None, ())


def test_reached_first_then_worse_then_better_and_the_larger_move_first():
    names = ["up", "small", "large", "done", "new"]
    before = {"up": 0.1, "small": 0.5, "large": 0.5, "done": 0.5}
    after = {"up": 0.6, "small": 0.4, "large": 0.1, "done": 1.0, "new": 0.2}
    found = news(
        *(was("key_result", name, score, "on_track") for name, score in before.items()),
        key_results=[
            KeyResultScore(name, score=after[name], status="done" if name == "done" else "on_track") for name in names
        ],
    )
    assert [(one.id, one.what) for one in found.changes] == [
        ("done", "done"),
        ("large", "down"),
        ("small", "down"),
        ("up", "up"),
        ("new", "new"),
    ]


@pytest.mark.parametrize(
    ("counted", "of_team", "told"),
    [
        (("O1",), (0.4, "behind"), ["objective"]),
        (("o1",), (0.4, "behind"), ["objective"]),
        (("O1", "O2"), (0.4, "behind"), ["objective", "team"]),
        (("O1",), (0.3, "behind"), ["objective", "team"]),  # they come from different scores: both are news
    ],
)
def test_a_team_is_not_told_beside_its_only_objective(counted, of_team, told):
    scores = Scores(
        NOW,
        GroupScore("Alvéo"),
        teams=(GroupScore("HR", 0.6, status="behind", counted=counted),),
        objectives=(ObjectiveScore("O1", 0.6, status="behind"),),
    )
    history = [was("team", "HR", *of_team), was("objective", "O1", 0.4, "behind")]
    found = changes_since(a_planner(history=history), scores)
    assert sorted(one.level for one in found.changes) == told


def test_a_zero_that_only_stands_for_silence_is_not_new():
    scores = Scores(NOW, GroupScore("Alvéo"), teams=(GroupScore("HR", 0.0, status="no_data"),))
    assert changes_since(a_planner(history=[was("company", "Alvéo", 0.1, "behind")]), scores).changes == ()
