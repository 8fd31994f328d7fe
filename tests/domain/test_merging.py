"""The three-way merge: who wins, what is a conflict, and that neither order nor repetition matters."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr_workbook.domain.merging import Answer, CellChange, Returned, Source, TypedValue, merge
from okr_workbook.domain.planner import Action, CheckIn
from tests.builders import a_key_result, a_measure, a_planner

SENT, LATER = date(2026, 9, 1), date(2026, 9, 8)


def a_source(**changes):
    values = {"book": "Sales.xlsx", "team": "Sales", "revision": 1, "saved": "2026-09-02", "person": "Ann", "on": SENT}
    return Source(**{**values, **changes})


def typed(value, base=10.0, *, key_result="KR1", **changes):
    """A book in which one value was typed."""
    source = a_source(**changes)
    return Returned(source, typed=(TypedValue(CheckIn(source.on, key_result, value, None, "", source.person), base),))


def answered(theirs, base="to_do", *, field="state", **changes):
    """A book in which one cell of an action was filled in."""
    return Returned(a_source(**changes), answers=(Answer("actions", "A1", field, base, theirs),))


def figure(theirs, base=7.0, *, month="2026-08", **changes):
    """A book in which one figure of a measure was filled in."""
    return Returned(a_source(**changes), answers=(Answer("measures", "Visits", month, base, theirs),))


PLANNER = a_planner(
    key_results=[a_key_result(), a_key_result(id="KR2", row_number=2)],
    actions=[Action("A1", "KR1", "Call", "Ann", "Sales", None, "to_do", row_number=1)],
    measures=[a_measure("visits", {date(2026, 8, 1): 7.0}, team="Sales")],
    check_ins=[CheckIn(date(2026, 8, 1), "KR1", 10.0, author="Bob", row_number=1)],
)
IN_FORCE = {"kr1": 10.0, "kr2": None}


def after(planner, plan):
    """The planner and the values in force with a plan carried out."""
    states = {change.row: change.value for change in plan.cells if change.field == "state"}
    actions = tuple(row._replace(state=states.get(row.id, row.state)) for row in planner.actions) + plan.actions
    figures = {date.fromisoformat(f"{one.field}-01"): one.value for one in plan.cells if one.table == "measures"}
    measures = tuple(row._replace(months={**row.months, **figures}) for row in planner.measures)
    planner = planner._replace(check_ins=planner.check_ins + plan.check_ins, actions=actions, measures=measures)
    values = dict(IN_FORCE)
    for one in planner.check_ins:
        if one.value is not None:
            values[one.key_result.casefold()] = one.value
    return planner, values


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "check_ins", "conflicts"),
    [
        (10.0, 10.0, 15.0, 1, 0),
        (10.0, 12.0, 15.0, 0, 1),
        (10.0, 15.0, 15.0, 1, 0),  # both say the same: the team's reading is kept as a record
        (None, None, 15.0, 1, 0),
        (None, 12.0, 15.0, 0, 1),
        (10.0, 10.000000000000002, 15.0, 1, 0),  # a program's last digit is no change
    ],
)
def test_a_typed_value_against_base_and_ours(base, ours, theirs, check_ins, conflicts):
    plan = merge(PLANNER, {"kr1": ours}, [typed(theirs, base)])
    assert (len(plan.check_ins), len(plan.conflicts)) == (check_ins, conflicts)


def test_a_conflict_tells_both_values_days_and_persons():
    planner = PLANNER._replace(check_ins=(*PLANNER.check_ins, CheckIn(LATER, "KR1", 12.0, author="Cleo", row_number=2)))
    (conflict,) = merge(planner, {"kr1": 12.0}, [typed(15.0)]).conflicts
    assert (conflict.ours, conflict.ours_by, conflict.ours_on) == (12.0, "Cleo", LATER)
    assert (conflict.theirs, conflict.theirs_by, conflict.theirs_on, conflict.team) == (15.0, "Ann", SENT, "Sales")


def test_a_known_conflict_is_not_listed_again():
    first = merge(PLANNER, {"kr1": 12.0}, [typed(15.0)])
    again = merge(PLANNER, {"kr1": 12.0}, [typed(15.0)], known_conflicts=[one.identity for one in first.conflicts])
    assert len(first.conflicts) == 1
    assert again.conflicts == ()


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "written", "conflicts"),
    [
        ("to_do", "to_do", "done", ["done"], 0),
        ("to_do", "doing", "done", [], 1),
        ("to_do", "done", "done", [], 0),
        ("doing", "to_do", "doing", [], 1),
    ],
)
def test_a_cell_against_base_and_ours(base, ours, theirs, written, conflicts):
    planner = PLANNER._replace(actions=(PLANNER.actions[0]._replace(state=ours),))
    plan = merge(planner, IN_FORCE, [answered(theirs, base)])
    assert ([change.value for change in plan.cells], len(plan.conflicts)) == (written, conflicts)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "written", "conflicts"),
    [
        (7.0, 7.0, 8.0, [8.0], 0),
        (None, None, 8.0, [8.0], 0),
        (7.0, 9.0, 8.0, [], 1),
        (None, 9.0, 8.0, [], 1),
        (7.0, None, 8.0, [], 1),
        (7.0, 8.0, 8.0, [], 0),
        (7.0, 7.000000000000001, 8.0, [8.0], 0),
    ],
)
def test_a_figure_against_base_and_ours(base, ours, theirs, written, conflicts):
    known = {} if ours is None else {date(2026, 8, 1): ours}
    planner = PLANNER._replace(measures=(PLANNER.measures[0]._replace(months=known),))
    plan = merge(planner, IN_FORCE, [figure(theirs, base)])
    assert ([change.value for change in plan.cells], len(plan.conflicts)) == (written, conflicts)


def test_a_figure_of_a_month_the_planner_does_not_know_yet_comes_in():
    plan = merge(PLANNER, IN_FORCE, [figure(8.0, None, month="2027-01")])
    assert plan.cells == (CellChange("measures", "Visits", "2027-01", 8.0, "Sales"),)


def test_the_same_book_twice_changes_nothing():
    books = [
        typed(15.0),
        answered("done"),
        figure(8.0),
        Returned(a_source(), actions=(Action("", "KR1", "Write", team="Sales"),)),
    ]
    first = merge(PLANNER, IN_FORCE, books)
    planner, values = after(PLANNER, first)
    again = merge(planner, values, books, told=first.told)
    forgetful = merge(planner, values, books)
    for plan in (again, forgetful):
        assert (plan.cells, plan.check_ins, plan.actions, plan.conflicts) == ((), (), (), ())


def test_an_answer_that_came_in_stays_past_when_the_planner_moves_on():
    first = merge(PLANNER, IN_FORCE, [answered("doing")])
    planner, values = after(PLANNER, first)
    planner = planner._replace(actions=(planner.actions[0]._replace(state="done"),))
    again = merge(planner, values, [answered("doing")], told=first.told)
    assert (again.cells, again.conflicts) == ((), ())


OLD, NEW = typed(15.0, revision=1), typed(17.0, revision=2, on=LATER)


def test_a_newer_book_takes_the_place_of_its_teams_older_answer():
    first = merge(PLANNER, IN_FORCE, [OLD])
    second = merge(*after(PLANNER, first), [NEW], told=first.told)
    assert [one.value for one in second.check_ins] == [17.0]
    assert second.conflicts == ()


def test_an_older_book_after_a_newer_one_leaves_the_newer_answer():
    first = merge(PLANNER, IN_FORCE, [NEW])
    second = merge(*after(PLANNER, first), [OLD], told=first.told)
    assert (second.check_ins, second.conflicts) == ((), ())
    assert [note.code for note in second.notes] == ["older_answer"]


def test_where_memory_is_lost_an_older_answer_is_a_conflict_and_not_silence():
    planner, values = after(PLANNER, merge(PLANNER, IN_FORCE, [NEW]))
    plan = merge(planner, values, [OLD])
    assert [conflict.theirs for conflict in plan.conflicts] == [15.0]


def test_a_correction_by_the_same_person_in_the_same_book_comes_in():
    first = merge(PLANNER, IN_FORCE, [answered("doing", saved="2026-09-02")])
    second = merge(*after(PLANNER, first), [answered("done", saved="2026-09-05")], told=first.told)
    assert [change.value for change in second.cells] == ["done"]


def test_two_people_filling_in_copies_of_one_book_are_a_conflict():
    copies = [
        answered("doing", person="Ann"),
        answered("done", person="Bob", saved="2026-09-03", book="Sales (1).xlsx"),
    ]
    plan = merge(PLANNER, IN_FORCE, copies)
    assert [change.value for change in plan.cells] == ["doing"]
    assert [(one.ours, one.theirs, one.theirs_by) for one in plan.conflicts] == [("doing", "done", "Bob")]


def test_a_new_action_of_two_books_is_one_and_gets_a_free_id():
    action = Action("", "KR1", "Write to all", "Ann", "Sales", state="to_do")
    plan = merge(
        PLANNER, IN_FORCE, [Returned(a_source(), actions=(action,)), Returned(a_source(revision=2), actions=(action,))]
    )
    assert [one.id for one in plan.actions] == ["A2"]


def test_the_state_of_a_new_action_that_came_in_before_is_an_answer():
    action = Action("", "KR1", "Write to all", "Ann", "Sales", state="to_do")
    first = merge(PLANNER, IN_FORCE, [Returned(a_source(), actions=(action,))])
    planner, values = after(PLANNER, first)
    done = Returned(a_source(saved="2026-09-09"), actions=(action._replace(state="done"),))
    second = merge(planner, values, [done], told=first.told)
    assert [(change.row, change.field, change.value) for change in second.cells] == [("A2", "state", "done")]


def test_answers_for_rows_that_are_gone_are_told():
    gone = Returned(
        a_source(),
        typed=(TypedValue(CheckIn(SENT, "KR9", 1.0), None),),
        answers=(Answer("actions", "A9", "state", "", "done"), Answer("measures", "calls", "2026-08", None, 1.0)),
    )
    plan = merge(PLANNER, IN_FORCE, [gone])
    assert [(note.code, note.details["row"]) for note in plan.notes] == [
        ("row_gone", "KR9"),
        ("row_gone", "A9"),
        ("row_gone", "calls"),
    ]


# --- any order, any number of times ---------------------------------------------------------------


@st.composite
def some_books(draw):
    books = []
    for number in range(draw(st.integers(1, 5))):
        team = draw(st.sampled_from(["Sales", "HR"]))
        source = {
            "team": team,
            "book": f"{number}.xlsx",
            "revision": draw(st.integers(1, 2)),
            "saved": draw(st.sampled_from(["", "2026-09-02", "2026-09-03"])),
            "person": draw(st.sampled_from(["Ann", "Bob"])),
            "on": draw(st.sampled_from([SENT, LATER])),
        }
        key_result = "KR1" if team == "Sales" else "KR2"
        book = typed(
            draw(st.sampled_from([10.0, 15.0, 16.0])),
            draw(st.sampled_from([None, 10.0])),
            key_result=key_result,
            **source,
        )
        answers = (
            (
                Answer("actions", "A1", "state", "to_do", draw(st.sampled_from(["doing", "done"]))),
                Answer("measures", "visits", "2026-08", *draw(st.sampled_from([(7.0, 8.0), (7.0, 9.0), (None, 8.0)]))),
                Answer("measures", "visits", "2026-09", None, draw(st.sampled_from([5.0, 6.0]))),
            )
            if team == "Sales"
            else ()
        )
        new = Action(
            "",
            key_result,
            draw(st.sampled_from(["Phone", "Write"])),
            "Ann",
            team,
            state=draw(st.sampled_from(["", "done"])),
        )
        books.append(book._replace(answers=answers, actions=(new,)))
    return books


@settings(max_examples=100)
@given(some_books(), st.randoms(use_true_random=False))
def test_the_order_of_the_books_does_not_matter(books, random):
    plan = merge(PLANNER, IN_FORCE, books)
    shuffled = list(books)
    random.shuffle(shuffled)
    assert merge(PLANNER, IN_FORCE, shuffled) == plan


@settings(max_examples=100)
@given(some_books())
def test_books_that_come_again_change_nothing(books):
    first = merge(PLANNER, IN_FORCE, books)
    known = [conflict.identity for conflict in first.conflicts]
    again = merge(*after(PLANNER, first), books, told=first.told, known_conflicts=known)
    assert (again.cells, again.check_ins, again.actions, again.conflicts) == ((), (), (), ())
