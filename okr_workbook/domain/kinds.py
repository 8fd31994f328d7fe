"""The kinds of key result: what each needs, how far a value has come, what it scores.

A kind is one class with `@register`. An instance is the scale of one key result, made from its numbers by `scale_of`;
progress and score are shares (1 is the target reached), values are in the key result's unit.

Sources: `increase`/`decrease` are the linear grading of John Doerr, *Measure What Matters* (2018), and Google re:Work,
"Set goals with OKRs"; `stages` are the grades 0.3, 0.7, 1.0 for commit, target and stretch of Niven & Lamorte,
*Objectives and Key Results* (2016); the bounds to keep are health metrics (Christina Wodtke, *Radical Focus*): what must
not get worse while the rest gets better.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose, isfinite

from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import ClassVar

    from okr_workbook.domain.planner import KeyResult

COMMIT_SCORE, TARGET_SCORE, STRETCH_SCORE = 0.3, 0.7, 1.0


class ScaleFault(NamedTuple):
    """What is wrong with one cell of a key result."""

    code: str
    field: str
    details: dict[str, object]


def same(one: float, other: float) -> bool:
    """True where two numbers differ at most in the last binary digits, as after some arithmetic.

    A spreadsheet program writes 15 digits, so that it may give a number back like that, too.

    >>> same(0.1 + 0.2, 0.3), same(0.4 - 0.3, 0.1), same(999_999_999.5, 1e9)
    (True, True, False)
    """
    return one == other or isclose(one, other, rel_tol=1e-12, abs_tol=1e-15)


def at_least(value: float, bound: float) -> bool:
    """True where `value` reaches `bound`; the same counts.

    >>> at_least(0.1 + 0.2, 0.3), at_least(0.3, 0.1 + 0.2), at_least(0.29, 0.3)
    (True, True, False)
    """
    return value >= bound or same(value, bound)


def clamped(share: float) -> float:
    """A share held within 0 and 1."""
    return 0.0 if share <= 0 else min(share, 1.0)


class Kind:
    """One kind of key result. `needs` names the number fields without which it cannot be scored."""

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    keeps_bound: ClassVar[bool] = False
    """True for a bound to be kept all period long, False for something to be reached."""
    rises_with_time: ClassVar[bool] = True
    """True where what is expected is the elapsed share of the time, whatever was read."""
    takes_yes_no: ClassVar[bool] = False
    """True where a value says how much is done: yes, no, or a share, shown in percent. It needs no other measure."""

    @classmethod
    def faults(cls, *numbers: float) -> tuple[ScaleFault, ...]:  # noqa: ARG003  kinds that can be wrong say how
        """What is wrong with the numbers of `needs`, all of them there."""
        return ()

    @classmethod
    def of(cls, row: KeyResult, *numbers: float) -> Kind:  # noqa: ARG003  a milestone looks at its row
        """The scale of one row, from the numbers of `needs`."""
        return cls(*numbers)

    def __init__(self, *numbers: float) -> None:
        raise NotImplementedError

    @classmethod
    def admits(cls, value: float) -> bool:
        """True where a key result of this kind can have that value."""
        return isfinite(value)

    @classmethod
    def nearest(cls, value: float) -> float:
        """The value nearest to that one which a key result of this kind can have."""
        return value

    def progress(self, values: Sequence[float]) -> float:
        """How far the period's readings have come, not clamped. At least one reading, the latest last."""
        raise NotImplementedError

    def score(self, values: Sequence[float]) -> float:
        """The progress held within 0 and 1, unless the kind grades otherwise."""
        return clamped(self.progress(values))

    def is_gradual(self, values: Sequence[float]) -> bool:  # noqa: ARG002  a milestone looks at them
        """False for what jumps from nothing to done on one day: there are no steps towards it."""
        return True

    def expected_share(self, elapsed: float, values: Sequence[float]) -> float:  # noqa: ARG002  a milestone looks at them
        """The share of the success score that is expected when `elapsed` of the time has gone."""
        return elapsed

    @property
    def goal(self) -> float | None:
        """The value that reaches the target; None for a bound to keep."""
        return None

    @property
    def rises(self) -> bool:
        """True where a higher value is a better one on the way to the goal."""
        return True

    def reached(self, value: float) -> bool:
        """True where one value reaches the goal."""
        return at_least(self.progress((value,)), 1.0)

    def value_scoring(self, score: float) -> float | None:  # noqa: ARG002
        """The value that scores so much; None where no single value does."""
        return None


