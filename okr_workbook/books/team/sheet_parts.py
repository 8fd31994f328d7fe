"""One sheet of values (`model`) as the text of its parts: cells, rules, page; its tables and drawing apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from okr_workbook.books.cell_text import LONGEST_TEXT, written_text
from okr_workbook.books.team.model import Between, Choice, Look, Sheet, TableArea
from okr_workbook.books.team.style_parts import Styles, status_symbols
from okr_workbook.tables.grid import Formula, Value, column_letters
from okr_workbook.tables.palette import MUTED

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (a cell has no time zone)
_LONGEST_ERROR, _LONGEST_PROMPT = 225, 255  # Excel's limits


class SharedTexts:
    """The texts of a workbook, each once; cells name them by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._uses = 0

    def number(self, text: str) -> int:
        """The number of a text."""
        self._uses += 1
        return self._numbers.setdefault(text, len(self._numbers))

    def part(self) -> str:
        """The part that holds them."""
        found = "".join(map(_shared, self._numbers))
        return f'<sst xmlns="{_MAIN}" count="{self._uses}" uniqueCount="{len(self._numbers)}">{found}</sst>'


def _shared(text: str) -> str:
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "  " in text else ""
    return f"<si><t{keep}>{_in_cell(text)}</t></si>"


def _in_cell(text: str) -> str:
    """A cell's text as its part has it, no longer than a cell may be; what programs would take for an escape is guarded."""
    if len(text) > LONGEST_TEXT // 2:
        text = text.encode("utf-16-le", "replace")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
    return escape(text if text.isprintable() and "_x" not in text else written_text(text))


def clean(text: str) -> str:
    """A text inside an element: escaped, and without the characters that XML cannot hold."""
    return escape(text if text.isprintable() else _UNWRITABLE.sub("", text))


def attribute(text: str) -> str:
    """A text as the value of an attribute, in its quotation marks."""
    return quoteattr(text if text.isprintable() else _UNWRITABLE.sub("", text))


class Attached(NamedTuple):
    """The relationship ids of what a sheet has: its drawing ("" for none) and its tables."""

    drawing: str
    tables: tuple[str, ...]


def sheet_part(sheet: Sheet, styles: Styles, texts: SharedTexts, attached: Attached, *, first: bool) -> str:
    """The text of a sheet's part."""
    return "".join(
        (
            f'<worksheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">',
            _properties(sheet),
            _view(sheet, first=first),
            '<sheetFormatPr baseColWidth="8" defaultRowHeight="15"/>',
            _columns(sheet),
            _rows(sheet, styles, texts),
            _protection(sheet),
            _merges(sheet),
            *(_painting(area, place) for place, area in enumerate(sheet.status_areas)),
            _validations(sheet),
            '<pageMargins left="0.4" right="0.4" top="0.4" bottom="0.55" header="0.5" footer="0.25"/>',
            '<pageSetup orientation="landscape" paperSize="9" fitToHeight="0" fitToWidth="1"/>',
            _FOOTER,
            f'<drawing r:id="{attached.drawing}"/>' if attached.drawing else "",
            _tables(attached.tables),
            "</worksheet>",
        )
    )


