"""A kind of key result that the planner does not know, registered first of all and taken the whole way.

Run in an interpreter of its own (`python -m tests.toy_kind FOLDER`); says as JSON what became of it.
"""

from __future__ import annotations

import json
import sys
from math import log
from pathlib import Path

from okr_workbook.domain.kinds import Kind, ScaleFault, register


@register
class Growth(Kind):
    """From `start` to `target` by steady growth: halfway in time is the square root of the way."""

    name = "steady_growth"
    needs = ("start", "target")

    @classmethod
    def faults(cls, *numbers):
        fits = min(numbers) > 0 and numbers[0] != numbers[1]
        return () if fits else (ScaleFault("target_wrong_side", "target", dict(zip(cls.needs, numbers, strict=True))),)

    def __init__(self, start, target):
        self.start, self.target = start, target

    def progress(self, values):
        return log(values[-1] / self.start) / log(self.target / self.start)

    @property
    def goal(self):
        return self.target

    @property
    def rises(self):
        return self.target > self.start

    def value_scoring(self, score):
        return self.start * (self.target / self.start) ** score


def main(folder: Path) -> dict[str, object]:
    from okr_workbook.actions.collect import collect
    from okr_workbook.actions.fill import fill_book
    from okr_workbook.actions.refresh import refresh_book
    from okr_workbook.books.file_book import FileBook
    from okr_workbook.tables import native_kinds
    from tests.actions.planner_files import TODAY, TeamBook, an_example, planner_in, team_books

    class GrowthFormulas(native_kinds.KindFormulas):
        def progress(self, at):
            return f'IF({at.value}="","",LN({at.value}/{at.start})/LN({at.target}/{at.start}))'

    planner = an_example(folder, "en")
    filled = fill_book(FileBook(planner), "key_results", b"id,kind,start,target\nKR11,Steady growth,9,4\n")
    report = refresh_book(FileBook(planner), today=TODAY)
    place = next(place for place, row in enumerate(report.planner.key_results) if row.id == "KR11")
    got = report.scores.key_results[place]
    grid = FileBook(planner).read()["key_results"]
    row = dict(zip(grid.headers, grid.rows[place], strict=True))
    books = {"without": team_books(planner, folder / "without")["Product"]}
    native_kinds.BY_KIND[Growth] = GrowthFormulas()
    books["with"] = team_books(planner, folder / "with")["Product"]
    for name, path in books.items():
        cells = {one.value: one.row for one in TeamBook(path).book["Key results"]["B"]}
        books[name] = [one.value for one in TeamBook(path).book["Key results"][cells["KR11"]]][5:21]
    returned = TeamBook(path)
    returned.type("key_results", "KR11", "New value", 4.2)
    collect(planner, [returned.save(folder / "returned.xlsx")], today=TODAY)
    wrong = fill_book(FileBook(planner), "key_results", b"id,start\nKR11,-9\n")
    return {
        "filled": [filled.updated, wrong.updated],
        "score": [got.progress, got.score, got.forecast.method, got.needed_per_week],
        "row": [row["Kind"], row["Score"]],
        "books": books,
        "collected": [one.value for one in planner_in(planner).check_ins][-1],
        "problems": [one.code for one in refresh_book(FileBook(planner), today=TODAY).problems if one.row == "KR11"],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1])), default=str))
