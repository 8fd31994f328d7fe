"""A workbook of values (`model`) to the bytes of an .xlsx, part by part as text.

As quick as compressing the parts allows; equal in content to what openpyxl writes plainly, which a test
compares cell by cell. The same workbook gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from openpyxl.writer.theme import theme_xml

from okr_workbook.books.parts.xml_text import MAIN
from okr_workbook.books.team.drawing_parts import chart_part, drawing_part
from okr_workbook.books.team.model import Sheet, Workbook, absolute, quoted
from okr_workbook.books.team.packing import packed_parts
from okr_workbook.books.team.sheet_parts import Attached, Writers, sheet_part, table_part
from okr_workbook.books.team.style_parts import Styles
from okr_workbook.books.team.texts import SharedTexts, clean
from okr_workbook.books.team_names import MADE

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DRAWING_ML = "application/vnd.openxmlformats-officedocument.drawing"
_TYPES = {
    "xl/worksheets/": f"{_SHEET_ML}.worksheet+xml",
    "xl/tables/": f"{_SHEET_ML}.table+xml",
    "xl/drawings/": f"{_DRAWING_ML}+xml",
    "xl/charts/": f"{_DRAWING_ML}ml.chart+xml",
    "xl/workbook.xml": f"{_SHEET_ML}.sheet.main+xml",
    "xl/styles.xml": f"{_SHEET_ML}.styles+xml",
    "xl/sharedStrings.xml": f"{_SHEET_ML}.sharedStrings+xml",
    "xl/theme/": "application/vnd.openxmlformats-officedocument.theme+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}


class _Relation(NamedTuple):
    """A relationship: what kind of part, and where it lies."""

    kind: str
    target: str


def write_package(workbook: Workbook) -> bytes:
    """The .xlsx, with every formula's value stored."""
    return packed_parts(package_parts(workbook))


def package_parts(workbook: Workbook) -> dict[str, str]:
    """The text of every part by name, in the order they are written."""
    parts = _sheet_parts(workbook.sheets)
    sheets = [
        _Relation(f"{_OFFICE}/worksheet", f"worksheets/sheet{number}.xml")
        for number in range(1, len(workbook.sheets) + 1)
    ]
    own = [
        _Relation(f"{_OFFICE}/theme", "theme/theme1.xml"),
        _Relation(f"{_OFFICE}/styles", "styles.xml"),
        _Relation(f"{_OFFICE}/sharedStrings", "sharedStrings.xml"),
    ]
    parts |= {
        "xl/theme/theme1.xml": theme_xml,
        "xl/workbook.xml": _workbook_part(workbook),
        "xl/_rels/workbook.xml.rels": _relations(sheets + own),
        "docProps/core.xml": _core_part(workbook),
        "docProps/app.xml": _APP_PART,
        "_rels/.rels": _relations(_ROOT),
    }
    return {"[Content_Types].xml": _types_part(parts)} | {
        name: text if text.startswith("<?xml") else _HEAD + text for name, text in parts.items()
    }


def _sheet_parts(sheets: Iterable[Sheet]) -> dict[str, str]:
    """The parts of all sheets with their tables, drawings and charts, and of the styles and texts they share."""
    styles, texts = Styles(), SharedTexts()
    writers = Writers.of(styles, texts)
    parts: dict[str, str] = {}
    tables = charts = drawings = 0
    for number, sheet in enumerate(sheets, 1):
        relations: list[_Relation] = []
        if sheet.charts:
            drawings += 1
            relations.append(_Relation(f"{_OFFICE}/drawing", f"../drawings/drawing{drawings}.xml"))
            parts[f"xl/drawings/drawing{drawings}.xml"] = drawing_part(sheet.charts)
            of_drawing = []
            for chart in sheet.charts:
                charts += 1
                parts[f"xl/charts/chart{charts}.xml"] = chart_part(chart)
                of_drawing.append(_Relation(f"{_OFFICE}/chart", f"../charts/chart{charts}.xml"))
            parts[f"xl/drawings/_rels/drawing{drawings}.xml.rels"] = _relations(of_drawing)
        for table in sheet.tables:
            tables += 1
            relations.append(_Relation(f"{_OFFICE}/table", f"../tables/table{tables}.xml"))
            parts[f"xl/tables/table{tables}.xml"] = table_part(table, tables)
        ids = [f"rId{place}" for place in range(1, len(relations) + 1)]
        attached = Attached(ids[0] if sheet.charts else "", tuple(ids[1:] if sheet.charts else ids))
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet_part(sheet, writers, attached, first=number == 1)
        if relations:
            parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(relations)
    return parts | {"xl/styles.xml": styles.part(), "xl/sharedStrings.xml": texts.part()}


# --- the workbook as a whole ----------------------------------------------------------------------


def _workbook_part(workbook: Workbook) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(sheet.title)} sheetId="{number}" state="{sheet.state}" r:id="rId{number}"/>'
        for number, sheet in enumerate(workbook.sheets, 1)
    )
    names = "".join(
        f'<definedName name="{name}"{"" if place is None else f" localSheetId={chr(34)}{place}{chr(34)}"}>{clean(area)}</definedName>'
        for name, place, area in _names(workbook)
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><workbookPr/><bookViews><workbookView activeTab="0"/></bookViews>'
        f"<sheets>{sheets}</sheets>{f'<definedNames>{names}</definedNames>' if names else ''}"
        '<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>'
    )


def _names(workbook: Workbook) -> Iterable[tuple[str, int | None, str]]:
    """Name, number of the sheet it belongs to, area: sorted, as Excel wants them."""
    found: list[tuple[str, int | None, str]] = [(name, None, area) for name, area in workbook.names.items()]
    for place, sheet in enumerate(workbook.sheets):
        if sheet.print_area:
            found.append(("_xlnm.Print_Area", place, f"{quoted(sheet.title)}!{absolute(sheet.print_area)}"))
        titles = [
            f"{quoted(sheet.title)}!" + ":".join(f"${end}" for end in ends.split(":"))
            for ends in (sheet.print_columns, sheet.print_titles)
            if ends
        ]
        if titles:
            found.append(("_xlnm.Print_Titles", place, ",".join(titles)))
    return sorted(found, key=lambda name: (name[0].casefold(), name[1] or 0))


def _relations(relations: Iterable[_Relation]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


_ROOT = (
    _Relation(f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
    _Relation(f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    _Relation(f"{_OFFICE}/extended-properties", "docProps/app.xml"),
)
_APP_PART = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Excel</Application><AppVersion>3.1</AppVersion></Properties>"
)


def _core_part(workbook: Workbook) -> str:
    day = f"{MADE}Z"
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{clean(workbook.title)}</dc:title><dc:creator>okr_workbook</dc:creator>"
        f"<dc:language>{workbook.language}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}</dcterms:modified></cp:coreProperties>'
    )


def _types_part(parts: Mapping[str, str]) -> str:
    found = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name in parts
        if not name.endswith(".rels")
        for start, kind in _TYPES.items()
        if name.startswith(start)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{found}</Types>'
    )
