"""The first sheet: score card, pace, what to do this week, and the table `key_results` where the team types."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.answers import confidence_of, current_of, input_rules
from okr_workbook.books.team.layout import (
    ANSWER_COLUMNS,
    AUTHOR_CELL,
    DATE_CELL,
    DETAIL_COLUMNS,
    FIRST_COLUMN,
    OVERVIEW_FIRST,
    Layout,
    column,
    letters,
)
from okr_workbook.books.team.looks import (
    BLOCK,
    CAPTION,
    CARD,
    INPUT,
    INPUT_CENTRED,
    INPUT_NUMBER,
    INPUT_WORDS,
    NUMBER,
    PILL,
    QUIET,
    STRONG,
    SUBTITLE,
    TEXT,
    TITLE,
    key_result_format,
)
from okr_workbook.books.team.model import (
    THERE,
    Between,
    Chart,
    Choice,
    Look,
    Row,
    RowKind,
    Sheet,
    TableArea,
    at,
    quoted,
)
from okr_workbook.books.team.page import Column, HeaderRow
from okr_workbook.domain.team_plan import TeamKeyResult
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.grid import Formula, Value
from okr_workbook.tables.palette import ACCENT, MUTED, WHITE

_WIDTHS = (20, 62, 300, 190, 66, 108, 92, 96, 96, 92, 250)
_HEIGHTS = {1: 6, 2: 26, 3: 17, 4: 12, 5: 24, 6: 25.5, 7: 25.5, 8: 24, 9: 27, 10: 14, 11: 22.5}


SCORE_CELL, EXPECTED_CELL, STATUS_CELL = "B6", "B8", "B9"


def overview_sheet(layout: Layout, team_score: Formula, team_expected: Formula, team_status: Formula) -> Sheet:
    """The overview; the three formulas are the team's roll-up."""
    sheet = Sheet(layout.overview, tab_color=ACCENT, freeze=f"A{OVERVIEW_FIRST}")
    sheet.widths |= dict(enumerate(_WIDTHS, 1))
    sheet.heights |= _HEIGHTS
    _put_title(sheet, layout)
    _put_card(sheet, layout, team_score, team_expected, team_status)
    _put_this_week(sheet, layout)
    _put_pace(sheet, layout)
    _put_signature(sheet, layout)
    _put_answers(sheet, layout)
    return sheet


def _put_title(sheet: Sheet, layout: Layout) -> None:
    plan, labels = layout.plan, layout.labels
    last = FIRST_COLUMN + len(ANSWER_COLUMNS) - 1
    sheet.put(2, 2, layout.text("titles.overview", team=plan.team), TITLE)
    sheet.put(3, 2, " · ".join(plan.company_objectives), SUBTITLE)
    sheet.put(2, last, plan.settings.company, BLOCK, align="right")
    period = labels.period(plan.settings.period) if plan.settings.period else ""
    day = layout.text("captions.as_of", day=plan.as_of)
    sheet.put(3, last, " · ".join(part for part in (period, day) if part), SUBTITLE, align="right")


def _put_card(sheet: Sheet, layout: Layout, score: Formula, expected: Formula, status: Formula) -> None:
    for row in range(5, 10):
        for place in (2, 3):
            sheet.put(row, place, None, CARD)
    percent = number_formats.percent(layout.plan.language)
    sheet.put(5, 2, layout.text("card.score"), CARD)
    sheet.put(6, 2, score, CARD, size=40, bold=True, color=WHITE, number=percent)
    sheet.merges += ["B6:C7", "B8:C8", "B9:C9"]
    words = layout.text("card.expected_format")
    sheet.put(8, 2, expected, CARD, size=11, color=WHITE, number=words.replace("{percent}", percent))
    sheet.put(9, 2, status, CARD)


def _put_this_week(sheet: Sheet, layout: Layout) -> None:
    place = FIRST_COLUMN + len(ANSWER_COLUMNS) - 1
    sheet.put(5, place, layout.text("week.title"), BLOCK, align="left", indent=1)
    days = layout.plan.settings.reply_within_days
    first = "step_1_measures" if layout.plan.measures else "step_1"
    steps = [layout.text(f"week.{step}") for step in (first, "step_2", "step_3")]
    for row, words in enumerate([*steps, layout.text("week.reply", days=days)], 6):
        sheet.put(row, place, words, Look(color=MUTED, align="left", indent=1, wrap=True))


