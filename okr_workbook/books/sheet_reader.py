"""The cells of a sheet part, found by expressions over its text and read as values.

Nothing is read short in silence: the rows must tile the sheet's data and the cells their row, whatever the part's
`<dimension>` claims. Where comments or CDATA stand in the way the part is written out plainly first; a part that still
does not read is refused. SpreadsheetML: ECMA-376 part 1, 18.3.1.4 (c), 18.3.1.73 (row), 18.3.1.40 (f).
"""

import re
from bisect import bisect_left, bisect_right
from functools import cache, cached_property
from typing import NamedTuple

from okr_workbook.books.cell_text import text_of
from okr_workbook.books.cell_values import CellValues
from okr_workbook.books.package import Area, area_of
from okr_workbook.books.xml_text import MAIN, attributes_of, checked, escaped_attribute, plain, unescaped
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import NOT_COMPUTED, Formula, Place, Value, column_letters, column_number

_BOUND = re.compile(
    rf"""xmlns(?::[\w.-]+)?\s*=\s*["']{re.escape(MAIN)}["']"""
)  # once, or cells could hide behind a prefix
_NO_ROW = "?"  # the row of a cell whose reference is none, so that it is in the wrong row
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]+)")

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""Microsoft: Excel specifications and limits."""


class Row(NamedTuple):
    """Where a row lies in the text: its tag from `start` to `body`, its cells to `close`, all of it to `end`."""

    start: int
    body: int
    close: int
    end: int


class Cell(NamedTuple):
    """A cell as written: its style, its type, the text of a plain value, and what else is in it.

    `more` are attributes other than r, s and t, with a space before each.
    """

    style: str
    kind: str
    text: str
    rest: str
    more: str


class Patterns(NamedTuple):
    """The expressions for one namespace prefix. `usual_cell` finds, with the same groups, only what most programs write."""

    data: re.Pattern[str]
    row: re.Pattern[str]
    cell: re.Pattern[str]
    usual_cell: re.Pattern[str]
    value: re.Pattern[str]
    formula: re.Pattern[str]
    piece: re.Pattern[str]
    phonetic: re.Pattern[str]


@cache
def patterns(prefix: str) -> Patterns:
    """The expressions for a prefix such as `x:`, or none. A cell's usual attributes come first and in this order."""
    p = re.escape(prefix)
    return Patterns(
        data=re.compile(rf"<{p}sheetData\b[^>]*>"),
        row=re.compile(rf'<{p}row(?: r="([0-9]++)")?+((?:\s[^>]*)?/?)>'),
        cell=re.compile(
            rf'<{p}c(?: r="([A-Z]{{1,3}}+)([0-9]++)")?+(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+((?:\s[^>]*?)?)'
            rf"(?:/>|>(?:<{p}v>([^<]*+)</{p}v>|<{p}is><{p}t(?:\s[^>/]*+)?+>([^<]*+)</{p}t></{p}is>)?"
            rf"(?:</{p}c>|(.*?)</{p}c>))",
            re.DOTALL,
        ),
        usual_cell=re.compile(
            rf'<{p}c r="([A-Z]++)([0-9]++)"(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+()'
            rf'(?:/>|>(?:<{p}v>([^<]*+)</{p}v>|<{p}is><{p}t xml:space="preserve">([^<]*+)</{p}t></{p}is>)?</{p}c>)()'
        ),
        value=re.compile(rf"<{p}v(?:\s[^>]*)?>([^<]*)</{p}v>"),
        formula=re.compile(rf"<{p}f((?:\s[^>]*?)?)(?:/>|>([^<]*)</{p}f>)"),
        piece=re.compile(rf"<{p}t(?:\s[^>]*)?>([^<]*)</{p}t>"),
        phonetic=re.compile(rf"<{p}rPh\b.*?</{p}rPh>", re.DOTALL),
    )


