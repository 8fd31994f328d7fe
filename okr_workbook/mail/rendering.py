"""A letter as plain text and as HTML. Pure.

The HTML is one column with styles on the elements, as mail programs want it: nothing is loaded from elsewhere, and
every word of the planner is escaped. Colours are those of the planner's sheets, never without their word.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import fill

from okr_workbook.labels import STATUS_SYMBOLS
from okr_workbook.mail.letter import Item, Letter, Section
from okr_workbook.mail.message import one_line
from okr_workbook.tables.palette import ACCENT, INK, LINE, MUTED, STATUS_PAINT, SURFACE, WHITE

_SYMBOL_COLORS = {
    STATUS_SYMBOLS["at_risk"]: STATUS_PAINT["at_risk"].fill,
    STATUS_SYMBOLS["behind"]: STATUS_PAINT["behind"].text,
}
"""What a line begins with that is late, and its colour."""

_BODY = f"margin:0;padding:16px;background:{SURFACE};color:{INK};font:16px/1.5 Calibri,Carlito,Arial,sans-serif"
_WIDTH = 76


def render_text(letter: Letter) -> str:
    """The letter as plain text."""
    blocks = [letter.greeting, letter.opening, f"{letter.standing}\n{letter.status_words}"]
    blocks += ["\n".join(_text_part(part)) for part in letter.parts]
    blocks += letter.closing
    return "\n\n".join(_wrapped(block) for block in blocks if block) + "\n"


def _text_part(part: Section) -> Iterator[str]:
    yield part.title
    if part.intro:
        yield part.intro
    for number, item in enumerate(part.items, 1):
        mark = f"{number}. " if part.numbered else "- "
        yield mark + one_line(item.text)
        if item.note:
            yield "   " + one_line(item.note)


def _wrapped(block: str) -> str:
    """Lines of a comfortable length; what hangs under a list's mark stays under it."""
    return "\n".join(
        fill(
            line,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=indent or ("   " if line[:2] == "- " or line[1:3] == ". " else ""),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line, indent in ((one.lstrip(" "), " " * (len(one) - len(one.lstrip(" ")))) for one in block.split("\n"))
    )


def render_html(letter: Letter) -> str:
    """The letter as one HTML page."""
    return "\n".join(
        [
            f'<!DOCTYPE html><html lang="{letter.language}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(letter.subject)}</title></head>",
            f'<body style="{_BODY}">',
            f'<div style="max-width:600px;margin:0 auto;padding:20px;background:{WHITE}">',
            _paragraph(letter.greeting),
            _paragraph(letter.opening),
            _paragraph(letter.standing, "font-size:18px;font-weight:bold"),
            _pill(letter),
            *(_html_part(part) for part in letter.parts),
            *(_paragraph(text, f"font-size:14px;color:{MUTED}") for text in letter.closing),
            "</div></body></html>",
            "",
        ]
    )


def _pill(letter: Letter) -> str:
    color, ground = STATUS_PAINT[letter.status]
    style = f"padding:4px 10px;border:1px solid {LINE};border-radius:4px;color:{color};background:{ground}"
    return f'<p style="margin:0 0 16px"><span style="{style}">{escape(letter.status_words)}</span></p>'


def _html_part(part: Section) -> str:
    kind = "ol" if part.numbered else "ul"
    items = "\n".join(_html_item(item) for item in part.items)
    look = "padding-left:4px;list-style:none" if part.marked else "padding-left:24px"
    rows = f'<{kind} style="margin:0 0 16px;{look}">\n{items}\n</{kind}>' if items else ""
    title = f'<h2 style="margin:20px 0 6px;font-size:17px;color:{ACCENT}">{escape(part.title)}</h2>'
    return "\n".join(filter(None, [title, _paragraph(part.intro, "margin-bottom:8px"), rows]))


def _html_item(item: Item) -> str:
    note = f'<br><span style="font-size:14px;color:{MUTED}">{escape(one_line(item.note))}</span>' if item.note else ""
    text = one_line(item.text)
    color = _SYMBOL_COLORS.get(text[:1])
    symbol, rest = (f'<span style="color:{color}">{text[0]}</span>', text[1:]) if color else ("", text)
    return f'<li style="margin:0 0 6px">{symbol}{escape(rest)}{note}</li>'


def _paragraph(text: str, style: str = "") -> str:
    return f'<p style="margin:0 0 12px;{style}">{escape(one_line(text))}</p>' if text else ""