_FOOTER = (
    "<headerFooter><oddFooter>"
    + "".join(
        f"&amp;{side}&amp;8&amp;K{MUTED[1:]}{words}"
        for side, words in (("L", "okr_workbook"), ("C", "&amp;A"), ("R", "&amp;P / &amp;N"))
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


_HIDDEN = ' hidden="1"'


def _columns(sheet: Sheet) -> str:
    if not sheet.widths:
        return ""
    columns = "".join(
        f'<col min="{column}" max="{column}" width="{(pixels - 5) / 7 + 0.71!r}" customWidth="1"{_HIDDEN if column in sheet.hidden else ""}/>'
        for column, pixels in sorted(sheet.widths.items())
    )
    return f"<cols>{columns}</cols>"


# --- cells ----------------------------------------------------------------------------------------


def _rows(sheet: Sheet, styles: Styles, texts: SharedTexts) -> str:
    rows: dict[int, list[tuple[int, Value, Look]]] = {row: [] for row in sheet.heights}
    for (row, column), (value, look) in sheet.cells.items():
        rows.setdefault(row, []).append((column, value, look))
    letters = {column: column_letters(column) for column in {column for _, column in sheet.cells}}
    numbers: dict[
        int, int
    ] = {}  # by the look's identity: cells share looks, and hashing one takes as long as writing a cell
    written = ["<sheetData>"]
    for row in sorted(rows):
        height = f' ht="{sheet.heights[row]:g}" customHeight="1"' if row in sheet.heights else ""
        written.append(f'<row r="{row}"{height}>')
        for column, value, look in sorted(rows[row], key=itemgetter(0)):
            number = numbers.get(id(look))
            if number is None:
                number = numbers[id(look)] = styles.number(look)
            start = f'<c r="{letters[column]}{row}" s="{number}"'
            written.append(f"{start}/>" if value is None or value == "" else _WRITERS[type(value)](start, value, texts))
        written.append("</row>")
    written.append("</sheetData>")
    return "".join(written)


def _text(start: str, value: str, texts: SharedTexts) -> str:
    return f'{start} t="s"><v>{texts.number(value)}</v></c>'


def _number(start: str, value: float, _texts: SharedTexts) -> str:
    return f"{start}><v>{value!r}</v></c>"


def _flag(start: str, value: bool, _texts: SharedTexts) -> str:
    return f'{start} t="b"><v>{int(value)}</v></c>'


def _day(start: str, value: date, _texts: SharedTexts) -> str:
    return f"{start}><v>{(datetime(value.year, value.month, value.day) - _EPOCH).days}</v></c>"  # noqa: DTZ001


def _formula(start: str, value: Formula, _texts: SharedTexts) -> str:
    stored = value.value
    text = f"<f>{escape(value.text)}</f>"
    if isinstance(stored, bool):
        return f'{start} t="b">{text}<v>{int(stored)}</v></c>'
    if stored is None or isinstance(stored, str):
        return f'{start} t="str">{text}<v>{_in_cell(stored or "")}</v></c>'
    return f"{start}>{text}<v>{stored!r}</v></c>"


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
    shown = _messages(rule.error, rule.prompt, refuses=not rule.loose)
    return f'<dataValidation type="list" allowBlank="1"{shown} sqref="{rule.area}"><formula1>{clean(rule.source or options)}</formula1></dataValidation>'


def _between(rule: Between) -> str:
    shown = _messages(rule.error, rule.prompt, refuses=True)
    return (
        f'<dataValidation type="{rule.kind}" allowBlank="1"{shown} sqref="{rule.area}"><formula1>{clean(rule.low)}</formula1>'
        f"<formula2>{clean(rule.high)}</formula2></dataValidation>"
    )


def _messages(error: str, prompt: str, *, refuses: bool) -> str:
    shown = ' showInputMessage="1"' if prompt else ""
    shown += ' showErrorMessage="1"' if refuses else ""
    shown += f" error={attribute(error[:_LONGEST_ERROR])}" if error else ""
    return shown + (f" prompt={attribute(prompt[:_LONGEST_PROMPT])}" if prompt else "")


# --- tables ---------------------------------------------------------------------------------------


def _tables(ids: Iterable[str]) -> str:
    parts = [f'<tablePart r:id="{relation}"/>' for relation in ids]
    return f'<tableParts count="{len(parts)}">{"".join(parts)}</tableParts>' if parts else ""


def table_part(table: TableArea, number: int) -> str:
    """The text of a table's part."""
    columns = "".join(f'<tableColumn id="{at}" name={attribute(name)}/>' for at, name in enumerate(table.headers, 1))
    return (
        f'<table xmlns="{_MAIN}" id="{number}" name="{table.name}" displayName="{table.name}" ref="{table.ref}" '
        f'totalsRowShown="0"><autoFilter ref="{table.ref}"/><tableColumns count="{len(table.headers)}">{columns}'
        '</tableColumns><tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>'
        "</table>"
    )
