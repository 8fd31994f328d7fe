"""The open workbook as a book: what is read, what is written in how many calls, what is left alone, what comes back."""

from __future__ import annotations

import copy
import json
import sys
from datetime import date, datetime

import pytest
import xlwings
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.books.live.book import LiveBook
from okr_workbook.books.live.cells import CellBlock, Untouchable, blocks, cell_of, value_of
from okr_workbook.books.live.tables import values_of
from okr_workbook.books.live.undo import Journal
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import BlockChange, CellError, Changes, Formula, TableChange
from tests.excel.memory_excel import DIVIDED, NOT_AVAILABLE, SPILL, Book, Cell, Refused, opened

NOON = datetime.fromisoformat("2026-11-23T12:00")
KEY_RESULTS = [
    ["ID", "Key result", "Mine", "Current", "Score", "Gap", "Status"],
    ["KR1", "MRR", "note", 12, 0.5, 0.1, "● On track"],
    ["KR2", "007", Cell(7.0, "=3+4"), Cell(8.0, "=D2-4"), 0.25, None, None],
    ["KR3", None, None, None, None, None, None],
]


@pytest.fixture
def workbook():
    book = Book()
    book.add_table("Key results", "key_results", copy.deepcopy(KEY_RESULTS), top=4, left=2)
    book.add_table("Problems", "Problems", [["Severity", "Cell"], [None, None]])
    book.add_table("Mine", "my_table", [["A"], ["b"]])
    return book


@pytest.fixture
def live(workbook, tmp_path):
    return LiveBook(opened(workbook), Journal("plan", str(tmp_path)))


@pytest.fixture
def on_a_mac(monkeypatch):
    def moved(book, *, drops=False):
        monkeypatch.setattr(sys, "platform", "darwin")
        return book.on_a_mac(drops=drops)

    return moved


def body(workbook, sheet="Key results", rows=4, columns=7, *, top=5, left=2):
    found = workbook.sheets(sheet)
    return [[found.cell(top + r, left + c).value for c in range(columns)] for r in range(rows)]


def test_reads_tables_by_name_in_two_calls_each(live, workbook):
    grids = live.read()
    assert set(grids) == {"key_results", "problems"}
    grid = grids["key_results"]
    assert (grid.sheet, grid.top, grid.left, grid.headers[0]) == ("Key results", 4, 2, "ID")
    assert grid.rows[0] == ["KR1", "MRR", "note", 12.0, 0.5, 0.1, "● On track"]
    assert grid.formulas == {(1, 2), (1, 3)}
    assert grid.address(1, 3) == "E6"
    reads = [call for call in workbook.engine.calls if call[1] == "Key results"]
    assert [call[0] for call in reads] == ["read", "read formulas"]


def test_reads_rows_typed_under_the_table(live, workbook):
    workbook.sheets("Key results").fill(8, 2, [["KR4"], ["KR5"], [None], ["a note"]])
    assert [row[0] for row in live.read()["key_results"].rows] == ["KR1", "KR2", "KR3", "KR4", "KR5"]


def test_reads_any_number_of_rows_typed_under_the_table(live, workbook):
    workbook.sheets("Key results").fill(8, 2, [[f"KR{n}"] for n in range(4, 204)])
    assert len(live.read()["key_results"].rows) == 203


def test_rows_under_a_totals_row_are_not_the_tables(tmp_path):
    book = Book()
    book.add_table("T", "teams", [["Team"], ["A"], ["Total"]], totals=True).fill(4, 1, [["note"]])
    assert LiveBook(opened(book), Journal("t", str(tmp_path))).read()["teams"].rows == [["A"]]


def test_a_text_that_begins_with_equals_is_no_formula(tmp_path):
    book = Book()
    book.add_table("K", "kpis", [["ID", "Formula"], ["conversion", Cell("=a / b")]])
    assert LiveBook(opened(book), Journal("k", str(tmp_path))).read()["kpis"].formulas == set()


def test_writes_each_block_of_computed_fields_in_one_call(live, workbook):
    live.read()
    workbook.engine.calls.clear()
    cells = {(0, 4): 0.75, (0, 6): "◆ Behind", (1, 4): 0.5, (2, 5): 0.25}
    written = live.write(Changes((TableChange("key_results", cells),)), command="refresh")
    assert written.changed
    assert [call for call in workbook.engine.calls if call[0] == "write"] == [("write", "Key results", 5, 6, 3, 3)]
    assert [row[4:] for row in body(workbook, rows=3)] == [
        [0.75, 0.1, "◆ Behind"],
        [0.5, None, None],
        [None, 0.25, None],
    ]


