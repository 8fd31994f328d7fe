"""The planner in a book, for every action that needs one."""

from __future__ import annotations

from datetime import date

from okr_workbook.books.team_names import STAMP_NAME
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.readings import typed_check_ins, with_typed
from okr_workbook.domain.results import Scores
from okr_workbook.domain.scoring import score_planner
from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.tables.grid import Book, Grid
from okr_workbook.tables.parsing import Parsed, parse_planner
from okr_workbook.tables.schema import INPUT_TABLES


def read_planner(book: Book) -> tuple[dict[str, Grid], Parsed]:
    """The tables of a book and the planner in them; FileRefusedError where it holds none, or is a team's workbook."""
    grids = book.read()
    if book.read_block(STAMP_NAME) is not None:  # it has a planner's tables, filled in for the team alone
        raise FileRefusedError("is_team_book", file=book.name)
    if not {"objectives", "key_results"} & grids.keys():
        raise FileRefusedError("not_a_planner", file=book.name)
    return grids, parse_planner(grids)


def read_whole_planner(book: Book) -> tuple[dict[str, Grid], Parsed]:
    """The same, for who writes what follows from it. OkrError where an input table is gone or has another name.

    It would read as empty: scores of nothing would be written, and stay in the history for good.
    """
    grids, parsed = read_planner(book)
    missing = [table_id for table_id in INPUT_TABLES if table_id not in grids]
    if missing:
        raise OkrError("table_missing", table=", ".join(missing))
    return grids, parsed


def scored(planner: Planner, as_of: date) -> tuple[Planner, Scores]:
    """The planner, what was typed since the last refresh counted as that day's check-ins, and its scores."""
    planner = with_typed(planner, typed_check_ins(planner, as_of))
    return planner, score_planner(planner, as_of)
