"""Saving a file so that at every moment the old one or the new one is there, whole.

Under a lock (`lock`): a temporary file in the same folder, flushed to the disk; a check by the caller; the old file kept
as a backup (`backups`); one atomic replacement. What a killed run leaves behind is cleared away by the next, which says so.
Beside a planner stands the folder `.okr` with its lock, its backups and its journal of changes.
"""

from __future__ import annotations

import errno
import os
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

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


def replace(path: str, content: bytes, before: bytes, *, on_ready: Callable[[], object]) -> None:
    """Put `content` in the place of the file at `path`, which must still hold `before`.

    `on_ready` runs when the new file lies safe beside the old one, just before it takes its place.
    """
    temporary = _temporary(path)
    try:
        with plain_errors(path):
            write_through(temporary, content, like=path)
        if read_file(path) != before:
            raise OkrError("file_changed", file=path)
        on_ready()
        with plain_errors(path):
            persistently(lambda: os.replace(temporary, path))
            sync_folder(os.path.dirname(path))
    finally:
        with suppress(OSError):  # what went wrong before is what the user must hear of
            remove(temporary)


def write_atomically(path: str, content: bytes, *, like: str | None = None) -> None:
    """Write a file of our own so that it is the old one or the new one, also where two runs write it at once.

    It gets the rights of the file `like`.
    """
    with plain_errors(path):
        temporary = _sole_temporary(path)
        try:
            write_through(temporary, content, like=like)
            persistently(lambda: os.replace(temporary, path))
        except BaseException:
            remove(temporary)  # once it has taken its place, the name may be another run's
            raise


def make_output_folder(path: str) -> None:
    """A folder, and those above it, where it is not there yet. OkrError where there can be none, or a file has its name."""
    if os.path.exists(path) and not os.path.isdir(path):
        raise UsageError("out_is_file", folder=path)
    with plain_errors(path):
        try:
            os.makedirs(path, exist_ok=True)
        except PermissionError as error:  # macOS asks whether Excel may use a folder, and heeds a no
            raise OkrError("folder_not_writable", file=path, folder=os.path.dirname(path) or ".") from error


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


def clear_unfinished(path: str, notices: list[str]) -> None:
    """Remove temporary files that a killed run left beside the file."""
    folder, name = os.path.split(path)
    for found in os.listdir(folder or "."):
        if found.startswith(f".{name}.") and found.endswith(_TEMPORARY):
            remove(os.path.join(folder, found))
            notices.append("unfinished_save_cleared")


def write_through(path: str, content: bytes, like: str | None = None) -> None:
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


def sync_folder(folder: str) -> None:
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


def persistently(act: Callable[[], None]) -> None:
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