def test_never_writes_an_input_cell_again_nor_over_a_formula(live, workbook):
    live.read()
    changes = {(0, 3): 15.0, (1, 3): 9.0, (2, 3): 4.0}
    written = live.write(Changes((TableChange("key_results", changes),)), command="refresh")
    assert written.kept == ("'Key results'!E6",)
    assert workbook.sheets("Key results").cell(6, 5).formula == "=D2-4"
    assert [row[3] for row in body(workbook, rows=3)] == [15.0, 8.0, 4.0]


def test_a_formula_gives_way_where_the_table_begins_anew(live, workbook):
    live.read()
    anew = TableChange("key_results", {(1, 3): 9.0}, begins_anew=True)
    assert live.write(Changes((anew,)), command="new").kept == ()
    assert (workbook.sheets("Key results").cell(6, 5).formula, body(workbook)[1][3]) == (None, 9.0)


def test_a_formula_in_a_computed_column_splits_the_block(tmp_path):
    book = Book()
    rows = [["ID", "Score"], ["a", 0.1], ["b", Cell(0.5, "=1/2")], ["c", 0.3]]
    book.add_table("Key results", "key_results", rows)
    live = LiveBook(opened(book), Journal("s", str(tmp_path)))
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 1): 0.9, (1, 1): 0.9, (2, 1): 0.9}),)), command="refresh")
    assert [row[1] for row in body(book, rows=3, columns=2, top=2, left=1)] == [0.9, 0.5, 0.9]


def test_texts_stay_texts(live, workbook):
    live.read()
    texts = ["007", "1/2", "=a/b", "+33 6", "1 200", "TRUE", "Vrai", "May 5", "plain", "KR1 is late"]
    live.write(Changes((TableChange("key_results", {(n, 1): text for n, text in enumerate(texts)}),)), command="fill")
    assert [row[1] for row in body(workbook, rows=len(texts))] == texts


def test_a_table_grows_over_rows_typed_under_it_and_formats_them(live, workbook):
    sheet = workbook.sheets("Key results")
    sheet.fill(8, 2, [["KR4"]])
    sheet.cell(7, 6).number_format = "0%"
    live.read()
    live.write(Changes((TableChange("key_results", {(4, 0): "KR5", (4, 4): 0.5}),)), command="fill")
    assert sheet.all_tables[0].area == (4, 2, 6, 7)
    assert (sheet.cell(9, 2).value, sheet.cell(9, 6).value, sheet.cell(9, 6).number_format) == ("KR5", 0.5, "0%")


def test_a_table_never_grows_over_something_else(live, workbook):
    workbook.sheets("Key results").fill(10, 2, [["a note of mine"]])
    live.read()
    with pytest.raises(OkrError, match="no_room_for_table"):
        live.write(Changes((TableChange("key_results", {(5, 0): "KR6"}),)), command="fill")
    assert workbook.sheets("Key results").all_tables[0].area == (4, 2, 4, 7)


@pytest.mark.parametrize("there", [("a note of mine", None), ("", '=IF(1,"")')], ids=["a text", "a formula"])
def test_where_a_table_has_no_room_what_stands_below_stays_and_nothing_is_written(live, workbook, there):
    sheet = workbook.sheets("Key results")
    sheet.fill(10, 2, [[Cell(*there)], ["another"]])
    workbook.add_table("Teams", "teams", [["Team", "Score"], ["A", None]])
    live.read()
    rows = {(row, 0): f"KR{row}" for row in range(3, 8)}
    changes = (TableChange("teams", {(0, 1): 0.4}), TableChange("key_results", {(0, 4): 0.9, **rows}))
    with pytest.raises(OkrError, match="no_room_for_table") as refused:
        live.write(Changes(changes), command="refresh")
    assert refused.value.details["cell"] == "B10"
    assert not [call for call in workbook.engine.calls if call[0] in ("write", "resize")]
    assert [sheet.cell(row, 2).value for row in (9, 11)] == [None, "another"]
    assert (sheet.cell(10, 2).value, sheet.cell(10, 2).formula) == there
    assert live.undo() is None


def test_emptied_cells_beyond_a_table_are_nobodys_business(live, workbook):
    workbook.sheets("Key results").fill(10, 2, [["a note of mine"]])
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 4): 0.9, (5, 0): None}),)), command="fill")
    assert workbook.sheets("Key results").cell(10, 2).value == "a note of mine"


def test_a_total_row_is_told_as_such(tmp_path):
    book = Book()
    book.add_table("T", "teams", [["Team", "Score"], ["A", 0.1], ["Total", None]], totals=True)
    live = LiveBook(opened(book), Journal("t", str(tmp_path)))
    live.read()
    with pytest.raises(OkrError, match="table_has_totals"):
        live.write(Changes((TableChange("teams", {(1, 0): "B"}),)), command="fill")
    assert live.write(Changes((TableChange("teams", {(0, 1): 0.4}),)), command="refresh").changed
    assert (book.sheets("T").cell(3, 1).value, book.sheets("T").all_tables[0].area) == ("Total", (1, 1, 3, 2))


