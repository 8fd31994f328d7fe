"""The table `history`: one row per thing and as-of date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from okr_workbook.domain.planner import Planner, key_of
from okr_workbook.domain.results import Scores
from okr_workbook.labels import Labels
from okr_workbook.tables.cell_changes import row_cells, whole_table
from okr_workbook.tables.cell_values import is_blank, read_cell
from okr_workbook.tables.columns import Columns
from okr_workbook.tables.grid import Grid, TableChange, Value
from okr_workbook.tables.schema import table


def history_change(grid: Grid, columns: Columns, planner: Planner, scores: Scores, labels: Labels) -> TableChange:
    """Earlier rows as they stand, and this as-of date's rows anew, by date; a row whose day nobody can read comes first."""
    as_of = scores.as_of
    date_at = columns.fields.get("date")
    if date_at is None:
        return TableChange("history", {})
    width = len(grid.headers)
    field = table("history").field("date")
    kept: list[tuple[date, list[Value]]] = []
    for row in grid.rows:
        cell = row[date_at] if date_at < len(row) else None
        day = cell if type(cell) is date else read_cell(cell, field, labels.language)[0]
        if day != as_of and not all(map(is_blank, row)):
            kept.append((day if isinstance(day, date) else date.min, list(row)))
    fresh = [(as_of, row_cells(row, columns, width)) for row in history_rows(planner, scores, labels)]
    rows = [row for _, row in sorted(kept + fresh, key=lambda pair: pair[0])]
    return whole_table(grid, rows)


def history_rows(planner: Planner, scores: Scores, labels: Labels) -> Iterable[dict[str, Value]]:
    """What the history keeps of one as-of date: company, teams, objectives, key results and KPIs with a name.

    And the members who own an objective: of the others there is never a score to keep.
    """
    day = scores.as_of

    def line(level: str, name: str, score: float | None, status: str) -> dict[str, Value]:
        return {
            "date": day,
            "level": labels.choice(level),
            "id": name,
            "score": score,
            "status": labels.choice(status),
        }

    yield line("company", planner.settings.company, scores.company.score, scores.company.status)
    seen: set[tuple[str, str]] = set()
    groups: tuple[tuple[str, Iterable[tuple[str, float | None, str]]], ...] = (
        ("team", ((one.name, one.score, one.status) for one in scores.teams)),
        ("member", ((one.name, one.score, one.status) for one in scores.members if one.counted)),
        ("objective", ((one.id, one.score, one.status) for one in scores.objectives)),
        ("key_result", ((one.id, one.score, one.status) for one in scores.key_results)),
        ("kpi", ((one.id, one.value, one.status) for one in scores.kpis)),
    )
    for level, rows in groups:
        for name, score, status in rows:
            known = (level, key_of(name))
            if name and known not in seen:
                seen.add(known)
                yield line(level, name, score, status)
