"""The alignment page: the tree of who serves what."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.scoring import score_planner
from okr_workbook.labels import labels_for
from okr_workbook.tables.alignment import branches, render_alignment
from okr_workbook.tables.blocks import (
    ALIGNMENT,
    ALIGNMENT_DEPTH,
    ALIGNMENT_LENGTH,
    ALIGNMENT_STEP,
    ALIGNMENT_TEAM_LENGTH,
)
from tests.builders import MIDDLE, a_check_in, a_key_result, a_planner, an_objective


def tree(planner, as_of: date = MIDDLE):
    block = render_alignment(planner, score_planner(planner, as_of), labels_for("en"))
    assert block.name == ALIGNMENT.name
    return block.rows


def an_outline(*pairs: tuple[str, str]):
    return [
        an_objective(id=own, objective=own, parent=parent, row_number=i) for i, (own, parent) in enumerate(pairs, 1)
    ]


def test_long_names_are_cut_to_the_room_of_their_depth_and_told_apart():
    long = "Raise the satisfaction and the loyalty of our international customers from 10 to 100 in region"
    rows = tree(a_planner(
        objectives=[an_objective(objective=long)],
        key_results=[a_key_result(id=f"KR{i}", key_result=f"{long} {i}", row_number=i) for i in (1, 2)],
    ))  # fmt: skip
    objective, first, second = (next(cell for cell in row[:ALIGNMENT_DEPTH] if cell) for row in rows)
    assert objective == "Raise the satisfaction and the loyalty of our international customers…"
    assert (first[-2:], second[-2:]) == (" 1", " 2")
    assert max(map(len, (first, second))) <= ALIGNMENT_LENGTH - ALIGNMENT_STEP


def test_long_names_of_teams_are_cut_as_well():
    long = "Regional office of the North, payroll and administration of {}"
    teams = [long.format("staff"), long.format("students"), "Sales"]
    rows = tree(a_planner(objectives=[
        an_objective(id=f"O{i}", level="team", team=team, row_number=i) for i, team in enumerate(teams, 1)
    ]))  # fmt: skip
    first, second, third = (row[ALIGNMENT_DEPTH] for row in rows)
    assert (first[-8:], second[-8:], third) == ("of staff", "students", "Sales")
    assert max(map(len, (first, second))) <= ALIGNMENT_TEAM_LENGTH


def test_each_line_says_whose_it_is_how_it_stands_and_what_it_serves():
    objective = an_objective(id="O2", objective="Trials", level="team", team="Marketing", owner="Léa", parent="O1")
    planner = a_planner(
        objectives=[an_objective(objective="Revenue", row_number=1), objective._replace(row_number=2)],
        key_results=[a_key_result(objective="O2", key_result="Sign-ups", owner="Nadia")],
        check_ins=[a_check_in(MIDDLE, 48.0)],
    )
    rows = tree(planner)
    assert [row[:ALIGNMENT_DEPTH] for row in rows] == [
        ["Revenue", None, None, None, None],
        [None, "Trials", None, None, None],
        [None, None, "└ Sign-ups", None, None],
    ]
    (company, team, key_result) = (row[ALIGNMENT_DEPTH:] for row in rows)
    assert company[:2] + company[-1:] == ["Alvéo", "Ann", "top objective"]
    assert team[0] == key_result[0] == "Marketing"
    assert (key_result[1], key_result[2], key_result[-1]) == ("Nadia", 0.48, "→ O2")
    assert key_result[4] == "● On track"


def test_a_key_result_that_names_no_objective_stands_under_none():
    planner = a_planner(
        objectives=[an_objective(id="", objective="Not named yet")],
        key_results=[a_key_result(objective="", key_result="Alone")],
    )
    assert [row[0] for row in tree(planner)] == ["Not named yet"]


def test_of_two_objectives_of_one_id_the_first_row_has_the_key_results():
    planner = a_planner(
        objectives=[
            an_objective(id="A", objective="First", parent="B", row_number=1),
            an_objective(id="A", objective="Again", row_number=2),
            an_objective(id="B", objective="Top", row_number=3),
        ],
        key_results=[a_key_result(objective="A", key_result="Sign-ups")],
    )
    assert ["".join(filter(None, row[:ALIGNMENT_DEPTH])) for row in tree(planner)] == [
        "Again", "Top", "First", "└ Sign-ups"
    ]  # fmt: skip


def test_children_follow_their_parent_in_the_order_of_the_rows():
    planner = a_planner(
        objectives=an_outline(("A", ""), ("B", ""), ("A1", "A"), ("B1", "B"), ("A2", "a"), ("A1x", "A1"))
    )
    found = [(planner.objectives[place].id, depth) for place, depth in branches(planner)]
    assert found == [("A", 0), ("A1", 1), ("A1x", 2), ("A2", 1), ("B", 0), ("B1", 1)]


def test_what_is_deeper_than_there_are_columns_stands_in_the_last():
    chain = [(str(i), str(i - 1) if i else "") for i in range(8)]
    rows = tree(a_planner(objectives=an_outline(*chain)))
    assert [next(i for i, cell in enumerate(row) if cell) for row in rows] == [0, 1, 2, 3, 4, 4, 4, 4]


def test_a_long_plan_ends_with_how_many_lines_more():
    rows = tree(a_planner(objectives=an_outline(*((f"O{i}", "") for i in range(ALIGNMENT.rows + 10)))))
    assert len(rows) == ALIGNMENT.rows
    assert rows[-1] == ["and 11 more"]


@given(st.lists(st.integers(-1, 7), min_size=1, max_size=8))
def test_every_objective_stands_once_even_where_parents_make_a_cycle(parents):
    pairs = [(f"O{i}", f"O{parent}" if parent >= 0 else "") for i, parent in enumerate(parents)]
    planner = a_planner(objectives=an_outline(*pairs))
    assert sorted(place for place, _ in branches(planner)) == list(range(len(parents)))
