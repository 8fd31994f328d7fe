"""The sheet of objectives: each under the company objective it serves, with the live roll-up of its key results."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.heights import height, lines, room
from okr_workbook.books.team.layout import (
    FIRST_COLUMN,
    LIST_FIRST,
    OBJECTIVE_COLUMNS,
    Layout,
    column,
    day_in_formula,
    letters,
)
from okr_workbook.books.team.looks import CENTRED, NUMBER, PILL, QUIET, STRONG, TEXT, WORDS
from okr_workbook.books.team.model import Look, Row, RowKind, Sheet, TableArea
from okr_workbook.books.team.page import Column, HeaderRow, new_list, put_note
from okr_workbook.books.team.roll_up import Parts, may_be_done, objective_cells, parts_of, shown_share, sums_of
from okr_workbook.domain.team_plan import TeamObjective
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables import native
from okr_workbook.tables.grid import Formula, Value

_SHOWN = OBJECTIVE_COLUMNS[: OBJECTIVE_COLUMNS.index("success")]
_WIDTHS = {
    "id": 70, "objective": 330, "serves": 270, "owner": 140, "commitment": 100, "start": 90, "end": 90, "status": 112,
}  # fmt: skip
_HEIGHT = 30
_ROOMS = [room(_WIDTHS[name]) for name in ("objective", "serves", "owner")]


def objectives_sheet(layout: Layout) -> Sheet:
    """The sheet, one row an objective."""
    sheet = new_list(layout, layout.objectives, layout.text("titles.objectives"), layout.text("captions.objectives"))
    language = layout.plan.language
    header_row = _header_row(language)
    header_row.put(sheet)
    for place, one in enumerate(layout.plan.objectives):
        row = layout.objective_row(place)
        cells = _row(layout, one, row)
        kind = _row_kind(language, scored=one.shown_score)
        sheet.rows[row] = Row(kind, tuple(map(cells.get, OBJECTIVE_COLUMNS)), height=_height(one))
    count = max(1, len(layout.plan.objectives))
    headers = header_row.words[: len(_SHOWN)]
    sheet.tables.append(TableArea("objectives", LIST_FIRST - 1, FIRST_COLUMN, headers, count))
    status, last = letters(OBJECTIVE_COLUMNS, "status"), LIST_FIRST + count - 1
    sheet.status_areas.append(f"{status}{LIST_FIRST}:{status}{last}")
    sheet.freeze = f"{letters(OBJECTIVE_COLUMNS, 'serves')}{LIST_FIRST}"
    sheet.print_area = f"B2:{status}{last}"
    sheet.put(
        LIST_FIRST - 2,
        column(OBJECTIVE_COLUMNS, "success"),
        layout.text("captions.sums"),
        Look(size=9, color=QUIET.color),
    )
    if not layout.plan.objectives:
        put_note(sheet, LIST_FIRST, len(_SHOWN), layout.text("captions.no_objectives"), at=3)
    return sheet


_OWN_WORDS = frozenset(
    ("serves", "gap", "success", "away", "away_points", "away_expected", "away_dated", "away_weight", "counted", "points",
     "dated", "expected_points", "with_value")
)  # fmt: skip


@cache
def _header_row(language: str) -> HeaderRow:
    labels = labels_for(language)
    return HeaderRow.of(
        Column(_header(labels, name), _look(name, language), _WIDTHS.get(name, 76)) for name in OBJECTIVE_COLUMNS
    )


def _header(labels: Labels, name: str) -> str:
    if name == "gap":
        return labels.field("key_results", name)
    return labels.text("team_book", f"columns.{name}") if name in _OWN_WORDS else labels.field("objectives", name)


@cache
def _look(name: str, language: str) -> Look:
    if name == "status":
        return PILL
    if name in ("id", "commitment"):
        return QUIET
    if name == "objective":
        return STRONG
    if name in ("serves", "owner"):
        return WORDS
    if name in ("start", "end"):
        return CENTRED._replace(number=number_formats.date(language))
    if name == "gap":
        return NUMBER._replace(number=number_formats.signed(number_formats.percent(language)))
    if name in ("score", "expected", "success"):
        return NUMBER._replace(number=number_formats.percent(language), bold=name == "score")
    return NUMBER._replace(
        color=QUIET.color if name != "weight" else Look().color, number="0.00" if name != "weight" else ""
    )


@cache
def _row_kind(language: str, *, scored: bool) -> RowKind:
    """The rows of objectives whose scores are shown, or are not: there the line goes on under a blank status."""
    looks = (
        (column(OBJECTIVE_COLUMNS, name), "", _look(name, language) if scored or name != "status" else TEXT)
        for name in OBJECTIVE_COLUMNS
    )
    return RowKind(looks, height=_HEIGHT)


def _height(one: TeamObjective) -> float:
    texts = zip((one.row.objective, one.serves, one.row.owner), _ROOMS, strict=True)
    return height(_HEIGHT, max([lines(text, of) for text, of in texts]))


# --- one row --------------------------------------------------------------------------------------


def _row(layout: Layout, one: TeamObjective, row: int) -> dict[str, Value]:
    record, labels = one.row, layout.labels
    cells: dict[str, Value] = {
        "id": record.id or None,
        "objective": record.objective or None,
        "serves": one.serves or None,
        "owner": record.owner or None,
        "commitment": labels.choice(record.commitment or "committed"),
        "weight": one.weight,
        "start": one.span.start,
        "end": one.span.due,
    }
    if not one.shown_score:
        return cells
    parts = parts_of(layout, one)
    return cells | sums_of(layout, one, parts, row) | _figures(layout, one, parts, row)


def _figures(layout: Layout, one: TeamObjective, parts: Parts, row: int) -> dict[str, Value]:
    """Score, expected, gap and status: formulas where something is rolled up, else what the planner says."""
    got = one.got
    at = objective_cells(row)
    away = one.elsewhere.weight > 0
    if not parts.counted and not away:
        return {
            "score": got.score,
            "expected": got.expected,
            "gap": got.gap,
            "status": layout.labels.status(got.status),
        }
    points_away = f"{at['away_weight']}*{at['away_points']}/{at['away']}" if away else ""
    expected_away = f"{at['away_weight']}*{at['away_expected']}/{at['away']}" if away else ""
    dated_away = f"{at['away_weight']}*{at['away_dated']}/{at['away']}" if away else ""
    score = native.weighted_mean(parts.points, parts.counted, (points_away, at["away_weight"]) if away else None)
    expected = native.weighted_mean(
        parts.expected_points, parts.dated, (expected_away, dated_away) if one.elsewhere.dated else None
    )
    return {
        "score": Formula(score, shown_share(got.score)),
        "expected": Formula(expected, shown_share(got.expected)) if parts.dated or one.elsewhere.dated else None,
        "gap": Formula(native.gap(at["score"], at["expected"]), shown_share(got.gap)),
        "status": Formula(_status(layout, one, at, parts), layout.labels.status(got.status)),
    }


def _status(layout: Layout, one: TeamObjective, at: Mapping[str, str], parts: Parts) -> str:
    settings, elsewhere = layout.plan.settings, one.elsewhere
    return native.status(
        layout.labels,
        settings,
        score=at["score"],
        expected=at["expected"],
        success=at["success"],
        begun=f"{layout.as_of}>={day_in_formula(one.span.start)}" if one.span.start else "TRUE",
        may_be_done=may_be_done(layout, [one]),
        silent=f"{at['with_value']}=0",
        by_rule=native.worst(layout.labels, parts.statuses, elsewhere.worst) if settings.status_rule == "worst" else "",
    )
