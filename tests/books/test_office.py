"""LibreOffice opens what we wrote, shows the same values, and what it saves we read and patch again."""

from __future__ import annotations

import subprocess
from datetime import date

import openpyxl
import pytest

from okr_workbook.books.file_book import FileBook
from okr_workbook.tables.grid import BlockChange, Changes, Formula, TableChange
from tests.books.workbooks import parts_of, planner

pytestmark = pytest.mark.office

TEXTS = [
    "=1+1",
    "+1",
    "-x",
    "@a",
    "a\nb",
    " spaced ",
    "é € ✓ 😀",
    "_x0041_",
    "tab\there",
    "'quoted",
    "0012",
    "1E5",
    "TRUE",
]


@pytest.fixture(scope="module")
def convert(soffice, tmp_path_factory):
    """A file converted by LibreOffice."""
    profile = tmp_path_factory.mktemp("lo_files_without_loss")

    def converted(path, kind: str, ending: str):
        folder = tmp_path_factory.mktemp("converted")
        command = [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            folder,
            path,
        ]
        for _ in range(2):  # the first start of a profile may end with status 81
            subprocess.run(command, check=False, capture_output=True, timeout=120)
            if (made := folder / f"{path.stem}.{ending}").exists():
                return made
        pytest.fail("LibreOffice made nothing")

    return converted


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("written") / "planner.xlsx"
    path.write_bytes(planner(rich=True))
    rows = {(3 + row, 4): text for row, text in enumerate(TEXTS)} | {
        (3, 0): date(2026, 11, 23),
        (4, 2): 1e-3,
        (5, 2): -12.5,
    }
    changes = Changes(
        (
            TableChange("check_ins", rows),
            TableChange("problems", {(0, 4): Formula('HYPERLINK("#\'Check ins\'!B5","B5")', "B5"), (0, 0): "error"}),
            TableChange("measures", {(0, 3): 7.5}, new_headers=("2026-02",)),
        ),
        (BlockChange("okr_alerts", [["act now", 0.5]]),),
    )
    FileBook(str(path)).write(changes, command="fill")
    return path


def test_libreoffice_shows_what_was_written(written, convert):
    saved = convert(written, "xlsx", "xlsx")
    ours, theirs = FileBook(str(written)).read(), FileBook(str(saved)).read()
    assert list(theirs) == list(ours)
    for name, grid in ours.items():
        assert theirs[name].headers == grid.headers
        assert [list(row) for row in theirs[name].rows] == [list(row) for row in grid.rows]
    assert theirs["problems"].formulas == ours["problems"].formulas
    assert FileBook(str(saved)).read_block("okr_alerts") == FileBook(str(written)).read_block("okr_alerts")


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl.*")
def test_what_libreoffice_saves_is_patched_without_touching_the_rest(written, convert):
    path = convert(written, "xlsx", "xlsx")
    before = parts_of(path.read_bytes())
    book = FileBook(str(path))
    book.write(Changes((TableChange("check_ins", {(0, 2): 77, (20, 1): "KR1"}),)), command="fill")
    after = parts_of(path.read_bytes())
    changed = {name for name in after if after[name] != before[name]}
    assert len(changed) <= 3
    assert all(name.startswith(("xl/worksheets/", "xl/tables/", "xl/workbook")) for name in changed)
    rows = book.read()["check_ins"].rows
    assert (rows[0][2], rows[20][1]) == (77, "KR1")
    assert openpyxl.load_workbook(path)["Check ins"]["D5"].value == 77
    again = FileBook(str(convert(path, "xlsx", "xlsx"))).read()
    assert again["check_ins"].rows == rows
    assert book.undo().kept == ()
    assert parts_of(path.read_bytes()) == before
