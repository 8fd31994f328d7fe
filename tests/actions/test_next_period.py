"""The next period's planner in a file: the old one as it was, the new one whole or not there, and all that is ours anew."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.new import new_planner
from okr_workbook.actions.next_period import start_next_period
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books import gate
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files import saving
from okr_workbook.errors import OkrError
from okr_workbook.tables.blocks import COMPANY_SCORE, PERIOD, START_NEXT
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Changes, Formula, TableChange
from tests.actions.planner_files import TODAY, planner_in
from tests.books.crashes import moments_of, run_killed_at
from tests.books.workbooks import parts_of

OF_ONE_PERIOD = ("objectives", "key_results", "actions", "check_ins", "history", "conflicts")
JANUARY = date(2027, 1, 4)


@pytest.fixture(scope="module", params=[("en", "xlsx"), ("fr", "xlsm")], ids=" ".join)
def example(request, tmp_path_factory):
    """The worked example, refreshed, with a column of the user's own in two tables, one of them calculated."""
    language, extension = request.param
    path = str(tmp_path_factory.mktemp(language) / f"old.{extension}")
    new_planner(path, language=language, today=TODAY, example=True)
    grids = FileBook(path).read()
    width = {name: len(grids[name].headers) for name in grids}
    changes = [
        TableChange("objectives", {(0, width["objectives"]): "from the board"}, new_headers=("Why",)),
        TableChange(
            "key_results",
            {(row, width["key_results"]): Formula("1+1", 2.0) for row in range(len(grids["key_results"].rows))},
            new_headers=("Two",),
        ),
    ]
    FileBook(path).write(Changes(tuple(changes)), command="typing")
    refresh_book(FileBook(path), today=TODAY)
    return path


@pytest.fixture
def old(example, tmp_path):
    """A copy of it, alone in its folder."""
    return shutil.copy(example, tmp_path)


def new_beside(old, name="new"):
    return str(Path(old).with_name(f"{name}{Path(old).suffix}"))


def rows_of(path, table):
    """The rows of a table as lists of what their cells hold, blank text as nothing."""
    return [[None if cell == "" else cell for cell in row] for row in FileBook(path).read()[table].rows]


def test_the_next_period_begins_with_what_goes_on_and_nothing_else(old):
    before, new = Path(old).read_bytes(), new_beside(old)
    report = start_next_period(new, old, today=JANUARY)
    assert (report.period, report.first, report.last) == ("2027-H1", date(2027, 1, 1), date(2027, 6, 30))
    assert Path(old).read_bytes() == before
    assert sorted(os.listdir(Path(new).parent)) == [".okr", *sorted([Path(new).name, Path(old).name])]
    assert os.listdir(Path(new).parent / ".okr") == []
    was, now = planner_in(old), planner_in(new)
    assert now.settings == was.settings._replace(
        period="2027-H1", period_start=report.first, period_end=report.last, as_of=None
    )
    assert (now.teams, now.members, now.kpis) == (was.teams, was.members, was.kpis)
    assert [row.months for row in now.measures] == [row.months for row in was.measures]
    months = columns_of("measures", FileBook(new).read()["measures"].headers).months
    assert {date(2027, month, 1) for month in range(1, 7)} <= months.keys()
    assert now.objectives + now.key_results + now.actions + now.check_ins + now.history == ()
    grids = FileBook(new).read()
    for name in OF_ONE_PERIOD:
        calculated = {(0, len(grids[name].headers) - 1)} if name == "key_results" else set()
        assert grids[name].formulas == calculated
        assert len(grids[name].rows) == 1
        assert {place for place, cell in enumerate(rows_of(new, name)[0]) if cell is not None} == {
            column for _, column in calculated
        }


def test_the_dashboard_is_of_the_new_period_at_once_and_nothing_is_recorded(old):
    new = new_beside(old)
    start_next_period(new, old, today=JANUARY)
    book = FileBook(new)
    french = planner_in(new).settings.language == "fr"
    assert book.read_block(COMPANY_SCORE.name) == [[None]]
    assert book.read_block(PERIOD.name) == [
        ["1er semestre 2027 · semaine 1 sur 26" if french else "First half of 2027 · week 1 of 26"]
    ]
    assert book.read_block(START_NEXT.name) == [
        ["Commencez par les objectifs →" if french else "Begin with the objectives →"]
    ]
    first = refresh_book(FileBook(new), today=JANUARY)
    assert {one.severity for one in first.problems} <= {"advice"}
    assert {row.date for row in planner_in(new).history} == {JANUARY}


