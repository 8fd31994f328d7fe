"""The KPI library: shown, searched, and put into a planner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from okr_workbook.actions.reading import read_whole_planner
from okr_workbook.books.memory_book import MemoryBook
from okr_workbook.errors import UsageError
from okr_workbook.labels import Labels, labels_for
from okr_workbook.records import NamedTuple
from okr_workbook.tables.blocks import PICK_KPI
from okr_workbook.tables.grid import BlockChange, Book, Changes, Grid
from okr_workbook.tables.kpi_library_rows import Added, added_changes, from_library
from okr_workbook.tables.parsing import Parsed, parse_planner


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


class Pick(NamedTuple):
    """A KPI of the library that was picked on the sheet, or a text there that is none (`added.unknown`).

    `grids` and `parsed`: the planner with it, once `changes` are written.
    """

    added: Added
    changes: Changes
    grids: dict[str, Grid]
    parsed: Parsed


def picked_kpi(picked: str, grids: dict[str, Grid], parsed: Parsed) -> Pick:
    """What the text in the cell over the table of KPIs adds to a planner. A text that is no KPI stays in its cell."""
    labels = labels_for(parsed.planner.settings.language)
    added = from_library(parsed.planner, [picked], labels)
    if added.unknown:
        return Pick(added, Changes(), grids, parsed)
    changes = Changes(added_changes(grids, parsed.columns, added, labels), (BlockChange(PICK_KPI.name, [[None]]),))
    with_it = MemoryBook(grids)
    with_it.write(changes, command="kpis")
    after = with_it.read()
    return Pick(added, changes, after, parse_planner(after))


def added_lines(added: Added, labels: Labels) -> Iterable[str]:
    """What was added, what was there already, and which measures are to be filled in."""
    for row in added.kpis:
        yield labels.text("messages", "kpis.added", kpi=row.id, name=row.kpi)
    for known in added.known:
        yield labels.text("messages", "kpis.known", kpi=known)
    for unknown in added.unknown:
        yield labels.text("messages", "kpis.not_one", picked=unknown)
    if added.measures:
        yield labels.text("messages", "kpis.fill_in", measures=", ".join(row.measure for row in added.measures))
