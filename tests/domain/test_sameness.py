"""When a row of the same id is another one: as a table."""

from __future__ import annotations

import pytest

from okr_workbook.domain.merging.sameness import digest_of, is_another, same_cell
from okr_workbook.domain.planner import Action
from tests.builders import a_key_result

SURVEY = {
    "key_result": "Bring the “way we work” survey from 6.5 to 8", "kind": "increase", "unit": "points",
    "start": 6.5, "target": 8.0, "lower": None, "upper": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "another"),
    [
        ({}, False),
        ({"key_result": "Bring the “way we work” surveys from 6.5 to 8.0"}, False),  # a typo
        ({"key_result": "Faire passer l’enquête « façons de travailler » à 8"}, False),  # translated
        ({"target": 8.5}, False),  # set anew
        ({"unit": " Points "}, False),
        ({"unit": ""}, False),  # nothing is known of it any more
        ({"unit": "%"}, True),
        ({"kind": "decrease"}, True),
        ({"key_result": "Cut sick days", "start": 900.0, "target": 600.0}, True),
        ({"key_result": "", "target": 600.0}, False),
    ],
)
def test_a_key_result_that_was_sent_against_the_row_of_its_id(changes, another):
    row = a_key_result(**{**SURVEY, **changes})
    assert is_another(SURVEY, row) is another


@pytest.mark.parametrize(("one", "other"), [(1 / 3, 0.333333333333), (2.0, 2), ("a  b ", "a b"), (None, "")])
def test_what_programs_write_in_their_own_way_is_one_value(one, other):
    assert same_cell(one, other)
    assert digest_of(one) == digest_of(other)


def test_a_number_is_no_other_number():
    assert not same_cell(1 / 3, 0.33333333)
    assert digest_of(1 / 3) != digest_of(0.33333333)


def test_what_an_older_workbook_does_not_tell_is_no_difference():
    row = a_key_result(**SURVEY)
    assert not is_another({"key_result": SURVEY["key_result"]}, row)
    assert not is_another({}, row)
    assert is_another({"key_result": "Cut sick days from 900 to 600", "target": 600.0}, row)


@pytest.mark.parametrize(
    ("words", "another"),
    [
        ("Call every active trial on day 9 of 14", False),
        ("Write to every active user on day 10", False),  # two thirds of the letters
        ("Phone every trial still active on day 10", True),  # seven in twelve
        ("Rent a booth at the fair", True),
    ],
)
def test_an_action_is_known_by_its_words(words, another):
    assert is_another({"action": "Call every active trial on day 10 of 14"}, Action(action=words)) is another
