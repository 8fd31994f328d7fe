"""A workbook of values (`model`) to the bytes of an .xlsx, plainly with openpyxl. Slow and sure: what the fast way must equal."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from okr_workbook.books.team.charts import PIXEL, draw
from okr_workbook.books.team.model import Between, Chart, Choice, Look, Sheet, Workbook
from okr_workbook.books.team_names import MADE
from okr_workbook.labels import STATUS_SYMBOLS
from okr_workbook.tables.grid import Formula, Value, column_letters
from okr_workbook.tables.palette import FONT, MUTED, STATUS_PAINT, WHITE
from tests.books.stored_values import stored_values

_LONGEST_LIST = 255


def write_plain(workbook: Workbook) -> bytes:
    """The .xlsx, with every formula's value stored."""
    book = OpenpyxlWorkbook()
    book.remove(book.worksheets[0])
    _put_properties(book, workbook)
    stored: dict[tuple[str, str], str | float | bool] = {}
    styles: dict[Look, Any] = {}
    targets = [book.create_sheet(sheet.title) for sheet in workbook.sheets]  # all first: charts speak of other sheets
    for target, sheet in zip(targets, workbook.sheets, strict=True):
        _write_sheet(target, sheet, styles, stored)
    for name, reference in workbook.names.items():
        book.defined_names[name] = DefinedName(name, attr_text=reference)
    book.calculation.fullCalcOnLoad = True
    out = BytesIO()
    with stored_values(stored):
        book.save(out)
    return out.getvalue()


def _put_properties(book: Any, workbook: Workbook) -> None:
    facts = book.properties
    facts.creator, facts.title, facts.language = "okr_workbook", workbook.title, workbook.language
    facts.created = facts.modified = datetime.fromisoformat(MADE)


def _write_sheet(target: Any, sheet: Sheet, styles: dict[Look, Any], stored: dict[tuple[str, str], Any]) -> None:
    for (row, column), (value, look) in sheet.all_cells().items():
        cell = target.cell(row, column)
        _set_value(cell, value, sheet.title, stored)
        if look not in styles:
            _set_look(cell, look)
            styles[look] = cell._style  # shared style ids: a quarter of the time
        else:
            cell._style = styles[look]
    _lay_out(target, sheet)
    for known in sheet.tables:
        table = Table(displayName=known.name, name=known.name, ref=known.ref)
        # columns of its own keep the library from adding a filter, whose buttons would cover the headers
        table.tableColumns = [TableColumn(id=at, name=words) for at, words in enumerate(known.headers, 1)]
        table.tableStyleInfo = TableStyleInfo(name=None, showRowStripes=False)
        target.add_table(table)
    for choice in sheet.choices:
        target.add_data_validation(_choice(choice))
    for between in sheet.betweens:
        target.add_data_validation(_between(between))
    for area in sheet.status_areas:
        _paint_statuses(target, area)
    for chart in sheet.charts:
        _add_chart(target, chart, sheet)
    if sheet.state == "visible":
        _protect(target)


def _set_value(cell: Any, value: Value, title: str, stored: dict[tuple[str, str], Any]) -> None:
    if isinstance(value, Formula):
        cell.value = f"={value.text}"
        stored[title, cell.coordinate] = "" if value.value is None else value.value
    elif isinstance(value, str):
        cell.value = value
        cell.data_type = "s"  # whatever it begins with: a text stays a text
    else:
        cell.value = value


def _set_look(cell: Any, look: Look) -> None:
    cell.font = Font(name=FONT, size=look.size, bold=look.bold, italic=look.italic, color=_opaque(look.color))
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=_opaque(look.fill))
    vertical = "top" if look.top else "center"
    cell.alignment = Alignment(
        horizontal=look.align or None, vertical=vertical, indent=look.indent, wrap_text=look.wrap or None,
        shrink_to_fit=look.shrink or None,
    )  # fmt: skip
    if look.number:
        cell.number_format = look.number
    if look.pill:
        edge = Side("thick", color=_opaque(WHITE))
        cell.border = Border(top=edge, bottom=edge)
    elif look.line:
        cell.border = Border(bottom=Side("thin", color=_opaque(look.line)))
    cell.protection = Protection(locked=not look.unlocked)


