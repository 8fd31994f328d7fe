"""Only what differs is a change, and a change never reaches a column that is not the planner's."""

from datetime import date, datetime

import pytest

from okr_workbook.tables.cell_changes import append_rows, changes_nothing, merged, used_rows, whole_table
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.grid import Formula, TableChange
from tests.tables.grids import a_grid


@pytest.mark.parametrize(
    ("before", "after", "holds_formula", "same"),
    [
        (None, None, False, True),
        ("", None, False, True),
        ("", None, True, False),  # a formula that shows nothing is not an empty cell
        (None, 0.0, False, False),
        (0.0, None, False, False),
        (1.0, True, False, False),
        (True, True, False, True),
        (0.1 + 0.2, 0.3, False, False),  # no rule rounds
        (1, 1.0, False, True),
        (datetime(2026, 7, 1), date(2026, 7, 1), False, True),
        (datetime(2026, 7, 1, 12), date(2026, 7, 1), False, False),
        (date(2026, 7, 1), date(2026, 7, 1), False, True),
        ("Settings!B5", Formula('HYPERLINK("#x")', "Settings!B5"), True, True),
        ("Settings!B5", Formula('HYPERLINK("#x")', "Settings!B5"), False, False),
        ("Settings!B6", Formula('HYPERLINK("#x")', "Settings!B5"), True, False),
    ],
)
def test_same_cell(before, after, holds_formula, same):
    assert changes_nothing(before, after, holds_formula) is same


def test_used_rows_ends_with_the_last_row_that_holds_something():
    assert used_rows(a_grid("members", {"member": "Ann"}, {}, {"email": "x@y.z"}, {"member": " "}, {})) == 3
    assert used_rows(a_grid("members")) == 0


def test_appended_rows_follow_the_last_used_one():
    grid = a_grid("members", {"member": "Ann"}, {}, {})
    change = append_rows(
        grid, find_columns(grid), [{"member": "Bob", "team": ""}, {"member": "Cid", "email": "c@x.org"}]
    )
    assert change.cells == {(1, 0): "Bob", (2, 0): "Cid", (2, 2): "c@x.org"}


def test_a_table_written_anew_shrinks_to_what_it_holds_and_keeps_one_row():
    grid = a_grid("problems", {"code": "a"}, {"code": "b"}, {"code": "c"})
    code = find_columns(grid).fields["code"]
    row = [None] * len(grid.headers)
    row[code] = "a"
    assert whole_table(grid, [row]) == TableChange("problems", {(1, code): None, (2, code): None}, row_count=1)
    assert whole_table(grid, []).row_count == 1
    assert whole_table(grid, [row], [0]).cells == {}


def test_changes_of_one_table_become_one_and_empty_ones_vanish():
    first, second = TableChange("teams", {(0, 1): 1.0}), TableChange("teams", {(1, 1): 2.0}, row_count=3)
    assert merged([first, TableChange("kpis", {}), second]) == (TableChange("teams", {(0, 1): 1.0, (1, 1): 2.0}, 3),)
