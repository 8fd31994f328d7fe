"""The looks of one workbook as its styles part. Each font, fill, border and number format stands there once."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from okr_workbook.books.parts.xml_text import MAIN
from okr_workbook.books.team.model import Look
from okr_workbook.labels import STATUS_SYMBOLS
from okr_workbook.tables.palette import FONT, STATUS_PAINT, WHITE

_BUILT_IN = {"": 0, "0": 1, "0.00": 2, "0%": 9, "@": 49}
"""Number formats that every spreadsheet program knows by number (ECMA-376 part 1, 18.8.30)."""
_FIRST_OWN_FORMAT = 164
_FILLS_OF_ITS_OWN = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
)
_NO_BORDER = "<border><left/><right/><top/><bottom/><diagonal/></border>"
_PLAIN_FONT = f'<font><sz val="11"/><color theme="1"/><name val="{FONT}"/><family val="2"/></font>'


def status_symbols() -> tuple[tuple[str, str], ...]:
    """Each symbol that statuses begin with, and the first status that has it: the order of the painting rules."""
    found: dict[str, str] = {}
    for status in STATUS_PAINT:
        found.setdefault(STATUS_SYMBOLS[status], status)
    return tuple(found.items())


class _Pool:
    """Texts that are numbered in the order they come."""

    def __init__(self, *texts: str) -> None:
        self.numbers = {text: number for number, text in enumerate(texts)}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))

    def part(self, name: str) -> str:
        return f'<{name} count="{len(self.numbers)}">{"".join(self.numbers)}</{name}>'


class _Format(NamedTuple):
    """A cell format: the numbers of its pieces, and its alignment and protection as XML."""

    number: int
    font: int
    fill: int
    border: int
    inside: str


class Styles:
    """Looks met so far, numbered."""

    def __init__(self) -> None:
        self._fonts, self._borders = _Pool(_PLAIN_FONT), _Pool(_NO_BORDER)
        self._fills = _Pool(*_FILLS_OF_ITS_OWN)
        self._own_formats: dict[str, int] = {}
        self._numbers: dict[Look, int] = {}
        self._met: dict[int, tuple[int, Look]] = {}
        self._formats: dict[_Format, int] = {_Format(0, 0, 0, 0, ""): 0}

    def number(self, look: Look) -> int:
        """The number by which cells name a look."""
        met = self._met.get(id(look))
        if met is None:
            # by identity, for hashing a look takes as long as writing a cell; the look is kept so that its id is not used again
            met = self._met[id(look)] = self._number(look), look
        return met[0]

    def _number(self, look: Look) -> int:
        found = self._numbers.get(look)
        if found is None:
            font, fill, border, inside = _pieces(look)
            made = _Format(
                self._number_format(look.number),
                self._fonts.number(font),
                self._fills.number(fill),
                self._borders.number(border),
                inside,
            )
            found = self._numbers[look] = self._formats.setdefault(made, len(self._formats))
        return found

    def _number_format(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        return self._own_formats.setdefault(code, _FIRST_OWN_FORMAT + len(self._own_formats))

    def part(self) -> str:
        """The styles part."""
        formats = "".join(
            f'<numFmt numFmtId="{at}" formatCode={quoteattr(code)}/>' for code, at in self._own_formats.items()
        )
        own = f'<numFmts count="{len(self._own_formats)}">{formats}</numFmts>' if formats else ""
        cells = "".join(map(_xf, self._formats))
        return (
            f'<styleSheet xmlns="{MAIN}">{own}{self._fonts.part("fonts")}{self._fills.part("fills")}'
            f"{self._borders.part('borders')}"
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(self._formats)}">{cells}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            f"{_painting()}"
            '<tableStyles count="0" defaultTableStyle="TableStyleMedium9" defaultPivotStyle="PivotStyleLight16"/></styleSheet>'
        )


@lru_cache(maxsize=512)
def _pieces(look: Look) -> tuple[str, str, str, str]:
    """The font, the fill, the border, and what stands inside the format."""
    inside = f'{_alignment(look)}<protection locked="{int(not look.unlocked)}"/>'
    return _font(look), _fill(look), _border(look), inside


def _font(look: Look) -> str:
    bold, italic = "<b/>" if look.bold else "", "<i/>" if look.italic else ""
    return f'<font>{bold}{italic}<sz val="{look.size:g}"/><color rgb="FF{look.color[1:]}"/><name val="{FONT}"/></font>'


def _fill(look: Look) -> str:
    if not look.fill:
        return _FILLS_OF_ITS_OWN[0]
    return f'<fill><patternFill patternType="solid"><fgColor rgb="FF{look.fill[1:]}"/></patternFill></fill>'


def _border(look: Look) -> str:
    if look.pill:
        top, bottom = (f'<{side} style="thick"><color rgb="FF{WHITE[1:]}"/></{side}>' for side in ("top", "bottom"))
        return f"<border><left/><right/>{top}{bottom}<diagonal/></border>"
    if look.line:
        bottom = f'<bottom style="thin"><color rgb="FF{look.line[1:]}"/></bottom>'
        return f"<border><left/><right/><top/>{bottom}<diagonal/></border>"
    return _NO_BORDER


def _alignment(look: Look) -> str:
    across = f' horizontal="{look.align}"' if look.align else ""
    wrap = ' wrapText="1"' if look.wrap else ""
    shrink = ' shrinkToFit="1"' if look.shrink else ""
    indent = f' indent="{look.indent}"' if look.indent else ""
    return f'<alignment{across} vertical="{"top" if look.top else "center"}"{wrap}{shrink}{indent}/>'


def _xf(made: _Format) -> str:
    ids = f'numFmtId="{made.number}" fontId="{made.font}" fillId="{made.fill}" borderId="{made.border}" xfId="0"'
    if not made.inside:
        return f"<xf {ids}/>"
    applied = ' applyNumberFormat="1"' if made.number else ""
    return (
        f'<xf {ids}{applied} applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">'
        f"{made.inside}</xf>"
    )


def _painting() -> str:
    """The formats of the rules that paint statuses, in the order of `status_symbols`."""
    paints = [STATUS_PAINT[status] for _, status in status_symbols()]
    made = "".join(
        f'<dxf><font><color rgb="FF{paint.text[1:]}"/></font>'
        f'<fill><patternFill patternType="solid"><bgColor rgb="FF{paint.fill[1:]}"/></patternFill></fill></dxf>'
        for paint in paints
    )
    return f'<dxfs count="{len(paints)}">{made}</dxfs>'
