"""The charts of the dashboard: the pace of the company, bullets of score against expected, sparklines.

All are native and read `okr_data`, so they live on in Excel. Colour is never alone: the pace lines carry their names, and
the expected score is a mark.
"""

from __future__ import annotations

from typing import Any

from okr_workbook.books.design import data_sheet, number_formats
from okr_workbook.books.design.styles import Styles
from okr_workbook.tables.blocks import PACE, Block
from okr_workbook.tables.palette import ACCENT, FONT, INK, LINE, MUTED, TRACK, TREND, WHITE

MOVE_AND_SIZE_WITH_CELLS = 1
BULLET_COLORS = (ACCENT, TRACK, INK, ACCENT, TRACK)
"""Reached, missing, mark, beyond, rest."""

_MARK = 2

_DAY, _EXPECTED, _SCORE, _NOW, _NAMED = range(5)


def draw_pace(styles: Styles, sheet: Any, place: tuple[int, int], size: tuple[int, int]) -> None:
    """The company's score and expected score over the period. `place` is (row, column), `size` in pixels."""
    chart = styles.book.add_chart({"type": "line"})
    expected_name, score_name = _label_cell(0), _label_cell(1)
    chart.add_series(_line(_EXPECTED, expected_name, MUTED, 1.5, "dash"))
    chart.add_series(_line(_SCORE, score_name, ACCENT, 2.75, "solid"))
    chart.add_series(_point(_NAMED, expected_name, MUTED, "right", marker=False))
    chart.add_series(_point(_NOW, score_name, ACCENT, "right", marker=True))
    font = {"name": FONT, "size": 9, "color": MUTED}
    chart.set_x_axis(
        {"date_axis": True, "num_format": number_formats.month(styles.language), "major_unit": 1,
         "major_unit_type": "months", "num_font": font, "line": {"color": LINE}, "major_tick_mark": "none"}
    )  # fmt: skip
    chart.set_y_axis(
        {"min": 0, "max": 1, "major_unit": 0.25, "num_format": f"{styles.percent};;", "num_font": font, "line": {"none": True},
         "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.5}}}
    )  # fmt: skip
    # Room at the right for the name of the expected line, and at the end of the period for that of the score.
    chart.set_plotarea({"layout": {"x": 0.07, "y": 0.03, "width": 0.8, "height": 0.86}})
    _place(chart, sheet, place, size, styles.text("dashboard.pace_alt"))


def draw_bullets(
    styles: Styles, sheet: Any, block: Block, *, place: tuple[int, int], size: tuple[int, int], description: str
) -> None:
    """A bar of score with a mark at the expected score for each row of a block, laid exactly over as many rows."""
    chart = styles.book.add_chart({"type": "bar", "subtype": "stacked"})
    for part, color in enumerate(BULLET_COLORS):
        border = {"color": WHITE, "width": 1} if part == _MARK else {"none": True}  # the mark is seen on a full bar too
        chart.add_series(
            {"values": data_sheet.cells(block, part), "fill": {"color": color}, "border": border, "gap": 130}
        )
    hidden = {"visible": False, "major_gridlines": {"visible": False}}
    chart.set_x_axis({"min": 0, "max": 1, **hidden})
    chart.set_y_axis({"reverse": True, **hidden})
    chart.set_plotarea({"layout": {"x": 0, "y": 0, "width": 1, "height": 1}, "fill": {"none": True}})
    _place(chart, sheet, place, size, description)


def draw_trend(sheet: Any, row: int, column: int, source: str) -> None:
    """A sparkline of columns, the last in full colour. It shows a shape; the level stands beside it."""
    sheet.add_sparkline(
        row, column,
        {"range": source, "type": "column", "series_color": TREND, "last_point": True, "last_color": ACCENT, "show_hidden": True},
    )  # fmt: skip


def _label_cell(position: int) -> list[Any]:
    return [data_sheet.NAME, data_sheet.LABELS_ROW, data_sheet.COLUMN[PACE.name] + position]


def _line(column: int, name: list[Any], color: str, width: float, dash: str) -> dict[str, Any]:
    return {
        "name": name, "categories": data_sheet.cells(PACE, _DAY), "values": data_sheet.cells(PACE, column),
        "line": {"color": color, "width": width, "dash_type": dash},
    }  # fmt: skip


def _point(column: int, name: list[Any], color: str, position: str, *, marker: bool) -> dict[str, Any]:
    """A series of one point that carries the name of its line."""
    shape = (
        {"type": "circle", "size": 7, "fill": {"color": color}, "border": {"color": color}}
        if marker
        else {"type": "none"}
    )
    label = {
        "series_name": True,
        "position": position,
        "font": {"name": FONT, "size": 10, "bold": True, "color": color},
    }
    return {
        "name": name, "categories": data_sheet.cells(PACE, _DAY), "values": data_sheet.cells(PACE, column),
        "line": {"none": True}, "marker": shape, "data_labels": {"value": False, **label},
    }  # fmt: skip


def _place(chart: Any, sheet: Any, place: tuple[int, int], size: tuple[int, int], description: str) -> None:
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.show_blanks_as("gap")
    chart.show_hidden_data()
    chart.set_size({"width": size[0], "height": size[1]})
    options = {"object_position": MOVE_AND_SIZE_WITH_CELLS, "description": description}
    sheet.insert_chart(*place, chart, options)
