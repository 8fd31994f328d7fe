"""Three-way merge: what a team's workbook brings back, against what was sent and what the planner says by now.

Pure. For every cell a team may fill in there are three values: `base`, as sent; `ours`, in the planner now; `theirs`, in
the returned book. The rules:

- theirs = base: no answer. theirs = ours: nothing to do. ours = base: theirs comes in.
- Both changed, to different values: a conflict for a person to decide, and nothing is written over. But where what
  stands in the planner is the same team's own earlier answer, the later one takes its place: of a later revision of
  the book, or of the same revision filled in by the same person and saved later (where no book says when it was saved:
  collected later, and a note says so). The answer of an older revision after that of a newer one is left: the newer
  stands.
- A row whose id stands for something else by now takes no answer: what was answered for it is a conflict.
- A typed value becomes a check-in of the day and the person that the book is signed with; check-ins are only ever
  added. One is the same as another by date, key result, author, value and comment, so a book that comes twice adds
  nothing. A new action is the same as another by team, words and what it serves. Words never contradict anything: a
  comment stays where the value beside it does not come in.
- An answer that was judged is not judged twice, as far as the planner shows that it was (`told`): whatever state a
  planner is put back to, what the books say is in it afterwards, or listed as a conflict.

Books are taken in the order of team, revision and time of saving, whatever the order they are given in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from okr_workbook.domain.merging.memory import Memory, hearing_of, witness_of
from okr_workbook.domain.merging.plan import AnsweredCell, Conflict, MergePlan
from okr_workbook.domain.merging.returned import Answer, Ignored, Note, Returned, Source, TypedValue
from okr_workbook.domain.merging.sameness import Cell, check_in_identity, digest_of, is_another, same_cell, text_of
from okr_workbook.domain.merging.told import Place, Told
from okr_workbook.domain.planner import Action, CheckIn, Planner, key_of


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
    return (key_of(source.team), source.revision, source.saved, text_of(repr(book[1:])), source.book)


class _Merger:
    """The planner as it will be, while one book after another is taken."""

    def __init__(
        self,
        planner: Planner,
        in_force: dict[str, float | None],
        told: Mapping[tuple[str, Place], Told],
        known: set[tuple[str, ...]],
    ) -> None:
        self.in_force, self.known = in_force, known
        self.cells: dict[Place, Cell] = {}
        self.written: dict[Place, AnsweredCell] = {}
        self.last_check_in: dict[str, CheckIn] = {}
        self.seen: set[tuple[str, ...]] = set()
        self.comments: set[tuple[str, ...]] = set()
        self.key_results = {key_of(row.id): row for row in reversed(planner.key_results)}
        for row in reversed(planner.key_results):
            self.cells["key_results", key_of(row.id), "confidence"] = row.confidence
        self.measures = {key_of(row.measure): row for row in reversed(planner.measures)}
        self.actions: dict[str, Action] = {key_of(row.id): row for row in reversed(planner.actions)}
        self.own_words = {_words(row): row for row in reversed(planner.actions)}
        self.check_ins = planner.check_ins
        for one in planner.check_ins:
            self._note_check_in(one)
        self.new_check_ins: list[CheckIn] = []
        self.new_actions: dict[tuple[str, ...], Action] = {}
        self.conflicts: list[Conflict] = []
        self.ignored: list[Ignored] = []
        self.notes: list[Note] = []
        self.memory = Memory(self._what_holds(told))
        self.witness = ""

    def plan(self) -> MergePlan:
        last = (*self.check_ins[-1:], *self.new_check_ins[-1:])
        actions = tuple(_numbered(self.new_actions.values(), self.actions))
        ids = {_unnumbered(_words(action)): action.id for action in actions}
        return MergePlan(
            tuple(self.written.values()),
            tuple(self.new_check_ins),
            actions,
            tuple(conflict._replace(row=ids.get(conflict.row, conflict.row)) for conflict in self.conflicts),
            tuple(self.ignored),
            tuple(self.notes),
            self.memory.witnessed(witness_of(last[-1]) if last else "", came_with=bool(self.new_check_ins)),
        )

    def take(self, book: Returned) -> None:
        self.ignored += book.ignored
        self.notes += book.notes
        there = len(self.new_check_ins)
        for check_in in book.undated:
            self._take_check_in(book, check_in)
        for typed in book.typed:
            self._take_typed(book, typed)
        for check_in in book.check_ins:
            self._take_check_in(book, check_in)
        self.witness = witness_of(self.new_check_ins[-1]) if len(self.new_check_ins) > there else ""
        for answer in book.answers:
            self._take_answer(book, answer)
        for action in book.actions:
            self._take_action(book, action)

    # --- values ---

    def _take_typed(self, book: Returned, typed: TypedValue) -> None:
        source, check_in = book.source, typed.check_in
        key = key_of(check_in.key_result)
        place = ("key_results", key, "current")
        if key not in self.key_results:
            self._note("row_gone", source, table="key_results", row=check_in.key_result)
            return
        told, identity = self.memory.of(source, place), check_in_identity(check_in)
        if identity in self.seen:
            if check_in.value is not None and not told.by:  # nobody remembers, and there it is
                self.memory.take(source, place, check_in.value, witness=witness_of(check_in))
            return
        nameless = check_in_identity(check_in._replace(author="")) in self.seen
        if nameless and (check_in.value is None or told.witness == witness_of(check_in)):
            return  # it came in, and its author is forgotten since
        if check_in.value is None:  # words alone never contradict a value
            self._add_check_in(check_in)
            return
        ours = self.in_force.get(key)
        last = self.last_check_in.get(key, CheckIn())
        if not same_cell(last.value, ours):
            last = CheckIn()  # typed since, nobody knows by whom
        conflict = Conflict(
            "key_results", check_in.key_result, "current", ours, last.author, last.date, check_in.value,
            check_in.author or source.person, check_in.date, source.team,
        )  # fmt: skip
        verdict = self._verdict(book, place, typed.base, conflict)
        if verdict in ("take", "agree"):
            self._add_check_in(check_in)
            self.in_force[key] = check_in.value
            self.memory.take(source, place, check_in.value, witness=witness_of(check_in))
            return
        self._leave(book, place, conflict, verdict)
        if check_in.comment and _comment(identity) not in self.comments:
            self._add_check_in(check_in._replace(value=None))

    def _take_check_in(self, book: Returned, check_in: CheckIn) -> None:
        if self._is_another(book, "key_results", check_in.key_result):
            self._take_typed(book, TypedValue(check_in, None))
        elif key_of(check_in.key_result) not in self.key_results:
            self._note("row_gone", book.source, table="check_ins", row=check_in.key_result)
        elif check_in_identity(check_in) not in self.seen:
            self._add_check_in(check_in)

    def _add_check_in(self, check_in: CheckIn) -> None:
        self.new_check_ins.append(check_in)
        self._note_check_in(check_in)

    def _note_check_in(self, check_in: CheckIn) -> None:
        identity = check_in_identity(check_in)
        self.seen.add(identity)
        self.comments.add(_comment(identity))
        key = key_of(check_in.key_result)
        before = self.last_check_in.get(key)
        if check_in.value is not None and (before is None or (before.date or date.min) <= (check_in.date or date.min)):
            self.last_check_in[key] = check_in

    # --- cells ---

    def _take_answer(self, book: Returned, answer: Answer) -> None:
        source, place = book.source, (answer.table, key_of(answer.row), answer.field)
        known, ours = self._ours(place)
        if not known:
            self._note("row_gone", source, table=answer.table, row=answer.row)
            return
        conflict = Conflict(
            answer.table, answer.row, answer.field, ours, "", None, answer.theirs, source.person, source.on, source.team
        )
        verdict = self._verdict(book, place, answer.base, conflict)
        if verdict == "take":
            self.cells[place] = answer.theirs
            self.written[place] = AnsweredCell(answer.table, answer.row, answer.field, answer.theirs, source.team)
        if verdict in ("take", "agree"):
            self.memory.take(source, place, answer.theirs, before=(ours, answer.base), witness=self.witness)
            self.memory.hear(source, place, answer.theirs, source.on)
        else:
            self._leave(book, place, conflict, verdict)

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

    def _take_action(self, book: Returned, action: Action) -> None:
        words = _words(action)
        before = self.own_words.get(words)
        if before is not None:
            self._update_known(book, words, before, action)
        elif words in self.new_actions:
            self._update_new(book, words, action)
        else:
            self.new_actions[words] = action
            for field in _OF_NEW_ACTIONS:
                if said := getattr(action, field):
                    self._remember_new(book.source, words, field, said)

    def _update_new(self, book: Returned, words: tuple[str, ...], action: Action) -> None:
        """The same new action in two books of the team: what the second says of it are answers like any other."""
        source = book.source
        for field in _OF_NEW_ACTIONS:
            there = self.new_actions[words]
            place, ours, theirs = _action_place(words, field), getattr(there, field), getattr(action, field)
            if not theirs:
                continue
            conflict = Conflict(
                "actions", _unnumbered(words), field, ours, "", None, theirs, source.person, source.on, source.team
            )
            verdict = self._verdict(book, place, None, conflict)
            if verdict in ("take", "agree"):
                self.new_actions[words] = there._replace(**{field: theirs})
                self._remember_new(source, words, field, theirs)
            else:
                self._leave(book, place, conflict, verdict)

    def _remember_new(self, source: Source, words: tuple[str, ...], field: str, said: Cell) -> None:
        place = _action_place(words, field)
        self.memory.take(source, place, said, before=(None,), witness=self.witness)
        self.memory.hear(source, place, said, source.on)

    def _update_known(self, book: Returned, words: tuple[str, ...], before: Action, action: Action) -> None:
        """A new action that came in before: what it says by now are answers like any other."""
        for field in _OF_NEW_ACTIONS:
            place, theirs = ("actions", key_of(before.id), field), getattr(action, field)
            self.memory.carry_over(book.source, _action_place(words, field), place)
            if theirs:
                base = None if self.memory.of(book.source, place).by else _UNSAID.get(field)
                self._take_answer(book, Answer("actions", before.id, field, base, theirs))

    # --- verdicts ---

    def _verdict(self, book: Returned, place: Place, base: Cell, conflict: Conflict) -> str:
        """take, agree, older, conflict; or judged: this answer was judged before, whatever the planner says since."""
        source, ours, theirs = book.source, conflict.ours, conflict.theirs
        told, hearing = self.memory.of(source, place), hearing_of(source, theirs, conflict.theirs_on)
        if hearing in told.disputed and conflict.identity in self.known:
            return "judged"
        if same_cell(theirs, ours) and hearing not in told.heard:
            return "agree"
        if hearing in told.heard or (place[2] != "current" and _said_before(told, source, theirs)):
            put_back = told.value == digest_of(theirs) and digest_of(ours) in told.before
            return "conflict" if put_back else "judged"
        if self._is_another(book, conflict.table, conflict.row):
            return "conflict"
        order = told.order_of(source.giver)
        if told.by and source.revision < told.revision:
            return "older"
        if told.value == digest_of(ours):  # what stands there is the team's own
            if order == "undated" and not self.memory.is_of_now(source, place):
                self._note("undated_answer", source, table=conflict.table, row=conflict.row, field=conflict.field)
                return "take"
            if order in ("later", "earlier"):
                return "take" if order == "later" else "older"
        if same_cell(ours, base):
            return "older" if order == "earlier" else "take"
        return "conflict"

    def _is_another(self, book: Returned, table: str, row_id: str) -> bool:
        """True where the planner's row of that id is not the one the book was sent with."""
        key = key_of(row_id)
        row = self.key_results.get(key) if table == "key_results" else self.actions.get(key)
        sent = book.rows.get((table, key))
        return row is not None and sent is not None and is_another(sent, row)

    def _leave(self, book: Returned, place: Place, conflict: Conflict, verdict: str) -> None:
        """An answer that does not come in: what is told of it, and that it was judged."""
        source = book.source
        where = {"table": conflict.table, "row": conflict.row, "field": conflict.field}
        told, hearing = self.memory.of(source, place), hearing_of(source, conflict.theirs, conflict.theirs_on)
        if verdict == "older":
            self._note("older_answer", source, **where)
        if verdict != "conflict":
            # a dispute is judged by its conflict, while it is listed
            if verdict == "older" or hearing not in told.disputed:
                self.memory.hear(source, place, conflict.theirs, conflict.theirs_on)
            return
        self.memory.dispute(source, place, conflict.theirs, conflict.theirs_on)
        if conflict.identity not in self.known:
            self.known.add(conflict.identity)
            self.conflicts.append(conflict)
            if self._is_another(book, conflict.table, conflict.row):
                self._note("row_changed", source, **where)

    def _what_holds(self, told: Mapping[tuple[str, Place], Told]) -> dict[tuple[str, Place], Told]:
        """What is remembered of the planner as it is; the rest was of a planner that is put back by now."""
        if not told:
            return {}
        check_ins = set(map(witness_of, self.check_ins))
        new_ones = {_action_place(words, "")[1]: key_of(action.id) for words, action in self.own_words.items()}
        found = {}
        for (team, place), one in told.items():
            table, row, field = place
            known, ours = self._ours((table, new_ones.get(row, row), field))
            now = "" if field == "current" else digest_of(ours)
            if (known or (field == "current" and row in self.key_results)) and one.holds(now, check_ins):
                found[team, place] = one
        return found

    def _note(self, code: str, source: Source, **details: object) -> None:
        self.notes.append(Note(code, source.book, source.team, details))


