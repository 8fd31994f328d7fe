"""One cell to one value of its field's type: the value, or the problem that keeps it from being one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from math import isfinite

from okr_workbook.domain.problems import Severity
from okr_workbook.domain.text_forms import unaccented
from okr_workbook.labels import LANGUAGES, area, folded, labels_for
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables.columns import month_names
from okr_workbook.tables.grid import DAY_0, LONGEST_TEXT, CellError, Formula, NotComputed, Value, fits_cell
from okr_workbook.tables.schema import Field
from okr_workbook.tables.text_values import AMBIGUOUS, date_from_text, number_from_text, without_unit

if TYPE_CHECKING:
    from typing import Any

ReadValue = str | float | bool | date | None

_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2200, 12, 31)  # what a plan may speak of
_FIRST_SERIAL, _LAST_SERIAL = 32874, 109940  # the same as numbers


class Fault(NamedTuple):
    """Why a cell gives no value (or, as advice, how it was read all the same)."""

    code: str
    severity: Severity
    details: dict[str, object]


Read = tuple[ReadValue, Fault | None]


def is_blank(value: Value) -> bool:
    """True for an empty cell and for one that holds only spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_cell(value: Value, field: Field, language: str, *, yes_no: bool = False, unit: str = "") -> Read:
    """The value of a cell by its field's type, and what is wrong with it.

    Blank gives None without a fault. With a fault of severity error there is no value. `yes_no`: a reading of a
    milestone, which may be yes or no. `unit`: that of the row, which may stand beside a number that was typed as text.
    """
    if isinstance(value, Formula):
        value = value.value
    if is_blank(value):
        return None, None
    if isinstance(value, CellError):
        return None, Fault("cell_error", "error", {"error": value.code})
    if isinstance(value, NotComputed):
        return None, Fault("never_computed", "error", {})
    if unit and isinstance(value, str) and field.type in ("number", "reading"):
        found, fault = _READERS[field.type](without_unit(value, unit), field, language, yes_no)
        if fault is not None and "text" in fault.details:
            fault = fault._replace(details={**fault.details, "text": value.strip()})
        return found, fault
    return _READERS[field.type](value, field, language, yes_no)


def read_incoming(value: Value, field: Field, language: str, *, yes_no: bool = False, unit: str = "") -> Read:
    """`read_cell` for what comes from elsewhere: what the planner's cells could not hold is a fault as well.

    So is a day that no plan speaks of: a typed year 1026 is a slip, and one before 1900 has no number in a workbook.
    """
    found, fault = read_cell(value, field, language, yes_no=yes_no, unit=unit)
    if isinstance(found, str) and not fits_cell(found):
        return None, Fault("text_too_long", "error", {"text": found[:40], "limit": LONGEST_TEXT})
    if isinstance(found, date) and not _FIRST_DAY <= found <= _LAST_DAY:
        return None, Fault("day_out_of_range", "error", {"day": found, "first": _FIRST_DAY, "last": _LAST_DAY})
    return found, fault


_PLAIN: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "formula": (str,),
    "link": (str,),
    "number": (float, int),
    "share": (float, int),
    "reading": (float, int),
    "date": (date,),
}
"""What a cell holds that `read_cell` would take as it is, by the type of its field. By far most cells do."""


def odd_cells(cells: Sequence[Value], field: Field) -> list[int]:
    """The places of the cells of a column that `read_cell` has to look into: neither blank nor plain values."""
    plain = {type(None), *_PLAIN.get(field.type, ())}
    if plain.issuperset(map(type, cells)) and (float not in plain or all(map(isfinite, filter(None, cells)))):  # type: ignore[arg-type]
        return []
    return [
        index
        for index, cell in enumerate(cells)
        if type(cell) not in plain or (type(cell) is float and not isfinite(cell))
    ]


def plain_values(cells: Sequence[Value], odd: Sequence[int], blank: ReadValue) -> list[Any]:
    """The values of the other cells of a column; `blank` where a cell is blank or odd."""
    if odd:
        cells = list(cells)
        for index in odd:
            cells[index] = None
    kinds = set(map(type, cells))
    if str in kinds:
        return [cell.strip() if cell else blank for cell in cells]  # type: ignore[union-attr]
    if int in kinds:
        return [blank if cell is None else float(cell) for cell in cells]  # type: ignore[arg-type]
    return list(cells) if blank is None else [blank if cell is None else cell for cell in cells]


def _read_text(value: Value, _field: Field, _language: str, _yes_no: bool) -> Read:
    return as_text(value), None


def as_text(value: Value) -> str:
    """A cell's value as text: 1.0 is "1", a day is ISO, an empty cell is "".

    >>> as_text(1.0), as_text(date(2026, 3, 1)), as_text("  x "), as_text(None)
    ('1', '2026-03-01', 'x', '')
    """
    if value is None or isinstance(value, CellError | NotComputed):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Formula):
        return as_text(value.value)
    return str(value).strip()


