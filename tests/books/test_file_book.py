"""A planner in a file, on books made by XlsxWriter; openpyxl and calamine read along as independent witnesses."""

from __future__ import annotations

import os
import warnings
from datetime import date, datetime

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from okr_workbook.books.file_book import FileBook
from okr_workbook.books.parts import table_edits
from okr_workbook.books.parts.archive import Archive
from okr_workbook.books.parts.cell_text import serial_of
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import NOT_COMPUTED, BlockChange, CellError, Changes, Formula, TableChange
from tests.books.workbooks import CHECK_INS, HEADERS, KEY_RESULTS, parts_of, planner, sheet_part


@pytest.fixture
def make(tmp_path):
    """A book in a file with some content."""

    def made(content: bytes, name: str = "planner.xlsx") -> FileBook:
        path = tmp_path / name
        path.write_bytes(content)
        return FileBook(str(path), clock=lambda: datetime(2026, 11, 23, 9, 30))

    return made


@pytest.fixture
def book(make):
    return make(planner(rich=True))


def content_of(book: FileBook) -> bytes:
    with open(book.path, "rb") as file:
        return file.read()


def change(table, cells, **more):
    return Changes((TableChange(table, cells, **more),))


def openpyxl_book(book: FileBook, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(book.path, **options)


# --- reading ---


def test_tables_are_read_with_their_place(book):
    grids = book.read()
    assert list(grids) == list(HEADERS)
    grid = grids["check_ins"]
    assert (grid.sheet, grid.top, grid.left, grid.headers) == ("Check ins", 4, 2, tuple(HEADERS["check_ins"]))
    assert grid.rows == CHECK_INS
    assert grid.address(0, 0) == "B5"


def test_a_named_range_and_a_constant_are_blocks(book):
    assert book.read_block("OKR_schema") == [[1]]
    assert book.read_block("okr_alerts") == [[None] * 3] * 3
    assert book.read_block("nothing") is None


def test_other_readers_find_the_same_values(book):
    book.write(
        Changes(
            (
                TableChange("check_ins", {(3, 0): date(2026, 11, 1), (3, 1): "é\n=x", (3, 2): 1e-3, (3, 4): True}),
                TableChange("measures", {(0, 3): 7.25}, new_headers=("2026-02",)),
            )
        ),
        command="refresh",
    )
    grids = book.read()
    assert grids["check_ins"].rows[3] == [date(2026, 11, 1), "é\n=x", 0.001, None, True, None]
    witness = openpyxl_book(book, data_only=True)
    calamine = python_calamine.CalamineWorkbook.from_path(book.path)
    for grid in grids.values():
        cells = [grid.headers, *grid.rows]
        area = witness[grid.sheet].iter_rows(
            grid.top, grid.top + len(grid.rows), grid.left, grid.left + len(grid.headers) - 1, values_only=True
        )
        assert [[_as_day(value) for value in row] for row in area] == [list(row) for row in cells]
        seen = calamine.get_sheet_by_name(grid.sheet).to_python(skip_empty_area=False)
        for offset, row in enumerate(cells):
            found = seen[grid.top - 1 + offset] if grid.top - 1 + offset < len(seen) else []
            found = [value if value != "" else None for value in [*found, *[None] * 20][grid.left - 1 :]]
            assert found[: len(row)] == list(row)


def _as_day(value):
    return value.date() if isinstance(value, datetime) and not value.time().hour else value


def test_rows_typed_right_under_a_table_belong_to_it(make):
    content = planner()
    part = sheet_part(content, "check_ins")
    typed = '<row r="8"><c r="C8" t="inlineStr"><is><t>KR9</t></is></c></row><row r="10"><c r="C10"><v>1</v></c></row>'
    book = make(_with_text(content, part, "</sheetData>", f"{typed}</sheetData>"))
    rows = book.read()["check_ins"].rows
    assert len(rows) == 4
    assert rows[3] == [None, "KR9", None, None, None, None]
    book.write(change("check_ins", {(3, 2): 5}), command="fill")
    assert 'ref="B4:G8"' in _table_text(book, "check_ins")


def _with_text(content, part, old, new):
    parts = parts_of(content)
    text = parts[part].decode()
    assert old in text
    return Archive(content).replaced({part: text.replace(old, new).encode()})


def _table_text(book, table):
    return parts_of(content_of(book))[f"xl/tables/table{list(HEADERS).index(table) + 1}.xml"].decode()


# --- writing ---


def test_only_the_parts_that_must_change_do(book):
    before = parts_of(content_of(book))
    report = book.write(change("key_results", {(0, 4): 0.9, (1, 4): 0.8}), command="refresh")
    after = parts_of(content_of(book))
    assert (report.changed, report.kept) == (True, ())
    assert list(after) == list(before)
    assert {name for name in after if after[name] != before[name]} == {sheet_part(b"", "key_results")}


def test_writing_what_stands_there_leaves_the_file_alone(book):
    grids = book.read()
    cells = {(row, column): v for row, values in enumerate(KEY_RESULTS) for column, v in enumerate(values)}
    before, stat = content_of(book), os.stat(book.path)
    assert book.write(change("key_results", cells), command="refresh").changed is False
    assert grids["key_results"].rows == KEY_RESULTS
    assert (content_of(book), os.stat(book.path).st_mtime_ns) == (before, stat.st_mtime_ns)
    assert not os.path.exists(os.path.join(os.path.dirname(book.path), ".okr"))


VALUES = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1904, 1, 1), date(2200, 1, 1)),
)
EDITS = st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 5)), VALUES, max_size=12)


