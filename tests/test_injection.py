"""Hostile texts in every field of a planner come out of every command as text, and as nothing else.

Everything is made twice, of hostile texts and of as many harmless ones: formulas, links, rules, tags and headers of the
one must be those of the other.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import zipfile
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from okr_workbook.actions.reading import read_planner
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli import main
from okr_workbook.tables.grid import Changes, TableChange
from okr_workbook.tables.schema import INPUT_TABLES, table
from tests.hostile_planner import HARMLESS, TEXTS, a_hostile_planner

COMMANDS = {
    "refresh": (),
    "check": (),
    "teams": ("--out", "books"),
    "sheets": ("--out", "sheets", "--sheets"),
    "mail": ("--books", "books", "--drafts", "drafts"),
    "status": (),
    "report": ("--html", "page.html"),
    "recover": (),
    "collect": ("books",),
}


class Story(NamedTuple):
    """What all commands made of a planner: their folder, and by command the exit status and what was printed."""

    folder: Path
    said: dict[str, tuple[int, str, str]]

    @property
    def planner(self):
        return self.folder / "plan.xlsx"


def _story(folder, texts):
    a_hostile_planner(str(folder / "plan.xlsx"), texts=texts)
    said = {}
    for name, options in COMMANDS.items():
        command = "teams" if name == "sheets" else name
        paths = [one if one.startswith("--") else str(folder / one) for one in options]
        for extra in ([], ["--json"]):
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main([command, str(folder / "plan.xlsx"), *paths, *extra])
            said[f"{name}{''.join(extra)}"] = (status, out.getvalue(), err.getvalue())
    return Story(folder, said)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return _story(tmp_path_factory.mktemp("hostile"), TEXTS)


@pytest.fixture(scope="module")
def harmless(tmp_path_factory):
    return _story(tmp_path_factory.mktemp("harmless"), HARMLESS)


def test_every_command_does_the_same_as_for_harmless_texts(hostile, harmless):
    assert {name: said[0] for name, said in hostile.said.items()} == {
        name: said[0] for name, said in harmless.said.items()
    }
    assert [name for name, said in hostile.said.items() if said[0] == 2] == []


def test_json_is_json(hostile):
    for name, (_, out, _) in hostile.said.items():
        if name.endswith("--json"):
            json.loads(out)


def test_no_place_of_a_sentence_stays_open_and_none_is_filled_twice(harmless, hostile):
    for name, (_, out, err) in harmless.said.items():
        assert name.endswith("--json") or not re.search(r"\{\w+\}", out + err), name
    assert "{unknown!r:>99}" in hostile.said["teams"][1]


def test_nothing_that_is_printed_commands_the_terminal(hostile):
    for name, (_, out, err) in hostile.said.items():
        spoken = err if name.endswith("--json") else out + err
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", spoken), name


# --- workbooks ------------------------------------------------------------------------------------


def formulas(path):
    """Every formula of a workbook, wherever one may stand: cells, rules, names, charts."""
    found = []
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if not name.endswith(".xml"):
                continue
            for element in ET.fromstring(package.read(name)).iter():
                tag = element.tag.rpartition("}")[2]
                if tag in (
                    "f",
                    "formula",
                    "formula1",
                    "formula2",
                    "definedName",
                    "calculatedColumnFormula",
                    "hyperlink",
                ):
                    found.append((name, tag, element.text, element.get("location")))
    return found


def targets(path):
    """What a workbook points to outside itself, and which parts it has."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        relations = [package.read(name).decode() for name in names if name.endswith(".rels")]
    return [one for text in relations for one in re.findall(r'TargetMode="External"|externalLink|ddeLink', text)]


def pairs(hostile, harmless, folder):
    """The workbooks of a folder, each beside the one made of harmless texts."""
    ours = sorted((hostile.folder / folder).glob("*.xlsx"), key=_team_of)
    theirs = sorted((harmless.folder / folder).glob("*.xlsx"), key=_team_of)
    assert len(ours) == len(theirs)
    return zip(ours, theirs, strict=True)


