"""Drafts: one .eml file a message, which mail programs open as an unsent message (`X-Unsent: 1`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from okr_workbook.errors import OkrError
from okr_workbook.mail.message import Message
from okr_workbook.mail.transport import Delivery, Leaving, Transport


class Drafts(Transport):
    """Writes messages into a folder. A draft of the same name is replaced."""

    name = "drafts"

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)

    def send(self, message: Message, recipients: Sequence[str], leaving: Leaving) -> list[Delivery]:
        """Write the draft, whole or not at all, to everybody the message is for. Writing it twice does no harm, so
        nothing is `leaving`.
        """
        del leaving
        mail = message.email()
        mail["X-Unsent"] = "1"
        path = self.path_of(message)
        half = path.with_name(path.name + ".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            half.write_bytes(mail.as_bytes())
            half.replace(path)
        except OSError as error:
            raise OkrError("draft_not_written", file=str(path), reason=error.strerror or "") from error
        return [Delivery(address, "draft", str(path)) for address in recipients]

    def path_of(self, message: Message) -> Path:
        """Where a message's draft stands."""
        return self.folder / f"{message.name}.eml"