def test_everything_that_is_not_the_planners_is_the_same_to_the_byte(old):
    new = new_beside(old)
    start_next_period(new, old, today=JANUARY)
    before, after = parts_of(Path(old).read_bytes()), parts_of(Path(new).read_bytes())
    assert list(before) == list(after)
    allowed = ("xl/worksheets/sheet", "xl/tables/table", "xl/workbook.xml", "xl/calcChain.xml")
    assert [name for name in before if before[name] != after[name] and not name.startswith(allowed)] == []
    found = OpenXmlValidator().validate(new)
    assert found.is_valid, found.errors[:3]


def test_unfinished_key_results_go_on_from_where_they_stand(old):
    new = new_beside(old)
    report = start_next_period(new, old, today=JANUARY, unfinished=True)
    was, now = planner_in(old), planner_in(new)
    assert [row.id for row in now.objectives] == ["O1", "O2", "O3", "O4"]
    assert "KR3" not in [row.id for row in now.key_results]  # it reached its target
    assert [row.id for row in report.carried.key_results] == [row.id for row in now.key_results]
    assert {"A1", "A2"} <= {row.id for row in now.actions}
    assert "A7" not in [row.id for row in now.actions]  # done
    before = {row.id: row for row in was.key_results}
    for row in now.key_results:
        old_row = before[row.id]
        assert (row.target, row.owner, row.objective, row.kpi) == (
            old_row.target,
            old_row.owner,
            old_row.objective,
            old_row.kpi,
        )
        assert (row.due, row.override, row.override_reason) == (None, None, "")
        assert row.current == (old_row.last_value if row.kind in ("milestone", "stages") or row.kpi else None)
        if row.kind in ("increase", "decrease"):
            assert row.start == (old_row.start if old_row.last_value is None else old_row.last_value)
    assert rows_of(new, "objectives")[0][-1] == "from the board"
    assert [row[-1] for row in rows_of(new, "key_results")] == [2] * len(now.key_results)
    assert now.check_ins == now.history == ()
    first = refresh_book(FileBook(new), today=JANUARY)
    assert not first.has_errors
    assert {one.key_result for one in first.typed} == {
        row.id for row in now.key_results if row.kind in ("milestone", "stages") and row.current
    }
    assert refresh_book(FileBook(new), today=JANUARY).changed is False


def test_what_is_named_is_kept_done_or_not(old):
    new = new_beside(old)
    start_next_period(new, old, today=JANUARY, keep=["KR3", "o3"])
    now = planner_in(new)
    assert [row.id for row in now.objectives] == ["O1", "O2", "O3"]
    assert [row.id for row in now.key_results] == ["KR3", "KR7", "KR8"]


def test_a_period_after_the_next_one_can_be_made_the_same_way(old):
    start_next_period(new_beside(old, "b"), old, today=JANUARY)
    report = start_next_period(new_beside(old, "c"), new_beside(old, "b"), today=JANUARY)
    assert report.period == "2027-H2"


# --- which period ---


def with_settings(path, **values):
    rows = "".join(f"{name},{value}\n" for name, value in values.items())
    fill_book(FileBook(path), "settings", f"name,value\n{rows}".encode())


@pytest.fixture
def plain(tmp_path):
    path = str(tmp_path / "old.xlsx")
    new_planner(path, language="en", today=TODAY, period="2026-Q4")
    return path


