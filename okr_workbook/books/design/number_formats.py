"""Excel number formats by language and by unit. A unit decides how its numbers are shown; no value is ever rounded.

Formats are written in Excel's own notation (point and comma); each machine shows them with its own separators. A no-break
space is always escaped: a French LibreOffice reads a bare one as its mark for thousands, and divides by 1,000.
"""

from __future__ import annotations

from typing import NamedTuple

from okr_workbook.labels import labels_for
from okr_workbook.tables.units import CURRENCIES, DAY_DECIMALS, GRADE, MOST_DECIMALS, words_for_days

NBSP = "\u00a0"
TEXT = "@"

_GROUPED, _WHOLE, _GENERAL = "#,##0", "0", "General"


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
        is_one = f"ROUND(ABS(N({{cell}})),{self.decimals}){_of_one(language)}"
        return ((is_one, self.one, self.fine_one), many) if self.one else (many,)

    def as_typed(self, language: str) -> str:
        """A format that hides no decimal of what will be typed; from a thousand on, whole numbers that are grouped."""
        many = self.whole.split(";", maxsplit=1)[0]
        sections = [f"[>=1000]{many}", many.replace(_GROUPED, _GENERAL)]
        if self.one:
            sections.insert(0, f"[{_of_one(language)}]{self.one.replace(_WHOLE, _GENERAL)}")
        return ";".join(sections)


def _of_one(language: str) -> str:
    """What counts as one, once it is rounded, as the end of a condition."""
    return "<2" if labels_for(language).habit("one_below_two") else "=1"


def percent(language: str, decimals: int = 0) -> str:
    """A share: 0.631 is 63% (63 % in French)."""
    digits = "0." + "0" * decimals if decimals else "0"
    return f"{digits}{_escaped(labels_for(language).habit('before_percent'))}%"


def signed(number_format: str) -> str:
    """The same format with the sign always shown, for differences."""
    positive = number_format.split(";", maxsplit=1)[0]
    return f"+{positive};-{positive};{positive}"


def date(language: str, before: str = "") -> str:
    """A day, after some words."""
    return _named(language, quoted(before) + _formats(language)["date"])


def short_date(language: str, before: str = "") -> str:
    """A day of a year that goes without saying, after some words."""
    return _named(language, quoted(before) + _formats(language)["short_date"])


def month(language: str) -> str:
    """A month of a year that goes without saying."""
    return _named(language, "mmm")


def _named(language: str, shown: str) -> str:
    """A format of days whose months are named in the planner's language, whatever the machine's."""
    return _formats(language)["locale"] + shown


def _formats(language: str) -> dict[str, str]:
    formats: dict[str, str] = labels_for(language).habit("formats")
    return formats


def _escaped(space: str) -> str:
    return space.replace(NBSP, f"\\{NBSP}")


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
        UnitFormat(f'RIGHT(TRIM({{unit}}),{len(GRADE)})="{GRADE}"', "0.0", "0.0"),
        UnitFormat("TRUE", "#,##0", "#,##0.0#"),
    )


def _days(language: str) -> UnitFormat:
    """Days, in the word of the planner's language."""
    of_many, of_one = (quoted(f"{NBSP}{labels_for(language).habit(form)}") for form in ("days", "day"))
    typed = ",".join(f'{{unit}}="{word}"' for word in words_for_days())
    fine_one = ("0.0" if labels_for(language).habit("one_below_two") else "0") + of_one
    return UnitFormat(f"OR({typed})", f"#,##0{of_many}", f"0.0{of_many}", DAY_DECIMALS, f"0{of_one}", fine_one)


def _currency(sign: str, language: str) -> UnitFormat:
    """A money unit, which may say more after its sign (€ a month)."""
    symbol = quoted(sign)
    if labels_for(language).habit("money_first"):
        whole, fine = f"{symbol}#,##0;-{symbol}#,##0", f"{symbol}0.00;-{symbol}0.00"
    else:
        space = _escaped(NBSP)
        whole, fine = f"#,##0{space}{symbol}", f"0.00{space}{symbol}"
    return UnitFormat(f'LEFT({{unit}},1)="{sign}"', whole, fine)
