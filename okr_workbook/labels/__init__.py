"""Every word a user sees, by language. One folder a language (`en/`, `fr/`), one TOML file an area.

Areas: habits (how numbers and days are written), tables (sheets, tables, fields, choices, units, help), problems (message and advice of each code), messages
(errors and command output), sheets (the template's own sentences), dashboard (what Refresh writes there), help (of
columns and settings), kpis (the library), mail, team_book. A number brings the words it counts: `{count:file|files}`.
Only what is asked for is read: a click starts a fresh interpreter. Imports the domain, and of the errors their type.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from os import path

from okr_workbook.domain.text_forms import compatible
from okr_workbook.labels.parsed import parsed_toml
from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from okr_workbook.errors import OkrError

LANGUAGES = ("en", "fr")
"""Register a language here and give it a folder. The first one is spoken where none is known."""

_PERIOD = r"([0-9]{4})(?:-(?:([QTHS])([1-4])|([0-9]{2})(?:-([0-9]{2}))?))?"

STATUS_SYMBOLS = {
    "done": "✓",
    "on_track": "●",
    "behind": "◆",
    "at_risk": "■",
    "not_started": "○",
    "no_data": "–",
    "achieved": "✓",
    "in_progress": "◆",
    "off_track": "■",
}

_HERE = path.dirname(__file__)
_ACRONYMS = {"kpi": "KPI", "kpis": "KPIs", "cc": "Cc"}


@cache
def area(language: str, name: str) -> dict[str, Any]:
    """The words of one area of one language, as its TOML file gives them."""
    return parsed_toml(path.join(_HERE, language, f"{name}.toml"))


def in_words(identifier: str) -> str:
    """An id in words, the English label: `key_result` is Key result.

    >>> in_words("needed_per_week"), in_words("kpi")
    ('Needed per week', 'KPI')
    """
    text = _ACRONYMS.get(identifier) or identifier.replace("_", " ")
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=4_096)
def folded(text: str) -> str:
    """What labels are compared by: case, accents' encoding, apostrophes, kinds and number of spaces do not matter."""
    words = compatible(" ".join(text.split())).replace("’", "'").split()
    return " ".join(words).casefold()


class _Number(str):
    """A number as a sentence shows it. In a sentence it may carry the words it counts: `{count:file|files}`."""

    __slots__ = ("is_one",)
    is_one: bool

    def __format__(self, forms: str) -> str:
        one, mark, more = forms.partition("|")
        return f"{self!s} {one if self.is_one else more}" if mark else format(str(self), forms)