def test_new_rows_do_not_repeat_the_last_ones_note(live, workbook):
    sheet = workbook.sheets("Key results")
    sheet.cell(7, 2).note = "Ask Léa about this one"
    live.read()
    live.write(Changes((TableChange("key_results", {(3, 0): "KR4"}),)), command="fill")
    assert [sheet.cell(row, 2).note for row in (7, 8)] == ["Ask Léa about this one", ""]


def test_new_columns_are_headed(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 7): 3.0}, new_headers=("2026-11",)),)), command="fill")
    sheet = workbook.sheets("Key results")
    assert (sheet.cell(4, 9).value, sheet.cell(5, 9).value, sheet.all_tables[0].area) == ("2026-11", 3.0, (4, 2, 4, 8))


def test_a_computed_table_shrinks_and_keeps_one_row(live, workbook):
    workbook.add_table("History", "history", [["Date", "Level"], ["x", "y"], ["x", "y"]])
    live.read()
    cells = {(0, 0): None, (0, 1): None, (1, 0): None, (1, 1): None}
    live.write(Changes((TableChange("history", cells, row_count=1),)), command="refresh")
    assert workbook.sheets("History").all_tables[0].area == (1, 1, 2, 2)
    assert body(workbook, "History", 2, 2, top=2, left=1) == [[None, None], [None, None]]


@pytest.mark.parametrize(
    ("code", "error"),
    [(SPILL, "#SPILL!"), (-2146826238, "#CALC!"), (-2146826245, "#GETTING_DATA"), (NOT_AVAILABLE, "#N/A"),
     (-2146826066, "#UNKNOWN!")],
)  # fmt: skip
def test_an_error_is_one_whether_or_not_xlwings_knows_its_number(live, workbook, code, error):
    workbook.sheets("Key results").cells_at[5, 5] = Cell(code, "=UNIQUE(A:A)")
    grid = live.read()["key_results"]
    assert grid.rows[0][3] == CellError(error)
    assert (0, 3) in grid.formulas


MAC_ROWS = [
    ((1.0, DIVIDED, "#1 goal"), False, [1.0, CellError("#DIV/0!"), "#1 goal"]),
    ((1.0, SPILL, None), False, [1.0, CellError("#SPILL!"), None]),
    ((1.0, DIVIDED, "#1 goal"), True, [1.0, CellError("#DIV/0!"), "#1 goal"]),
    ((NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE), True, [CellError("#N/A")] * 3),
    ((None, "#WERT!", 2.0), True, [None, CellError("#WERT!"), 2.0]),
]
"""What a row holds, whether Excel drops its errors, what is read."""


@pytest.mark.parametrize(("row", "drops", "expected"), MAC_ROWS)
def test_on_a_mac_errors_are_found_by_what_they_show(tmp_path, on_a_mac, row, drops, expected):
    book = Book()
    sheet = book.add_table("K", "key_results", [["ID", "Current", "Key result"], [Cell(one) for one in row]])
    on_a_mac(book, drops=drops)
    assert LiveBook(opened(book), Journal("k", str(tmp_path))).read()["key_results"].rows == [expected]
    assert values_of(xlwings.Range(impl=sheet.range((2, 1), (2, 3)))) == [expected]
    assert values_of(xlwings.Range(impl=sheet.range((2, 2)))) == [expected[1:2]]


def test_on_a_mac_a_row_that_cannot_be_made_whole_is_refused(tmp_path, on_a_mac):
    book = Book()
    book.add_table("K", "key_results", [["ID", "Current", "Text"], ["a", 1, ""], [Cell("#WERT!"), 2, "#1"]], top=3)
    on_a_mac(book, drops=True)
    with pytest.raises(OkrError, match="row_not_given") as refused:
        LiveBook(opened(book), Journal("k", str(tmp_path))).read()
    assert refused.value.details == {"sheet": "K", "row": 5}


def test_on_a_mac_a_planner_is_read_written_and_put_back(workbook, tmp_path, on_a_mac):
    live = LiveBook(opened(on_a_mac(workbook)), Journal("m", str(tmp_path)))
    before = live.read()["key_results"].rows
    live.write(Changes((TableChange("key_results", {(0, 4): 0.9, (3, 0): "KR4"}),)), command="refresh")
    assert [row[0] for row in live.read()["key_results"].rows] == ["KR1", "KR2", "KR3", "KR4"]
    assert live.undo().restored == 2
    assert live.read()["key_results"].rows == before


def test_names_of_deleted_cells_are_passed_over(live, workbook):
    workbook.all_names["okr_board"] = "=#REF!$A$1:$B$2"
    assert live.read_block("okr_board") is None
    live.read()
    blocks_too = Changes((TableChange("key_results", {(0, 4): 1.0}),), (BlockChange("okr_board", [["new"]]),))
    assert live.write(blocks_too, command="refresh").changed


