from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from okr_workbook.actions.mail import send_books
from okr_workbook.actions.status import Known, status, status_json, team_statuses
from okr_workbook.domain.scoring import score_planner
from okr_workbook.mail.ledger import BookMade, BookReturned, Entry, Sending, ledger_path
from okr_workbook.mail.transport import Outbox
from tests.actions.mail_story import made_once, story
from tests.builders import a_check_in, a_key_result, a_measure, a_planner, a_team, an_objective
from tests.mail.answers import record_answer

__all__ = ["made_once", "story"]  # fixtures

SENT = datetime(2026, 9, 21, 12, tzinfo=UTC)
AS_OF = date(2026, 9, 30)


def sending(
    state="sent", *, address="ann@okr.test", revision=1, at=SENT, kind="book", period="2026-H2", team="Marketing"
):
    return Sending(Entry(f"{revision}{kind}", kind, team, period, revision), address, state, "smtp", "", at)


def answer(revision=1, at=SENT, **changes):
    return BookReturned("marketing", "2026-H2", revision, at, "Marketing.xlsx")._replace(**changes)


def status_of(*sendings, answers=(), books=(), **tables):
    tables.setdefault("key_results", (a_key_result(),))
    tables.setdefault("objectives", (an_objective(level="team", team="Marketing"),))
    planner = a_planner(teams=(a_team(lead="Ann"),), **tables)
    return team_statuses(planner, score_planner(planner, AS_OF), Known(sendings, answers, books))[0]


@pytest.mark.parametrize(
    ("sendings", "answers", "state"),
    [
        ([], [], "no_book"),
        ([sending()], [], "sent"),
        ([sending("draft")], [], "draft"),
        ([sending("prepared")], [], "prepared"),
        ([sending("deferred")], [], "deferred"),
        ([sending("refused")], [], "refused"),
        ([sending("unknown")], [], "unknown"),
        ([sending("sending")], [], "unknown"),
        ([sending(), sending("refused", address="bob@okr.test")], [], "partly_sent"),
        ([sending()], [answer()], "answered"),
        ([sending("unknown")], [answer()], "answered"),
        ([sending(), sending(revision=2)], [answer()], "sent"),  # the answer is to an older book
        ([sending(), sending(revision=2)], [answer(revision=2)], "answered"),
        ([sending(), sending(kind="reminder")], [], "sent"),
        ([sending(period="2026-H1")], [answer(period="2026-H1")], "no_book"),
        ([sending(team="Sales")], [answer(team="Sales")], "no_book"),
    ],
)
def test_where_a_team_stands(sendings, answers, state):
    assert status_of(*sendings, answers=answers).state == state


def test_a_book_that_was_made_and_not_mailed():
    made = BookMade("Marketing", "2026-H2", 3, SENT, "Marketing.xlsx")
    assert status_of(books=[made])[2:5] == ("made", 3, None)
    assert status_of(books=[made], answers=[answer(revision=3)]).state == "answered"


def test_a_book_handed_over_that_came_back_stays_answered_when_the_books_are_made_anew():
    first, second = (BookMade("Marketing", "2026-H2", number, SENT, "Marketing.xlsx") for number in (3, 4))
    assert status_of(books=[first, second], answers=[answer(revision=3)])[2:4] == ("answered", 3)
    assert status_of(sending(revision=3), books=[first, second], answers=[answer(revision=3)])[2:4] == ("answered", 3)


def test_the_days():
    found = status_of(
        sending(), sending(kind="reminder", at=SENT + timedelta(days=8)), answers=[answer(at=SENT + timedelta(days=9))]
    )
    assert found[4:8] == (date(2026, 9, 21), date(2026, 9, 29), date(2026, 10, 6), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("reminders", "due_on"),
    [
        ([], date(2026, 9, 28)),
        ([sending("draft", kind="reminder", at=SENT + timedelta(days=9))], date(2026, 10, 7)),
        ([sending("refused", kind="reminder", at=SENT + timedelta(days=9))], date(2026, 9, 28)),
        ([sending(kind="reminder", at=SENT + timedelta(days=days)) for days in (9, 12)], date(2026, 10, 10)),
    ],
)
def test_an_answer_is_expected_by_the_day_that_the_last_message_asks_for(reminders, due_on):
    assert status_of(sending(), *reminders).due_on == due_on