class Labels:
    """The words and number habits of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._choices: dict[tuple[str, str], str] = {}

    def text(self, name: str, key: str, /, **details: object) -> str:
        """The sentence `key` (dotted) of the area `name`, with its places filled. KeyError for an unknown key.

        >>> Labels("en").text("collect", "report.books", count=1), Labels("fr").text("collect", "report.books", count=0)
        ('1 workbook read.', '0 classeur lu.')
        """
        found: Any = area(self.language, name)
        for part in key.split("."):
            found = found[part]
        if not isinstance(found, str):
            raise KeyError(key)
        return found.format(**{k: self._shown(v) for k, v in details.items()}) if details else found

    def error(self, error: OkrError) -> str:
        """What stopped the work, and what to do about it."""
        return self.text("messages", f"errors.{error.code}", **error.details)

    def words(self, name: str) -> dict[str, str]:
        """All the sentences of an area that has no tables in it."""
        return area(self.language, name)

    def table(self, table_id: str) -> str:
        """A table's name for the user, which is also its sheet's."""
        return str(area(self.language, "tables")["tables"].get(table_id) or in_words(table_id))

    def field(self, table_id: str, field_id: str) -> str:
        """A field's column header."""
        fields = area(self.language, "tables")["fields"]
        own = fields.get(table_id)
        label = own.get(field_id) if isinstance(own, dict) else None
        return str(label or fields.get("all", {}).get(field_id) or in_words(field_id))

    def choice(self, choice_id: str, field_id: str = "") -> str:
        """A choice as people read and type it; some read otherwise in one field (an action that is done)."""
        key = choice_id, field_id
        if key not in self._choices:
            choices = area(self.language, "tables")["choices"]
            found = choices.get(f"{field_id}.{choice_id}") or choices.get(choice_id) or in_words(choice_id)
            self._choices[key] = str(found)
        return self._choices[key]

    def status(self, status_id: str) -> str:
        """A status with its symbol, for colour never comes alone."""
        return f"{STATUS_SYMBOLS[status_id]} {self.choice(status_id)}"

    def setting(self, name: str) -> str:
        """A setting's name as it stands in the table `settings`."""
        return str(area(self.language, "tables")["settings"].get(name) or in_words(name))

    def help(self, table_id: str, field_id: str) -> str:
        """What a column is for, in a sentence or two. Read when workbooks are made, never on a click."""
        words = area(self.language, "help")
        own = words.get(table_id, {}).get(field_id)
        return str(own or words["all"][field_id])

    def setting_help(self, name: str) -> str:
        """What a setting does, in a sentence."""
        return str(area(self.language, "help")["settings_rows"][name])

    def habit(self, name: str) -> Any:
        """How the language writes something: an entry of `habits.toml`."""
        return area(self.language, "habits")[name]

    # --- numbers and dates in sentences (cells keep numbers and let formats show them) ---

    def show(self, value: object) -> str:
        """A value inside a sentence: numbers and dates in the language's habits, text as it is, a dash for none."""
        if value is None:
            return "–"
        if isinstance(value, bool):
            return self.choice("yes" if value else "no")
        if isinstance(value, float | int):
            return self.number(value)
        if isinstance(value, dt.date):
            return self.date(value)
        return str(value)

    def _shown(self, value: object) -> str:
        """`show`, where a number still knows which words it takes."""
        shown = self.show(value)
        if isinstance(value, float | int) and not isinstance(value, bool):
            shown = _Number(shown)
            shown.is_one = self.is_one(value)
        return shown

    def is_one(self, count: float) -> bool:
        """True for a number that takes the word for one: English counts one of 1 alone, French of all below 2."""
        return abs(count) < 2 if self.habit("one_below_two") else count == 1

    def pair(self, name: str, said: str) -> str:
        """A thing and what is said of it on one line: "Marketing: sent", in French "Marketing : envoyé"."""
        return f"{name}{self.habit('before_colon')}: {said}"

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number with the language's separators; at most four significant decimals unless told."""
        text = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.4f}".rstrip("0").rstrip(".")
        if not text.strip("-0.,"):  # nothing is left of it: no minus either
            text = text.lstrip("-") or "0"
        return text.translate(_marks(self.language))

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share as a percentage: 0.125 is 13 % (12.5 % with one decimal)."""
        return f"{self.number(share * 100, decimals)}{self.habit('before_percent')}%"

    def date(self, day: dt.date) -> str:
        """A day in words."""
        month = area(self.language, "tables")["months"]["long"][day.month - 1]
        return f"{self._day_number(day)} {month} {day.year}"

    def day(self, day: dt.date) -> str:
        """A day of a year that goes without saying: 11 nov."""
        return f"{self._day_number(day)} {area(self.language, 'tables')['months']['short'][day.month - 1]}"

    def _day_number(self, day: dt.date) -> str:
        return str(self.habit("first_of_month")) if day.day == 1 else str(day.day)

    def month(self, day: dt.date) -> str:
        """A month in short words: nov. 2026."""
        return f"{area(self.language, 'tables')['months']['short'][day.month - 1]} {day.year}"

    def period(self, period: str) -> str:
        """A period in words: 2026-11 is Nov 2026, 2026-Q4 is Q4 2026 (T4 2026), 2026-01/2026-11 is Jan 2026 to Nov 2026.

        A text that is no period comes back as it is.
        """
        first, slash, last = period.partition("/")
        if slash:
            return self.text("tables", "periods.range", first=self.period(first), last=self.period(last))
        found = re.fullmatch(_PERIOD, period.strip().upper())
        if found is None:
            return period
        year, letter, number, month, day = found.groups()
        if letter:
            key = "periods.quarter" if letter in "QT" else "periods.half_year"
            return self.text("tables", key, number=number, year=year)
        if not month:
            return year
        try:
            start = dt.date(int(year), int(month), int(day or 1))
        except ValueError:
            return period
        return self.date(start) if day else self.month(start)


@cache
def _marks(language: str) -> dict[int, str]:
    """What stands in a number for Python's comma and point."""
    habits = area(language, "habits")
    return {ord(","): habits["thousands"], ord("."): habits["decimals"]}


@cache
def labels_for(language: str) -> Labels:
    """The labels of a language; English where the planner does not know it."""
    return Labels(language if language in LANGUAGES else LANGUAGES[0])
