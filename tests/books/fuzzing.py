"""What must hold for any book whatever: it is read or refused, and a book that is read can be written; nothing else."""

from __future__ import annotations

from pyexpat import ExpatError, ParserCreate

from okr_workbook.books import gate
from okr_workbook.books.parts.cell_values import style_and_kind
from okr_workbook.books.workbook import Workbook
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import BlockChange, Changes, TableChange, column_number
from tests.books.mutations import mutated
from tests.books.workbooks import planner

SEEDS = 300

Found = dict[tuple[int, int], tuple[str, str]]
"""The style and the type of each cell, by row and column."""


def books() -> list[bytes]:
    """The sound books that are broken."""
    return [planner(rich=True), planner()]


def outcome(content: bytes) -> str:
    """How a book fared: the code of its refusal, or `read`. Any other exception is a fault of ours."""
    try:
        book = gate.admitted(content, limits=gate.RETURNED, allow_macros=False)
        grids = book.grids
        book.block("okr_alerts")
        assert all(_seen(book, part) for part in {table.sheet.part for table in book.tables.values()})
        changes = Changes(
            tuple(TableChange(table, {(len(grid.rows), 0): "x", (0, 0): 5}) for table, grid in grids.items()),
            (BlockChange("okr_alerts", [["a", 1]]),),
        )
        after = book.changed(changes)
        if after.content != content:
            again = Workbook(after.content)
            assert again.holds(after.parts, book)
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


def _seen(book: Workbook, part: str) -> bool:
    """True where our reader finds the cells that a namespace-aware reader of the whole part finds."""
    sheet = book.sheet(part)
    ours = {(row, column): style_and_kind(match[3]) for row in sheet.rows for column, match in sheet.cells(row).items()}
    try:
        return ours == _witnessed(sheet.content)
    except ExpatError:
        return True  # a prefix without a namespace: no spreadsheet program opens it, and we lose nothing of it


def _witnessed(content: bytes) -> Found:
    found: Found = {}
    path: list[str] = []
    place = [0, 0]

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name.rpartition(" ")[2])
        if path == ["worksheet", "sheetData", "row"]:
            place[:] = int(attributes.get("r", place[0] + 1)), 0
        elif path == ["worksheet", "sheetData", "row", "c"]:
            letters = attributes.get("r", "").rstrip("0123456789").upper()
            place[1] = column_number(letters) if letters else place[1] + 1
            found[place[0], place[1]] = attributes.get("s", ""), attributes.get("t", "")

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.Parse(content, True)
    return found
