"""The journal: what writing commands changed, in `.okr`, one JSON object a line (`journal_lines`), oldest first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime

from okr_workbook.books.files.saving import plain_errors, side_path, write_atomically

KEPT = 10
"""How many commands can be undone, one after the other."""

_ENDING = "undo.jsonl"


def lines(path: str) -> list[str]:
    """The entries as they are written, a line each, oldest first."""
    side = side_path(path, _ENDING)
    if not os.path.exists(side):
        return []
    with plain_errors(side), open(side, encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()


def since(moment: datetime | None, written: Sequence[str]) -> list[str]:
    """The lines of entries made at that moment or later; all of them for None."""
    if moment is None:
        return list(written)
    from okr_workbook.books.files.undoing import entries  # to keep entries by their age is rare

    entered = moment.isoformat(timespec="seconds")
    return [line for line, entry in entries(written) if entry.at >= entered]


def keep(path: str, kept: Sequence[str]) -> None:
    """Write the journal with these lines, the newest ones of them."""
    content = "".join(f"{line}\n" for line in kept[-KEPT:]).encode()
    write_atomically(side_path(path, _ENDING), content, like=path)
