from __future__ import annotations

import json
import re
import shutil
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from okr_workbook.actions.mail import send_books
from okr_workbook.actions.mail_preparation import Wanted
from okr_workbook.actions.mail_report import mail_json
from okr_workbook.actions.planned_teams import planned_teams
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.status import read_ledger
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.team_book import make_team_book
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import area
from okr_workbook.mail.drafts import Drafts
from okr_workbook.mail.ledger import BookReturned, Ledger, ledger_path
from okr_workbook.mail.passwords import Secret
from okr_workbook.mail.smtp import Smtp
from okr_workbook.mail.smtp_url import SmtpServer
from okr_workbook.mail.transport import Outbox, Transport
from tests.actions.mail_story import made_once, make_books, story
from tests.actions.planner_files import TeamBook
from tests.mail.answers import record_answer
from tests.mail.conftest import certificates
from tests.mail.peer import PASSWORD, Script, peer

__all__ = ["certificates", "made_once", "story"]  # fixtures


def run(story, transport, **wanted):
    return send_books(story.path, story.books, transport, Wanted(**wanted), clock=story.clock, wait=story.wait)


def outcomes(report):
    return {line.team: line.outcome for line in report.lines}


def sent_to(outbox):
    return [to for _, to in outbox.messages]


def test_each_team_gets_its_own_book_in_its_own_language(story):
    outbox = Outbox()
    report = run(story, outbox)
    assert outcomes(report) == {"Marketing": "sent", "RH": "sent"}
    marketing, rh = (message for message, _ in outbox.messages)
    assert sent_to(outbox) == [("ann@okr.test", "bob@okr.test"), ("zoe@okr.test",)]
    assert (marketing.language, rh.language) == ("en", "fr")
    assert rh.subject == "OKR S2 2026 · RH\u00a0: à remplir d’ici au 30 novembre 2026"
    for message, team in ((marketing, "Marketing"), (rh, "RH")):
        assert message.attachment == (f"{team}.xlsx", (Path(story.books) / f"{team}.xlsx").read_bytes())
        assert [str(one) for one in message.reply_to] == ["boss@okr.test"]
    assert "Recruter" not in marketing.text + marketing.html
    assert "Trials" not in rh.text + rh.html


def test_a_book_goes_out_as_it_was_read_whatever_becomes_of_its_file(story, monkeypatch):
    content = (Path(story.books) / "RH.xlsx").read_bytes()

    def books_gone(path):
        shutil.rmtree(story.books)
        return read_ledger(path)

    monkeypatch.setattr("okr_workbook.actions.mail.read_ledger", books_gone)
    outbox = Outbox()
    assert outcomes(run(story, outbox, teams=("RH",))) == {"RH": "sent"}
    assert outbox.messages[0][0].attachment.content == content


def test_what_was_typed_and_not_yet_refreshed_counts_as_it_does_in_the_book(story):
    story.fill("key_results", "id,current\nKR3,5\n")
    make_books(story.path, Path(story.books), revision=2)
    outbox = Outbox()
    run(story, outbox, teams=("RH",))
    assert "RH en est à 100\u00a0%" in outbox.messages[0][0].text


def test_the_same_books_again_go_to_nobody(story):
    run(story, Outbox())
    again = Outbox()
    assert outcomes(run(story, again)) == {"Marketing": "already_sent", "RH": "already_sent"}
    assert again.messages == []


def test_an_address_written_in_another_case_gets_nothing_twice(story):
    run(story, Outbox())
    story.fill("teams", "team,email,cc\nMarketing,Ann@OKR.test,BOB@okr.test\n")
    again = Outbox()
    assert outcomes(run(story, again, dry_run=True))["Marketing"] == "already_sent"
    assert outcomes(run(story, again))["Marketing"] == "already_sent"
    assert again.messages == []


def test_a_new_revision_goes_out_under_a_new_id(story):
    first, second = Outbox(), Outbox()
    run(story, first)
    make_books(story.path, Path(story.books), revision=2)
    assert outcomes(run(story, second)) == {"Marketing": "sent", "RH": "sent"}
    ids = {message.message_id for message, _ in first.messages + second.messages}
    assert len(ids) == 4


def test_the_id_of_a_book_stays_the_same_whoever_asks(story):
    first, second = Outbox(), Outbox()
    run(story, first)
    shutil.rmtree(Path(story.path).parent / ".okr")
    story.later(days=1)
    run(story, second)
    assert [one.message_id for one, _ in first.messages] == [one.message_id for one, _ in second.messages]


