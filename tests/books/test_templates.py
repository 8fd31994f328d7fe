"""The templates as they are shipped: rebuilt the same, complete, readable, guarded, and clean to open."""

from __future__ import annotations

import io
import re
import warnings
from itertools import product

import openpyxl
import pytest
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openxml_audit import OpenXmlValidator

from okr_workbook.books.design.build import planner_bytes
from okr_workbook.books.design.columns import columns_of as looks_of
from okr_workbook.books.design.table_sheets import LEAST_SCALE
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.macros.template import with_macros
from okr_workbook.books.team.heights import width
from okr_workbook.books.team_sheets import kept_by_excel
from okr_workbook.books.templates import example_tables, template_path
from okr_workbook.domain.planner import Settings
from okr_workbook.labels import LANGUAGES, labels_for
from okr_workbook.tables import blocks
from okr_workbook.tables.blocks import Block
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.csv_rows import decode, parse_csv
from okr_workbook.tables.palette import MINIMUM_CONTRAST, READ_TOGETHER, contrast
from okr_workbook.tables.parsing import parse_planner
from okr_workbook.tables.schema import INPUT_TABLES, SCHEMA_VERSION, SETTINGS, TABLES, table
from tests.books.workbooks import parts_of

KINDS = [(language, macros) for language in LANGUAGES for macros in (False, True)]
ALL_BLOCKS = [one for one in vars(blocks).values() if isinstance(one, Block)]
ALL_BLOCKS += [*blocks.TILES, *blocks.STATUS_COUNTS.values()]


def rebuilt(language: str, *, macros: bool) -> bytes:
    return with_macros(planner_bytes(language, buttons=True), language) if macros else planner_bytes(language)


def shipped(language: str, *, macros: bool) -> bytes:
    with open(template_path(language, macros=macros), "rb") as file:
        return file.read()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def book(language):
    found = FileBook(template_path(language), keep_history=False)
    found.read()
    return found


@pytest.fixture(scope="module")
def sheets(language):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says that it would lose the sparklines: it only reads here
        return openpyxl.load_workbook(io.BytesIO(shipped(language, macros=False)))


@pytest.mark.parametrize(("language", "macros"), KINDS)
def test_a_rebuild_is_the_shipped_file_part_for_part(language, macros):
    # The deflated bytes may differ between builds of zlib; what they hold may not.
    fresh, committed = parts_of(rebuilt(language, macros=macros)), parts_of(shipped(language, macros=macros))
    assert list(fresh) == list(committed)
    assert [name for name in fresh if fresh[name] != committed[name]] == []


@pytest.mark.parametrize(("language", "macros"), KINDS)
def test_excel_is_expected_to_open_it_without_repair(language, macros):
    found = OpenXmlValidator().validate(template_path(language, macros=macros))
    assert found.is_valid, found.errors[:3]


def test_every_table_has_all_its_fields_in_the_language(book, language):
    grids = book.read()
    assert set(grids) == {one.id for one in TABLES}
    for one in TABLES:
        assert columns_of(one.id, grids[one.id].headers).missing(one) == ()
        assert grids[one.id].sheet == labels_for(language).table(one.id)


def test_an_empty_template_is_the_methods_defaults_and_no_problem(book, language):
    parsed = parse_planner(book.read())
    defaults = Settings()._replace(language=language)
    assert parsed.planner.settings._replace(row_number=0) == defaults
    assert parsed.problems == ()
    assert parsed.planner.objectives == parsed.planner.key_results == ()


@pytest.mark.parametrize("block", ALL_BLOCKS, ids=lambda block: block.name)
def test_every_block_is_a_named_range_of_its_size(book, block):
    found = book.read_block(block.name)
    assert found is not None
    assert (len(found), {len(row) for row in found}) == (block.rows, {block.columns})


