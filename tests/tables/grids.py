"""Grids written the way a test reads best: a table id, its header words, its rows."""

from __future__ import annotations

from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import Grid
from okr_workbook.tables.schema import table


def a_grid(table_id, *rows, headers=None, language="en", formulas=(), top=4, left=1):
    """A table with all its columns (or only `headers`, given as ids or words); rows are dicts by field id, or lists."""
    fields = [field.id for field in table(table_id).fields] if headers is None else list(headers)
    labels = labels_for(language)
    shown = tuple(labels.field(table_id, one) if table(table_id).has(one) else one for one in fields)
    body = [[row.get(one) for one in fields] if isinstance(row, dict) else list(row) for row in rows]
    return Grid(table_id, shown, body, frozenset(formulas), labels.table(table_id), top, left)


def settings_grid(**values):
    return a_grid("settings", *([name, value] for name, value in values.items()), headers=["name", "value"])


def grids(*found):
    return {one.table: one for one in found}
