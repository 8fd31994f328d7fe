from __future__ import annotations

import io
import os
import shutil
import zipfile
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import Workbook
from openxml_audit import OpenXmlValidator

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.forget import forget
from okr_workbook.actions.mail import send_books
from okr_workbook.actions.person_in_tables import PERSON_FIELDS, changes_without, person_named
from okr_workbook.actions.reading import read_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.actions.report import write_report
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books import gate
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files.lock import locked
from okr_workbook.books.live.undo import AreaRecord, CellRecord, Journal, Record
from okr_workbook.books.told_answers import read_told, write_told
from okr_workbook.books.traces import without_traces
from okr_workbook.domain.merging.sameness import digest_of
from okr_workbook.domain.merging.told import Giver, Told
from okr_workbook.domain.planner import key_of
from okr_workbook.errors import FileRefusedError, OkrError, UsageError
from okr_workbook.mail.drafts import Drafts
from okr_workbook.mail.ledger import BookReturned, Entry, Ledger, ledger_path
from okr_workbook.mail.sole_run import sole_run
from tests.actions.mail_story import Story, made_once, make_books
from tests.books.crashes import moments_of, run_killed_at
from tests.books.workbooks import edited, parts_of
from tests.mail.answers import record_answer

__all__ = ["made_once"]  # fixtures
MOMENTS = int(os.environ.get("OKR_CRASH_MOMENTS", "8"))
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
    assert OpenXmlValidator().validate(planted.path).is_valid


def test_what_programs_noted_of_the_person_goes_too(planted):
    content = Path(planted.path).read_bytes()
    people = (
        '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        f'<person displayName="{NAME}" id="{{B0B0B0B0-0000-4000-8000-000000000001}}" userId="quux@okr.test"'
        ' providerId="None"/></personList>'
    )
    link = (
        '<Relationship Id="rIdP" Type="http://schemas.microsoft.com/office/2017/10/relationships/person"'
        ' Target="persons/person.xml"/></Relationships>'
    )
    part = '<Override PartName="/xl/persons/person.xml" ContentType="application/vnd.ms-excel.person+xml"/></Types>'
    edits = {
        "xl/_rels/workbook.xml.rels": [("</Relationships>", link)],
        "[Content_Types].xml": [("</Types>", part)],
    }
    Path(planted.path).write_bytes(edited(content, edits, {"xl/persons/person.xml": people.encode()}))
    assert forget(planted.path, NAME, today=TODAY).left == ()
    assert mentions(planted.folder, NAME, "quux") == []
    assert b'displayName="Somebody"' in parts_of(Path(planted.path).read_bytes())["xl/persons/person.xml"]
    assert OpenXmlValidator().validate(planted.path).is_valid


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
        make_team_books(planted.path, str(folder / "printed"), today=TODAY, sheets=True)
        return planted

    @pytest.mark.parametrize("dry_run", [True, False])
    def test_they_are_named_by_folder(self, beside, dry_run):
        report = forget(beside.path, NAME, today=TODAY, dry_run=dry_run)
        assert report.beside == ("2026/books", "copy.xlsx", "drafts", "page.html", "printed")

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


@pytest.mark.parametrize("mark", ["~$plan.xlsx", ".~lock.plan.xlsx#"])
def test_where_the_planner_may_not_be_written_nothing_is_gone(planted, mark):
    before = everything(planted.folder)
    (planted.folder / mark).write_text("somebody")
    with pytest.raises(OkrError, match="file_open_elsewhere"):
        forget(planted.path, NAME, today=TODAY)
    (planted.folder / mark).unlink()
    assert everything(planted.folder) == before


@pytest.mark.parametrize("doing", ["saving", "sending"])
def test_beside_another_run_nothing_is_gone(planted, doing):
    before = everything(planted.folder)
    lock = {"saving": locked(planted.path, notices=[]), "sending": sole_run(ledger_path(planted.path))}[doing]
    with lock, pytest.raises(OkrError, match=r"file_locked|mail_running"):
        forget(planted.path, NAME, today=TODAY)
    (planted.folder / ".okr" / "plan.xlsx.ledger.sending").unlink(missing_ok=True)
    assert everything(planted.folder) == before


def test_an_address_alone_is_taken_out_of_the_fields_for_addresses(planted):
    fill_book(
        FileBook(planted.path),
        "settings",
        b"name,value\nmail_reply_to,QUUX@okr.test; boss@okr.test\nmail_from,quux@okr.test\n",
    )
    assert forget(planted.path, NAME, today=TODAY).left == ()
    _, parsed = read_planner(FileBook(planted.path))
    assert (parsed.planner.settings.mail_reply_to, parsed.planner.settings.mail_from) == ("boss@okr.test", "")
    assert mentions(planted.folder, "quux", "QUUX") == []


def test_an_address_alone_in_a_sentence_is_named(planted):
    fill_book(FileBook(planted.path), "actions", b"id,comment\nA1,Write to quux@okr.test\n")
    assert forget(planted.path, NAME, today=TODAY).left == ("Actions",)


