"""What is aimed at, and how it is worded: a number to reach (4%), a bound to keep (≥ 20 days), a band to stay in (40–60 €)."""

from __future__ import annotations

from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.planner import KeyResult, Kpi
from okr_workbook.labels import Labels
from okr_workbook.records import NamedTuple
from okr_workbook.tables.units import in_unit

AT_LEAST, AT_MOST = "≥\u00a0", "≤\u00a0"
"""What stands before a bound, its no-break space included."""


class Target(NamedTuple):
    """What is aimed at: `number`, with the sign of a bound before it or "" where it is to be reached.

    A band goes from `number` up to `upper`; whatever else is aimed at has no `upper`.
    """

    number: float
    sign: str = ""
    upper: float | None = None

    def in_words(self, unit: str, labels: Labels) -> str:
        """The target as a sentence says it."""
        if self.upper is not None:
            return _band(self.number, self.upper, unit, labels)
        return self.sign + in_unit(self.number, unit, labels)

    @property
    def is_kept(self) -> bool:
        """True for what is to be kept all along, False for a number to reach."""
        return bool(self.sign) or self.upper is not None


def target_of_key_result(row: KeyResult) -> Target | None:
    """What a key result aims at: its target, its bounds, or all of a milestone; None where the row does not say."""
    kind = kind_of(row.kind)
    if kind.keeps_bound:
        lower, upper = (getattr(row, bound) if bound in kind.needs else None for bound in ("lower", "upper"))
        return _kept(lower, upper)
    if kind.takes_yes_no:
        return Target(1.0)
    return None if row.target is None else Target(row.target)


def target_of_kpi(row: Kpi) -> Target | None:
    """What a KPI aims at: its target, or the bounds it is to stay within; None where the row does not say."""
    if row.direction == "within":
        return _kept(row.lower, row.upper)
    return None if row.target is None else Target(row.target)


def _kept(lower: float | None, upper: float | None) -> Target | None:
    if lower is None:
        return None if upper is None else Target(upper, AT_MOST)
    return Target(lower, AT_LEAST) if upper is None else Target(lower, upper=upper)


def _band(lower: float, upper: float, unit: str, labels: Labels) -> str:
    """Two numbers with their unit once: €40–60, 40–60 €; in words where one of them is negative."""
    first, last = in_unit(lower, unit, labels), in_unit(upper, unit, labels)
    if lower < 0 or upper < 0:
        return labels.text("tables", "periods.range", first=first, last=last)
    begins = next(place for place, one in enumerate(first) if one in _DIGITS)
    ends = next((place for place in range(begins, len(first)) if first[place] not in _IN_NUMBER), len(first))
    return f"{first[:ends]}–{last[begins:]}"


_DIGITS = "0123456789"
_IN_NUMBER = _DIGITS + ",.\u202f"
