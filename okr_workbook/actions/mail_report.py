"""What `okr mail` did, or with `dry_run` would do: records, and their JSON form."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NamedTuple

from okr_workbook.actions.books_to_send import BookLeftOut
from okr_workbook.actions.json_form import problems_json
from okr_workbook.errors import OkrError
from okr_workbook.mail.ledger import State
from okr_workbook.tables.problem_rows import ShownProblem

LineOutcome = Literal[
    "would_send",  # a dry run, or a run refused for its addresses: nothing was tried
    "sent",
    "draft",
    "partly_sent",  # some addresses were refused or are still open
    "deferred",  # the next run tries again
    "refused",
    "unknown",  # it may have arrived: a person must look
    "prepared",  # the run stopped before its turn
    "already_sent",
    "no_address",
    "no_book",
    "filled_in",  # its book holds what somebody typed: it is to be collected first
    "outdated",  # its book is not what the planner says by now: it is to be made anew
    "nothing_owed",  # a reminder for a team that has answered or was sent nothing
]

_TO_BE_SEEN_TO = ("partly_sent", "deferred", "refused", "unknown", "prepared", "filled_in", "outdated")


class AddressLine(NamedTuple):
    """What became of the message at one address; `state` None: nothing was tried."""

    address: str
    state: State | None = None
    reply: str = ""


class MailLine(NamedTuple):
    """One team's message. `book` is its file's name, `draft` where its draft stands."""

    team: str
    outcome: LineOutcome
    addresses: tuple[AddressLine, ...] = ()
    subject: str = ""
    book: str = ""
    revision: int | None = None
    message_id: str = ""
    draft: str = ""


class MailReport(NamedTuple):
    """The run. `interrupted` counts sendings of an earlier run that broke off; `stopped` is what ended this one early."""

    day: date
    language: str
    dry_run: bool
    lines: tuple[MailLine, ...]
    problems: tuple[ShownProblem, ...] = ()
    left_out: tuple[BookLeftOut, ...] = ()
    interrupted: int = 0
    stopped: OkrError | None = None

    @property
    def has_errors(self) -> bool:
        """True where the user must see to something."""
        return bool(
            self.stopped
            or any(line.outcome in _TO_BE_SEEN_TO for line in self.lines)
            or any(one.severity == "error" for one in self.problems)
        )


def mail_json(report: MailReport) -> dict[str, Any]:
    """The report as JSON: ids for outcomes and states, dates as ISO text, None as null."""
    return {
        "day": report.day.isoformat(),
        "dry_run": report.dry_run,
        "messages": [_line_json(line) for line in report.lines],
        "problems": problems_json(report.problems),
        "left_out": [{"file": one.file, "code": one.error.code} for one in report.left_out],
        "interrupted": report.interrupted,
        "stopped": report.stopped.code if report.stopped else None,
    }


def _line_json(line: MailLine) -> dict[str, Any]:
    blank_as_null = {key: value if value != "" else None for key, value in line._asdict().items()}
    return {**blank_as_null, "addresses": [one._asdict() for one in line.addresses]}
