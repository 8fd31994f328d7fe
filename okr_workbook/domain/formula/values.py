"""The value of a formula, in plain Python: a tree becomes a function of the figures. Standard library only.

A figure, and a value, is a number, an Excel error code that travels, or None: no data. Never NaN, never infinite.

What a blank means (it is never 0):
- A formula *needs* every name it reads in its own period. Where one is blank there, the value is None.
- Of the names given directly to SUM, AVERAGE, MIN, MAX or MEDIAN it needs one; the blank others are skipped, as Excel
  skips blank cells (not so inside YTD and ROLLING).
- A blank in an earlier period (PREV), or before the first one, is #N/A, which IFERROR may catch.

Comparisons and ROUND work on 15 significant digits, as Excel's do: 0.1 + 0.2 = 0.3 there.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor, isfinite, sqrt

from okr_workbook.domain.formula.language import COMPARISONS, NOW, STATISTICS, Node, Span, count_of, span_of


class ErrorValue(str):
    """An Excel error code that stands where a number should."""

    __slots__ = ()


DIV0 = ErrorValue("#DIV/0!")
NA = ErrorValue("#N/A")
NUM = ErrorValue("#NUM!")
VALUE = ErrorValue("#VALUE!")

Value = float | ErrorValue | None
Figure = Callable[[str, Span], Value]
"""The figure of a name over a span; None where its last period is blank, #N/A where an earlier one is missing."""

Scalar = float | ErrorValue  # inside a formula; a condition is a bool, which is a float too
_Run = Callable[[Figure], Scalar]


def evaluate(node: Node, figure: Figure) -> Value:
    """The value of a formula where `figure` gives the figures; None where the formula has not what it needs.

    >>> from okr_workbook.domain.formula.parser import parse
    >>> figures = {"paid": 30.0, "trials": 120.0, "churned": 0.0}
    >>> evaluate(parse("paid / trials"), lambda name, span: figures.get(name))
    0.25
    >>> evaluate(parse("paid / churned"), lambda name, span: figures.get(name))
    '#DIV/0!'
    >>> evaluate(parse("paid / visits"), lambda name, span: figures.get(name)) is None
    True
    """
    return compiled(node)(figure)


def compiled(node: Node) -> Callable[[Figure], Value]:
    """The same, ready to run over many periods."""
    groups = needs(node)
    singles = tuple(group[0] for group in groups if len(group) == 1)
    others = tuple(group for group in groups if len(group) > 1)
    run = _build(node, NOW)

    def value(figure: Figure) -> Value:
        for name, span in singles:
            if figure(name, span) is None:
                return None
        for group in others:
            if all(figure(name, span) is None for name, span in group):
                return None
        found = run(figure)
        return found if isinstance(found, ErrorValue) else found + 0.0  # never -0

    return value


def needs(node: Node, span: Span = NOW) -> tuple[tuple[tuple[str, Span], ...], ...]:
    """What a formula needs: of each group, one name at least with a figure. Names of earlier periods are not needed."""
    if span.lag:
        return ()
    if node.kind == "name":
        return (((str(node.value), span),),)
    if node.kind == "call":
        span = span_of(node, span)
    direct, others = direct_names(node, span)
    groups = [direct] if direct else []
    groups += [group for arg in others for group in needs(arg, span)]
    return tuple(dict.fromkeys(groups))


def direct_names(node: Node, span: Span) -> tuple[tuple[tuple[str, Span], ...], tuple[Node, ...]]:
    """The names given directly to a statistic, which skips the blank ones, and the node's other arguments.

    Over a window (YTD, ROLLING) nothing is skipped.
    """
    if node.kind != "call" or node.value not in STATISTICS or span.length != 1:
        return (), node.args
    direct = tuple((str(arg.value), span) for arg in node.args if arg.kind == "name")
    return direct, tuple(arg for arg in node.args if arg.kind != "name")


# --- one small function a kind of node; each returns what computes the node ---


def _build(node: Node, span: Span) -> _Run:
    if node.kind in ("number", "boolean"):
        constant = float(node.value) if node.kind == "number" else bool(node.value)
        return lambda _: constant
    if node.kind == "name":
        return _reader(str(node.value), span)
    if node.kind == "call":
        return _BUILDERS[str(node.value)](node, span)
    if node.kind == "operator":
        return _operator(node, span)
    inner = _build(node.args[0], span)
    if node.kind == "percent":
        return _apply(lambda x: x / 100, inner)
    return _apply(lambda x: -x, inner) if node.value == "-" else inner


def _reader(name: str, span: Span) -> _Run:
    def read(figure: Figure) -> Scalar:
        found = figure(name, span)
        return NA if found is None else found

    return read


def _apply(function: Callable[[float], Scalar], inner: _Run) -> _Run:
    def run(figure: Figure) -> Scalar:
        value = inner(figure)
        return value if isinstance(value, ErrorValue) else function(value)

    return run


