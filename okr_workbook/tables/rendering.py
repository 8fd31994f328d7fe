"""Scores to cells: the computed fields, the check-ins that were typed, the history and the problems, as changes to a book.

Only what differs from what stands there is a change, so a second refresh of the same planner changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence

from okr_workbook.domain.planner import CheckIn, Planner
from okr_workbook.domain.problems import Problem
from okr_workbook.domain.readings import currents_after
from okr_workbook.domain.results import KpiResult, Scores
from okr_workbook.labels import Labels
from okr_workbook.records import NamedTuple
from okr_workbook.tables.cell_changes import Cells, append_rows, merged, put_row
from okr_workbook.tables.columns import Columns
from okr_workbook.tables.grid import Changes, Grid, TableChange, Value
from okr_workbook.tables.history_rows import history_change
from okr_workbook.tables.parsing import BY_FORMULA, Parsed
from okr_workbook.tables.problem_rows import ShownProblem, problems_change
from okr_workbook.tables.schema import table


class Refreshed(NamedTuple):
    """What a refresh has to show: the planner with the check-ins that were typed, its scores, all problems."""

    planner: Planner
    typed: tuple[CheckIn, ...]
    scores: Scores
    problems: tuple[Problem, ...]
    live: bool  # False: another day than today is looked at, which leaves `current` alone
    keeps_history: bool = True


def render_refresh(
    grids: Mapping[str, Grid],
    parsed: Parsed,
    refreshed: Refreshed,
    shown: Sequence[ShownProblem],
    labels: Labels,
) -> Changes:
    """The changes that bring the tables of a book up to date."""
    changes: list[TableChange] = []
    for table_id, rows in _computed_rows(refreshed, labels):
        if table_id in grids:
            change = _computed_change(grids[table_id], parsed.columns[table_id], rows)
            changes.append(change)
    if refreshed.live:
        changes += _record_typed(grids, parsed, refreshed, labels)
    if "history" in grids and refreshed.keeps_history:
        changes.append(
            history_change(grids["history"], parsed.columns["history"], refreshed.planner, refreshed.scores, labels)
        )
    if "problems" in grids:
        changes.append(problems_change(grids["problems"], parsed.columns["problems"], shown, labels))
    return Changes(tables=merged(changes))


# --- computed fields ------------------------------------------------------------------------------

ComputedRow = tuple[int, dict[str, Value]]


def _computed_rows(refreshed: Refreshed, labels: Labels) -> Iterable[tuple[str, list[ComputedRow]]]:
    planner, scores = refreshed.planner, refreshed.scores
    status = labels.status
    yield (
        "teams",
        [
            (row.row_number, {"score": got.score, "status": status(got.status)})
            for row, got in zip(planner.teams, scores.teams, strict=True)
        ],
    )
    yield (
        "members",
        [(row.row_number, {"score": got.score}) for row, got in zip(planner.members, scores.members, strict=True)],
    )
    yield (
        "objectives",
        [
            (
                row.row_number,
                {"score": got.score, "expected": got.expected, "status": status(got.status), "forecast": got.forecast},
            )
            for row, got in zip(planner.objectives, scores.objectives, strict=True)
        ],
    )
    yield (
        "key_results",
        [
            (
                row.row_number,
                {
                    "value": got.value,
                    "progress": got.progress,
                    "score": got.score,
                    "expected": got.expected,
                    "gap": got.gap,
                    "status": status(got.status),
                    "forecast": got.forecast.score,
                    "needed_per_week": got.needed_per_week,
                    "updated_on": got.updated_on,
                },
            )
            for row, got in zip(planner.key_results, scores.key_results, strict=True)
        ],
    )
    yield (
        "kpis",
        [(row.row_number, _kpi_cells(got, labels)) for row, got in zip(planner.kpis, scores.kpis, strict=True)],
    )


def _kpi_cells(got: KpiResult, labels: Labels) -> dict[str, Value]:
    return {
        "value": got.value,
        "period": labels.period(got.period) if got.period else None,
        "previous": got.previous,
        "change": got.change,
        "attainment": got.attainment,
        "status": labels.status(got.status),
        "bad_periods": got.bad_periods if got.value is not None else None,
        "quality": labels.choice(got.quality),
    }


def _computed_change(grid: Grid, columns: Columns, rows: Sequence[ComputedRow]) -> TableChange:
    """The computed cells of some rows; in every other row (blank, or emptied since) they are emptied."""
    cells: Cells = {}
    places = [
        (field.id, columns.fields[field.id])
        for field in table(grid.table).fields
        if field.computed and field.id in columns.fields
    ]
    by_row = dict(rows)
    for index in range(len(grid.rows)):
        values = by_row.get(index + 1, {})
        put_row(cells, grid, index, [(place, values.get(field_id)) for field_id, place in places])
    return TableChange(grid.table, cells)


# --- what was typed -------------------------------------------------------------------------------


def _record_typed(grids: Mapping[str, Grid], parsed: Parsed, refreshed: Refreshed, labels: Labels) -> list[TableChange]:
    """The typed values as check-ins, and the value in force in every `current` that holds another."""
    changes = []
    if refreshed.typed and "check_ins" in grids:
        rows = [_check_in_cells(one, labels) for one in refreshed.typed]
        changes.append(append_rows(grids["check_ins"], parsed.columns["check_ins"], rows))
    place = parsed.columns["key_results"].fields.get("current") if "key_results" in grids else None
    if place is not None:
        changes.append(TableChange("key_results", _current_cells(refreshed, place)))
    return changes


def _check_in_cells(one: CheckIn, labels: Labels) -> dict[str, Value]:
    comment = labels.text("tables", BY_FORMULA) if one.by_formula else None
    return {"date": one.date, "key_result": one.key_result, "value": one.value, "comment": comment}


def _current_cells(refreshed: Refreshed, place: int) -> Cells:
    """`current` where it holds another value than the one in force. A formula there stays: it is the user's."""
    after = currents_after(refreshed.planner, refreshed.scores.as_of, refreshed.scores.kpis)
    return {
        (row.row_number - 1, place): value
        for row, value in zip(refreshed.planner.key_results, after, strict=True)
        if row.current != value
    }