def test_a_dry_run_says_who_would_get_what_and_leaves_no_trace(story):
    outbox = Outbox()
    report = run(story, outbox, dry_run=True)
    assert outcomes(report) == {"Marketing": "would_send", "RH": "would_send"}
    assert [one.address for one in report.lines[0].addresses] == ["ann@okr.test", "bob@okr.test"]
    assert outbox.messages == []
    assert not ledger_path(story.path).exists()


def test_a_dry_run_after_a_run_says_what_is_done(story):
    run(story, Outbox({"zoe@okr.test": "unknown"}))
    assert outcomes(run(story, Outbox(), dry_run=True)) == {"Marketing": "already_sent", "RH": "unknown"}
    again = run(story, Outbox(), dry_run=True, resend=("unknown",))
    assert outcomes(again) == {"Marketing": "already_sent", "RH": "would_send"}


def test_one_team_only(story):
    outbox = Outbox()
    assert outcomes(run(story, outbox, teams=("rh",))) == {"RH": "sent"}
    with pytest.raises(UsageError, match="team_unknown"):
        run(story, outbox, teams=("Sales",))


class TestAddressesAreCheckedBeforeTheFirstMessage:
    @pytest.mark.parametrize(
        ("table", "content", "code"),
        [
            ("teams", "team,email\nRH,zoe@\n", "email_not_an_address"),
            ("teams", 'team,cc\nRH,"Doe, John <j@okr.test>"\n', "email_comma_in_name"),
            ("settings", "name,value\nmail_reply_to,boss\n", "email_not_an_address"),
            ("settings", "name,value\nmail_from,a@okr.test; b@okr.test\n", "several_senders"),
        ],
    )
    def test_one_bad_cell_and_nobody_gets_anything(self, story, table, content, code):
        story.fill(table, content)
        outbox = Outbox()
        report = run(story, outbox)
        assert (outbox.messages, report.has_errors) == ([], True)
        (problem,) = report.problems
        assert problem.code == code
        assert story.value_at(problem.cell) == content.splitlines()[1].partition(",")[2].strip('"')
        assert not ledger_path(story.path).exists()

    def test_a_team_without_an_address_does_not_keep_the_others_waiting(self, story):
        story.fill("teams", "team,email\nRH,\n")
        report = run(story, Outbox())
        assert outcomes(report) == {"Marketing": "sent", "RH": "no_address"}
        assert [one.code for one in report.problems] == ["team_without_email"]
        assert not report.has_errors

    def test_a_server_wants_to_know_the_sender_and_a_draft_does_not(self, story):
        story.fill("settings", "name,value\nmail_from,\n")
        assert outcomes(run(story, Drafts(story.folder / "drafts"))) == {"Marketing": "draft", "RH": "draft"}
        report = run(story, Smtp(SmtpServer("127.0.0.1", 1, "none")))
        assert [one.code for one in report.problems] == ["no_sender"]


class TestBooks:
    def test_a_team_without_a_book_is_told(self, story):
        (Path(story.books) / "RH.xlsx").unlink()
        assert outcomes(run(story, Outbox())) == {"Marketing": "sent", "RH": "no_book"}

    def test_the_stamp_tells_whose_a_book_is_whatever_its_name(self, story):
        books = Path(story.books)
        (books / "RH.xlsx").rename(books / "Marketing (1).xlsx")
        outbox = Outbox()
        run(story, outbox)
        assert [one.attachment.name for one, _ in outbox.messages] == ["Marketing.xlsx", "Marketing (1).xlsx"]

    def test_other_files_are_named_and_left_out(self, story):
        books = Path(story.books)
        (books / "notes.xlsx").write_bytes(b"not a workbook")
        (books / "~$RH.xlsx").write_bytes(b"lock")
        shutil.copy(story.path, books / "plan.xlsx")
        report = run(story, Outbox())
        assert outcomes(report) == {"Marketing": "sent", "RH": "sent"}
        assert sorted(one.file for one in report.left_out) == ["notes.xlsx", "plan.xlsx"]

    def test_of_two_books_of_a_team_the_newer_goes(self, story):
        books = Path(story.books)
        (books / "RH.xlsx").rename(books / "A older.xlsx")
        make_books(story.path, books, revision=2)
        report = run(story, Outbox())
        assert [line.revision for line in report.lines] == [2, 2]
        assert [(one.file, one.error.code) for one in report.left_out] == [("A older.xlsx", "book_older")]

    def test_a_book_of_another_period_stays(self, story):
        story.fill("settings", "name,value\nperiod,2027-H1\n")
        report = run(story, Outbox())
        assert outcomes(report) == {"Marketing": "no_book", "RH": "no_book"}
        assert {one.error.code for one in report.left_out} == {"book_of_another_plan"}

    def test_a_folder_that_is_not_there(self, story):
        shutil.rmtree(story.books)
        with pytest.raises(UsageError, match="books_folder_missing"):
            run(story, Outbox())