def test_links_are_written_as_formulas(live, workbook):
    live.read()
    link = Formula('HYPERLINK("#Teams!A2","Teams!A2")', "Teams!A2")
    live.write(Changes((TableChange("problems", {(0, 0): "error", (0, 1): link}),)), command="refresh")
    cell = workbook.sheets("Problems").cell(2, 2)
    assert (cell.formula, cell.value) == (f"={link.text}", "Teams!A2")
    assert live.read()["problems"].formulas == {(0, 1)}


def test_named_ranges_are_filled_and_emptied_in_one_call(live, workbook):
    sheet = workbook.sheets("Problems")
    sheet.fill(10, 1, [["old", "old"], ["old", "old"]])
    workbook.all_names["okr_board"] = (sheet, (10, 1, 2, 2))
    change = Changes(blocks=(BlockChange("okr_board", [["new"]]), BlockChange("not_there", [[1]])))
    assert live.read_block("okr_board") == [["old", "old"], ["old", "old"]]
    assert live.read_block("not_there") is None
    assert live.write(change, command="refresh").changed
    assert live.read_block("okr_board") == [["new", None], [None, None]]
    assert not live.write(change, command="refresh").changed
    assert [call[0] for call in workbook.engine.calls].count("write") == 1


def test_a_link_in_a_named_range_is_written_once_and_put_back(live, workbook):
    sheet = workbook.sheets("Problems")
    sheet.fill(10, 1, [["old"]])
    workbook.all_names["okr_next"] = (sheet, (10, 1, 1, 1))
    change = Changes(blocks=(BlockChange("okr_next", [[Formula.link("okr_page_problems", "2 errors")]]),))
    assert live.write(change, command="refresh").changed
    cell = sheet.cell(10, 1)
    assert (cell.formula, cell.value) == ('=HYPERLINK("#okr_page_problems","2 errors")', "2 errors")
    assert not live.write(change, command="refresh").changed
    undone = live.undo()
    assert (undone.restored, undone.kept) == (1, ())
    assert sheet.cell(10, 1).value == "old"


def told(count):
    text = f"{count} errors →" if count else None
    return Changes(blocks=(BlockChange("okr_next", [[text and Formula.link("okr_page_problems", text)]]),))


@pytest.mark.parametrize("count", [3, 0])
def test_a_link_that_gave_way_to_another_or_to_nothing_leads_somewhere_again_after_undo(live, workbook, count):
    sheet = workbook.sheets("Problems")
    workbook.all_names["okr_next"] = (sheet, (10, 1, 1, 1))
    live.write(told(2), command="refresh")
    before = vars(sheet.cell(10, 1)).copy()
    live.write(told(count), command="refresh")
    assert live.undo() == ("refresh", 1, ())
    assert vars(sheet.cell(10, 1)) == before
    live.write(told(count), command="refresh")
    vars(sheet.cell(10, 1)).update(before)  # closed without saving
    assert live.undo() is None


def test_a_failure_half_way_leaves_links_links(workbook, tmp_path):
    sheet = workbook.sheets("Problems")
    workbook.all_names["okr_next"] = (sheet, (10, 1, 1, 1))
    LiveBook(opened(workbook), Journal("plan", str(tmp_path))).write(told(2), command="refresh")
    before = vars(sheet.cell(10, 1)).copy()
    file = tmp_path / "a file"
    file.write_text("")
    with pytest.raises(OSError, match="a file"):
        LiveBook(opened(workbook), Journal("plan", str(file))).write(told(3), command="refresh")
    assert vars(sheet.cell(10, 1)) == before


LINK, OTHER = (Formula.link(cell, cell) for cell in ("Teams!A2", "Teams!A3"))

LINKS = {(0, 0): "error", (0, 1): LINK, (1, 0): "error", (1, 1): None, (2, 0): "advice", (2, 1): OTHER}


@pytest.mark.parametrize("mac", [False, True])
@pytest.mark.parametrize("wanted", [True, False])
def test_excel_copies_no_link_into_the_rows_that_have_none(live, workbook, on_a_mac, mac, wanted):
    """It fills the columns of tables by itself, where the person has not switched that off."""
    if mac:
        on_a_mac(workbook)
    workbook.app.AutoCorrect.AutoFillFormulasInLists = wanted
    live.read()
    live.write(Changes((TableChange("problems", LINKS),)), command="refresh")
    links = [workbook.sheets("Problems").cell(row, 2).formula for row in (2, 3, 4)]
    assert links == [f"={LINK.text}", None, f"={OTHER.text}"]
    assert workbook.app.AutoCorrect.AutoFillFormulasInLists == wanted


