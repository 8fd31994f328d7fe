"""The sheet of actions: the team's own, whose state and comment it fills in, and blank rows for new ones."""

from __future__ import annotations

from functools import cache

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.heights import height, lines, room
from okr_workbook.books.team.layout import DETAIL_COLUMNS, FIRST_COLUMN, LIST_FIRST, Layout, letters
from okr_workbook.books.team.looks import CENTRED, INPUT, INPUT_CENTRED, INPUT_WORDS, QUIET, STRONG, TEXT, WORDS
from okr_workbook.books.team.model import Between, Choice, Look, Row, RowKind, Sheet, TableArea, quoted
from okr_workbook.books.team.page import Column, HeaderRow, new_list
from okr_workbook.domain.planner import ACTION_STATES, Action
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import Value, column_letters
from okr_workbook.tables.palette import ACCENT, MUTED

FIELDS = ("id", "serves", "action", "owner", "due", "state", "comment")
ANSWERS = ("state", "comment")
SPARE_ROWS = 12
"""Blank rows for new actions: Excel does not grow a table on a protected sheet."""

_WIDTHS = {"id": 64, "serves": 110, "action": 360, "owner": 140, "due": 100, "state": 110, "comment": 330}
_HEIGHT = 27
_ROOMS = [room(_WIDTHS[name]) for name in ("action", "owner", "comment")]


def actions_sheet(layout: Layout) -> Sheet:
    """The sheet."""
    sheet = new_list(layout, layout.actions, layout.text("titles.actions"), layout.text("captions.actions"))
    sheet.tab_color = ACCENT
    language = layout.plan.language
    actions = layout.plan.actions
    count = len(actions) + SPARE_ROWS
    header_row = _header_row(language)
    header_row.put(sheet)
    for row, action in enumerate(actions, LIST_FIRST):
        sheet.rows[row] = Row(_row_kind(language, new=False), _values(layout, action), height=_height_of(action))
    spare = Row(_row_kind(language, new=True), (None,) * len(FIELDS))
    sheet.rows |= dict.fromkeys(range(LIST_FIRST + len(actions), LIST_FIRST + count), spare)
    sheet.tables.append(TableArea("actions", LIST_FIRST - 1, FIRST_COLUMN, header_row.words, count))
    _add_rules(sheet, layout, len(actions), count)
    sheet.freeze = f"A{LIST_FIRST}"
    sheet.print_area = f"B2:{column_letters(FIRST_COLUMN + len(FIELDS) - 1)}{LIST_FIRST + count - 1}"
    return sheet


@cache
def _header_row(language: str) -> HeaderRow:
    words = labels_for(language).field
    return HeaderRow.of(
        Column(words("actions", field), _look(field, language), _WIDTHS[field], ours=field in ANSWERS)
        for field in FIELDS
    )


@cache
def _row_kind(language: str, *, new: bool) -> RowKind:
    """The rows of the team's actions, or the blank ones for `new` actions."""
    return RowKind(
        (
            (place, "", _input_look(field, language) if new or field in ANSWERS else _look(field, language))
            for place, field in enumerate(FIELDS, FIRST_COLUMN)
        ),
        height=_HEIGHT,
    )


def _height_of(action: Action) -> float:
    texts = zip((action.action, action.owner, action.comment), _ROOMS, strict=True)
    return height(_HEIGHT, max([lines(text, of) for text, of in texts]))


def _values(layout: Layout, action: Action) -> tuple[Value, ...]:
    state = layout.labels.choice(action.state, "state") if action.state else None
    return tuple([state if field == "state" else getattr(action, field) or None for field in FIELDS])


def _look(field: str, language: str) -> Look:
    if field == "due":
        return CENTRED._replace(number=number_formats.date(language))
    return {"id": QUIET, "serves": QUIET, "action": STRONG, "owner": WORDS}.get(field, TEXT)


def _input_look(field: str, language: str) -> Look:
    if field == "id":
        return TEXT._replace(color=MUTED)
    if field == "due":
        return INPUT_CENTRED._replace(number=number_formats.date(language))
    return INPUT_WORDS if field in ("action", "comment") else INPUT


def _add_rules(sheet: Sheet, layout: Layout, old: int, count: int) -> None:
    column = {field: column_letters(place) for place, field in enumerate(FIELDS, FIRST_COLUMN)}
    first, last, new = LIST_FIRST, LIST_FIRST + count - 1, LIST_FIRST + old
    states = tuple(layout.labels.choice(state, "state") for state in ACTION_STATES)
    sheet.choices.append(
        Choice(f"{column['state']}{first}:{column['state']}{last}", states, error=layout.text("errors.choice"))
    )
    area = f"{column['due']}{new}:{column['due']}{last}"
    error = layout.text("errors.any_date")
    sheet.betweens.append(Between(area, "date", "DATE(2000,1,1)", "DATE(2199,12,31)", error))
    if layout.scored:
        source = key_result_ids(layout)
        sheet.choices.append(Choice(f"{column['serves']}{new}:{column['serves']}{last}", source=source))
    if layout.people:
        sheet.choices.append(Choice(f"{column['owner']}{new}:{column['owner']}{last}", source=layout.people))


def key_result_ids(layout: Layout) -> str:
    """The range of the ids on the sheet of key results."""
    column = letters(DETAIL_COLUMNS, "id")
    last = LIST_FIRST + max(1, len(layout.scored)) - 1
    return f"{quoted(layout.key_results)}!${column}${LIST_FIRST}:${column}${last}"
