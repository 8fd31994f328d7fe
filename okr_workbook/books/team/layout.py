"""Where things stand in a team's workbook: sheets, first rows and columns, so that formulas find each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from okr_workbook.books.team.model import ROW, THERE, at, quoted
from okr_workbook.domain.planner import Settings
from okr_workbook.domain.team_plan import TeamKeyResult, TeamPlan
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.grid import column_letters
from okr_workbook.tables.native import KeyResultCells

OVERVIEW_FIRST, LIST_FIRST = 13, 6
"""The first body row of the overview's key results, and of the tables of all other sheets."""

PEOPLE_COLUMN = 5
"""On the hidden sheet of the pace: a list in a rule holds 255 characters and no name with a comma, a range holds any."""

DATE_CELL, AUTHOR_CELL = (11, 9), (11, 11)
"""(row, column) of the two cells a team fills in once: the day its figures are of, and who writes."""

ANSWER_COLUMNS = ("id", "key_result", "bar", "score", "status", "target", "value", "current", "confidence", "comment")
"""The overview's table `key_results`, from column B on."""

PRINTED_COLUMNS = ("id", "key_result", "owner", "bar", "score", "status", "target", "value", "confidence")
"""The same for printing."""

MEMBER_COLUMNS = (
    "member", "objective", "id", "key_result", "score", "status", "target", "value", "current", "confidence", "comment",
)  # fmt: skip

DETAIL_COLUMNS = (
    "id", "objective", "key_result", "owner", "kind", "unit", "start", "commit", "target", "stretch", "lower", "upper",
    "weight", "begins", "due", "override", "override_reason",
    "value", "progress", "score", "expected", "gap", "status",
    "success", "last", "read_before", "kept_before", "read_that_day", "kept_that_day", "readings", "kept", "counted",
    "points", "expected_points", "bar_1", "bar_2", "bar_3", "bar_4", "bar_5",
)  # fmt: skip
"""The sheet of key results, from column B on: what was agreed, what it comes to, and what the sums stand on."""

OBJECTIVE_COLUMNS = (
    "id", "objective", "serves", "owner", "commitment", "weight", "start", "end",
    "score", "expected", "gap", "status",
    "success", "away", "away_points", "away_expected", "away_dated", "away_weight", "with_value", "counted", "points",
    "dated", "expected_points",
)  # fmt: skip

FIRST_COLUMN = 2


class Frame(NamedTuple):
    """What the formulas of all teams' workbooks of a period share."""

    settings: Settings
    as_of: date
    language: str

    @property
    def labels(self) -> Labels:
        """The words of the workbook."""
        return labels_for(self.language)

    def title(self, name: str) -> str:
        """The title of a sheet."""
        return self.labels.text("team_book", f"sheets.{name}")

    @property
    def day_cell(self) -> str:
        """The address of the day the team's figures are of."""
        row, column = DATE_CELL
        return at(column, row, self.title("overview"), fixed=True)

    def cells(self, *, personal: bool) -> KeyResultCells:
        """The addresses that the formulas of a key result read in its detail row; its value is typed `THERE`."""
        own = {
            name: f"{letters(DETAIL_COLUMNS, name)}{ROW}" for name in KeyResultCells._fields if name in DETAIL_COLUMNS
        }
        columns, sheet = (MEMBER_COLUMNS, "members") if personal else (ANSWER_COLUMNS, "overview")
        typed = f"{quoted(self.title(sheet))}!{letters(columns, 'current')}{THERE}"
        return KeyResultCells(as_of=self.day_cell, typed=typed, sent_as_of=day_in_formula(self.as_of), **own)


def day_in_formula(day: date) -> str:
    """A day as formulas write it."""
    return f"DATE({day.year},{day.month},{day.day})"


