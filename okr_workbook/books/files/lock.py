"""The lock of a file: the sole right to write it, and to make it. One whose owner is gone is taken over (`stale_lock`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from okr_workbook.books.files.saving import (
    clear_unfinished,
    persistently,
    plain_errors,
    remove,
    side_folder,
    side_path,
)
from okr_workbook.errors import FileRefusedError, OkrError


@contextmanager
def locked(path: str, *, notices: list[str]) -> Iterator[None]:
    """The sole right to write a file that is there. OkrError where somebody else has it, or it is open in a program.

    Codes of what had to be cleared away of an earlier run are appended to `notices`.
    """
    _refuse_if_open(path)
    if not os.path.exists(path):
        raise FileRefusedError("file_not_found", file=path)
    folder = os.path.dirname(path) or "."
    if not os.access(path, os.W_OK) and os.access(folder, os.W_OK):
        raise OkrError("file_read_only", file=path)  # replacing it would take the right to write the folder alone
    lock = side_path(path, "lock")
    side_folder(path)
    with plain_errors(path):
        ours = take(lock, notices, like=path)
    if not ours:
        raise OkrError("file_locked", file=path, lock=lock)
    try:
        with plain_errors(path):
            clear_unfinished(path, notices)
        yield
    finally:
        give_back(lock)


def _refuse_if_open(path: str) -> None:
    """OkrError where Excel's or LibreOffice's own lock file says that the file is open there."""
    folder, name = os.path.split(path)
    for mark in (f"~${name}", f".~lock.{name}#"):
        if os.path.exists(os.path.join(folder, mark)):
            raise OkrError("file_open_elsewhere", file=path, mark=mark)


def take(lock: str, notices: list[str], *, like: str | None = None) -> bool:
    """Make a lock, or take over one that is nobody's, of which `notices` then tells. False where another run has it.

    Everybody may take it over who may write the file `like`.
    """
    for _ in range(2):
        try:
            _make(lock, like)
        except FileExistsError:
            from okr_workbook.books.files.stale_lock import take_over

            try:
                ours = take_over(lock, _signature())
            except FileNotFoundError:
                continue  # given back in between
            if ours:
                notices.append("stale_lock_cleared")
            return ours
        return True
    return False


def _make(lock: str, like: str | None) -> None:
    """A lock of ours. FileExistsError where there is one."""
    with open(lock, "x", encoding="utf-8") as file:
        try:
            if like is not None and hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), os.stat(like).st_mode & 0o777 | 0o600)
            file.write(_signature())
            file.flush()
        except OSError:
            remove(lock)
            raise


def give_back(lock: str) -> None:
    """Remove the lock, unless it took so long that another run has taken it over."""
    try:
        with open(lock, encoding="utf-8", errors="replace") as file:
            ours = file.read() == _signature()
        if ours:
            persistently(lambda: os.remove(lock))
    except OSError:
        return  # nobody's from the moment this process ends


def _signature() -> str:
    """This process on this machine."""
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return f"{os.getpid()}\n{host}\n"
