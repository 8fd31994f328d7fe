"""A new file that is worked on beside its place, and takes it once all went well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from okr_workbook.books.files.lock import give_back, take
from okr_workbook.books.files.saving import persistently, plain_errors, remove, side_path, sync_folder, write_through
from okr_workbook.errors import OkrError, UsageError


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
            write_through(unfinished, content, like=like)
            os.chmod(unfinished, os.stat(unfinished).st_mode & 0o7777 | 0o600)
        with _calling(unfinished, path):
            yield unfinished
        with plain_errors(path):
            persistently(lambda: os.replace(unfinished, path))
            sync_folder(folder)
    finally:
        with suppress(OSError):
            remove(unfinished)
        give_back(lock)


@contextmanager
def _calling(path: str, file: str) -> Iterator[None]:
    """Errors from within that speak of a file of ours at `path` call it by the name of the user's file it stands for."""
    try:
        yield
    except OkrError as error:
        if error.details.get("file") == path:
            error.details["file"] = file
        raise