KINDS: dict[str, type[Kind]] = {}
"""The kinds by name, in the order in which a planner offers them."""


def register(kind: type[Kind]) -> type[Kind]:
    """Makes a kind known by its name."""
    KINDS[kind.name] = kind
    return kind


def kind_of(name: str) -> type[Kind]:
    """The kind of that name; one that needs and tells nothing where there is none."""
    return KINDS.get(name, Kind)


class _Linear(Kind):
    """From a start to a target; either direction."""

    needs = ("start", "target")

    def __init__(self, start: float, target: float) -> None:
        self.start, self.target = start, target

    def progress(self, values: Sequence[float]) -> float:
        return (values[-1] - self.start) / (self.target - self.start)

    @property
    def goal(self) -> float:
        return self.target

    @property
    def rises(self) -> bool:
        return self.target > self.start

    def value_scoring(self, score: float) -> float:
        return self.start + score * (self.target - self.start)


def _linear_faults(start: float, target: float, *, upward: bool) -> tuple[ScaleFault, ...]:
    if start == target:
        return (ScaleFault("start_is_target", "target", {"value": target}),)
    if (target > start) is not upward:
        return (ScaleFault("target_wrong_side", "target", {"start": start, "target": target}),)
    if not isfinite(target - start):
        return (ScaleFault("number_too_large", "target", {"value": target}),)
    return ()


@register
class Increase(_Linear):
    """More is better: from `start` up to `target`."""

    name = "increase"

    @classmethod
    def faults(cls, *numbers: float) -> tuple[ScaleFault, ...]:
        return _linear_faults(*numbers, upward=True)


@register
class Decrease(_Linear):
    """Less is better: from `start` down to `target`."""

    name = "decrease"

    @classmethod
    def faults(cls, *numbers: float) -> tuple[ScaleFault, ...]:
        return _linear_faults(*numbers, upward=False)


class Bound(Kind):
    """A bound to keep: the share of the period's readings that keep it."""

    keeps_bound = True
    rises_with_time = False

    def keeps(self, value: float) -> bool:
        """True where one reading keeps the bound; equal to it counts."""
        raise NotImplementedError

    def progress(self, values: Sequence[float]) -> float:
        return sum(map(self.keeps, values)) / len(values)

    def expected_share(self, elapsed: float, values: Sequence[float]) -> float:  # noqa: ARG002
        """A bound is expected kept from the first day on."""
        return 1.0

    def reached(self, value: float) -> bool:
        return self.keeps(value)


@register
class StayAbove(Bound):
    """Not under `lower`."""

    name = "stay_above"
    needs = ("lower",)

    def __init__(self, lower: float) -> None:
        self.lower = lower

    def keeps(self, value: float) -> bool:
        return at_least(value, self.lower)


@register
class StayBelow(Bound):
    """Not over `upper`."""

    name = "stay_below"
    needs = ("upper",)

    def __init__(self, upper: float) -> None:
        self.upper = upper

    def keeps(self, value: float) -> bool:
        return at_least(self.upper, value)


@register
class StayBetween(Bound):
    """Neither under `lower` nor over `upper`."""

    name = "stay_between"
    needs = ("lower", "upper")

    def __init__(self, lower: float, upper: float) -> None:
        self.lower, self.upper = lower, upper

    @classmethod
    def faults(cls, *numbers: float) -> tuple[ScaleFault, ...]:
        lower, upper = numbers
        return (ScaleFault("bounds_reversed", "upper", {"lower": lower, "upper": upper}),) if lower > upper else ()

    def keeps(self, value: float) -> bool:
        return at_least(value, self.lower) and at_least(self.upper, value)


