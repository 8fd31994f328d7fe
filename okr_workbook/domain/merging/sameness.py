"""When two cells, two check-ins, two rows are one and the same to people. Pure.

Programs write numbers, spaces and days each in their own way; what they cannot help is no difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from okr_workbook.domain.kinds import same
from okr_workbook.domain.planner import Action, CheckIn, KeyResult, key_of

Cell = str | float | bool | date | None

_SIMILAR = 0.6
"""The share of their letters that two wordings of one thing have in common, as `difflib` counts it and draws its line."""

_NUMBERS = ("start", "target", "lower", "upper")
MEASURED_BY = ("kind", "unit", "start", "lower", "upper")
"""How a key result is measured, besides its words and its target, which its team's workbook shows."""
KNOWN_BY = {"key_results": ("key_result", "target", *MEASURED_BY), "actions": ("action",)}
"""The fields by which `is_another` knows a row, by table."""


def same_cell(one: Cell, other: Cell) -> bool:
    """True for what is one value to people: blank is blank, numbers agree in the digits that every program keeps."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return same(float(one), float(other))
    return text_of(one) == text_of(other)


def text_of(value: Cell) -> str:
    """A value as text to compare by: blank is "", a number to the 12 digits that every program keeps."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{float(value):.12g}"
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(value.split())


def digest_of(value: Cell) -> str:
    """What tells a value's sameness and keeps nothing of it."""
    return sha256(text_of(value).encode()).hexdigest()[:16]


def check_in_identity(check_in: CheckIn) -> tuple[str, ...]:
    """What makes two check-ins one: date, key result, author, value and comment."""
    return (
        check_in.date.isoformat() if check_in.date else "",
        key_of(check_in.key_result),
        key_of(check_in.author),
        text_of(check_in.value),
        text_of(check_in.comment),
    )


def is_another(sent: Mapping[str, Cell], row: KeyResult | Action) -> bool:
    """True where a row's id stands for something else by now than when it was sent (`sent`: what is known of it then).

    Measured in another way, or other words and other numbers: a typo put right, a text in another language or a target
    set anew leave it the same.
    """
    words = "key_result" if isinstance(row, KeyResult) else "action"
    if any(_differ(sent.get(field), getattr(row, field, None)) for field in ("kind", "unit")):
        return True
    before, now = (key_of(text_of(text)) for text in (sent.get(words), getattr(row, words)))
    if not (before and now) or _similar(before, now):
        return False
    numbers = [(sent[field], getattr(row, field, None)) for field in _NUMBERS if text_of(sent.get(field))]
    return not numbers or not all(same_cell(one, other) for one, other in numbers)


def _differ(sent: Cell, now: Cell) -> bool:
    """True for two things that are both there, and not the same."""
    before, after = key_of(text_of(sent)), key_of(text_of(now))
    return bool(before and after) and before != after


def _similar(one: str, other: str) -> bool:
    from difflib import SequenceMatcher  # rows whose words changed are rare

    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SIMILAR
