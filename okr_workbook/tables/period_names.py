"""Periods as people say them: 2026-H2 is 2nd half of 2026."""

from __future__ import annotations

from okr_workbook.domain.periods import period_bounds
from okr_workbook.labels import Labels

_WORDS = {3: "quarter", 6: "half_year"}


def period_in_words(period: str, labels: Labels) -> str:
    """A period's name in words; a name of the user's own as it stands.

    Understands 2026-11, 2026-Q4, 2026-H2, 2026, 2026-07-06/2026-12-18 and, for what runs on, 2026-01/2026-11 (since
    January).
    """
    bounds = period_bounds(period)
    if "/" in period and bounds is not None:
        return labels.text("dashboard", "periods.between", first=bounds[0], last=bounds[1])
    if "/" in period:
        first = period_bounds(period.partition("/")[0])
        return labels.text("dashboard", "periods.since", month=labels.month(first[0])) if first else period
    if bounds is None:
        return period
    months = bounds[1].month - bounds[0].month + 1
    if months == 1:
        return labels.month(bounds[0])
    if months not in _WORDS:
        return str(bounds[0].year)
    number = (bounds[0].month - 1) // months + 1
    return labels.text("dashboard", f"periods.{_WORDS[months]}.{number}", year=str(bounds[0].year))
