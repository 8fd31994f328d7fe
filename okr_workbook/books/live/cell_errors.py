"""Error values of cells as programs hand them over: in a language of their own, or as a number."""

from __future__ import annotations

from functools import cache

from okr_workbook.labels import LANGUAGES, labels_for
from okr_workbook.tables.grid import CellError

_ENGLISH = (
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!",
    "#CONNECT!", "#BLOCKED!", "#UNKNOWN!", "#FIELD!", "#BUSY!", "#PYTHON!",
)  # fmt: skip
FIRST_CODE, LAST_CODE = -2146826288, -2146826000
"""Excel's errors by COM: 0x800A0000 and a number from 2000 on (XlCVError). xlwings knows the seven oldest of them."""

_BASE = FIRST_CODE - 2000
_CODES = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip


@cache
def shown_errors() -> dict[str, CellError]:
    """What an error shows, in an Excel of any language of the planner, and the error."""
    return {name: CellError(name) for name in _ENGLISH} | {
        shown: CellError(name) for one in LANGUAGES for shown, name in labels_for(one).habit("errors").items()
    }


def error_of(cell: object) -> CellError | None:
    """The error that a cell holds, from what xlwings read of it; None where it holds none.

    >>> error_of("#VALEUR!"), error_of(-2146826243), error_of(12.5)
    (CellError(code='#VALUE!'), CellError(code='#SPILL!'), None)
    """
    if isinstance(cell, str):
        return shown_errors().get(cell)
    if isinstance(cell, int) and FIRST_CODE <= cell <= LAST_CODE:
        return CellError(_CODES.get(cell - _BASE, "#UNKNOWN!"))
    return None