def _team_of(path):
    """The number of the text that a book's team is called by."""
    from okr_workbook.books.stamp import SHEET, read_stamp

    cells = FileBook(str(path)).read_block(SHEET)
    name = read_stamp(cells).team if cells else ""
    return [*map(str.strip, TEXTS), *map(str.strip, HARMLESS)].index(name) if name else 0


def test_team_books_have_the_formulas_of_harmless_ones(hostile, harmless):
    for ours, theirs in pairs(hostile, harmless, "books"):
        assert _but_the_stamp(formulas(ours)) == _but_the_stamp(formulas(theirs)), ours.name
        assert targets(ours) == []


def _but_the_stamp(found):
    """Without the name of the stamp's cells, of which a long text needs more."""
    return [one for one in found if "okr_stamp" not in (one[2] or "")]


def test_the_planner_has_the_formulas_of_a_harmless_one(hostile, harmless):
    assert formulas(hostile.planner) == formulas(harmless.planner)
    assert targets(hostile.planner) == []


def test_the_sheets_for_printing_have_no_formula_of_a_text(hostile):
    (path,) = (hostile.folder / "sheets").glob("*.xlsx")
    assert targets(path) == []
    for _, tag, text, _ in formulas(path):
        if tag == "f":
            outside = re.sub(r"'(?:[^']|'')*'!|\"(?:[^\"]|\"\")*\"", "", text or "")
            assert not re.search("evil|cmd|calc|alert|1\\+1|SUM\\(A1:A9|DROP", outside), text


def test_texts_come_out_of_the_planner_as_they_went_in(hostile):
    planner = read_planner(FileBook(str(hostile.planner)))[1].planner
    expected = [text.strip() for text in TEXTS]
    assert [row.objective for row in planner.objectives] == expected
    assert [row.team for row in planner.teams] == expected
    assert [row.override_reason for row in planner.key_results] == expected
    assert [row.comment for row in planner.actions] == expected


def test_texts_come_out_of_a_team_book_as_they_went_in(hostile):
    for path in (hostile.folder / "books").glob("*.xlsx"):
        text = TEXTS[_team_of(path)].strip()
        tables = FileBook(str(path)).read()
        assert text in [value for row in tables["objectives"].rows for value in row], path.name
        assert text in [value for row in tables["actions"].rows for value in row], path.name


def test_a_book_that_nobody_filled_in_changes_nothing(hostile):
    _, out, _ = hostile.said["collect--json"]
    report = json.loads(out)
    assert report["changed"] is False
    told = ("check_ins", "actions", "cells", "conflicts", "refused", "ignored", "notes")
    assert [report[key] for key in told] == [[]] * len(told)


# --- files, mail, pages ---------------------------------------------------------------------------


def test_files_stay_in_their_folders(hostile):
    assert set(os.listdir(hostile.folder)) == {".okr", "plan.xlsx", "books", "sheets", "drafts", "page.html"}
    for folder, ending in (("books", ".xlsx"), ("drafts", ".eml")):
        names = os.listdir(hostile.folder / folder)
        assert len({name.casefold() for name in names}) == len(TEXTS)
        assert all(name.endswith(ending) and name.split(".")[0].lower() not in ("con", "nul") for name in names)
        assert not [name for name in names if re.search('[\x00-\x1f\u202e<>:"/\\\\|?*]', name)]


class Tags(HTMLParser):
    """The tags of a page with the names of their attributes, and where they lead."""

    def __init__(self, text):
        super().__init__()
        self.found, self.links = set(), set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.add((tag, tuple(name for name, _ in attributes)))
        self.links |= {value for name, value in attributes if name in ("href", "src", "action")}


def messages(story):
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (story.folder / "drafts").iterdir()
    ]
    return sorted(found, key=lambda mail: int(re.search(r"\d+", mail["To"])[0]))