def _opaque(color: str) -> str:
    """A colour as Excel writes it, its opacity first."""
    return f"FF{color[1:]}"


def _lay_out(target: Any, sheet: Sheet) -> None:
    target.sheet_view.showGridLines = False
    target.sheet_state = sheet.state
    for column, pixels in sheet.widths.items():
        dimension = target.column_dimensions[column_letters(column)]
        dimension.width, dimension.hidden = (pixels - 5) / 7 + 0.71, column in sheet.hidden
    for row, points in sheet.all_heights().items():
        target.row_dimensions[row].height = points
    for area in sheet.merges:
        target.merge_cells(area)
    if sheet.freeze:
        target.freeze_panes = sheet.freeze
    if sheet.tab_color:
        target.sheet_properties.tabColor = _opaque(sheet.tab_color)
    target.page_setup.orientation, target.page_setup.paperSize = "landscape", 9
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = sheet.pages_wide, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    margins = target.page_margins
    margins.left = margins.right = margins.top = 0.4
    margins.bottom, margins.footer = 0.55, 0.25
    for part, words in (("left", "&F"), ("center", "&A"), ("right", "&P / &N")):
        place = getattr(target.oddFooter, part)
        place.text, place.size, place.color = words, 8, MUTED[1:]
    if sheet.print_area:
        target.print_area = sheet.print_area
    if sheet.print_titles:
        target.print_title_rows = sheet.print_titles
    if sheet.print_columns:
        target.print_title_cols = sheet.print_columns


def _choice(rule: Choice) -> DataValidation:
    options = '"' + ",".join(rule.options).replace('"', '""') + '"'
    found = DataValidation("list", formula1=rule.source or options, allow_blank=True, sqref=rule.area)
    _put_messages(found, rule)
    return found


def _between(rule: Between) -> DataValidation:
    kind: Any = rule.kind
    found = DataValidation(
        kind, operator="between", formula1=rule.low, formula2=rule.high, allow_blank=True, sqref=rule.area
    )
    _put_messages(found, rule)
    return found


def _put_messages(found: DataValidation, rule: Choice | Between) -> None:
    if rule.error:
        found.error, found.showErrorMessage = rule.error[:225], True
    if rule.prompt:
        found.prompt, found.showInputMessage = rule.prompt[:255], True


def _paint_statuses(target: Any, area: str) -> None:
    """Paint each status by the symbol it begins with, so that a recalculated word is painted at once."""
    first = area.split(":", maxsplit=1)[0]
    seen: set[str] = set()
    for status, paint in STATUS_PAINT.items():
        symbol = STATUS_SYMBOLS[status]
        if symbol in seen:
            continue
        seen.add(symbol)
        style = DifferentialStyle(
            font=Font(color=_opaque(paint.text)), fill=PatternFill(bgColor=_opaque(paint.fill), fill_type="solid")
        )
        formula = f'LEFT({first},1)="{symbol}"'
        target.conditional_formatting.add(
            area, Rule(type="beginsWith", operator="beginsWith", text=symbol, dxf=style, formula=[formula])
        )


def _protect(target: Any) -> None:
    """No password: it keeps slips away, not people."""
    guard = target.protection
    guard.sheet = True
    guard.formatColumns = guard.formatRows = guard.sort = guard.autoFilter = False  # False: allowed
    guard.objects = guard.scenarios = True


def _add_chart(target: Any, chart: Chart, sheet: Sheet) -> None:
    """Draw one chart on a sheet of openpyxl."""
    drawn = draw(target if chart.sheet == sheet.title else target.parent[chart.sheet], chart)
    (left, top), (right, bottom), (from_left, from_right) = chart.start, chart.end, chart.insets
    anchor: Any = TwoCellAnchor(
        _from=AnchorMarker(col=left - 1, row=top - 1, colOff=from_left * PIXEL),
        to=AnchorMarker(col=right - 1, row=bottom - 1, colOff=from_right * PIXEL),
    )
    drawn.anchor = anchor
    target.add_chart(drawn)