def test_where_excel_makes_one_link_of_all_the_same_the_cells_say_where_and_lead_nowhere(live, workbook):
    workbook.app.fills_all_the_same = True
    live.read()
    live.write(Changes((TableChange("problems", LINKS),)), command="refresh")
    sheet = workbook.sheets("Problems")
    assert [(sheet.cell(row, 2).formula, sheet.cell(row, 2).value) for row in (2, 3, 4)] == [
        (None, "Teams!A2"), (None, None), (None, "Teams!A3"),
    ]  # fmt: skip


def test_xlwings_lite_which_cannot_ask_excel_gets_no_links_in_tables(workbook, tmp_path):
    workbook.engine.name = "remote"
    live = LiveBook(
        opened(workbook), Journal("lite", str(tmp_path)), lambda area: [[""] * area.shape[1]] * area.shape[0]
    )
    live.read()
    assert live.write(Changes((TableChange("problems", LINKS),)), command="refresh").changed
    live.read()
    assert not live.write(Changes((TableChange("problems", {(0, 1): LINK}),)), command="refresh").changed
    sheet = workbook.sheets("Problems")
    assert [(sheet.cell(row, 2).formula, sheet.cell(row, 2).value) for row in (2, 3, 4)] == [
        (None, "Teams!A2"), (None, None), (None, "Teams!A3"),
    ]  # fmt: skip


def test_nor_does_undo(live, workbook):
    sheet = workbook.sheets("Problems")
    live.read()
    live.write(Changes((TableChange("problems", {(0, 1): LINK, (1, 0): "error"}),)), command="refresh")
    live.read()
    live.write(Changes((TableChange("problems", {(0, 1): None}),)), command="refresh")
    assert live.undo().restored == 1
    assert [sheet.cell(row, 2).formula for row in (2, 3)] == [f"={LINK.text}", None]


def test_a_switch_that_excel_remembers_for_good_is_left_alone_where_no_formula_is_written(live, workbook):
    del workbook.app.AutoCorrect
    live.read()
    assert live.write(Changes((TableChange("key_results", {(0, 4): 1.0}),)), command="refresh").changed


def test_an_excel_that_does_not_tell_whether_it_fills_columns_is_written_to_all_the_same(live, workbook):
    del workbook.app.AutoCorrect.AutoFillFormulasInLists
    live.read()
    assert live.write(Changes((TableChange("problems", {(0, 1): LINK}),)), command="refresh").changed


@pytest.mark.parametrize("mac", [False, True])
@pytest.mark.parametrize("columns", [set(), {6}, {7}, {6, 7}])
@pytest.mark.parametrize("hidden", [{5}, {6}, {7}, {5, 6}, {6, 7}, {5, 7}, {5, 6, 7}])
def test_what_a_filter_hides_is_written_like_all_else_and_comes_back(live, workbook, on_a_mac, mac, hidden, columns):
    """Written in one call, Excel leaves it out and puts the first cell's value into all others."""
    if mac:
        on_a_mac(workbook)
    workbook.sheets("Key results").filtered_out, workbook.sheets("Key results").hidden_columns = hidden, columns
    before = body(workbook, rows=3)
    live.read()
    cells = {(row, column): row + column / 8 for row in range(3) for column in (4, 5)} | {(0, 3): 20.0, (2, 3): 30.0}
    live.write(Changes((TableChange("key_results", cells),)), command="refresh")
    assert [row[3:6] for row in body(workbook, rows=3)] == [
        [20.0, 0.5, 0.625], [8.0, 1.5, 1.625], [30.0, 2.5, 2.625],
    ]  # fmt: skip
    live.undo()
    assert body(workbook, rows=3) == before


def test_under_a_filter_each_row_is_a_call_and_excel_is_asked_once(live, workbook):
    workbook.sheets("Key results").filtered_out = {6}
    live.read()
    workbook.engine.calls.clear()
    cells = {(row, column): 0.5 for row in range(3) for column in (4, 5)}
    live.write(Changes((TableChange("key_results", cells),)), command="refresh")
    kinds = [call[0] for call in workbook.engine.calls]
    assert kinds == ["ask for hidden rows", "ask for hidden columns", "write", "write", "write"]


def test_a_sheet_is_asked_once_whether_it_hides_rows(live, workbook):
    sheet = workbook.sheets("Problems")
    names = ("okr_one", "okr_two", "okr_three")
    for place, name in enumerate(names):
        workbook.all_names[name] = (sheet, (10 + 2 * place, 1, 2, 1))
    live.write(Changes(blocks=tuple(BlockChange(name, [[1.0], [2.0]]) for name in names)), command="refresh")
    asked = [call for call in workbook.engine.calls if call[0] == "ask for hidden rows"]
    assert asked == [("ask for hidden rows", "Problems")]