def _put_pace(sheet: Sheet, layout: Layout) -> None:
    sheet.put(5, 4, layout.text("pace.title"), BLOCK, align="left", indent=1)
    if layout.plan.pace:
        last = len(layout.plan.pace) + 1
        language = layout.plan.language
        percent, months = f"{number_formats.percent(language)};;", number_formats.month(language)
        source = layout.pace
        sheet.charts.append(Chart("pace", (4, 6), (11, 10), source, 1, 1, last, number=percent, dates=months))


def _put_signature(sheet: Sheet, layout: Layout) -> None:
    """The two cells that date and sign every new value."""
    plan = layout.plan
    row, place = DATE_CELL
    sheet.put(row, 2, layout.text("titles.answers"), BLOCK)
    sheet.put(row, place - 1, layout.text("signature.date"), CAPTION, color=ACCENT, bold=True, align="right", indent=1)
    date_look = INPUT_CENTRED._replace(number=number_formats.date(plan.language), bold=True)
    sheet.put(row, place, plan.as_of, date_look)
    row, author = AUTHOR_CELL
    sheet.put(
        row, author - 1, layout.text("signature.author"), CAPTION, color=ACCENT, bold=True, align="right", indent=1
    )
    sheet.put(row, author, plan.lead or None, INPUT, bold=True)
    day = f"DATE({plan.as_of.year},{plan.as_of.month},{plan.as_of.day})"
    error = layout.text("errors.date", day=plan.as_of)
    sheet.betweens.append(Between(at(place, row), "date", day, "DATE(2199,12,31)", error, layout.text("prompts.date")))
    if layout.people:
        sheet.choices.append(
            Choice(at(author, row), source=layout.people, loose=True, prompt=layout.text("prompts.author"))
        )


def _put_answers(sheet: Sheet, layout: Layout) -> None:
    """The table `key_results`: computed on the left, this week's blue cells on the right."""
    header_row = _header_row(layout.plan.language)
    header_row.put(sheet, OVERVIEW_FIRST - 1)
    sheet.tables.append(
        TableArea("key_results", OVERVIEW_FIRST - 1, FIRST_COLUMN, header_row.words, max(1, len(layout.answers)))
    )
    for row, place in enumerate(layout.answers, OVERVIEW_FIRST):
        sheet.rows[row] = answer_row(layout, place, ANSWER_COLUMNS)
    if not layout.answers:
        for name in ANSWER_COLUMNS:
            sheet.put(OVERVIEW_FIRST, column(ANSWER_COLUMNS, name), None, TEXT)
        sheet.put(OVERVIEW_FIRST, 3, layout.text("captions.no_key_results"), QUIET)
    last = OVERVIEW_FIRST + max(1, len(layout.answers)) - 1
    sheet.print_area = f"B1:{letters(ANSWER_COLUMNS, 'comment')}{last}"
    sheet.print_titles = f"{OVERVIEW_FIRST - 1}:{OVERVIEW_FIRST - 1}"
    status = letters(ANSWER_COLUMNS, "status")
    sheet.status_areas.append(f"{status}{OVERVIEW_FIRST}:{status}{last}")
    _put_bullets(sheet, layout)
    rows = {place: OVERVIEW_FIRST + i for i, place in enumerate(layout.answers)}
    input_rules(sheet, layout, rows, letters(ANSWER_COLUMNS, "current"), letters(ANSWER_COLUMNS, "confidence"))


INPUTS = frozenset(("current", "confidence", "comment"))


def _put_bullets(sheet: Sheet, layout: Layout) -> None:
    """One bar chart over the whole column, as high as its rows."""
    if not layout.answers:
        return
    rows = [layout.detail_row(place) for place in layout.answers]
    shown = [row for row in rows if row is not None]
    if len(shown) != len(rows):
        return
    bar = column(ANSWER_COLUMNS, "bar")
    start, end = (bar, OVERVIEW_FIRST), (bar + 1, OVERVIEW_FIRST + len(rows))
    first = column(DETAIL_COLUMNS, "bar_1")
    sheet.charts.append(Chart("bullets", start, end, layout.key_results, first, min(shown), max(shown)))


