"""The language of KPI formulas: its functions, its operators, and the tree a formula is.

    formula    = ["="] expression
    expression = operand { operator operand }          operators, loosest first: = <> < <= > >=   + -   * /   ^
    operand    = {"+" | "-"} value {"%"}
    value      = number | TRUE | FALSE | name | [any name] | "(" expression ")" | FUNCTION "(" expression {sep expression} ")"

As in Excel every operator associates to the left (2^3^2 is 64) and a sign binds tighter than ^ (-a^2 is (-a)^2).
The separator is a comma or a semicolon, one of them throughout; decimals take a point. Functions are known by their
English and their French names; the tree holds the English one. Names are measures or KPI ids.

Every expression is a number or a condition, and which one is known before anything is computed. Where the two meet
(`(a > b) + 1`, `IF(a, ...)`), Excel computes something nobody means; here it is an error at its place.

A text is read by `parser`; the tree is evaluated by `values` and written as a native formula by `excel`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

MAX_LENGTH = 2000
MAX_TOKENS = 400
MAX_DEPTH = 40
MAX_LAG = 120
MAX_DIGITS = 15
LARGEST = 9.99999999999999e307
"""The largest number Excel lets one type."""

NodeKind: TypeAlias = "Literal['number', 'boolean', 'name', 'sign', 'percent', 'operator', 'call']"
Type: TypeAlias = "Literal['number', 'condition']"

YEAR_TO_DATE = 0


class Node(NamedTuple):
    """One node of the tree. `value` is the number, the name as typed, the operator or the function in English.

    Two formulas that mean the same to the letter (other spaces, other separators, French functions) have equal trees.
    """

    kind: NodeKind
    value: float | str
    args: tuple[Node, ...] = ()


class Span(NamedTuple):
    """The periods a name is read over: `length` of them, the last being `lag` periods before the formula's own.

    A length of YEAR_TO_DATE runs from the first period of the year in which that last period lies.
    """

    lag: int = 0
    length: int = 1


NOW = Span()


class FormulaError(Exception):
    """A text that is no formula. `code` names the sentence in the labels, `details` fill it.

    `position` counts the characters of the text as typed, from 1.
    """

    def __init__(self, code: str, position: int, **details: object) -> None:
        super().__init__(code, position, details)
        self.code = code
        self.position = position
        self.details: Mapping[str, object] = {"position": position, **details}

    def __str__(self) -> str:
        return f"{self.code} at character {self.position}"


class Function(NamedTuple):
    """What a function takes and gives. `takes` is the type of every argument, `first` of the first where it differs.

    A `takes` of None: the arguments after the first agree with each other, and the result is of their type.
    `whole` bounds a last argument that must be written as a whole number.
    """

    least: int
    most: int
    takes: Type | None = "number"
    gives: Type | None = "number"
    first: Type | None = None
    whole: tuple[int, int] | None = None


FUNCTIONS: dict[str, Function] = {
    "IF": Function(3, 3, takes=None, gives=None, first="condition"),
    "IFERROR": Function(2, 2, takes=None, gives=None),
    "AND": Function(1, 99, takes="condition", gives="condition"),
    "OR": Function(1, 99, takes="condition", gives="condition"),
    "NOT": Function(1, 1, takes="condition", gives="condition"),
    "SUM": Function(1, 99),
    "AVERAGE": Function(1, 99),
    "MIN": Function(1, 99),
    "MAX": Function(1, 99),
    "MEDIAN": Function(1, 99),
    "ABS": Function(1, 1),
    "ROUND": Function(2, 2, whole=(-MAX_DIGITS, MAX_DIGITS)),
    "INT": Function(1, 1),
    "SQRT": Function(1, 1),
    "PREV": Function(1, 2, whole=(1, MAX_LAG)),
    "YTD": Function(1, 1),
    "ROLLING": Function(2, 2, whole=(1, MAX_LAG)),
}

FRENCH = {
    "SI": "IF", "SIERREUR": "IFERROR", "ET": "AND", "OU": "OR", "NON": "NOT", "SOMME": "SUM", "MOYENNE": "AVERAGE",
    "MEDIANE": "MEDIAN", "MÉDIANE": "MEDIAN", "ARRONDI": "ROUND", "ENT": "INT", "RACINE": "SQRT",
    "PRECEDENT": "PREV", "PRÉCÉDENT": "PREV", "CUMUL": "YTD", "GLISSANT": "ROLLING",
}  # fmt: skip

STATISTICS = frozenset({"SUM", "AVERAGE", "MIN", "MAX", "MEDIAN"})
"""Functions that skip a blank measure named directly as an argument, as Excel skips a blank cell."""

WINDOWS = frozenset({"YTD", "ROLLING"})
LEVELS = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
COMPARISONS = frozenset(operator for operator, level in LEVELS.items() if level == 1)

BOOLEANS = {"TRUE": True, "FALSE": False, "VRAI": True, "FAUX": False}
SEPARATORS = (",", ";")


def names(node: Node) -> frozenset[str]:
    """The measures and KPIs a formula names, as typed there.

    >>> from okr_workbook.domain.formula.parser import parse
    >>> sorted(names(parse("(spend + [ad costs]) / PREV(new)")))
    ['ad costs', 'new', 'spend']
    """
    return frozenset(name for name, _ in reads(node))


def reads(node: Node) -> frozenset[tuple[str, Span]]:
    """Every name with every span it is read over."""
    found: set[tuple[str, Span]] = set()
    _walk(node, NOW, lambda name, span: found.add((name, span)))
    return frozenset(found)


def span_of(call: Node, span: Span) -> Span:
    """The span of what stands inside PREV, YTD or ROLLING, themselves read over `span`; other nodes change nothing."""
    if call.value == "PREV":
        return Span(span.lag + count_of(call, 1), span.length)
    if call.value == "YTD":
        return Span(span.lag, YEAR_TO_DATE)
    return Span(span.lag, count_of(call, 1)) if call.value == "ROLLING" else span


def count_of(call: Node, default: int) -> int:
    """The whole number written as the last argument of PREV, ROLLING or ROUND."""
    if len(call.args) == 1:
        return default
    last = call.args[-1]
    return -int(last.args[0].value) if last.kind == "sign" else int(last.value)


def uses_other_periods(node: Node) -> bool:
    """True where a formula reads anything beside its own period."""
    return any(span != NOW for _, span in reads(node))


def _walk(node: Node, span: Span, visit: Callable[[str, Span], object]) -> None:
    if node.kind == "name":
        visit(str(node.value), span)
        return
    if node.kind == "call":
        span = span_of(node, span)
    for arg in node.args:
        _walk(arg, span, visit)
