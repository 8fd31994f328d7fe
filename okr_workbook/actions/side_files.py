"""What is kept of planners in the folder `.okr` beside them: of which planner each file is, and whether it holds a person."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from okr_workbook.books.files import saving
from okr_workbook.books.files.backups import backed_up
from okr_workbook.books.live.undo import plainly
from okr_workbook.books.told_answers import told_in, without_person
from okr_workbook.books.traces import is_in_workbook
from okr_workbook.domain.person import Person
from okr_workbook.errors import OkrError
from okr_workbook.mail.ledger import Ledger

_KEPT = re.compile(r"(?P<planner>.+)\.(?P<kind>undo\.jsonl|answers\.json|ledger\.sqlite)")
_UNFINISHED = re.compile(r"\.(?P<planner>.+)\.(?:undo\.jsonl|answers\.json)(?:\.\d+)?\.okr-tmp")


class SideFile(NamedTuple):
    """One file, and the name of the planner it is of."""

    path: str
    planner: str
    kind: str

    @property
    def is_left_over(self) -> bool:
        """True where its planner is not there any more, under that name."""
        return not os.path.exists(os.path.join(os.path.dirname(self.path), os.pardir, self.planner))

    def holds(self, person: Person) -> bool:
        """True where a person stands in it; False where nobody can read it."""
        try:
            return _LOOKS[self.kind](self.path, person)
        except (OSError, OkrError):
            return False


def side_files(folder: str) -> Iterator[SideFile]:
    """What is kept of the planners of a folder, by the files' names."""
    kept = os.path.join(folder, saving.FOLDER)
    for name in sorted(os.listdir(kept)) if os.path.isdir(kept) else ():
        path = os.path.join(kept, name)
        if planner := backed_up(name):
            yield SideFile(path, planner, "backup")
        elif found := _KEPT.fullmatch(name):
            yield SideFile(path, found["planner"], found["kind"])
        elif found := _UNFINISHED.fullmatch(name):
            yield SideFile(path, found["planner"], "unfinished")


def _in_backup(path: str, person: Person) -> bool:
    return is_in_workbook(saving.read_file(path), person)


def _in_lines(path: str, person: Person) -> bool:
    with open(path, encoding="utf-8", errors="replace") as file:
        return any(person.is_in(plainly(line)) for line in file)


def _in_answers(path: str, person: Person) -> bool:
    told = told_in(path)
    return without_person(told, person) != told


def _in_ledger(path: str, person: Person) -> bool:
    with Ledger(Path(path)) as ledger:
        return ledger.entries_of(person) > 0


_LOOKS: dict[str, Callable[[str, Person], bool]] = {
    "backup": _in_backup,
    "undo.jsonl": _in_lines,
    "unfinished": _in_lines,
    "answers.json": _in_answers,
    "ledger.sqlite": _in_ledger,
}
