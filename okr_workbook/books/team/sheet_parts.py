"""One sheet of values (`model`) as the text of its parts: cells, rules, page; its tables and drawing apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

from okr_workbook.books.parts.xml_text import MAIN
from okr_workbook.books.team.model import Between, Choice, Look, Sheet, TableArea
from okr_workbook.books.team.row_stamps import RowStamps, formula_cell, serial
from okr_workbook.books.team.style_parts import Styles, status_symbols
from okr_workbook.books.team.texts import SharedTexts, attribute, clean, in_ascii
from okr_workbook.tables.grid import Formula, Value, column_letters
from okr_workbook.tables.palette import MUTED

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LONGEST_ERROR, _LONGEST_PROMPT = 225, 255  # Excel's limits


class Attached(NamedTuple):
    """The relationship ids of what a sheet has: its drawing ("" for none) and its tables."""

    drawing: str
    tables: tuple[str, ...]


class CellWriter:
    """Writes single cells of one workbook, whose looks and shared texts are numbered as they come."""

    def __init__(self, styles: Styles, texts: SharedTexts) -> None:
        self._styles, self._texts = styles, texts

    def cell(self, row: int, column: int, value: Value, look: Look) -> str:
        """The text of a cell."""
        start = f'<c r="{_letters(column)}{row}" s="{self._styles.number(look)}"'
        return f"{start}/>" if value is None or value == "" else _WRITERS[type(value)](start, value, self._texts)


class Writers(NamedTuple):
    """What writes the cells of one workbook: rows of kinds, and cells one by one."""

    rows: RowStamps
    cells: CellWriter

    @classmethod
    def of(cls, styles: Styles, texts: SharedTexts) -> Writers:
        """The writers that number looks and texts in these."""
        return cls(RowStamps(styles, texts), CellWriter(styles, texts))


def sheet_part(sheet: Sheet, writers: Writers, attached: Attached, *, first: bool) -> str:
    """The text of a sheet's part, in ASCII."""
    return "".join(
        (
            f'<worksheet xmlns="{MAIN}" xmlns:r="{_RELATIONS}">',
            _properties(sheet),
            _view(sheet, first=first),
            '<sheetFormatPr baseColWidth="8" defaultRowHeight="15"/>',
            _columns(sheet),
            *_rows(sheet, writers),
            in_ascii(_after_rows(sheet, attached)),
            "</worksheet>",
        )
    )


def _after_rows(sheet: Sheet, attached: Attached) -> str:
    return "".join(
        (
            _protection(sheet),
            _merges(sheet),
            *(_painting(area, place) for place, area in enumerate(sheet.status_areas)),
            _validations(sheet),
            '<pageMargins left="0.4" right="0.4" top="0.4" bottom="0.55" header="0.5" footer="0.25"/>',
            f'<pageSetup orientation="landscape" paperSize="9" fitToHeight="0" fitToWidth="{sheet.pages_wide}"/>',
            _FOOTER,
            f'<drawing r:id="{attached.drawing}"/>' if attached.drawing else "",
            _tables(attached.tables),
        )
    )


_FOOTER = (
    "<headerFooter><oddFooter>"
    + "".join(
        f"&amp;{side}&amp;8&amp;K{MUTED[1:]}{words}"
        for side, words in (("L", "&amp;F"), ("C", "&amp;A"), ("R", "&amp;P / &amp;N"))
    )
    + "</oddFooter></headerFooter>"
)


def _properties(sheet: Sheet) -> str:
    color = f'<tabColor rgb="FF{sheet.tab_color[1:]}"/>' if sheet.tab_color else ""
    return f'<sheetPr>{color}<pageSetUpPr fitToPage="1"/></sheetPr>'


def _view(sheet: Sheet, *, first: bool) -> str:
    selected = ' tabSelected="1"' if first else ""
    return f'<sheetViews><sheetView showGridLines="0"{selected} workbookViewId="0">{_pane(sheet.freeze)}</sheetView></sheetViews>'


def _pane(freeze: str) -> str:
    """The frozen rows above and columns left of a cell."""
    if not freeze:
        return ""
    letters, row = freeze.rstrip("0123456789"), int(freeze.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    columns = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters))) - 1
    split = (f' xSplit="{columns}"' if columns else "") + (f' ySplit="{row - 1}"' if row > 1 else "")
    pane = "bottomRight" if columns and row > 1 else "topRight" if columns else "bottomLeft"
    return f'<pane{split} topLeftCell="{freeze}" activePane="{pane}" state="frozen"/><selection pane="{pane}"/>'


def _columns(sheet: Sheet) -> str:
    if not sheet.widths:
        return ""
    columns = "".join(_column(place, pixels, place in sheet.hidden) for place, pixels in sorted(sheet.widths.items()))
    return f"<cols>{columns}</cols>"


@lru_cache(maxsize=1_024)
def _column(place: int, pixels: float, hidden: bool) -> str:
    seen = ' hidden="1"' if hidden else ""
    return f'<col min="{place}" max="{place}" width="{(pixels - 5) / 7 + 0.71!r}" customWidth="1"{seen}/>'


# --- cells ----------------------------------------------------------------------------------------


