"""Tables and names of an open LibreOffice document: an Excel table is a database range of the same name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from okr_workbook.excel.libreoffice_range import Range


class Tables:
    """The tables of one sheet."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet

    @property
    def api(self) -> Any:
        return self.sheet.book.api.DatabaseRanges

    def __iter__(self) -> Iterator[Table]:
        ranges, sheet = self.api, self.sheet.index - 1
        for name in ranges.ElementNames:
            if ranges.getByName(name).DataArea.Sheet == sheet:
                yield Table(self.sheet, name)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, key: str | int) -> Table:
        tables = list(self)
        if isinstance(key, int):
            return tables[key - 1]
        for table in tables:
            if table.name == key:
                return table
        raise KeyError(key)


class Table:
    """One table."""

    def __init__(self, sheet: Any, name: str) -> None:
        self.parent = sheet
        self.name = name

    @property
    def api(self) -> Any:
        return self.parent.book.api.DatabaseRanges.getByName(self.name)

    @property
    def range(self) -> Range:
        return Range.at(self.parent, self.api.DataArea)

    @property
    def show_headers(self) -> bool:
        return bool(self.api.ContainsHeader)

    @property
    def show_totals(self) -> bool:
        return bool(self.api.TotalsRow)

    def resize(self, area: Any) -> None:
        self.api.setDataArea(area.impl.api.RangeAddress)


class Names:
    """The names of the whole document."""

    def __init__(self, book: Any) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        return self.book.api.NamedRanges

    def __len__(self) -> int:
        return len(self.api.ElementNames)

    def __iter__(self) -> Iterator[Name]:
        return (Name(self.book, self.api.getByName(name)) for name in self.api.ElementNames)

    def contains(self, key: str) -> bool:
        return bool(self.api.hasByName(key))

    def __call__(self, key: str | int) -> Name:
        found = self.api.getByIndex(key - 1) if isinstance(key, int) else self.api.getByName(key)
        return Name(self.book, found)


class Name:
    """One name."""

    def __init__(self, book: Any, name: Any) -> None:
        self.book = book
        self.api = name

    @property
    def name(self) -> str:
        return str(self.api.Name)

    @property
    def refers_to(self) -> str:
        """Its formula, in LibreOffice's own grammar: the same as Excel's for a text or a number."""
        return f"={self.api.Content}"

    @property
    def refers_to_range(self) -> Range | None:
        """The cells it stands for; None for a name of a text, a number or a formula."""
        cells = self.api.getReferredCells()
        if cells is None:
            return None
        address = cells.RangeAddress
        return Range.at(self.book.sheets(address.Sheet + 1), address)