def test_no_block_lies_over_another(sheets):
    taken: dict[tuple[str, int, int], str] = {}
    for block in ALL_BLOCKS:
        for sheet, cells in sheets.defined_names[block.name].destinations:
            left, top, right, bottom = range_boundaries(cells.replace("$", ""))
            for place in product([sheet], range(top, bottom + 1), range(left, right + 1)):
                assert taken.setdefault(place, block.name) == block.name


def test_no_sheet_has_the_name_that_excel_keeps_for_its_own(sheets):
    assert not kept_by_excel() & {name.casefold() for name in sheets.sheetnames}


def test_the_schema_is_named(book):
    assert book.read_block("okr_schema") == [[SCHEMA_VERSION]]


def test_input_sheets_are_open_and_what_refresh_writes_is_guarded_without_password(sheets, language):
    labels = labels_for(language)
    pages = {labels.text("tables", f"sheets.{page}") for page in ("start", "dashboard", "alignment")}
    guarded = pages | {labels.table(one.id) for one in TABLES if one.computed} | {"okr_data"}
    for sheet in sheets:
        assert sheet.protection.sheet == (sheet.title in guarded)
        assert not sheet.protection.password
    assert sheets["okr_data"].sheet_state == "hidden"


OFFERED = {("actions", "serves"): "list_served"}
"""What a dropdown offers where it is not the first table its field refers to."""

PRINTED = {
    "objectives": ("score", "expected", "status", "forecast"),
    "key_results": ("target", "lower", "upper", "current", "value", "score", "expected", "status", "forecast"),
    "kpis": ("target", "value", "period", "change", "attainment", "status", "bad_periods"),
    "problems": ("severity", "table", "row", "message", "advice"),
    "conflicts": ("id", "table", "row", "field", "ours", "theirs", "state"),
}
"""What is printed of a table that is too wide for a page, beside the names repeated at its left."""


def print_areas(language: str) -> dict[str, str]:
    """The print area of each sheet that has one, by its name. openpyxl does not read those of whole columns."""
    text = parts_of(shipped(language, macros=False))["xl/workbook.xml"].decode()
    areas = re.findall(r'<definedName name="_xlnm.Print_Area"[^>]*>([^<]*)</', text)
    return {sheet.strip("'"): area for sheet, _, area in (one.rpartition("!") for one in areas)}


def validations(sheet):
    """The rule of each area, by its first cell."""
    rules = sheet.data_validations.dataValidation
    return {str(area).partition(":")[0]: rule for rule in rules for area in rule.sqref.ranges}


def drawings(language: str) -> str:
    parts = parts_of(shipped(language, macros=False))
    return "".join(part.decode() for name, part in parts.items() if name.startswith("xl/drawings/drawing"))


def test_every_choice_and_reference_has_a_dropdown_and_every_header_its_help(sheets, book, language):
    labels = labels_for(language)
    for table_id in (one for one in INPUT_TABLES if one != "settings"):
        grid, rules = book.read()[table_id], validations(sheets[book.read()[table_id].sheet])
        places = columns_of(table_id, grid.headers).fields
        for field in table(table_id).fields:
            column = places[field.id]
            assert rules[grid.address(-1, column)].prompt == labels.help(table_id, field.id)
            rule = rules.get(grid.address(0, column))
            if field.computed:
                assert rule.type == "custom"
            elif field.choices:
                assert rule.formula1 == '"' + ",".join(labels.choice(one, field.id) for one in field.choices) + '"'
            elif field.refers:
                assert rule.formula1 == OFFERED.get((table_id, field.id), f"list_{field.refers[0][0]}")
                assert rule.errorStyle == "warning" or not rule.showErrorMessage


@pytest.mark.parametrize(
    ("table_id", "field", "offered"), [("actions", "serves", "list_served"), ("check_ins", "author", "list_members")]
)
def test_what_a_list_cannot_hold_in_full_is_only_suggested(sheets, book, table_id, field, offered):
    grid = book.read()[table_id]
    rule = validations(sheets[grid.sheet])[grid.address(0, columns_of(table_id, grid.headers).fields[field])]
    assert (rule.type, rule.formula1, bool(rule.showErrorMessage)) == ("list", offered, False)


