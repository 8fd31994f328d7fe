"""Roll-up: the weighted mean of what an objective, a team, a member or the company is made of.

score = sum(weight x score) / sum(weight). What has no value yet counts as `missing_counts_as` says: as zero, so that
silence does not flatter, or not at all. What a fault makes unusable is left out, and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import frexp, fsum, ldexp
from operator import mul

from okr_workbook.domain.kinds import at_least
from okr_workbook.domain.pace import worst_of
from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # a protocol costs the click as much as three records
    from typing import Protocol, TypeVar

    class Share(Protocol):
        """The least a part must tell to be counted."""

        @property
        def weight(self) -> float | None:
            """From 0 on; None where it is faulty."""
            ...

        @property
        def score(self) -> float | None:
            """None where nothing has come in yet."""
            ...

        @property
        def expected(self) -> float | None:
            """None where there are no dates to expect anything by."""
            ...

        @property
        def usable(self) -> bool:
            """False where a fault keeps it out."""
            ...

    AnyShare = TypeVar("AnyShare", bound=Share)


class Part(NamedTuple):
    """One thing that something is made of. `weight` None or not `usable`: it is left out."""

    name: str
    weight: float | None
    score: float | None
    expected: float | None
    success: float
    forecast: float | None
    status: str
    stale: bool
    usable: bool
    has_value: bool
    may_be_done: bool


class Whole(NamedTuple):
    """What the parts come to. `faulty`: parts were there, but faults left nothing to count.

    `weightless`: no part is faulty, and all weigh 0.
    """

    score: float | None = None
    expected: float | None = None
    success: float = 1.0
    forecast: float | None = None
    worst: str = "no_data"
    stale: bool = False
    counted: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    total_weight: float = 0.0
    faulty: bool = False
    weightless: bool = False
    has_value: bool = False
    begun: bool = True
    may_be_done: bool = True


NOTHING = Whole()


def weighted_mean(pairs: Sequence[tuple[float, float]]) -> float | None:
    """The mean of (weight, share) pairs; None without weight. Neither their order nor the weights' scale matters."""
    if not pairs:
        return None
    weights, shares = zip(*pairs, strict=True)
    mean = mean_for(weights)
    return None if mean is None else mean(shares)


def mean_for(weights: Sequence[float]) -> Callable[[Sequence[float]], float] | None:
    """What gives the weighted mean of shares that have these weights; None without weight."""
    largest, count = max(weights, default=0.0), len(weights)
    if largest <= 0:
        return None
    if weights.count(largest) == count:
        return lambda shares: fsum(shares) / count
    # Scaled by a power of two first, which rounds nothing: weights of any size add up without overflow.
    _, exponent = frexp(largest)
    scaled = [ldexp(weight, -exponent) for weight in weights]
    total = fsum(scaled)
    return lambda shares: fsum(map(mul, scaled, shares)) / total


def counted_of(parts: Iterable[AnyShare], missing_counts_as: str) -> list[AnyShare]:
    """The parts that count: sound ones that have a score, or all sound ones where a missing score counts as zero."""
    zero = missing_counts_as == "zero"
    return [part for part in parts if part.usable and part.weight is not None and (zero or part.score is not None)]


def is_faulty(parts: Sequence[Share]) -> bool:
    """True where parts are there and faults leave nothing to count: none is sound, or those that are weigh nothing.

    Weights are the plan's, so silence has no part in this: what has not reported keeps its weight.
    """
    return bool(parts) and not any(part.usable and part.weight for part in parts)


def mean_score(counted: Iterable[Share]) -> float | None:
    """Their weighted mean score, a missing one being 0; None without weight."""
    return weighted_mean([(part.weight or 0.0, part.score or 0.0) for part in counted])


def mean_expected(counted: Iterable[Share]) -> float | None:
    """The weighted mean of what is expected of those of which something is; None without weight."""
    return weighted_mean([(part.weight or 0.0, part.expected) for part in counted if part.expected is not None])


def roll_up(parts: Sequence[Part], missing_counts_as: str) -> Whole:
    """What the parts come to; a whole without parts has no score."""
    if not parts:
        return NOTHING
    counted = counted_of(parts, missing_counts_as)
    weighty = [part for part in counted if part.weight]
    left_out = tuple(part.name for part in parts if not part.usable or part.weight is None)
    faulty = is_faulty(parts)
    return Whole(
        mean_score(counted),
        mean_expected(counted),
        weighted_mean([(part.weight or 0.0, part.success) for part in counted]) or 1.0,
        _forecast(weighty),
        worst_of(tuple(part.status for part in weighty)),
        any(part.stale for part in weighty),
        tuple(part.name for part in counted),
        left_out,
        sum(part.weight or 0.0 for part in weighty),
        faulty=faulty,
        weightless=faulty and not left_out,
        has_value=any(part.has_value for part in weighty),
        begun=not weighty or any(part.status != "not_started" for part in weighty),
        may_be_done=all(part.may_be_done for part in weighty),
    )


def _forecast(parts: Sequence[Part]) -> float | None:
    """The mean of the parts' forecasts, where those that have one carry at least half of the weight.

    A part without any value forecasts what it scores: 0. One that is too early to forecast is left out.
    """
    if all(part.forecast is None for part in parts):
        return None
    shares = [(part.weight or 0.0, part.forecast if part.has_value else 0.0) for part in parts]
    carried = weighted_mean([(weight, 0.0 if share is None else 1.0) for weight, share in shares])
    if carried is None or not at_least(carried, 0.5):
        return None
    return weighted_mean([(weight, share) for weight, share in shares if share is not None])
