"""How a message leaves: one method to send, and a connection that may last for a whole run.

A transport tells, address by address, what became of the message, and calls `leaving` with the addresses concerned at
the last moment before the message may have left for them: the ledger writes that down first. A new way to send is one class and one line in
`actions.mail_transports`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import ClassVar, Literal, NamedTuple, Self

from okr_workbook.mail.message import Message

Outcome = Literal[
    "sent",  # the other side has taken it over
    "draft",  # written for a person to send
    "deferred",  # not taken now; it may be tried again
    "refused",  # not taken, for good
    "unknown",  # it left, and no answer came: it may have arrived
]


Leaving = Callable[[Sequence[str]], None]


class Delivery(NamedTuple):
    """What became of a message for one address. `reply` is the other side's answer, where there is one."""

    address: str
    outcome: Outcome
    reply: str = ""


class Transport(ABC):
    """A way to send messages. Used as a context manager around all sends of a run."""

    name: ClassVar[str]
    """What the ledger calls it."""

    needs_sender: ClassVar[bool] = False
    """True where a message must say whom it is from; elsewhere the account does."""

    @abstractmethod
    def send(self, message: Message, recipients: Sequence[str], leaving: Leaving) -> list[Delivery]:
        """Send to some of the message's recipients; one delivery for each of them.

        OkrError where no message can be sent at all (no connection, sign-in refused).
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:  # noqa: B027 (most have nothing to close)
        """Let go of what a run held."""


class Outbox(Transport):
    """Sends nowhere and keeps what it was given: for tests and for trying things out.

    `answers` maps an address to the outcome it gets; all others are sent.
    """

    name = "outbox"

    def __init__(self, answers: dict[str, Outcome] | None = None) -> None:
        self.answers = answers or {}
        self.messages: list[tuple[Message, tuple[str, ...]]] = []

    def send(self, message: Message, recipients: Sequence[str], leaving: Leaving) -> list[Delivery]:
        """Keep the message."""
        leaving(recipients)
        self.messages.append((message, tuple(recipients)))
        return [Delivery(address, self.answers.get(address, "sent")) for address in recipients]
