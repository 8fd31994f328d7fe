"""The native charts of a team's workbook, in openpyxl's terms: bullets, pace, trends."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines, DateAxis
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.drawing.text import Font as DrawingFont

from okr_workbook.books.team.model import Chart
from okr_workbook.tables.palette import ACCENT, FONT, INK, LINE, MUTED, TRACK

_POINT, PIXEL = 12700, 9525  # EMU


def draw(source: Any, chart: Chart) -> Any:
    """The chart over the cells of a sheet of openpyxl."""
    drawn = {"bullets": _bullets, "pace": _pace, "trend": _trend}[chart.kind](source, chart)
    drawn.legend = None
    drawn.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    return drawn


def _bullets(source: Any, chart: Chart) -> BarChart:
    drawn = BarChart()
    drawn.type, drawn.grouping, drawn.overlap, drawn.gapWidth = "bar", "stacked", 100, chart.gap
    for place, color in enumerate((ACCENT, TRACK, INK, ACCENT, TRACK)):
        column = chart.column + place
        cells = Reference(source, min_col=column, min_row=chart.first, max_row=chart.last)
        drawn.add_data(cells, titles_from_data=False)
        drawn.series[-1].graphicalProperties = GraphicalProperties(solidFill=color[1:], ln=LineProperties(noFill=True))
    drawn.x_axis.delete = drawn.y_axis.delete = True
    drawn.x_axis.scaling.orientation = "maxMin"
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = 0, 1
    drawn.y_axis.majorGridlines = None
    drawn.layout = Layout(ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.02, y=0, w=0.96, h=1))
    return drawn


def _pace(source: Any, chart: Chart) -> LineChart:
    drawn = LineChart()
    drawn.x_axis = DateAxis(crossAx=100, majorTimeUnit="months", majorUnit=1)
    drawn.y_axis.crossAx = 500
    for offset, color, points, dash in ((2, MUTED, 1.5, "dash"), (1, ACCENT, 2.75, "solid")):
        cells = Reference(source, min_col=chart.column + offset, min_row=chart.first, max_row=chart.last)
        drawn.add_data(cells, titles_from_data=True)
        _paint_line(drawn.series[-1], color, points, dash)
    drawn.set_categories(Reference(source, min_col=chart.column, min_row=chart.first + 1, max_row=chart.last))
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.x_axis.number_format, drawn.x_axis.majorTickMark = chart.dates or "mmm", "none"
    drawn.y_axis.number_format, drawn.y_axis.majorUnit = chart.number or "0%;;", 0.5
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = 0, 1
    _quiet_axes(drawn)
    return drawn


def _trend(source: Any, chart: Chart) -> LineChart:
    """The target under the figures; of the periods the first and the last are named."""
    drawn = LineChart()
    behind = source.parent[chart.behind]
    for row in range(chart.labels_row + 1, chart.labels_row + 1 + chart.targets):
        drawn.add_data(_across(behind, row, 1, chart.width), from_rows=True, titles_from_data=False)
        _paint_line(drawn.series[-1], MUTED, 1.5, "dash")
    figures = _across(source, chart.first, chart.column, chart.width)
    drawn.add_data(figures, from_rows=True, titles_from_data=False)
    _paint_line(drawn.series[-1], ACCENT, 2.25, "solid")
    dot = GraphicalProperties(solidFill=ACCENT[1:], ln=LineProperties(noFill=True))
    drawn.series[-1].marker = Marker("circle", size=4, spPr=dot)  # without it a figure between two blanks is not seen
    labels = AxDataSource(strRef=StrRef(str(_across(behind, chart.labels_row, 1, chart.width))))
    for series in drawn.series:
        series.cat = labels
    drawn.x_axis.delete = drawn.y_axis.delete = False
    axis: Any = drawn.x_axis
    axis.tickLblSkip, axis.tickLblPos, axis.majorTickMark = max(chart.width - 1, 1), "low", "none"
    drawn.y_axis.number_format, drawn.y_axis.majorUnit = chart.number, chart.step
    drawn.y_axis.scaling.min = 0 if chart.from_zero else None
    drawn.title = _title(chart.title)
    _quiet_axes(drawn)
    return drawn


def _across(sheet: Any, row: int, column: int, width: int) -> Reference:
    return Reference(sheet, min_col=column, max_col=column + width - 1, min_row=row, max_row=row)


def _paint_line(series: Any, color: str, points: float, dash: str) -> None:
    line = series.graphicalProperties.line
    line.solidFill, line.width, line.dashStyle = color[1:], int(points * _POINT), dash
    series.marker, series.smooth = Marker("none"), False


def _title(words: str) -> Title:
    letters = CharacterProperties(sz=1000, b=True, solidFill=INK[1:], latin=DrawingFont(typeface=FONT))
    run = RegularTextRun(rPr=letters, t=words)
    text = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), r=[run])])
    corner = Layout(ManualLayout(xMode="edge", yMode="edge", x=0.01, y=0.02))
    title = Title(overlay=False, layout=corner)
    title.tx = Text(rich=text)
    return title


def _quiet_axes(drawn: LineChart) -> None:
    letters = CharacterProperties(sz=900, solidFill=MUTED[1:], latin=DrawingFont(typeface=FONT))
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)])
    quiet = GraphicalProperties(ln=LineProperties(solidFill=LINE[1:], w=6350))
    drawn.y_axis.majorGridlines = ChartLines(spPr=quiet)
    drawn.x_axis.graphicalProperties = quiet
    drawn.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
