"""Three-way merge: what a team's workbook brings back, against what was sent and what the planner says by now.

Pure. For every cell a team may fill in there are three values: `base`, as sent; `ours`, in the planner now; `theirs`, in
the returned book. The rules:

- theirs = base: no answer. theirs = ours: nothing to do. ours = base: theirs comes in.
- Both changed, to different values: a conflict for a person to decide, and nothing is written over. But where what
  stands in the planner is the same team's own earlier answer, the later one takes its place: of a later revision of
  the book, or of the same revision filled in by the same person and saved later. The answer of an older revision
  after that of a newer one is left: the newer stands.
- A typed value becomes a check-in of the day and the person that the book is signed with; check-ins are only ever
  added. One is the same as another by date, key result, author, value and comment, so a book that comes twice adds
  nothing. A new action is the same as another by team, words and what it serves.

Books are taken in the order of team, revision and time of saving, whatever the order they are given in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from okr_workbook.domain.kinds import same
from okr_workbook.domain.planner import Action, CheckIn, Planner, key_of

Cell = str | float | bool | date | None
Place = tuple[str, str, str]
"""Table, key of the row's id, field (of measures a month: 2026-11)."""


class Source(NamedTuple):
    """A returned book. `person` signed it, its figures are of the day `on`; `saved` orders copies of one revision."""

    book: str
    team: str
    revision: int
    saved: str
    person: str
    on: date


class Answer(NamedTuple):
    """A cell that a team filled in otherwise than it was sent."""

    table: str
    row: str
    field: str
    base: Cell
    theirs: Cell


class TypedValue(NamedTuple):
    """A value typed for a key result: the check-in it makes, and the value in force when the book was made."""

    check_in: CheckIn
    base: float | None


class Ignored(NamedTuple):
    """A cell that a team may not change, and changed."""

    book: str
    team: str
    table: str
    row: str
    field: str
    sent: Cell
    found: Cell


class Note(NamedTuple):
    """Something in a book that a person should know. `code` names the sentence."""

    code: str
    book: str
    team: str
    details: Mapping[str, object] = {}


