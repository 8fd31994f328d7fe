"""The settings: one row a setting with its default and what it does."""

from __future__ import annotations

from typing import Any

from okr_workbook.books.design import number_formats, pages
from okr_workbook.books.design.columns import BODY, HEAD, LOOKS
from okr_workbook.books.design.styles import Styles
from okr_workbook.books.design.validations import head_help, setting_rule
from okr_workbook.domain.planner import Settings
from okr_workbook.tables.palette import ACCENT, BAR, LINE, MUTED, TINT, WHITE
from okr_workbook.tables.schema import SETTINGS, Field

NAME, VALUE, HELP = 0, 1, 2
HELP_WIDTH = 620


def draw_settings(styles: Styles) -> None:
    """Draw the sheet. The column that explains each setting is the sheet's own: no rule reads it."""
    labels, look = styles.labels, LOOKS["settings"]
    sheet = pages.new_page(styles, labels.table("settings"), ACCENT)
    pages.title(styles, sheet, labels.table("settings"), styles.text("subtitles.settings"))
    for column, width in ((NAME, look.widths["name"]), (VALUE, look.widths["value"]), (HELP, HELP_WIDTH)):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row_pixels(HEAD, 30)
    head = styles.style(bg_color=ACCENT, font_color=WHITE, bold=True, indent=1)
    for column, field_id in ((NAME, "name"), (VALUE, "value")):
        sheet.data_validation(HEAD, column, HEAD, column, head_help(styles, "settings", field_id))
    sheet.add_table(
        HEAD, NAME, HEAD + len(SETTINGS), HELP,
        {
            "name": "settings", "style": None, "autofilter": False,
            "columns": [
                {"header": labels.field("settings", "name"), "header_format": head},
                {"header": labels.field("settings", "value"), "header_format": head},
                {"header": styles.text("settings.does"), "header_format": head},
            ],
        },
    )  # fmt: skip
    for row, field in enumerate(SETTINGS, start=BODY):
        _draw_setting(styles, sheet, row, field)
    sheet.freeze_panes(BODY, look.frozen)
    sheet.repeat_rows(HEAD)
    sheet.fit_to_pages(1, 0)


def _draw_setting(styles: Styles, sheet: Any, row: int, field: Field) -> None:
    sheet.set_row_pixels(row, LOOKS["settings"].row_height)
    line = {"bottom": 1, "bottom_color": LINE, "indent": 1}
    sheet.write(row, NAME, styles.labels.setting(field.id), styles.style(bold=True, **line))
    look = styles.style(bg_color=TINT, bottom=1, bottom_color=BAR, indent=1, num_format=_number_format(styles, field))
    value = _default(styles, field)
    if value is None:
        sheet.write_blank(row, VALUE, None, look)
    else:
        sheet.write(row, VALUE, value, look)
    sheet.write(row, HELP, styles.labels.setting_help(field.id), styles.style(font_color=MUTED, text_wrap=True, **line))
    rule = setting_rule(styles, field)
    if rule:
        sheet.data_validation(row, VALUE, row, VALUE, rule)


def _number_format(styles: Styles, field: Field) -> str:
    if field.type == "text":
        return number_formats.TEXT  # 2026-12 is a period's name and not a day
    return {"date": styles.date, "share": styles.percent}.get(field.type, "General")


def _default(styles: Styles, field: Field) -> str | float | None:
    """What the template's cell holds: the method's default in the sheet's words, nothing where there is none."""
    if field.id == "language":
        return styles.labels.choice(styles.language)
    value = getattr(Settings(), field.id)
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return styles.labels.choice("yes" if value else "no")
    return styles.labels.choice(value, field.id) if field.choices else value