class TestWhatBecameOfIt:
    @pytest.mark.parametrize(
        ("answers", "outcome", "errors"),
        [
            ({}, "sent", False),
            ({"bob@okr.test": "refused"}, "partly_sent", True),
            ({"ann@okr.test": "refused", "bob@okr.test": "refused"}, "refused", True),
            ({"ann@okr.test": "unknown", "bob@okr.test": "unknown"}, "unknown", True),
            ({"ann@okr.test": "deferred", "bob@okr.test": "deferred"}, "deferred", True),
        ],
    )
    def test_in_one_word(self, story, answers, outcome, errors):
        report = run(story, Outbox(answers), teams=("Marketing",))
        assert outcomes(report) == {"Marketing": outcome}
        assert report.has_errors is errors

    def test_what_is_unknown_or_refused_is_sent_again_only_when_a_person_says_so(self, story):
        run(story, Outbox({"ann@okr.test": "unknown", "zoe@okr.test": "refused"}))
        for wanted, expected in (
            ({}, []),
            ({"resend": ("unknown",)}, [("ann@okr.test",)]),
            ({"resend": ("refused",)}, [("zoe@okr.test",)]),
            ({"resend": ("unknown", "refused")}, []),
        ):
            outbox = Outbox()
            run(story, outbox, **wanted)
            assert sent_to(outbox) == expected

    def test_a_server_that_goes_away_ends_the_run_and_the_next_one_finishes_it(self, story):
        class Leaving(Outbox):
            def send(self, message, recipients, leaving):
                if self.messages:
                    raise OkrError("smtp_no_connection", host="h", port="25", reason="down")
                return super().send(message, recipients, leaving)

        report = run(story, Leaving())
        assert outcomes(report) == {"Marketing": "sent", "RH": "prepared"}
        assert (report.stopped.code, report.has_errors) == ("smtp_no_connection", True)
        assert outcomes(run(story, Outbox())) == {"Marketing": "already_sent", "RH": "sent"}

    def test_where_nothing_is_due_no_connection_is_made(self, story):
        class Closed(Transport):
            name = "closed"

            def __enter__(self):
                raise AssertionError

            def send(self, message, recipients, leaving):
                raise AssertionError

        run(story, Outbox())
        assert outcomes(run(story, Closed())) == {"Marketing": "already_sent", "RH": "already_sent"}

    def test_what_an_earlier_run_left_on_its_way_is_reported_and_not_sent_again(self, story):
        class Dying(Outbox):
            def send(self, message, recipients, leaving):
                leaving(recipients)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(story, Dying())
        outbox = Outbox()
        report = run(story, outbox)
        assert report.interrupted == 2  # two addresses of one message
        assert outcomes(report) == {"Marketing": "unknown", "RH": "sent"}


class TestReminders:
    def test_only_those_who_owe_an_answer_are_reminded_once_a_day(self, story):
        sent = Outbox()
        run(story, sent)
        record_answer(story.path, BookReturned("RH", "2026-H2", 1, story.now, "RH.xlsx"))
        story.later(days=8)
        outbox = Outbox()
        report = run(story, outbox, remind=True)
        assert outcomes(report) == {"Marketing": "sent", "RH": "nothing_owed"}
        ((message, _),) = outbox.messages
        assert message.subject.startswith("Reminder: OKR H2 2026 · Marketing")
        assert "Your workbook of 23 November 2026 has not come back yet." in message.text
        assert message.in_reply_to == sent.messages[0][0].message_id
        assert sent.messages[0][0].in_reply_to == ""
        assert message.attachment.name == "Marketing.xlsx"
        assert outcomes(run(story, Outbox(), remind=True))["Marketing"] == "already_sent"
        story.later(days=1)
        assert outcomes(run(story, Outbox(), remind=True))["Marketing"] == "sent"

    def test_who_was_sent_nothing_owes_nothing(self, story):
        assert outcomes(run(story, Outbox(), remind=True)) == {"Marketing": "nothing_owed", "RH": "nothing_owed"}

    def test_a_draft_of_a_reminder_does_not_replace_the_books(self, story):
        drafts = Drafts(story.folder / "drafts")
        run(story, drafts)
        story.later(days=8)
        run(story, drafts, remind=True, teams=("RH",))
        assert sorted(path.name for path in drafts.folder.iterdir()) == [
            "Marketing.eml", "RH 2026-12-01.eml", "RH.eml",
        ]  # fmt: skip