@settings(max_examples=60)
@given(EDITS)
def test_any_edits_read_back_and_leave_everything_else(tmp_path_factory, edits):
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    path.write_bytes(RICH)
    book = FileBook(str(path), keep_history=False)
    old = book.read()["check_ins"].rows
    book.write(change("check_ins", edits), command="fill")
    after = content_of(book)
    rows = book.read()["check_ins"].rows
    assert len(rows) == max([3, *(row + 1 for (row, _), value in edits.items() if value not in (None, ""))])
    for row in range(len(rows)):
        for column in range(6):
            expected = edits.get((row, column), old[row][column] if row < len(old) else None)
            assert _are_same(_plain(rows[row][column]), _plain(expected))
    before = parts_of(RICH)
    touched = {sheet_part(b"", "check_ins"), "xl/tables/table4.xml"}
    assert {name: part for name, part in parts_of(after).items() if name not in touched} == {
        name: part for name, part in before.items() if name not in touched
    }
    assert book.write(change("check_ins", edits), command="fill").changed is False


RICH = planner(rich=True)


def _are_same(value, expected):
    """A number in a column of days reads as a day, to the millisecond."""
    numbers = isinstance(value, float) and isinstance(expected, float)
    return value == expected or (numbers and abs(value - expected) < 1e-8)


def _plain(value):

    if isinstance(value, date):
        return serial_of(value)
    return None if value == "" else value


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "'quoted"])
def test_text_that_looks_like_a_formula_stays_text(book, text):
    book.write(change("check_ins", {(0, 4): text}), command="fill")
    assert book.read()["check_ins"].rows[0][4] == text
    cell = openpyxl_book(book)["Check ins"]["F5"]
    assert (cell.value, cell.data_type) in ((text, "s"), (text, "inlineStr"))


def test_a_formula_is_written_with_its_value(book):
    link = Formula('HYPERLINK("#\'Check ins\'!B5","<B5>")', "<B5>")
    book.write(change("problems", {(0, 4): link, (0, 0): "error"}), command="refresh")
    grid = book.read()["problems"]
    assert (grid.rows[0][4], grid.formulas) == ("<B5>", {(0, 4)})
    assert openpyxl_book(book)["Problems"]["F5"].value == "=" + link.text
    assert book.write(change("problems", {(0, 4): link}), command="refresh").changed is False
    book.write(change("problems", {(0, 4): None}), command="refresh")
    assert book.read()["problems"].formulas == frozenset()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "x" * 32_768, date(1850, 1, 1)])
def test_what_a_cell_cannot_hold_is_refused_and_the_file_stays(book, value):
    before = content_of(book)
    with pytest.raises(OkrError):
        book.write(change("check_ins", {(0, 2): value}), command="fill")
    assert content_of(book) == before


FORMULA = "<f>1+1</f><v>2</v>"


@pytest.mark.parametrize(
    "formula", [FORMULA, '<f t="shared" si="0"/><v>2</v>', '<f t="array" ref="E5:E6">1+1</f><v>2</v>']
)
def test_a_formula_of_the_users_is_left_and_reported(make, formula):
    content = planner(key_results=[["KR1", "x", None, 35.5, None, None], ["KR2", "y", None, 0.25, None, None]])
    book = make(_with_text(content, sheet_part(content, "key_results"), "<v>35.5</v>", formula))
    assert book.read()["key_results"].rows[0][3] == 2
    assert (0, 3) in book.read()["key_results"].formulas
    report = book.write(change("key_results", {(0, 3): 7, (1, 4): 0.5}), command="refresh")
    assert report.kept == ("'Key results'!E5",)
    assert book.read()["key_results"].rows[0][3] == 2
    assert book.read()["key_results"].rows[1][4] == 0.5


