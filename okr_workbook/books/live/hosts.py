"""What Excel on Windows, Excel on macOS and LibreOffice each do in a way of their own, under one name.

`api` is what xlwings gives to ask for what it does not offer itself: COM objects, appscript references, UNO objects.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from okr_workbook.books.live.cell_errors import shown_errors
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import CellError


def host_of(book: Any) -> str:
    """windows, macos, libreoffice, or another engine's name: xlwings Lite is "remote"."""
    return _host(book.app)


def _host(app: Any) -> str:
    name = str(app.engine.name)
    if name == "excel":
        return "macos" if sys.platform == "darwin" else "windows"
    return name


# --- the workbook ---


def address_of(book: Any) -> str:
    """What tells a workbook from all others: its full name, or its address where it lives online."""
    host = host_of(book)
    if host == "macos":
        return str(book.api.full_name.get())
    return str(book.api.FullName if host == "windows" else book.fullname)


def is_read_only(book: Any) -> bool:
    """True for a workbook that was opened read-only: by choice, or because a colleague has it open."""
    host = host_of(book)
    if host == "macos":
        return bool(book.api.read_only.get())
    if host == "libreoffice":
        return bool(book.api.isReadonly())
    return bool(host == "windows" and book.api.ReadOnly)


# --- what it adds by itself ---


def keeps_formulas_apart(book: Any) -> bool:
    """False where Excel makes one formula of all that are written into a table's column, and cannot be asked not to."""
    return host_of(book) != "remote"


def fills_columns(app: Any) -> bool:
    """True where Excel makes one formula of a column's, or copies it to what is blank there: a habit of its tables."""
    host = _host(app)
    with suppress(Exception):  # each host has an error of its own for what its version does not tell
        if host == "macos":
            return bool(app.api.autocorrect_object.Automatically_fill_formulas.get())
        return bool(host == "windows" and app.api.AutoCorrect.AutoFillFormulasInLists)
    return False


def let_fill_columns(app: Any, wanted: bool) -> None:
    """Have Excel do so, or not."""
    if _host(app) == "macos":
        app.api.autocorrect_object.Automatically_fill_formulas.set(wanted)
    else:
        app.api.AutoCorrect.AutoFillFormulasInLists = wanted


# --- protected sheets ---

Protection = dict[str, bool]
"""How a sheet is protected, as its host's call to protect it takes it."""

_PERMISSIONS = {
    "AllowFormattingCells": "allow_formatting_cells",
    "AllowFormattingColumns": "allow_formatting_columns",
    "AllowFormattingRows": "allow_formatting_rows",
    "AllowInsertingColumns": "allow_inserting_columns",
    "AllowInsertingRows": "allow_inserting_rows",
    "AllowInsertingHyperlinks": "allow_inserting_hyperlinks",
    "AllowDeletingColumns": "allow_deleting_columns",
    "AllowDeletingRows": "allow_deleting_rows",
    "AllowSorting": "allow_sorting",
    "AllowFiltering": "allow_filtering",
    "AllowUsingPivotTables": "allow_using_pivot_table",
}
"""What a protected sheet may let people do: on Windows, on macOS."""

_PLANNERS_OWN = ("AllowFormattingColumns", "AllowFormattingRows", "AllowSorting", "AllowFiltering")
"""What those that the planner protects let people do."""


def is_protected(sheet: Any) -> bool:
    """True for a protected sheet; False where the host cannot tell."""
    host = host_of(sheet.book)
    if host == "libreoffice":
        return bool(sheet.api.isProtected())
    if host == "macos":
        return bool(sheet.api.protect_contents.get())
    return bool(host == "windows" and sheet.api.ProtectContents)


def protection_of(sheet: Any) -> Protection:
    """How a protected sheet is protected; as the planner protects its own, where Excel does not say."""
    host, api = host_of(sheet.book), sheet.api
    if host == "libreoffice":  # it keeps that by itself
        return {}
    with suppress(Exception):  # each host has an error of its own for what its version does not tell
        if host == "macos":
            allowed = {name: bool(getattr(api.protection_object, name).get()) for name in _PERMISSIONS.values()}
            shapes, scenarios = api.protect_drawing_objects.get(), api.protect_scenarios.get()
            return {**allowed, "drawing_objects": bool(shapes), "scenarios": bool(scenarios)}
        allowed = {name: bool(getattr(api.Protection, name)) for name in _PERMISSIONS}
        shapes, scenarios = api.ProtectDrawingObjects, api.ProtectScenarios
        return {**allowed, "DrawingObjects": bool(shapes), "Scenarios": bool(scenarios)}
    return {_PERMISSIONS[name] if host == "macos" else name: True for name in _PLANNERS_OWN}


def unprotect(sheet: Any) -> None:
    """Open a sheet that has no password; the host's own error where it has one."""
    host = host_of(sheet.book)
    if host == "libreoffice":
        sheet.api.unprotect("")
    elif host == "macos":
        sheet.api.unprotect(password="")
    else:
        sheet.api.Unprotect(Password="")  # given, so that Excel does not ask for it