def test_so_are_they_in_a_named_range_and_where_excel_does_not_tell_what_is_hidden(live, workbook, monkeypatch):
    sheet = workbook.sheets("Problems")
    workbook.all_names["okr_board"] = (sheet, (10, 1, 3, 1))
    sheet.fill(10, 1, [["a"], ["b"], ["c"]])
    sheet.filtered_out = {11}
    live.write(Changes(blocks=(BlockChange("okr_board", [[1.0], [2.0], [3.0]]),)), command="refresh")
    assert live.read_block("okr_board") == [[1.0], [2.0], [3.0]]
    monkeypatch.delattr(sheet.range_class, "EntireRow")
    live.write(Changes(blocks=(BlockChange("okr_board", [[4.0], [5.0], [6.0]]),)), command="refresh")
    assert live.read_block("okr_board") == [[4.0], [5.0], [6.0]]


def test_whole_numbers_are_handed_over_as_excel_keeps_them():
    """Of one with more than 32 bits the bridges make something that Excel does not take."""
    assert [type(cell_of(value)) for value in (3_000_000_000, 12, True)] == [float, float, bool]


def test_excel_is_quiet_while_writing_and_as_before_afterwards(live, workbook):
    workbook.app.calculation = "semiautomatic"
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 4): 1.0}),)), command="refresh")
    app = workbook.app
    assert (app.screen_updating, app.enable_events, app.calculation) == (True, True, "semiautomatic")


SWITCHES = ("screen_updating", "enable_events", "calculation")


@pytest.mark.parametrize("stuck", [{"calculation": "automatic"}, {"enable_events": True}, {"screen_updating": True}])
def test_a_switch_that_cannot_be_put_back_keeps_none_of_the_others(live, workbook, stuck):
    live.read()
    workbook.app.stuck = stuck
    with pytest.raises(OkrError, match="not_put_back"):
        live.write(Changes((TableChange("key_results", {(0, 4): 1.0}),)), command="refresh")
    assert workbook.sheets("Key results").cell(5, 6).value == 1.0
    before = {"screen_updating": True, "enable_events": True, "calculation": "automatic"}
    assert {name for name in SWITCHES if getattr(workbook.app, name) != before[name]} == set(stuck)
    workbook.app.stuck = {}
    assert live.undo().restored == 1


def test_where_excel_cannot_be_quiet_nothing_is_written_and_all_is_as_before(live, workbook):
    live.read()
    workbook.app.stuck = {"calculation": "manual"}
    with pytest.raises(Refused):
        live.write(Changes((TableChange("key_results", {(0, 4): 1.0}),)), command="refresh")
    assert [getattr(workbook.app, name) for name in SWITCHES] == [True, True, "automatic"]
    assert workbook.sheets("Key results").cell(5, 6).value == 0.5


def test_sheets_are_protected_again_also_where_one_of_them_is_not(live, workbook):
    live.read()
    for name in ("Key results", "Problems"):
        workbook.sheets(name).ProtectContents = True
    workbook.sheets("Problems").Protect = None  # nothing to call
    changes = (TableChange("key_results", {(0, 4): 1.0}), TableChange("problems", {(0, 0): "error"}))
    with pytest.raises(OkrError, match="not_put_back"):
        live.write(Changes(changes), command="refresh")
    assert [workbook.sheets(name).ProtectContents for name in ("Key results", "Problems")] == [True, False]


def test_a_record_that_cannot_be_kept_leaves_everything_as_it_was(workbook, tmp_path):
    (tmp_path / "file").touch()
    live = LiveBook(opened(workbook), Journal("plan", str(tmp_path / "file" / "undo")))
    live.read()
    before = body(workbook)
    with pytest.raises(OSError, match="file"):
        live.write(Changes((TableChange("key_results", {(0, 4): 1.0, (3, 0): "KR4"}),)), command="refresh")
    assert body(workbook) == before


def test_a_failure_half_way_puts_everything_back(live, workbook):
    workbook.add_table("Teams", "teams", [["Team", "Score"], ["A", None]])
    live.read()
    before = body(workbook)
    teams = workbook.sheets("Teams")

    class Stubborn(Cell):
        def type_in(self, entry, results):
            raise Refused(-2146827284, "cannot be changed")

    teams.cells_at[2, 2] = Stubborn()
    changes = (TableChange("key_results", {(0, 4): 0.9, (3, 0): "KR4"}), TableChange("teams", {(0, 1): 0.4}))
    with pytest.raises(Refused):
        live.write(Changes(changes), command="refresh")
    assert body(workbook) == before
    assert workbook.sheets("Key results").all_tables[0].area == (4, 2, 4, 7)
    assert (workbook.app.screen_updating, workbook.app.calculation) == (True, "automatic")
    assert live.undo() is None


