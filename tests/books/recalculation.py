"""Independent engines that recalculate a workbook: what Excel would show, as far as these know."""

from __future__ import annotations

import io
from math import isclose

import cellrune
import formualizer
from openpyxl import load_workbook


def stored(content: bytes) -> dict[tuple[str, str], object]:
    """The value of every formula cell as the file stores it, by (sheet, address)."""
    formulas = load_workbook(io.BytesIO(content))
    values = load_workbook(io.BytesIO(content), data_only=True)
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def typed(content: bytes) -> dict[tuple[str, str], object]:
    """The value of every cell that holds no formula."""
    book = load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and cell.data_type != "f"
    }


def by_formualizer(content: bytes) -> dict[tuple[str, str], object]:
    """The same cells, recalculated by formualizer."""
    return stored(formualizer.recalculate_xlsx_bytes(content)["bytes"])


def by_cellrune(content: bytes) -> dict[tuple[str, str], object]:
    """The same cells, recalculated by cellrune."""
    book = cellrune.Workbook.from_bytes(content)
    report = book.recalculate()
    found = {}
    for one in report["changed_cells"]:
        result = one["result"]["value"]
        found[one["cell"]["sheet_name"], one["cell"]["address"]] = result.get("value", result["kind"])
    return found


ENGINES = {"formualizer": by_formualizer, "cellrune": by_cellrune}


def same(one: object, other: object) -> bool:
    """True for what people see as one value: "" is blank, numbers agree to nine digits."""
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


def differences(one: dict, other: dict) -> dict:
    """The cells of `one` that `other` has otherwise."""
    return {place: (value, other.get(place)) for place, value in one.items() if not same(value, other.get(place))}