@pytest.mark.parametrize(
    ("sendings", "today", "overdue"),
    [([sending()], 28, False), ([sending()], 29, True), ([sending("refused")], 30, False), ([], 30, False)],
)
def test_overdue_from_the_day_after_an_answer_was_expected(sendings, today, overdue):
    assert status_of(*sendings).is_overdue(date(2026, 9, today)) is overdue


class TestWhatIsMissing:
    def test_key_results_without_a_reading_since_the_book_was_sent(self):
        found = status_of(
            sending(),
            key_results=(a_key_result(), a_key_result(id="KR2"), a_key_result(id="KR3")),
            check_ins=[a_check_in(date(2026, 9, 20), 30.0), a_check_in(date(2026, 9, 21), 30.0, key_result="KR2")],
        )
        assert found.missing == ("KR1", "KR3")

    @pytest.mark.parametrize(("answers", "missing"), [([], ("KR1", "KR2")), ([answer()], ("KR2",))])
    def test_an_answer_bears_the_day_of_the_books_figures(self, answers, missing):
        made = BookMade("Marketing", "2026-H2", 1, SENT, "Marketing.xlsx", SENT.date() - timedelta(3))
        readings = [(SENT.date() - timedelta(3), "KR1"), (SENT.date() - timedelta(4), "KR2")]
        found = status_of(
            sending(),
            answers=answers,
            books=[made],
            key_results=(a_key_result(), a_key_result(id="KR2")),
            check_ins=[a_check_in(day, 30.0, key_result=name) for day, name in readings],
        )
        assert found.missing == missing

    def test_before_anything_was_sent_those_that_never_had_one(self):
        found = status_of(
            key_results=(a_key_result(), a_key_result(id="KR2")), check_ins=[a_check_in(date(2026, 7, 20), 30.0)]
        )
        assert found.missing == ("KR2",)

    def test_what_is_done_or_fed_by_a_kpi_is_not_missing(self):
        found = status_of(
            key_results=(a_key_result(), a_key_result(id="KR2", kpi="conversion")),
            check_ins=[a_check_in(date(2026, 7, 20), 100.0)],
        )
        assert found.missing == ()

    def test_measures_whose_figure_of_a_month_that_is_over_has_not_come(self):
        july, august = date(2026, 7, 1), date(2026, 8, 1)
        measures = (
            a_measure("visits", {july: 1.0}, team="Marketing", row_number=1),
            a_measure("calls", {july: 1.0, august: 1.0}, team="Marketing", row_number=2),
            a_measure("hires", {july: 1.0}, team="HR", row_number=3),
        )
        assert status_of(measures=measures).missing == ("KR1", "visits")

    def test_since_when_the_oldest_value_is_too_old(self):
        found = status_of(
            key_results=(a_key_result(), a_key_result(id="KR2")),
            check_ins=[a_check_in(date(2026, 8, 1), 30.0), a_check_in(date(2026, 9, 29), 30.0, key_result="KR2")],
        )
        assert found.stale_since == date(2026, 8, 15)


def test_a_planner_without_a_ledger_has_sent_nothing_and_gets_none(story):
    report = status(story.path, today=date(2026, 11, 23))
    assert [(one.team, one.state, one.missing) for one in report.teams] == [
        ("Marketing", "no_book", ()), ("RH", "no_book", ("KR3",)),
    ]  # fmt: skip
    assert not ledger_path(story.path).exists()


def test_sent_answered_and_overdue_as_json(story):
    send_books(story.path, story.books, Outbox(), clock=story.clock, wait=story.wait)
    record_answer(story.path, BookReturned("RH", "2026-H2", 1, story.now + timedelta(days=2), "RH.xlsx"))
    found = json.loads(json.dumps(status_json(status(story.path, today=date(2026, 12, 2)))))
    assert (found["today"], found["period"]) == ("2026-12-02", "2026-H2")
    marketing, rh = found["teams"]
    assert (marketing["state"], marketing["sent_on"], marketing["due_on"]) == ("sent", "2026-11-23", "2026-11-30")
    assert (marketing["owes_answer"], marketing["overdue"], marketing["missing"]) == (True, True, ["KR1", "KR2"])
    assert (rh["state"], rh["answered_on"], rh["owes_answer"], rh["overdue"]) == (
        "answered",
        "2026-11-25",
        False,
        False,
    )
