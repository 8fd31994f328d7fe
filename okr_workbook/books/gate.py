"""What is let in."""

from __future__ import annotations

from okr_workbook.books.workbook import Workbook


def admitted(content: bytes, *, file: str) -> Workbook:
    """The workbook in a file's bytes."""
    del file
    return Workbook(content)
