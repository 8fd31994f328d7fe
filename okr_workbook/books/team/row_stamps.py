"""Rows of a kind as text: the markup of a kind is made once as a template, and each row fills its values in.

A template holds for one kind, one numbering of its looks, one type of value in each cell and one height; a period's
books are made of some twenty of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from okr_workbook.books.team.model import ROW, THERE, Row, RowKind
from okr_workbook.books.team.style_parts import Styles
from okr_workbook.books.team.texts import SharedTexts, computed, in_ascii
from okr_workbook.tables.grid import DAY_0, Formula, column_letters

_DAY_0 = DAY_0.toordinal()
_NONE = type(None)


def serial(day: date) -> int:
    """The number of a day in a cell. A time of day is left out."""
    return day.toordinal() - _DAY_0


class _Template(NamedTuple):
    """A row's text with a place for each value that is there, `given`; of these some are written another way."""

    text: str
    given: Callable[[Any], tuple[Any, ...]]
    rewritten: tuple[tuple[int, Callable[[Any], Any]], ...]
    shared: tuple[int, ...]


class RowStamps:
    """Stamps the rows of one workbook, whose looks and shared texts are numbered as they come."""

    def __init__(self, styles: Styles, texts: SharedTexts) -> None:
        self._styles, self._texts = styles, texts
        self._numbers: dict[RowKind, tuple[int, ...]] = {}

    def text(self, number: int, row: Row) -> str:
        """The text of a row."""
        kind, values, there, height = row
        numbers = self._numbers.get(kind)
        if numbers is None:
            numbers = self._numbers[kind] = tuple(map(self._styles.number, kind.looks))
        text, given, rewritten, shared = _template(kind, numbers, tuple(map(type, values)), height or kind.height)
        filled = list(given(values))
        for place, write in rewritten:
            filled[place] = write(filled[place])
        for place in shared:
            filled[place] = self._texts.number(filled[place])
        return text.replace(ROW, str(number)).replace(THERE, str(there)) % tuple(filled)


@lru_cache(maxsize=1_024)
def _template(kind: RowKind, numbers: tuple[int, ...], types: tuple[type, ...], height: float) -> _Template:
    tall = f' ht="{height:g}" customHeight="1"' if height else ""
    pieces = [f'<row r="{ROW}"{tall}>']
    given: list[int] = []
    rewritten: list[tuple[int, Callable[[Any], Any]]] = []
    shared: list[int] = []
    for place, (column, formula, number, of) in enumerate(
        zip(kind.columns, kind.formulas, numbers, types, strict=True)
    ):
        start = f'<c r="{column_letters(column)}{ROW}" s="{number}"'
        formula_text = f"<f>{in_ascii(escape(formula)).replace('%', '%%')}</f>" if formula else ""
        if of is _NONE:
            pieces.append(f'{start} t="str">{formula_text}<v></v></c>' if formula else f"{start}/>")
            continue
        if of is str and not formula:
            shared.append(len(given))
        elif of in _WRITES:
            rewritten.append((len(given), _WRITES[of]))
        given.append(place)
        if of is Formula:
            pieces.append(f"{start}%s</c>")
            continue
        pieces.append(f"{start}{_type(of, computed=bool(formula))}>{formula_text}<v>{_places(of)}</v></c>")
    return _Template("".join((*pieces, "</row>")), _picker(given), tuple(rewritten), tuple(shared))


def formula_cell(formula: Formula) -> str:
    """What follows a cell's place and style where it holds a formula of its own: its type, the formula, the value."""
    stored = formula.value
    text = f"<f>{in_ascii(escape(formula.text))}</f>"
    if isinstance(stored, bool):
        return f' t="b">{text}<v>{int(stored)}</v>'
    if stored is None or isinstance(stored, str):
        return f' t="str">{text}<v>{computed(stored or "")}</v>'
    return f">{text}<v>{stored!r}</v>"


_WRITES: dict[type, Callable[[Any], Any]] = {
    str: computed, bool: int, date: serial, datetime: serial, Formula: formula_cell,
}  # fmt: skip


def _type(of: type, *, computed: bool) -> str:
    if of is str:
        return ' t="str"' if computed else ' t="s"'
    return ' t="b"' if of is bool else ""


def _places(of: type) -> str:
    return "%s" if of is str else "%r"


def _picker(places: Iterable[int]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes the values at some places out of a row."""
    chosen = tuple(places)
    if len(chosen) < 2:
        return lambda values: tuple(values[place] for place in chosen)
    return itemgetter(*chosen)
