"""The report's charts as inline SVG. Each says in its label what it shows; a figure in words stands beside it on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from okr_workbook.domain.series import ScoresOn
from okr_workbook.labels import Labels
from okr_workbook.tables.palette import ACCENT, INK, LINE, MUTED, TRACK, TREND
from okr_workbook.tables.report.markup import Markup, element, joined

_WIDTH, _HEIGHT = 420.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 382.0, 14.0, 190.0
_GRID = (0.0, 0.25, 0.5, 0.75, 1.0)
_MONTH_LABELS = 7
_FONT = "font: 11px system-ui, sans-serif"

Point = tuple[float, float]


def bar(score: float | None, expected: float | None, label: str) -> Markup:
    """A score on a bar of 0 to 100 %, and a mark where it is expected to be."""
    parts = [element("rect", y=2, width="100%", height=8, rx=3, fill=TRACK)]
    if score:
        parts.append(element("rect", y=2, width=f"{_round(100 * min(score, 1.0))}%", height=8, rx=3, fill=ACCENT))
    if expected is not None:
        at = f"{_round(99 * min(expected, 1.0))}%"
        parts.append(element("rect", x=at, width=3, height=12, fill=INK, stroke="#FFFFFF", stroke_width=1))
    return _svg(parts, label, class_="bar")


def sparkline(values: Sequence[float | None], label: str) -> Markup | None:
    """The shape of a series, its last value marked; None with fewer than two values. A missing value is a gap."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    step, reach = 112 / (len(values) - 1), (high - low) or 1.0
    points: list[Point | None] = [
        None if value is None else (4 + i * step, 26 - 22 * (value - low) / reach if high > low else 15.0)
        for i, value in enumerate(values)
    ]
    last = [point for point in points if point][-1]
    dot = element("circle", cx=_round(last[0]), cy=_round(last[1]), r=3, fill=ACCENT)
    return _svg([_line(points, TREND, 2), dot], label, viewBox="0 0 120 30", class_="spark")


class _Axis(NamedTuple):
    """Days from left to right."""

    first: date
    last: date

    def x(self, day: date) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (day - self.first).days / max((self.last - self.first).days, 1)


def _y(share: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * min(max(share, 0.0), 1.0)


def burn_up(series: Sequence[ScoresOn], as_of: date, label: str, labels: Labels) -> Markup:
    """The company's score up to the as-of date, and the score expected over the whole period."""
    axis = _Axis(series[0].as_of, series[-1].as_of)
    expected = [(axis.x(one.as_of), _y(e)) if (e := one.company.expected) is not None else None for one in series]
    past = [one for one in series if one.as_of <= as_of and one.known]
    scored = [(axis.x(one.as_of), _y(s)) if (s := one.company.score) is not None else None for one in past]
    return _svg(
        [
            _grid(labels),
            _months(axis, labels),
            _line(expected, MUTED, 1.5, dash="5 4"),
            _named(expected, labels.field("objectives", "expected"), MUTED, above=True),
            _line(scored, ACCENT, 2.75),
            _end(scored, past, labels),
        ],
        label,
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        class_="chart",
    )


def _grid(labels: Labels) -> Markup:
    lines = [
        element("path", d=f"M{_LEFT:g} {_y(share):g}H{_RIGHT:g}", stroke=LINE, stroke_width=1, fill="none")
        for share in _GRID
    ]
    names = [_text(_LEFT - 6, _y(share) + 4, labels.percent(share), MUTED, anchor="end") for share in _GRID]
    return joined(lines, names)


def _months(axis: _Axis, labels: Labels) -> Markup:
    """The months' first days; where there are many, every second or third."""
    count = (axis.last.year - axis.first.year) * 12 + axis.last.month - axis.first.month + 1
    start = axis.first.year * 12 + axis.first.month - 1
    days = [date(month // 12, month % 12 + 1, 1) for month in range(start, start + count, -(-count // _MONTH_LABELS))]
    return joined(
        _text(max(axis.x(day), _LEFT), _BOTTOM + 18, labels.month(day).rpartition(" ")[0], MUTED)
        for day in days
        if axis.x(day) > _LEFT - 20
    )


def _named(points: Sequence[Point | None], name: str, color: str, *, above: bool) -> Markup | None:
    """The name of a line, where it is about half way."""
    there = [point for point in points if point]
    if not there:
        return None
    x, y = there[len(there) // 2]
    return _text(x - 8, y - 8 if above else y + 16, name, color, anchor="end")


def _end(points: Sequence[Point | None], past: Sequence[ScoresOn], labels: Labels) -> Markup | None:
    """The last score, as a dot with its figure."""
    there = [(point, one.company.score) for point, one in zip(points, past, strict=True) if point]
    if not there or there[-1][1] is None:
        return None
    (x, y), score = there[-1]
    room = x < _RIGHT - 30
    words = _text(
        x + 7 if room else x - 7,
        y + (14 if room else -9),
        labels.percent(score or 0.0),
        ACCENT,
        weight=700,
        anchor="start" if room else "end",
    )
    return joined(element("circle", cx=_round(x), cy=_round(y), r=4, fill=ACCENT), words)


def _text(x: float, y: float, words: str, color: str, *, anchor: str = "start", weight: int = 400) -> Markup:
    return element(
        "text", words, x=_round(x), y=_round(y), fill=color, text_anchor=anchor, style=f"{_FONT}; font-weight: {weight}"
    )


def _line(points: Sequence[Point | None], color: str, width: float, dash: str | None = None) -> Markup:
    """A line through points, broken where one is missing."""
    steps, down = [], False
    for point in points:
        if point:
            steps.append(f"{'L' if down else 'M'}{_round(point[0])} {_round(point[1])}")
        down = point is not None
    return element(
        "path", d="".join(steps), fill="none", stroke=color, stroke_width=width, stroke_dasharray=dash,
        stroke_linejoin="round", stroke_linecap="round",
    )  # fmt: skip


def _svg(parts: Sequence[Markup | None], label: str, **attributes: str) -> Markup:
    return element("svg", parts, role="img", aria_label=label, xmlns="http://www.w3.org/2000/svg", **attributes)


def _round(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