class Returned(NamedTuple):
    """What one book brings back."""

    source: Source
    answers: tuple[Answer, ...] = ()
    typed: tuple[TypedValue, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    actions: tuple[Action, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    notes: tuple[Note, ...] = ()


class Told(NamedTuple):
    """Who gave an answer last, without its words: digests tell sameness and keep nothing of a person.

    `heard` are all answers that were judged here, whoever gave them, so that none is judged twice.
    """

    revision: int
    saved: str
    person: str
    value: str
    heard: tuple[str, ...] = ()


_NOBODY = Told(-1, "", "", "")
"""Where answers were heard and none was taken."""


class Conflict(NamedTuple):
    """A cell that was changed on both sides. `ours_by` and `ours_on` are known for values: their last check-in's."""

    table: str
    row: str
    field: str
    ours: Cell
    ours_by: str
    ours_on: date | None
    theirs: Cell
    theirs_by: str
    theirs_on: date | None
    team: str

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same conflict when the book comes again."""
        return (*(key_of(part) for part in (self.table, self.row, self.field, self.team)), _text(self.theirs))


class CellChange(NamedTuple):
    """A cell of the planner that takes a team's answer."""

    table: str
    row: str
    field: str
    value: Cell
    team: str


class MergePlan(NamedTuple):
    """What the books change, in the order it is to be written, and what they do not."""

    cells: tuple[CellChange, ...]
    check_ins: tuple[CheckIn, ...]
    actions: tuple[Action, ...]
    conflicts: tuple[Conflict, ...]
    ignored: tuple[Ignored, ...]
    notes: tuple[Note, ...]
    told: Mapping[tuple[str, Place], Told]


def merge(
    planner: Planner,
    in_force: Mapping[str, float | None],
    books: Iterable[Returned],
    *,
    told: Mapping[tuple[str, Place], Told] | None = None,
    known_conflicts: Iterable[tuple[str, ...]] = (),
) -> MergePlan:
    """The plan of merging these books.

    `in_force` is the value of each key result now, by the key of its id. `told` is what earlier merges remember by
    (team, place); `known_conflicts` are the identities of those listed already, open or decided.
    """
    merger = _Merger(planner, dict(in_force), dict(told or {}), set(known_conflicts))
    for book in sorted(books, key=_order):
        merger.take(book)
    return merger.plan()


def _order(book: Returned) -> tuple[object, ...]:
    source = book.source
    return (key_of(source.team), source.revision, source.saved, _text(repr(book[1:])), source.book)


class _Merger:
    """The planner as it will be, while one book after another is taken."""

    def __init__(
        self,
        planner: Planner,
        in_force: dict[str, float | None],
        told: dict[tuple[str, Place], Told],
        known: set[tuple[str, ...]],
    ) -> None:
        self.in_force, self.told, self.known = in_force, told, known
        self.cells: dict[Place, Cell] = {}
        self.written: dict[Place, CellChange] = {}
        self.last_check_in: dict[str, CheckIn] = {}
        self.seen: set[tuple[str, ...]] = set()
        self.key_results = {key_of(row.id) for row in planner.key_results}
        for row in reversed(planner.key_results):
            self.cells["key_results", key_of(row.id), "confidence"] = row.confidence
        self.measures = {key_of(row.measure): row for row in reversed(planner.measures)}
        self.actions: dict[str, Action] = {key_of(row.id): row for row in reversed(planner.actions)}
        self.own_words = {_words(row): row for row in reversed(planner.actions)}
        for one in planner.check_ins:
            self._note_check_in(one)
        self.new_check_ins: list[CheckIn] = []
        self.new_actions: dict[tuple[str, ...], Action] = {}
        self.conflicts: list[Conflict] = []
        self.ignored: list[Ignored] = []
        self.notes: list[Note] = []

    def plan(self) -> MergePlan:
        return MergePlan(
            tuple(self.written.values()),
            tuple(self.new_check_ins),
            tuple(_numbered(self.new_actions.values(), self.actions)),
            tuple(self.conflicts),
            tuple(self.ignored),
            tuple(self.notes),
            self.told,
        )

    def take(self, book: Returned) -> None:
        self.ignored += book.ignored
        self.notes += book.notes
        for typed in book.typed:
            self._take_typed(book.source, typed)
        for answer in book.answers:
            self._take_answer(book.source, answer)
        for check_in in book.check_ins:
            if key_of(check_in.key_result) not in self.key_results:
                self._note("row_gone", book.source, table="check_ins", row=check_in.key_result)
            elif check_in_identity(check_in) not in self.seen:
                self._add_check_in(check_in)
        for action in book.actions:
            self._take_action(book.source, action)

    # --- values ---

    def _take_typed(self, source: Source, typed: TypedValue) -> None:
        check_in = typed.check_in
        key = key_of(check_in.key_result)
        place = ("key_results", key, "current")
        if key not in self.key_results:
            self._note("row_gone", source, table="key_results", row=check_in.key_result)
            return
        if check_in_identity(check_in) in self.seen:
            return
        if check_in.value is None:  # words alone never contradict a value
            self._add_check_in(check_in)
            return
        ours = self.in_force.get(key)
        if self._was_heard(source, place, check_in.value):
            return
        verdict = self._verdict(source, place, typed.base, ours, check_in.value)
        if verdict in ("take", "agree"):
            self._add_check_in(check_in)
            self.in_force[key] = check_in.value
            self._remember(source, place, check_in.value)
        elif verdict == "older":
            self._hear(source, place, check_in.value)
            self._note("older_answer", source, table="key_results", row=check_in.key_result, field="current")
        else:
            self._hear(source, place, check_in.value)
            last = self.last_check_in.get(key, CheckIn())
            self._conflict(
                Conflict(
                    "key_results", check_in.key_result, "current", ours, last.author, last.date, check_in.value,
                    check_in.author or source.person, check_in.date, source.team,
                )
            )  # fmt: skip

    def _add_check_in(self, check_in: CheckIn) -> None:
        self.new_check_ins.append(check_in)
        self._note_check_in(check_in)

    def _note_check_in(self, check_in: CheckIn) -> None:
        self.seen.add(check_in_identity(check_in))
        key = key_of(check_in.key_result)
        before = self.last_check_in.get(key)
        if check_in.value is not None and (before is None or (before.date or date.min) <= (check_in.date or date.min)):
            self.last_check_in[key] = check_in

    # --- cells ---

    def _take_answer(self, source: Source, answer: Answer) -> None:
        place = (answer.table, key_of(answer.row), answer.field)
        known, ours = self._ours(place)
        if not known:
            self._note("row_gone", source, table=answer.table, row=answer.row)
            return
        told = self.told.get((key_of(source.team), place))
        said_before = told is not None and told.value == _digest(answer.theirs) and source.revision <= told.revision
        if said_before or self._was_heard(source, place, answer.theirs):
            self._hear(source, place, answer.theirs)
            return  # this answer came in before; whatever the planner says by now was said later
        verdict = self._verdict(source, place, answer.base, ours, answer.theirs)
        if verdict == "take":
            self.cells[place] = answer.theirs
            self.written[place] = CellChange(answer.table, answer.row, answer.field, answer.theirs, source.team)
        if verdict in ("take", "agree"):
            self._remember(source, place, answer.theirs)
        elif verdict == "older":
            self._hear(source, place, answer.theirs)
            self._note("older_answer", source, table=answer.table, row=answer.row, field=answer.field)
        else:
            self._hear(source, place, answer.theirs)
            self._conflict(
                Conflict(
                    answer.table, answer.row, answer.field, ours, "", None, answer.theirs, source.person, source.on,
                    source.team,
                )
            )  # fmt: skip

    def _ours(self, place: Place) -> tuple[bool, Cell]:
        """Whether the planner still has the row, and what the cell holds by now."""
        table, row, field = place
        if place in self.cells:
            return True, self.cells[place]
        if table == "actions" and row in self.actions:
            return True, getattr(self.actions[row], field)
        if table == "measures" and row in self.measures:  # a month that has no column, too, takes a figure
            return True, self.measures[row].months.get(date.fromisoformat(f"{field}-01"))
        return False, None

    # --- actions ---

    def _take_action(self, source: Source, action: Action) -> None:
        words = _words(action)
        before = self.own_words.get(words)
        if before is None and words not in self.new_actions:
            self.new_actions[words] = action
            for field in ("state", "comment"):
                self._remember(source, _action_place(words, field), getattr(action, field))
        elif before is None:
            self._update_new(source, words, action)
        else:
            self._update_known(source, words, before, action)

    def _update_new(self, source: Source, words: tuple[str, ...], action: Action) -> None:
        """The same new action in two books of the team: the later answer's state and comment."""
        there = self.new_actions[words]
        for field in ("state", "comment"):
            place, theirs = _action_place(words, field), getattr(action, field)
            verdict = self._verdict(source, place, "", getattr(there, field), theirs)
            if theirs and verdict == "take":
                there = there._replace(**{field: theirs})
                self._remember(source, place, theirs)
        self.new_actions[words] = there

    def _update_known(self, source: Source, words: tuple[str, ...], before: Action, action: Action) -> None:
        """A new action that came in before: its state and comment are answers like any other."""
        for field in ("state", "comment"):
            theirs = getattr(action, field)
            place = ("actions", key_of(before.id), field)
            told = self.told.get((key_of(source.team), _action_place(words, field)))
            if told is not None:
                self.told.setdefault((key_of(source.team), place), told)
            known = self.told.get((key_of(source.team), place))
            base: Cell = "" if known is None or known.value != _digest(theirs) else theirs
            if theirs and not same_cell(theirs, base):
                self._take_answer(source, Answer("actions", before.id, field, base, theirs))

    # --- verdicts ---

    def _verdict(self, source: Source, place: Place, base: Cell, ours: Cell, theirs: Cell) -> str:
        """take, agree, older or conflict."""
        if same_cell(theirs, ours):
            return "agree"
        told = self.told.get((key_of(source.team), place))
        if told is not None and source.revision < told.revision:
            return "older"
        if same_cell(ours, base):
            return "older" if told is not None and self._is_earlier_copy(source, told) else "take"
        if told is not None and told.value == _digest(ours):
            if source.revision > told.revision:
                return "take"
            if told.person == _digest(key_of(source.person)) and source.saved != told.saved:
                return "take" if source.saved > told.saved else "older"
        return "conflict"

    def _is_earlier_copy(self, source: Source, told: Told) -> bool:
        """True for a book saved before the one of the same revision and person that was taken already."""
        same_person = told.person == _digest(key_of(source.person))
        return source.revision == told.revision and same_person and source.saved < told.saved

    def _remember(self, source: Source, place: Place, value: Cell) -> None:
        place_of_team = (key_of(source.team), place)
        before = self.told.get(place_of_team)
        person = _digest(key_of(source.person))
        heard = before.heard if before else ()
        self.told[place_of_team] = Told(source.revision, source.saved, person, _digest(value), heard)
        self._hear(source, place, value)

    def _hear(self, source: Source, place: Place, value: Cell) -> None:
        """Keep in mind that this very answer was judged."""
        place_of_team = (key_of(source.team), place)
        told = self.told.get(place_of_team, _NOBODY)
        heard = tuple(dict.fromkeys((*told.heard, _hearing(source, value))))
        self.told[place_of_team] = told._replace(heard=heard)

    def _was_heard(self, source: Source, place: Place, value: Cell) -> bool:
        told = self.told.get((key_of(source.team), place))
        return told is not None and _hearing(source, value) in told.heard

    def _conflict(self, conflict: Conflict) -> None:
        if conflict.identity not in self.known:
            self.known.add(conflict.identity)
            self.conflicts.append(conflict)

    def _note(self, code: str, source: Source, **details: object) -> None:
        self.notes.append(Note(code, source.book, source.team, details))


# --- sameness -------------------------------------------------------------------------------------


def check_in_identity(check_in: CheckIn) -> tuple[str, ...]:
    """What makes two check-ins one: date, key result, author, value and comment."""
    return (
        check_in.date.isoformat() if check_in.date else "",
        key_of(check_in.key_result),
        key_of(check_in.author),
        _text(check_in.value),
        _text(check_in.comment),
    )


def _words(action: Action) -> tuple[str, ...]:
    """What makes two new actions one: team, words, what it serves."""
    return (key_of(action.team), key_of(action.action), key_of(action.serves))


def _action_place(words: tuple[str, ...], field: str) -> Place:
    """The place of an action that has no id yet."""
    return ("actions", _digest("\n".join(words)), field)


def same_cell(one: Cell, other: Cell) -> bool:
    """True for what is one value to people: blank is blank, numbers agree in the digits that every program keeps."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return same(float(one), float(other))
    return _text(one) == _text(other)


def _text(value: Cell) -> str:
    """A value as text to compare by: blank is "", a number to the 12 digits that every program keeps."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{float(value):.12g}"
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(value.split())


def _digest(value: Cell) -> str:
    return sha256(_text(value).encode()).hexdigest()[:16]


def _hearing(source: Source, value: Cell) -> str:
    """One answer as it is remembered."""
    return _digest(f"{source.revision} {source.saved} {key_of(source.person)} {_text(value)}")


def _numbered(actions: Iterable[Action], known: Iterable[str]) -> Iterable[Action]:
    """New actions in an order of their own, each with a free id: A1, A2, ..."""
    taken = set(known)
    number = 0
    for action in sorted(actions, key=_words):
        while True:
            number += 1
            if key_of(f"A{number}") not in taken:
                break
        yield action._replace(id=f"A{number}")
