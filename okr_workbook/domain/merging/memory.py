"""What is remembered of the answers of all teams while their books are merged. Pure; `told` says what each entry means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from okr_workbook.domain.merging.returned import Source
from okr_workbook.domain.merging.sameness import Cell, check_in_identity, digest_of, text_of
from okr_workbook.domain.merging.told import Place, Told
from okr_workbook.domain.planner import CheckIn, key_of


class Memory:
    """What is told of each team and place, while one book after another is taken."""

    def __init__(self, told: Mapping[tuple[str, Place], Told]) -> None:
        self._told = dict(told)
        self._now: set[tuple[str, Place]] = set()

    def of(self, source: Source, place: Place) -> Told:
        """What is told of a place and the team of a book."""
        return self._told.get((key_of(source.team), place), Told())

    def is_of_now(self, source: Source, place: Place) -> bool:
        """True where the answer told there was taken in this very merge."""
        return (key_of(source.team), place) in self._now

    def take(
        self, source: Source, place: Place, value: Cell, *, before: Iterable[Cell] = (), witness: str = ""
    ) -> None:
        """An answer that is in the planner, what stood there until then, and a check-in that came with it."""
        at, told, digest = (key_of(source.team), place), self.of(source, place), digest_of(value)
        known = told.given_by(source.giver, digest)
        if known.value != told.value:
            stood = (one for one in _with(told.before, *map(digest_of, before)) if one != digest)
            known = known._replace(before=tuple(stood), witness=witness, came_with=bool(witness))
            self._now.add(at)
        self._told[at] = known

    def hear(self, source: Source, place: Place, value: Cell, on: date | None) -> None:
        """Keep in mind that this very answer was judged."""
        told, hearing = self.of(source, place), hearing_of(source, value, on)
        self._told[key_of(source.team), place] = told._replace(heard=_with(told.heard, hearing))

    def dispute(self, source: Source, place: Place, value: Cell, on: date | None) -> None:
        """Keep in mind that this very answer became a conflict."""
        told, hearing = self.of(source, place), hearing_of(source, value, on)
        self._told[key_of(source.team), place] = told._replace(disputed=_with(told.disputed, hearing))

    def carry_over(self, source: Source, place: Place, to: Place) -> None:
        """What was told of one place holds of another, of which nothing is told yet."""
        team = key_of(source.team)
        if (team, place) in self._told:
            self._told.setdefault((team, to), self._told[team, place])

    def witnessed(self, witness: str, *, came_with: bool) -> dict[tuple[str, Place], Told]:
        """All that is told; where no check-in came with an answer of this merge, `witness` must do as its witness."""
        return {
            at: one._replace(witness=witness, came_with=came_with) if at in self._now and not one.witness else one
            for at, one in self._told.items()
        }


def hearing_of(source: Source, value: Cell, on: date | None) -> str:
    """One answer as it is remembered."""
    return digest_of(f"{source.revision} {source.saved} {key_of(source.person)} {text_of(on)} {text_of(value)}")


def witness_of(check_in: CheckIn) -> str:
    """A check-in as it is remembered, whoever's: a person who is forgotten leaves the reading behind."""
    day, key_result, _, value, comment = check_in_identity(check_in)
    return digest_of(f"{day} {key_result} {value} {comment}")


def _with(some: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *more)))
