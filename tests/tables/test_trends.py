"""What the charts read: bullets, the days of the pace chart, trends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.key_result_scores import logs_of
from okr_workbook.domain.outline import outline_of
from okr_workbook.domain.scoring import score_planner
from okr_workbook.tables.blocks import PACE, PACE_ROWS
from okr_workbook.tables.trends import MARK, bullet, pace_days, pace_rows, trend
from tests.builders import END, MIDDLE, START, a_check_in, a_key_result, a_planner

shares = st.floats(0, 1)


@given(shares | st.none(), shares | st.none())
def test_the_pieces_of_a_bullet_add_up_to_one_and_none_is_negative(score, expected):
    pieces = bullet(score, expected)
    if score is None and expected is None:
        assert pieces == [None] * 5
    else:
        assert sum(pieces) == pytest.approx(1)
        assert min(pieces) >= 0


@pytest.mark.parametrize(
    ("score", "expected", "pieces"),
    [
        (0.3, 0.8, [0.3, 0.5, MARK, 0, 0.2 - MARK]),
        (0.9, 0.5, [0.5, 0, MARK, 0.4 - MARK, 0.1]),
        (1.0, 1.0, [1 - MARK, 0, MARK, 0, 0]),
        (None, 0.5, [0, 0.5, MARK, 0, 0.5 - MARK]),
        (0.4, None, [0.4, 0, 0, 0, 0.6]),
    ],
)
def test_a_bullet_reaches_the_score_and_marks_what_is_expected(score, expected, pieces):
    assert bullet(score, expected) == pytest.approx(pieces)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 2000), st.integers(-50, 2100))
def test_the_days_of_any_period_fit_the_chart_and_hold_its_ends_and_the_as_of_date(start, length, offset):
    end, as_of = start + timedelta(days=length), start + timedelta(days=offset)
    days = pace_days(start, end, as_of)
    assert len(days) <= PACE_ROWS
    assert (days[0], days[-1]) == (start, end)
    assert days == sorted(set(days))
    assert (as_of in days) == (start <= as_of <= end)


@pytest.mark.parametrize(("start", "end"), [(None, END), (START, None), (END, START), (START, START)])
def test_without_a_period_there_is_no_chart(start, end):
    assert pace_days(start, end, MIDDLE) == []


def test_the_score_line_ends_at_the_as_of_date_with_the_score_of_the_card():
    planner = a_planner(key_results=[a_key_result()], check_ins=[a_check_in(START, 0.0), a_check_in(MIDDLE, 40.0)])
    scores = score_planner(planner, MIDDLE)
    rows = pace_rows(planner, scores, logs_of(planner, outline_of(planner), scores.kpis))
    assert (len(rows), {len(row) for row in rows}) == (PACE.rows, {PACE.columns})
    last = next(row for row in rows if row[0] == MIDDLE)
    assert last[1] == pytest.approx(scores.company.expected)
    assert last[2] == last[3] == scores.company.score
    assert all(row[2] is row[3] is None for row in rows if row[0] > MIDDLE)
    assert sum(row[3] is not None for row in rows) == sum(row[4] is not None for row in rows) == 1
    assert rows[-1][0] == END


LATE = END - timedelta(days=7)


@pytest.mark.parametrize(
    ("as_of", "value", "named"),
    [
        (MIDDLE, 100.0, 1.0),  # far from the end
        (LATE, 20.0, 1.0),  # far below
        (LATE, 92.0, 1.0),  # just below: it has room
        (LATE, 94.0, 0.86),  # no room above: under that of the score
    ],
)
def test_the_expected_lines_name_stands_at_its_end_beside_that_of_the_score(as_of, value, named):
    readings = [a_check_in(START, 0.0), a_check_in(as_of, value)]
    planner = a_planner(key_results=[a_key_result()], check_ins=readings)
    scores = score_planner(planner, as_of)
    rows = pace_rows(planner, scores, logs_of(planner, outline_of(planner), scores.kpis))
    ((day, *_, place),) = [row for row in rows if row[4] is not None]
    assert (day, place) == (END, pytest.approx(named))


@pytest.mark.parametrize(
    ("values", "shown"),
    [([], [None] * 12), ([1.0, None], [None] * 10 + [1.0, None]), (range(20), list(range(8, 20)))],
)
def test_a_trend_ends_in_the_last_column(values, shown):
    assert trend(values) == shown
