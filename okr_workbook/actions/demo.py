"""Demo: the whole story on the worked example, in files a reader can open and follow.

Three key results as people really write them, and what the coach says; the plan made measurable; a workbook and a message
for each team; two teams that answer, one with a figure put right; their answers in the plan, and the plan as a page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from okr_workbook.actions import mail_transports
from okr_workbook.actions.collect import collect
from okr_workbook.actions.fill import fill_book
from okr_workbook.actions.mail import send_books
from okr_workbook.actions.new import new_planner
from okr_workbook.actions.refresh import RefreshReport, refresh_book
from okr_workbook.actions.report import write_report
from okr_workbook.actions.teams import make_team_books
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files.saving import plain_errors, write_atomically
from okr_workbook.books.templates import example_path, example_tables
from okr_workbook.books.workbook import Workbook
from okr_workbook.domain.merging.plan import AnsweredCell
from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.cell_values import as_text
from okr_workbook.tables.columns import columns_of
from okr_workbook.tables.grid import Changes, Grid, Place, TableChange, Value

EXAMPLE_DAY = date(2026, 12, 2)
"""The as-of date of the worked example, so that it is the same on any day."""

_BEFORE = ("settings", "teams", "members", "objectives")


class TypedAnswer(NamedTuple):
    """What a team types for one key result. `comment` names a sentence in the labels (table `demo`), "" is none."""

    value: float
    confidence: int
    comment: str = ""


ANSWERS: Mapping[str, TypedAnswer] = {
    "KR7": TypedAnswer(5, 6, "hired"),
    "KR8": TypedAnswer(7.1, 5, "surveyed"),
    "KR9": TypedAnswer(0.9, 9, "nine_screens"),
    "KR11": TypedAnswer(4.2, 8),
}
"""By key result; the books of the teams that have one of them come back, the others are still awaited."""

PUT_RIGHT: Mapping[str, tuple[date, float]] = {"trials_activated": (date(2026, 11, 1), 188)}
"""By measure, the month and the figure that its team corrects in the book it sends back."""


class StoryStep(NamedTuple):
    """One step of the story: its code (a sentence in the labels, table `demo`), the files it made, and its figures."""

    code: str
    files: tuple[str, ...]
    details: Mapping[str, object]


def play(folder: str, language: str) -> Iterator[StoryStep]:
    """Play the story in one language in `folder`, a step at a time. UsageError where one of its files is there already."""
    story = _Story(folder, language)
    yield story.as_people_write_it()
    yield story.made_measurable()
    yield story.team_books()
    yield story.messages()
    yield story.answers()
    yield story.collected()
    yield story.put_right()
    yield story.page()


class _Story:
    def __init__(self, folder: str, language: str) -> None:
        self.language, self.labels = language, labels_for(language)
        self.figures: list[AnsweredCell] = []
        self.before = os.path.join(folder, f"before.{language}.xlsx")
        self.planner = os.path.join(folder, f"plan.{language}.xlsx")
        self.html = os.path.join(folder, f"plan.{language}.html")
        self.books, self.drafts, self.returned = (
            os.path.join(folder, language, name) for name in ("books", "drafts", "returned")
        )
        for path in (self.before, self.planner, self.html, os.path.join(folder, language)):
            if os.path.lexists(path):
                raise UsageError("demo_is_there", path=path)
        with plain_errors(folder):
            os.makedirs(self.returned)

    def as_people_write_it(self) -> StoryStep:
        """The plan with its three key results that have no number, and what the coach says of them."""
        new_planner(self.before, language=self.language, today=EXAMPLE_DAY, period="2026-H2")
        tables = dict(example_tables(self.language))
        with open(example_path(self.language, "key_results_before"), "rb") as file:
            written = file.read()
        for table_id, content in (*((name, tables[name]) for name in _BEFORE), ("key_results", written)):
            fill_book(FileBook(self.before), table_id, content)
        report = refresh_book(FileBook(self.before), today=EXAMPLE_DAY)
        told = [one for one in report.problems if one.table == "key_results"]
        return StoryStep("before", (self.before,), {"count": len(told)})

    def made_measurable(self) -> StoryStep:
        """The worked example, refreshed as of last week and as of its day, so that the dashboard tells what changed."""
        new_planner(self.planner, language=self.language, today=EXAMPLE_DAY, example=True)
        refresh_book(FileBook(self.planner), today=EXAMPLE_DAY, as_of=EXAMPLE_DAY - timedelta(days=7))
        return StoryStep("refreshed", (self.planner,), self._standing(self._refresh()))

    def team_books(self) -> StoryStep:
        """A workbook for each team."""
        made = make_team_books(self.planner, self.books, today=EXAMPLE_DAY, now=_morning)
        return StoryStep("teams", tuple(one.path for one in made.books), {"count": len(made.books)})

    def messages(self) -> StoryStep:
        """A message for each team, as a draft."""
        sent = send_books(self.planner, self.books, mail_transports.drafts(self.drafts), clock=_morning)
        drafts = tuple(line.draft for line in sent.lines if line.draft)
        return StoryStep("mail", drafts, {"count": len(drafts)})

    def answers(self) -> StoryStep:
        """The workbooks of two teams as they come back, filled in by the patcher that also edits planners."""
        files = []
        for name in sorted(os.listdir(self.books)):
            with open(os.path.join(self.books, name), "rb") as file:
                book = Workbook(file.read())
            change = self._filled_in(book.grids["key_results"])
            if change.cells:
                files.append(os.path.join(self.returned, name))
                figures = (_corrected(grid) for grid in book.grids.values() if grid.table == "measures")
                write_atomically(files[-1], book.changed(Changes((change, *figures))).content)
        return StoryStep("answers", tuple(files), {"count": len(files)})

    def _filled_in(self, grid: Grid) -> TableChange:
        """What a team types into the blue cells of its key results."""
        fields = columns_of(grid.table, grid.headers, in_team_book=True).fields
        comment = columns_of("check_ins", grid.headers).fields["comment"]  # of the check-in that it becomes
        cells: dict[Place, Value] = {}
        for index, row in enumerate(grid.rows):
            answer = ANSWERS.get(as_text(row[fields["id"]]))
            if answer is not None:
                cells[index, fields["current"]] = answer.value
                cells[index, fields["confidence"]] = answer.confidence
                if answer.comment:
                    cells[index, comment] = self.labels.text("messages", f"demo.{answer.comment}")
        return TableChange(grid.table, cells)

    def collected(self) -> StoryStep:
        """The answers in the plan, and where it stands with them."""
        got = collect(self.planner, [self.returned], today=EXAMPLE_DAY, now=_noon)
        self.figures = [change for change in got.plan.cells if change.table == "measures"]
        standing = self._standing(self._refresh())
        return StoryStep("collected", (self.planner,), {"count": len(got.plan.check_ins), **standing})

    def put_right(self) -> StoryStep:
        """The figure that a team corrected beside its answers."""
        (one,) = self.figures
        month = self.labels.period(one.field)
        return StoryStep("put_right", (), {"team": one.team, "measure": one.row, "month": month, "figure": one.value})

    def page(self) -> StoryStep:
        """The plan as one page, for those who get no workbook."""
        return StoryStep("report", (write_report(self.planner, self.html, today=EXAMPLE_DAY).html,), {})

    def _refresh(self) -> RefreshReport:
        return refresh_book(FileBook(self.planner), today=EXAMPLE_DAY)

    def _standing(self, report: RefreshReport) -> dict[str, object]:
        company = report.scores.company
        return {
            "score": "–" if company.score is None else self.labels.percent(company.score),
            "expected": "–" if company.expected is None else self.labels.percent(company.expected),
        }


def _corrected(grid: Grid) -> TableChange:
    """The figures that a team puts right in its measures."""
    columns = columns_of(grid.table, grid.headers, in_team_book=True)
    cells: dict[Place, Value] = {}
    for index, row in enumerate(grid.rows):
        month, figure = PUT_RIGHT.get(as_text(row[columns.fields["measure"]]), (None, None))
        if month is not None:
            cells[index, columns.months[month]] = figure
    return TableChange(grid.table, cells)


def _morning() -> datetime:
    """Nine o'clock of the example's day, in universal time."""
    return datetime.combine(EXAMPLE_DAY, datetime.min.time(), UTC) + timedelta(hours=9)


def _noon() -> datetime:
    """When the answers have come."""
    return _morning() + timedelta(hours=3)
