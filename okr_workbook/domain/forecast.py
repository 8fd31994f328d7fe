"""Where a key result will stand at its due date, and how likely its target is.

The method, in words: the least squares line through the readings of the period, carried to the due date; the chance to
reach the target is the share of the prediction interval's Student t distribution (n - 2 degrees of freedom) beyond it.
A bound to keep goes on being kept at the share so far; the chance that the whole period's share reaches success is
binomial, with Laplace's rule of succession for the probability of the next reading. Too few readings: "too_early".

Sources: Draper & Smith, *Applied Regression Analysis* (3rd ed. 1998), section 3.1 (interval of a new observation);
Abramowitz & Stegun, *Handbook of Mathematical Functions* (1964), 26.7.3-4 (Student t with whole degrees of freedom).
"""

from collections.abc import Sequence
from datetime import date
from math import atan, ceil, cos, exp, fsum, lgamma, log, pi, sin, sqrt
from operator import mul

from okr_workbook.domain.kinds import Kind, at_least, clamped
from okr_workbook.domain.pace import TimeSpan
from okr_workbook.domain.readings import Reading
from okr_workbook.domain.results import Forecast
from okr_workbook.records import NamedTuple

MIN_READINGS = 4
"""Fewer leave the spread about the line to one or no degree of freedom: any chance would be made up."""

MIN_COVERED = 0.15
"""The share of the period that the readings must cover from the first to the last: a line through one week is no trend."""

LARGEST = 1e150
"""Beyond it squares overflow: no line is drawn through such values."""

TOO_EARLY = Forecast("too_early")


class Line(NamedTuple):
    """A least squares line with what its prediction interval needs. `x` counts days."""

    readings: int
    mean_x: float
    mean_y: float
    slope: float
    spread_x: float  # sum of squares of x about its mean
    deviation: float  # residual standard deviation, n - 2 degrees of freedom

    def at(self, x: float) -> float:
        """The line's height."""
        return self.mean_y + self.slope * (x - self.mean_x)

    def chance_beyond(self, x: float, bound: float, *, upward: bool) -> float:
        """The probability that a new observation at `x` lies at `bound` or beyond (above it for `upward`)."""
        ahead = self.at(x) - bound if upward else bound - self.at(x)
        scale = self.deviation * sqrt(1 + 1 / self.readings + (x - self.mean_x) ** 2 / self.spread_x)
        if scale <= 1e-9 * max(abs(bound), abs(self.mean_y)):
            kept = at_least(self.at(x), bound) if upward else at_least(bound, self.at(x))
            return 1.0 if kept else 0.0
        return student_t_cdf(ahead / scale, self.readings - 2)


def fit_line(xs: Sequence[float], ys: Sequence[float]) -> Line:
    """The least squares line through at least three points, not all of one `x`."""
    count = len(xs)
    mean_x, mean_y = fsum(xs) / count, fsum(ys) / count
    dxs, dys = [x - mean_x for x in xs], [y - mean_y for y in ys]
    spread_x = fsum(map(mul, dxs, dxs))
    slope = fsum(map(mul, dxs, dys)) / spread_x
    residual = fsum([(dy - slope * dx) ** 2 for dx, dy in zip(dxs, dys, strict=True)])
    return Line(count, mean_x, mean_y, slope, spread_x, sqrt(residual / (count - 2)))


def student_t_cdf(t: float, degrees: int) -> float:
    """The probability that Student's t with whole degrees of freedom is at most `t`.

    >>> round(student_t_cdf(2.0, 1), 6), round(student_t_cdf(2.228139, 10), 6)
    (0.852416, 0.975)
    """
    theta = atan(t / sqrt(degrees))
    cosine = cos(theta)
    odd = degrees % 2
    term, total = (cosine, 0.0) if odd else (1.0, 0.0)
    for k in range(2 if odd else 1, degrees, 2):
        total += term
        term *= cosine * cosine * k / (k + 1)
    between = 2 / pi * (theta + sin(theta) * total) if odd else sin(theta) * total
    return clamped((1 + between) / 2)


def forecast_of(
    kind: Kind, value: float | None, readings: Sequence[Reading], *, span: TimeSpan, as_of: date, success: float
) -> Forecast:
    """The forecast of one key result from its value in force and the readings of its period, oldest first."""
    values = tuple([reading.value for reading in readings])
    if value is None:
        return TOO_EARLY
    if not kind.keeps_bound and (span.over(as_of) or kind.score((value,)) >= 1):
        return Forecast("settled", value, kind.score((value,)), 1.0 if kind.reached(value) else 0.0)
    if kind.keeps_bound and span.over(as_of) and values:
        share = kind.score(values)
        return Forecast("settled", value, share, 1.0 if at_least(share, success) else 0.0)
    if not is_enough(readings, span):
        return TOO_EARLY
    if kind.keeps_bound:
        return _kept_share(kind, values, span, as_of, success)
    if not kind.is_gradual(values):
        return TOO_EARLY
    return _along_the_line(kind, readings, span)


def is_enough(readings: Sequence[Reading], span: TimeSpan) -> bool:
    """True where there are readings enough, over time enough, to carry on to the due date."""
    if span.start is None or span.due is None or len(readings) < MIN_READINGS:
        return False
    return (readings[-1].on - readings[0].on).days >= MIN_COVERED * (span.due - span.start).days


def _along_the_line(kind: Kind, readings: Sequence[Reading], span: TimeSpan) -> Forecast:
    first, goal = readings[0].on.toordinal(), kind.goal
    values = [one.value for one in readings]
    if span.due is None or goal is None or max(map(abs, values)) > LARGEST:
        return TOO_EARLY
    x = float(span.due.toordinal() - first)
    line = fit_line([float(one.on.toordinal() - first) for one in readings], values)
    value = kind.nearest(line.at(x))
    upward = kind.rises
    return Forecast("line", value, kind.score((value,)), line.chance_beyond(x, goal, upward=upward))


def _kept_share(kind: Kind, values: Sequence[float], span: TimeSpan, as_of: date, success: float) -> Forecast:
    share = kind.score(values)
    elapsed = span.elapsed(as_of) or 0.0
    if not elapsed:
        return TOO_EARLY
    kept = round(share * len(values))
    to_come = round(len(values) * (1 - elapsed) / elapsed)
    return Forecast("kept_share", None, share, _chance_of_share(kept, len(values), to_come, success))


def _chance_of_share(kept: int, count: int, to_come: int, success: float) -> float:
    """The chance that at least `success` of all readings keep the bound, `to_come` more being awaited."""
    wanted = max(0, ceil(success * (count + to_come) - 1e-9) - kept)
    log_kept, log_broken = log((kept + 1) / (count + 2)), log((count + 1 - kept) / (count + 2))
    # By logarithms: of thousands of readings the binomial coefficients are beyond any float.
    ways = lgamma(to_come + 1)
    return clamped(
        fsum(
            exp(ways - lgamma(n + 1) - lgamma(to_come - n + 1) + n * log_kept + (to_come - n) * log_broken)
            for n in range(wanted, to_come + 1)
        )
    )