class Layout(NamedTuple):
    """The sheets' titles and the rows of one team's plan."""

    plan: TeamPlan
    labels: Labels
    overview: str
    objectives: str
    key_results: str
    kpis: str
    measures: str
    actions: str
    check_ins: str
    members: str
    answers: tuple[int, ...]  # places of the team's own key results: the overview's rows
    member_answers: tuple[int, ...]  # places of its members' key results: the rows of their sheet
    scored: tuple[int, ...]  # places of the key results whose score is shown: the detail rows
    rows: Mapping[int, int]  # the detail row of each of these
    inputs: Mapping[int, int]  # the row where the new value of each key result is typed
    pace: str
    people: str  # the range of the names to choose from, "" for none

    def text(self, key: str, **details: object) -> str:
        """A sentence of a team's workbook."""
        return self.labels.text("team_book", key, **details) if details else _sentence(self.labels.language, key)

    def detail_row(self, place: int) -> int | None:
        """The row of a key result on the sheet of key results; None where its score is not shown."""
        return self.rows.get(place)

    def objective_row(self, place: int) -> int:
        """The row of an objective."""
        return LIST_FIRST + place

    def detail(self, column: str, row: int, *, here: bool = False) -> str:
        """The address of a detail of a key result."""
        cell = f"{letters(DETAIL_COLUMNS, column)}{row}"
        return cell if here else f"{quoted(self.key_results)}!{cell}"

    @property
    def as_of(self) -> str:
        """The address of the day the team's figures are of."""
        return self.frame.day_cell

    @property
    def frame(self) -> Frame:
        """What this workbook shares with the other teams'."""
        return Frame(self.plan.settings, self.plan.as_of, self.labels.language)

    def typed(self, place: int) -> str:
        """The address of the cell where the new value of a key result is typed."""
        personal = is_personal(self.plan, self.plan.key_results[place])
        columns, sheet = (MEMBER_COLUMNS, self.members) if personal else (ANSWER_COLUMNS, self.overview)
        return at(column(columns, "current"), self.inputs[place], sheet)


@cache
def _sentence(language: str, key: str) -> str:
    return labels_for(language).text("team_book", key)


def layout_of(plan: TeamPlan, labels: Labels) -> Layout:
    """The layout of one team's workbook."""
    title = {
        name: _sentence(labels.language, f"sheets.{name}")
        for name in (
            "overview", "objectives", "key_results", "kpis", "measures", "actions", "check_ins", "members", "pace",
        )
    }  # fmt: skip
    own = tuple(i for i, one in enumerate(plan.key_results) if not is_personal(plan, one))
    others = tuple(i for i, one in enumerate(plan.key_results) if is_personal(plan, one))
    scored = tuple(i for i, one in enumerate(plan.key_results) if one.shown_score)
    inputs = {place: row for row, place in enumerate(own, OVERVIEW_FIRST)}
    inputs |= {place: row for row, place in enumerate(others, LIST_FIRST)}
    rows = {place: row for row, place in enumerate(scored, LIST_FIRST)}
    return Layout(
        plan,
        labels,
        **title,
        answers=own,
        member_answers=others,
        scored=scored,
        rows=rows,
        inputs=inputs,
        people=_people_range(title["pace"], len(people_of(plan))),
    )


def _people_range(sheet: str, count: int) -> str:
    """Where the names to choose from stand; "" for none."""
    if not count:
        return ""
    first, last = at(PEOPLE_COLUMN, 2, fixed=True), at(PEOPLE_COLUMN, 1 + count, fixed=True)
    return f"{quoted(sheet)}!{first}:{last}"


def people_of(plan: TeamPlan) -> tuple[str, ...]:
    """The team's lead and members, each once."""
    return tuple(dict.fromkeys(name for name in (plan.lead, *plan.members) if name))


def is_personal(plan: TeamPlan, one: TeamKeyResult) -> bool:
    """True for a key result of a member's own objective."""
    return one.place is not None and plan.objectives[one.place].row.level == "member"


@cache
def column(columns: tuple[str, ...], name: str) -> int:
    """The number of a named column of one of the lists above."""
    return FIRST_COLUMN + columns.index(name)


@cache
def letters(columns: tuple[str, ...], name: str) -> str:
    """The letters of a named column."""
    return column_letters(column(columns, name))