class TestABookThatMustNotGo:
    """A book that is not what the planner says, or that holds answers, is named and stays."""

    @pytest.mark.parametrize(
        ("table", "rows", "expected"),
        [
            ("check_ins", "date,key_result,value,author\n2026-11-23,KR1,45,Ann\n", {"Marketing"}),  # on the books' day
            ("check_ins", "date,key_result,value,author\n2026-11-20,KR1,45,Ann\n", {"Marketing"}),  # before it
            ("check_ins", "date,key_result,value,author\n2026-11-24,KR1,45,Ann\n", {"Marketing"}),  # the day after
            ("key_results", "id,current\nKR1,45\n", {"Marketing"}),  # typed, not refreshed yet
            ("key_results", "id,target\nKR3,6\n", {"RH"}),
            ("key_results", "id,owner\nKR3,Léa\n", {"RH"}),
            ("objectives", "id,parent\nO2,O1\n", set()),  # no book shows it
            ("settings", "name,value\non_track_gap,0.2\n", {"Marketing", "RH"}),
            ("settings", "name,value\nmail_from,other@okr.test\n", set()),
            ("members", "member,team\nBob,Marketing\n", {"Marketing"}),
        ],
    )
    def test_the_plan_has_changed_since_it_was_made(self, story, table, rows, expected):
        story.fill(table, rows)
        story.later(days=1)
        outbox = Outbox()
        report = run(story, outbox)
        assert {team for team, outcome in outcomes(report).items() if outcome == "outdated"} == expected
        assert len(outbox.messages) == 2 - len(expected)
        assert report.has_errors == bool(expected)

    def test_days_and_refreshes_that_change_nothing_do_no_harm(self, story):
        for days in (0, 1, 5):
            story.later(days)
            refresh_book(FileBook(story.path), today=story.now.date())
            assert outcomes(run(story, Outbox(), dry_run=True)) == {"Marketing": "would_send", "RH": "would_send"}

    def test_a_typed_value_that_the_book_has_and_a_refresh_then_logs_is_no_change(self, story):
        story.fill("key_results", "id,current\nKR3,5\n")
        make_books(story.path, Path(story.books), revision=2)
        refresh_book(FileBook(story.path), today=story.now.date())
        assert outcomes(run(story, Outbox())) == {"Marketing": "sent", "RH": "sent"}

    def test_books_made_anew_go(self, story):
        story.fill("key_results", "id,target\nKR3,6\n")
        make_books(story.path, Path(story.books), revision=2)
        assert outcomes(run(story, Outbox())) == {"Marketing": "sent", "RH": "sent"}

    def test_it_was_filled_in(self, story):
        book = TeamBook(Path(story.books) / "RH.xlsx")
        book.type("key_results", "KR3", "Nouvelle valeur", 4)
        book.save(Path(story.books) / "RH.xlsx")
        for dry_run in (True, False):
            outbox = Outbox()
            report = run(story, outbox, dry_run=dry_run)
            assert (outcomes(report)["RH"], report.has_errors) == ("filled_in", True)
            assert sent_to(outbox) == ([] if dry_run else [("ann@okr.test", "bob@okr.test")])

    def test_what_was_sent_already_is_not_told_again(self, story):
        run(story, Outbox())
        story.fill("key_results", "id,target\nKR3,6\n")
        report = run(story, Outbox())
        assert (outcomes(report)["RH"], report.has_errors) == ("already_sent", False)
        story.later(days=8)
        assert outcomes(run(story, Outbox(), remind=True))["RH"] == "outdated"  # a reminder would bring it again

    def test_an_answered_book_is_no_longer_looked_at(self, story):
        drafts = Drafts(story.folder / "drafts")
        run(story, drafts)
        record_answer(story.path, BookReturned("RH", "2026-H2", 1, story.now, "RH.xlsx"))
        story.fill("check_ins", "date,key_result,value,author\n2026-11-23,KR3,4,Zoé\n2026-11-23,KR1,45,Ann\n")
        report = run(story, drafts)
        assert outcomes(report) == {"Marketing": "outdated", "RH": "already_sent"}
        assert [line.draft for line in report.lines] == ["", ""]
        make_books(story.path, Path(story.books), revision=2)
        assert outcomes(run(story, drafts)) == {"Marketing": "draft", "RH": "draft"}

    def test_nobody_is_connected_to_for_it(self, story):
        story.fill("settings", "name,value\non_track_gap,0.2\n")
        report = run(story, Smtp(SmtpServer("localhost", 1), None, timeout=1))
        assert (set(outcomes(report).values()), report.stopped) == ({"outdated"}, None)


