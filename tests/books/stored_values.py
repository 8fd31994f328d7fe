"""Formula cells that carry their value: openpyxl writes formulas bare, and previews would show nothing.

openpyxl has no door for it, so this stands in for one private function of its sheet writer for as long as one workbook
is saved. A test guards that function's shape; pyproject.toml holds openpyxl below 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from openpyxl.cell import _writer as _cell_writer
from openpyxl.worksheet import _writer as _sheet_writer
from openpyxl.xml.functions import Element, SubElement

Stored = Mapping[tuple[str, str], str | float | bool]
"""The value of each formula by (sheet title, address)."""

_ONE_AT_A_TIME = Lock()
cell_writer: Any = _cell_writer
sheet_writer: Any = _sheet_writer


@contextmanager
def stored_values(values: Stored) -> Iterator[None]:
    """While inside, a saved workbook's formula cells get these values beside their formulas."""
    with _ONE_AT_A_TIME:
        plain = sheet_writer.write_cell

        def write_cell(stream: Any, sheet: Any, cell: Any, styled: Any = None) -> None:
            value = values.get((sheet.title, cell.coordinate)) if cell.data_type == "f" else None
            if value is None:
                plain(stream, sheet, cell, styled)
                return
            formula, attributes = cell_writer._set_attributes(cell, styled)
            attributes["t"] = cell_type(value)
            element = Element("c", attributes)
            SubElement(element, "f").text = formula[1:]
            SubElement(element, "v").text = cell_text(value)
            stream.write(element)

        sheet_writer.write_cell = write_cell
        try:
            yield
        finally:
            sheet_writer.write_cell = plain


def cell_type(value: str | float | bool) -> str:
    """The type a formula's value has in the file."""
    if isinstance(value, bool):
        return "b"
    return "str" if isinstance(value, str) else "n"


def cell_text(value: str | float | bool) -> str:
    """A value as the file writes it, to the last digit."""
    if isinstance(value, bool):
        return str(int(value))
    return value if isinstance(value, str) else repr(value)
