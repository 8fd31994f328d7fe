"""The rows of key results where a team types: what stands in them, how it looks, and what the blue cells take."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.heights import height, lines, room
from okr_workbook.books.team.key_results import numbers_of
from okr_workbook.books.team.layout import DETAIL_COLUMNS, Layout, column, letters
from okr_workbook.books.team.looks import (
    CENTRED,
    INPUT_CENTRED,
    INPUT_NUMBER,
    INPUT_WORDS,
    NUMBER,
    PILL,
    QUIET,
    STRONG,
    TEXT,
    WORDS,
    bounded,
    key_result_format,
    target_cell,
)
from okr_workbook.books.team.model import THERE, Between, Choice, Look, Row, RowKind, Sheet, quoted
from okr_workbook.books.team.page import Column, HeaderRow
from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.team_plan import TeamKeyResult
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.columns import team_header
from okr_workbook.tables.grid import Value
from okr_workbook.tables.palette import MUTED
from okr_workbook.tables.targets import target_of_key_result

INPUTS = frozenset(("current", "confidence", "comment"))
_HEIGHT = 27


_WIDTHS = {
    "id": 62, "member": 140, "objective": 230, "key_result": 300, "owner": 140, "bar": 190, "score": 66, "status": 108,
    "target": 112, "value": 112, "current": 112, "confidence": 92, "comment": 250,
}  # fmt: skip
_WRAPPING = ("member", "objective", "key_result", "owner")


@cache
def header_row(columns: tuple[str, ...], language: str) -> HeaderRow:
    """The header row of a table of key results. Columns are blue where it is a form."""
    labels = labels_for(language)
    return HeaderRow.of(
        Column(
            _header(labels, name), _look(name, "", language), _WIDTHS[name], ours=is_form(columns) and name in INPUTS
        )
        for name in columns
    )


def is_form(columns: tuple[str, ...]) -> bool:
    """True for a table that new values are typed into, False for one to be read only."""
    return "current" in columns


def _header(labels: Labels, name: str) -> str:
    """The header of a column; comments are those of check-ins."""
    if name == "bar":
        return labels.text("team_book", "columns.bar")
    if name == "member":
        return labels.field("members", name)
    return labels.field("check_ins", name) if name == "comment" else team_header("key_results", name, labels)


# --- rows -----------------------------------------------------------------------------------------


class _Shape(NamedTuple):
    """All that the formulas and looks of an answer's row depend on. `number` and `target` are number formats."""

    columns: tuple[str, ...]
    followed: frozenset[str]  # the columns that show what stands in the detail row
    details: str  # the sheet of that row
    fed: bool
    number: str
    target: str
    language: str


def answer_row(layout: Layout, place: int, columns: tuple[str, ...]) -> Row:
    """The row of one key result in a table of `columns`; computed cells follow the detail row."""
    plan, labels = layout.plan, layout.labels
    one = plan.key_results[place]
    row, got, detail = one.row, one.got, layout.detail_row(place)
    objective = plan.objectives[one.place].row if one.place is not None else None
    target = target_of_key_result(row)
    cells: dict[str, Value] = {
        "id": row.id or None,
        "member": (objective.owner or None) if objective else None,
        "objective": (objective.objective or None) if objective else None,
        "key_result": row.key_result or None,
        "owner": row.owner or None,
        "bar": None,
        "score": got.score if detail else None,
        "status": labels.status(got.status) if detail else None,
        "target": target_cell(target, row.unit, labels),
        "value": got.value,
        "current": layout.text("captions.fed") if one.fed else None,
        "confidence": row.confidence,  # as last given, to be changed where it has changed
        "comment": None,
    }
    number = key_result_format(row, numbers_of(one), plan.language, typed=not one.fed)
    aimed = bounded(target.sign, key_result_format(row, (target.number,), plan.language)) if target else ""
    shape = _Shape(
        columns, _followed(one) if detail else _NOTHING, layout.key_results, one.fed, number, aimed, plan.language
    )
    values = tuple([cells[name] for name in columns])
    count = max([lines(text, of) for at, of in _rooms(columns) if isinstance(text := values[at], str)], default=1)
    return Row(_row_kind(shape), values, detail or 0, height(_HEIGHT, count))


