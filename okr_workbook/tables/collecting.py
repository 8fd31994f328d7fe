"""A plan of merging to changes of the planner's tables, and the table `conflicts` read and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from okr_workbook.domain.merging.plan import AnsweredCell, Conflict, MergePlan
from okr_workbook.domain.merging.sameness import Cell
from okr_workbook.domain.planner import Action, CheckIn, key_of
from okr_workbook.labels import LANGUAGES, Labels, folded, labels_for
from okr_workbook.tables.cell_changes import Cells, append_rows, merged, put
from okr_workbook.tables.cell_values import as_text, choice_of, read_cell
from okr_workbook.tables.columns import Columns, columns_of
from okr_workbook.tables.grid import Changes, Formula, Grid, TableChange, Value
from okr_workbook.tables.schema import MONTH, TABLES, table
from okr_workbook.tables.units import in_unit


class ListedConflict(NamedTuple):
    """A row of the table `conflicts`: its place in the table, from 0, its id and state, and what it is about."""

    place: int
    id: str
    state: str
    conflict: Conflict


def render_merge(
    grids: Mapping[str, Grid],
    columns: Mapping[str, Columns],
    plan: MergePlan,
    listed: Sequence[ListedConflict],
    labels: Labels,
    found_on: date,
) -> Changes:
    """The changes that write a plan: cells, check-ins, actions, conflicts."""
    changes = [
        *change_cells(grids, columns, plan.cells, labels),
        *append_check_ins(grids, columns, plan.check_ins),
        *_append_actions(grids, columns, plan.actions, labels),
    ]
    if plan.conflicts and "conflicts" in grids:
        rows = conflict_rows(plan.conflicts, listed, labels, grids, columns, found_on)
        changes.append(append_rows(grids["conflicts"], columns["conflicts"], rows))
    return Changes(tables=merged(changes))


def change_cells(
    grids: Mapping[str, Grid], columns: Mapping[str, Columns], cells: Iterable[AnsweredCell], labels: Labels
) -> list[TableChange]:
    """Cells of known rows that take a new value. A month without a column gets one, at the right of its table."""
    by_table: dict[str, list[AnsweredCell]] = {}
    for change in cells:
        if change.table in grids:
            by_table.setdefault(change.table, []).append(change)
    return [_change_table(grids[name], columns[name].places, changes, labels) for name, changes in by_table.items()]


def _change_table(
    grid: Grid, places: Mapping[str, int], changes: Sequence[AnsweredCell], labels: Labels
) -> TableChange:
    of = table(grid.table)
    known = [(index, one) for one in changes if (index := row_of(grid, places, one.row)) is not None]
    new = sorted({one.field for _, one in known if one.field not in places and of.field(one.field) is MONTH})
    at = {**places, **{month: place for place, month in enumerate(new, len(grid.headers))}}
    found: Cells = {}
    for index, one in known:
        if one.field in at:
            put(found, grid, index, at[one.field], shown_value(of.id, one.field, one.value, labels))
    return TableChange(of.id, found, new_headers=tuple(new))


def append_check_ins(
    grids: Mapping[str, Grid], columns: Mapping[str, Columns], check_ins: Sequence[CheckIn]
) -> list[TableChange]:
    """New check-ins under the others."""
    if not check_ins or "check_ins" not in grids:
        return []
    fields = [field.id for field in table("check_ins").fields]
    rows = [{field: getattr(one, field) for field in fields} for one in check_ins]
    return [append_rows(grids["check_ins"], columns["check_ins"], rows)]


def _append_actions(
    grids: Mapping[str, Grid], columns: Mapping[str, Columns], actions: Sequence[Action], labels: Labels
) -> list[TableChange]:
    if not actions or "actions" not in grids:
        return []
    fields = [field.id for field in table("actions").fields]
    rows = [{field: shown_value("actions", field, getattr(one, field), labels) for field in fields} for one in actions]
    return [append_rows(grids["actions"], columns["actions"], rows)]


def row_of(grid: Grid, places: Mapping[str, int], row_id: str) -> int | None:
    """The index of the first row of that id; None where there is none."""
    id_column = places.get(table(grid.table).id_field)
    if id_column is None:
        return None
    wanted = key_of(row_id)
    for index, row in enumerate(grid.rows):
        if id_column < len(row) and row[id_column] is not None and key_of(as_text(row[id_column])) == wanted:
            return index
    return None


def shown_value(table_id: str, field_id: str, value: Cell, labels: Labels) -> Value:
    """A value as it stands in a cell: choices in words."""
    field = table(table_id).field(field_id)
    if field.type == "choice" and isinstance(value, str) and value:
        return labels.choice(value, field_id)
    return value or None if isinstance(value, str) else value


# --- conflicts ------------------------------------------------------------------------------------


def conflict_rows(
    conflicts: Iterable[Conflict],
    listed: Sequence[ListedConflict],
    labels: Labels,
    grids: Mapping[str, Grid],
    columns: Mapping[str, Columns],
    found_on: date,
) -> list[dict[str, Value]]:
    """Rows of the table `conflicts`, each with a free id: C1, C2, ..."""
    taken = {key_of(one.id) for one in listed}
    free = (f"C{number}" for number in range(1, len(taken) + 1_000_000) if key_of(f"C{number}") not in taken)
    return [
        {
            "id": conflict_id,
            "date": found_on,
            "table": labels.table(one.table),
            "row": one.row,
            "field": labels.field(one.table, one.field),
            "cell": _link(one, grids, columns),
            "ours": _shown_side(one, one.ours, labels),
            "ours_by": one.ours_by or None,
            "ours_on": one.ours_on,
            "theirs": _shown_side(one, one.theirs, labels),
            "theirs_by": one.theirs_by or None,
            "theirs_on": one.theirs_on,
            "team": one.team,
            "state": labels.choice("open", "state"),
        }
        for conflict_id, one in zip(free, conflicts, strict=False)
    ]


def _shown_side(conflict: Conflict, value: Cell, labels: Labels) -> Value:
    """One side of a conflict. The column holds values of every kind and has no format for days: they are text there."""
    return value.isoformat() if isinstance(value, date) else shown_value(conflict.table, conflict.field, value, labels)


def _link(conflict: Conflict, grids: Mapping[str, Grid], columns: Mapping[str, Columns]) -> Value:
    """A link to our cell; None where it is gone."""
    cell = cell_of(conflict, grids, columns)
    target = cell.replace('"', '""')
    return Formula(f'HYPERLINK("#{target}","{target}")', cell) if cell else None


def cell_of(conflict: Conflict, grids: Mapping[str, Grid], columns: Mapping[str, Columns]) -> str:
    """Our cell as people write it, 'Key results'!N12; "" where the planner has it no more."""
    if conflict.table not in grids:
        return ""
    grid, at = grids[conflict.table], columns[conflict.table].places
    index = row_of(grid, at, conflict.row)
    if index is None or conflict.field not in at:
        return ""
    return grid.named(grid.address(index, at[conflict.field]))


def side_in_words(conflict: Conflict, value: Cell, unit: str, labels: Labels) -> str:
    """What one side of a conflict says, in the unit of its row; a dash where it says nothing."""
    field = table(conflict.table).field(conflict.field)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return in_unit(value, unit, labels) if field.type in ("number", "reading") else labels.number(value)
    shown = shown_value(conflict.table, conflict.field, value, labels)
    return "–" if shown is None else labels.show(shown)


def read_conflicts(grid: Grid | None, columns: Columns | None, language: str) -> list[ListedConflict]:
    """The rows of the table `conflicts`; none where the planner has no such table."""
    if grid is None or columns is None:
        return []
    found = []
    for index, row in enumerate(grid.rows):
        cells = {field: row[at] if at < len(row) else None for field, at in columns.fields.items()}
        conflict_id, about = as_text(cells.get("id")), _table_id(as_text(cells.get("table")))
        if conflict_id and about:
            found.append(_listed(index, conflict_id, about, cells, language))
    return found


def _listed(index: int, conflict_id: str, about: str, cells: Mapping[str, Value], language: str) -> ListedConflict:
    field_id = _field_id(about, as_text(cells.get("field")))
    field = table(about).field(field_id) if field_id else table("conflicts").field("ours")
    known: dict[str, Any] = {}
    for side in ("ours", "theirs"):
        known[side] = read_cell(cells.get(side), field, language, yes_no=True)[0]
        known[f"{side}_by"] = as_text(cells.get(f"{side}_by"))
        on = read_cell(cells.get(f"{side}_on"), table("conflicts").field(f"{side}_on"), language)[0]
        known[f"{side}_on"] = on if isinstance(on, date) else None
    state = choice_of(as_text(cells.get("state")), table("conflicts").field("state")) or "open"
    row, team = as_text(cells.get("row")), as_text(cells.get("team"))
    conflict = Conflict(table=about, row=row, field=field_id, team=team, **known)
    return ListedConflict(index, conflict_id, state, conflict)


def _table_id(words: str) -> str:
    wanted = folded(words)
    for one in TABLES:
        if wanted in {one.id, *(folded(labels_for(language).table(one.id)) for language in LANGUAGES)}:
            return one.id
    return ""


def _field_id(table_id: str, words: str) -> str:
    return next(iter(columns_of(table_id, [words]).places), "")
