"""Which readings exist at a date, and how `current` and the check-ins stay one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.kinds import same
from okr_workbook.domain.planner import CheckIn
from okr_workbook.domain.readings import (
    Log,
    Reading,
    check_in_logs,
    currents_after,
    kpi_log,
    standing_current,
    typed_check_ins,
    with_confidence,
)
from okr_workbook.domain.results import KpiResult
from tests.builders import MIDDLE, a_check_in, a_key_result, a_kpi, a_planner

MON, TUE, WED = date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 9)


ONE = (a_key_result(),)


def logs(*check_ins, key_results=ONE):
    planner = a_planner(key_results=key_results, check_ins=check_ins)
    return check_in_logs(planner)


@pytest.mark.parametrize(
    ("check_ins", "as_of", "values"),
    [
        ((a_check_in(MON, 1.0), a_check_in(WED, 3.0)), TUE, [1.0]),  # what comes later does not exist yet
        ((a_check_in(MON, 1.0), a_check_in(WED, 3.0)), WED, [1.0, 3.0]),  # the day itself counts
        ((a_check_in(WED, 3.0), a_check_in(MON, 1.0)), WED, [1.0, 3.0]),  # by date, whatever the order of the rows
        ((a_check_in(TUE, 1.0), a_check_in(TUE, 2.0)), WED, [2.0]),  # of one day's, the later row
        ((a_check_in(TUE, 1.0), a_check_in(TUE, None)), WED, [1.0]),  # a comment is no reading
        ((a_check_in(None, 1.0),), WED, []),
        ((a_check_in(TUE, 0.0),), WED, [0.0]),  # zero is a value
        ((a_check_in(TUE, 1.0, key_result=" kr\u00a01"),), WED, []),
        ((a_check_in(TUE, 1.0, key_result=" kr1 "),), WED, [1.0]),  # ids as people type them
        ((a_check_in(TUE, float("nan")),), WED, []),
    ],
)
def test_readings_of_a_date(check_ins, as_of, values):
    (log,) = logs(*check_ins)
    assert [reading.value for reading in log.until(as_of)] == values


@pytest.mark.parametrize(
    ("current", "check_ins", "standing"),
    [
        (5.0, (), 5.0),
        (5.0, (a_check_in(TUE, 4.0),), 5.0),  # nobody knows since when
        (4.0, (a_check_in(TUE, 4.0),), None),  # before the check-in it was not known
        (5.0, (a_check_in(TUE, 5.0), a_check_in(TUE, 4.0)), None),  # nor where a later row of the day has replaced it
        (5.0, (a_check_in(TUE, 5.0), a_check_in(TUE, None), a_check_in(TUE, 4.0), a_check_in(WED, 3.0)), None),
        (None, (), None),
    ],
)
def test_a_current_of_unknown_date(current, check_ins, standing):
    (log,) = logs(*check_ins)
    assert standing_current(a_key_result(current=current), log) == standing


def test_a_repeated_id_belongs_to_its_first_row():
    first, second = logs(a_check_in(TUE, 1.0), key_results=(a_key_result(), a_key_result(row_number=2)))
    assert [reading.value for reading in first.readings] == [1.0]
    assert second == Log()


def test_an_unreadable_latest_value_leaves_the_value_unknown():
    broken = a_check_in(TUE, None, unreadable=frozenset({"value"}))
    (log,) = logs(a_check_in(MON, 1.0), broken)
    assert [log.is_known(day) for day in (MON, TUE, WED)] == [True, False, False]
    (log,) = logs(a_check_in(MON, 1.0), broken, a_check_in(WED, 3.0))
    assert log.is_known(WED)
    (log,) = logs(broken, a_check_in(TUE, 3.0))
    assert log.is_known(TUE)  # of two of one day, the later row counts
    (log,) = logs(a_check_in(TUE, 3.0), broken)
    assert not log.is_known(TUE)


def test_a_kpi_gives_one_reading_a_period_that_has_a_value():
    series = (("2026-07", date(2026, 7, 31), 1.0), ("2026-08", date(2026, 8, 31), None), ("2026-09", TUE, 3.0))
    assert kpi_log(KpiResult("mrr", series=series)).readings == (Reading(date(2026, 7, 31), 1.0), Reading(TUE, 3.0))


# --- current and the check-ins ---

LOGGED = (a_check_in(MON, 10.0),)


@pytest.mark.parametrize(
    ("changes", "check_ins", "typed"),
    [
        ({"current": 10.0}, (), [10.0]),  # the first value
        ({"current": 0.0}, (), [0.0]),
        ({"current": None}, (), []),
        ({"current": 10.0, "last_value": 10.0}, (), [10.0]),  # shown by a look back, never logged
        ({"current": 10.0, "last_value": 10.0}, (a_check_in(MIDDLE, 10.0),), []),  # it repeats a later check-in
        ({"current": 10.0, "last_value": 10.0}, LOGGED, []),
        ({"current": 12.0, "last_value": 10.0}, LOGGED, [12.0]),
        ({"current": 10.0, "last_value": 9.0}, LOGGED, []),  # it is the value in force: nothing was typed
        ({"current": 10.0, "last_value": 10.0}, (*LOGGED, a_check_in(TUE, 11.0)), []),  # a check-in was added instead
        ({"current": 0.1 + 0.2, "last_value": 0.3}, LOGGED, []),  # as a spreadsheet wrote it back
        ({"current": 12.0, "last_value": 10.0, "kpi": "mrr"}, LOGGED, []),
        ({"current": None, "last_value": 10.0, "unreadable": frozenset({"current"})}, LOGGED, []),
        ({"current": 12.0, "last_value": 10.0, "current_is_formula": True}, LOGGED, [12.0]),
        ({"current": 10.0, "last_value": 10.0, "current_is_formula": True}, LOGGED, []),
        ({"current": 80.0, "kind": "milestone"}, (), []),  # no value a milestone can have
        ({"current": 0.8, "kind": "milestone"}, (), [0.8]),
        ({"current": 12.0, "id": ""}, (), []),
        ({"current": 12.0, "kind": ""}, (), [12.0]),  # a fault elsewhere does not lose what was typed
        ({"current": 74.0, "unit": "%", "start": 0.61, "target": 0.8}, (), []),  # 74 % is meant: its problem says so
        ({"current": 1.3, "unit": "%", "start": 1.1, "target": 1.2}, (), [1.3]),
        ({"current": 10.0}, (a_check_in(MIDDLE, 10.0),), []),  # before the first check-in, whatever was shown last
    ],
)
def test_what_was_typed_is_logged(changes, check_ins, typed):
    planner = a_planner(key_results=(a_key_result(**changes),), check_ins=check_ins)
    found = typed_check_ins(planner, WED)
    assert [check_in.value for check_in in found] == typed
    assert all((check_in.date, check_in.key_result) == (WED, "KR1") for check_in in found)


def test_a_later_row_of_the_same_id_logs_nothing():
    rows = (a_key_result(), a_key_result(current=5.0, row_number=2))
    assert typed_check_ins(a_planner(key_results=rows), WED) == ()


BACK_THEN = (a_check_in(MON, 10.0), a_check_in(TUE, 12.0, row_number=2))
COLLECTED = (*BACK_THEN, a_check_in(TUE, 14.0, row_number=3))


@pytest.mark.parametrize(
    ("current", "check_ins", "typed"),
    [
        (12.0, BACK_THEN, []),  # as the last live refresh left it, whatever past value stands beside it
        (13.0, BACK_THEN, [13.0]),
        (10.0, BACK_THEN, [10.0]),  # back to an older value
        (12.0, COLLECTED, []),  # a check-in came in since
        (14.0, COLLECTED, []),
        (10.0, COLLECTED, [10.0]),
        (None, BACK_THEN, []),
        (5.0, (), [5.0]),
    ],
)
def test_after_a_look_back_only_what_was_typed_is_logged(current, check_ins, typed):
    row = a_key_result(current=current, last_value=10.0)
    planner = a_planner(key_results=(row,), check_ins=check_ins)
    assert [one.value for one in typed_check_ins(planner, WED, seen=2)] == typed


BY_FORMULA = a_check_in(MON, 50.0, by_formula=True)


@pytest.mark.parametrize(
    ("current", "last_value", "check_ins", "typed"),
    [
        (50.0, None, (), [50.0]),
        (50.0, 50.0, (BY_FORMULA,), []),
        (50.0, 62.0, (BY_FORMULA, a_check_in(TUE, 62.0, row_number=2)), []),  # a newer check-in stays in force
        (50.0, 50.0, (BY_FORMULA, a_check_in(TUE, 62.0, row_number=2)), []),
        (55.0, 62.0, (BY_FORMULA, a_check_in(TUE, 62.0, row_number=2)), [55.0]),  # its value has changed
        (62.0, 62.0, (BY_FORMULA, a_check_in(TUE, 62.0, row_number=2)), [62.0]),
        (50.0, 60.0, (BY_FORMULA, a_check_in(TUE, 60.0, row_number=2, by_formula=True)), [50.0]),  # and back again
        (50.0, 50.0, (a_check_in(MIDDLE, 50.0, by_formula=True), BY_FORMULA._replace(value=40.0)), [50.0]),
    ],
)
def test_a_formula_is_logged_when_its_value_changes(current, last_value, check_ins, typed):
    row = a_key_result(current=current, last_value=last_value, current_is_formula=True)
    found = typed_check_ins(a_planner(key_results=(row,), check_ins=check_ins), WED)
    assert [one.value for one in found] == typed
    assert all(one.by_formula for one in found)


# --- confidence ---

SURE = (
    a_check_in(MON, 1.0, confidence=5.0),
    a_check_in(TUE, None, confidence=7.0),
    a_check_in(MIDDLE, 1.0, confidence=9.0),
)


@pytest.mark.parametrize(
    ("typed", "check_ins", "live", "in_force"),
    [
        (None, SURE, True, 7.0),  # the latest up to the day, with a value or without
        (3.0, SURE, True, 3.0),  # what stands in the row is today's
        (3.0, SURE, False, 7.0),  # and on a past day of unknown date
        (3.0, (a_check_in(MON, 1.0),), False, 3.0),
        (None, (), True, None),
        (None, (a_check_in(TUE, 1.0, confidence=4.0), a_check_in(TUE, 1.0, confidence=6.0)), True, 6.0),
        (
            None,
            (a_check_in(None, 1.0, confidence=4.0), a_check_in(TUE, 1.0, confidence=4.0, key_result="KR9")),
            True,
            None,
        ),
    ],
)
def test_the_confidence_in_force(typed, check_ins, live, in_force):
    planner = a_planner(key_results=(a_key_result(confidence=typed),), check_ins=check_ins)
    found = with_confidence(planner, WED, live=live)
    assert found.key_results[0].confidence == in_force
    assert (found is planner) == (in_force == typed)


@pytest.mark.parametrize(
    ("changes", "check_ins", "after"),
    [
        ({"current": 10.0}, LOGGED, 10.0),
        ({"current": 9.0}, LOGGED, 10.0),
        ({"current": None}, LOGGED, 10.0),
        ({"current": 9.0, "current_is_formula": True}, LOGGED, 9.0),
        ({"current": 9.0}, (), 9.0),
        ({"current": 9.0, "kpi": "mrr"}, LOGGED, 9.0),
        ({"current": None, "unreadable": frozenset({"current"})}, LOGGED, None),  # the mistake stays to be seen
        ({"current": 80.0, "kind": "milestone"}, (a_check_in(MON, 0.5),), 80.0),
        (
            {"current": 80.0, "kind": "milestone"},
            (a_check_in(MON, 80.0), a_check_in(WED, 0.5, row_number=2)),
            0.5,
        ),  # put right since
        ({"current": 9.0}, (a_check_in(MIDDLE, 10.0),), 9.0),
    ],
)
def test_the_value_in_force_is_written_back(changes, check_ins, after):
    planner = a_planner(key_results=(a_key_result(**changes),), check_ins=check_ins)
    assert currents_after(planner, WED) == (after,)


SERIES = (("2026-07", date(2026, 7, 31), 50.0), ("2026-08", date(2026, 8, 31), None), ("2026-09", WED, 60.0))


@pytest.mark.parametrize(
    ("changes", "after", "without_value"),
    [
        ({"current": None}, 60.0, None),
        ({"current": 55.0, "last_value": 55.0}, 60.0, None),  # the last refresh's
        ({"current": 60.0, "last_value": 50.0}, 60.0, 60.0),  # a look back came between
        ({"current": 50.0, "last_value": 60.0}, 60.0, 50.0),
        ({"current": 58.0, "last_value": 50.0}, 58.0, 58.0),  # somebody typed it: that stays to be seen
        ({"current": 55.0, "last_value": 55.0, "current_is_formula": True}, 55.0, 55.0),
        ({"current": None, "unreadable": frozenset({"current"})}, None, None),
        ({"kpi": "nowhere", "current": 7.0}, 7.0, 7.0),
    ],
)
def test_current_shows_the_value_of_the_kpi_that_feeds_it(changes, after, without_value):
    row = a_key_result(**{"kpi": "MRR", **changes})
    planner = a_planner(key_results=(row,), kpis=(a_kpi(id="mrr"),), check_ins=(a_check_in(MON, 7.0),))
    assert currents_after(planner, WED, (KpiResult("mrr", 60.0, series=SERIES),)) == (after,)
    assert currents_after(planner, WED, (KpiResult("mrr"),)) == (without_value,)
    assert currents_after(planner, WED) == (row.current,)


values = st.floats(-1e6, 1e6)
days = st.dates(date(2026, 7, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(days, values), max_size=8), st.one_of(st.none(), values), st.one_of(st.none(), values), days)
def test_refreshing_twice_logs_once(entries, current, last_value, as_of):
    check_ins = tuple(CheckIn(day, "KR1", value, row_number=place) for place, (day, value) in enumerate(entries, 1))
    planner = a_planner(key_results=(a_key_result(current=current, last_value=last_value),), check_ins=check_ins)
    first = planner._replace(check_ins=check_ins + typed_check_ins(planner, as_of))
    (after,) = currents_after(first, as_of)
    known = any(check_in.date <= as_of for check_in in first.check_ins)
    row = first.key_results[0]._replace(current=after, last_value=after if known else None)
    second = first._replace(key_results=(row,))
    assert known or current is None or any(same(current, value) for _, value in entries)
    assert typed_check_ins(second, as_of) == ()
    assert currents_after(second, as_of) == (after,)


@given(st.lists(st.tuples(days, values), max_size=8), days, days)
def test_what_exists_at_a_date_exists_later(entries, one, other):
    (log,) = logs(*(a_check_in(day, value) for day, value in entries))
    earlier, later = sorted((one, other))
    before, after = log.until(earlier), log.until(later)
    assert after[: len(before)] == before
