from __future__ import annotations

import io
import shutil
import zipfile
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import Workbook

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.forget import PERSON_FIELDS, forget
from okr_workbook.actions.mail import send_books
from okr_workbook.actions.reading import read_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.report import write_report
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.live_undo import AreaRecord, CellRecord, Journal, Record
from okr_workbook.errors import UsageError
from okr_workbook.mail.drafts import Drafts
from okr_workbook.mail.ledger import Entry, Ledger, ledger_path
from tests.actions.mail_story import Story, made_once, make_books

__all__ = ["made_once"]  # fixtures
NAME, TODAY = "Ann-Zélie Quux", date(2026, 11, 23)
PLANTED = {
    "members": f"member,team,email\n{NAME},Marketing,quux@okr.test\nBob,RH,bob@okr.test\n",
    "teams": f"team,lead,email,cc\nMarketing,{NAME},quux@okr.test,Bob <bob@okr.test>; Q <quux@okr.test>\n",
    "objectives": f"id,objective,level,team,owner\nO3,Learn,member,Marketing,{NAME}\n",
    "key_results": f"id,objective,key_result,owner,kind,start,target\nKR9,O3,Talks from 0 to 4,{NAME},increase,0,4\n",
    "kpis": f"id,kpi,owner\nk1,Conversion,{NAME}\n",
    "actions": f"id,serves,action,owner,team\nA1,KR9,Give a talk,{NAME},Marketing\n",
    "check_ins": f"date,key_result,value,author\n2026-11-02,KR9,1,{NAME}\n",
}


@pytest.fixture(scope="module")
def planted_once(made_once, tmp_path_factory):
    folder = tmp_path_factory.mktemp("forget") / "story"
    shutil.copytree(made_once, folder)
    path = str(folder / "plan.xlsx")
    for table, content in PLANTED.items():
        fill_book(FileBook(path), table, content.encode())
    refresh_book(FileBook(path), today=TODAY)
    with Ledger(ledger_path(path)) as ledger:
        entry = Entry("one", "book", "Marketing", "2026-H2", 1)
        ledger.prepare(entry, ["quux@okr.test", "bob@okr.test"], "smtp", datetime(2026, 11, 1, tzinfo=UTC))
    return folder


@pytest.fixture
def planted(planted_once, tmp_path):
    return Story(shutil.copytree(planted_once, tmp_path / "story"))


def everything(folder):
    """Every byte beside the planner, archives unpacked."""
    found = {}
    for path in folder.rglob("*"):
        if not path.is_file() or "books" in path.parts:
            continue
        content = path.read_bytes()
        found[str(path)] = content
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(path) as archive:
                found |= {f"{path}!{name}": archive.read(name) for name in archive.namelist()}
    return found


def mentions(folder, *words):
    return sorted(place for place, content in everything(folder).items() for word in words if word.encode() in content)


def test_every_field_for_a_person_is_known():
    assert {table for table, _ in PERSON_FIELDS} >= {
        "teams",
        "objectives",
        "key_results",
        "kpis",
        "actions",
        "check_ins",
    }


def test_no_byte_of_the_person_is_left(planted):
    assert mentions(planted.folder, NAME, "quux")
    report = forget(planted.path, f"  {NAME.upper()} ", today=TODAY)
    assert report.left == ()
    assert (report.cells >= 10, report.backups >= 5, report.sendings) == (True, True, 1)
    assert mentions(planted.folder, NAME, NAME.upper(), "quux") == []


def test_what_buttons_remember_of_the_person_goes_and_the_rest_stays(planted, tmp_path):
    folder = tmp_path / "undo"
    written = {"with": f"Ask {NAME.upper()}!", "by address": "quux@okr.test", "like": f"{NAME}ette", "without": "Bob"}
    for owner, text in written.items():
        cell = CellRecord((1, 0), None, text)
        Journal(owner, str(folder)).keep(Record("refresh", (AreaRecord("actions", is_table=True, cells=(cell,)),)))
    (folder / "broken.json").write_text("{")
    forget(planted.path, NAME, today=TODAY, buttons_folder=str(folder))
    assert [owner for owner in written if Journal(owner, str(folder)).last()] == ["like", "without"]
    assert (folder / "broken.json").exists()


