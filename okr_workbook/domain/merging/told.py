"""What merges remember of a team's answers, and whether it still holds of the planner at hand. Pure.

Digests only: they tell sameness and keep no word and no value of a person. A planner can be put back, by undo, from a
backup or an older version, and what is remembered cannot know. So it counts only where it shows: a value by its
check-in; a cell by what it holds or, where somebody has changed it since, by a check-in that was there afterwards.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

Place = tuple[str, str, str]
"""Table, key of the row's id, field (of measures a month: 2026-11)."""


class Giver(NamedTuple):
    """Who gave an answer: digests of the person a book is signed by and of who saved it ("" where it does not say)."""

    revision: int
    saved: str
    person: str
    saved_by: str = ""

    def is_same_person(self, other: Giver) -> bool:
        """A book is signed in its team lead's name until somebody changes it; who saved it tells copies apart."""
        return self.person == other.person and (
            self.saved_by == other.saved_by or not (self.saved_by and other.saved_by)
        )


class Told(NamedTuple):
    """The answer of a team that was taken last at one place.

    `value` is its digest, `by` who gave it (all of the newest revision), `before` what stood there until then.
    `witness` is the last check-in after it was taken; `came_with`: it came in the same merge, so that a planner that
    has it has been through that merge. `heard` are answers judged here that were taken or are older than this one, and
    `disputed` those that became conflicts, so that none is judged twice.
    """

    value: str = ""
    by: tuple[Giver, ...] = ()
    before: tuple[str, ...] = ()
    witness: str = ""
    came_with: bool = False
    heard: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()

    @property
    def revision(self) -> int:
        """The revision of the book that gave it; -1 where none was taken."""
        return max((giver.revision for giver in self.by), default=-1)

    def holds(self, now: str, check_ins: Container[str]) -> bool:
        """Whether this planner has been through all this. `now` is what the place holds, by its digest.

        A cell that holds again what it held before was put back with the planner, unless a check-in that came with the
        answer is there: then it was put back by hand.
        """
        if now and now == self.value:
            return True
        return (not self.witness or self.witness in check_ins) and (self.came_with or now not in self.before)

    def order_of(self, giver: Giver) -> str:
        """Whether an answer of `giver` comes later than this one, earlier, "undated" (the same person, no book says
        when), or "": nobody can tell.
        """
        if not self.by:
            return ""
        if giver.revision != self.revision:
            return "later" if giver.revision > self.revision else "earlier"
        if not all(giver.is_same_person(other) for other in self.by):
            return ""
        saved = [other.saved for other in self.by]
        if not giver.saved and not any(saved):
            return "undated"
        if not giver.saved or not all(saved) or giver.saved in saved:
            return ""
        return "later" if giver.saved > max(saved) else "earlier" if giver.saved < max(saved) else ""

    def without_givers(self, digests: Container[str]) -> Told:
        """The same, given by nobody who is one of these: they are no later answer's person any more."""
        return self._replace(
            by=tuple(
                giver._replace(
                    person="" if giver.person in digests else giver.person,
                    saved_by="" if giver.saved_by in digests else giver.saved_by,
                )
                for giver in self.by
            )
        )

    def given_by(self, giver: Giver, value: str) -> Told:
        """The same with one more who gave it, or the newer answer in its place; an older one changes nothing."""
        if giver.revision < self.revision:
            return self
        if value != self.value or giver.revision > self.revision:
            return self._replace(value=value, by=(giver,))
        known = [one for one in self.by if one[2:] == giver[2:]]
        others = [one for one in self.by if one not in known]
        return self._replace(by=(*others, giver._replace(saved=max(one.saved for one in (*known, giver)))))
