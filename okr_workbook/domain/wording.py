"""How a text is worded: its words for matching, and the amounts it tells. Imports the text forms only.

Not every figure is an amount: "B2B", "Q4 2026", "ISO 27001", "1:1s" and "in 6 months" say nothing of how much. What tells
them apart beside their form are words, which come from outside (`NumberWords`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from okr_workbook.domain.text_forms import unaccented
from okr_workbook.records import NamedTuple

_PUNCTUATION = '.,;:!?…()[]«»“”"-–—•'
_UNIT_SIGNS = frozenset("%€$£¥")
_SIGNS = "€$£¥+\u2212~≈<>≤≥=#-"
_FIGURE = r"(\D*?)(\d+(?:[ .,]\d+)*)(.*)"
_PLAIN = rf"[{_SIGNS}]*\d+(?:[ .,]\d+)*"
_GROUPS, _GROUP = rf"[{_SIGNS}]*\d{{1,3}}(?: \d{{3}})*", r"\d{3}(?!\d)"
_YEARS = range(2010, 2050)
_WHOLES = ("2", "3", "4", "5", "10", "20", "100")
"""What a fraction or a rating may be of: 2/3 and 8/10 are amounts, 24/7 and 31/12 are none."""


class NumberWords(NamedTuple):
    """Words about numbers, folded.

    `amounts` are amounts themselves ("ten", "double"); `units` stand behind one that is a share or money, `limits` before
    one that is not to be exceeded ("within"). No amount is a figure among the `names` ("24h/24"), behind one of `named`
    ("version 2"), with an ordinal's `endings` ("4th"), of one of the `months`, or of the `spans` of a deadline behind one
    of `by` ("in 6 months").
    """

    amounts: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    spans: frozenset[str] = frozenset()


NO_WORDS = NumberWords()


class Amount(NamedTuple):
    """One amount of a text. `is_valued`: a share or money; `is_limit`: not to be exceeded."""

    is_valued: bool
    is_limit: bool


def folded(text: str) -> str:
    """A text for matching: lower case, no accents, one space, an apostrophe ends a word.

    >>> folded("Agrandir l’équipe")
    "agrandir l' equipe"
    """
    return " ".join(unaccented(text.replace("’", "'").replace("'", "' ").casefold()).split())


def words_of(text: str) -> list[str]:
    """The words of a text, folded and without the punctuation around them."""
    return [word for part in folded(text).split(" ") if (word := part.strip(_PUNCTUATION))]


def amounts_in(text: str, words: NumberWords = NO_WORDS) -> list[Amount]:
    """The amounts a text tells, in their order; 50 000 and 2,5 are one each.

    >>> len(amounts_in("MRR from 50 000 € to 60,000 €")), len(amounts_in("Launch v2 for B2B in Q4 2026"))
    (2, 0)
    """
    parts = words_of(text)
    if all(part.isalpha() and part not in words.amounts for part in parts):
        return []
    parts = _joined(parts, words)
    return [
        Amount(_is_valued(parts, place, words), _is_limit(parts, place, words))
        for place in range(len(parts))
        if _is_amount(parts, place, words)
    ]


def _joined(parts: Sequence[str], words: NumberWords) -> list[str]:
    """The words with those of one number together: "50 000", "2 millions", "cent vingt"."""
    found: list[str] = []
    for part in parts:
        if found and _continues(found[-1], part, words):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def _continues(number: str, part: str, words: NumberWords) -> bool:
    """True where a word goes on with the number before it."""
    if part[0].isdecimal():
        return re.match(_GROUP, part) is not None and re.fullmatch(_GROUPS, number) is not None
    return _is_spelt(part, words) and (_is_spelt(number, words) or re.fullmatch(_PLAIN, number) is not None)


def _is_spelt(part: str, words: NumberWords) -> bool:
    """True for an amount in letters: "ten", "vingt-cinq"."""
    return part in words.amounts or (
        not part.isalpha() and all(word in words.amounts for word in re.split("[ -]", part))
    )


def _is_amount(parts: Sequence[str], place: int, words: NumberWords) -> bool:
    part = parts[place]
    if part.isalpha():
        return part in words.amounts
    figure = re.fullmatch(_FIGURE, part)
    if figure is None or part in words.names:
        return _is_spelt(part, words)
    head, digits, tail = figure.groups()
    before, behind = _around(parts, place)
    is_name = head.strip(_SIGNS) not in ("", "x", *words.units) or before in words.named
    is_date = not tail and len(digits) < 3 and not words.months.isdisjoint((before, behind))
    is_deadline = before in words.by and behind in words.spans
    is_year = _is_year(digits) and (tail.startswith("-") or not (tail or _is_valued(parts, place, words)))
    return not (is_name or is_date or is_deadline or is_year or tail in words.endings or _makes_a_name(tail))


def _around(parts: Sequence[str], place: int) -> tuple[str, str]:
    """The words before and behind one."""
    return parts[place - 1] if place else "", parts[place + 1] if place + 1 < len(parts) else ""


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits.isdecimal() and int(digits) in _YEARS


def _makes_a_name(tail: str) -> bool:
    """True for what, right behind digits, makes a name or a date of them: 7-day, 1:1, 24/7, 31/12."""
    if tail[:1] == "/" and tail[1:2].isdecimal():
        return tail[1:] not in _WHOLES
    return tail[:1] == ":" or (tail[:1] == "-" and not re.fullmatch(r"-\d+\W*", tail))


def _is_valued(parts: Sequence[str], place: int, words: NumberWords) -> bool:
    """True where a number is a share or money: by a sign in it or right behind, or by a word close behind."""
    own, *close = parts[place : place + 3]
    signs = _UNIT_SIGNS.intersection(own).union(_UNIT_SIGNS.intersection(*close[:1]) if close else ())
    return bool(signs) or not words.units.isdisjoint(close)


def _is_limit(parts: Sequence[str], place: int, words: NumberWords) -> bool:
    before = " ".join(parts[max(place - 2, 0) : place])
    return any(f" {before}".endswith(f" {limit}") for limit in words.limits)
