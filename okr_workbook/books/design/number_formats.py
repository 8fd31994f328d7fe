"""Excel number formats by language and by unit. A unit decides how its numbers are shown; no value is ever rounded.

Formats are written in Excel's own notation (point and comma); each machine shows them with its own separators.
"""

from __future__ import annotations

from typing import NamedTuple

from okr_workbook.tables.units import CURRENCIES, DAY_DECIMALS, DAYS, GRADE, MOST_DECIMALS

NBSP = "\u00a0"
TEXT = "@"

_SPACE = {"en": "", "fr": NBSP}
_DATE = {"en": "d mmm yyyy", "fr": "dd/mm/yyyy"}
_SHORT_DATE = {"en": "d mmm", "fr": "dd/mm"}
_ONE = {"en": "=1", "fr": "<2"}
"""What counts as one, once it is rounded: 1 in English, all below 2 in French."""

_GROUPED, _WHOLE, _GENERAL = "#,##0", "0", "General"
_LOCALE = {"en": "[$-409]", "fr": "[$-40C]"}  # month names in the planner's language, whatever the machine's


class UnitFormat(NamedTuple):
    """How numbers of one unit are shown: `{unit}` in `test` is the address of the cell that names the unit.

    `test` is an Excel condition. `whole` shows numbers, `fine` those below 100 that are not whole to so many `decimals`;
    `one` and `fine_one` the same of what counts as one, where the unit is a word that has another form for many.
    """

    test: str
    whole: str
    fine: str
    decimals: int = MOST_DECIMALS
    one: str = ""
    fine_one: str = ""

    def ways(self, language: str) -> tuple[tuple[str, str, str], ...]:
        """A condition, `whole` and `fine` of what counts as one (`{cell}` is the number's address), and of all others."""
        many = ("TRUE", self.whole, self.fine)
        is_one = f"ROUND(ABS(N({{cell}})),{self.decimals}){_ONE[language]}"
        return ((is_one, self.one, self.fine_one), many) if self.one else (many,)

    def as_typed(self, language: str) -> str:
        """A format that hides no decimal of what will be typed; from a thousand on, whole numbers that are grouped."""
        many = self.whole.split(";", maxsplit=1)[0]
        sections = [f"[>=1000]{many}", many.replace(_GROUPED, _GENERAL)]
        if self.one:
            sections.insert(0, f"[{_ONE[language]}]{self.one.replace(_WHOLE, _GENERAL)}")
        return ";".join(sections)


def percent(language: str, decimals: int = 0) -> str:
    """A share: 0.631 is 63% (63 % in French)."""
    digits = "0." + "0" * decimals if decimals else "0"
    return f"{digits}{_SPACE[language]}%"


def signed(number_format: str) -> str:
    """The same format with the sign always shown, for differences."""
    positive = number_format.split(";", maxsplit=1)[0]
    return f"+{positive};-{positive};{positive}"


def date(language: str, before: str = "") -> str:
    """A day, after some words."""
    return _LOCALE[language] + quoted(before) + _DATE[language]


def short_date(language: str, before: str = "") -> str:
    """A day of a year that goes without saying, after some words."""
    return _LOCALE[language] + quoted(before) + _SHORT_DATE[language]


def month(language: str) -> str:
    """A month of a year that goes without saying."""
    return _LOCALE[language] + "mmm"


def quoted(text: str) -> str:
    """A text as part of a number format."""
    if not text:
        return ""
    return '"' + text.replace('"', '""') + '"'


def unit_formats(language: str) -> tuple[UnitFormat, ...]:
    """The formats of all units the planner knows, first match first. Other units are shown as plain numbers."""
    return (
        UnitFormat('LEFT({unit},1)="%"', percent(language, 1), percent(language, 1)),
        *(_currency(sign, language) for sign in CURRENCIES),
        _days(language),
        UnitFormat(f'ISNUMBER(SEARCH("{GRADE}",{{unit}}))', "0.0", "0.0"),
        UnitFormat("TRUE", "#,##0", "#,##0.0#"),
    )


def _days(language: str) -> UnitFormat:
    """Days, in the word of the planner's language."""
    many = {"en": "days", "fr": "jours"}[language]
    of_many, of_one = (quoted(f"{NBSP}{word}") for word in (many, many.removesuffix("s")))
    typed = ",".join(f'{{unit}}="{word}"' for word in DAYS)
    fine_one = {"en": f"0{of_one}", "fr": f"0.0{of_one}"}[language]
    return UnitFormat(f"OR({typed})", f"#,##0{of_many}", f"0.0{of_many}", DAY_DECIMALS, f"0{of_one}", fine_one)


def _currency(sign: str, language: str) -> UnitFormat:
    """A money unit, which may say more after its sign (€ a month)."""
    symbol = quoted(sign)
    if language == "fr":
        whole, fine = f"#,##0{NBSP}{symbol}", f"0.00{NBSP}{symbol}"
    else:
        whole, fine = f"{symbol}#,##0;-{symbol}#,##0", f"{symbol}0.00;-{symbol}0.00"
    return UnitFormat(f'LEFT({{unit}},1)="{sign}"', whole, fine)
