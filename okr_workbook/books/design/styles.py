"""One shared cell format per look, and the painting rules (conditional formats) of a workbook in the making."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs

from okr_workbook.books.design import number_formats
from okr_workbook.labels import STATUS_SYMBOLS, Labels, labels_for
from okr_workbook.tables.blocks import Block
from okr_workbook.tables.palette import BAR, FONT, INK, MUTED, STATUS_PAINT, WHITE, Paint

CAPTION: dict[str, Any] = {"font_size": 9, "font_color": MUTED}
PILL: dict[str, Any] = {"indent": 1, "top": 5, "bottom": 5, "top_color": WHITE, "bottom_color": WHITE}
"""A status: thick white edges keep the painted cells apart."""


class Styles:
    """A workbook that XlsxWriter is writing, its language, and each look made once."""

    def __init__(self, book: Any, language: str) -> None:
        self.book = book
        self.language = language
        self.labels: Labels = labels_for(language)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **looks: Any) -> Any:
        """The format of these XlsxWriter properties over the body text's."""
        looks = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", **looks}
        if "indent" in looks:
            looks.setdefault("align", "left")  # an indent without alignment is lost where text wraps
        return self._made(looks)

    def rule(self, **looks: Any) -> Any:
        """The format of a conditional rule: only what it changes."""
        return self._made({"rule": True, **looks})

    def _made(self, looks: dict[str, Any]) -> Any:
        key = tuple(sorted(looks.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({k: v for k, v in looks.items() if k != "rule"})
        return self._formats[key]

    def text(self, key: str, **details: object) -> str:
        """A sentence of the sheets."""
        return self.labels.text("sheets", key, **details)

    def page(self, page_id: str) -> str:
        """The name of the start page's, the dashboard's or the alignment page's sheet."""
        return self.labels.text("tables", f"sheets.{page_id}")

    def name_block(self, block: Block, sheet: Any, row: int, column: int) -> None:
        """Give a block its place: its top left cell is at `row`, `column` (from 0)."""
        cells = xl_range_abs(row, column, row + block.rows - 1, column + block.columns - 1)
        self.book.define_name(block.name, f"='{sheet.name}'!{cells}")

    @property
    def percent(self) -> str:
        """The number format of shares."""
        return number_formats.percent(self.language)

    @property
    def date(self) -> str:
        """The number format of days."""
        return number_formats.date(self.language)

    # --- rules -----------------------------------------------------------------------------------
    # LibreOffice applies one only of overlapping conditional areas: areas are disjoint or identical.

    def paint_by_formula(self, sheet: Any, area: str, formula: str, paint: Paint | None = None, **looks: Any) -> None:
        """Change the looks of the cells of `area` for which `formula` (of its first cell) is true."""
        if paint:
            looks = {"font_color": paint.text, "bg_color": paint.fill, **looks}
        first = area.replace(",", " ").split()[0]
        options = {"type": "formula", "criteria": formula, "format": self.rule(**looks)}
        if first != area:
            options["multi_range"] = area.replace(",", " ")
        sheet.conditional_format(first, options)

    def paint_statuses(self, sheet: Any, area: str, statuses: tuple[str, ...]) -> None:
        """Paint the cells of `area` by the symbol they begin with, so that a refreshed word is painted at once."""
        seen: set[str] = set()
        for status in statuses:
            symbol, paint = STATUS_SYMBOLS[status], STATUS_PAINT[status]
            if symbol in seen:
                continue
            seen.add(symbol)
            look = self.rule(font_color=paint.text, bg_color=paint.fill)
            sheet.conditional_format(area, {"type": "text", "criteria": "begins with", "value": symbol, "format": look})

    def score_bar(self, sheet: Any, area: str) -> None:
        """A solid data bar whose ends are always 0 and 100 %."""
        sheet.conditional_format(
            area,
            {
                "type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": BAR, "bar_no_border": True,
                "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1,
            },
        )  # fmt: skip

    def formats_by_unit(
        self, sheet: Any, area: str, cell: str, unit: str, *, only_if: str = "TRUE", signed: bool = False, **looks: Any
    ) -> None:
        """Show the numbers of `area` in the unit named at `unit`, also when that changes; `signed` with their sign.

        `cell` is the first cell of `area` and `unit` its unit's, as a formula of that first cell sees them.
        """
        made = number_formats.signed if signed else str
        for shown in number_formats.unit_formats(self.language):
            for condition, whole, fine in shown.ways(self.language):
                test = f"AND({only_if},{shown.test.format(unit=unit)},{condition.format(cell=cell)})"
                if fine != whole:
                    rounded = f"ROUND(N({cell}),{shown.decimals})"  # 0.0003 days are 0 days, not 0.0
                    fraction = f"AND({test},ISNUMBER({cell}),ABS(N({cell}))<100,{rounded}<>INT({rounded}))"
                    self.paint_by_formula(sheet, area, f"={fraction}", num_format=made(fine), **looks)
                self.paint_by_formula(sheet, area, f"={test}", num_format=made(whole), **looks)