def test_old_entries_are_forgotten_where_the_planner_says_so(story):
    story.fill("settings", "name,value\nforget_after_days,30\n")
    run(story, Outbox())
    make_books(story.path, Path(story.books), revision=2)
    story.later(days=40)
    run(story, Outbox())
    with Ledger(ledger_path(story.path)) as ledger:
        assert {one.entry.revision for one in ledger.sendings()} == {2}


def test_more_days_than_the_calendar_has_forget_nothing(story):
    story.fill("settings", "name,value\nforget_after_days,9000000\n")
    run(story, Outbox())
    with Ledger(ledger_path(story.path)) as ledger:
        assert ledger.sendings()


def test_the_password_is_in_no_file_report_or_message(story, certificates):
    script = Script(rcpt={"bob@okr.test": "550 no"})
    with peer(script, certificates) as server:
        address = SmtpServer("localhost", server.port, user="okr@okr.test", ca=certificates.ca)
        report = run(story, Smtp(address, lambda: Secret(PASSWORD), timeout=5))
    assert outcomes(report) == {"Marketing": "partly_sent", "RH": "sent"}
    words = [str(report).encode(), *(path.read_bytes() for path in story.folder.rglob("*") if path.is_file())]
    words += [envelope.original_content for envelope in script.taken]
    assert all(PASSWORD.encode() not in content for content in words)


def test_the_report_is_json_with_a_sentence_for_each_outcome(story):
    found = json.loads(json.dumps(mail_json(run(story, Outbox()))))
    assert found["messages"][0]["addresses"][0] == {"address": "ann@okr.test", "state": "sent", "reply": ""}
    assert {line["outcome"] for line in found["messages"]} == {"sent"}
    assert area("en", "mail").keys() == area("fr", "mail").keys()


NASTY = "<img src=x onerror=a> & \r\nBcc: evil@okr.test\r\n\r\n=1+1"


def test_no_text_of_the_planner_adds_a_header_a_recipient_or_a_tag(story):
    quoted = '"' + NASTY.replace('"', '""') + '"'
    story.fill("teams", f"team,lead,email\n{quoted},{quoted},x@okr.test\n")
    story.fill("objectives", f"id,objective,level,team,owner\nO9,{quoted},team,{quoted},{quoted}\n")
    story.fill(
        "key_results", f"id,objective,key_result,owner,kind,start,target\nKR9,O9,{quoted},{quoted},increase,0,5\n"
    )
    story.fill("actions", f"id,serves,action,owner,team\nA9,KR9,{quoted},{quoted},{quoted}\n")
    *_, plan = planned_teams(FileBook(story.path), today=story.now.date()).plans
    (Path(story.books) / "nasty.xlsx").write_bytes(make_team_book(plan, revision=1))
    run(story, Drafts(story.folder / "drafts"))
    got = message_from_bytes((story.folder / "drafts" / "nasty.eml").read_bytes(), policy=policy.default)
    assert (got["To"], got["Cc"], got["Bcc"], len(got.keys())) == ("x@okr.test", None, None, 10)
    page = got.get_body(("html",)).get_content()
    assert "<img" not in page
    assert "&lt;img src=x onerror=a&gt; &amp; Bcc: evil@okr.test =1+1" in page


def test_the_example_of_the_guide_runs(story, monkeypatch, capsys):
    guide = (Path(__file__).parents[2] / "docs" / "mail.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    monkeypatch.chdir(story.folder)
    exec(compile(example, "docs/mail.md", "exec"), {})
    assert "OKR H2 2026 · Marketing" in capsys.readouterr().out