@cache
def _header_row(language: str) -> HeaderRow:
    labels = labels_for(language)
    return HeaderRow.of(
        Column(answer_header(labels, name), look_of(name, "", language), ours=name in INPUTS) for name in ANSWER_COLUMNS
    )


def answer_header(labels: Labels, name: str) -> str:
    """The header of a column where the team answers; comments are those of check-ins."""
    if name in ("bar", "confidence"):
        return labels.text("team_book", f"columns.{name}")
    return labels.field("check_ins" if name == "comment" else "key_results", name)


class _Shape(NamedTuple):
    """All that the formulas and looks of an answer's row depend on. `number` is the number format of its unit."""

    columns: tuple[str, ...]
    followed: frozenset[str]  # the columns that show what stands in the detail row
    details: str  # the sheet of that row
    fed: bool
    number: str
    language: str


def answer_row(layout: Layout, place: int, columns: tuple[str, ...]) -> Row:
    """The row of one key result in a table where the team types; computed cells follow the detail row."""
    plan, labels = layout.plan, layout.labels
    one = plan.key_results[place]
    detail = layout.detail_row(place)
    objective = plan.objectives[one.place].row if one.place is not None else None
    cells: dict[str, Value] = {
        "id": one.row.id or None,
        "member": (objective.owner or None) if objective else None,
        "objective": (objective.objective or None) if objective else None,
        "key_result": one.row.key_result or None,
        "bar": None,
        "score": one.got.score if detail else None,
        "status": labels.status(one.got.status) if detail else None,
        "target": target_of(one),
        "value": one.got.value,
        "current": current_of(layout, one),
        "confidence": confidence_of(one),
        "comment": None,
    }
    number = key_result_format(one.row, (one.row.target, one.got.value), plan.language)
    shape = _Shape(columns, _followed(one) if detail else _NOTHING, layout.key_results, one.fed, number, plan.language)
    return Row(_row_kind(shape), tuple([cells[name] for name in columns]), detail or 0)


_NOTHING: frozenset[str] = frozenset()


def _followed(one: TeamKeyResult) -> frozenset[str]:
    """The columns that follow the detail row: not those that are blank there and stay so."""
    score = one.got.score is not None or one.sound or one.override is not None
    value = one.got.value is not None or not one.fed
    return frozenset(name for name, live in (("score", score), ("status", True), ("value", value)) if live)


@lru_cache(maxsize=256)
def _row_kind(shape: _Shape) -> RowKind:
    fed_look = NUMBER._replace(number=shape.number, color=MUTED, align="center", indent=0)
    return RowKind(
        (
            (
                column(shape.columns, name),
                f"{quoted(shape.details)}!{letters(DETAIL_COLUMNS, name)}{THERE}" if name in shape.followed else "",
                fed_look if name == "current" and shape.fed else look_of(name, shape.number, shape.language),
            )
            for name in shape.columns
        ),
        height=27,
    )


def target_of(one: TeamKeyResult) -> float | None:
    """What is aimed at: the target, or the bound to keep."""
    row = one.row
    bounds = {"stay_above": row.lower, "stay_below": row.upper, "stay_between": row.lower, "milestone": 1.0}
    return row.target if row.target is not None else bounds.get(row.kind)


@cache
def look_of(name: str, shown: str, language: str) -> Look:
    """How the cells of a column of answers look."""
    return {
        "id": QUIET,
        "member": TEXT,
        "objective": TEXT._replace(wrap=True),
        "key_result": STRONG,
        "bar": TEXT,
        "score": NUMBER._replace(bold=True, number=number_formats.percent(language)),
        "status": PILL,
        "target": NUMBER._replace(color=MUTED, number=shown),
        "value": NUMBER._replace(number=shown),
        "current": INPUT_NUMBER._replace(number=shown),
        "confidence": INPUT_CENTRED,
        "comment": INPUT_WORDS,
    }[name]