def test_the_currency_setting_suggests_the_signs_that_numbers_are_shown_with(sheets, book):
    grid = book.read()["settings"]
    row = next(index for index, field in enumerate(SETTINGS) if field.id == "currency")
    rule = validations(sheets[grid.sheet])[grid.address(row, 1)]
    assert (rule.formula1, bool(rule.showErrorMessage)) == ('"€,$,£"', False)


def test_what_refresh_has_not_written_yet_says_so(book, language):
    sentence = labels_for(language).text
    assert book.read_block("okr_start_line") == [[sentence("sheets", "start.first")]]
    assert book.read_block("okr_start_next") == [[sentence("sheets", "start.refresh")]]
    assert book.read_block("okr_alerts_text")[0] == [sentence("sheets", "dashboard.not_yet")]
    assert book.read_block("okr_company_score") == [[None]]


def test_every_sheet_is_linked_from_the_start_page(sheets, language):
    start = sheets.worksheets[0]
    linked = {link.location for row in start.iter_rows() for cell in row if (link := cell.hyperlink)}
    led_to = {sheets.defined_names[name].attr_text.split("!")[0].strip("'") for name in linked}
    assert led_to == set(sheets.sheetnames) - {start.title, "okr_data"}


def test_tables_too_wide_for_a_page_print_the_columns_that_matter_large_enough_to_read(sheets, book, language):
    areas = print_areas(language)
    for table_id, fields in PRINTED.items():
        grid = book.read()[table_id]
        sheet, places = sheets[grid.sheet], columns_of(table_id, grid.headers).fields
        first, last = (get_column_letter(places[field] + 1) for field in (fields[0], fields[-1]))
        assert areas[grid.sheet] == f"${first}:${last}"
        between = [field for field, place in places.items() if places[fields[0]] <= place <= places[fields[-1]]]
        assert set(fields) <= set(between)
        assert LEAST_SCALE <= sheet.page_setup.scale <= 100
        assert not sheet.sheet_properties.pageSetUpPr.fitToPage


def test_months_print_on_as_many_pages_as_they_take_each_with_the_names_of_its_rows(sheets, language):
    sheet = sheets[labels_for(language).table("measures")]
    assert (sheet.print_title_cols, sheet.page_setup.scale, sheet.page_setup.pageOrder) == (
        "$A:$B",
        LEAST_SCALE,
        "overThenDown",
    )
    assert not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage


def test_long_lists_print_upright(sheets, language):
    labels = labels_for(language)
    upright = {sheet.title for sheet in sheets if sheet.page_setup.orientation == "portrait"}
    assert upright - {"okr_data"} == {labels.table("check_ins"), labels.table("history")}


