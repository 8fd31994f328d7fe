"""The start page: five steps, six buttons (or the commands that do the same), how to read cells, the way to each sheet."""

from __future__ import annotations

from typing import Any

from okr_workbook.books.design import pages
from okr_workbook.books.design.styles import PILL, Styles
from okr_workbook.books.macros.template import MACROS
from okr_workbook.domain.results import STATUSES
from okr_workbook.tables import blocks
from okr_workbook.tables.palette import (
    ACCENT,
    BAR,
    DEEP,
    FONT,
    INK,
    LINE,
    MUTED,
    STALE,
    STATUS_PAINT,
    SURFACE,
    TINT,
    WHITE,
)

MARGIN, CARD, GUTTER = 24, 192, 16
STEPS = {"aim": "objectives", "split": "key_results", "measure": "kpis", "share": "teams", "review": "dashboard"}
"""The five steps, and the sheet where each is done."""

PAGES = ("dashboard", "alignment")
PLACES = (
    "dashboard",
    "alignment",
    "check_ins",
    "measures",
    "actions",
    "settings",
    "members",
    "problems",
    "history",
    "conflicts",
)
"""What the ways at the foot of the page lead to, in rows of as many as there are steps: with these, every sheet."""

MONOSPACED = "Consolas"

TITLE, LINE_ROW, ERRORS_ROW, CARDS = 1, 2, 3, 4
ACTIONS = CARDS + 8
"""The header row of the buttons and of the legend, from 0; the legend begins beneath it."""