class SheetText:
    """A sheet part as text, and where its rows lie. `start` and `end` bound the inside of `<sheetData>`."""

    def __init__(self, content: bytes, part: str) -> None:
        self.part = part
        self.content = content
        self.xml = checked(content, part)
        self.is_plain = False
        if not self._find_rows():
            self._make_plain()

    @property
    def text(self) -> str:
        """The part."""
        return self.xml.text

    @cached_property
    def arrays(self) -> tuple[Area, ...]:
        """The areas that array formulas and data tables fill; their cells belong to the formula at the first."""
        if 't="array"' not in self.text and 't="dataTable"' not in self.text:
            return ()
        refs = (attributes_of(found[1]).get("ref", "") for found in self.patterns.formula.finditer(self.text))
        return tuple(area for ref in refs if (area := area_of(ref)))

    def rows_between(self, first: int, last: int) -> list[int]:
        """The numbers of the rows that are there, from `first` to `last`."""
        numbers = list(self.rows)
        return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]

    def mentions(self, number: int, written: str) -> bool:
        """True where a row's text holds these characters anywhere; a quick no for what is rarely there."""
        row = self.rows.get(number)
        return row is not None and self.text.find(written, row.body, row.close) >= 0

    def cells(self, number: int) -> dict[int, re.Match[str]]:
        """Where the cells of one row stand, by column, in the order they are written; none for a row that is not there."""
        found = self._cells.get(number)
        if found is None:
            found = self._cells[number] = self._find_cells(number)
        return found

    def _find_cells(self, number: int) -> dict[int, re.Match[str]]:
        row = self.rows.get(number)
        if row is None:
            return {}
        found, at, column, count = {}, row.body, 0, 0
        for match in self.patterns.cell.finditer(self.text, row.body, row.close):
            letters, digits, more = match[1], match[2], match[5]
            if (match.start() != at and self.text[at : match.start()].strip()) or (more and _splits_quotes(more)):
                break
            if more:
                letters, digits, *_ = _attributes(more, letters or "", digits or "", "", "")
            column = _columns[letters] if letters else column + 1
            if column > MAX_COLUMN or (digits and digits != str(number)):
                raise FileRefusedError("damaged_part", part=self.part)
            found[column] = match
            at, count = match.end(), count + 1
        if self.text[at : row.close].strip():
            self._make_plain()
            return self._find_cells(number)
        if len(found) != count:
            raise FileRefusedError("damaged_part", part=self.part)
        return found

    def cell(self, number: int, column: int) -> Cell | None:
        """One cell as it is written, or None where there is none."""
        match = self.cells(number).get(column)
        if match is None:
            return None
        letters, digits, style, kind, more, text, inline, rest = match.groups(default="")
        if more:
            _, _, style, kind, more = _attributes(more, letters, digits, style, kind)
        return Cell(style, kind, text or inline, rest, more)

    def read(self, values: CellValues, body: Area) -> tuple[list[list[Value]], set[Place]]:
        """The values of an area row by row, and the places (from 0) whose value comes from a formula."""
        rows: list[list[Value]] = []
        formulas: set[Place] = set()
        for number in range(body.top, body.bottom + 1):
            cells, places = self.read_row(values, number, body.left, body.right)
            rows.append(cells)
            formulas.update((number - body.top, place) for place in places)
        return rows, formulas

    def read_row(self, values: CellValues, number: int, left: int, right: int) -> tuple[list[Value], list[int]]:
        """The values of one row from column `left` to `right`, and the places whose value comes from a formula."""
        cells: list[Value] = [None] * (right - left + 1)
        formulas = [place for area in self.arrays for place in _inside(area, number, left, right)]
        row = self.rows.get(number)
        if row is None:
            return cells, formulas
        found = self.patterns.usual_cell.findall(self.text, row.body, row.close)
        count = self.text.count(f"<{self.xml.prefix}c", row.body, row.close)
        if len(found) != count:
            found = self.patterns.cell.findall(self.text, row.body, row.close)
        if len(found) != count:
            self.cells(number)  # refuses, or writes the part out plainly
            row = self.rows[number]
            found = self.patterns.cell.findall(self.text, row.body, row.close)
        written, column = str(number), 0
        strings, days, date_styles = values.strings, values.days, values.date_styles
        for written_letters, digits, written_style, written_kind, more, text, inline, rest in found:
            letters, style, kind, place = written_letters, written_style, written_kind, digits
            if more:
                letters, place, style, kind, _ = _attributes(more, letters, digits, style, kind)
            column = _columns[letters] if letters else column + 1
            if place != written and place:
                raise self._damaged(column, number)
            if not left <= column <= right:
                continue
            try:
                if rest:
                    cells[column - left] = self.rich_value(values, style, kind, text, rest)
                    if self.formula(rest) is not None:
                        formulas.append(column - left)
                elif inline:
                    cells[column - left] = text_of(unescaped(inline)) if "&" in inline or "_x" in inline else inline
                elif not text:
                    continue
                elif kind == "s":
                    cells[column - left] = strings[int(text)] or None
                elif kind:
                    cells[column - left] = values.value(style, kind, text)
                elif style in date_styles:
                    cells[column - left] = days[text]
                else:
                    cells[column - left] = int(text) if text.isdigit() and len(text) < 16 else values.number(text)
            except (ValueError, IndexError) as error:
                raise self._damaged(column, number) from error
        return cells, formulas

    def formula(self, rest: str) -> str | None:
        """The formula in a cell's inside (of a shared one perhaps only ""), or None where there is none."""
        match = self.patterns.formula.search(rest)
        return None if match is None else unescaped(match[2] or "")

    def rich_value(self, values: CellValues, style: str, kind: str, text: str, rest: str) -> Value:
        """The value of a cell with more than a plain `<v>` in it: a formula, an inline string, an extension."""
        value = self.patterns.value.search(rest)
        if value is not None:
            text = value[1]
        if self.formula(rest) is not None:
            if kind == "str" and (text or value or rest.rstrip().endswith(f"<{self.xml.prefix}v/>")):
                return text_of(unescaped(text))
            return values.value(style, kind, text) if text else NOT_COMPUTED
        if kind == "inlineStr":
            text = text or "".join(self.patterns.piece.findall(self.patterns.phonetic.sub("", rest)))
            return text_of(unescaped(text)) or None
        return values.value(style, kind, text) if text else None

    def content_of(self, values: CellValues, cell: Cell) -> Value:
        """What a cell holds: its value, or the formula with it."""
        try:
            if not cell.rest and cell.kind != "inlineStr":
                return values.value(cell.style, cell.kind, cell.text) if cell.text else None
            value = self.rich_value(values, cell.style, cell.kind, cell.text, cell.rest)
        except (ValueError, IndexError) as error:
            raise FileRefusedError("damaged_part", part=self.part) from error
        formula = self.formula(cell.rest)
        if formula is None:
            return value
        return Formula(formula, value if isinstance(value, str | float | int) else None)

    def _damaged(self, column: int, row: int) -> FileRefusedError:
        return FileRefusedError("damaged_cell", part=self.part, cell=f"{column_letters(column)}{row}")

    def _find_rows(self) -> bool:
        """Find the rows; False where something stands in the way of searching them."""
        self.patterns = patterns(self.xml.prefix)
        self.rows: dict[int, Row] = {}
        self._cells: dict[int, dict[int, re.Match[str]]] = {}
        data = self.patterns.data.search(self.text)
        if data is None or (self.text.count(MAIN) > 1 and len(_BOUND.findall(self.text)) > 1):
            raise FileRefusedError("damaged_part", part=self.part)
        self.data_tag = data.start()
        self.start = self.end = data.end()
        self.is_empty = data[0].endswith("/>")
        if self.is_empty:
            return True
        self.end = self.text.find(f"</{self.xml.prefix}sheetData", self.start)
        for unseen in ("<!", "<?"):
            if self.text.find(unseen, 2, self.end) >= 0:
                return False
        return self._tile_rows()

    def _tile_rows(self) -> bool:
        """Find the rows, which must lie one behind the other; False where anything but spaces stands between them."""
        text, close, rows = self.text, f"</{self.xml.prefix}row>", self.rows
        start, body, number, is_open = self.start, self.start, 0, False
        for found in self.patterns.row.finditer(text, self.start, self.end):
            written, more = found.groups()
            if more and _splits_quotes(more):
                return False
            next_start = found.start()
            if not self._end_row(number, start, body, next_start, close if is_open else ""):
                return False
            number = _row_number(written or attributes_of(more).get("r"), number, self.part)
            start, body, is_open = next_start, found.end(), not more.endswith("/")
        if not self._end_row(number, start, body, self.end, close if is_open else ""):
            return False
        return text.count(f"<{self.xml.prefix}row", self.start, self.end) == len(rows)

    def _end_row(self, number: int, start: int, body: int, end: int, close: str) -> bool:
        """Note the row that ends before `end`, perhaps with spaces behind it; False where it does not end there."""
        if not close or not self.text.startswith(close, end - len(close)):
            while end > body and self.text[end - 1].isspace():
                end -= 1
        inside = end - len(close)
        if inside < body or not self.text.startswith(close, inside):
            return False
        if number:
            self.rows[number] = Row(start, body, inside, end)
        return bool(close) or inside == body

    def _make_plain(self) -> None:
        """Write the part out plainly and look again; FileRefusedError where that does not help."""
        if self.is_plain:
            raise FileRefusedError("damaged_part", part=self.part)
        self.is_plain = True
        self.xml = plain(self.content, self.part)
        if not self._find_rows():
            raise FileRefusedError("damaged_part", part=self.part)


