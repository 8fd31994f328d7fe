"""Charts as the text of their parts: each kind is designed once with openpyxl (`charts`), then its places are filled in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl.xml.functions import tostring

from okr_workbook.books.team.charts import PIXEL, draw
from okr_workbook.books.team.model import Chart, quoted
from okr_workbook.books.team.texts import clean

_SHEET, _BEHIND, _TITLE, _NUMBER = "SHEETPLACE", "BEHINDPLACE", "TITLEPLACE", "NUMBERPLACE"
_FIRST, _AFTER_FIRST, _LAST, _LABELS, _STEP = 700_001, 700_002, 700_009, 700_101, 700_201
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def chart_part(chart: Chart) -> str:
    """The text of a chart's part."""
    words = _design(
        chart._replace(
            start=(1, 1), end=(2, 2), insets=(0, 0), sheet=_SHEET, first=_FIRST, last=_last(chart), title=_TITLE,
            behind=_BEHIND, labels_row=_LABELS, step=_STEP, number=_NUMBER,
        )
    )  # fmt: skip
    places = {_FIRST: chart.first, _AFTER_FIRST: chart.first + 1, _LAST: chart.last}
    places |= {_LABELS + row: chart.labels_row + row for row in range(1 + chart.targets)}
    texts = {str(place): str(row) for place, row in places.items()}
    texts |= {str(_STEP): f"{chart.step:.16g}", _TITLE: clean(chart.title)}
    texts[_NUMBER] = clean(chart.number).replace('"', "&quot;")
    texts |= {f"'{_SHEET}'": clean(quoted(chart.sheet)), f"'{_BEHIND}'": clean(quoted(chart.behind))}
    for place, text in texts.items():
        words = words.replace(place, text)
    return words


def _last(chart: Chart) -> int:
    return _FIRST if chart.kind == "trend" else _LAST


@cache
def _design(chart: Chart) -> str:
    book = OpenpyxlWorkbook()
    sheet = book.worksheets[0]
    sheet.title = _SHEET
    book.create_sheet(_BEHIND)
    words: str = tostring(draw(sheet, chart)._write()).decode()  # noqa: SLF001  (openpyxl's own way to a part)
    return words


def drawing_part(charts: Sequence[Chart]) -> str:
    """The text of a sheet's drawing; its charts are rId1, rId2, ..."""
    anchors = "".join(_anchor(chart, number) for number, chart in enumerate(charts, 1))
    return f'<xdr:wsDr xmlns:xdr="{_DRAWING}" xmlns:a="{_MAIN}" xmlns:c="{_CHART}" xmlns:r="{_RELATIONS}">{anchors}</xdr:wsDr>'


def _anchor(chart: Chart, number: int) -> str:
    corners = "".join(
        f"<xdr:{side}><xdr:col>{column - 1}</xdr:col><xdr:colOff>{inset * PIXEL}</xdr:colOff><xdr:row>{row - 1}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:{side}>"
        for side, (column, row), inset in zip(("from", "to"), (chart.start, chart.end), chart.insets, strict=True)
    )
    return (
        f'<xdr:twoCellAnchor>{corners}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        f'<xdr:cNvPr id="{number}" name="Chart {number}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
        f'<a:graphic><a:graphicData uri="{_CHART}"><c:chart r:id="rId{number}"/></a:graphicData></a:graphic>'
        "</xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
    )
