"""The lock of a run that makes books or sends them: the operating system's, so that it falls with its process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from okr_workbook.errors import OkrError
from okr_workbook.mail.ledger_file import planner_of
from okr_workbook.rights import make_file

Doing = Literal["sending", "making"]
_RUNNING: dict[Doing, str] = {"sending": "mail_running", "making": "teams_running"}


@contextmanager
def sole_run(path: Path, doing: Doing = "sending") -> Iterator[None]:
    """Only one run sends, or makes books, for the planner of a ledger at a time.

    It is a lock of SQLite on an empty file of its own, so that `okr status` and `okr collect` can use the ledger
    meanwhile. OkrError where another run holds it.
    """
    try:
        lock = path.with_suffix(f".{doing}")
        make_file(str(lock), planner_of(path))
        rows = sqlite3.connect(lock, timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise OkrError("ledger_not_written", file=str(path), reason=str(error)) from error
    with closing(rows):
        try:
            rows.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
            code = _RUNNING[doing] if busy else "ledger_not_written"
            raise OkrError(code, file=str(path), reason=str(error)) from error
        yield
