"""Saving a file so that at every moment the old one or the new one is there, whole.

Under a lock: a temporary file in the same folder, flushed to the disk; a check by the caller; the old file kept as a
backup; one atomic replacement. What a killed run leaves behind is cleared away by the next, which says so.
Beside a planner stands the folder `.okr` with its lock, its backups and its journal of changes.
"""

from __future__ import annotations

import errno
import os
import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from okr_workbook.errors import FileRefusedError, OkrError, UsageError
from okr_workbook.records import NamedTuple
from okr_workbook.rights import make_folder

FOLDER = ".okr"

_TEMPORARY = ".okr-tmp"

_LEFT_AFTER_SECONDS = 600
_TRIES, _PAUSE_SECONDS = 10, 0.05  # Windows: a virus scanner or a sync client may hold the file for a moment
_NOT_SUPPORTED = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES)


class Fingerprint(NamedTuple):
    """What tells one state of a file from another."""

    size: int
    crc: int
    adler: int

    @classmethod
    def of(cls, content: bytes) -> Fingerprint:
        """The fingerprint of a file's bytes."""
        return cls(len(content), zlib.crc32(content), zlib.adler32(content))


def read_file(path: str) -> bytes:
    """A file's bytes. OkrError where another program holds it, FileRefusedError where there is none to read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError as error:
        raise FileRefusedError("file_not_found", file=path) from error
    except IsADirectoryError as error:
        raise FileRefusedError("file_is_folder", file=path) from error
    except PermissionError as error:
        if os.path.isdir(path):
            raise FileRefusedError("file_is_folder", file=path) from error
        raise OkrError("file_in_use", file=path) from error
    except OSError as error:
        raise FileRefusedError("cannot_read", file=path, reason=error.strerror or str(error)) from error


def side_folder(path: str) -> str:
    """The folder `.okr` beside a planner, made where it is not there: closed to whom the planner itself is closed."""
    folder = os.path.join(os.path.dirname(path), FOLDER)
    with plain_errors(path):
        make_folder(folder, path)
    return folder


def side_path(path: str, ending: str) -> str:
    """The name in the folder `.okr` beside a planner of what belongs to it: its lock, a backup, its journal."""
    folder, name = os.path.split(path)
    return os.path.join(folder, FOLDER, f"{name}.{ending}")


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
            _clear(path, notices)
        yield
    finally:
        give_back(lock)


def replace(path: str, content: bytes, before: bytes, *, on_ready: Callable[[], object]) -> None:
    """Put `content` in the place of the file at `path`, which must still hold `before`.

    `on_ready` runs when the new file lies safe beside the old one, just before it takes its place.
    """
    temporary = _temporary(path)
    try:
        with plain_errors(path):
            _write_through(temporary, content, like=path)
        if read_file(path) != before:
            raise OkrError("file_changed", file=path)
        on_ready()
        with plain_errors(path):
            _persistently(lambda: os.replace(temporary, path))
            _sync_folder(os.path.dirname(path))
    finally:
        with suppress(OSError):  # what went wrong before is what the user must hear of
            remove(temporary)


@contextmanager
def calling(path: str, file: str) -> Iterator[None]:
    """Errors from within that speak of a file of ours at `path` call it by the name of the user's file it stands for."""
    try:
        yield
    except OkrError as error:
        if error.details.get("file") == path:
            error.details["file"] = file
        raise


