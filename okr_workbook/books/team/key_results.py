"""The sheet of key results: how each is measured, what it comes to by live formulas, and what those stand on."""

from __future__ import annotations

from datetime import date
from functools import cache

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.layout import DETAIL_COLUMNS, LIST_FIRST, Layout, column, letters
from okr_workbook.books.team.looks import CENTRED, NUMBER, PILL, QUIET, STRONG, TEXT, WORDS, heading, key_result_format
from okr_workbook.books.team.model import Look, Sheet
from okr_workbook.books.team.page import new_list
from okr_workbook.domain.kinds import KINDS
from okr_workbook.domain.team_plan import TeamKeyResult
from okr_workbook.tables import native
from okr_workbook.tables.grid import Formula, Value
from okr_workbook.tables.native import KeyResultCells

MARK = 0.012
"""The width of the mark of what is expected, on a bar of length 1."""

_WIDTHS = {
    "id": 60, "objective": 90, "key_result": 300, "owner": 110, "kind": 104, "unit": 64, "override_reason": 150,
    "begins": 84, "due": 84, "status": 108,
}  # fmt: skip
_SUMS_FROM = "success"
_UNIT_FIELDS = ("start", "commit", "target", "stretch", "lower", "upper")


def key_results_sheet(layout: Layout) -> Sheet:
    """The sheet, one row for each key result whose score is shown."""
    sheet = new_list(layout, layout.key_results, layout.text("titles.key_results"), layout.text("captions.key_results"))
    language = layout.plan.language
    for name in DETAIL_COLUMNS:
        place = column(DETAIL_COLUMNS, name)
        sheet.widths[place] = _WIDTHS.get(name, 76)
        sheet.put(LIST_FIRST - 1, place, header(layout, name), heading(look_of(name, "", language)))
    for place in layout.scored:
        row = LIST_FIRST + layout.scored.index(place)
        one = layout.plan.key_results[place]
        shown = key_result_format(one.row, _numbers(one), language)
        for name, value in row_of(layout, place, row).items():
            sheet.put(row, column(DETAIL_COLUMNS, name), value, look_of(name, shown, language))
        sheet.heights[row] = 27
    sheet.hidden |= {column(DETAIL_COLUMNS, name) for name in _SELDOM if _is_empty(layout, name)}
    last = max(LIST_FIRST, LIST_FIRST + len(layout.scored) - 1)
    status = letters(DETAIL_COLUMNS, "status")
    sheet.status_areas.append(f"{status}{LIST_FIRST}:{status}{last}")
    sheet.freeze = f"{letters(DETAIL_COLUMNS, 'owner')}{LIST_FIRST}"
    sheet.print_area = f"B2:{status}{last}"
    sheet.put(
        LIST_FIRST - 2,
        column(DETAIL_COLUMNS, _SUMS_FROM),
        layout.text("captions.sums"),
        Look(size=9, color=QUIET.color),
    )
    return sheet


_SELDOM = (*_UNIT_FIELDS, "override", "override_reason")
"""Columns that are hidden where no key result of the team has anything in them."""


def _is_empty(layout: Layout, name: str) -> bool:
    rows = (layout.plan.key_results[place].row for place in layout.scored)
    return all(getattr(row, name) in (None, "") for row in rows)


def header(layout: Layout, name: str) -> str:
    """The header of a column: the planner's word where it is a field of key results, else our own."""
    own = layout.labels.text("team_book", f"columns.{name}") if name in _OWN_WORDS else ""
    return own or layout.labels.field("key_results", name)


_OWN_WORDS = frozenset(
    ("begins", "last", "success", "read_before", "kept_before", "read_that_day", "kept_that_day", "readings", "kept",
     "counted", "points", "expected_points", "bar_1", "bar_2", "bar_3", "bar_4", "bar_5")
)  # fmt: skip


@cache
def look_of(name: str, shown: str, language: str) -> Look:
    """How the cells of a column look; `shown` is the number format of the row's unit."""
    if name == "status":
        return PILL
    if name in ("id", "objective", "owner", "kind", "unit"):
        return QUIET if name in ("id", "kind", "unit") else TEXT
    if name in ("key_result", "override_reason"):
        return STRONG if name == "key_result" else WORDS
    if name in ("begins", "due"):
        return CENTRED._replace(number=number_formats.date(language))
    if name in (*_UNIT_FIELDS, "value", "last"):
        return NUMBER._replace(number=shown)
    if name in ("progress", "score", "expected", "override", "success"):
        return NUMBER._replace(number=number_formats.percent(language), bold=name == "score")
    if name == "gap":
        return NUMBER._replace(number=number_formats.gap(language))
    return NUMBER._replace(color=QUIET.color, number="0.00" if name in _DECIMAL else "0")


_DECIMAL = frozenset(("points", "expected_points", "bar_1", "bar_2", "bar_3", "bar_4", "bar_5"))


def _numbers(one: TeamKeyResult) -> list[float | None]:
    return [*(getattr(one.row, field) for field in _UNIT_FIELDS), one.got.value]


# --- one row --------------------------------------------------------------------------------------


