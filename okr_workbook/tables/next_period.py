"""The next period in a planner's tables: what the last one held goes, but for the rows that are taken along.

Rows taken along move up to the top of their table. A formula stays where it fills a column of the user's own, and in a row
taken along that stays where it is; elsewhere its value is taken along, for its cell would speak of another row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from okr_workbook.domain.carry_over import CarryOver, Taken
from okr_workbook.domain.periods import first_day, month_number, period_bounds
from okr_workbook.labels import Labels
from okr_workbook.tables.cell_changes import Cells, merged, put
from okr_workbook.tables.columns import Columns, month_header
from okr_workbook.tables.grid import Changes, Grid, TableChange, Value
from okr_workbook.tables.parsing import Parsed
from okr_workbook.tables.schema import table
from okr_workbook.tables.setting_rows import settings_change

_OF_ONE_PERIOD = ("objectives", "key_results", "actions", "check_ins", "history", "problems", "conflicts")
_BEGIN_ANEW = frozenset(("start", "end", "due", "override", "override_reason"))
"""Fields that may hold another value than before in a row that is taken along, and so no formula."""


def next_period_changes(
    grids: Mapping[str, Grid], parsed: Parsed, period: str, carried: CarryOver, labels: Labels
) -> Changes:
    """A planner made ready for a period (see `period_bounds`), in one go; `grids` have the table `settings`.

    Computed fields are left for a refresh to write, and those of emptied rows are blank.
    """
    settings: dict[str, Value] = {"period": period, "period_start": None, "period_end": None, "as_of": None}
    taken = carried._asdict()
    changes = [
        settings_change(grids["settings"], parsed.columns["settings"], settings, labels),
        *(_renewed(grids[name], parsed.columns[name], taken.get(name, ())) for name in _OF_ONE_PERIOD if name in grids),
    ]
    bounds = period_bounds(period)
    if bounds is not None and "measures" in grids:
        months = _new_months(parsed.columns["measures"], *map(month_number, bounds))
        changes.append(TableChange("measures", {}, new_headers=months))
    return Changes(merged(changes))


def _renewed(grid: Grid, columns: Columns, taken: Sequence[Taken]) -> TableChange:
    """The rows taken along, from the top, one blank row where there are none, and nothing below them."""
    fields = {place: field_id for field_id, place in columns.fields.items()}
    count = max(1, len(taken))
    cells: Cells = {}
    for index in range(max(count, len(grid.rows))):
        row = taken[index] if index < len(taken) else None
        for column in range(len(grid.headers)):
            field, holds_formula = fields.get(column), (index, column) in grid.formulas
            if holds_formula and index < count and _formula_stays(grid, index, row, field):
                continue
            value = None if row is None else _value(grid, row, column, field)
            if holds_formula:
                cells[index, column] = value
            else:
                put(cells, grid, index, column, value)
    return TableChange(grid.table, cells, row_count=count, begins_anew=True)


def _formula_stays(grid: Grid, index: int, row: Taken | None, field: str | None) -> bool:
    """True in a column of the user's own, and for what a row holds that stays at its place."""
    if field is None:
        return True
    stands = row is not None and row.row_number == index + 1
    return stands and field not in _BEGIN_ANEW and not table(grid.table).field(field).computed


def _value(grid: Grid, row: Taken, column: int, field: str | None) -> Value:
    """What a cell of a row that is taken along holds from now on."""
    if field is not None and table(grid.table).field(field).computed:
        return None
    if field is not None and field in row.anew:
        return row.anew[field]
    cells = grid.rows[row.row_number - 1]
    return cells[column] if column < len(cells) else None


def _new_months(columns: Columns, first: int, last: int) -> tuple[str, ...]:
    """Headers for the months from `first` to `last` that lie after the last one there is."""
    known = max(map(month_number, columns.months), default=first - 1)
    return tuple(month_header(first_day(month)) for month in range(max(first, known + 1), last + 1))
