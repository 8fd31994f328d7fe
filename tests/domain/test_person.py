from __future__ import annotations

import pytest

from okr_workbook.domain.person import Person

ANN = Person(" Ann-Zélie  Quux ", ["Quux@okr.test", "a+b@okr.test"])


@pytest.mark.parametrize(
    ("text", "is_in", "is_all"),
    [
        ("Ann-Zélie Quux", True, True),
        ("ANN-ZE\u0301LIE\u00a0 QUUX", True, True),
        ("Ann-Zélie\nQuux:", True, False),
        ("RH Ann-Zélie Quux.xlsx", True, False),
        ("RH_Ann_Zélie_Quux.xlsx", False, False),
        ("RH_ann-zélie.quux_2.xlsx", True, False),
        ("Ann-Zélie Quuxette", False, False),
        ("Marie-Ann-Zélie Quux", True, False),
        ("MAnn-Zélie Quux", False, False),
        ("Ann-Zélie", False, False),
        ("QUUX@okr.test", True, True),
        ("S::quux@okr.test::1", True, False),
        ("Ask quux@okr.test.", True, False),
        ("aquux@okr.test", False, False),
        ("a.quux@okr.test", False, False),
        ("quux@okr.test.example", False, False),
        ("b@okr.test", False, False),
        ("a+b@okr.test", True, True),
        ("", False, False),
    ],
)
def test_where_a_person_is_spoken_of(text, is_in, is_all):
    assert (ANN.is_in(text), ANN.is_all_of(text)) == (is_in, is_all)


@pytest.mark.parametrize("text", ["", "a", "quux@okr.test", "x@okr.test"])
def test_nobody_is_nowhere(text):
    assert not Person(" ").is_in(text)


def test_an_address_given_as_a_name_is_no_name():
    person = Person("x@okr.test", ["x@okr.test"])
    assert not person.is_in("a.x@okr.test")
    assert person.is_in("Write to X@okr.test!")