def test_mails_have_the_headers_and_the_tags_of_harmless_ones(hostile, harmless):
    ours, theirs = messages(hostile), messages(harmless)
    assert len(ours) == len(TEXTS)
    for number, (mail, plain) in enumerate(zip(ours, theirs, strict=True)):
        assert mail.keys() == plain.keys()
        assert mail["To"] == f"team{number}@okr.test"
        assert [part.get_content_type() for part in mail.walk()] == [part.get_content_type() for part in plain.walk()]
        assert [defect for part in mail.walk() for defect in part.defects] == []
        (book,) = mail.iter_attachments()
        assert re.fullmatch(r'[^\x00-\x1f\u202e<>:"/\\|?*]+\.xlsx', book.get_filename())
        page, plain_page = (Tags(one.get_body(("html",)).get_content()) for one in (mail, plain))
        assert page.found == plain_page.found
        assert page.links == plain_page.links


def test_the_page_has_the_tags_of_a_harmless_one(hostile, harmless):
    page, plain = (Tags((story.folder / "page.html").read_text(encoding="utf-8")) for story in (hostile, harmless))
    assert page.found == plain.found
    assert page.links == plain.links


def test_the_ledger_knows_every_team_by_its_name(hostile):
    report = json.loads(hostile.said["status--json"][1])
    assert [row["team"] for row in report["teams"]] == [text.strip() for text in TEXTS]
    assert {row["state"] for row in report["teams"]} == {"draft"}


# --- every field of every type --------------------------------------------------------------------

EVERYTHING = "=cmd|'/C calc'!A0\r\nBcc: evil@evil.test\r\n<script>\"{0}{team}\x1b[31m_x000D_\u202e../x"


@pytest.fixture
def all_hostile(tmp_path):
    """The worked example with one text in every cell that people fill in: settings, choices, numbers, days."""
    path = tmp_path / "plan.xlsx"
    assert main(["new", str(path), "--lang", "en", "--example"]) == 0
    book = FileBook(str(path))
    changes = []
    for name, grid in book.read().items():
        columns = read_planner(book)[1].columns[name].fields
        typed = {field.id for field in table(name).input_fields} - {"name"}
        places = {columns[field] for field in typed if field in columns}
        cells = {(row, place): EVERYTHING for row in range(len(grid.rows)) for place in places}
        if name in INPUT_TABLES:
            changes.append(TableChange(name, {at: value for at, value in cells.items() if at not in grid.formulas}))
    book.write(Changes(tuple(changes)), command="test")
    return tmp_path


def test_any_cell_may_be_hostile(all_hostile, capsys):
    before = formulas(all_hostile / "plan.xlsx")
    for name, options in COMMANDS.items():
        command = "teams" if name == "sheets" else name
        paths = [one if one.startswith("--") else str(all_hostile / one) for one in options]
        status = main([command, str(all_hostile / "plan.xlsx"), *paths])
        said = capsys.readouterr()
        assert status in (0, 1, 2), name
        assert "send us that file" not in said.err, said.err  # the sentence for a fault of our own
        assert "\x1b" not in said.out + said.err
    texts = [text for _, tag, text, _ in formulas(all_hostile / "plan.xlsx") if tag == "f" and text]
    assert [text for text in texts if "evil" in text or "cmd" in text] == []
    assert len(before) > 100
    outside = [path for path in all_hostile.rglob("*") if path.name.startswith("x") and path.parent == all_hostile]
    assert outside == []
    for draft in all_hostile.rglob("*.eml"):
        mail = message_from_bytes(draft.read_bytes(), policy=policy.default)
        assert mail["Bcc"] is None


@pytest.mark.parametrize("text", ["=1+1", "{0}", "\x1b[31m", "../../x", "'; DROP TABLE sendings; --", ""])
def test_texts_on_the_command_line(harmless, tmp_path, capsys, text):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(harmless.planner.read_bytes())
    for arguments in (
        ["forget", str(path), text],
        ["recover", str(path), text],
        ["teams", str(path), "--out", str(tmp_path / "out"), f"--team={text}"],
        ["fill", str(path), text, str(path)],
        ["kpis", f"--add={text}", "--to", str(path)],
        ["collect", str(path), text],
    ):
        main(arguments)
        said = capsys.readouterr()
        assert "send us that file" not in said.err, said.err
        assert "Traceback" not in said.err
        assert "\x1b" not in said.out + said.err
