"""One run that sends one message, and may be killed on the way; imports no more than that, since many are started."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from okr_workbook.mail.delivery import Postman
from okr_workbook.mail.ledger import Ledger
from okr_workbook.mail.smtp import Smtp
from okr_workbook.mail.smtp_url import SmtpServer
from tests.mail.builders import ENTRY, Clock, a_message


class DyingLedger(Ledger):
    """A ledger whose process is killed just before SQLite runs its statement of some number (0: never).

    `statements` counts them.
    """

    def __init__(self, path, die_at=0):
        super().__init__(path)
        self.die_at, self.statements = die_at, 0

    def set_up(self):
        self.rows.set_trace_callback(self._count)
        super().set_up()

    def _count(self, statement):
        self.statements += 1
        if self.statements == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def send(place, port, die_at=0):
    """The run; how many statements it made."""
    clock = Clock()
    transport = Smtp(SmtpServer("127.0.0.1", port, "none"), timeout=5, reply_timeout=5)
    with DyingLedger(place / "x.sqlite", die_at) as ledger:
        ledger.settle_interrupted()
        with transport:
            Postman(ledger, transport, clock=clock, wait=clock.wait).deliver(ENTRY, a_message())
    return ledger.statements


if __name__ == "__main__":
    send(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
