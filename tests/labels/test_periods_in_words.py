"""Periods in words: every spelling that is understood, and what is none as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.labels import LANGUAGES, labels_for


@pytest.mark.parametrize(
    ("period", "english", "french"),
    [
        ("2026", "2026", "2026"),
        ("2026-11", "Nov 2026", "nov. 2026"),
        ("2026-Q4", "Q4 2026", "T4 2026"),
        ("2026-t4", "Q4 2026", "T4 2026"),
        ("2026-S2", "H2 2026", "S2 2026"),
        ("2026-01/2026-11", "Jan 2026 to Nov 2026", "janv. 2026 à nov. 2026"),
        ("2026-07-06/2026-12-18", "6 July 2026 to 18 December 2026", "6 juillet 2026 à 18 décembre 2026"),
        ("2026-13", "2026-13", "2026-13"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
        ("next spring", "next spring", "next spring"),
    ],
)
def test_a_period_in_words(period, english, french):
    assert (labels_for("en").period(period), labels_for("fr").period(period)) == (english, french)


@given(st.text(alphabet="0123456789-/QTHSqx ", max_size=20) | st.text(max_size=9), st.sampled_from(LANGUAGES))
def test_any_text_gives_words(text, language):
    assert isinstance(labels_for(language).period(text), str)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_a_dash_in_a_sentence(language):
    places = {"book": "b.xlsx", "field": "2026-09", "row": "visitors", "sent": None, "found": "5"}
    sentence = labels_for(language).text("collect", "report.ignored", **places)
    assert "(–, " in sentence
