"""The lock of `okr mail`: the operating system's, so that it falls with its process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from okr_workbook.errors import OkrError


@contextmanager
def sole_run(path: Path) -> Iterator[None]:
    """Only one run sends for a planner at a time: the lock is the operating system's and falls with its process.

    It is a lock of SQLite on an empty file of its own, so that `okr status` and `okr collect` can use the ledger
    meanwhile. OkrError where another run holds it.
    """
    try:
        path.parent.mkdir(exist_ok=True)
        rows = sqlite3.connect(path.with_suffix(".sending"), timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise OkrError("ledger_not_written", file=str(path), reason=str(error)) from error
    with closing(rows):
        try:
            rows.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
            raise OkrError(
                "mail_running" if busy else "ledger_not_written", file=str(path), reason=str(error)
            ) from error
        yield
