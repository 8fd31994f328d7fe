"""The sheet of key results: how each is measured, what it comes to by live formulas, and what those stand on."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.heights import height, lines, room
from okr_workbook.books.team.layout import (
    DETAIL_COLUMNS,
    FIRST_COLUMN,
    LIST_FIRST,
    Frame,
    Layout,
    column,
    is_personal,
    letters,
)
from okr_workbook.books.team.looks import CENTRED, NUMBER, PILL, QUIET, STRONG, TEXT, WORDS, key_result_format
from okr_workbook.books.team.model import Look, Row, RowKind, Sheet
from okr_workbook.books.team.page import Column, HeaderRow, new_list
from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.team_plan import TeamKeyResult
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables import native
from okr_workbook.tables.grid import Value
from okr_workbook.tables.native import KeyResultCells
from okr_workbook.tables.native_kinds import formulas_of, is_scored, readings

MARK = 0.012
"""The width of the mark of what is expected, on a bar of length 1."""

_WIDTHS = {
    "id": 60, "objective": 90, "key_result": 300, "owner": 140, "kind": 118, "unit": 84, "override_reason": 150,
    "begins": 84, "due": 84, "status": 108, "start": 100, "commit": 100, "target": 100, "stretch": 100, "lower": 100,
    "upper": 100, "value": 100, "last": 100,
}  # fmt: skip
_SUMS_FROM = "success"
_UNIT_FIELDS = ("start", "commit", "target", "stretch", "lower", "upper")
_HEIGHT = 27
_WRAPPING = ("key_result", "owner", "unit", "override_reason")
_ROOMS = [room(_WIDTHS[name]) for name in _WRAPPING]


def key_results_sheet(layout: Layout) -> Sheet:
    """The sheet, one row for each key result whose score is shown."""
    sheet = new_list(layout, layout.key_results, layout.text("titles.key_results"), layout.text("captions.key_results"))
    _header_row(layout.plan.language).put(sheet)
    frame = layout.frame
    for row, place in enumerate(layout.scored, LIST_FIRST):
        sheet.rows[row] = _row(layout, frame, place)
    sheet.hidden |= {column(DETAIL_COLUMNS, name) for name in _SELDOM if _is_empty(layout, name)}
    last = max(LIST_FIRST, LIST_FIRST + len(layout.scored) - 1)
    status = letters(DETAIL_COLUMNS, "status")
    sheet.status_areas.append(f"{status}{LIST_FIRST}:{status}{last}")
    sheet.freeze = f"{letters(DETAIL_COLUMNS, 'owner')}{LIST_FIRST}"
    sheet.print_area = f"B2:{status}{last}"
    shown = range(FIRST_COLUMN, column(DETAIL_COLUMNS, "status") + 1)
    if sum(sheet.widths[place] for place in shown if place not in sheet.hidden) > _WIDEST:
        sheet.pages_wide, sheet.print_columns = 2, f"B:{letters(DETAIL_COLUMNS, 'key_result')}"
    sheet.put(
        LIST_FIRST - 2,
        column(DETAIL_COLUMNS, _SUMS_FROM),
        layout.text("captions.sums"),
        Look(size=9, color=QUIET.color),
    )
    return sheet


_WIDEST = 1_750
"""Pixels that can still be read on one page; what is wider takes two, with the names of the rows on both."""

_SELDOM = (*_UNIT_FIELDS, "override", "override_reason")
"""Columns that are hidden where no key result of the team has anything in them."""


def _is_empty(layout: Layout, name: str) -> bool:
    rows = (layout.plan.key_results[place].row for place in layout.scored)
    return all(getattr(row, name) in (None, "") for row in rows)


@cache
def _header_row(language: str) -> HeaderRow:
    labels = labels_for(language)
    return HeaderRow.of(
        Column(_header(labels, name), look_of(name, "", language), _WIDTHS.get(name, 76)) for name in DETAIL_COLUMNS
    )


def _header(labels: Labels, name: str) -> str:
    """The header of a column: the planner's word where it is a field of key results, else our own."""
    own = labels.text("team_book", f"columns.{name}") if name in _OWN_WORDS else ""
    return own or labels.field("key_results", name)


