"""The three-way merge: who wins, what is a conflict, and that neither order nor repetition matters."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr_workbook.domain.merging.plan import AnsweredCell, Conflict
from okr_workbook.domain.merging.returned import Answer, Returned, Source, TypedValue
from okr_workbook.domain.merging.three_way import merge
from okr_workbook.domain.planner import Action, CheckIn, Planner
from tests.builders import a_key_result, a_measure, a_planner

SENT, LATER = date(2026, 9, 1), date(2026, 9, 8)


def a_source(**changes):
    values = {"book": "Sales.xlsx", "team": "Sales", "revision": 1, "saved": "2026-09-02", "person": "Ann", "on": SENT}
    return Source(**{**values, **changes})


def typed(value, base=10.0, *, key_result="KR1", comment="", **changes):
    """A book in which one value was typed."""
    source = a_source(**changes)
    check_in = CheckIn(source.on, key_result, value, None, comment, source.person)
    return Returned(source, typed=(TypedValue(check_in, base),))


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
    actions = planner.actions + plan.actions
    for change in plan.cells:
        if change.table == "actions":
            actions = tuple(
                row._replace(**{change.field: change.value}) if row.id == change.row else row for row in actions
            )
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


def test_a_value_that_was_typed_since_is_not_put_down_to_the_last_check_in():
    (conflict,) = merge(PLANNER, {"kr1": 12.0}, [typed(15.0)]).conflicts
    assert (conflict.ours, conflict.ours_by, conflict.ours_on) == (12.0, "", None)


def test_a_comment_stays_where_the_value_beside_it_does_not_come_in():
    plan = merge(PLANNER, {"kr1": 12.0}, [typed(15.0, comment="Two more signed")])
    assert [(one.value, one.comment, one.author) for one in plan.check_ins] == [(None, "Two more signed", "Ann")]
    assert [one.theirs for one in plan.conflicts] == [15.0]
    planner, _ = after(PLANNER, plan)
    again = merge(planner, {"kr1": 12.0}, [typed(15.0, comment="Two more signed")])
    assert again.check_ins == ()


def test_a_check_in_that_names_no_day_gives_way_to_the_value_typed_for_that_day():
    undated = CheckIn(SENT, "KR1", 9.0, author="Ann")
    book = typed(15.0)._replace(undated=(undated,))
    plan = merge(PLANNER, IN_FORCE, [book])
    assert ([one.value for one in plan.check_ins], plan.conflicts) == ([9.0, 15.0], ())
    again = merge(*after(PLANNER, plan), [book], told=plan.told)
    assert (again.check_ins, again.conflicts) == ((), ())


def test_a_comment_of_an_older_book_stays_too():
    first = merge(PLANNER, IN_FORCE, [typed(17.0, revision=2, on=LATER)])
    second = merge(*after(PLANNER, first), [typed(15.0, comment="Slow start")], told=first.told)
    assert [(one.value, one.comment) for one in second.check_ins] == [(None, "Slow start")]
    assert [note.code for note in second.notes] == ["older_answer"]


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
    assert plan.cells == (AnsweredCell("measures", "Visits", "2027-01", 8.0, "Sales"),)


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


EVERYTHING = [
    typed(15.0, comment="words"),
    answered("done", book="state.xlsx"),
    Returned(a_source(book="new.xlsx"), actions=(Action("", "KR1", "Write", team="Sales", state="doing"),)),
    typed(3.0, key_result="KR2", base=1.0, book="conflict.xlsx"),
    typed(14.0, revision=0, comment="older words", book="older.xlsx"),
]


@pytest.mark.parametrize("books", [*([one] for one in EVERYTHING), EVERYTHING], ids=lambda books: books[0].source.book)
def test_what_was_undone_comes_in_again_as_it_came_first(books):
    first = merge(PLANNER, IN_FORCE, books)
    again = merge(PLANNER, IN_FORCE, books, told=first.told)
    assert again == first


def test_a_planner_put_back_to_before_an_answer_takes_it_again():
    books = [answered("doing", saved="2026-09-02"), answered("done", saved="2026-09-05")]
    first = merge(PLANNER, IN_FORCE, books[:1])
    second = merge(*after(PLANNER, first), books[1:], told=first.told)
    for planner in (PLANNER, after(PLANNER, first)[0]):
        again = merge(planner, IN_FORCE, books, told=second.told)
        assert [change.value for change in again.cells] == ["done"]


def test_an_answer_put_back_by_hand_is_a_conflict_and_not_written_over():
    book = answered("done")._replace(typed=typed(15.0).typed)
    first = merge(PLANNER, IN_FORCE, [book])
    planner, values = after(PLANNER, first)
    planner = planner._replace(actions=PLANNER.actions)
    again = merge(planner, values, [book], told=first.told)
    assert (again.cells, [(one.ours, one.theirs) for one in again.conflicts]) == ((), [("to_do", "done")])


@pytest.mark.parametrize("value", [15.0, None])
def test_who_was_forgotten_does_not_come_back_with_the_book(value):
    first = merge(PLANNER, IN_FORCE, [typed(value, comment="words")])
    planner, values = after(PLANNER, first)
    nameless = tuple(one._replace(author="") for one in planner.check_ins)
    again = merge(planner._replace(check_ins=nameless), values, [typed(value, comment="words")], told=first.told)
    assert (len(first.check_ins), again.check_ins) == (1, ())


def test_where_nothing_is_remembered_an_answer_that_is_there_is_known_by_it():
    first = merge(PLANNER, IN_FORCE, [typed(15.0)])
    planner, values = after(PLANNER, first)
    again = merge(planner, values, [typed(15.0)])
    corrected = merge(planner, values, [typed(16.0, saved="2026-09-05")], told=again.told)
    assert ([one.value for one in corrected.check_ins], corrected.conflicts) == ([16.0], ())


def test_an_answer_that_came_in_stays_past_when_the_planner_moves_on():
    first = merge(PLANNER, IN_FORCE, [answered("doing")])
    planner, values = after(PLANNER, first)
    planner = planner._replace(actions=(planner.actions[0]._replace(state="done"),))
    again = merge(planner, values, [answered("doing")], told=first.told)
    assert (again.cells, again.conflicts) == ((), ())


def test_the_same_value_of_a_later_day_is_a_reading_of_its_own():
    first = merge(PLANNER, IN_FORCE, [typed(15.0)])
    planner, values = after(PLANNER, first)
    plan = merge(planner, {**values, "kr1": 20.0}, [typed(15.0, on=LATER, saved="2026-09-08")], told=first.told)
    assert [(one.ours, one.theirs) for one in plan.conflicts] == [(20.0, 15.0)]


OLD, LATEST = typed(15.0, revision=1), typed(17.0, revision=2, on=LATER)


def test_a_newer_book_takes_the_place_of_its_teams_older_answer():
    first = merge(PLANNER, IN_FORCE, [OLD])
    second = merge(*after(PLANNER, first), [LATEST], told=first.told)
    assert [one.value for one in second.check_ins] == [17.0]
    assert second.conflicts == ()


def test_an_older_book_after_a_newer_one_leaves_the_newer_answer():
    first = merge(PLANNER, IN_FORCE, [LATEST])
    second = merge(*after(PLANNER, first), [OLD], told=first.told)
    assert (second.check_ins, second.conflicts) == ((), ())
    assert [note.code for note in second.notes] == ["older_answer"]


def test_where_memory_is_lost_an_older_answer_is_a_conflict_and_not_silence():
    planner, values = after(PLANNER, merge(PLANNER, IN_FORCE, [LATEST]))
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


def test_who_saved_a_copy_tells_two_people_who_sign_alike_apart():
    copies = [answered("doing", saved_by="ann"), answered("done", saved_by="bob", saved="2026-09-03")]
    plan = merge(PLANNER, IN_FORCE, copies)
    assert ([change.value for change in plan.cells], [one.theirs for one in plan.conflicts]) == (["doing"], ["done"])


def test_one_who_agreed_and_then_changes_their_mind_does_not_speak_for_the_other():
    first = merge(PLANNER, IN_FORCE, [answered("doing", person="Bob"), answered("doing", person="Ann")])
    second = merge(*after(PLANNER, first), [answered("done", person="Ann", saved="2026-09-05")], told=first.told)
    assert (second.cells, [one.theirs for one in second.conflicts]) == ((), ["done"])


def test_an_older_book_that_agrees_does_not_make_the_answer_older():
    first = merge(PLANNER, IN_FORCE, [answered("doing", revision=2), answered("doing", revision=1)])
    again = merge(*after(PLANNER, first), [answered("doing", revision=1)], told=first.told)
    late = merge(*after(PLANNER, first), [answered("done", revision=1, saved="2026-09-09")], told=again.told)
    assert (late.cells, [note.code for note in late.notes]) == ((), ["older_answer"])


@pytest.mark.parametrize(
    ("before", "later", "value", "notes", "conflicts"),
    [
        ("", "", 16.0, ["undated_answer"], 0),
        ("2026-09-02", "", 15.0, [], 1),
        ("", "2026-09-02", 15.0, [], 1),
        ("2026-09-02", "2026-09-02", 15.0, [], 1),
        ("2026-09-02", "2026-09-03", 16.0, [], 0),
        ("2026-09-03", "2026-09-02", 15.0, ["older_answer"], 0),
    ],
)
def test_where_no_book_says_when_it_was_saved_the_order_of_collecting_decides(before, later, value, notes, conflicts):
    first = merge(PLANNER, IN_FORCE, [typed(15.0, saved=before)])
    planner, values = after(PLANNER, first)
    second = merge(planner, values, [typed(16.0, saved=later)], told=first.told)
    assert after(planner, second)[1]["kr1"] == value
    assert ([note.code for note in second.notes], len(second.conflicts)) == (notes, conflicts)


def test_an_older_save_does_not_come_in_where_the_value_was_put_back_by_hand():
    first = merge(PLANNER, IN_FORCE, [typed(15.0, saved="2026-09-03")])
    planner, values = after(PLANNER, first)
    older = merge(planner, {**values, "kr1": 10.0}, [typed(16.0, saved="2026-09-02")], told=first.told)
    assert (older.check_ins, [note.code for note in older.notes]) == ((), ["older_answer"])
    newer = merge(planner, {**values, "kr1": 10.0}, [typed(16.0, saved="2026-09-04")], told=first.told)
    assert [one.value for one in newer.check_ins] == [16.0]


def test_of_two_books_collected_at_once_that_do_not_say_when_they_were_saved_a_person_decides():
    plan = merge(PLANNER, IN_FORCE, [typed(15.0, saved=""), typed(16.0, saved="")])
    assert (len(plan.check_ins), len(plan.conflicts), plan.notes) == (1, 1, ())


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


def test_new_actions_keep_the_order_of_their_books_whatever_order_these_come_in():
    names = {"Sales": ("Write", "Call all", "Meet"), "HR": ("Train", "Book a room")}
    books = [
        Returned(a_source(team=team), actions=tuple(Action("", "KR1", one, team=team) for one in words))
        for team, words in names.items()
    ]
    told = [(f"A{number}", words) for number, words in enumerate((*names["HR"], *names["Sales"]), 2)]
    for given_in in (books, books[::-1]):
        assert [(one.id, one.action) for one in merge(PLANNER, IN_FORCE, given_in).actions] == told


def test_a_new_action_without_a_state_is_to_do_until_the_team_says_otherwise():
    action = Action("", "KR1", "Write to all", "Ann", "Sales")
    copies = [Returned(a_source(saved=f"2026-09-0{day}", person=who), actions=(action._replace(state=state),))
              for day, who, state in ((2, "Ann", ""), (3, "Bob", "doing"))]  # fmt: skip
    first = merge(PLANNER, IN_FORCE, copies[:1])
    assert [one.state for one in first.actions] == ["to_do"]
    second = merge(*after(PLANNER, first), copies, told=first.told)
    assert [(one.row, one.field, one.value) for one in second.cells] == [("A2", "state", "doing")]
    together = merge(PLANNER, IN_FORCE, copies)
    assert [one.state for one in together.actions] == ["doing"]
    assert second.conflicts == together.conflicts == ()


NEW = Action("", "KR1", "Write to all", "Ann", "Sales", state="doing", comment="ask the agency")


def test_two_people_who_say_different_things_of_one_new_action_are_a_conflict_at_once():
    other = NEW._replace(state="dropped", comment="too dear", owner="Bob", due=LATER)
    copies = [
        Returned(a_source(), actions=(NEW,)),
        Returned(a_source(person="Bob", saved="2026-09-03", on=LATER), actions=(other,)),
    ]
    plan = merge(PLANNER, IN_FORCE, copies)
    assert plan.actions == (NEW._replace(id="A2", due=LATER),)
    assert [(one.row, one.field, one.ours, one.theirs) for one in plan.conflicts] == [
        ("A2", "owner", "Ann", "Bob"),
        ("A2", "state", "doing", "dropped"),
        ("A2", "comment", "ask the agency", "too dear"),
    ]
    known = [one.identity for one in plan.conflicts]
    for told in (plan.told, {}):
        again = merge(*after(PLANNER, plan), copies, told=told, known_conflicts=known)
        assert (again.cells, again.actions, again.conflicts) == ((), (), ())


def test_a_new_action_that_came_in_before_takes_a_new_owner_and_day():
    first = merge(PLANNER, IN_FORCE, [Returned(a_source(), actions=(NEW,))])
    later = Returned(a_source(saved="2026-09-09"), actions=(NEW._replace(owner="Bob", due=LATER),))
    second = merge(*after(PLANNER, first), [later], told=first.told)
    assert [(change.row, change.field, change.value) for change in second.cells] == [
        ("A2", "owner", "Bob"),
        ("A2", "due", LATER),
    ]


def as_sent(**changes):
    """What the stamp of a book says of KR1 and A1, with changes."""
    sent = {"key_result": "Trials", "kind": "increase", "unit": "", "start": 0.0, "target": 100.0}
    return {("key_results", "kr1"): {**sent, **changes}, ("actions", "a1"): {"action": "Call everybody"}}


def test_what_was_answered_for_another_key_result_is_a_conflict_with_a_word_of_why():
    book = typed(15.0)._replace(
        answers=(Answer("key_results", "KR1", "confidence", None, 8.0),),
        check_ins=(CheckIn(LATER, "KR1", 14.0, comment="so far", author="Ann"),),
        rows=as_sent(unit="days"),
    )
    planner = PLANNER._replace(key_results=(a_key_result(unit="€", confidence=None), PLANNER.key_results[1]))
    plan = merge(planner, IN_FORCE, [book])
    assert [(one.field, one.theirs) for one in plan.conflicts] == [
        ("current", 15.0),
        ("current", 14.0),
        ("confidence", 8.0),
    ]
    assert [(one.value, one.comment) for one in plan.check_ins] == [(None, "so far")]
    assert (plan.cells, {note.code for note in plan.notes}) == ((), {"row_changed"})
    again = merge(planner, IN_FORCE, [book], told=plan.told, known_conflicts=[one.identity for one in plan.conflicts])
    assert (again.conflicts, again.notes) == ((), ())


def test_what_was_answered_for_another_action_is_a_conflict_too():
    book = answered("done")._replace(rows={("actions", "a1"): {"action": "Rent a booth at the fair"}})
    plan = merge(PLANNER, IN_FORCE, [book])
    assert (plan.cells, [one.theirs for one in plan.conflicts]) == ((), ["done"])


def test_a_typo_put_right_keeps_no_answer_out():
    planner = PLANNER._replace(key_results=(a_key_result(key_result="Trials a week"), PLANNER.key_results[1]))
    plan = merge(planner, IN_FORCE, [typed(15.0)._replace(rows=as_sent(key_result="Trails a week"))])
    assert (len(plan.check_ins), plan.conflicts) == (1, ())


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

VALUES = [10.0, 15.0, 16.0]
STATES = ["doing", "done"]


@st.composite
def some_books(draw, *, with_words=False):
    """Books of two teams. `with_words`: every value has a comment of its own, so that no two check-ins are one."""
    books = []
    for number in range(draw(st.integers(1, 5))):
        team = draw(st.sampled_from(["Sales", "HR"]))
        source = {
            "team": team,
            "book": f"{number}.xlsx",
            "revision": draw(st.integers(1, 2)),
            "saved": draw(st.sampled_from(["", "2026-09-02", "2026-09-03"])),
            "person": draw(st.sampled_from(["Ann", "Bob"])),
            "saved_by": draw(st.sampled_from(["", "ann", "bob"])),
            "on": draw(st.sampled_from([SENT, LATER])),
        }
        key_result = "KR1" if team == "Sales" else "KR2"
        book = typed(
            draw(st.sampled_from(VALUES)),
            draw(st.sampled_from([None, 10.0])),
            key_result=key_result,
            comment=f"words {number}" if with_words or draw(st.booleans()) else "",
            **source,
        )
        answers = (
            (
                Answer("actions", "A1", "state", "to_do", draw(st.sampled_from(STATES))),
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
            draw(st.sampled_from(["Ann", "Bob"])),
            team,
            draw(st.sampled_from([None, SENT, LATER])),
            draw(st.sampled_from(["", "doing", "done"])),
            draw(st.sampled_from(["", "soon", "later"])),
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
    assert (again.cells, again.check_ins, again.actions, again.conflicts, again.notes) == ((), (), (), (), ())


class State(NamedTuple):
    """A planner at one moment: what is in it, what is listed in it, and all that its cells have held to get there."""

    planner: Planner
    values: dict[str, float | None]
    conflicts: tuple[Conflict, ...] = ()
    held: frozenset[tuple[str, str, object]] = frozenset()

    def collected(self, books, told):
        """This planner with books collected into it, and what is remembered from then on."""
        known = [one.identity for one in self.conflicts]
        plan = merge(self.planner, self.values, books, told=told, known_conflicts=known)
        planner, values = after(self.planner, plan)
        return State(planner, values, self.conflicts + plan.conflicts, self.held).seen(), plan.told

    def typed(self, state):
        """This planner with a state typed into its first action."""
        actions = (self.planner.actions[0]._replace(state=state), *self.planner.actions[1:])
        return self._replace(planner=self.planner._replace(actions=actions)).seen()

    def logged(self, value):
        """This planner with a value logged by somebody else."""
        check_in = CheckIn(LATER, "KR1", value, author="Cleo", row_number=9)
        planner = self.planner._replace(check_ins=(*self.planner.check_ins, check_in))
        return self._replace(planner=planner, values={**self.values, "kr1": value})

    def seen(self):
        held = {
            (row.id, field, getattr(row, field))
            for row in self.planner.actions
            for field in ("owner", "due", "state", "comment")
        }
        held |= {
            (row.measure, f"{month:%Y-%m}", figure)
            for row in self.planner.measures
            for month, figure in row.months.items()
        }
        return self._replace(held=self.held | held)

    def has(self, answer):
        """Whether an answer is in this planner or was, is listed, or a later one of its giver is."""
        *_, row, field, theirs, on = answer
        listed = any(
            (one.row, one.field, one.theirs, one.theirs_on) == (row, field, theirs, on) for one in self.conflicts
        )
        if field == "current":
            return listed or any(
                (one.key_result, one.value, one.date) == (row, theirs, on) for one in self.planner.check_ins
            )
        if "\n" in row:
            words = [one for one in self.planner.actions if f"{one.team}\n{one.action}" == row]
            return any(self.has((*answer[:2], one.id, field, theirs, on)) for one in words)
        return listed or (row, field, theirs) in self.held


def answers_of(book):
    """What a book answers: source, who gave it, row (or words of a new action), field, value, day."""
    source, giver = book.source, (book.source.team, book.source.person, book.source.saved_by)
    for one in book.typed:
        yield source, giver, one.check_in.key_result, "current", one.check_in.value, one.check_in.date
    for one in book.answers:
        yield source, giver, one.row, one.field, one.theirs, source.on
    for one in book.actions:
        for field in ("owner", "due", "state", "comment"):
            if getattr(one, field):
                yield source, giver, f"{one.team}\n{one.action}", field, getattr(one, field), source.on


def takes_its_place(later, answer):
    """Whether an answer may stand for another: of a newer revision of the team's, or of the same person later."""
    (source, giver, *_), (other, other_giver, *_) = answer, later
    if source.team != other.team or later[2:4] != answer[2:4]:
        return False
    if source.revision != other.revision:
        return other.revision > source.revision
    same = giver[1] == other_giver[1] and (giver[2] == other_giver[2] or not (giver[2] and other_giver[2]))
    return same and (other.saved > source.saved or not (other.saved or source.saved))