LEGEND = ACTIONS + 1
NAVIGATION = LEGEND + 1 + len(STATUSES) + 2
LAST = NAVIGATION + 3 * (len(PLACES) // len(STEPS)) - 1


def column(card: int) -> int:
    """The sheet's column of a card."""
    return 1 + 2 * card


def draw_start(styles: Styles, *, buttons: bool) -> None:
    """Draw the page, with `buttons` for a workbook with macros, else with the commands to run."""
    sheet = pages.new_page(styles, styles.page("start"), DEEP)
    _set_up(sheet)
    _header(styles, sheet)
    for number, (step, place) in enumerate(STEPS.items()):
        _card(styles, sheet, number, step, place)
    _actions(styles, sheet, buttons=buttons)
    _legend(styles, sheet)
    _navigation(styles, sheet)
    pages.protect(sheet)


def _page_name(styles: Styles, place: str) -> str:
    """The name of a table's sheet, or of a page's."""
    return styles.page(place) if place in PAGES else styles.labels.table(place)


def _set_up(sheet: Any) -> None:
    for index in range(2 * len(STEPS)):
        sheet.set_column_pixels(index, index, MARGIN if index == 0 else CARD if index % 2 else GUTTER)
    heights = {
        0: 14, TITLE: 46, LINE_ROW: 24, ERRORS_ROW: 24, CARDS: 12, CARDS + 1: 40, CARDS + 2: 26, CARDS + 3: 68, CARDS + 4: 28, CARDS + 5: 8,
        ACTIONS - 2: 8, ACTIONS - 1: 8, ACTIONS: 30, ACTIONS + 1: 36, **{ACTIONS + 2 + i: 38 for i in range(len(MACROS))},
        **dict.fromkeys(range(ACTIONS + 2 + len(MACROS), NAVIGATION - 1), 32), NAVIGATION - 1: 10, NAVIGATION: 32,
        **dict.fromkeys(range(NAVIGATION + 1, LAST + 1), 22),
    }  # fmt: skip
    for row, height in heights.items():
        sheet.set_row_pixels(row, height)
    sheet.hide_row_col_headers()
    sheet.print_area(0, 0, LAST, column(len(STEPS) - 1))
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()


def _header(styles: Styles, sheet: Any) -> None:
    sheet.write(TITLE, 1, styles.text("start.title"), styles.style(font_size=26, bold=True))
    sheet.write(LINE_ROW, 1, styles.text("start.first"), styles.style(font_size=11, font_color=MUTED))
    styles.name_block(blocks.START_LINE, sheet, LINE_ROW, 1)
    looks = {"font_size": 11, "bold": True, "align": "right"}
    for block, row, text, color in (
        (blocks.START_NEXT, LINE_ROW, styles.text("start.refresh"), ACCENT),
        (blocks.START_ERRORS, ERRORS_ROW, "", STATUS_PAINT["at_risk"].fill),
    ):
        sheet.merge_range(row, column(2), row, column(4), text, styles.style(**looks, font_color=color))
        styles.name_block(block, sheet, row, column(2))


def _card(styles: Styles, sheet: Any, number: int, step: str, place: str) -> None:
    at, card = column(number), {"bg_color": SURFACE, "indent": 1}
    words = f"start.steps.{step}"
    sheet.write_blank(CARDS, at, None, styles.style(**card))
    sheet.write(CARDS + 1, at, number + 1, styles.style(**card, font_size=26, font_color=ACCENT, bold=True))
    sheet.write(CARDS + 2, at, styles.text(f"{words}.verb"), styles.style(**card, font_size=13, bold=True))
    sentence = styles.style(**card, font_color=MUTED, text_wrap=True, valign="top")
    sheet.write(CARDS + 3, at, styles.text(f"{words}.sentence"), sentence)
    _link(styles, sheet, CARDS + 4, at, place, **card)
    sheet.write_blank(CARDS + 5, at, None, styles.style(**card))


def _link(styles: Styles, sheet: Any, row: int, at: int, place: str, **looks: Any) -> None:
    look = styles.style(font_color=ACCENT, bold=True, **looks)
    sheet.write_url(row, at, f"internal:{blocks.page_name(place)}", look, f"{_page_name(styles, place)} {blocks.ARROW}")


def define_links(styles: Styles) -> None:
    """Name the first cell of every page that is linked to."""
    for place in sorted({*STEPS.values(), *PLACES}):
        styles.book.define_name(blocks.page_name(place), f"='{_page_name(styles, place)}'!$A$1")


def _actions(styles: Styles, sheet: Any, *, buttons: bool) -> None:
    kind = "buttons" if buttons else "commands"
    sheet.write(ACTIONS, 1, styles.text(f"start.{kind}.title"), styles.style(font_size=13, bold=True, valign="bottom"))
    hint = styles.style(font_color=MUTED, valign="top", text_wrap=True)
    sheet.merge_range(ACTIONS + 1, 1, ACTIONS + 1, column(2), styles.text(f"start.{kind}.hint"), hint)
    for position, (action, macro) in enumerate(MACROS.items()):
        row, words = ACTIONS + 2 + position, f"start.actions.{action}"
        if buttons:
            _button(styles, sheet, row, styles.text(f"{words}.caption"), macro, main=position == 0)
            sheet.write(row, column(1), styles.text(f"{words}.sentence"), styles.style(font_color=MUTED))
        else:
            _command(styles, sheet, row, words)


def _command(styles: Styles, sheet: Any, row: int, words: str) -> None:
    """What a button would do, and the command that does it. It does not look like something to click."""
    sheet.write(row, 1, styles.text(f"{words}.caption"), styles.style(bold=True, indent=1, bottom=1, bottom_color=LINE))
    look = styles.style(font_color=MUTED, text_wrap=True, bottom=1, bottom_color=LINE)
    sheet.write_blank(row, 2, None, look)
    sheet.merge_range(row, column(1), row, column(2), "", look)
    monospaced = styles.style(font_name=MONOSPACED, font_size=9, font_color=INK)
    command = styles.text(f"{words}.command")
    sheet.write_rich_string(
        row,
        column(1),
        monospaced,
        command,
        styles.style(font_color=MUTED),
        "\n" + styles.text(f"{words}.sentence"),
        look,
    )


def _button(styles: Styles, sheet: Any, row: int, caption: str, macro: str, *, main: bool) -> None:
    """A text box that becomes a button. The cell beneath repeats the word, where shapes are not shown."""
    ground, ink = (ACCENT, WHITE) if main else (TINT, ACCENT)
    sheet.write(row, 1, caption, styles.style(bold=True, font_color=MUTED, align="center"))
    sheet.insert_textbox(
        row, 1, caption,
        {
            "width": CARD, "height": 32, "y_offset": 3, "fill": {"color": ground}, "line": {"none": True},
            "description": f"{caption} ({macro})", "align": {"vertical": "middle", "horizontal": "center"},
            "font": {"name": FONT, "size": 11, "bold": True, "color": ink},
        },
    )  # fmt: skip


def _legend(styles: Styles, sheet: Any) -> None:
    """What the colours and symbols of cells say: who fills them, how far on a thing is, what is without news."""
    sheet.write(
        ACTIONS, column(3), styles.text("start.legend.title"), styles.style(font_size=13, bold=True, valign="bottom")
    )
    samples = {
        "input": styles.style(bg_color=TINT, font_color=ACCENT, indent=1, bottom=1, bottom_color=BAR),
        "computed": styles.style(indent=1, bottom=1, bottom_color=LINE),
    }
    for at, (key, look) in zip((column(3), column(4)), samples.items(), strict=True):
        sheet.write(LEGEND, at, styles.text(f"band.{key}"), look)
    shown = {status: (styles.labels.status(status), STATUS_PAINT[status]) for status in STATUSES}
    shown["stale"] = styles.text("start.legend.stale_sample"), STALE
    for row, (key, (sample, paint)) in enumerate(shown.items(), start=LEGEND + 1):
        look = styles.style(font_color=paint.text, bg_color=paint.fill, bold=True, **PILL)
        sheet.write(row, column(3), sample, look)
        words = styles.style(font_color=MUTED, indent=1, text_wrap=True)
        sheet.write(row, column(4), styles.text(f"start.legend.{key}"), words)


def _navigation(styles: Styles, sheet: Any) -> None:
    sheet.write(NAVIGATION, 1, styles.text("start.go_to"), styles.style(font_size=13, bold=True, valign="bottom"))
    for number, place in enumerate(PLACES):
        line, card = divmod(number, len(STEPS))
        row, at = NAVIGATION + 1 + 3 * line, column(card)
        _link(styles, sheet, row, at, place, font_size=11)
        sheet.write(row + 1, at, styles.text(f"start.places.{place}"), styles.style(font_color=MUTED, valign="top"))