def test_a_column_that_came_with_a_failure_goes_with_its_header(workbook, tmp_path):
    file = tmp_path / "a file"
    file.write_text("")
    live = LiveBook(opened(workbook), Journal("plan", str(file)))
    live.read()
    with pytest.raises(OSError, match="a file"):
        live.write(Changes((TableChange("key_results", {(0, 7): 1.0}, new_headers=("2026-11",)),)), command="collect")
    assert [workbook.sheets("Key results").cell(row, 9).value for row in (4, 5)] == [None, None]
    assert workbook.sheets("Key results").all_tables[0].area == (4, 2, 4, 7)


def test_a_sheet_protected_with_a_password_is_refused_before_anything_is_written(live, workbook):
    live.read()
    sheet = workbook.sheets("Key results")
    sheet.ProtectContents, sheet.password = True, "secret"
    with pytest.raises(OkrError, match="protected_sheet"):
        live.write(Changes((TableChange("key_results", {(0, 4): 0.9}),)), command="refresh")
    assert not [call for call in workbook.engine.calls if call[0] == "write"]


def test_a_sheet_protected_without_a_password_is_protected_again(live, workbook):
    live.read()
    sheet = workbook.sheets("Key results")
    sheet.Protect(DrawingObjects=False, AllowInsertingRows=True, AllowSorting=True)
    live.write(Changes((TableChange("key_results", {(0, 4): 0.9}),)), command="refresh")
    assert (sheet.cell(5, 6).value, sheet.ProtectContents) == (0.9, True)
    live.undo()
    assert (sheet.cell(5, 6).value, sheet.protections) == (0.5, 3)
    assert (sheet.permissions, sheet.ProtectDrawingObjects) == ({"AllowInsertingRows", "AllowSorting"}, False)


def test_undo_puts_back_what_stood_there(live, workbook):
    before = body(workbook)
    live.read()
    cells = {(0, 3): 99.0, (0, 4): 0.9, (3, 0): "KR4", (0, 7): 1.0}
    live.write(Changes((TableChange("key_results", cells, new_headers=("2026-11",)),)), command="refresh")
    undone = live.undo()
    assert (undone.command, undone.restored, undone.kept) == ("refresh", 5, ())
    assert body(workbook) == before
    assert workbook.sheets("Key results").cell(4, 9).value is None
    assert workbook.sheets("Key results").all_tables[0].area == (4, 2, 4, 7)
    assert live.undo() is None


def test_undo_leaves_what_was_edited_since(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 3): 99.0, (0, 4): 0.9}),)), command="refresh")
    workbook.sheets("Key results").cell(5, 5).value = 100.0
    undone = live.undo()
    assert (undone.restored, undone.kept) == (1, ("'Key results'!E5",))
    assert body(workbook, rows=1)[0][3:5] == [100.0, 0.5]


def test_undo_says_what_is_gone(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 4): 0.9}),)), command="refresh")
    workbook.sheets("Key results").all_tables.clear()
    assert live.undo().kept == ("key_results",)


def moved(workbook, order, sheet="Key results", columns=7, *, top=5, left=2):
    """The rows in another order, as when someone sorts the table."""
    cells = workbook.sheets(sheet).cells_at
    rows = [[cells.get((top + row, left + c), Cell()) for c in range(columns)] for row in order]
    for row, kept in enumerate(rows):
        cells |= {(top + row, left + c): cell for c, cell in enumerate(kept)}


def test_undo_finds_rows_that_were_sorted_since(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 4): 0.9, (1, 4): 0.9, (2, 4): 0.4}),)), command="refresh")
    moved(workbook, [1, 2, 0])
    undone = live.undo()
    assert (undone.restored, undone.kept) == (3, ())
    assert [[row[0], row[4]] for row in body(workbook, rows=3)] == [["KR2", 0.25], ["KR3", None], ["KR1", 0.5]]


def test_undo_names_a_row_that_is_gone_and_touches_no_other(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 4): 0.9, (1, 4): 0.9}),)), command="refresh")
    workbook.sheets("Key results").cell(5, 2).value = "KR9"
    undone = live.undo()
    assert (undone.restored, undone.kept) == (1, ("'Key results'!kr1",))
    assert [row[4] for row in body(workbook, rows=2)] == [0.9, 0.25]


def test_undo_finds_a_column_that_was_moved_since(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 4): 0.9, (0, 5): 0.2}),)), command="refresh")
    cells = workbook.sheets("Key results").cells_at
    for row in range(4, 8):
        cells[row, 6], cells[row, 7] = cells[row, 7], cells[row, 6]
    assert live.undo().restored == 2
    assert body(workbook, rows=1)[0][4:6] == [0.1, 0.5]


def test_undo_keeps_a_new_row_that_someone_wrote_into(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(3, 0): "KR4", (0, 4): 0.9}),)), command="fill")
    workbook.sheets("Key results").cell(8, 3).value = "to be said"
    undone = live.undo()
    assert (undone.restored, undone.kept) == (1, ("'Key results'!B8",))
    assert workbook.sheets("Key results").all_tables[0].area == (4, 2, 5, 7)