STEPS = st.one_of(
    st.tuples(st.just("collect"), st.sets(st.integers(0, 4), min_size=1)),
    st.tuples(st.just("type"), st.sampled_from(["to_do", "dropped", *STATES])),
    st.tuples(st.just("log"), st.sampled_from([11.0, *VALUES])),
    st.tuples(st.just("put back"), st.integers(0, 9)),
)


@settings(max_examples=300)
@given(some_books(with_words=True), st.lists(STEPS, max_size=6), st.integers(0, 9))
def test_whatever_planner_is_put_back_what_the_books_say_is_in_it_or_listed(books, steps, last):
    """Books are collected, people type, and older planners are put back, while what is remembered only goes on."""
    states, told = [State(PLANNER, IN_FORCE).seen()], {}
    for step, what in steps:
        if step == "collect":
            after_it, told = states[-1].collected([book for i, book in enumerate(books) if i in what], told)
        elif step == "put back":
            after_it = states[what % len(states)]
        else:
            after_it = states[-1].typed(what) if step == "type" else states[-1].logged(what)
        states.append(after_it)
    state, told = states[last % len(states)].collected(books, told)
    every = [answer for book in books for answer in answers_of(book)]
    for answer in every:
        assert state.has(answer) or any(takes_its_place(one, answer) and state.has(one) for one in every), answer
    said = {one.comment for one in state.planner.check_ins}
    assert {one.check_in.comment for book in books for one in book.typed} <= said | {""}
    assert len({(one.team, one.action) for one in state.planner.actions}) == len(state.planner.actions)
    again, _ = state.collected(books, told)
    assert again == state
