"""Settings into cells: each in its row, wherever that stands; those that stand in no row in new ones below."""

from __future__ import annotations

from collections.abc import Mapping

from okr_workbook.labels import Labels
from okr_workbook.tables.cell_changes import Cells, used_rows
from okr_workbook.tables.cell_values import as_text
from okr_workbook.tables.columns import Columns
from okr_workbook.tables.grid import Grid, TableChange, Value
from okr_workbook.tables.parsing import setting_of


def settings_change(grid: Grid, columns: Columns, values: Mapping[str, Value], labels: Labels) -> TableChange:
    """The values of some settings, by id, whatever stands there now; None empties one. Other rows stay as they are."""
    name_at, value_at = columns.fields["name"], columns.fields["value"]
    cells: Cells = {}
    absent = {name: value for name, value in values.items() if value is not None}
    for index, row in enumerate(grid.rows):
        setting = setting_of(as_text(row[name_at]))
        if setting is not None and setting.id in values:
            cells[index, value_at] = values[setting.id]
            absent.pop(setting.id, None)
    for index, (name, value) in enumerate(absent.items(), used_rows(grid)):
        cells |= {(index, name_at): labels.setting(name), (index, value_at): value}
    return TableChange("settings", cells, begins_anew=True)
