"""The client side of xlwings Lite for tests: a workbook as the JSON it sends, and the actions that come back, done.

Run as a program, with xlwings' licence for tests (PolyForm Noncommercial), on a planner and a script's name:
prints the message the user would see and writes the cells, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import types
from datetime import date

from okr_workbook.books.file_book import FileBook
from okr_workbook.tables.grid import CellError, column_letters


def workbook_json(book: FileBook) -> dict:
    """The planner as xlwings Lite sends it."""
    sheets: dict[str, dict] = {}
    for table_id, grid in book.read().items():
        rows = [list(grid.headers), *map(list, grid.rows)]
        last = f"{column_letters(grid.left + len(grid.headers) - 1)}{grid.top + len(rows) - 1}"
        sheet = sheets.setdefault(grid.sheet, {"name": grid.sheet, "values": [], "pictures": [], "tables": []})
        for _ in range(grid.top - 1 - len(sheet["values"])):
            sheet["values"].append([""])
        sheet["values"] += [[""] * (grid.left - 1) + [cell(value) for value in row] for row in rows]
        width = max(map(len, sheet["values"]))
        sheet["values"] = [row + [""] * (width - len(row)) for row in sheet["values"]]
        sheet["tables"].append({
            "name": table_id, "range_address": f"{column_letters(grid.left)}{grid.top}:{last}", "show_headers": True,
            "show_totals": False, "table_style": "", "show_autofilter": True, "header_row_range_address": None,
            "data_body_range_address": None, "total_row_range_address": None,
        })  # fmt: skip
    return {
        "client": "Office.js", "version": "dev", "book": {"name": "plan.xlsx", "active_sheet_index": 0, "selection": "A1"},
        "names": [], "sheets": list(sheets.values()),
    }  # fmt: skip


def cell(value: object) -> object:
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00.000Z"
    return value.code if isinstance(value, CellError) else "" if value is None else value


def formulas_of(book: FileBook, sheet: str, address: str) -> list[list[str]]:
    """What the client says of a range's formulas; which formula it is does not matter here."""
    from xlwings.utils import a1_to_tuples

    (top, left), (bottom, right) = a1_to_tuples(address.replace("$", ""))
    grid = next(grid for grid in book.read().values() if (grid.sheet, grid.top, grid.left) == (sheet, top, left))
    formulas = {(row + 1, column) for row, column in grid.formulas}
    return [
        ["=1+1" if (row, column) in formulas else "" for column in range(right - left + 1)]
        for row in range(bottom - top + 1)
    ]


def serve(book: FileBook) -> None:
    """Stand in for the browser: the modules that Pyodide has, and the call that reads formulas."""

    async def range_data(sheet: str, address: str, _keys: object) -> types.SimpleNamespace:
        return types.SimpleNamespace(to_py=lambda: {"formulas": formulas_of(book, sheet, address)})

    js, ffi = types.ModuleType("js"), types.ModuleType("pyodide.ffi")
    js.xlwings = types.SimpleNamespace(getRangeData=range_data)
    ffi.to_js, ffi.JsNull = (lambda value: value), type("JsNull", (), {})
    sys.modules |= {"js": js, "pyodide": types.ModuleType("pyodide"), "pyodide.ffi": ffi}
    sys.platform = "emscripten"


def run(planner: str, script: str) -> list[dict]:
    """The actions that the script queued."""
    import xlwings

    from okr_workbook.excel import lite

    file = FileBook(planner)
    book = xlwings.Book(json={**workbook_json(file), "version": xlwings.__version__})
    loop = asyncio.new_event_loop()
    serve(file)
    loop.run_until_complete(getattr(lite, script)(book))
    return book.json()["actions"]


if __name__ == "__main__":
    json.dump(run(sys.argv[1], sys.argv[2]), sys.stdout, default=str)
