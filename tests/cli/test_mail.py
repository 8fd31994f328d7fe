"""`okr mail`, `okr status` and `okr forget` as people type them."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest

from okr_workbook.actions.mail import send_books
from okr_workbook.cli import main
from okr_workbook.labels import labels_for
from okr_workbook.mail.ledger import BookReturned
from okr_workbook.mail.transport import Outbox
from tests.actions.mail_story import made_once, story
from tests.actions.planner_files import TeamBook
from tests.mail.answers import record_answer

__all__ = ["made_once", "story"]  # fixtures


@pytest.fixture
def okr(capsys):
    """Runs a command: exit status, standard output (parsed where it is JSON), standard error."""

    def run(*arguments):
        status = main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if "--json" in arguments else out, err

    return run


def test_drafts_lie_beside_the_planner_unless_told_otherwise(okr, story):
    status, out, _ = okr("mail", story.path, "--books", story.books)
    assert status == 0
    assert "Marketing: a draft lies ready (ann@okr.test, bob@okr.test)" in out
    drafts = sorted((story.folder / "drafts").iterdir())
    assert [path.name for path in drafts] == ["Marketing.eml", "RH.eml"]
    assert message_from_bytes(drafts[0].read_bytes(), policy=policy.default)["X-Unsent"] == "1"


def test_json_and_nothing_else_on_standard_output(okr, story):
    status, found, _ = okr("mail", story.path, "--books", story.books, "--dry-run", "--json")
    assert status == 0
    assert [(one["team"], one["outcome"]) for one in found["messages"]] == [
        ("Marketing", "would_send"),
        ("RH", "would_send"),
    ]


def test_a_bad_address_is_named_with_its_cell_and_what_to_type(okr, story):
    story.fill("teams", 'team,email\nRH,"Doe, John <j@okr.test>"\n')
    status, out, _ = okr("mail", story.path, "--books", story.books)
    assert status == 1
    assert "Teams!" in out
    assert '"Doe, John" <john@example.com>' in out
    assert not (story.folder / "drafts").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--smtp", "smtp://ann:s3cret@mail.okr.test"], 2, "OKR_SMTP_PASSWORD"),
        (["--smtp", "smtp://mail.okr.test?starttls=never"], 2, "mail.okr.test"),
        (["--smtp", "smtp://127.0.0.1:1?starttls=never"], 1, "No connection to 127.0.0.1, port 1"),
        (["--team", "Sales"], 2, "Sales"),
        (["--drafts", "a", "--outlook"], 2, "not allowed with"),
    ],
)
def test_what_cannot_work_is_told_in_a_sentence(okr, story, arguments, status, words):
    found, _, err = okr("mail", story.path, "--books", story.books, "--lang", "en", *arguments)
    assert found == status
    assert words in err
    assert "s3cret" not in err


@pytest.mark.parametrize(
    ("language", "outdated", "filled_in", "anew", "first"),
    [
        ("en", "RH: not sent, the plan has changed since", "Marketing: not sent, its workbook was filled in since",
         "Make the workbooks anew, then send: okr teams {path} --out {books}",
         "collected first: okr collect {path} {books}."),
        ("fr", "RH\u00a0: pas envoyé, le plan a changé depuis", "Marketing\u00a0: pas envoyé, son classeur a été rempli depuis",
         "Recréez les classeurs, puis envoyez\u00a0: okr teams {path} --out {books}",
         "Fusionnez d’abord ce qui a été rempli\u00a0: okr collect {path} {books}."),
    ],
)  # fmt: skip
def test_a_book_that_must_not_go_is_named_with_the_way_out(okr, story, language, outdated, filled_in, anew, first):
    okr("mail", story.path, "--books", story.books)  # drafts that lie there already are no replies
    story.fill("key_results", "id,target\nKR3,6\n")
    book = TeamBook(f"{story.books}/Marketing.xlsx")
    book.save(f"{story.books}/Marketing.xlsx")
    status, out, _ = okr("mail", story.path, "--books", story.books, "--lang", language)
    assert status == 1
    for words in (outdated, filled_in, anew, first):
        assert words.format(path=story.path, books=story.books) in out
    assert ".eml" not in out


def test_status_after_drafts(okr, story):
    okr("mail", story.path, "--books", story.books)
    status, found, _ = okr("status", story.path, "--json")
    assert status == 0
    assert [(one["team"], one["state"], one["owes_answer"]) for one in found["teams"]] == [
        ("Marketing", "draft", True), ("RH", "draft", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "RH: no workbook made yet · no value yet for KR3\n",
         "RH: sent on {sent} · answer expected by {due} · no new value for KR3\n"),
        ("fr", "RH\u00a0: pas encore de classeur · pas encore de valeur pour KR3\n",
         "RH\u00a0: envoyé le {sent} · réponse attendue d’ici au {due} · pas de nouvelle valeur pour KR3\n"),
    ],
)  # fmt: skip
def test_status_in_a_line_a_team(okr, story, language, before, after):
    assert before in okr("status", story.path, "--lang", language)[1]
    story.now = datetime.now().astimezone()
    send_books(story.path, story.books, Outbox(), clock=story.clock)
    assert said_of(story, language, after) in okr("status", story.path, "--lang", language)[1]


@pytest.mark.parametrize(
    ("language", "overdue", "answered"),
    [
        ("en", "RH: sent on {sent} · overdue: answer expected by {due} · ", "RH: answered on {today} · sent on {sent} · "),
        ("fr", "RH\u00a0: envoyé le {sent} · en retard\u00a0: réponse attendue d’ici au {due} · ",
         "RH\u00a0: a répondu le {today} · envoyé le {sent} · "),
    ],
)  # fmt: skip
def test_status_says_what_is_overdue_and_when_an_answer_came(okr, story, language, overdue, answered):
    story.now = datetime.now().astimezone() - timedelta(days=8)
    send_books(story.path, story.books, Outbox(), clock=story.clock)
    assert said_of(story, language, overdue) in okr("status", story.path, "--lang", language)[1]
    record_answer(story.path, BookReturned("RH", "2026-H2", 1, datetime.now().astimezone(), "RH.xlsx"))
    assert said_of(story, language, answered) in okr("status", story.path, "--lang", language)[1]


def said_of(story, language, text):
    """A line of the status, with the days of a book that was sent at the story's moment."""
    date, sent = labels_for(language).date, story.now.date()
    return text.format(sent=date(sent), due=date(sent + timedelta(days=7)), today=date(datetime.now().date()))


