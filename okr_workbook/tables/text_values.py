"""Numbers and dates that came as text, read by the habits of a language, or refused. Never guessed.

A comma or point before exactly three digits may part thousands or decimals: "1,234" is refused in every language. A space
or an apostrophe parts thousands and nothing else: "1 200" is a number, "15 00" and "3 5" are none.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from okr_workbook.domain.text_forms import composed, unaccented
from okr_workbook.labels import LANGUAGES, labels_for

AMBIGUOUS = "ambiguous"

_SPACE = "[ \u00a0\u202f\u2009]"
_UNIT = "[€$£¥]"
_AMOUNT = (
    rf"(?:(?P<before>{_UNIT}){_SPACE}*)?(?P<sign>[+\u2212-])?{_SPACE}*(?:(?P<amid>{_UNIT}){_SPACE}*)?"
    rf"(?P<digits>[\d.,].*?){_SPACE}*(?P<after>%|{_UNIT})?"
)
"""A sign, digits, and one unit or percent sign beside them."""
_THREE = r"[1-9]\d{0,2}[.,]\d{3}"
_WRITINGS = (
    r"(\d+|\d+[.,]\d*|[.,]\d+)(?:[eE][+-]?\d+)?",
    *(rf"\d{{1,3}}(?:{mark}\d{{3}})+(?:[.,]\d+)?" for mark in (_SPACE, "['’]")),
    *(rf"\d{{1,3}}(?:{mark}\d{{3}}){{2,}}" for mark in (",", r"\.")),
    r"\d{1,3}(?:,\d{3})+\.\d+",
    r"\d{1,3}(?:\.\d{3})+,\d+",
)
"""Plain; thousands parted by spaces or apostrophes; by commas or points, more than once or with other decimals."""
_ISO_DAY = r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?"
_DAY = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
_ISO_MONTH = r"(\d{4})[-/.](\d{1,2})(?:[-/.]0?1)?"
_MONTH = r"(?:0?1[/.-])?(\d{1,2})[/.-](\d{4})"
_WORD = r"([^\W\d_]{3,})\.?"
_WORD_MONTH = rf"{_WORD}[ -]+(\d{{4}}|\d{{2}})"

MonthNames = tuple[tuple[str, ...], ...]
"""Lists of twelve names, in any language."""


def number_from_text(text: str) -> float | str | None:
    """The number a text writes, AMBIGUOUS, or None where it writes none. A percent sign divides by 100.

    >>> number_from_text("12,5 %"), number_from_text("1 200"), number_from_text("-1.5")
    (0.125, 1200.0, -1.5)
    >>> number_from_text("1,234"), number_from_text("1,234.5"), number_from_text("0,125"), number_from_text("abc")
    ('ambiguous', 1234.5, 0.125, None)
    >>> number_from_text("15 00"), number_from_text("3 5"), number_from_text("- 1,234")
    (None, None, 'ambiguous')
    """
    amount = re.fullmatch(_AMOUNT, text.strip())
    if amount is None or sum(map(bool, amount.group("before", "amid", "after"))) > 1:
        return None
    digits = amount["digits"]
    if re.fullmatch(_THREE, digits):
        return AMBIGUOUS
    if not any(re.fullmatch(writing, digits) for writing in _WRITINGS):
        return None
    value = float(_with_point(digits))
    if value == float("inf"):
        return None
    value = -value if amount["sign"] in ("-", "\u2212") else value
    return value / 100 if amount["after"] == "%" else value


def without_unit(text: str, unit: str) -> str:
    """A text that writes a number in the unit of its row, without that unit, in one or in several; else the text.

    >>> without_unit("88 s", "s"), without_unit("1 day", "days"), without_unit("CHF 12", "CHF"), without_unit("7/10", "/10")
    ('88', '1', '12', '7')
    >>> without_unit("60 % done", "% done"), without_unit("n/a", "a"), without_unit("8 weeks", "days")
    ('60 %', 'n/a', '8 weeks')
    """
    bare, word = text.strip(), unit.strip().removeprefix("%").strip()
    if not word:
        return text
    for form in (word, word.removesuffix("s"), f"{word}s"):
        for rest in (_cut_off(bare, form), _cut_off(bare[::-1], form[::-1])[::-1]):
            if rest[-1:].isdigit() or rest.endswith("%"):
                return rest
    return text


def _cut_off(text: str, beginning: str) -> str:
    """What follows a beginning, in capitals or not; nothing where the text begins otherwise."""
    starts = bool(beginning) and text[: len(beginning)].casefold() == beginning.casefold()
    return text[len(beginning) :].strip() if starts else ""


def _with_point(digits: str) -> str:
    """Digits as one of `_WRITINGS` has them, without what parts thousands and with a point for decimals."""
    digits = re.sub(rf"{_SPACE}|['’]", "", digits)
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0 or digits.count(digits[last]) > 1:
        return re.sub("[,.]", "", digits)
    return f"{re.sub('[,.]', '', digits[:last])}.{digits[last + 1 :]}"


def date_from_text(text: str, language: str, month_names: MonthNames = ()) -> date | str | None:
    """The day a text writes, AMBIGUOUS, or None. Year (in four digits), month and day must all be there.

    Of numbers, the day comes first where that is the language's habit; else only where one of the two cannot be a month. A month in words
    may stand before or after its day, whatever the language.

    >>> date_from_text("2026-03-31", "en"), date_from_text("31/03", "fr")
    (datetime.date(2026, 3, 31), None)
    >>> date_from_text("03/04/2026", "fr"), date_from_text("03/04/2026", "en")
    (datetime.date(2026, 4, 3), 'ambiguous')
    >>> months = (("Jan", "Feb", "Mar", "Apr"),)
    >>> date_from_text("3 Apr 2026", "fr", months), date_from_text("Apr 3rd, 2026", "en", months)
    (datetime.date(2026, 4, 3), datetime.date(2026, 4, 3))
    """
    text = " ".join(text.split())
    if found := re.fullmatch(_ISO_DAY, text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(_DAY, text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if labels_for(language).habit("day_first") or first > 12 or first == second:
            return _day(year, second, first)
        return _day(year, first, second) if second > 12 else AMBIGUOUS
    text = composed(text).casefold()
    day_first, month_first = _days_in_words()
    if found := re.fullmatch(day_first, text):
        return _day(int(found[3]), _month_called(found[2], month_names), int(found[1]))
    if found := re.fullmatch(month_first, text):
        return _day(int(found[3]), _month_called(found[1], month_names), int(found[2]))
    return None


@cache
def _days_in_words() -> tuple[str, str]:
    """Patterns of a day before its month in words, and behind it, with the endings that any language has for days."""
    endings = "|".join(re.escape(one) for language in LANGUAGES for one in labels_for(language).habit("ordinals"))
    day = rf"(\d{{1,2}})(?:{endings})?"
    return rf"{day}\.?[ -]+{_WORD},?[ -]+(\d{{4}})", rf"{_WORD}[ -]+{day},?[ -]+(\d{{4}})"


def month_from_text(text: str, month_names: MonthNames) -> date | None:
    """The first day of the month a header writes, or None.

    >>> month_from_text("2026-07", ()), month_from_text("01/07/2026", ()), month_from_text("07/2026", ())
    (datetime.date(2026, 7, 1), datetime.date(2026, 7, 1), datetime.date(2026, 7, 1))
    >>> month_from_text("juil. 2026", (("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil."),))
    datetime.date(2026, 7, 1)
    """
    text = " ".join(text.split())
    if len(text) == 7 and text[4] == "-" and text[:4].isdecimal() and text[5:].isdecimal():  # as planners are headed
        return _day(int(text[:4]), int(text[5:]), 1)
    if found := re.fullmatch(_ISO_MONTH, text):
        return _day(int(found[1]), int(found[2]), 1)
    if found := re.fullmatch(_MONTH, text):
        return _day(int(found[2]), int(found[1]), 1)
    if found := re.fullmatch(_WORD_MONTH, composed(text)):
        year = int(found[2]) + (2000 if len(found[2]) == 2 else 0)
        return _day(year, _month_called(found[1], month_names), 1)
    return None


def is_month_name(text: str, month_names: MonthNames) -> bool:
    """True for the name of a month that stands alone, without its year: "Février", "feb."."""
    return _month_called(composed(text.strip().rstrip(".")), month_names) > 0


def _month_called(word: str, month_names: MonthNames) -> int:
    """The number of the month with that name, case and accents apart; 0, which no day has, where there is none."""
    wanted = unaccented(word).casefold()
    for names in month_names:
        for number, name in enumerate(names, 1):
            if unaccented(name).casefold().rstrip(".") == wanted:
                return number
    return 0


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
