"""The planner in a book, for every action that needs one."""

from __future__ import annotations

from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import Book, Grid
from okr_workbook.tables.parsing import Parsed, parse_planner


def read_planner(book: Book) -> tuple[dict[str, Grid], Parsed]:
    """The tables of a book and the planner in them; FileRefusedError where it holds none."""
    grids = book.read()
    if not {"objectives", "key_results"} & grids.keys():
        raise FileRefusedError("not_a_planner", file=book.name)
    return grids, parse_planner(grids)