def test_what_the_person_did_stays(planted):
    forget(planted.path, NAME, today=TODAY)
    _, parsed = read_planner(FileBook(planted.path))
    planner = parsed.planner
    assert [row.member for row in planner.members] == ["Bob"]
    assert [(row.lead, row.cc) for row in planner.teams if row.team == "Marketing"] == [("", "Bob <bob@okr.test>")]
    assert [(row.key_result, row.owner) for row in planner.key_results if row.id == "KR9"] == [
        ("Talks from 0 to 4", "")
    ]
    assert [(row.value, row.author) for row in planner.check_ins if row.key_result == "KR9"] == [(1.0, "")]
    assert not [row for row in planner.history if row.level == "member" and row.id == NAME]
    with Ledger(ledger_path(planted.path)) as ledger:
        assert [one.address for one in ledger.sendings()] == ["bob@okr.test"]


def test_a_person_may_be_named_by_mail_address(planted):
    report = forget(planted.path, "QUUX@okr.test", today=TODAY)
    assert (report.person, report.sendings) == (NAME, 1)
    assert mentions(planted.folder, NAME, "quux") == []


def test_sentences_people_wrote_are_named_and_not_rewritten(planted):
    fill_book(FileBook(planted.path), "actions", f"id,comment\nA1,Ask {NAME} for the slides\n".encode())
    report = forget(planted.path, NAME, today=TODAY)
    assert report.left == ("Actions",)
    _, parsed = read_planner(FileBook(planted.path))
    assert [row.comment for row in parsed.planner.actions] == [f"Ask {NAME} for the slides"]


class TestFilesBeside:
    """Team workbooks, drafts and pages that still hold the person are named, and nothing in them is touched."""

    @pytest.fixture
    def beside(self, planted):
        folder = planted.folder
        shutil.rmtree(folder / "books")
        make_books(planted.path, folder / "2026" / "books", revision=2)  # of the person's team
        send_books(planted.path, str(folder / "2026" / "books"), Drafts(folder / "drafts"), clock=planted.clock)
        (folder / "returned").mkdir()
        shutil.copy(folder / "2026" / "books" / "RH.xlsx", folder / "returned" / "RH.xlsx")  # of another team
        write_report(planted.path, str(folder / "page.html"), today=TODAY)
        shutil.copy(planted.path, folder / "copy.xlsx")
        return planted

    @pytest.mark.parametrize("dry_run", [True, False])
    def test_they_are_named_by_folder(self, beside, dry_run):
        report = forget(beside.path, NAME, today=TODAY, dry_run=dry_run)
        assert report.beside == ("2026/books", "copy.xlsx", "drafts", "page.html")

    def test_they_are_left_alone(self, beside):
        before = {path: path.read_bytes() for path in beside.folder.glob("*/**/*.*") if ".okr" not in path.parts}
        forget(beside.path, NAME, today=TODAY)
        assert {path: path.read_bytes() for path in before} == before

    def test_a_draft_whose_workbook_alone_names_the_person(self, beside):
        folder = beside.folder / "of one"
        folder.mkdir()
        for team in ("Marketing", "RH"):
            mail = EmailMessage()
            mail["Message-ID"] = "<okr.1@okr.test>"
            mail.set_content("Hello")
            book = (beside.folder / "2026" / "books" / f"{team}.xlsx").read_bytes()
            mail.add_attachment(book, maintype="application", subtype="octet-stream", filename=f"{team}.xlsx")
            (folder / "draft.eml").write_bytes(mail.as_bytes())
            found = forget(beside.path, NAME, today=TODAY, dry_run=True).beside
            assert ("of one" in found) == (team == "Marketing")

    def test_other_files_and_deeper_folders_are_not_looked_into(self, planted):
        folder = planted.folder
        shutil.rmtree(folder / "books")
        for place in (folder / "a" / "b" / "c", folder / ".hidden"):
            place.mkdir(parents=True)
            shutil.copy(planted.path, place / "copy.xlsx")
        (folder / "notes.html").write_text(f"<p>{NAME}", encoding="utf-8")
        (folder / "letter.eml").write_text(f"To: {NAME} <x@okr.test>\n\nHello", encoding="utf-8")
        book = Workbook()
        book.active["A1"] = NAME
        book.save(folder / "own.xlsx")
        (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
        assert forget(planted.path, NAME, today=TODAY).beside == ()


def test_a_dry_run_changes_no_byte(planted):
    before = everything(planted.folder)
    report = forget(planted.path, NAME, today=TODAY, dry_run=True)
    assert report.cells >= 10
    assert everything(planted.folder) == before


def test_somebody_nobody_knows(planted):
    before = Path(planted.path).read_bytes()
    with pytest.raises(UsageError, match="person_unknown"):
        forget(planted.path, "Quu", today=TODAY)
    assert Path(planted.path).read_bytes() == before


def test_forgetting_twice_finds_nobody_the_second_time(planted):
    forget(planted.path, NAME, today=TODAY)
    with pytest.raises(UsageError, match="person_unknown"):
        forget(planted.path, NAME, today=TODAY)
