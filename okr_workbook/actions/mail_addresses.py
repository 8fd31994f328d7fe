"""Every address of a planner that a run of `okr mail` needs, read before the first message; faults become problems."""

from __future__ import annotations

from typing import NamedTuple

from okr_workbook.domain.planner import Settings, Team
from okr_workbook.domain.problems import Problem
from okr_workbook.mail.addresses import Mailbox, parse_addresses


class Envelope(NamedTuple):
    """Who a team's message is for; nobody twice."""

    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]


class AddressBook:
    """The addresses of the settings and of the teams that were asked for. `problems` grows with each."""

    def __init__(self, settings: Settings, *, needs_sender: bool) -> None:
        self.problems: list[Problem] = []
        self.sender = self._sender(settings, required=needs_sender)
        self.reply_to = self._read(settings.mail_reply_to, "settings", "mail_reply_to", 0, "value")

    def envelope(self, row: Team) -> Envelope:
        """A team's addresses; nobody in `to` where it has none that can be read."""
        to = self._read(row.email, "teams", row.team, row.row_number, "email")
        cc = self._read(row.cc, "teams", row.team, row.row_number, "cc")
        if not row.email.strip():
            self.problems.append(Problem("team_without_email", "warning", "teams", row.team, row.row_number, "email"))
        known = {one.address.casefold() for one in to}
        return Envelope(to, tuple(one for one in cc if one.address.casefold() not in known))

    def _sender(self, settings: Settings, *, required: bool) -> Mailbox | None:
        mailboxes = self._read(settings.mail_from, "settings", "mail_from", 0, "value")
        if len(mailboxes) > 1:
            self.problems.append(Problem("several_senders", "error", "settings", "mail_from", 0, "value"))
        elif required and not settings.mail_from.strip():
            self.problems.append(Problem("no_sender", "error", "settings", "mail_from", 0, "value"))
        return mailboxes[0] if mailboxes else None

    def _read(self, text: str, table: str, row: str, row_number: int, field: str) -> tuple[Mailbox, ...]:
        found = parse_addresses(text)
        self.problems += [
            Problem(fault.code, "error", table, row, row_number, field, {"text": fault.text}) for fault in found.faults
        ]
        return found.mailboxes
