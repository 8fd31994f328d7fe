"""The KPI library: shown, searched, and put into a planner."""

from __future__ import annotations

from collections.abc import Sequence

from okr_workbook.actions.reading import read_whole_planner
from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.blocks import PICK_KPI
from okr_workbook.tables.grid import BlockChange, Book, Changes
from okr_workbook.tables.kpi_library_rows import Added, added_changes, from_library


def add_kpis(book: Book, wanted: Sequence[str]) -> tuple[Added, str]:
    """Put KPIs of the library, and the measures they lack, into a planner; what was added, and the planner's language.

    All or none: UsageError for an id the library does not have. What the planner has already stays as it is.
    """
    grids, parsed = read_whole_planner(book)
    labels = labels_for(parsed.planner.settings.language)
    added = from_library(parsed.planner, wanted, labels)
    if added.unknown:
        raise UsageError("unknown_kpi", kpi=", ".join(added.unknown))
    changes = added_changes(grids, parsed.columns, added, labels)
    if changes:
        book.write(Changes(tables=changes), command="kpis")
    return added, labels.language


def add_picked(book: Book) -> bool:
    """Put the KPI that was picked on the sheet into the planner, and empty the cell; True where there was one.

    A text that is no KPI of the library stays in its cell.
    """
    block = book.read_block(PICK_KPI.name)
    picked = block[0][0] if block and block[0] else None
    if not isinstance(picked, str) or not picked.strip():
        return False
    grids, parsed = read_whole_planner(book)
    labels = labels_for(parsed.planner.settings.language)
    added = from_library(parsed.planner, [picked], labels)
    if added.unknown:
        return False
    changes = added_changes(grids, parsed.columns, added, labels)
    book.write(Changes(tables=changes, blocks=(BlockChange(PICK_KPI.name, [[None]]),)), command="kpis")
    return True