_OWN_WORDS = frozenset(
    ("begins", "last", "success", "read_before", "kept_before", "read_that_day", "kept_that_day", "readings", "kept",
     "counted", "points", "expected_points", "bar_1", "bar_2", "bar_3", "bar_4", "bar_5")
)  # fmt: skip


@cache
def look_of(name: str, shown: str, language: str) -> Look:
    """How the cells of a column look; `shown` is the number format of the row's unit."""
    if name == "status":
        return PILL
    if name in ("id", "objective", "kind", "unit"):
        return (TEXT if name == "objective" else QUIET)._replace(wrap=name != "id")
    if name in ("key_result", "owner", "override_reason"):
        return STRONG if name == "key_result" else WORDS
    if name in ("begins", "due"):
        return CENTRED._replace(number=number_formats.date(language))
    if name in (*_UNIT_FIELDS, "value", "last"):
        return NUMBER._replace(number=shown)
    if name in ("progress", "score", "expected", "override", "success"):
        return NUMBER._replace(number=number_formats.percent(language), bold=name == "score")
    if name == "gap":
        return NUMBER._replace(number=number_formats.signed(number_formats.percent(language)))
    shown = "0.00" if name in _DECIMAL else "" if name == "weight" else "0"
    return NUMBER._replace(color=QUIET.color, number=shown)


_DECIMAL = frozenset(("counted", "points", "expected_points", "bar_1", "bar_2", "bar_3", "bar_4", "bar_5"))


def numbers_of(one: TeamKeyResult) -> list[float | None]:
    """All numbers of a key result that are in its unit."""
    return [*(getattr(one.row, field) for field in _UNIT_FIELDS), one.got.value]


# --- one row --------------------------------------------------------------------------------------


class _Shape(NamedTuple):
    """All of a key result that its formulas and looks depend on. `number` is the number format of its unit."""

    kind: str
    fed: bool
    sound: bool
    overridden: bool
    paced: bool  # has an expected score
    gradual: bool
    counts: bool
    upward: bool
    begins: bool
    due: bool
    personal: bool
    number: str


def _row(layout: Layout, frame: Frame, place: int) -> Row:
    """The row of one key result: what was agreed as values, what follows from it as formulas with their values."""
    one = layout.plan.key_results[place]
    kind = _row_kind(frame, _shape(one, layout.plan.language, personal=is_personal(layout.plan, one)))
    texts = zip((one.row.key_result, one.row.owner, one.row.unit, one.row.override_reason), _ROOMS, strict=True)
    count = max([lines(text, of) for text, of in texts])
    return Row(kind, _agreed(layout, one) + _figures(layout, one), layout.inputs[place], height(_HEIGHT, count))


def _shape(one: TeamKeyResult, language: str, *, personal: bool) -> _Shape:
    row = one.row
    return _Shape(
        row.kind,
        one.fed,
        one.sound and is_scored(row.kind),
        one.override is not None,
        one.got.expected is not None,
        one.gradual,
        one.counts,
        row.target is None or row.start is None or row.target > row.start,
        one.span.start is not None,
        one.span.due is not None,
        personal,
        key_result_format(row, numbers_of(one), language, typed=not one.fed),
    )


@lru_cache(maxsize=512)
def _row_kind(frame: Frame, shape: _Shape) -> RowKind:
    formulas = _formulas(frame, shape, frame.cells(personal=shape.personal))
    cells = (
        (column(DETAIL_COLUMNS, name), formulas.get(name, ""), look_of(name, shape.number, frame.language))
        for name in DETAIL_COLUMNS
    )
    return RowKind(cells, height=_HEIGHT)


def _agreed(layout: Layout, one: TeamKeyResult) -> tuple[Value, ...]:
    """What was agreed, in the order of the columns from `id` to `override_reason`."""
    row, span = one.row, one.span
    return (
        row.id or None,
        row.objective or None,
        row.key_result or None,
        row.owner or None,
        layout.labels.choice(row.kind) if row.kind else None,
        row.unit or None,
        row.start,
        row.commit,
        row.target,
        row.stretch,
        row.lower,
        row.upper,
        one.weight,
        span.start,
        span.due,
        row.override,
        row.override_reason or None,
    )


