"""The ledger's file: an SQLite database whose every change is on disk before the next step begins."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.rights import make_file

ENDING = ".ledger.sqlite"
_PATIENCE_SECONDS = 10  # another command may write at the same moment
_STEPS = (
    """
create table if not exists messages (
    id text primary key,
    kind text not null,
    team_key text not null,
    team text not null,
    period text not null,
    revision integer not null,
    day text not null
);
create table if not exists recipients (
    id text not null references messages on delete cascade,
    address text not null,
    state text not null,
    transport text not null,
    reply text not null,
    at text not null,
    primary key (id, address)
);
create table if not exists answers (
    team_key text not null,
    team text not null,
    period text not null,
    revision integer not null,
    at text not null,
    book text not null,
    primary key (team_key, period, revision, book)
);
create table if not exists books (
    team_key text not null,
    team text not null,
    period text not null,
    revision integer not null,
    at text not null,
    book text not null,
    primary key (team_key, period, revision)
);
""",
    "alter table books add column as_of text not null default '';",
)
"""What makes a ledger of one version one of the next; the first makes it where there is none."""
VERSION = len(_STEPS)


def planner_of(path: Path) -> str:
    """The planner that a ledger belongs to, by the ledger's path."""
    return str(path.parent.parent / path.name.removesuffix(ENDING))


class LedgerFile:
    """The open file, made where there is none. OkrError where the disk does not let it write, FileRefusedError where
    it is not a ledger, or one of a newer version.
    """

    rows: sqlite3.Connection

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        with self.telling():
            make_file(str(self.path), planner_of(self.path))
            self.rows = sqlite3.connect(self.path, timeout=_PATIENCE_SECONDS, isolation_level=None)
            try:
                self.set_up()
            except BaseException:
                self.rows.close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rows.close()

    def set_up(self) -> None:
        """Make the tables where they are missing, and set how SQLite keeps its promises."""
        self.rows.execute("pragma synchronous = extra")  # on disk, its folder entry too, before a message leaves
        self.rows.execute("pragma foreign_keys = on")
        self.rows.execute("pragma secure_delete = on")
        if self._version() > VERSION:
            raise FileRefusedError("ledger_newer", file=str(self.path))
        if self._version() < VERSION:
            self.rows.execute("begin immediate")
            for statement in "".join(_STEPS[self._version() :]).split(";"):  # none where another command was faster
                self.rows.execute(statement)
            self.rows.execute(f"pragma user_version = {VERSION}")
            self.rows.execute("commit")

    def _version(self) -> int:
        found: int = self.rows.execute("pragma user_version").fetchone()[0]
        return found

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing, and on disk afterwards."""
        with self.telling():
            self.rows.execute("begin immediate")
            try:
                yield self.rows
            except BaseException:
                self.rows.execute("rollback")
                raise
            self.rows.execute("commit")

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Errors of the disk and of SQLite, in words the user can act on."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OkrError("ledger_not_written", file=str(self.path), reason=str(error)) from error
        except sqlite3.DatabaseError as error:
            raise FileRefusedError("ledger_unreadable", file=str(self.path), reason=str(error)) from error
        except OSError as error:
            raise OkrError("ledger_not_written", file=str(self.path), reason=error.strerror or "") from error
