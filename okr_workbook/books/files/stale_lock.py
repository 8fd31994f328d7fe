"""A lock that a broken-off run left behind: told from one in force, and taken over by one run only.

Loaded only where a lock is in the way.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

STALE_AFTER_SECONDS = 600
"""A lock this old is nobody's: no command holds it for more than seconds, and other machines' processes cannot be asked."""
UNSIGNED_AFTER_SECONDS = 10
"""A lock is signed as soon as it is made; one without a name was made by a run that died in between."""

_LONGEST = 4096
_MARK = 1 << 30  # Windows locks bytes against reading too: one far beyond the end is in nobody's way
_ACCESS_DENIED = 5  # Windows' ERROR_ACCESS_DENIED
_HELD = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


def take_over(lock: str, signature: str) -> bool:
    """Sign a lock that is nobody's; True where it is ours now. FileNotFoundError where it has just been given back.

    Two runs may find the same lock at once. Who looks at it holds the system's own lock on the file, which falls with
    its process; so the second one finds it signed by the first.
    """
    file = os.open(lock, os.O_RDWR)
    try:
        with _alone_with(file) as alone:
            # In this order: an owner that gave the lock back and then ended is gone as well.
            if not (alone and _is_stale(file, _host_in(signature)) and _is_at(lock, file)):
                return False
            os.lseek(file, 0, os.SEEK_SET)
            os.truncate(file, os.write(file, signature.encode()))
            return True
    finally:
        os.close(file)


def _is_at(path: str, file: int) -> bool:
    """True where an open file is what stands at the path."""
    return os.path.samestat(os.fstat(file), os.stat(path))


def _is_stale(file: int, this_host: str) -> bool:
    """True for a lock whose process is gone, or which is too old to be anybody's."""
    os.lseek(file, 0, os.SEEK_SET)
    signature = os.read(file, _LONGEST).decode(errors="replace")
    process, host = signature.strip().partition("\n")[0], _host_in(signature)
    age = abs(time.time() - os.fstat(file).st_mtime)
    if not host:
        return age > UNSIGNED_AFTER_SECONDS
    return age > STALE_AFTER_SECONDS or (host == this_host and process.isdigit() and not _is_running(int(process)))


def _host_in(signature: str) -> str:
    return signature.strip().partition("\n")[2]


@contextmanager
def _alone_with(file: int) -> Iterator[bool]:
    """The system's lock on an open file: False where another process has it. A disk that knows no locks gives it to all."""
    try:
        _system_lock(file, wanted=True)
    except OSError as error:
        yield error.errno not in _HELD
        return
    try:
        yield True
    finally:
        _system_lock(file, wanted=False)


def _system_lock(file: int, *, wanted: bool) -> None:
    if os.name == "nt":
        import msvcrt

        os.lseek(file, _MARK, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK if wanted else msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if wanted else fcntl.LOCK_UN)


def _is_running(process: int) -> bool:
    if os.name == "nt":
        return _is_running_on_windows(process)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _is_running_on_windows(process: int) -> bool:
    """Whether the process can be opened, or is another user's: on Windows os.kill would end it."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, process)  # PROCESS_QUERY_LIMITED_INFORMATION
    if handle:
        kernel.CloseHandle(handle)
        return True
    return bool(ctypes.get_last_error() == _ACCESS_DENIED)  # type: ignore[attr-defined,unused-ignore]
