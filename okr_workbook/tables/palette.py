"""The colours and the font of every workbook and page, and which text stands on which ground.

Each pair people read keeps a contrast of at least 4.5 (WCAG 2.2, success criterion 1.4.3), which a test computes.
Colour never comes alone: a status begins with its symbol. Imports nothing but the statuses' ids.
"""

from __future__ import annotations

from typing import NamedTuple

from okr_workbook.domain.results import KPI_STATUSES, STATUSES

FONT = "Calibri"

WHITE = "#FFFFFF"
INK = "#1B2430"
MUTED = "#566171"
ACCENT = "#2447B3"  # the score, links, headers of what people fill in
TINT = "#EEF2FD"  # cells people fill in
BAR = "#C3D0F5"  # data bars, and the line under an input cell
TREND = "#9FB1E8"  # sparklines; their last point is ACCENT
TRACK = "#E3E7EE"  # the rest of a bullet
DEEP = "#16204A"  # the score card, headers of what Refresh writes
ON_DEEP = "#B9C4EC"
SURFACE = "#F4F6F9"  # cards
LINE = "#D9DEE6"  # hairlines

MINIMUM_CONTRAST = 4.5


class Paint(NamedTuple):
    """A text colour and the fill it stands on."""

    text: str
    fill: str


_GOOD, _FINE = Paint(WHITE, "#0A6352"), Paint("#0A6352", "#D3EDE4")
_LATE, _BAD = Paint("#7A4300", "#FFE9C7"), Paint(WHITE, "#B3261E")
_QUIET, _NONE = Paint("#4B5768", "#EDF0F4"), Paint("#4B5768", WHITE)

STATUS_PAINT: dict[str, Paint] = {
    "done": _GOOD,
    "on_track": _FINE,
    "behind": _LATE,
    "at_risk": _BAD,
    "not_started": _QUIET,
    "no_data": _NONE,
    "achieved": _GOOD,
    "in_progress": _LATE,
    "off_track": _BAD,
}
"""How each status of a key result, objective, team or KPI is painted."""

SEVERITY_PAINT: dict[str, Paint] = {"error": _BAD, "warning": _LATE, "advice": _QUIET}
STALE = _LATE

READ_TOGETHER: dict[str, Paint] = {
    "text": Paint(INK, WHITE),
    "text in an input cell": Paint(INK, TINT),
    "text on a data bar": Paint(INK, BAR),
    "text on a card": Paint(INK, SURFACE),
    "caption": Paint(MUTED, WHITE),
    "caption on a card": Paint(MUTED, SURFACE),
    "quiet text in an input cell": Paint(MUTED, TINT),
    "link": Paint(ACCENT, WHITE),
    "link on a card": Paint(ACCENT, SURFACE),
    "input sample": Paint(ACCENT, TINT),
    "header of inputs": Paint(WHITE, ACCENT),
    "header of results": Paint(WHITE, DEEP),
    "caption of the score card": Paint(ON_DEEP, DEEP),
    "stale": STALE,
    **{f"status {status}": STATUS_PAINT[status] for status in (*STATUSES, *KPI_STATUSES)},
    **{f"severity {severity}": paint for severity, paint in SEVERITY_PAINT.items()},
}
"""Every pair of text and ground that a sheet shows."""


def contrast(paint: Paint) -> float:
    """The contrast ratio of a text on its fill, 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast(Paint("#000000", "#FFFFFF")))
    21
    """
    lighter, darker = sorted((_luminance(paint.text), _luminance(paint.fill)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