@contextmanager
def arriving(path: str, content: bytes, like: str | None = None) -> Iterator[str]:
    """A file with this content beside `path`, to be worked on. It becomes `path` once all went well, and goes otherwise.

    It has the rights of the file `like`, and may be written. What a killed run left of it is written over by the next.
    OkrError where another run is making the same file.
    """
    folder, name = os.path.split(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise UsageError("folder_missing", folder=folder)
    stem, extension = os.path.splitext(name)
    unfinished = os.path.join(os.path.realpath(folder), f".{stem}.unfinished{extension}")
    lock = side_path(os.path.join(folder, name), "lock")
    with plain_errors(path):
        os.makedirs(os.path.dirname(lock), exist_ok=True)
        try:
            ours = take(lock, [], like=folder)
        except OSError:
            with suppress(OSError):  # it stays where something is in it
                os.rmdir(os.path.dirname(lock))
            raise
    if not ours:
        raise OkrError("file_locked", file=path, lock=lock)
    try:
        with plain_errors(path):
            remove(unfinished)
            _write_through(unfinished, content, like=like)
            os.chmod(unfinished, os.stat(unfinished).st_mode & 0o7777 | 0o600)
        with calling(unfinished, path):
            yield unfinished
        with plain_errors(path):
            _persistently(lambda: os.replace(unfinished, path))
            _sync_folder(folder)
    finally:
        with suppress(OSError):
            remove(unfinished)
        give_back(lock)


class Retention(NamedTuple):
    """How many backups stay, and for how many days; None: however old they are."""

    number: int
    days: int | None = None

    def since(self, now: datetime) -> datetime | None:
        """What was kept before this moment goes; None where age does not count."""
        # Set back to the first year, a clock leaves no room for the days before.
        return now - timedelta(min(self.days, now.toordinal() - 1)) if self.days else None


def keep_backup(path: str, content: bytes, now: datetime, keep: Retention) -> str:
    """Keep a file's bytes in `.okr` under the time, and remove what is too much or too old. The name without folder."""
    stem, extension = os.path.splitext(os.path.basename(path))
    folder = side_folder(path)
    with plain_errors(path):
        there = backups(path)
        number = 1 + max((_backup_order(name)[1] for name in there), default=0)
        name = f"{stem}.backup-{now:%Y%m%d-%H%M%S}-{number}{extension}"
        _write_through(os.path.join(folder, name), content, like=path)
        since, too_many = keep.since(now), max(0, len(there) + 1 - keep.number)
        for place, old in enumerate(there):
            if place < too_many or _is_before(since, old):
                remove(os.path.join(folder, old))
    return name


def backups(path: str) -> list[str]:
    """The names of a file's backups, oldest first. Their numbers tell the order, whatever the clock did."""
    stem, extension = os.path.splitext(os.path.basename(path))
    folder = os.path.join(os.path.dirname(path), FOLDER)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    ours = re.compile(rf"{re.escape(stem)}\.backup-\d+-\d{{6}}-\d+{re.escape(extension)}")
    return sorted(filter(ours.fullmatch, names), key=lambda name: _backup_order(name)[1])


def backup_path(path: str, name: str) -> str:
    """Where the backup of that name lies."""
    return os.path.join(os.path.dirname(path), FOLDER, name)


def write_atomically(path: str, content: bytes, *, like: str | None = None) -> None:
    """Write a file of our own so that it is the old one or the new one, also where two runs write it at once.

    It gets the rights of the file `like`.
    """
    with plain_errors(path):
        temporary = _sole_temporary(path)
        try:
            _write_through(temporary, content, like=like)
            _persistently(lambda: os.replace(temporary, path))
        except BaseException:
            remove(temporary)  # once it has taken its place, the name may be another run's
            raise


@contextmanager
def plain_errors(path: str) -> Iterator[None]:
    """Failures of the system as OkrError: the file in use, the folder read-only, the disk full."""
    try:
        yield
    except PermissionError as error:
        code = "file_in_use" if os.access(os.path.dirname(path) or ".", os.W_OK) else "folder_not_writable"
        raise OkrError(code, file=path, folder=os.path.dirname(path) or ".") from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
        if error.errno == errno.EROFS:
            raise OkrError("folder_not_writable", file=path, folder=os.path.dirname(path) or ".") from error
        code = "disk_full" if full else "cannot_save"
        raise OkrError(code, file=path, reason=error.strerror or str(error)) from error


# --- the lock ---


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
            from okr_workbook.books.stale_lock import take_over

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
            _persistently(lambda: os.remove(lock))
    except OSError:
        return  # nobody's from the moment this process ends


def _signature() -> str:
    """This process on this machine."""
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return f"{os.getpid()}\n{host}\n"


# --- files ---


def _temporary(path: str) -> str:
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.{os.getpid()}{_TEMPORARY}")


def _sole_temporary(path: str) -> str:
    """A name beside a file that no other run writes to: the plain one, or where a run has that, one of this process.

    What a killed run left is cleared away here, since nobody lists the folder for it. The names are marked as ours: a
    file of the user's is never taken for one.
    """
    folder, name = os.path.split(path)
    plain = os.path.join(folder, f".{name}{_TEMPORARY}")
    try:
        open(plain, "xb").close()
    except FileExistsError:
        with suppress(FileNotFoundError):  # done with in between
            if abs(time.time() - os.path.getmtime(plain)) > _LEFT_AFTER_SECONDS:
                remove(plain)
        return _temporary(path)
    return plain


def _clear(path: str, notices: list[str]) -> None:
    """Remove temporary files that a killed run left beside the file."""
    folder, name = os.path.split(path)
    for found in os.listdir(folder or "."):
        if found.startswith(f".{name}.") and found.endswith(_TEMPORARY):
            remove(os.path.join(folder, found))
            notices.append("unfinished_save_cleared")


def _write_through(path: str, content: bytes, like: str | None = None) -> None:
    """Write a file down to the disk, with the rights of the file `like`."""
    with open(path, "wb") as file:
        if like is not None:
            _take_after(file.fileno(), like)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _take_after(file: int, like: str) -> None:
    """Give an open file the owner, the rights and the marks of another one, as far as this user may."""
    if not hasattr(os, "fchmod"):
        return
    status = os.stat(like)
    if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
        try:
            os.fchown(file, status.st_uid, status.st_gid)
        except OSError:
            with suppress(OSError):
                os.fchown(file, -1, status.st_gid)
    os.fchmod(file, status.st_mode & 0o7777)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(like):
                os.setxattr(file, name, os.getxattr(like, name))


def _sync_folder(folder: str) -> None:
    """Flush a folder's names to the disk, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder or ".", os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:
            raise
    finally:
        os.close(descriptor)


def _persistently(act: Callable[[], None]) -> None:
    """Do it, again after a moment where Windows says that somebody holds the file."""
    for _ in range(_TRIES if os.name == "nt" else 1):
        try:
            return act()
        except PermissionError as error:
            refused = error
            time.sleep(_PAUSE_SECONDS if os.name == "nt" else 0)
    raise refused


def remove(path: str) -> None:
    """Remove a file, if it is there."""
    try:
        os.remove(path)
    except FileNotFoundError:
        return


def _is_before(since: datetime | None, backup: str) -> bool:
    """True where a backup's name says that it was made before that moment."""
    if since is None:
        return False
    try:
        return datetime.fromisoformat(_backup_order(backup)[0][-15:].replace("-", "T")) < since
    except ValueError:
        return False


def _backup_order(name: str) -> tuple[str, int]:
    head, _, number = os.path.splitext(name)[0].rpartition("-")
    return head, int(number) if number.isdigit() else 0
