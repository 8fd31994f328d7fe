"""The company, the teams and the members at a date: the weighted means of their own objectives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from okr_workbook.domain.objective_scores import objective_part
from okr_workbook.domain.outline import Outline
from okr_workbook.domain.pace import gap_of, grade_of, status_of
from okr_workbook.domain.planner import key_of
from okr_workbook.domain.problems import Problem
from okr_workbook.domain.references import fault_at
from okr_workbook.domain.results import GroupScore
from okr_workbook.domain.rollup import Whole, roll_up


class Owners:
    """Who owns which objectives, by place.

    A team's own are those of level team that name it, a member's those of level member that name them as owner, the
    company's those of level company, or where there are none those without a parent.
    """

    def __init__(self, outline: Outline) -> None:
        self._by_team: dict[str, list[int]] = {}
        self._by_member: dict[str, list[int]] = {}
        self.company: list[int] = []
        for place, plan in enumerate(outline.objectives):
            row = plan.row
            if row.level == "company":
                self.company.append(place)
            elif row.level == "team" and row.team:
                self._by_team.setdefault(key_of(row.team), []).append(place)
            elif row.level == "member" and row.owner:
                self._by_member.setdefault(key_of(row.owner), []).append(place)
        if not self.company:
            self.company = [place for place, plan in enumerate(outline.objectives) if plan.parent is None]

    def team(self, name: str) -> list[int]:
        """A team's own objectives."""
        return self._by_team.get(key_of(name), [])

    def member(self, name: str) -> list[int]:
        """A member's own objectives."""
        return self._by_member.get(key_of(name), [])


class Groups:
    """Scores groups of objectives at one date; all-zero weights among them are added to `problems`, once a group."""

    def __init__(self, outline: Outline, wholes: Sequence[Whole], as_of: date, problems: list[Problem]) -> None:
        self._outline, self._wholes, self._as_of, self._problems = outline, wholes, as_of, problems
        self._owners = Owners(outline)
        self._warned: set[tuple[int, ...]] = set()

    def company(self) -> GroupScore:
        """The company's score."""
        return self._score(self._outline.settings.company, self._owners.company)

    def team(self, name: str) -> GroupScore:
        """One team's score."""
        return self._score(name, self._owners.team(name))

    def member(self, name: str) -> GroupScore:
        """One member's score."""
        return self._score(name, self._owners.member(name))

    def _score(self, name: str, places: Sequence[int]) -> GroupScore:
        settings = self._outline.settings
        whole = roll_up(
            [objective_part(self._outline, self._wholes, place, self._as_of) for place in places],
            settings.missing_counts_as,
        )
        if whole.weightless:
            self._warn(tuple(places), name)
        return GroupScore(
            name,
            whole.score,
            whole.expected,
            gap_of(whole.expected, whole.score),
            self._status(whole),
            grade_of(whole.score, settings),
            whole.forecast,
            whole.counted,
        )

    def _status(self, whole: Whole) -> str:
        settings = self._outline.settings
        if whole.begun and whole.has_value and settings.status_rule == "worst":
            return whole.worst
        return status_of(
            whole.score if whole.has_value else None,
            whole.expected,
            success=whole.success,
            begun=whole.begun,
            may_be_done=whole.may_be_done,
            settings=settings,
        )

    def _warn(self, places: tuple[int, ...], name: str) -> None:
        if places not in self._warned:
            self._warned.add(places)
            row = self._outline.objectives[places[0]].row
            self._problems.append(fault_at("objectives", row, "weight", "group_weights_all_zero", group=name))