@pytest.mark.parametrize(
    ("settings", "asked", "period"),
    [
        ({}, None, "2027-Q1"),
        ({"period": "T4 2026"}, None, "T1 2027"),
        ({"period_start": "2026-10-01", "period_end": "2026-12-31"}, None, "2027-Q1"),
        ({"period": "Autumn", "period_start": "2026-09-01", "period_end": "2026-11-30"}, None, "2026-12-01/2027-02-28"),
        ({"period": "Autumn"}, "2027", "2027"),
        ({}, "2028-Q3", "2028-Q3"),
    ],
)
def test_the_next_period_is_as_long_as_the_old_one_unless_another_is_asked_for(plain, settings, asked, period):
    with_settings(plain, **settings)
    assert start_next_period(new_beside(plain), plain, today=JANUARY, period=asked).period == period
    assert planner_in(new_beside(plain)).settings.period == period


@pytest.mark.parametrize(
    "settings",
    [
        {"period": "Autumn"},
        {"period": "2027-H1", "period_start": "2026-07-01", "period_end": "2026-12-31"},
        {"period": "Autumn", "period_start": "2026-12-01", "period_end": "2026-09-30"},
    ],
)
def test_where_nobody_can_tell_which_period_comes_next_it_is_asked_for(plain, settings):
    with_settings(plain, **settings)
    with pytest.raises(OkrError, match="next_period_unclear"):
        start_next_period(new_beside(plain), plain, today=JANUARY)
    assert not os.path.exists(new_beside(plain))


# --- refusals, and what may happen on the way ---


@pytest.mark.parametrize(
    ("new", "options", "code"),
    [
        ("old.xlsx", {}, "file_exists"),
        ("new.xlsm", {}, "other_ending"),
        ("new.txt", {}, "not_a_workbook_name"),
        ("nowhere/new.xlsx", {}, "folder_missing"),
        ("new.xlsx", {"period": "Spring"}, "not_a_period"),
        ("new.xlsx", {"keep": ["KR77"]}, "nothing_to_keep"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing_behind(plain, new, options, code):
    before = Path(plain).read_bytes()
    with pytest.raises(OkrError, match=code):
        start_next_period(str(Path(plain).parent / new), plain, today=JANUARY, **options)
    assert [name for name in os.listdir(Path(plain).parent) if name != ".okr"] == ["old.xlsx"]
    assert Path(plain).read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "fchmod"), reason="needs rights as Unix has them")
@pytest.mark.parametrize(("rights", "of_new"), [(0o600, 0o600), (0o664, 0o664), (0o444, 0o644), (0o400, 0o600)])
def test_who_may_not_read_the_old_planner_may_not_read_the_new_one(plain, rights, of_new):
    os.chmod(plain, rights)
    start_next_period(new_beside(plain), plain, today=JANUARY)
    assert os.stat(new_beside(plain)).st_mode & 0o777 == of_new
    assert os.stat(plain).st_mode & 0o777 == rights


def test_a_file_that_is_no_planner_is_called_by_its_name(tmp_path):
    old = tmp_path / "old.xlsx"
    old.write_bytes(b"id;name\r\n1;x\r\n")
    with pytest.raises(OkrError) as refused:
        start_next_period(str(tmp_path / "new.xlsx"), str(old), today=JANUARY)
    assert (refused.value.code, refused.value.details["file"]) == ("is_csv", str(old))
    with pytest.raises(OkrError, match="file_not_found"):
        start_next_period(str(tmp_path / "new.xlsx"), str(tmp_path / "none.xlsx"), today=JANUARY)
    assert os.listdir(tmp_path) == ["old.xlsx"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_the_new_planner_is_whole_or_not_there(plain, tmp_path):
    work, new = tmp_path / "work", str(tmp_path / "work" / "new.xlsx")

    def begin():
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        shutil.copy(plain, work)

    def command():
        start_next_period(new, str(work / "old.xlsx"), today=JANUARY)

    begin()
    command()
    whole, before = FileBook(new).read(), Path(plain).read_bytes()
    begin()
    count = moments_of(command, str(work))
    for moment in sorted({1 + index * (count - 1) // 7 for index in range(8)}):
        begin()
        assert run_killed_at(moment, command, str(work))
        assert (work / "old.xlsx").read_bytes() == before
        if os.path.exists(new):
            gate.admitted(saving.read_file(new)).package.archive.check()
            assert FileBook(new).read() == whole
        else:
            command()
            assert FileBook(new).read() == whole
        assert {name for name in os.listdir(work) if name != ".okr"} == {"old.xlsx", "new.xlsx"}