def _read_number(value: Value, _field: Field, _language: str, _yes_no: bool) -> Read:
    if isinstance(value, bool):
        return None, Fault("not_a_number", "error", {"text": as_text(value)})
    if isinstance(value, int | float):
        if not isfinite(value):
            return None, Fault("not_a_number", "error", {"text": str(value)})
        return float(value), None
    if isinstance(value, date):
        return None, Fault("date_in_number", "error", {"day": value if type(value) is date else _date_of(value)})
    text = as_text(value)
    number = number_from_text(text)
    if number == AMBIGUOUS:
        return None, Fault("ambiguous_number", "error", {"text": text})
    if not isinstance(number, float):
        return None, Fault("not_a_number", "error", {"text": text})
    return number, Fault("text_number", "advice", {"text": text, "number": number})


def _date_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _read_reading(value: Value, field: Field, language: str, yes_no: bool) -> Read:
    if yes_no:
        if isinstance(value, bool):
            return float(value), None
        if isinstance(value, str) and (answer := yes_or_no(value)) is not None:
            return float(answer), None
    number, fault = _read_number(value, field, language, yes_no)
    if yes_no and fault is not None and fault.code in ("not_a_number", "date_in_number"):
        (said,) = fault.details.values()
        fault = Fault("not_done_or_share", "error", {"text": said})
    return number, fault


def _read_flag(value: Value, _field: Field, _language: str, _yes_no: bool) -> Read:
    if isinstance(value, bool):
        return value, None
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value), None
    answer = yes_or_no(as_text(value))
    return answer, None if answer is not None else Fault("not_yes_or_no", "error", {"text": as_text(value)})


def _read_integer(value: Value, field: Field, language: str, yes_no: bool) -> Read:
    number, fault = _read_number(value, field, language, yes_no)
    if isinstance(number, float) and not number.is_integer():
        return None, Fault("not_a_whole_number", "error", {"number": number})
    return (int(number) if isinstance(number, float) else number), fault


def _read_date(value: Value, _field: Field, language: str, _yes_no: bool) -> Read:
    if isinstance(value, datetime):
        return value.date(), None
    if isinstance(value, date):
        return value, None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if isfinite(value) and _FIRST_SERIAL <= value <= _LAST_SERIAL:
            return DAY_0 + timedelta(days=int(value)), None
        return None, Fault("not_a_date", "error", {"text": as_text(value)})
    text = as_text(value)
    day = date_from_text(text, language, month_names())
    if isinstance(day, date):
        return day, Fault("text_date", "advice", {"text": text, "day": day})
    code = "ambiguous_date" if day == AMBIGUOUS else "not_a_date"
    return None, Fault(code, "error", {"text": text})


def _read_choice(value: Value, field: Field, language: str, _yes_no: bool) -> Read:
    text = as_text(value)
    found = choice_of(text, field)
    if found:
        return found, None
    labels = labels_for(language)
    choices = ", ".join(labels.choice(choice, field.id) for choice in field.choices)
    return None, Fault("unknown_choice", "error", {"text": text, "choices": choices})


_READERS: dict[str, Callable[[Value, Field, str, bool], Read]] = {
    "text": _read_text,
    "formula": _read_text,
    "link": _read_text,
    "number": _read_number,
    "share": _read_number,
    "reading": _read_reading,
    "integer": _read_integer,
    "date": _read_date,
    "choice": _read_choice,
    "flag": _read_flag,
}


@cache
def _choices(field: Field) -> dict[str, str]:
    """Every way to write a choice of a field, folded -> the choice's id."""
    found: dict[str, str] = {}
    for choice in field.choices:
        for language in LANGUAGES:
            found.setdefault(folded(labels_for(language).choice(choice, field.id)), choice)
    for choice in field.choices:
        found.setdefault(choice, choice)
        found.setdefault(choice.replace("_", " "), choice)
        found.setdefault(choice.replace("_", "-"), choice)
    return found


def choice_of(text: str, field: Field) -> str | None:
    """The id of a choice written in any language of the planner, with or without its status symbol; else None."""
    text = folded(text)
    return _choices(field).get(text) or _choices(field).get(text.lstrip("✓●◆■○– "))


_SIGNS = {
    "1": True,
    "✓": True,
    "✔": True,
    "☑": True,
    "✅": True,
    "0": False,
    "☐": False,
    "✗": False,
    "✘": False,
    "❌": False,
}
"""Answers that are no words of a language."""


@cache
def _answers() -> dict[str, bool]:
    """Every way to answer yes or no, folded."""
    found = dict(_SIGNS)
    for language in LANGUAGES:
        words = area(language, "tables")["answers"]
        found |= {_bare(word): said for said, name in ((True, "yes"), (False, "no")) for word in words[name]}
    return found


def _bare(text: str) -> str:
    """An answer without case, accents, and what may stand behind it; a sign without its request to look like a picture."""
    return unaccented(folded(text)).rstrip(" .!\ufe0f")


def yes_or_no(text: str) -> bool | None:
    """What a yes/no answer says, in any language of the planner; None where it says neither.

    >>> yes_or_no("Terminée !"), yes_or_no("not yet"), yes_or_no("nearly")
    (True, False, None)
    """
    return _answers().get(_bare(text))
