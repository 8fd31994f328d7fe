"""The quick writer against the plain one: the same workbook, part by part and cell by cell, as openpyxl reads them."""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import fromstring

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from okr_workbook.books.team.model import ROW, Chart, Look, Row, RowKind, Sheet, Workbook
from okr_workbook.books.team.package_writer import write_package
from okr_workbook.books.team_book import team_workbook
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import Formula
from tests.books.plain_writer import write_plain
from tests.books.random_planners import TEAM, a_random_planner
from tests.books.recalculation import differences, stored
from tests.books.test_team_book import a_small_planner, plan_of
from tests.books.test_team_measures import VISITS, a_plan
from tests.builders import a_kpi


def workbooks():
    for seed, language in ((0, "fr"), (1, "en")):
        yield team_workbook(plan_of(a_random_planner(seed)), labels_for(language))
    yield team_workbook(plan_of(a_small_planner(0)), labels_for("fr"))
    yield team_workbook(a_plan([VISITS], [a_kpi(formula="visits / 8", team=TEAM)]), labels_for("fr"))
    odd = Sheet(
        "It's 1 & <2>",
        freeze="B3",
        widths={1: 50},
        heights={7: 33},
        print_area="A1:B2",
        print_titles="1:2",
        print_columns="A:B",
        pages_wide=2,
    )
    for row, value in enumerate(
        ["=1+1", " spaces ", "two\nlines", "<&>\"'", "é🎯", True, 0.1 + 0.2, 10**15, "x\x07y"], 1
    ):
        odd.put(row, 1, value, Look(number='0.0 "<>"', wrap=True))
    odd.put(1, 2, Formula('IF(A1="","<","&")', "<"))
    odd.put(2, 2, Formula("1=1", True))
    odd.charts.append(
        Chart(
            "trend", (3, 3), (6, 9), odd.title, 1, 6, 6, 2, "A & <B>", '"€"0.0', behind=odd.title, labels_row=7,
            targets=2, step=0.05, from_zero=False, insets=(7, 11),
        )
    )  # fmt: skip
    kind = RowKind([(2, "", Look()), (3, "", Look(bold=True)), (4, f'B{ROW}&"✓ é%"', Look())], height=12)
    own = (Formula('IF(TRUE,"✓ <é>",1)', "✓ <é>"), Formula("1=1", True), Formula("1+0.5", 1.5), Formula('""', ""))
    odd.rows |= {20 + place: Row(kind, (formula, "%s & é", "✓ é%")) for place, formula in enumerate(own)}
    odd.rows[30] = Row(RowKind([(1, "", Look(shrink=True))]), (None,))
    odd.rows |= {31: Row(kind, (1.0, "a", "b"), height=40), 32: Row(kind, (1.0, "a", "b"), height=55.5)}
    odd.put(32, 6, "over a row of a kind")
    yield Workbook((odd,), {}, "odd <&>", "c", "en")
    plain = Sheet("Only plain texts")
    for row, value in enumerate(["A & <b>", "12\u202f%", "« Où\xa0? »", "1,2"], 1):
        plain.put(row, 1, value)
    yield Workbook((plain,), {}, "plain", "c", "en")


@pytest.fixture(scope="module", params=range(6))
def both(request):
    """One workbook as each writer writes it."""
    one = list(workbooks())[request.param]
    for sheet in one.sheets:  # openpyxl refuses what XML cannot hold; the quick writer leaves it out
        for place, (value, look) in sheet.cells.items():
            if value == "x\x07y":
                sheet.cells[place] = ("xy", look)
    return write_plain(one), write_package(one)


def opened(content, **options):
    return load_workbook(io.BytesIO(content), **options)


def edge(side):
    return (side.style, side.color.rgb if side.color else None) if side and side.style else None


def seen(cell):
    """All that a cell says and how it looks. The plain writer keeps 16 digits of a number, the quick one all."""
    return (
        float(f"{cell.value:.15g}") if isinstance(cell.value, float) else cell.value, cell.data_type, cell.number_format, cell.font.sz, cell.font.b, cell.font.color.rgb if cell.font.color else None,
        cell.font.name, cell.fill.fill_type, cell.fill.fgColor.rgb, edge(cell.border.bottom), edge(cell.border.top), cell.alignment.horizontal, cell.alignment.vertical,
        cell.alignment.indent, bool(cell.alignment.wrap_text), bool(cell.alignment.shrink_to_fit), cell.protection.locked,
    )  # fmt: skip


def test_every_cell_says_and_looks_the_same(both):
    plain, quick = map(opened, both)
    assert plain.sheetnames == quick.sheetnames
    for sheet in plain:
        other = quick[sheet.title]
        cells = {cell.coordinate: seen(cell) for row in sheet.iter_rows() for cell in row}
        assert {cell.coordinate: seen(cell) for row in other.iter_rows() for cell in row} == cells