@pytest.mark.parametrize("formula", [FORMULA, '<f t="shared" si="0"/><v>2</v>'])
def test_a_formula_gives_way_where_the_table_begins_anew(make, formula):
    book = make(_with_text(planner(), sheet_part(b"", "key_results"), "<v>35.5</v>", formula))
    report = book.write(change("key_results", {(0, 3): None, (1, 3): 7}, begins_anew=True), command="new")
    assert report.kept == ()
    grid = book.read()["key_results"]
    assert ([row[3] for row in grid.rows], grid.formulas) == ([None, 7], frozenset())


def test_formulas_are_recalculated_when_the_book_is_opened(make):
    book = make(_with_text(planner(), "xl/workbook.xml", ' fullCalcOnLoad="1"', ""))
    book.write(change("key_results", {(0, 4): 0.1}), command="refresh")
    assert b'<calcPr calcId="124519" fullCalcOnLoad="1"/>' in parts_of(content_of(book))["xl/workbook.xml"]


# --- tables that grow and shrink ---


def test_a_table_grows_with_its_looks_filters_and_rules(book):
    book.write(change("check_ins", {(4, 1): "KR5", (5, 0): date(2026, 11, 2)}), command="fill")
    assert book.read()["check_ins"].rows[3:] == [
        [None] * 6, [None, "KR5", None, None, None, None], [date(2026, 11, 2), None, None, None, None, None],
    ]  # fmt: skip
    table = _table_text(book, "check_ins")
    assert table.count('ref="B4:G10"') == 2
    sheet = openpyxl_book(book)["Check ins"]
    assert sheet["B10"].number_format == "dd/mm/yyyy"
    assert sheet.row_dimensions[10].height == 21
    assert {str(one.sqref) for one in sheet.conditional_formatting} == {"B5:B10", "D5:D10"}
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["C5:C10"]
    assert b"<xm:sqref>D5:D10</xm:sqref>" in parts_of(content_of(book))[sheet_part(b"", "check_ins")]
    assert b"<xm:sqref>K5</xm:sqref>" in parts_of(content_of(book))[sheet_part(b"", "check_ins")]


def test_a_rule_that_begins_above_a_tables_body_stays_as_it_is(make):
    part, rule = sheet_part(b"", "check_ins"), 'conditionalFormatting sqref="B{}:B7"'
    book = make(_with_text(planner(), part, rule.format(5), rule.format(4)))
    book.write(change("check_ins", {(4, 1): "KR5"}), command="fill")
    sheet = openpyxl_book(book)["Check ins"]
    assert {str(one.sqref) for one in sheet.conditional_formatting} == {"B4:B7", "D5:D9"}


def test_a_table_grows_to_the_last_row_and_column_of_a_sheet_and_no_further(make, monkeypatch):
    monkeypatch.setattr(table_edits, "MAX_ROW", 8)
    monkeypatch.setattr(table_edits, "MAX_COLUMN", 5)
    book = make(planner())
    for too_much in (change("check_ins", {(4, 1): "KR5"}), change("measures", {}, new_headers=("2026-02", "2026-03"))):
        with pytest.raises(OkrError, match="sheet_full"):
            book.write(too_much, command="fill")
    book.write(change("measures", {}, new_headers=("2026-02",)), command="fill")
    monkeypatch.setattr(table_edits, "MAX_COLUMN", 16_384)  # check-ins are wider
    book.write(change("check_ins", {(3, 1): "KR4"}), command="fill")
    assert len(book.read()["check_ins"].rows) == 4


def test_new_rows_get_the_formula_of_a_calculated_column(make):
    content = planner(key_results=[["KR1", "MRR", None, 5, 0.5, None]])
    formula = "<calculatedColumnFormula>key_results[[#This Row],[Current]]*2</calculatedColumnFormula></tableColumn>"
    column = '<tableColumn id="3" name="My notes"/>'
    book = make(_with_text(content, "xl/tables/table2.xml", column, f"{column[:-2]}>{formula}"))
    book.write(change("key_results", {(1, 0): "KR2"}), command="fill")
    grid = book.read()["key_results"]
    assert grid.rows[1] == ["KR2", None, NOT_COMPUTED, None, None, None]
    assert openpyxl_book(book)["Key results"]["D6"].value == "=key_results[[#This Row],[Current]]*2"
    book.write(change("key_results", {(1, 0): None}, row_count=1), command="undo")
    assert book.read()["key_results"].formulas == frozenset()