def protect(sheet: Any, protection: Protection) -> None:
    """Protect a sheet as it was, without a password."""
    host = host_of(sheet.book)
    if host == "libreoffice":
        sheet.api.protect("")
    elif host == "macos":
        sheet.api.protect_worksheet(**protection)
    else:
        sheet.api.Protect(**protection)


# --- cells ---


_HIDES_ROWS = "okr_hides_rows"


def note_hidden_rows(sheet: Any, hides: bool) -> None:
    """Keep, for `hides_rows`, what a script of xlwings Lite has learnt of a sheet: beside what the client sent of it."""
    sheet.api[_HIDES_ROWS] = hides


def hides_rows(sheet: Any) -> bool:
    """True where rows of a sheet are hidden, by a filter most likely, or may be."""
    if host_of(sheet.book) == "remote":  # it does not tell at once, and only tables have filters
        return bool(sheet.api.get(_HIDES_ROWS, len(sheet.tables) > 0))
    if host_of(sheet.book) == "macos":
        return _may_hide(sheet, sheet.api.used_range.entire_row.rows.hidden.get)
    return _may_hide(sheet, lambda: sheet.api.UsedRange.EntireRow.Hidden)


def hides_columns(area: Any) -> bool:
    """True where some of a range's columns are hidden, or may be."""
    if host_of(area.sheet.book) == "macos":
        return _may_hide(area.sheet, area.api.entire_column.columns.hidden.get)
    return _may_hide(area.sheet, lambda: area.api.EntireColumn.Hidden)


def _may_hide(sheet: Any, hidden: Callable[[], Any]) -> bool:
    """`hidden` asks Excel, which answers with yes, no, neither for some, on macOS also with one answer for each."""
    host = host_of(sheet.book)
    if host == "remote":  # it does not tell at once
        return True
    if host == "libreoffice":
        return False
    try:
        answer = hidden()
    except Exception:  # noqa: BLE001  (each host has its own; where it does not tell, care does no harm)
        return True
    return any(one is not False for one in (answer if isinstance(answer, list) else [answer]))


def clear_notes(area: Any) -> None:
    """Remove the notes and comments that Excel copies along with cells; LibreOffice does not copy them."""
    host = host_of(area.sheet.book)
    if host == "windows":
        area.api.ClearComments()
    elif host == "macos":
        with suppress(Exception):  # a note too many is no reason to write nothing
            area.api.clear_Excel_comments()


def contents_of(area: Any) -> Sequence[Sequence[Any]]:
    """What stands in a range's cells, formulas as formulas; their values where the host gives no formulas at once."""
    if host_of(area.sheet.book) == "remote":
        return cells_of(area)
    return _as_rows(area.formula, area.shape[0])


def cells_of(area: Any) -> Sequence[Sequence[Any]]:
    """All cells of a range in one call, as rows. OkrError for a row that Excel for the Mac does not give in full."""
    if host_of(area.sheet.book) == "macos":
        return _cells_on_macos(area)
    return area.options(ndim=2, err_to_str=True).value  # type: ignore[no-any-return]


def _cells_on_macos(area: Any) -> list[list[Any]]:
    """The cells, with errors where their texts show some.

    An error has no value there: it comes as nothing, or is left out of its row, which is then too short.
    So what the cells show is asked for as well. xlwings would do that, but up to 0.37 only for a single row.
    """
    height, width = area.shape
    values, texts = area.options(ndim=2).value or [[]], _as_rows(area.api.string_value.get(), height)
    if len(values) != height or len(texts) != height:
        raise OkrError("row_not_given", sheet=area.sheet.name, row=area.row)
    rows = []
    for index, (row, shown) in enumerate(zip(values, texts, strict=True)):
        whole = _whole_row(row, shown) if len(shown) == width else None
        if whole is None:
            raise OkrError("row_not_given", sheet=area.sheet.name, row=area.row + index)
        rows.append(whole)
    return rows


def _as_rows(given: Any, height: int) -> Sequence[Any]:
    """What Excel gives for a cell, a row or more, as rows."""
    if not isinstance(given, (list, tuple)):
        return [[given]]
    return [given] if height == 1 and not (given and isinstance(given[0], (list, tuple))) else given


def _whole_row(values: Sequence[Any], shown: Sequence[object]) -> list[Any] | None:
    """A row's cells, with an error wherever one is shown; None where values are missing and it cannot be told which."""
    texts = [str(text) for text in shown]
    if len(values) == len(texts):
        pairs = zip(values, texts, strict=True)
        return [_error(text) if value is None and text.startswith("#") else value for value, text in pairs]
    missing = len(texts) - len(values)
    # by their names in the languages spoken here, else whatever begins as errors do in any language
    for is_error in (shown_errors().__contains__, lambda text: text.startswith("#")):
        places = [place for place, text in enumerate(texts) if is_error(text)]
        if len(places) == missing:
            row = list(values)
            for place in places:
                row.insert(place, _error(texts[place]))
            return row
    return None


def _error(text: str) -> CellError:
    return shown_errors().get(text) or CellError(text)