def _figures(layout: Layout, one: TeamKeyResult) -> tuple[Value, ...]:
    """What it comes to by the scores of the planner, in the order of the columns from `value` on."""
    got, counted = one.got, one.readings
    zero = layout.plan.settings.missing_counts_as == "zero"
    weight = (one.weight or 0.0) if one.counts and (zero or got.score is not None) else 0.0
    return (
        got.value,
        got.progress,
        got.score,
        got.expected,
        got.gap,
        layout.labels.status(got.status),
        one.success,
        got.value,
        counted.before,
        counted.kept_before,
        counted.that_day,
        counted.kept_that_day,
        counted.before + counted.that_day,
        counted.kept_before + counted.kept_that_day,
        weight,
        weight * (got.score or 0.0),
        weight * (got.expected or 0.0),
        *bullet_parts(got.score, got.expected),
    )


def bullet_parts(score: float | None, expected: float | None) -> tuple[float, ...]:
    """The pieces of a bullet bar: reached, missing, the mark of what is expected, beyond, the rest. They add up to 1.

    Where nothing is expected there is no mark.
    """
    mark = 0.0 if expected is None else MARK
    reached_at, mark_at = score or 0.0, min(expected or 0.0, 1 - mark)
    reached = min(reached_at, mark_at)
    beyond = max(0.0, reached_at - mark_at - mark)
    return (reached, mark_at - reached, mark, beyond, max(0.0, 1 - mark_at - mark - beyond))


def _formulas(frame: Frame, shape: _Shape, at: KeyResultCells) -> dict[str, str]:
    """The formulas of a row by column; a row that a fault keeps from being scored has few."""
    of_kind = formulas_of(shape.kind)
    formulas = {"value": of_kind.value(at)} if not shape.fed else {}
    if shape.sound:
        formulas |= _scoring(shape, at)
    if shape.overridden:
        formulas["score"] = f"{at.override}"
    if shape.paced:
        formulas["expected"] = of_kind.expected(at, gradual=shape.gradual)
    formulas |= {"gap": native.gap(at.score, at.expected), "status": _status(frame, shape, at)}
    if shape.counts:
        formulas |= {
            "counted": native.counted_weight(at, frame.settings),
            "points": native.points(at.score, at.counted),
            "expected_points": native.points(at.expected, at.counted),
        }
    return formulas | _bars(at, MARK if shape.paced else 0.0)


def _scoring(shape: _Shape, at: KeyResultCells) -> dict[str, str]:
    of_kind = formulas_of(shape.kind)
    formulas = {"progress": of_kind.progress(at)}
    if kind_of(shape.kind).keeps_bound:
        formulas |= {"readings": readings(at), "kept": of_kind.kept(at)}
    return formulas | {"score": of_kind.score(at, upward=shape.upward)}


def _status(frame: Frame, shape: _Shape, at: KeyResultCells) -> str:
    over = f"{at.as_of}>{at.due}" if shape.due else "FALSE"
    return native.status(
        frame.labels,
        frame.settings,
        score=at.score,
        expected=at.expected,
        success=at.success,
        begun=f"{at.as_of}>={at.begins}" if shape.begins else "TRUE",
        may_be_done=over if kind_of(shape.kind).keeps_bound else "TRUE",
    )


def _bars(at: KeyResultCells, mark_width: float) -> dict[str, str]:
    """The pieces of the bullet, as `bullet_parts` cuts them."""
    reached = f'IF({at.score}="",0,{at.score})'
    mark = f'MIN(IF({at.expected}="",0,{at.expected}),{native.number(1 - mark_width)})'
    width = native.number(mark_width)
    beyond = f"MAX(0,{reached}-{mark}-{width})"
    return {
        "bar_1": f"MIN({reached},{mark})",
        "bar_2": f"{mark}-MIN({reached},{mark})",
        "bar_4": beyond,
        "bar_5": f"MAX(0,1-{mark}-{width}-{beyond})",
    }
