"""A sheet part as text, proven well-formed, and where its rows and cells lie.

Nothing is read short in silence: the rows must tile the sheet's data and the cells their row, whatever the part's
`<dimension>` claims. Three ways lead there, the quickest first:

- The data is written as spreadsheet programs usually write it. Its rows then match a grammar that lets through only
  what is well-formed, and expat has to read no more than what stands before and behind them.
- It is written otherwise: expat reads the whole part, and the rows need only be told apart.
- Something stands in the way of that, such as a comment, an unusual order of attributes or cells without a reference:
  the part is written out in the usual form first. A part that still does not read is refused.

SpreadsheetML: ECMA-376 part 1, 18.3.1.4 (c), 18.3.1.73 (row), 18.3.1.40 (f).
"""

import re
from bisect import bisect_left
from functools import cache, cached_property, lru_cache
from pyexpat import ExpatError, ParserCreate

from okr_workbook.books.parts.package import Area, area_of
from okr_workbook.books.parts.xml_text import MAIN, XmlText, attributes_of, checked, is_plainly_utf8
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import column_number

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""Microsoft: Excel specifications and limits."""

_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?:\s[^>]*)?>")
_NOT_CHARACTERS = ("\ufffe", "\uffff")  # XML 1.0, 2.2; the others are left out of the grammar
_REFERENCES = (b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&apos;", b"&#9;", b"&#10;", b"&#13;")
_BOUND = rf"""xmlns(?::[\w.-]+)?\s*=\s*["']{re.escape(MAIN)}["']"""


class Grammar:
    """The expressions for one namespace prefix, such as `x:` or none.

    `row` is a whole row in its usual form, but for its references: its number, its other attributes. `filled` finds the cells with something
    in them: the letters and digits of the reference, style and type as written, the text of a plain value, that of an
    inline string, and all that is in any other cell. `cell` finds blank ones too, with the other attributes as its
    fourth group.
    """

    def __init__(self, prefix: str) -> None:
        p = re.escape(prefix)
        text = r"[^<>\x00-\x08\x0b\x0c\x0e-\x1f]*+"
        number, word, flag = '"[0-9]++"', '"[A-Za-z]++"', '"[a-z01]++"'
        formula = (
            rf"<{p}f(?: t={word})?+(?: aca={flag})?+(?: ref=\"[A-Z0-9:]++\")?+(?: ca={flag})?+(?: si={number})?+"
            rf"(?:/>|>{text}</{p}f>)"
        )
        value = rf'<{p}v>{text}</{p}v>|<{p}v/>|<{p}is><{p}t(?: xml:space="preserve")?+>{text}</{p}t></{p}is>'
        style, kind = rf"(?: s={number})?+", rf"(?: t={word})?+"
        cell = (  # most are blank
            rf'<{p}c r="[A-Z]{{1,3}}+\1"{style}(?:/>|{kind}(?: cm={number})?+(?: vm={number})?+(?: ph={number})?+'
            rf"(?:/>|>(?:{formula})?+(?:{value})?+</{p}c>))"
        )
        self.row = re.compile(
            rf'<{p}row r="([1-9][0-9]{{0,6}}+)"((?: [A-Za-z0-9:]++="[^"<>\x00-\x1f]*+")*+)'
            rf"(?:/>|>\s*+(?:{cell}\s*+)*+</{p}row>)\s*+"
        )
        self._prefix, self._start = p, rf'<{p}c r="([A-Z]{{1,3}}+)([0-9]++)"({style}{kind})'
        self._plain = (
            rf"<{p}v>([^<]*+)</{p}v></{p}c>|"
            rf'<{p}is><{p}t(?: xml:space="preserve")?+>([^<]*+)</{p}t></{p}is></{p}c>'
        )
        self.filled = re.compile(rf"{self._start}[^>]*+(?<!/)>(?:{self._plain}|(?!</{p}c>)(.+?)</{p}c>)", re.DOTALL)

    @cached_property
    def cell(self) -> re.Pattern[str]:
        """Any cell, blank ones too."""
        p = self._prefix
        return re.compile(rf"{self._start}([^>]*?)(?:/>|>(?:{self._plain}|(.*?)</{p}c>))", re.DOTALL)

    @cached_property
    def any_row(self) -> re.Pattern[str]:
        """A row in text that is known to be well-formed, with the groups of `row`."""
        p = self._prefix
        attributes = r"""(?:\s+(?![rst]\s*=)[\w:.-]+\s*=\s*(?:"[^"<>]*+"|'[^'<>]*+'))*+"""
        cell = rf'<{p}c r="[A-Z]{{1,3}}+\1"(?: s="[0-9]++")?+(?: t="[A-Za-z]++")?+{attributes}(?:/>|>(?>.*?</{p}c>))'
        of_row = attributes.replace("[rst]", "r")
        return re.compile(
            rf'<{p}row r="([1-9][0-9]{{0,6}}+)"({of_row})(?:/>|>\s*+(?:{cell}\s*+)*+</{p}row>)\s*+', re.DOTALL
        )

    @cached_property
    def formula(self) -> re.Pattern[str]:
        """A formula: its attributes, its text."""
        p = self._prefix
        return re.compile(rf"<{p}f((?:\s[^>]*?)?)(?:/>|>([^<]*)</{p}f>)")


@cache
def grammar(prefix: str) -> Grammar:
    """The expressions for a prefix."""
    return Grammar(prefix)


class SheetText:
    """A sheet part as text. `start` and `end` bound the inside of `<sheetData>`, whose tag begins at `tag`.

    `rows` are where the rows lie, by number: from the tag to the next row. FileRefusedError for a damaged part.
    """

    def __init__(self, content: bytes, part: str) -> None:
        self.part, self.content = part, content
        self.rows: dict[int, tuple[int, int]] = {}
        self.is_usual = self._read_usual()
        if not self.is_usual and not self._read_well_formed(checked(content, part)):
            from okr_workbook.books.parts.sheet_form import usual_form  # what needs it is rare

            plain = usual_form(content, part)
            if not self._read_well_formed(plain):
                raise FileRefusedError("damaged_part", part=part)

    @property
    def text(self) -> str:
        """The part."""
        return self.xml.text

    @cached_property
    def arrays(self) -> tuple[Area, ...]:
        """The areas that array formulas and data tables fill; their cells belong to the formula at the first."""
        if self.is_usual and 't="array"' not in self.text and 't="dataTable"' not in self.text:
            return ()
        found = (attributes_of(formula[1]) for formula in self.grammar.formula.finditer(self.text))
        refs = (one.get("ref", "") for one in found if one.get("t") in ("array", "dataTable"))
        return tuple(area for ref in refs if (area := area_of(ref)))

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of the rows that are there, in order."""
        return list(self.rows)

    def rows_between(self, first: int, last: int) -> list[int]:
        """The numbers of the rows that are there, from `first` to `last`."""
        return self.numbers[bisect_left(self.numbers, first) : bisect_left(self.numbers, last + 1)]

    def position(self, number: int) -> int:
        """Where a row lies, or would lie if it were there."""
        index = bisect_left(self.numbers, number)
        return self.rows[self.numbers[index]][0] if index < len(self.numbers) else self.end

    def inside(self, number: int) -> tuple[int, int]:
        """Where the cells of a row that is there begin and end; after its tag both where it has none."""
        start, end = self.rows[number]
        body = self.text.index(">", start) + 1
        return body, body if self.text[body - 2] == "/" else self.text.rindex("</", body, end)

    def cells(self, number: int) -> dict[int, re.Match[str]]:
        """Where the cells of one row stand, by column, in the order they are written; none for a row that is not there."""
        if number not in self.rows:
            return {}
        body, close = self.inside(number)
        matches = list(self.grammar.cell.finditer(self.text, body, close))
        found = {columns[match[1]]: match for match in matches}
        if len(found) != len(matches) or max(found, default=0) > MAX_COLUMN:
            raise FileRefusedError("damaged_part", part=self.part)
        return found

    def _read_usual(self) -> bool:
        """Find the data and its rows where they are in their usual form. False where they are not, or not well-formed."""
        data = _DATA.search(self.content)
        if data is None or not is_plainly_utf8(self.content):
            return False
        head = self.content[: data.end()]
        is_empty = head.endswith(b"/>")
        end = data.end() if is_empty else self.content.find(b"</" + data[1] + b"sheetData", data.end())
        if end < 0 or b"<!" in head or b"<?" in head[2:] or not _is_well_formed_around(head, self.content[end:]):
            return False
        try:
            text, prefix = self.content.decode("utf-8"), data[1].decode("ascii")
        except UnicodeDecodeError:
            return False
        if any(one in text for one in _NOT_CHARACTERS):
            return False
        self._settle(XmlText(text, "utf-8", prefix), len(head.decode("utf-8")), len(self.content[end:].decode("utf-8")))
        return _has_known_references(self.content, data.end(), end) and self._tile(self.grammar.row, strictly=True)

    def _read_well_formed(self, xml: XmlText) -> bool:
        """Find the data and its rows in a well-formed part; False where something stands in the way of searching them."""
        data = re.search(rf"<{re.escape(xml.prefix)}sheetData\b[^>]*>", xml.text)
        if data is None or (xml.text.count(MAIN) > 1 and len(re.findall(_BOUND, xml.text)) > 1):
            raise FileRefusedError("damaged_part", part=self.part)  # cells could hide behind a second prefix
        is_empty = data[0].endswith("/>")
        end = data.end() if is_empty else xml.text.find(f"</{xml.prefix}sheetData", data.end())
        self._settle(xml, data.end(), len(xml.text) - end)
        if any(xml.text.find(unseen, 2, self.end) >= 0 for unseen in ("<!", "<?")):
            return False
        return self._tile(self.grammar.any_row, strictly=False)

    def _settle(self, xml: XmlText, start: int, tail: int) -> None:
        """Note the text and where its data begin, and how much of it follows them."""
        self.xml, self.grammar = xml, grammar(xml.prefix)
        self.start, self.end = start, len(xml.text) - tail
        self.tag = xml.text.rindex("<", 0, start)
        self.is_empty = xml.text[start - 2] == "/"

    def _tile(self, row: re.Pattern[str], *, strictly: bool) -> bool:
        """Find the rows, which must lie one behind the other; False where anything but spaces stands between them."""
        at = self.start
        while at < self.end and self.text[at].isspace():
            at += 1
        rows: dict[int, tuple[int, int]] = {}
        looks: set[str] = set()
        before = 0
        for found in row.finditer(self.text, at, self.end):
            span, number = found.span(), int(found[1])
            if span[0] != at:
                return False
            if not before < number <= MAX_ROW:
                raise FileRefusedError("damaged_part", part=self.part)
            rows[number] = span
            looks.add(found[2])
            before, at = number, span[1]
        if at != self.end or (strictly and not all(map(_is_row_look, looks))):
            return False
        self.rows = rows
        return True


class _Columns(dict[str, int]):
    """Column numbers by their letters, reckoned once each."""

    def __missing__(self, letters: str) -> int:
        self[letters] = column_number(letters)
        return self[letters]


columns = _Columns()
"""Column numbers by their letters."""


@lru_cache(maxsize=64)
def _is_well_formed_around(head: bytes, tail: bytes) -> bool:
    """True where a part is well-formed if what stands between head and tail is. Kept: both often stay when data change."""
    parser = ParserCreate()
    try:
        parser.Parse(head, False)
        parser.Parse(tail, True)
    except ExpatError:
        return False
    return True


def _has_known_references(content: bytes, start: int, end: int) -> bool:
    """True where every `&` between two places begins a reference that is one."""
    count = content.count(b"&", start, end)
    return not count or count == sum(content.count(one, start, end) for one in _REFERENCES)


def _is_row_look(attributes: str) -> bool:
    """True where a row's attributes have a name once each, and none is a namespace."""
    names = [one.partition("=")[0] for one in attributes.split('" ')]
    names = [name.strip() for name in names]
    return len(set(names)) == len(names) and not any(name.startswith("xmlns") or name == "r" for name in names)