def test_an_address_that_has_a_new_owner_stays_theirs(planted):
    fill_book(FileBook(planted.path), "members", b"member,email\nBob,quux@okr.test\n")
    report = forget(planted.path, NAME, today=TODAY, dry_run=True)
    assert report.sendings == 1  # still in the person's own row
    fill_book(FileBook(planted.path), "members", f"member,email\n{NAME},\n".encode())
    forget(planted.path, NAME, today=TODAY)
    _, parsed = read_planner(FileBook(planted.path))
    assert [(row.member, row.email) for row in parsed.planner.members] == [("Bob", "quux@okr.test")]
    with Ledger(ledger_path(planted.path)) as ledger:
        assert "quux@okr.test" in [one.address for one in ledger.sendings()]


def test_the_names_of_answered_files_go_with_the_person(planted):
    answer = BookReturned("Marketing", "2026-H2", 1, datetime(2026, 11, 2, tzinfo=UTC), f"Marketing {NAME}.xlsx")
    record_answer(planted.path, answer)
    assert forget(planted.path, NAME, today=TODAY).sendings == 2
    with Ledger(ledger_path(planted.path)) as ledger:
        assert ledger.answers() == [answer._replace(book="")]


def test_what_collects_remember_of_the_person_goes(planted):
    one, other = ("marketing", ("key_results", "kr1", "current")), ("marketing", ("actions", "a1", "owner"))
    by = (Giver(1, "", digest_of(key_of(NAME)), "x"), Giver(1, "", "y"))
    write_told(planted.path, {one: Told("v", by), other: Told(digest_of(NAME), by)})
    forget(planted.path, NAME, today=TODAY)
    assert read_told(planted.path) == {one: Told("v", (Giver(1, "", "", "x"), Giver(1, "", "y")))}


def test_a_planner_named_after_the_person_is_named(planted):
    path = planted.folder / f"Plan_{NAME}.xlsx"
    Path(planted.path).rename(path)
    assert forget(str(path), NAME, today=TODAY).left == (path.name,)


class TestRenamed:
    """What was kept of the planner under another name is named, unless it is another planner's."""

    KEPT = ("plan.backup-", "plan.xlsx.ledger.sqlite", "plan.xlsx.undo.jsonl")

    @pytest.fixture
    def renamed(self, planted):
        shutil.rmtree(planted.folder / "books")
        path = planted.folder / "renamed.xlsx"
        Path(planted.path).rename(path)
        return path

    def test_it_is_named_and_left_alone(self, renamed):
        before = {name: (renamed.parent / ".okr" / name).read_bytes() for name in os.listdir(renamed.parent / ".okr")}
        beside = forget(str(renamed), NAME, today=TODAY).beside
        assert {next(kept for kept in self.KEPT if kept in one) for one in beside} == set(self.KEPT)
        assert set(mentions(renamed.parent, "Z\\u00e9lie", "quux")) >= {
            str(renamed.parent / one) for one in beside if one.endswith((".sqlite", ".jsonl"))
        }
        assert {name: (renamed.parent / ".okr" / name).read_bytes() for name in before} == before

    def test_deleted_nothing_is_left(self, renamed):
        for one in forget(str(renamed), NAME, today=TODAY).beside:
            (renamed.parent / one).unlink()
        with pytest.raises(UsageError, match="person_unknown"):
            forget(str(renamed), NAME, today=TODAY)
        assert mentions(renamed.parent, NAME, "quux") == []

    def test_of_another_planner_it_is_that_planners(self, renamed):
        shutil.copy(renamed, renamed.parent / "plan.xlsx")
        assert forget(str(renamed), NAME, today=TODAY).beside == ("plan.xlsx",)


