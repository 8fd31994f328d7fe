"""A sheet part written out in the form in which its rows and cells can be found by expressions.

Comments, CDATA and processing instructions are gone, references come first and are there (a row or cell without one is
the next: ECMA-376 part 1, 18.3.1.73 and 18.3.1.4), then style and type, then the other attributes. The same content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from okr_workbook.books.parts.xml_text import XmlText, plain
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import column_letters, column_number

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]+)")
_ROW_NUMBER = re.compile(r"0*([1-9][0-9]{0,6})")


def usual_form(content: bytes, part: str) -> XmlText:
    """The part in the usual form. FileRefusedError where it is not well-formed or a reference is wrong."""
    return plain(content, part, _Places(part).settled)


class _Places:
    """The references of a part, as its rows and cells come by."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.row = self.column = 0

    def settled(self, path: Sequence[str], attributes: dict[str, str]) -> Mapping[str, str]:
        """The attributes of the element at the end of a path, in the usual order."""
        root, *inner = path
        prefix = root[: root.find(":") + 1]
        if inner == [f"{prefix}sheetData", f"{prefix}row"]:
            self.row, self.column = self._row_number(attributes.pop("r", None)), 0
            return {"r": str(self.row), **attributes}
        if inner == [f"{prefix}sheetData", f"{prefix}row", f"{prefix}c"]:
            self.column = self._column_number(attributes.pop("r", None))
            first = {"r": f"{column_letters(self.column)}{self.row}"}
            first.update((name, attributes.pop(name)) for name in ("s", "t") if name in attributes)
            return {**first, **attributes}
        return attributes

    def _row_number(self, written: str | None) -> int:
        if written is None:
            return self.row + 1
        match = _ROW_NUMBER.fullmatch(written)
        if match is None:
            raise FileRefusedError("damaged_part", part=self.part)
        return int(match[1])

    def _column_number(self, written: str | None) -> int:
        if written is None:
            return self.column + 1
        match = _REFERENCE.fullmatch(written.upper())
        if match is None or int(match[2]) != self.row:
            raise FileRefusedError("damaged_part", part=self.part)
        return column_number(match[1])
