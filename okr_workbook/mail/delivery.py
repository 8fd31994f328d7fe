"""One message brought to its recipients through the ledger: each address at most once, whatever breaks when.

The order is the whole point. Before a message can leave, `sending` is on disk; after the reply, what became of it. A
crash in between leaves `sending`, which the next run turns to `unknown` and does not send again. What was deferred is
tried again a few times, and then left for the next run.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from okr_workbook.errors import OkrError
from okr_workbook.mail.ledger import OPEN, Entry, Ledger, address_key
from okr_workbook.mail.message import Message
from okr_workbook.mail.transport import Transport

PAUSES = (5.0, 30.0)
"""Seconds before the second and the third attempt. Greylisting servers ask for more: the next run is for them."""


class Postman:
    """Brings messages through one transport and one ledger. `clock` tells the moment, `wait` sleeps seconds."""

    def __init__(
        self, ledger: Ledger, transport: Transport, *, clock: Callable[[], datetime], wait: Callable[[float], None]
    ) -> None:
        self._ledger, self.transport = ledger, transport
        self._clock, self._wait = clock, wait

    def deliver(self, entry: Entry, message: Message) -> None:
        """Send to every recipient that may still be sent to; what became of it stands in the ledger.

        OkrError where nothing can be sent at all; the ledger is right then too.
        """
        self._ledger.prepare(entry, message.recipients, self.transport.name, self._clock())
        for pause in (*PAUSES, None):
            self._attempt(entry, message)
            if pause is None or all(state != "deferred" for state, _ in self._ledger.states(entry).values()):
                return
            self._wait(pause)

    def _attempt(self, entry: Entry, message: Message) -> None:
        name, states = self.transport.name, self._ledger.states(entry)
        due = [address for address in message.recipients if states[address_key(address)][0] in OPEN]
        if not due:
            return
        try:
            deliveries = self.transport.send(
                message, due, lambda those: self._ledger.leaving(entry, those, name, self._clock())
            )
        except OkrError:
            with suppress(OkrError):  # a ledger that cannot be written holds `prepared`, or next time `unknown`
                self._ledger.take_back(entry, self._clock())
            raise
        self._ledger.settle(entry, deliveries, name, self._clock())