class TestBegunBefore:
    """Whatever was taken away already, by hand or by a run that was broken off: the rest goes, and nobody is unknown."""

    def emptied(self, planted):
        """The planner without the person, as somebody makes it by hand."""
        book = FileBook(planted.path, keep_history=False)
        grids, parsed = read_planner(book)
        book.write(changes_without(person_named(NAME, parsed.planner), grids, parsed), command="by hand")
        refresh_book(FileBook(planted.path, keep_history=False), today=TODAY)
        content = without_traces(Path(planted.path).read_bytes(), person_named(NAME, parsed.planner), "x")
        Path(planted.path).write_bytes(content)

    @pytest.mark.parametrize("person", [NAME, "quux@okr.test"])
    def test_emptied_by_hand(self, planted, person):
        self.emptied(planted)
        report = forget(planted.path, person, today=TODAY)
        assert (report.person, report.cells, report.sendings, report.left) == (NAME, 0, 1, ())
        assert mentions(planted.folder, NAME, "quux") == []
        with pytest.raises(UsageError, match="person_unknown"):
            forget(planted.path, person, today=TODAY)

    @pytest.mark.parametrize(
        ("left", "person", "anyway"),
        [("plan.backup-", NAME, False), ("plan.xlsx.undo.jsonl", NAME, True),
         ("plan.xlsx.ledger.sqlite", "quux@okr.test", False), (".plan.xlsx.undo.jsonl.okr-tmp", NAME, True),
         ("plan.xlsx.answers.json", NAME, False), ("undo/", NAME, True)],
    )  # fmt: skip
    def test_the_last_thing_left(self, planted, left, person, anyway):
        self.emptied(planted)
        kept, buttons = planted.folder / ".okr", planted.folder / "undo"
        shutil.copy(kept / "plan.xlsx.undo.jsonl", kept / ".plan.xlsx.undo.jsonl.okr-tmp")
        write_told(
            planted.path, {("rh", ("actions", "a1", "state")): Told("v", (Giver(1, "", digest_of(key_of(NAME))),))}
        )
        cell = CellRecord((1, 0), None, NAME)
        Journal("any", str(buttons)).keep(Record("refresh", (AreaRecord("actions", is_table=True, cells=(cell,)),)))
        for path in (*kept.iterdir(), *buttons.iterdir()):
            if not str(path.relative_to(planted.folder)).removeprefix(".okr/").startswith(left):
                path.unlink()
        if anyway:
            with pytest.raises(UsageError, match="person_only_in_texts"):
                forget(planted.path, person, today=TODAY, buttons_folder=str(buttons))
        forget(planted.path, person, today=TODAY, anyway=anyway, buttons_folder=str(buttons))
        assert mentions(planted.folder, NAME, "Z\\u00e9lie", "quux", digest_of(key_of(NAME))) == []
        with pytest.raises(UsageError, match="person_unknown"):
            forget(planted.path, person, today=TODAY, buttons_folder=str(buttons))

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
    def test_killed_at_any_moment(self, planted, tmp_path):
        start, work, buttons = planted.folder, tmp_path / "work", tmp_path / "work" / "undo"
        cell = CellRecord((1, 0), None, NAME)
        Journal("any", str(start / "undo")).keep(Record("refresh", (AreaRecord("a", is_table=True, cells=(cell,)),)))
        shutil.rmtree(start / "books")
        path = str(work / "plan.xlsx")

        def run():
            return forget(path, NAME, today=TODAY, buttons_folder=str(buttons))

        shutil.copytree(start, work)
        old, count = Path(path).read_bytes(), moments_of(run, str(work))
        moments = sorted({1 + index * (count - 1) // (MOMENTS - 1) for index in range(MOMENTS)})
        for moment in moments:
            shutil.rmtree(work)
            shutil.copytree(start, work)
            assert run_killed_at(moment, run, str(work))
            gate.admitted(Path(path).read_bytes()).package.archive.check()
            if Path(path).read_bytes() == old:  # then all that may still be needed is there
                with Ledger(ledger_path(path)) as ledger:
                    assert len(ledger.sendings()) == 2
            try:
                run()
            except UsageError:
                assert moment > count / 2  # all was done but to give the lock back
            assert mentions(work, NAME, "Z\\u00e9lie", "quux") == []
            assert not [one for one in work.rglob("*") if one.name.endswith("okr-tmp")]


def test_a_dry_run_changes_no_byte(planted):
    before = everything(planted.folder)
    report = forget(planted.path, NAME, today=TODAY, dry_run=True)
    assert report.cells >= 10
    assert everything(planted.folder) == before


@pytest.mark.parametrize("person", ["Quu", "quu@okr.test", "", " "])
def test_somebody_nobody_knows(planted, person):
    before = Path(planted.path).read_bytes()
    with pytest.raises(UsageError, match="person_unknown"):
        forget(planted.path, person, today=TODAY)
    assert Path(planted.path).read_bytes() == before


@pytest.mark.parametrize(
    ("word", "refused"), [("talk", "person_only_in_texts"), ("Quux", "person_meant: .*Ann-Zélie Quux")]
)
def test_a_word_of_texts_costs_no_backup_unless_that_is_wanted(planted, word, refused):
    before = everything(planted.folder)
    with pytest.raises(UsageError, match=refused):
        forget(planted.path, word, today=TODAY)
    assert everything(planted.folder) == before
    trial = forget(planted.path, word, today=TODAY, anyway=True, dry_run=True)
    assert trial.left
    assert everything(planted.folder) == before
    assert forget(planted.path, word, today=TODAY, anyway=True).left == trial.left


def test_forgetting_twice_finds_nobody_the_second_time(planted):
    forget(planted.path, NAME, today=TODAY)
    with pytest.raises(UsageError, match="person_unknown"):
        forget(planted.path, NAME, today=TODAY)


def test_a_damaged_part_is_told_with_its_file(planted):
    content = Path(planted.path).read_bytes()
    at = content.rindex(b"docProps/core.xml")  # in the directory: its checksum stands 30 bytes before the name
    Path(planted.path).write_bytes(content[: at - 30] + b"\0\0\0\0" + content[at - 26 :])
    with pytest.raises(FileRefusedError, match="damaged_part") as refused:
        forget(planted.path, NAME, today=TODAY)
    assert refused.value.details["file"] == planted.path