def _operator(node: Node, span: Span) -> _Run:
    left, right = (_build(arg, span) for arg in node.args)
    function = _OPERATORS[str(node.value)]
    exact = node.value in COMPARISONS

    def run(figure: Figure) -> Scalar:
        a = left(figure)
        if isinstance(a, ErrorValue):
            return a
        b = right(figure)
        if isinstance(b, ErrorValue):
            return b
        result = function(a, b)
        return result if exact or isinstance(result, ErrorValue) else finite(result)

    return run


def finite(number: float) -> Scalar:
    """The number, or #NUM! where it has left what a cell can hold."""
    return number if isfinite(number) else NUM


def _divide(a: float, b: float) -> Scalar:
    return a / b if b else DIV0


def _power(a: float, b: float) -> Scalar:
    if a == 0 and b <= 0:
        return NUM if b == 0 else DIV0
    if a < 0 and b != int(b):
        return NUM
    try:
        return float(a**b)
    except OverflowError:
        return NUM


def compare(a: float, b: float) -> int:
    """-1, 0 or 1 as a is less than, equal to or greater than b in Excel's 15 significant digits."""
    if a == b or (abs(a - b) <= 1e-14 * abs(a) and f"{a:.15g}" == f"{b:.15g}"):
        return 0
    return -1 if a < b else 1


_OPERATORS: dict[str, Callable[[float, float], Scalar]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "^": _power,
    "=": lambda a, b: compare(a, b) == 0,
    "<>": lambda a, b: compare(a, b) != 0,
    "<": lambda a, b: compare(a, b) < 0,
    "<=": lambda a, b: compare(a, b) <= 0,
    ">": lambda a, b: compare(a, b) > 0,
    ">=": lambda a, b: compare(a, b) >= 0,
}


def _if(node: Node, span: Span) -> _Run:
    condition, yes, no = (_build(arg, span) for arg in node.args)

    def run(figure: Figure) -> Scalar:
        found = condition(figure)
        if isinstance(found, ErrorValue):
            return found
        return yes(figure) if found else no(figure)

    return run


def _if_error(node: Node, span: Span) -> _Run:
    value, fallback = (_build(arg, span) for arg in node.args)

    def run(figure: Figure) -> Scalar:
        found = value(figure)
        return fallback(figure) if isinstance(found, ErrorValue) else found

    return run


def _over(function: Callable[[list[float]], Scalar]) -> Callable[[Node, Span], _Run]:
    """A function of all its arguments, none of which may be an error; in a statistic blank names are skipped."""

    def build(node: Node, span: Span) -> _Run:
        direct, others = direct_names(node, span)
        runs = [_build(arg, span) for arg in others]

        def run(figure: Figure) -> Scalar:
            figures = [found for name, its_span in direct if (found := figure(name, its_span)) is not None]
            if direct and not figures:
                return NA
            values = [*figures, *(each(figure) for each in runs)]
            for value in values:
                if isinstance(value, ErrorValue):
                    return value
            return function([float(value) for value in values])

        return run

    return build


def _sum(values: list[float]) -> Scalar:
    return finite(sum(values))


def _average(values: list[float]) -> Scalar:
    return finite(sum(values) / len(values))


def median(values: list[float]) -> float:
    """The middle value, or the mean of the two in the middle."""
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else ordered[middle - 1] / 2 + ordered[middle] / 2


def _inner(node: Node, span: Span) -> _Run:
    return _build(node.args[0], span_of(node, span))


def _round(node: Node, span: Span) -> _Run:
    digits = count_of(node, 0)
    return _apply(lambda x: round_half_away(x, digits), _build(node.args[0], span))


def round_half_away(number: float, digits: int) -> float:
    """The number rounded as Excel does: halves go away from 0, and 1.005 counts as the half it reads as.

    >>> round_half_away(1.005, 2), round_half_away(-2.5, 0), round_half_away(1250, -2)
    (1.01, -3.0, 1300.0)
    """
    scale = 10.0 ** abs(digits)
    scaled = abs(number) * scale if digits >= 0 else abs(number) / scale
    if scaled >= 1e15:
        return float(number)
    units = floor(float(f"{scaled:.15g}") + 0.5)
    rounded = units / scale if digits >= 0 else units * scale
    return -rounded if number < 0 else rounded


def _one(function: Callable[[float], Scalar]) -> Callable[[Node, Span], _Run]:
    return lambda node, span: _apply(function, _build(node.args[0], span))


_BUILDERS: dict[str, Callable[[Node, Span], _Run]] = {
    "IF": _if,
    "IFERROR": _if_error,
    "AND": _over(all),
    "OR": _over(any),
    "NOT": _one(lambda x: not x),
    "SUM": _over(_sum),
    "AVERAGE": _over(_average),
    "MIN": _over(min),
    "MAX": _over(max),
    "MEDIAN": _over(median),
    "ABS": _one(abs),
    "ROUND": _round,
    "INT": _one(lambda x: float(floor(x))),
    "SQRT": _one(lambda x: sqrt(x) if x >= 0 else NUM),
    "PREV": _inner,
    "YTD": _inner,
    "ROLLING": _inner,
}