def row_of(layout: Layout, place: int, row: int) -> dict[str, Value]:
    """The cells of one key result: what was agreed as values, what follows from it as formulas with their values."""
    one = layout.plan.key_results[place]
    agreed = _agreed(layout, one)
    at = layout.cells(place, row, day_in_formula(layout.plan.as_of))
    figures = _figures(layout, one)
    formulas = _formulas(layout, one, at)
    return agreed | {
        name: Formula(formulas[name], "" if value is None else value) if name in formulas else value
        for name, value in figures.items()
    }


def day_in_formula(day: date) -> str:
    """A day as formulas write it."""
    return f"DATE({day.year},{day.month},{day.day})"


def _agreed(layout: Layout, one: TeamKeyResult) -> dict[str, Value]:
    row, labels, counted = one.row, layout.labels, one.readings
    return {
        **{name: getattr(row, name) or None for name in ("id", "objective", "key_result", "owner", "unit")},
        **{name: getattr(row, name) for name in _UNIT_FIELDS},
        "kind": labels.choice(row.kind) if row.kind else None,
        "weight": one.weight,
        "begins": one.span.start,
        "due": one.span.due,
        "override": row.override,
        "override_reason": row.override_reason or None,
        "success": one.success,
        "last": one.got.value,
        "read_before": counted.before,
        "kept_before": counted.kept_before,
        "read_that_day": counted.that_day,
        "kept_that_day": counted.kept_that_day,
    }


def _figures(layout: Layout, one: TeamKeyResult) -> dict[str, float | str | None]:
    """What the formulas of a row come to, by the scores of the planner."""
    got, counted = one.got, one.readings
    zero = layout.plan.settings.missing_counts_as == "zero"
    weight = (one.weight or 0.0) if one.counts and (zero or got.score is not None) else 0.0
    bars = bullet_parts(got.score, got.expected)
    return {
        "value": got.value,
        "progress": got.progress,
        "score": got.score,
        "expected": got.expected,
        "gap": got.gap,
        "status": layout.labels.status(got.status),
        "readings": counted.before + counted.that_day,
        "kept": counted.kept_before + counted.kept_that_day,
        "counted": weight,
        "points": weight * (got.score or 0.0),
        "expected_points": weight * (got.expected or 0.0),
        **{f"bar_{i}": part for i, part in enumerate(bars, 1)},
    }


def bullet_parts(score: float | None, expected: float | None) -> tuple[float, ...]:
    """The pieces of a bullet bar: reached, missing, the mark of what is expected, beyond, the rest. They add up to 1."""
    reached_at, mark_at = score or 0.0, min(expected or 0.0, 1 - MARK)
    reached = min(reached_at, mark_at)
    beyond = max(0.0, reached_at - mark_at - MARK)
    return (reached, mark_at - reached, MARK, beyond, max(0.0, 1 - mark_at - MARK - beyond))


def _formulas(layout: Layout, one: TeamKeyResult, at: KeyResultCells) -> dict[str, str]:
    """The formulas of a row by column; a row that a fault keeps from being scored has few."""
    settings = layout.plan.settings
    formulas = {"value": native.value(one.row.kind, at)} if not one.fed else {}
    if one.sound:
        formulas |= _scoring(one, at)
    if one.override is not None:
        formulas["score"] = f"{at.override}"
    if one.got.expected is not None:
        formulas["expected"] = native.expected(one.row.kind or "increase", at, gradual=one.gradual)
    formulas |= {"gap": native.gap(at.score, at.expected), "status": _status(layout, one, at)}
    if one.counts:
        formulas |= {
            "counted": native.counted_weight(at, settings),
            "points": native.points(at.score, at.counted),
            "expected_points": native.points(at.expected, at.counted),
        }
    return formulas | _bars(at)


def _scoring(one: TeamKeyResult, at: KeyResultCells) -> dict[str, str]:
    kind, row = one.row.kind, one.row
    formulas = {"progress": native.progress(kind, at)}
    if KINDS[kind].keeps_bound:
        formulas |= {"readings": native.readings(at), "kept": native.kept(kind, at)}
    upward = row.target is None or row.start is None or row.target > row.start
    return formulas | {"score": native.score(kind, at, upward=upward)}


def _status(layout: Layout, one: TeamKeyResult, at: KeyResultCells) -> str:
    keeps_bound = one.row.kind in KINDS and KINDS[one.row.kind].keeps_bound
    over = f"{at.as_of}>{at.due}" if one.span.due else "FALSE"
    return native.status(
        layout.labels,
        layout.plan.settings,
        score=at.score,
        expected=at.expected,
        success=at.success,
        begun=f"{at.as_of}>={at.begins}" if one.span.start else "TRUE",
        may_be_done=over if keeps_bound else "TRUE",
    )


def _bars(at: KeyResultCells) -> dict[str, str]:
    """The pieces of the bullet, as `bullet_parts` cuts them."""
    reached = f'IF({at.score}="",0,{at.score})'
    mark = f'MIN(IF({at.expected}="",0,{at.expected}),{native.number(1 - MARK)})'
    width = native.number(MARK)
    beyond = f"MAX(0,{reached}-{mark}-{width})"
    return {
        "bar_1": f"MIN({reached},{mark})",
        "bar_2": f"{mark}-MIN({reached},{mark})",
        "bar_4": beyond,
        "bar_5": f"MAX(0,1-{mark}-{width}-{beyond})",
    }