@register
class Milestone(Kind):
    """Done or not (0, 1), or percent done. It is in percent where its unit says so or a reading lies in between."""

    name = "milestone"
    rises_with_time = False
    takes_yes_no = True

    def __init__(self, *, in_percent: bool = False) -> None:
        self.in_percent = in_percent

    @classmethod
    def of(cls, row: KeyResult, *numbers: float) -> Milestone:  # noqa: ARG003
        return cls(in_percent="%" in row.unit)

    @classmethod
    def admits(cls, value: float) -> bool:
        return 0 <= value <= 1

    @classmethod
    def nearest(cls, value: float) -> float:
        return clamped(value)

    def progress(self, values: Sequence[float]) -> float:
        return values[-1]

    def is_gradual(self, values: Sequence[float]) -> bool:
        """True for percent done, False for done or not."""
        return self.in_percent or any(0 < value < 1 for value in values)

    def expected_share(self, elapsed: float, values: Sequence[float]) -> float:
        """Percent done rises with time; done or not is not expected before its due date."""
        if self.is_gradual(values):
            return elapsed
        return 1.0 if elapsed >= 1 else 0.0

    @property
    def goal(self) -> float:
        return 1.0

    def value_scoring(self, score: float) -> float:
        return score


@register
class Stages(Kind):
    """Commit, target and stretch score 0.3, 0.7 and 1.0, linear between and from `start`; either direction."""

    name = "stages"
    needs = ("start", "commit", "target", "stretch")

    def __init__(self, start: float, commit: float, target: float, stretch: float) -> None:
        self.start, self.target = start, target
        self._steps = ((start, 0.0), (commit, COMMIT_SCORE), (target, TARGET_SCORE), (stretch, STRETCH_SCORE))

    @classmethod
    def faults(cls, *numbers: float) -> tuple[ScaleFault, ...]:
        upward = numbers[-1] > numbers[0]
        for field, before, value in zip(cls.needs[1:], numbers, numbers[1:], strict=False):
            if before == value or (value > before) is not upward:
                return (ScaleFault("stages_out_of_order", field, {"value": value, "before": before}),)
        if not isfinite(numbers[-1] - numbers[0]):
            return (ScaleFault("number_too_large", "stretch", {"value": numbers[-1]}),)
        return ()

    def progress(self, values: Sequence[float]) -> float:
        return (values[-1] - self.start) / (self.target - self.start)

    def score(self, values: Sequence[float]) -> float:
        value, sign = values[-1], 1 if self.target > self.start else -1
        for (low, low_score), (high, high_score) in zip(self._steps, self._steps[1:], strict=False):
            if sign * value < sign * high:
                share = clamped((value - low) / (high - low))
                return low_score + share * (high_score - low_score)
        return STRETCH_SCORE

    @property
    def goal(self) -> float:
        return self.target

    @property
    def rises(self) -> bool:
        return self.target > self.start

    def value_scoring(self, score: float) -> float:
        for (low, low_score), (high, high_score) in zip(self._steps, self._steps[1:], strict=False):
            if score <= high_score:
                return low + (score - low_score) / (high_score - low_score) * (high - low)
        return self._steps[-1][0]


def kind_of_bounds(lower: float | None, upper: float | None) -> str:
    """The name of the kind that keeps these bounds."""
    if upper is None:
        return StayAbove.name
    return StayBelow.name if lower is None else StayBetween.name


def kind_of_numbers(
    *,
    start: float | None = None,
    target: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    commit: float | None = None,
    stretch: float | None = None,
) -> str:
    """The name of the kind that the numbers speak for: stages, a way from start to target, or bounds to keep."""
    if commit is not None and stretch is not None:
        return Stages.name
    if start is None and target is None and not (lower is None and upper is None):
        return kind_of_bounds(lower, upper)
    return Decrease.name if start is not None and target is not None and target < start else Increase.name


def shown_unit(row: KeyResult) -> str:
    """The unit a key result's values are shown in: its own; a milestone is done to some percent."""
    return "%" if kind_of(row.kind).takes_yes_no else row.unit


def scale_of(row: KeyResult) -> tuple[Kind | None, tuple[ScaleFault, ...]]:
    """The scale of a key result, or None and what is wrong. An unreadable cell gives no scale and no second fault."""
    kind = KINDS.get(row.kind)
    if kind is None:
        return None, () if "kind" in row.unreadable else (ScaleFault("kind_missing", "kind", {}),)
    numbers: list[float] = []
    faults: list[ScaleFault] = []
    for field in kind.needs:
        number = getattr(row, field)
        if number is not None and isfinite(number):
            numbers.append(number)
        elif field not in row.unreadable:
            faults.append(ScaleFault("number_missing", field, {}))
    if len(numbers) < len(kind.needs):
        return None, tuple(faults)
    faults.extend(kind.faults(*numbers))
    return (None, tuple(faults)) if faults else (kind.of(row, *numbers), ())
