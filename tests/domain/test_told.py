"""What is remembered of answers: whose came later, and whether it still holds of a planner, as tables."""

from __future__ import annotations

import pytest

from okr_workbook.domain.merging.told import Giver, Told

ANN, BOB = "ann", "bob"


def told(*by, **changes):
    return Told("done", tuple(by), **changes)


@pytest.mark.parametrize(
    ("by", "giver", "order"),
    [
        ([], Giver(1, "1", ANN), ""),
        ([Giver(1, "9", BOB)], Giver(2, "1", ANN), "later"),
        ([Giver(2, "1", BOB)], Giver(1, "9", ANN), "earlier"),
        ([Giver(1, "1", ANN)], Giver(1, "2", ANN), "later"),
        ([Giver(1, "2", ANN)], Giver(1, "1", ANN), "earlier"),
        ([Giver(1, "1", ANN)], Giver(1, "1", ANN), ""),
        ([Giver(1, "", ANN)], Giver(1, "", ANN), "undated"),
        ([Giver(1, "", ANN)], Giver(1, "2", ANN), ""),
        ([Giver(1, "1", ANN)], Giver(1, "", ANN), ""),
        ([Giver(1, "1", ANN)], Giver(1, "2", BOB), ""),
        ([Giver(1, "1", ANN), Giver(1, "1", BOB)], Giver(1, "2", ANN), ""),
        ([Giver(1, "1", ANN, "x")], Giver(1, "2", ANN, "y"), ""),
        ([Giver(1, "1", ANN, "x")], Giver(1, "2", ANN, "x"), "later"),
        ([Giver(1, "1", ANN, "x")], Giver(1, "2", ANN), "later"),
    ],
)
def test_whose_answer_comes_later(by, giver, order):
    assert told(*by).order_of(giver) == order


@pytest.mark.parametrize(
    ("remembered", "now", "holds"),
    [
        (told(witness="gone"), "done", True),  # the answer is there
        (told(witness="there", before=("to_do",)), "dropped", True),  # changed since
        (told(witness="gone", before=("to_do",)), "dropped", False),  # put back to something older
        (told(witness="there", before=("to_do",)), "to_do", False),  # put back
        (
            told(witness="there", before=("to_do",), came_with=True),
            "to_do",
            True,
        ),  # by hand: what came with it is there
        (told(witness="gone", came_with=True), "", False),  # a value is there by its check-in alone
        (told(witness="there", came_with=True), "", True),
        (told(before=("to_do",)), "to_do", False),
        (told(before=("to_do",)), "dropped", True),  # a planner without any check-in has nothing better to tell
        (Told(disputed=("x",)), "to_do", True),
    ],
)
def test_whether_it_holds_of_a_planner(remembered, now, holds):
    assert remembered.holds(now, {"there"}) is holds


def test_all_who_give_the_newest_answer_are_kept_and_nobody_twice():
    given = told(Giver(1, "1", ANN)).given_by(Giver(1, "2", BOB), "done").given_by(Giver(1, "0", ANN), "done")
    assert set(given.by) == {Giver(1, "1", ANN), Giver(1, "2", BOB)}
    unknown = given.given_by(Giver(1, "2", ANN, "x"), "done").given_by(Giver(1, "3", ANN), "done")
    assert unknown.order_of(Giver(1, "4", ANN, "y")) == ""  # she may be the one of copy x, or of copy y
    assert given.given_by(Giver(2, "1", BOB), "done").by == (Giver(2, "1", BOB),)
    assert given.given_by(Giver(0, "9", BOB), "doing") is given
    assert given.given_by(Giver(1, "9", BOB), "doing")[:2] == ("doing", (Giver(1, "9", BOB),))


def test_who_is_forgotten_gave_nothing_and_nobody_is_taken_for_them():
    known = told(Giver(1, "1", ANN, "x"), Giver(1, "2", BOB, ANN))
    assert known.without_givers({ANN}).by == (Giver(1, "1", "", "x"), Giver(1, "2", BOB, ""))
    assert known.without_givers({"eva"}) == known
    assert told(Giver(1, "1", ANN)).without_givers({ANN}).order_of(Giver(1, "2", ANN)) == ""