def test_a_computed_table_shrinks_and_grows_again(book):
    rows = {(row, column): f"{row}{column}" for row in range(6) for column in range(8)}
    book.write(change("problems", rows), command="refresh")
    assert len(book.read()["problems"].rows) == 6
    book.write(change("problems", {**dict.fromkeys(rows), (0, 0): "one"}, row_count=1), command="refresh")
    assert book.read()["problems"].rows == [["one", *[None] * 7]]
    book.write(change("problems", {(0, 0): None}, row_count=0), command="refresh")
    assert book.read()["problems"].rows == [[None] * 8]
    book.write(change("problems", rows), command="refresh")
    assert len(book.read()["problems"].rows) == 6
    assert str(next(iter(openpyxl_book(book)["Problems"].conditional_formatting)).sqref) == "B5:B10"


def test_a_row_typed_under_a_table_takes_its_looks_as_it_joins(make):
    typed = '<row r="8"><c r="C8" t="inlineStr"><is><t>KR1</t></is></c><c r="D8"><v>7</v></c></row></sheetData>'
    book = make(_with_text(planner(), sheet_part(b"", "check_ins"), "</sheetData>", typed))
    book.write(change("check_ins", {(4, 1): "KR2"}), command="refresh")
    sheet = openpyxl_book(book)["Check ins"]
    assert [sheet[cell].value for cell in ("B8", "C8", "D8")] == [None, "KR1", 7]
    assert [sheet[f"B{row}"].fill.fgColor.rgb for row in (8, 9)] == [sheet["B7"].fill.fgColor.rgb] * 2
    book.write(change("check_ins", {(3, 0): date(2026, 11, 1)}), command="fill")
    assert book.read()["check_ins"].rows[3][0] == date(2026, 11, 1)


def test_rows_with_something_of_the_users_stay_in_a_shrinking_table(make):
    content = planner(key_results=[*KEY_RESULTS, ["KR3", "Late", "my note", None, None, None]])
    book = make(content)
    book.write(
        change("key_results", {(2, 0): None, (2, 1): None, (1, 0): None, (1, 1): None}, row_count=1), command="undo"
    )
    assert [row[2] for row in book.read()["key_results"].rows] == ["mine", None, "my note"]


def test_a_table_shrinks_past_what_the_change_takes_from_the_users_columns(make):
    book = make(planner(key_results=[*KEY_RESULTS, ["KR3", "Late", "my note", None, None, None]]))
    everything = {(row, column): None for row in range(3) for column in range(6)}
    book.write(change("key_results", everything, row_count=1), command="new")
    assert book.read()["key_results"].rows == [[None] * 6]
    assert 'ref="B4:G5"' in _table_text(book, "key_results")


FILTER = '<filterColumn colId="0"><filters><filter val="KR1"/></filters></filterColumn>'


@pytest.mark.parametrize("begins_anew", [True, False])
def test_rows_that_a_filter_hid_are_shown_where_the_table_begins_anew(make, begins_anew):
    sheet = sheet_part(b"", "key_results")
    content = _with_text(planner(), sheet, '<row r="6"', '<row r="6" hidden="1"')
    content = _with_text(
        content, "xl/tables/table2.xml", '<autoFilter ref="B4:G6"/>', f'<autoFilter ref="B4:G6">{FILTER}</autoFilter>'
    )
    book = make(content)
    book.write(change("key_results", {(0, 3): 1}, begins_anew=begins_anew), command="new")
    assert ('hidden="1"' in parts_of(content_of(book))[sheet].decode()) is not begins_anew
    assert ("filterColumn" in _table_text(book, "key_results")) is not begins_anew
    assert '<autoFilter ref="B4:G6">' in _table_text(book, "key_results")
    assert book.read()["key_results"].rows[1][0] == "KR2"


def test_a_row_that_the_user_hid_stays_hidden(make):
    sheet = sheet_part(b"", "key_results")
    book = make(_with_text(planner(), sheet, '<row r="6"', '<row r="6" hidden="1"'))
    book.write(change("key_results", {(0, 3): 1, (1, 3): 2}, begins_anew=True), command="new")
    assert 'hidden="1"' in parts_of(content_of(book))[sheet].decode()


