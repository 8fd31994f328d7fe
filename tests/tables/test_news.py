"""What changed since last time, in words; and periods as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.domain.changes import Change, News
from okr_workbook.labels import labels_for
from okr_workbook.tables.news import news_lines
from okr_workbook.tables.period_names import period_in_words
from tests.builders import a_key_result, a_kpi, a_planner, an_objective

SINCE = date(2026, 10, 31)
PLANNER = a_planner(
    objectives=[an_objective(objective="Revenue")],
    key_results=[a_key_result(key_result="Sign-ups", kpi="conversion")],
    kpis=[a_kpi(unit="%"), a_kpi(id="hires", kpi="", unit="people", row_number=2)],
)


def told(*changes: Change) -> list[tuple[str | None, str]]:
    return [(line.symbol, line.text) for line in news_lines(News(SINCE, changes), PLANNER, labels_for("en"))]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Change("up", "company", "Alvéo", 0.58, 0.63, "behind", "behind"), ("↑", "Alvéo: 58% → 63%")),
        (Change("down", "objective", "o1", 0.6, 0.5, "on_track", "behind"), ("↓", "Revenue: On track → Behind")),
        (Change("done", "key_result", "KR1", 0.9, 1.0, "on_track", "done"), ("✓", "Sign-ups: reached, 100%")),
        (Change("new", "team", "HR", None, 0.1, "", "at_risk"), ("+", "HR: new, 10%")),
        (
            Change("up", "kpi", "conversion", 0.155, 0.162, "in_progress", "in_progress"),
            ("↑", "Conversion: 15.5% → 16.2%"),
        ),
        (Change("up", "objective", "O1", None, 0.2, "no_data", "behind"), ("↑", "Revenue: – → 20%")),
        (Change("up", "objective", "O1", 0.0, 0.2, "no_data", "behind"), ("↑", "Revenue: – → 20%")),
        (Change("down", "team", "HR", 0.2, 0.0, "behind", "no_data"), ("↓", "HR: 20% → –")),
        (Change("up", "kpi", "hires", 4.0, 5.0, "in_progress", "in_progress"), ("↑", "hires: 4 → 5\u00a0people")),
        (Change("down", "kpi", "hires", 4.0, None, "in_progress", "no_data"), ("↓", "hires: 4\u00a0people → –")),
    ],
)
def test_each_change_is_one_line(change, line):
    assert told(change) == [line]


def test_a_key_result_is_not_told_beside_the_kpi_that_feeds_it():
    of_kpi = Change("up", "kpi", "conversion", 0.15, 0.16, "in_progress", "in_progress")
    of_key_result = Change("up", "key_result", "KR1", 0.5, 0.6, "behind", "behind")
    assert told(of_kpi, of_key_result) == [("↑", "Conversion: 15% → 16%")]


def test_where_there_is_nothing_to_tell_a_sentence_says_so():
    assert told() == [(None, "Nothing has changed.")]
    assert news_lines(News(None), PLANNER, labels_for("fr"))[0].text.startswith("Première actualisation")


@pytest.mark.parametrize(
    ("period", "english", "french"),
    [
        ("2026-H2", "Second half of 2026", "2e semestre 2026"),
        ("2026-S1", "First half of 2026", "1er semestre 2026"),
        ("2026-Q4", "Q4 2026", "4e trimestre 2026"),
        ("2026-11", "Nov 2026", "nov. 2026"),
        ("2026", "2026", "2026"),
        ("2026-01/2026-11", "since Jan 2026", "depuis janv. 2026"),
        ("2026-12-01/2027-02-28", "1 December 2026 to 28 February 2027", "du 1er décembre 2026 au 28 février 2027"),
        ("2026-12-01/2026-01-01", "2026-12-01/2026-01-01", "2026-12-01/2026-01-01"),
        ("Launch", "Launch", "Launch"),
        ("", "", ""),
    ],
)
def test_a_period_is_said_in_words(period, english, french):
    assert period_in_words(period, labels_for("en")) == english
    assert period_in_words(period, labels_for("fr")) == french
