"""Names that have to fit: cut between words, and told apart by their ends where their beginnings are alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.tables.short_names import fitted, shortened, told_apart

RATE = "Consolidated rate of qualified opportunities, region"


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("Recruit six designers", 30, "Recruit six designers"),
        ("Recruit six designers", 21, "Recruit six designers"),
        ("Recruit six designers", 20, "Recruit six…"),
        ("Recruit six, or more, designers", 13, "Recruit six…"),
        ("Recruit", 5, "Recr…"),
        ("De 420\u00a0€ à 320\u00a0€", 12, "De 420\u00a0€ à…"),
    ],
)
def test_a_text_is_cut_between_words(text, length, short):
    assert shortened(text, length) == short


@pytest.mark.parametrize(
    ("names", "length", "short"),
    [
        ([f"{RATE} 1", f"{RATE} 2"], 60, [f"{RATE} 1", f"{RATE} 2"]),
        (
            [f"{RATE} 1", f"{RATE} 2"],
            40,
            ["Consolidated rate of qualified… region 1", "Consolidated rate of qualified… region 2"],
        ),
        (
            [f"{RATE} 1", f"{RATE} 1"],
            40,
            ["Consolidated rate of qualified…"] * 2,
        ),  # the same name: nothing to tell apart
        ([f"{RATE} 1", "Revenue of the year"], 40, ["Consolidated rate of qualified…", "Revenue of the year"]),
        (["x" * 30, "x" * 31], 20, ["x" * 19 + "…"] * 2),
    ],
)
def test_names_that_would_read_alike_keep_their_end(names, length, short):
    assert told_apart(names, length) == short


def test_what_is_said_of_a_name_is_never_shortened():
    said = ": 1,760,504 for a target of 12,500,000"
    first, second = fitted([(f"{RATE} 1", said), (f"{RATE} 2", ": late")], 66)
    assert (first, second) == (f"Consolidated rate… region 1{said}", f"{RATE} 2: late")
    assert fitted([], 66) == []


@given(st.lists(st.text("ab \u00a0,é", max_size=60), max_size=6), st.integers(4, 50))
def test_no_name_is_longer_than_its_room(names, length):
    assert all(len(one) <= length for one in told_apart(names, length))