def test_every_formula_carries_the_same_value(both):
    plain, quick = map(stored, both)
    assert plain.keys() == quick.keys()
    assert differences(plain, quick) == {}


def page(sheet):
    """All that a sheet has beside its cells."""
    rules = sorted(
        (str(area.sqref), [(rule.type, rule.text, rule.formula) for rule in area.rules])
        for area in sheet.conditional_formatting
    )
    validations = sorted(
        (str(one.sqref), one.type, one.formula1, one.formula2, one.showErrorMessage, one.error, one.prompt)
        for one in sheet.data_validations.dataValidation
    )
    return {
        "state": sheet.sheet_state,
        "widths": {letter: round(column.width, 6) for letter, column in sheet.column_dimensions.items()},
        "hidden": sorted(letter for letter, column in sheet.column_dimensions.items() if column.hidden),
        "heights": {number: row.height for number, row in sheet.row_dimensions.items() if row.height},
        "merges": sorted(map(str, sheet.merged_cells.ranges)),
        "tables": {name: (table.ref, [column.name for column in table.tableColumns], table.autoFilter) for name, table in ((name, sheet.tables[name]) for name in sheet.tables)},
        "rules": rules,
        "validations": validations,
        "freeze": sheet.freeze_panes,
        "print": (sheet.print_area, sheet.print_title_rows, sheet.print_title_cols, sheet.page_setup.fitToWidth, sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight),
        "footer": (sheet.oddFooter.left.text, sheet.oddFooter.center.text, sheet.oddFooter.right.text),
        "margins": (sheet.page_margins.left, sheet.page_margins.bottom),
        "guard": dict(sheet.protection),
        "tab": sheet.sheet_properties.tabColor.rgb if sheet.sheet_properties.tabColor else None,
        "grid": sheet.sheet_view.showGridLines,
    }  # fmt: skip


def test_every_sheet_has_the_same_page_rules_and_tables(both):
    plain, quick = map(opened, both)
    for sheet in plain:
        assert page(quick[sheet.title]) == page(sheet)
    assert {name: one.attr_text for name, one in plain.defined_names.items()} == {
        name: one.attr_text for name, one in quick.defined_names.items()
    }


def parts(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [package.read(name) for name in sorted(package.namelist()) if name.startswith(folder)]


def corner(mark):
    return mark.col, mark.colOff, mark.row, mark.rowOff


def test_every_chart_has_the_same_place(both):
    for sheet, other in zip(*map(opened, both), strict=True):
        places = [
            [(corner(chart.anchor._from), corner(chart.anchor.to)) for chart in one._charts] for one in (sheet, other)
        ]
        assert places[0] == places[1]


def test_every_chart_is_the_same(both):
    from xml.etree.ElementTree import canonicalize

    plain, quick = (
        [canonicalize(part, rewrite_prefixes=True) for part in parts(content, "xl/charts/")] for content in both
    )
    assert quick == plain


@pytest.mark.parametrize(
    "texts", [["a", "b "], [" a"], ["a\xa0", "b"], ["a  b", "c"], ["two\nlines"], ["_x0041_"], ["a", "\xa0b"], ["\x07"]]
)
def test_texts_that_take_care_come_back_as_they_are(texts):
    sheet = Sheet("S", cells={(row, 1): (text, Look()) for row, text in enumerate(texts, 1)})
    content = write_package(Workbook((sheet,), {}, "t", "c", "en"))
    assert stored_texts(content) == texts


def stored_texts(content):
    """What a reader that keeps to the letter of XML makes of the shared texts: space may go where nothing says to keep it."""
    found = []
    for text in fromstring(parts(content, "xl/sharedStrings")[0]).iter(
        "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}t"
    ):
        kept = text.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        found.append(unescape(text.text if kept else " ".join(text.text.split(" ")).strip()))
    return found


def test_a_sheets_part_is_all_ascii_whatever_its_language():
    content = write_package(team_workbook(plan_of(a_small_planner(0)), labels_for("fr")))
    assert all(part.isascii() for part in parts(content, "xl/worksheets/sheet"))


def test_what_xml_cannot_hold_is_escaped_as_excel_does_it():
    sheet = Sheet("S")
    sheet.put(1, 1, "x\x07y\ufffe")
    sheet.put(2, 1, "_x000D_")
    cells = opened(write_package(Workbook((sheet,), {}, "t\x07", "c", "en"))).worksheets[0]
    assert (cells["A1"].value, cells["A2"].value) == ("x_x0007_y_xFFFE_", "_x000D_")  # as openpyxl resolves them


def test_a_text_is_cut_where_a_cell_ends():
    sheet = Sheet("S")
    sheet.put(1, 1, "🎯" * 20_000)
    text = opened(write_package(Workbook((sheet,), {}, "t", "c", "en"))).worksheets[0]["A1"].value
    assert text == "🎯" * 16_383
