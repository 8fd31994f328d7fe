"""What differs by kind of key result in the formulas of a team's workbook: a class for each class of `domain.kinds`."""

from __future__ import annotations

from itertools import pairwise

from okr_workbook.domain import kinds
from okr_workbook.domain.kinds import COMMIT_SCORE, STRETCH_SCORE, TARGET_SCORE, Kind, kind_of
from okr_workbook.labels import LANGUAGES, labels_for
from okr_workbook.tables.native import KeyResultCells, number, text


def formulas_of(kind: str) -> KindFormulas:
    """The formulas of the kind of that name; what all have in common where it has none of its own."""
    return BY_KIND.get(kind_of(kind)) or KindFormulas()


def is_scored(kind: str) -> bool:
    """True where a kind has formulas that score it; another one shows the score its team's workbook was sent with."""
    return kind_of(kind) in BY_KIND


class KindFormulas:
    """What the formulas of all kinds have in common: a number is a value, and what is expected rises with time."""

    def value(self, at: KeyResultCells) -> str:
        """The value in force: what was typed if it is a value of that kind, else the last one, else ""."""
        return f"IF(ISNUMBER({at.typed}),{at.typed},{_last(at)})"

    def kept(self, at: KeyResultCells) -> str:
        """How many of the readings keep the bound."""
        typed = f"IF({self.keeps(at)},1,0)+{_other_day(at, at.kept_that_day)}"
        return f"{at.kept_before}+IF({_is_reading(at)},{typed},{at.kept_that_day})"

    def keeps(self, at: KeyResultCells) -> str:
        """True where what is typed keeps the bound."""
        raise NotImplementedError

    def progress(self, at: KeyResultCells) -> str:
        """How far the value has come, not clamped."""
        raise NotImplementedError

    def score(self, at: KeyResultCells, *, upward: bool) -> str:  # noqa: ARG002  stages look at it
        """The progress held within 0 and 1, unless the kind grades otherwise. `upward`: the target lies above the start."""
        return f'IF({at.progress}="","",MAX(0,MIN(1,{at.progress})))'

    def expected(self, at: KeyResultCells, *, gradual: bool) -> str:
        """The score expected by the as-of date. `gradual`: there are steps towards it, whatever is typed."""
        return f"IF({at.as_of}<{at.begins},0,{at.success}*{self.expected_share(at, gradual=gradual)})"

    def expected_share(self, at: KeyResultCells, *, gradual: bool) -> str:  # noqa: ARG002  a milestone looks at it
        """The share of the success score that is expected by the as-of date."""
        return _elapsed(at)


class _Linear(KindFormulas):
    def progress(self, at: KeyResultCells) -> str:
        return f'IF({at.value}="","",({at.value}-{at.start})/({at.target}-{at.start}))'


class _Stages(_Linear):
    def score(self, at: KeyResultCells, *, upward: bool) -> str:
        before = "<" if upward else ">"
        steps = [(at.start, 0.0), (at.commit, COMMIT_SCORE), (at.target, TARGET_SCORE), (at.stretch, STRETCH_SCORE)]
        formula = number(STRETCH_SCORE)
        for (low, low_score), (high, high_score) in reversed(list(pairwise(steps))):
            share = f"MAX(0,({at.value}-{low})/({high}-{low}))"
            points = f"{number(low_score)}+{share}*{number(high_score - low_score)}"
            formula = f"IF({at.value}{before}{high},{points},{formula})"
        return f'IF({at.value}="","",{formula})'


class _Bound(KindFormulas):
    def progress(self, at: KeyResultCells) -> str:
        return f'IF({at.readings}=0,"",{at.kept}/{at.readings})'

    def expected_share(self, at: KeyResultCells, *, gradual: bool) -> str:  # noqa: ARG002
        return "1"


class _StayAbove(_Bound):
    def keeps(self, at: KeyResultCells) -> str:
        return _at_least(at.typed, at.lower)


class _StayBelow(_Bound):
    def keeps(self, at: KeyResultCells) -> str:
        return _at_least(at.upper, at.typed)


class _StayBetween(_Bound):
    def keeps(self, at: KeyResultCells) -> str:
        return f"AND({_at_least(at.typed, at.lower)},{_at_least(at.upper, at.typed)})"


class _Milestone(KindFormulas):
    def value(self, at: KeyResultCells) -> str:
        typed, last = at.typed, _last(at)
        share = f"IF(AND(ISNUMBER({typed}),{typed}>=0,{typed}<=1),{typed},{last})"
        return f'IF({typed}="",{last},IF({_says("yes", typed)},1,IF({_says("no", typed)},0,{share})))'

    def progress(self, at: KeyResultCells) -> str:
        return f"{at.value}"

    def expected_share(self, at: KeyResultCells, *, gradual: bool) -> str:
        if gradual:
            return _elapsed(at)
        now = f'IF({at.value}="",FALSE,AND({at.value}>0,{at.value}<1))'
        sent = f"AND({at.as_of}<>{at.sent_as_of},ISNUMBER({at.last}),{at.last}>0,{at.last}<1)"
        in_part = f"OR({now},{sent})"
        return f"IF({in_part},{_elapsed(at)},IF({at.as_of}>={at.due},1,0))"


BY_KIND: dict[type[Kind], KindFormulas] = {
    kinds.Increase: _Linear(),
    kinds.Decrease: _Linear(),
    kinds.Stages: _Stages(),
    kinds.StayAbove: _StayAbove(),
    kinds.StayBelow: _StayBelow(),
    kinds.StayBetween: _StayBetween(),
    kinds.Milestone: _Milestone(),
}


# --- what they are made of ---


def readings(at: KeyResultCells) -> str:
    """How many readings of the period there are: what is typed replaces that day's."""
    return f"{at.read_before}+IF({_is_reading(at)},1+{_other_day(at, at.read_that_day)},{at.read_that_day})"


def _is_reading(at: KeyResultCells) -> str:
    """True where a number is typed on a day of the period."""
    ends = f'IF({at.due}="",TRUE,{at.as_of}<={at.due})'
    return f"AND(ISNUMBER({at.typed}),{at.as_of}>={at.begins},{ends})"


def _other_day(at: KeyResultCells, count: str) -> str:
    """The count of the day the book was made on, unless what is typed stands for that very day."""
    return f"IF({at.as_of}={at.sent_as_of},0,{count})"


def _at_least(one: str, bound: str) -> str:
    """True where a number reaches a bound; equal counts, and so does what differs in the last binary digits only."""
    return f"{one}-{bound}>=-MAX(1E-15,1E-12*MAX(ABS({one}),ABS({bound})))"


def _elapsed(at: KeyResultCells) -> str:
    return f"IF({at.as_of}>={at.due},1,({at.as_of}-{at.begins})/({at.due}-{at.begins}))"


def _last(at: KeyResultCells) -> str:
    return f'IF(ISNUMBER({at.last}),{at.last},"")'


def _says(answer: str, cell: str) -> str:
    words = sorted({labels_for(language).choice(answer) for language in LANGUAGES})
    logical = "TRUE" if answer == "yes" else "FALSE"
    return "OR(" + ",".join([f"{cell}={logical}", *(f"{cell}={text(word)}" for word in words)]) + ")"
