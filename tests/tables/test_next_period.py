"""The tables of the next period: emptied to a blank row, or to the rows taken along; formulas where they still are true."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.books.memory_book import MemoryBook
from okr_workbook.domain.carry_over import CarryOver, Taken
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import NOT_COMPUTED, Changes, TableChange
from okr_workbook.tables.next_period import next_period_changes
from okr_workbook.tables.parsing import parse_planner
from tests.tables.grids import a_grid, grids, settings_grid

DAY = date(2026, 9, 30)
SETTINGS = settings_grid(company="Alvéo", period="2026-H2", period_end=date(2026, 12, 31), as_of=DAY, mine="x")


def begun(*found, period="2027-H1", language="en", **taken):
    """The tables as they stand once the period has begun; `taken` are rows taken along, by table."""
    tables = grids(SETTINGS, *found) if found and found[0].table != "settings" else grids(*found)
    carried = CarryOver(**{name: tuple(rows) for name, rows in taken.items()})
    changes = next_period_changes(tables, parse_planner(tables), period, carried, labels_for(language))
    book = MemoryBook(tables)
    assert book.write(changes, command="new").kept == ()
    return book.read()


# --- settings ---


def test_the_period_is_set_and_what_depends_on_it_blank():
    rows = begun(SETTINGS)["settings"].rows
    assert rows == [["company", "Alvéo"], ["period", "2027-H1"], ["period_end", None], ["as_of", None], ["mine", "x"]]


@pytest.mark.parametrize(("language", "name"), [("en", "Period"), ("fr", "Période")])
def test_a_period_that_stands_nowhere_gets_a_row(language, name):
    table = a_grid("settings", ["company", "Alvéo"], [None, None], headers=["name", "value"])
    rows = begun(table, language=language)["settings"].rows
    assert rows == [["company", "Alvéo"], [name, "2027-H1"]]


def test_a_formula_for_the_period_gives_way():
    table = settings_grid(period="2026-H2", as_of=DAY)._replace(formulas=frozenset({(0, 1), (1, 1)}))
    after = begun(table)["settings"]
    assert (after.rows, after.formulas) == ([["period", "2027-H1"], ["as_of", None]], frozenset())


# --- tables that are emptied ---


@pytest.mark.parametrize(
    "table", ["objectives", "key_results", "actions", "check_ins", "history", "problems", "conflicts"]
)
def test_what_belongs_to_a_period_is_emptied_to_one_blank_row(table):
    full = a_grid(table, *([f"{row}{column}" for column in range(40)] for row in range(4)))
    full = full._replace(rows=[row[: len(full.headers)] for row in full.rows])
    assert begun(full)[table].rows == [[None] * len(full.headers)]


@pytest.mark.parametrize("table", ["teams", "members", "kpis"])
def test_what_goes_on_is_not_touched(table):
    full = a_grid(table, [f"{column}" for column in range(23)])
    assert begun(full)[table] == full


def test_the_users_own_columns_are_emptied_but_for_what_is_calculated():
    headers = ["id", "Sponsor", "objective", "Length"]
    rows = [["O1", "Zoe", "Grow", 4], ["O2", "Max", "Hire", 4], ["O3", "Ann", "Win", 3]]
    formulas = {(0, 3), (1, 3), (2, 3)}
    after = begun(a_grid("objectives", *rows, headers=headers, formulas=formulas))["objectives"]
    assert (after.rows, after.formulas) == ([[None, None, None, 4]], {(0, 3)})


@pytest.mark.parametrize("shown", [5.0, None, "", NOT_COMPUTED])
def test_a_formula_in_a_planners_column_goes_with_its_row(shown):
    table = a_grid("key_results", {"id": "KR1", "current": shown, "score": 0.4})
    places = {(0, table.headers.index("Current")), (0, table.headers.index("Score"))}
    after = begun(table._replace(formulas=frozenset(places)))["key_results"]
    assert (after.rows, after.formulas) == ([[None] * len(table.headers)], frozenset())


# --- rows that are taken along ---


HEADERS = ["id", "Note", "start", "target", "current", "due", "score", "Twice"]
ROWS = [
    ["KR1", "first", 0.0, 10.0, 9.0, DAY, 0.9, 18.0],
    ["KR2", None, 0.0, 20.0, 5.0, DAY, 0.25, 10.0],
    ["KR3", "third", 0.0, 30.0, 3.0, DAY, 0.1, 6.0],
]


def taken(number, **anew):
    return Taken(f"KR{number}", number, {"due": None, **anew})


def test_rows_taken_along_move_up_with_what_the_user_wrote_beside_them():
    after = begun(
        a_grid("key_results", *ROWS, headers=HEADERS), key_results=[taken(2, start=5.0), taken(3, start=3.0)]
    )["key_results"]
    assert after.rows == [
        ["KR2", None, 5.0, 20.0, 5.0, None, None, 10.0],
        ["KR3", "third", 3.0, 30.0, 3.0, None, None, 6.0],
    ]


@pytest.mark.parametrize(
    ("rows", "formulas"),
    [
        # the first row stays at its place: what it reads of other cells is still true, but not how it begins
        ([1, 3], {(0, 3), (0, 4), (0, 7), (1, 7)}),
        # moved up, a formula would speak of another row
        ([2, 3], {(0, 7), (1, 7)}),
        ([], {(0, 7)}),
    ],
)
def test_a_formula_stays_where_it_is_still_true(rows, formulas):
    places = {(row, column) for row in range(3) for column in (2, 3, 4, 5, 6, 7)}
    table = a_grid("key_results", *ROWS, headers=HEADERS, formulas=places)
    after = begun(table, key_results=[taken(row, start=1.5, current=2.5) for row in rows])["key_results"]
    assert after.formulas == formulas
    for row, number in enumerate(rows):
        assert after.rows[row][2:4] == [1.5, ROWS[number - 1][3]]
        assert after.rows[row][5:7] == [None, None]


def test_what_was_typed_under_a_table_goes_too():
    # a grid holds the rows under its table, whatever the table's own size
    after = begun(a_grid("actions", {"id": "A1"}, {"id": "A2"}, {}), actions=[Taken("A2", 2)])["actions"]
    assert [row[0] for row in after.rows] == ["A2"]


# --- measures ---


@pytest.mark.parametrize(
    ("months", "period", "added"),
    [
        (("2026-11", "2026-12"), "2027-Q1", ("2027-01", "2027-02", "2027-03")),
        (("2026-12", "Jan 2027", "Notes"), "2027-Q1", ("2027-02", "2027-03")),
        (("2026-12", "2027-12"), "2027-Q1", ()),
        ((), "2027-Q1", ("2027-01", "2027-02", "2027-03")),
        (("2026-12",), "2027-01-15/2027-02-14", ("2027-01", "2027-02")),
    ],
)
def test_measures_keep_their_months_and_get_those_of_the_period(months, period, added):
    table = a_grid("measures", ["mrr", *[1.0] * len(months)], headers=["measure", *months])
    after = begun(table, period=period)["measures"]
    assert after.headers == ("Measure", *months, *added)
    assert after.rows == [["mrr", *[1.0] * len(months), *[None] * len(added)]]


def test_everything_is_one_change_a_table():
    tables = grids(SETTINGS, a_grid("objectives", ["O1"], headers=["id"]))
    changes = next_period_changes(tables, parse_planner(tables), "2027", CarryOver(), labels_for("en"))
    assert isinstance(changes, Changes)
    assert changes.tables[1] == TableChange("objectives", {(0, 0): None}, row_count=1, begins_anew=True)
