"""A planner with two teams and their books on disk, made once and copied for each test."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.new import new_planner
from okr_workbook.actions.planned_teams import planned_teams
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.team_book import make_team_book

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TABLES = {
    "settings": "name,value\nmail_from,OKR <okr@okr.test>\nmail_reply_to,boss@okr.test\n",
    "teams": "team,lead,email,cc,language\nMarketing,Ann,ann@okr.test,bob@okr.test,en\nRH,Zoé,Zoé <zoe@okr.test>,,fr\n",
    "objectives": "id,objective,level,team,owner\nO1,Win customers,team,Marketing,Ann\nO2,Recruter,team,RH,Zoé\n",
    "key_results": (
        "id,objective,key_result,owner,kind,start,target\n"
        "KR1,O1,Trials from 10 to 50,Ann,increase,10,50\nKR2,O1,Leads from 0 to 9,Ann,increase,0,9\n"
        "KR3,O2,Embaucher 5 personnes,Zoé,increase,0,5\n"
    ),
    "check_ins": "date,key_result,value,author\n2026-09-01,KR1,20,Ann\n2026-11-20,KR2,3,Ann\n",
}


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mail")
    path = str(folder / "plan.xlsx")
    new_planner(path, language="en", today=NOW.date(), period="2026-H2", company="Alvéo")
    for table, content in TABLES.items():
        fill_book(FileBook(path, keep_history=False), table, content.encode())
    make_books(path, folder / "books", revision=1)
    return folder


@pytest.fixture
def story(made_once, tmp_path):
    """A folder with `plan.xlsx` and `books`."""
    shutil.copytree(made_once, tmp_path / "story", ignore=shutil.ignore_patterns(".okr"))
    return Story(tmp_path / "story")


class Story:
    """The planner at one moment; time passes when a test says so."""

    def __init__(self, folder):
        self.folder, self.path, self.books = folder, str(folder / "plan.xlsx"), str(folder / "books")
        self.now = NOW

    def clock(self):
        return self.now

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    def later(self, days):
        self.now += timedelta(days=days)

    def fill(self, table, content):
        fill_book(FileBook(self.path, keep_history=False), table, content.encode())

    def value_at(self, cell):
        """The value of a cell of one of the planner's tables, such as Teams!D3."""
        for grid in FileBook(self.path).read().values():
            for row, values in enumerate(grid.rows):
                for column, value in enumerate(values):
                    if f"{grid.sheet}!{grid.address(row, column)}" == cell:
                        return value
        return None


def make_books(path, folder, revision, day=date(2026, 11, 23)):
    folder.mkdir(parents=True, exist_ok=True)
    for plan in planned_teams(FileBook(path), today=day).plans:
        (folder / f"{plan.team}.xlsx").write_bytes(make_team_book(plan, revision=revision))
