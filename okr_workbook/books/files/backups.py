"""The backups of a planner in the folder `.okr` beside it: kept before each change, gone when too many or too old."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta

from okr_workbook.books.files.saving import FOLDER, plain_errors, remove, side_folder, write_through
from okr_workbook.records import NamedTuple

_TOLD = r"\d+-\d{6}-\d+"
"""What a backup's name tells of it: day, time, number."""


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
        there = backups_of(path)
        number = 1 + max((_backup_order(name)[1] for name in there), default=0)
        name = f"{stem}.backup-{now:%Y%m%d-%H%M%S}-{number}{extension}"
        write_through(os.path.join(folder, name), content, like=path)
        since, too_many = keep.since(now), max(0, len(there) + 1 - keep.number)
        for place, old in enumerate(there):
            if place < too_many or _is_before(since, old):
                remove(os.path.join(folder, old))
    return name


def backups_of(path: str) -> list[str]:
    """The names of a file's backups, oldest first. Their numbers tell the order, whatever the clock did."""
    stem, extension = os.path.splitext(os.path.basename(path))
    folder = os.path.join(os.path.dirname(path), FOLDER)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    start, ours = f"{stem}.backup-", _TOLD + re.escape(extension)
    found = [name for name in names if name.startswith(start) and re.fullmatch(ours, name[len(start) :])]
    return sorted(found, key=lambda name: _backup_order(name)[1])


def backed_up(name: str) -> str:
    """The name of the file that a backup of that name is of; "" for what is no backup's name."""
    found = re.fullmatch(rf"(.+)\.backup-{_TOLD}(\.\w+)", name)
    return found[1] + found[2] if found else ""


def backup_path(path: str, name: str) -> str:
    """Where the backup of that name lies."""
    return os.path.join(os.path.dirname(path), FOLDER, name)


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
