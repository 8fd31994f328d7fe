"""The client side of xlwings Lite for tests: a workbook as the JSON it sends, and the actions that come back, done.

Run as a program, with xlwings' licence for tests (PolyForm Noncommercial), on a planner and a script's name:
prints the actions that the script queued, and what it offered for download, as JSON.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import types
from datetime import date, datetime

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter, range_boundaries


def workbook_json(path: str) -> dict:
    """The planner as xlwings Lite sends it: all cells, and of the names only those of cells."""
    book = load_workbook(path, data_only=True)
    names = []
    for name, defined in book.defined_names.items():
        for sheet, address in defined.destinations if defined.type == "RANGE" else ():
            names.append({
                "name": name, "sheet_index": book.sheetnames.index(sheet), "address": address.replace("$", ""),
                "scope_sheet_name": None, "scope_sheet_index": None, "book_scope": True,
            })  # fmt: skip
    return {
        "client": "Office.js", "version": "dev",
        "book": {"name": "plan.xlsx", "active_sheet_index": 0, "selection": "A1", "calculation": "Automatic"},
        "names": names, "sheets": [sheet_json(sheet) for sheet in book],
    }  # fmt: skip


def sheet_json(sheet) -> dict:
    tables = [
        {
            "name": table.name, "range_address": table.ref, "show_headers": table.headerRowCount != 0,
            "show_totals": bool(table.totalsRowCount), "table_style": "", "show_autofilter": True,
            "header_row_range_address": None, "data_body_range_address": None, "total_row_range_address": None,
        }
        for table in sheet.tables.values()
    ]  # fmt: skip
    # rows from the sheet's first on, whichever the first cell with something in it is
    rows = sheet.iter_rows(min_row=1, min_col=1, max_row=sheet.max_row, max_col=sheet.max_column, values_only=True)
    return {
        "name": sheet.title,
        "values": [[cell(value) for value in row] for row in rows],
        "pictures": [],
        "tables": tables,
    }


def cell(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value.isoformat()}.000Z"
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00.000Z"
    return "" if value is None else value


def formulas_of(book: Workbook, sheet: str, address: str) -> list[list[str]]:
    """What the client says of a range's formulas."""
    left, top, right, bottom = range_boundaries(address.replace("$", ""))
    cells = book[sheet].iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right, values_only=True)
    return [["" if value is None else str(value) for value in row] for row in cells]


def hidden_rows_of(book: Workbook, sheet: str, address: str) -> bool | None:
    """What the client says of a range's rows: None where some are hidden."""
    _, top, _, bottom = range_boundaries(address.replace("$", ""))
    hidden = {bool(book[sheet].row_dimensions[row].hidden) for row in range(top, bottom + 1)}
    return hidden.pop() if len(hidden) == 1 else None


class Browser:
    """What a page of the browser offers that Lite's scripts use: files clicked for download are kept."""

    def __init__(self) -> None:
        self.downloads: dict[str, str] = {}
        self.Object = types.SimpleNamespace(fromEntries=dict)
        self.Blob = types.SimpleNamespace(new=lambda parts, _options: b"".join(parts))
        self.URL = types.SimpleNamespace(createObjectURL=lambda blob: blob, revokeObjectURL=lambda _url: None)
        self.document = types.SimpleNamespace(createElement=lambda _kind: Link(self))


class Link:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def click(self) -> None:
        self.browser.downloads[self.download] = base64.b64encode(self.href).decode()


def serve(path: str) -> Browser:
    """Stand in for the browser: the modules that Pyodide has, and the call that reads formulas and what is hidden."""

    book = load_workbook(path)

    async def range_data(sheet: str, address: str, keys: list[str]) -> types.SimpleNamespace:
        found = {"formulas": formulas_of, "row_hidden": hidden_rows_of}
        return types.SimpleNamespace(to_py=lambda: {key: found[key](book, sheet, address) for key in keys})

    js, ffi, browser = types.ModuleType("js"), types.ModuleType("pyodide.ffi"), Browser()
    js.xlwings = types.SimpleNamespace(getRangeData=range_data)
    for name in ("Object", "Blob", "URL", "document"):
        setattr(js, name, getattr(browser, name))
    ffi.to_js, ffi.JsNull = (lambda value, **_options: value), type("JsNull", (), {})
    sys.modules |= {"js": js, "pyodide": types.ModuleType("pyodide"), "pyodide.ffi": ffi}
    sys.platform = "emscripten"
    return browser


def run(planner: str, script: str) -> dict:
    """The actions that the script queued, and the files it offered, by name, in base 64."""
    import xlwings

    from okr_workbook.excel import lite

    book = xlwings.Book(json={**workbook_json(planner), "version": xlwings.__version__})
    loop = asyncio.new_event_loop()
    browser = serve(planner)
    returned = getattr(lite, script)(book)
    if asyncio.iscoroutine(returned):
        returned = loop.run_until_complete(returned)
    return {
        "actions": book.json()["actions"],
        "downloads": browser.downloads,
        "returned": returned and sorted(returned),
    }


def written(planner: str, actions: list[dict]) -> dict[tuple[str, str], object]:
    """What the actions put into which cell, by sheet and address."""
    sheets = [sheet["name"] for sheet in workbook_json(planner)["sheets"]]
    cells: dict[tuple[str, str], object] = {}
    for action in actions:
        if action["func"] == "setValues":
            for r, row in enumerate(action["values"], action["start_row"] + 1):
                for c, entry in enumerate(row, action["start_column"] + 1):
                    cells[sheets[action["sheet_position"]], f"{get_column_letter(c)}{r}"] = entry
    return cells


if __name__ == "__main__":
    json.dump(run(sys.argv[1], sys.argv[2]), sys.stdout, default=str)