def test_a_file_left_out_is_named_as_the_language_writes_it(okr, story):
    (story.folder / "books" / "notes.xlsx").write_bytes(b"no workbook")
    for language, sign in (("en", "notes.xlsx: "), ("fr", "notes.xlsx\u00a0: ")):
        assert sign in okr("mail", story.path, "--books", story.books, "--dry-run", "--lang", language)[1]


@pytest.mark.parametrize(
    ("language", "no_address", "nothing_owed"),
    [("en", "RH: no address that can be used\n", "RH: owes no answer\n"),
     ("fr", "RH\u00a0: pas d’adresse utilisable\n", "RH\u00a0: ne doit pas de réponse\n")],
)  # fmt: skip
def test_where_nobody_is_written_to_no_bracket_stands(okr, story, language, no_address, nothing_owed):
    story.fill("teams", "team,email\nRH,\n")
    dry = ("mail", story.path, "--books", story.books, "--dry-run", "--lang", language)
    assert no_address in okr(*dry)[1]
    assert nothing_owed in okr(*dry, "--remind")[1]


def test_the_printouts_beside_the_books_are_no_books_to_send_and_nothing_to_collect(okr, story):
    okr("teams", story.path, "--out", story.books, "--sheets")
    assert (story.folder / "books" / "Teams.xlsx").exists()
    status, found, _ = okr("mail", story.path, "--books", story.books, "--dry-run", "--json")
    assert (status, found["left_out"], len(found["messages"])) == (0, [], 2)
    status, found, _ = okr("collect", story.path, story.books, "--json")
    assert (status, found["refused"], len(found["books"])) == (0, [], 2)


def test_forgetting_says_what_it_did_and_that_it_is_for_good(okr, story):
    status, out, _ = okr("forget", story.path, "Zoé", "--lang", "en")
    assert status == 1  # a team workbook is still to be deleted
    assert "This cannot be undone." in out
    assert (
        "The person still stands in files beside the planner: books. Delete them, or make them anew; in other planners, run okr forget as well."
        in out
    )
    status, _, err = okr("forget", story.path, "Zoé", "--lang", "en")
    assert status == 2
    assert "is nowhere in this planner" in err


def test_the_person_may_be_named_before_the_file(okr, story):
    shutil.rmtree(story.books)
    status, found, _ = okr("forget", "Zoé", story.path, "--json")
    assert (status, found["person"], found["beside"]) == (0, "Zoé", [])
    status, _, err = okr("forget", "Zoé", str(story.folder / "missing.xlsx"), "--lang", "en")
    assert status == 2
    assert "There is no file" in err
