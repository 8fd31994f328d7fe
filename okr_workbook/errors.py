"""What stops the work and the user can act on. Imports nothing.

A fault in the planner's *data* is never raised: it is a `domain.problems.Problem`, collected and shown at its cell.
"""

from __future__ import annotations


class OkrError(Exception):
    """The work cannot go on, nothing was changed, and there is something the user can do.

    `code` names the sentence in the labels (`messages.toml`, table `errors`); `details` fill its places.
    `exit_status` is 1 for a refusal the user must see and 2 for wrong use or an unreadable file.
    """

    exit_status = 1

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{k}={v}" for k, v in self.details.items())


class UsageError(OkrError):
    """The command was called in a way that cannot work."""

    exit_status = 2


class FileRefusedError(OkrError):
    """A file that is not what it should be, or cannot be read."""

    exit_status = 2
