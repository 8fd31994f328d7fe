"""What must hold for any book whatever: it is read or refused, and a book that is read can be written; nothing else."""

from __future__ import annotations

from okr_workbook.books import gate
from okr_workbook.books.workbook import Workbook
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import BlockChange, Changes, TableChange
from tests.books.mutations import mutated
from tests.books.workbooks import planner

SEEDS = 300


def books() -> list[bytes]:
    """The sound books that are broken."""
    return [planner(rich=True), planner()]


def outcome(content: bytes) -> str:
    """How a book fared: the code of its refusal, or `read`. Any other exception is a fault of ours."""
    try:
        book = gate.admitted(content, limits=gate.RETURNED, allow_macros=False)
        grids = book.grids
        book.block("okr_alerts")
        changes = Changes(
            tuple(TableChange(table, {(len(grid.rows), 0): "x", (0, 0): 5}) for table, grid in grids.items()),
            (BlockChange("okr_alerts", [["a", 1]]),),
        )
        after = book.changed(changes)
        if after.content != content:
            again = Workbook(after.content)
            assert again.holds(after.cells)
            assert again.changed(changes).content == after.content
    except OkrError as error:
        return error.code
    return "read"


def outcomes(seeds: range) -> dict[str, int]:
    """How many books fared how."""
    sound = books()
    found: dict[str, int] = {}
    for seed in seeds:
        try:
            code = outcome(mutated(sound[seed % len(sound)], seed))
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        found[code] = found.get(code, 0) + 1
    return found