class _Columns(dict[str, int]):
    """Column numbers by their letters, reckoned once each."""

    def __missing__(self, letters: str) -> int:
        self[letters] = column_number(letters)
        return self[letters]


_columns = _Columns()


def _row_number(written: str | None, before: int, part: str) -> int:
    """A row's number, which is above the one before it and on the sheet; one that is not written is the next."""
    number = before + 1 if written is None else int(written) if written.isdecimal() and len(written) < 8 else 0
    if not before < number <= MAX_ROW:
        raise FileRefusedError("damaged_part", part=part)
    return number


def _splits_quotes(attributes: str) -> bool:
    """True where a tag was cut inside an attribute's value, which may hold a `>`."""
    return attributes.count('"') % 2 == 1 or ("'" in attributes and attributes.count("'") % 2 == 1)


def _attributes(more: str, letters: str, digits: str, style: str, kind: str) -> tuple[str, str, str, str, str]:
    """The attributes of a cell that come in an unusual order or quoting, and the others as text."""
    others = attributes_of(more)
    reference = others.pop("r", None)
    if reference is not None:
        match = _REFERENCE.fullmatch(reference)
        letters, digits = (match[1].upper(), match[2]) if match else ("A", _NO_ROW)
    style, kind = others.pop("s", style), others.pop("t", kind)
    return (
        letters,
        digits,
        style,
        kind,
        "".join(f' {name}="{escaped_attribute(value)}"' for name, value in others.items()),
    )


def _inside(area: Area, row: int, left: int, right: int) -> list[int]:
    """The places (from 0 at column `left`) of a row that an area covers."""
    if not area.top <= row <= area.bottom:
        return []
    return list(range(max(area.left, left) - left, min(area.right, right) - left + 1))
