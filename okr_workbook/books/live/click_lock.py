"""One click at a time on an open workbook: LibreOffice and Excel for the Mac do not wait for the first one's end."""

from __future__ import annotations

import os

from okr_workbook.books.files import home_folder
from okr_workbook.books.files.lock import give_back, take
from okr_workbook.books.live.undo import short_name
from okr_workbook.errors import OkrError

FOLDER = os.path.join(home_folder.FOLDER, "at_work")


class alone:  # noqa: N801  (with alone(owner): a class, for LibreOffice's exceptions cannot be thrown into a generator)
    """Inside, no other click works on the workbook whose full name or address is `owner`. OkrError where one does.

    A click that was broken off is in nobody's way; nor is a home folder that cannot be written to.
    """

    def __init__(self, owner: str, name: str, folder: str = FOLDER) -> None:
        self._name = name
        self._lock = os.path.join(folder, f"{short_name(owner)}.lock")

    def __enter__(self) -> None:
        try:
            os.makedirs(os.path.dirname(self._lock), mode=0o700, exist_ok=True)
            ours = take(self._lock, [])
        except OSError:
            return
        if not ours:
            raise OkrError("still_working", file=self._name)

    def __exit__(self, *_error: object) -> None:
        give_back(self._lock)