def add_calculated_column(workbook):
    workbook.sheets("Key results").fill(5, 4, [[Cell(1.0, "=1")], [Cell(1.0, "=1")], [Cell(1.0, "=1")]])


def test_undo_takes_away_what_excel_filled_into_a_new_row(live, workbook):
    """A column of the user's own that is calculated in every row."""
    add_calculated_column(workbook)
    live.read()
    live.write(Changes((TableChange("key_results", {(3, 0): "KR4"}),)), command="fill")
    assert workbook.sheets("Key results").cell(8, 4).formula == "=1"
    assert live.undo().kept == ()
    assert body(workbook)[3] == [None] * 7
    assert workbook.sheets("Key results").all_tables[0].area == (4, 2, 4, 7)


def test_undo_keeps_a_formula_that_someone_typed_into_a_new_row(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(3, 0): "KR4", (0, 4): 0.9}),)), command="fill")
    workbook.sheets("Key results").fill(8, 4, [[Cell(1.0, "=1")]])
    assert live.undo().kept == ("'Key results'!B8",)
    assert body(workbook)[3][:3] == ["KR4", None, 1.0]


def test_a_failure_half_way_takes_it_away_too(workbook, tmp_path):
    add_calculated_column(workbook)
    file = tmp_path / "a file"
    file.write_text("")
    live = LiveBook(opened(workbook), Journal("plan", str(file)))
    live.read()
    with pytest.raises(OSError, match="a file"):
        live.write(Changes((TableChange("key_results", {(3, 0): "KR4"}),)), command="fill")
    assert body(workbook)[3] == [None] * 7


def test_undo_leaves_the_table_as_large_as_it_was_made_since(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(3, 0): "KR4"}),)), command="fill")
    workbook.sheets("Key results").fill(9, 2, [["KR5"]])
    assert live.undo().restored == 1
    assert [row[0] for row in live.read()["key_results"].rows] == ["KR1", "KR2", "KR3", None, "KR5"]


def test_after_closing_without_saving_there_is_nothing_to_undo(live, workbook):
    before = copy.deepcopy(workbook.sheets("Key results").cells_at)
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 3): 99.0, (0, 4): 0.9}),)), command="refresh")
    workbook.sheets("Key results").cells_at = before
    workbook.engine.calls.clear()
    assert live.undo() is None
    assert not [call for call in workbook.engine.calls if call[0] == "write"]


def test_undo_counts_a_cell_that_is_back_already_as_no_edit(live, workbook):
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 3): 99.0, (0, 4): 0.9}),)), command="refresh")
    workbook.sheets("Key results").cell(5, 5).value = 12.0
    undone = live.undo()
    assert (undone.restored, undone.kept) == (1, ())


def test_a_record_of_an_older_version_is_none(live, workbook, tmp_path):
    live.read()
    live.write(Changes((TableChange("key_results", {(0, 4): 0.9}),)), command="refresh")
    (record,) = tmp_path.glob("*.json")
    record.write_text(json.dumps(json.loads(record.read_text()) | {"form": 1}))
    assert live.undo() is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("#DIV/0!", CellError("#DIV/0!")),
        ("#VALEUR!", CellError("#VALUE!")),
        (CellError("#WERT!"), CellError("#WERT!")),
        (SPILL, CellError("#SPILL!")),
        (-2146826289, -2146826289),
        ("text", "text"),
        (True, True),
        (NOON, NOON),
        (None, None),
    ],
)
def test_cells_become_values(cell, value):
    assert value_of(cell) == value


def test_money_is_a_number():
    from decimal import Decimal

    assert value_of(Decimal("12.5")) == 12.5


def test_error_values_cannot_be_written():
    assert cell_of(CellError("#N/A")) is None
    assert cell_of(date(2026, 11, 23)) == date(2026, 11, 23)


VALUES = st.one_of(st.none(), st.integers(0, 9), st.just(CellError("#N/A")))
PLACES = st.tuples(st.integers(0, 8), st.integers(0, 6))


@given(
    st.dictionaries(PLACES, st.integers(10, 99), min_size=1),
    st.dictionaries(PLACES, st.one_of(st.integers(0, 9), st.just(CellError("#N/A")), st.just(Untouchable()))),
    st.sets(st.integers(0, 6)),
)
def test_blocks_write_all_they_should_and_change_nothing_else(cells, present, whole):
    after = dict(present)
    for block in blocks(cells, present, whole):
        assert isinstance(block, CellBlock)
        for r, row in enumerate(block.rows, block.row):
            for c, value in enumerate(row, block.column):
                assert (r, c) in cells or c in whole
                after[r, c] = value
    expected = present | cells
    assert {place: value for place, value in after.items() if value is not None} == expected