_OF_NEW_ACTIONS = ("owner", "due", "state", "comment")
"""What a team may say of an action of its own besides the words it is known by."""

_UNSAID: Mapping[str, str] = {"state": "to_do"}
"""What holds of a new action where the team does not say."""


def _comment(identity: tuple[str, ...]) -> tuple[str, ...]:
    """What was said of a key result on one day."""
    day, key_result, _, _, comment = identity
    return (day, key_result, comment)


def _words(action: Action) -> tuple[str, ...]:
    """What makes two new actions one: team, words, what it serves."""
    return (key_of(action.team), key_of(action.action), key_of(action.serves))


def _unnumbered(words: tuple[str, ...]) -> str:
    """What stands for the id of a new action until it has one."""
    return "\n".join(words)


def _action_place(words: tuple[str, ...], field: str) -> Place:
    """The place of an action that has no id yet."""
    return ("actions", digest_of(_unnumbered(words)), field)


def _said_before(told: Told, source: Source, value: Cell) -> bool:
    """True where the answer that was taken last is this one, of this book or a copy of it, or of a newer one."""
    return told.value == digest_of(value) and source.revision <= told.revision


def _numbered(actions: Iterable[Action], known: Iterable[str]) -> Iterable[Action]:
    """New actions as they stand in the books, each with a free id (A1, A2, ...); what nobody says the state of is to do."""
    taken = set(known)
    number = 0
    for action in actions:
        while True:
            number += 1
            if key_of(f"A{number}") not in taken:
                break
        yield action._replace(id=f"A{number}", state=action.state or _UNSAID["state"])
