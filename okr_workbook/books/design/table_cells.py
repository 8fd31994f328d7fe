"""How the cells of a table look, by who fills them and what they hold."""

from __future__ import annotations

from typing import Any

from okr_workbook.books.design import number_formats
from okr_workbook.books.design.columns import TWO_LINES, Column
from okr_workbook.books.design.styles import Styles
from okr_workbook.tables.palette import ACCENT, BAR, DEEP, LINE, MUTED, TINT, WHITE

SHRINK = {"shrink": True}
"""A number too wide for its column is shown smaller, rather than as #####."""


def head_style(styles: Styles, column: Column, label: str) -> Any:
    """A header's look: blue over what people fill in, deep over what Refresh writes. Only what has two words wraps."""
    ground = DEEP if column.field.computed else ACCENT
    wraps = {"text_wrap": True} if " " in label else {}
    return styles.style(bg_color=ground, font_color=WHITE, bold=True, **wraps, **_alignment(column, beside_button=1))


def body_style(styles: Styles, column: Column, row_height: int) -> Any:
    """A body cell's look, by who fills it and what it holds. Texts wrap in rows that have room for two lines."""
    looks: dict[str, Any] = {"bottom": 1, "bottom_color": LINE, **_alignment(column)}
    if not column.field.computed:
        looks |= {"bg_color": TINT, "bottom_color": BAR}
    if column.quiet:
        looks["font_color"] = MUTED
    if column.field.type == "link":
        looks |= {"font_color": ACCENT, "underline": 1}
    if column.strong:
        looks["bold"] = True
    if column.align == "left" and row_height >= TWO_LINES:
        looks["text_wrap"] = True
    if column.field.by_unit:
        looks |= SHRINK
    number_format = _number_format(styles, column)
    if number_format:
        looks["num_format"] = number_format
    return styles.style(**looks)


def _alignment(column: Column, beside_button: int = 0) -> dict[str, Any]:
    """A header's right edge leaves room for the filter's button."""
    if column.align == "center":
        return {"align": "center"}
    return {"align": column.align, "indent": 1 + (beside_button if column.align == "right" else 0)}


def _number_format(styles: Styles, column: Column) -> str:
    field = column.field
    if field.type == "date":
        return styles.date
    if field.id == "gap":
        return number_formats.signed(styles.percent)
    if field.type == "share" or field.id == "score":
        return styles.percent
    # Ids and formulas stay what was typed: 001 is not 1, 1E5 not 100000, =a/b not a formula of Excel's.
    return number_formats.TEXT if field.id in ("id", "formula", "period") else ""
