"""Runs that are killed: a child process that dies, without a word, at the n-th thing it asks of the system."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

EVENTS = ("open", "os.", "shutil.", "sqlite3.")


def run_killed_at(moment: int, work: Callable[[], object], folder: str) -> bool:
    """Do the work in a child that is killed just before its `moment`-th access to `folder`; True if it was killed."""
    process = os.fork()
    if process == 0:
        _die_at(moment, folder)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def moments_of(work: Callable[[], object], folder: str) -> int:
    """How many accesses to `folder` the work makes."""

    def counted() -> str:
        seen = [0]

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            seen[0] += event.startswith(EVENTS) and bool(arguments) and folder in str(arguments)

        sys.addaudithook(watch)
        work()
        return str(seen[0])

    return int(in_child(counted))


def _die_at(moment: int, folder: str) -> None:
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event.startswith(EVENTS) and arguments and folder in str(arguments):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def in_child(work: Callable[[], str], *, as_nobody: bool = False, file_limit: int | None = None) -> str:
    """What the work answers in a child process, which may be nobody, or may write no file larger than a limit."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        answer = "child failed"
        try:
            _restrict(as_nobody=as_nobody, file_limit=file_limit)
            answer = work()
        except Exception as error:  # noqa: BLE001 the parent's assertion shows it
            answer = repr(error)
        finally:
            os.write(writer, answer.encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as answers:
        answer = answers.read()
    os.waitpid(process, 0)
    return answer


def _restrict(*, as_nobody: bool, file_limit: int | None) -> None:
    import resource

    if as_nobody and os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    if file_limit is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