def _rows(sheet: Sheet, writers: Writers) -> list[str]:
    """The rows in their order: those of a kind by its stamp, all others cell by cell."""
    heights, singly = dict(sheet.heights), _by_row(sheet)
    for number in singly.keys() & sheet.rows.keys():  # a cell was put over a row of a kind
        row = sheet.rows[number]
        singly[number] = {column: (value, look) for column, value, look in row.cells(number)} | singly[number]
        if row.points:
            heights.setdefault(number, row.points)
    stamps, write = writers
    written = ["<sheetData>"]
    for number in sorted({*heights, *singly, *sheet.rows}):
        if number in sheet.rows and number not in singly:
            written.append(stamps.text(number, sheet.rows[number]))
            continue
        tall = f' ht="{heights[number]:g}" customHeight="1"' if number in heights else ""
        written.append(f'<row r="{number}"{tall}>')
        written += [write.cell(number, column, *cell) for column, cell in sorted(singly.get(number, {}).items())]
        written.append("</row>")
    written.append("</sheetData>")
    return written


def _by_row(sheet: Sheet) -> dict[int, dict[int, tuple[Value, Look]]]:
    found: dict[int, dict[int, tuple[Value, Look]]] = {}
    for (row, column), cell in sheet.cells.items():
        found.setdefault(row, {})[column] = cell
    return found


_letters = cache(column_letters)


def _text(start: str, value: str, texts: SharedTexts) -> str:
    return f'{start} t="s"><v>{texts.number(value)}</v></c>'


def _number(start: str, value: float, _texts: SharedTexts) -> str:
    return f"{start}><v>{value!r}</v></c>"


def _flag(start: str, value: bool, _texts: SharedTexts) -> str:
    return f'{start} t="b"><v>{int(value)}</v></c>'


def _day(start: str, value: date, _texts: SharedTexts) -> str:
    return f"{start}><v>{serial(value)}</v></c>"


def _formula(start: str, value: Formula, _texts: SharedTexts) -> str:
    return f"{start}{formula_cell(value)}</c>"


_WRITERS: dict[type, Callable[[str, Any, SharedTexts], str]] = {
    str: _text,
    float: _number,
    int: _number,
    bool: _flag,
    date: _day,
    Formula: _formula,
}


# --- rules ----------------------------------------------------------------------------------------


def _protection(sheet: Sheet) -> str:
    """No password: it keeps slips away, not people. A 0 is allowed."""
    if sheet.state != "visible":
        return ""
    return '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0" sort="0" autoFilter="0"/>'


def _merges(sheet: Sheet) -> str:
    if not sheet.merges:
        return ""
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merges)
    return f'<mergeCells count="{len(sheet.merges)}">{areas}</mergeCells>'


def _painting(area: str, place: int) -> str:
    """The rules that paint the statuses of an area by their first symbol."""
    first, symbols = area.split(":", maxsplit=1)[0], status_symbols()
    rules = "".join(
        f'<cfRule type="beginsWith" dxfId="{number}" priority="{place * len(symbols) + number + 1}" operator="beginsWith" '
        f'text="{symbol}"><formula>LEFT({first},1)="{symbol}"</formula></cfRule>'
        for number, (symbol, _) in enumerate(symbols)
    )
    return f'<conditionalFormatting sqref="{area}">{rules}</conditionalFormatting>'


def _validations(sheet: Sheet) -> str:
    rules = [*map(_choice, sheet.choices), *map(_between, sheet.betweens)]
    return f'<dataValidations count="{len(rules)}">{"".join(rules)}</dataValidations>' if rules else ""


def _choice(rule: Choice) -> str:
    options = '"' + ",".join(rule.options).replace('"', '""') + '"'
    shown = _messages(rule.error, rule.prompt)
    return f'<dataValidation type="list" allowBlank="1"{shown} sqref="{rule.area}"><formula1>{clean(rule.source or options)}</formula1></dataValidation>'


def _between(rule: Between) -> str:
    shown = _messages(rule.error, rule.prompt)
    return (
        f'<dataValidation type="{rule.kind}" allowBlank="1"{shown} sqref="{rule.area}"><formula1>{clean(rule.low)}</formula1>'
        f"<formula2>{clean(rule.high)}</formula2></dataValidation>"
    )


def _messages(error: str, prompt: str) -> str:
    shown = ' showInputMessage="1"' if prompt else ""
    shown += f' showErrorMessage="1" error={attribute(error[:_LONGEST_ERROR])}' if error else ""
    return shown + (f" prompt={attribute(prompt[:_LONGEST_PROMPT])}" if prompt else "")


# --- tables ---------------------------------------------------------------------------------------


def _tables(ids: Iterable[str]) -> str:
    parts = [f'<tablePart r:id="{relation}"/>' for relation in ids]
    return f'<tableParts count="{len(parts)}">{"".join(parts)}</tableParts>' if parts else ""


def table_part(table: TableArea, number: int) -> str:
    """The text of a table's part. It has no filter: the buttons would cover its headers."""
    return (
        f'<table xmlns="{MAIN}" id="{number}" name="{table.name}" displayName="{table.name}" ref="{table.ref}" '
        f'totalsRowShown="0"><tableColumns count="{len(table.headers)}">'
        f"{_table_columns(table.headers)}"
        '</tableColumns><tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>'
        "</table>"
    )


@lru_cache(maxsize=64)
def _table_columns(headers: tuple[str, ...]) -> str:
    return "".join(f'<tableColumn id="{at}" name={attribute(name)}/>' for at, name in enumerate(headers, 1))
