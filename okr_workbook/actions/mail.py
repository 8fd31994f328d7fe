"""Send the teams their books: `okr mail`. Reads the planner and a folder of books, writes the ledger and sends.

First everything is read, written and checked for all teams; only then the first message goes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from okr_workbook.actions.books_to_send import find_books
from okr_workbook.actions.mail_preparation import Preparation, Prepared, Ready, Wanted
from okr_workbook.actions.mail_report import AddressLine, LineOutcome, MailLine, MailReport
from okr_workbook.actions.reading import read_planner, scored
from okr_workbook.actions.status import Known, book_state, read_ledger, team_statuses
from okr_workbook.books.file_book import FileBook
from okr_workbook.errors import OkrError
from okr_workbook.labels import labels_for
from okr_workbook.mail.delivery import Postman
from okr_workbook.mail.ledger import OPEN, Ledger, State, address_key, ledger_path
from okr_workbook.mail.sole_run import sole_run
from okr_workbook.mail.transport import Transport
from okr_workbook.tables.problem_rows import show_problems

_UNTRIED: tuple[State, str] = ("prepared", "")


def send_books(
    path: str,
    books_dir: str,
    transport: Transport,
    wanted: Wanted = Wanted(),  # noqa: B008 (a named tuple, never changed)
    *,
    clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    wait: Callable[[float], None] = time.sleep,
    tell: Callable[[MailLine], None] = lambda _line: None,
    lang: str | None = None,
) -> MailReport:
    """Send each team its book, or a reminder of it; each address at most once for each book.

    Where an address cannot be read, nothing is sent to anybody. `tell` is called after each team. The report's
    problems are in `lang`, or the book's language. OkrError where nothing could be sent at all.
    """
    now = clock()
    grids, parsed = read_planner(FileBook(path))
    planner = parsed.planner
    language = lang or planner.settings.language
    found = find_books(Path(books_dir), planner.settings, planner=path)
    known = read_ledger(path)
    today = scored(planner, planner.settings.as_of or now.date())
    statuses = team_statuses(*today, known)
    prepared = Preparation(planner, today, found, wanted, now).prepare(statuses, needs_sender=transport.needs_sender)
    shown = tuple(show_problems(prepared.problems, grids, parsed.columns, labels_for(language)))
    report = MailReport(now.date(), language, wanted.dry_run, (), shown, found.left_out)
    if wanted.dry_run or any(one.severity == "error" for one in shown):
        return report._replace(lines=_foreseen(prepared, known, wanted))
    place = ledger_path(path)
    with sole_run(place), Ledger(place) as ledger:
        interrupted = ledger.settle_interrupted()
        _reopen(prepared, ledger, wanted, now)
        lines, stopped = _send_all(prepared, ledger, Postman(ledger, transport, clock=clock, wait=wait), tell)
        ledger.forget_after(planner.settings.forget_after_days, now)
    return report._replace(lines=lines, interrupted=interrupted, stopped=stopped)


def _reopen(prepared: Prepared, ledger: Ledger, wanted: Wanted, now: datetime) -> None:
    """Let go again what a person has decided to send again."""
    if wanted.resend:
        for one in prepared.ready.values():
            ledger.reopen(one.entry, wanted.resend, now)


def _send_all(
    prepared: Prepared, ledger: Ledger, postman: Postman, tell: Callable[[MailLine], None]
) -> tuple[tuple[MailLine, ...], OkrError | None]:
    """Every message in turn, and what ended the run early. A run in which nothing is due connects to nobody."""
    lines: list[MailLine] = []
    stopped: OkrError | None = None
    wanted = {team: one.why_held() for team, one in prepared.ready.items() if _is_due(one, ledger)}
    due = {team for team, held in wanted.items() if held is None}
    with postman.transport if due else nullcontext():
        for team, why in prepared.order:
            if team in due and stopped is None:
                try:
                    postman.deliver(prepared.ready[team].entry, prepared.ready[team].message)
                except OkrError as error:
                    stopped = error
            lines.append(
                MailLine(team, why) if why else _settled(prepared.ready[team], ledger, team in due, wanted.get(team))
            )
            tell(lines[-1])
    return tuple(lines), stopped


def _is_due(one: Ready, ledger: Ledger) -> bool:
    states = ledger.states(one.entry)
    return any(states.get(address_key(address), _UNTRIED)[0] in OPEN for address in one.message.recipients)


def _settled(one: Ready, ledger: Ledger, was_due: bool, held: LineOutcome | None) -> MailLine:
    """What became of a message, from the ledger; or why it was held back."""
    states = ledger.states(one.entry)
    addresses = tuple(
        AddressLine(address, *states.get(address_key(address), _UNTRIED)) for address in one.message.recipients
    )
    outcome = held or _outcome([line.state for line in addresses], done_before=not was_due)
    draft = next((line.reply for line in addresses if line.state == "draft"), "")
    return _line(one, outcome, addresses)._replace(draft="" if held else draft)


def _foreseen(prepared: Prepared, known: Known, wanted: Wanted) -> tuple[MailLine, ...]:
    """What a run would do."""
    states = {(one.entry.id, address_key(one.address)): one.state for one in known.sendings}
    lines = []
    for team, why in prepared.order:
        if why:
            lines.append(MailLine(team, why))
            continue
        one = prepared.ready[team]
        addresses = tuple(AddressLine(to, states.get((one.entry.id, address_key(to)))) for to in one.message.recipients)
        due = any(line.state in (None, *OPEN, *wanted.resend) for line in addresses)
        outcome = (one.why_held() or "would_send") if due else _outcome([line.state for line in addresses])
        lines.append(_line(one, outcome, addresses))
    return tuple(lines)


def _outcome(states: Iterable[State | None], *, done_before: bool = True) -> LineOutcome:
    found = book_state(state for state in states if state) or "prepared"
    return "already_sent" if found == "sent" and done_before else found


def _line(one: Ready, outcome: LineOutcome, addresses: tuple[AddressLine, ...]) -> MailLine:
    return MailLine(
        one.entry.team,
        outcome,
        addresses,
        one.message.subject,
        one.book.path.name,
        one.entry.revision,
        one.message.message_id,
    )