@pytest.mark.parametrize(
    ("row", "cell", "blocks"),
    [(9, "C9", True), (9, "B9", True), (9, "H9", False), (11, "C11", True), (12, "C12", False)],
)
def test_a_table_never_grows_over_something_of_the_users(make, row, cell, blocks):
    typed = f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>mine</t></is></c></row></sheetData>'
    book = make(_with_text(planner(), sheet_part(b"", "check_ins"), "</sheetData>", typed))
    before = content_of(book)
    grown = change("check_ins", {(5, 1): "KR1"})
    if blocks:
        with pytest.raises(OkrError, match="table_blocked_below") as refused:
            book.write(grown, command="fill")
        assert refused.value.details["cell"] == cell
        assert content_of(book) == before
    else:
        assert book.write(grown, command="fill").changed
        assert openpyxl_book(book)["Check ins"][cell].value == "mine"


def test_a_table_does_not_grow_into_merged_cells(make):
    merged = '<mergeCells count="1"><mergeCell ref="A9:C9"/></mergeCells>'
    book = make(_with_text(planner(), sheet_part(b"", "check_ins"), "</sheetData>", f"</sheetData>{merged}"))
    with pytest.raises(OkrError, match="table_blocked_below"):
        book.write(change("check_ins", {(5, 1): "KR1"}), command="fill")


def test_a_table_with_totals_says_how_to_go_on(make):
    content = _with_text(planner(), "xl/tables/table4.xml", 'totalsRowShown="0"', 'totalsRowCount="1"')
    book = make(content)
    assert len(book.read()["check_ins"].rows) == 2
    with pytest.raises(OkrError, match="table_has_totals"):
        book.write(change("check_ins", {(2, 1): "KR1"}), command="fill")


def test_columns_are_added_at_the_right_with_the_looks_of_the_last(book):
    book.write(change("measures", {(0, 3): 5, (1, 0): "new"}, new_headers=("2026-02", "2026-03")), command="fill")
    grid = book.read()["measures"]
    assert grid.headers == ("Measure", "Aggregate", "2026-01", "2026-02", "2026-03")
    assert grid.rows == [["mrr", "last", 12.5, 5, None], ["new", None, None, None, None]]
    table = _table_text(book, "measures")
    assert '<tableColumns count="5">' in table
    assert '<tableColumn id="5" name="2026-03"/>' in table
    openpyxl_book(book)


def test_a_table_that_is_sorted_by_its_last_column_stays_sorted_by_it(make):
    found, part = '<autoFilter ref="B4:D5"/>', "xl/tables/table3.xml"
    state = '<sortState ref="B5:D5"><sortCondition ref="D5:D5"/></sortState>'
    book = make(_with_text(planner(), part, found, found + state))
    book.write(change("measures", {(1, 0): "visits"}, new_headers=("2026-02",)), command="fill")
    text = _table_text(book, "measures")
    assert '<sortState ref="B5:E6"><sortCondition ref="D5:D6"/></sortState>' in text


def test_a_column_is_not_added_over_something_of_the_users(make):
    content = planner()
    book = make(
        _with_text(
            content, sheet_part(content, "measures"), "</row></sheetData>", '<c r="E5"><v>1</v></c></row></sheetData>'
        )
    )
    with pytest.raises(OkrError, match="table_blocked_right") as refused:
        book.write(change("measures", {}, new_headers=("2026-02",)), command="fill")
    assert refused.value.details["cell"] == "E5"


# --- blocks ---


def test_a_block_is_filled_from_its_corner_and_emptied_beside(book):
    block = [["a", 1.5], ["b"]]
    book.write(Changes(blocks=(BlockChange("okr_alerts", block),)), command="refresh")
    assert book.read_block("okr_alerts") == [["a", 1.5, None], ["b", None, None], [None] * 3]
    link = Formula('HYPERLINK("#A1","x")', "x")
    book.write(Changes(blocks=(BlockChange("okr_alerts", [[link]]),)), command="refresh")
    assert book.read_block("okr_alerts") == [["x", None, None], [None] * 3, [None] * 3]
    book.write(Changes(blocks=(BlockChange("okr_alerts", [["plain"]]), BlockChange("gone", [[1]]))), command="refresh")
    assert book.read_block("okr_alerts")[0] == ["plain", None, None]


def test_errors_never_computed_and_empty_are_three_things(make):
    content = planner(
        check_ins=[
            [None, "a", 11, None, None, None],
            [None, "b", 22, None, None, None],
            [None, "c", 33, None, None, None],
        ]
    )
    text = parts_of(content)[part := sheet_part(content, "check_ins")].decode()
    text = text.replace("><v>11</v>", ' t="e"><f>1/0</f><v>#DIV/0!</v>').replace("<v>22</v>", "<f>1+1</f><v></v>")
    book = make(Archive(content).replaced({part: text.encode()}))
    assert [row[2] for row in book.read()["check_ins"].rows] == [CellError("#DIV/0!"), NOT_COMPUTED, 33]