FILTER_BUTTON, INDENT = 17, 9
"""Pixels of the button that Excel shows at the right of a header, and of an indent."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table_id", [one.id for one in TABLES if one.id != "settings"])
def test_no_header_is_covered_by_its_filters_button(language, table_id):
    for column in looks_of(table(table_id)):
        label = labels_for(language).field(table_id, column.field.id)
        beside = {"center": 2 * FILTER_BUTTON, "right": 2 * INDENT, "left": INDENT + FILTER_BUTTON}[column.align]
        # what has two words may stand on two lines, the first above the button
        assert all(width(word) <= column.width - beside for word in label.split()), label


def test_texts_wrap_in_rows_that_have_room_for_two_lines_and_numbers_in_a_unit_shrink(sheets, book):
    grids = book.read()
    for one in (one for one in TABLES if one.id not in ("settings", "history")):
        grid = grids[one.id]
        sheet, places = sheets[grid.sheet], columns_of(one.id, grid.headers).fields
        assert sheet.row_dimensions[grid.top + 1].height >= 25.5
        for column in looks_of(one):
            alignment = sheet[grid.address(0, places[column.field.id])].alignment
            assert bool(alignment.wrap_text) == (column.align == "left"), column.field.id
            assert bool(alignment.shrink_to_fit) == column.field.by_unit, column.field.id


def test_differences_are_shown_with_their_sign(sheets, book):
    for table_id, difference, other in (("kpis", "change", "value"), ("key_results", "needed_per_week", "value")):
        grid = book.read()[table_id]
        places = columns_of(table_id, grid.headers).fields
        formats = {
            field: {rule.dxf.numFmt.formatCode for area in sheets[grid.sheet].conditional_formatting
                    if grid.address(0, places[field]) in area.sqref for rule in area.rules if rule.dxf and rule.dxf.numFmt}
            for field in (difference, other)
        }  # fmt: skip
        assert {code[0] for code in formats[difference]} == {"+"}
        assert not any(code.startswith("+") for code in formats[other])


def test_the_day_of_what_is_overdue_has_its_sign(sheets, book, language):
    labels, grid = labels_for(language), book.read()["actions"]
    cell = grid.address(0, columns_of("actions", grid.headers).fields["due"])
    ((rule,),) = [area.rules for area in sheets[grid.sheet].conditional_formatting if cell in area.sqref]
    assert labels.choice("done", "state") in rule.formula[0]
    assert labels.choice("doing", "state") not in rule.formula[0]
    days = sheets[labels.text("tables", "sheets.dashboard")].conditional_formatting
    codes = [
        one.dxf.numFmt.formatCode
        for area in days
        for one in area.rules
        if one.dxf.numFmt and "AS_OF" in one.formula[0].upper()
    ]
    for code in (rule.dxf.numFmt.formatCode, *codes):
        assert '"! "' in code
    assert len(codes) == 1


def test_the_foot_of_a_page_names_the_file_and_not_the_program(sheets):
    assert {sheet.oddFooter.left.text for sheet in sheets if sheet.title != "okr_data"} == {"&F"}


def test_every_setting_stands_with_what_it_does(sheets, book, language):
    labels, grid = labels_for(language), book.read()["settings"]
    assert [row[0] for row in grid.rows] == [labels.setting(one.id) for one in SETTINGS]
    assert [row[2] for row in grid.rows] == [labels.setting_help(one.id) for one in SETTINGS]


def test_every_chart_tells_in_words_what_it_shows(language):
    frames = re.findall(r"<xdr:graphicFrame.*?</xdr:graphicFrame>", drawings(language))
    assert len(frames) == 3
    assert all(re.search(r'descr="[^"]{20,}"', frame) for frame in frames)


def test_the_planner_without_macros_shows_no_buttons(language):
    assert "<xdr:sp " not in drawings(language)


def test_dropdown_words_have_no_comma_which_would_cut_them(language):
    labels = labels_for(language)
    words = [labels.choice(choice, field.id) for one in TABLES for field in one.fields for choice in field.choices]
    assert [word for word in words if "," in word] == []


@pytest.mark.parametrize(("where", "paint"), READ_TOGETHER.items())
def test_whatever_people_read_has_contrast(where, paint):
    assert contrast(paint) >= MINIMUM_CONTRAST


# --- the worked example ---


WORDS = {"objective", "key_result", "kpi", "action", "comment", "label", "unit", "source", "team"}
"""Fields that say something in the planner's language."""

IDS = {"check_ins": {"key_result"}, "key_results": {"objective", "kpi"}}
"""Of these, what is an id in one table."""


def figures(language: str) -> dict[str, list[dict[str, str]]]:
    """The example's rows without what is in words."""
    found = {}
    for table_id, content in example_tables(language):
        file = parse_csv(decode(content), table(table_id), language)
        words = WORDS - IDS.get(table_id, set())
        rows = [{**row.fields, **{str(month): text for month, text in row.months.items()}} for row in file.rows]
        found[table_id] = [{name: text for name, text in row.items() if name not in words} for row in rows]
    return found


def test_the_example_has_the_same_figures_in_every_language():
    assert figures("en") == figures("fr")
    assert list(figures("en")) == list(INPUT_TABLES)