@cache
def _rooms(columns: tuple[str, ...]) -> tuple[tuple[int, float], ...]:
    """The places of the columns whose texts wrap, and the room in a line of each."""
    return tuple((at, room(_WIDTHS[name])) for at, name in enumerate(columns) if name in _WRAPPING)


_NOTHING: frozenset[str] = frozenset()


def _followed(one: TeamKeyResult) -> frozenset[str]:
    """The columns that follow the detail row: not those that are blank there and stay so."""
    score = one.got.score is not None or one.sound or one.override is not None
    value = one.got.value is not None or not one.fed
    return frozenset(name for name, live in (("score", score), ("status", True), ("value", value)) if live)


@lru_cache(maxsize=256)
def _row_kind(shape: _Shape) -> RowKind:
    return RowKind(
        (
            (
                column(shape.columns, name),
                f"{quoted(shape.details)}!{letters(DETAIL_COLUMNS, name)}{THERE}" if name in shape.followed else "",
                _look_in(shape, name),
            )
            for name in shape.columns
        ),
        height=_HEIGHT,
    )


def _look_in(shape: _Shape, name: str) -> Look:
    if name == "current" and shape.fed:
        return NUMBER._replace(color=MUTED, align="center", indent=0)
    if name == "confidence" and not is_form(shape.columns):
        return CENTRED
    return _look(name, shape.target if name == "target" else shape.number, shape.language)


@cache
def _look(name: str, shown: str, language: str) -> Look:
    """How the cells of a column look; `shown` is their number format where they are in the row's unit."""
    return {
        "id": QUIET,
        "member": WORDS,
        "objective": WORDS,
        "key_result": STRONG,
        "owner": WORDS,
        "bar": TEXT,
        "score": NUMBER._replace(bold=True, number=number_formats.percent(language)),
        "status": PILL,
        "target": NUMBER._replace(color=MUTED, number=shown),
        "value": NUMBER._replace(number=shown),
        "current": INPUT_NUMBER._replace(number=shown),
        "confidence": INPUT_CENTRED,
        "comment": INPUT_WORDS,
    }[name]


# --- what the blue cells take ---------------------------------------------------------------------


def input_rules(sheet: Sheet, layout: Layout, rows: Mapping[int, int], columns: tuple[str, ...]) -> None:
    """What the cells of the key results take; `rows` maps places to rows of a table of `columns`.

    Neighbours that take the same share one rule.
    """
    if not rows:
        return
    key_results, current, confidence = (
        layout.plan.key_results,
        letters(columns, "current"),
        letters(columns, "confidence"),
    )
    for rule, run in groupby(rows, key=lambda place: _value_rule(layout, key_results[place])):
        places = list(run)
        area = f"{current}{rows[places[0]]}:{current}{rows[places[-1]]}"
        if isinstance(rule, Choice):
            sheet.choices.append(rule._replace(area=area))
        elif rule is not None:
            sheet.betweens.append(rule._replace(area=area))
    first, last = min(rows.values()), max(rows.values())
    error = layout.text("errors.confidence")
    area = f"{confidence}{first}:{confidence}{last}"
    sheet.betweens.append(Between(area, "decimal", "0", "10", error, layout.text("prompts.confidence")))


def _value_rule(layout: Layout, one: TeamKeyResult) -> Choice | Between | None:
    """What the new value of a key result may be, its area left out; nothing is asked where a KPI feeds it."""
    if one.fed:
        return None
    if kind_of(one.row.kind).takes_yes_no:
        options = (layout.labels.choice("yes"), layout.labels.choice("no"))
        return Choice("", options, prompt=layout.text("prompts.milestone"))
    unit = one.row.unit
    prompt = layout.text("prompts.number", unit=unit) if unit else layout.text("prompts.plain_number")
    return Between("", "decimal", "-1E+300", "1E+300", layout.text("errors.number"), prompt)
