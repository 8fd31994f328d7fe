"""A formula's tree as a native Excel formula that computes what `values` computes. Standard library only.

The caller knows where the figures stand and tells by a *reference*: a function that takes a name and a span and
returns the `Cells` of it, or None before the first period. The sheet has one cell a period for every name that is
read; a span of more periods is a range of them. A cell without data is empty or shows "".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from okr_workbook.domain.formula.language import LEVELS, NOW, Node, Span, span_of
from okr_workbook.domain.formula.values import direct_names, needs


class Cells(NamedTuple):
    """Where the figures of a name over a span stand, as text of a native formula.

    `text` is one cell (a span of one period), or the range to aggregate by `aggregate`: the *months* of the span, so
    that an average is one of months. `periods` is the range with one cell a period, where it is another one.
    """

    text: str
    aggregate: str = "sum"
    periods: str = ""


Reference = Callable[[str, Span], Cells | None]

_AGGREGATED = {"sum": "SUM", "average": "AVERAGE"}
_SIGN_LEVEL, _PERCENT_LEVEL, _TIGHTEST = 6, 7, 9


def to_excel(node: Node, reference: Reference) -> str:
    """The native formula, without =, as files store it: English functions, commas, decimal points.

    It shows "" where the formula has not what it needs.

    >>> from okr_workbook.domain.formula.parser import parse
    >>> to_excel(parse("paid / trials"), lambda name, span: Cells({"paid": "B2", "trials": "B3"}[name]))
    'IF(OR(B2="",B3=""),"",B2/B3)'
    """
    blank = [_all_blank([(name, Span(span.lag)) for name, span in group], reference) for group in needs(node)]
    text = _text(node, NOW, reference, 0)
    if not blank:
        return text
    return f'IF({blank[0] if len(blank) == 1 else "OR(" + ",".join(dict.fromkeys(blank)) + ")"},"",{text})'


def _all_blank(names: list[tuple[str, Span]], reference: Reference) -> str:
    """The condition that all these cells are blank. An error in the one cell asked for goes through it, as it should."""
    found = [cells.text for name, span in names if (cells := reference(name, span))]
    if not found:
        return "TRUE"
    return f'{found[0]}=""' if len(found) == 1 else f"COUNT({','.join(found)})=0"


def _text(node: Node, span: Span, reference: Reference, above: int) -> str:
    """The node as text, in parentheses where it binds looser than the level `above` asks."""
    text = _bare(node, span, reference)
    return f"({text})" if _level(node) < above else text


def _level(node: Node) -> int:
    if node.kind == "operator":
        return LEVELS[str(node.value)]
    return {"sign": _SIGN_LEVEL, "percent": _PERCENT_LEVEL}.get(node.kind, _TIGHTEST)


def _bare(node: Node, span: Span, reference: Reference) -> str:
    match node.kind:
        case "number":
            return _number(float(node.value))
        case "boolean":
            return "TRUE" if node.value else "FALSE"
        case "name":
            return _figure(str(node.value), span, reference)
        case "percent":
            return _text(node.args[0], span, reference, _PERCENT_LEVEL) + "%"
        case "sign":
            return str(node.value) + _text(node.args[0], span, reference, _SIGN_LEVEL)
        case "operator":
            level = LEVELS[str(node.value)]
            left, right = node.args
            return _text(left, span, reference, level) + str(node.value) + _text(right, span, reference, level + 1)
        case _:
            return _call(node, span, reference)


def _number(number: float) -> str:
    return str(int(number)) if number == int(number) and number < 1e15 else repr(number).replace("e", "E")


def _call(node: Node, span: Span, reference: Reference) -> str:
    if node.value in ("PREV", "YTD", "ROLLING"):
        inner = _text(node.args[0], span_of(node, span), reference, 0)
        return inner if node.args[0].kind in ("name", "call") else f"({inner})"
    direct, _ = direct_names(node, span)
    if not direct:
        return f"{node.value}({','.join(_text(arg, span, reference, 0) for arg in node.args)})"
    found = {name: cells for name, its_span in direct if (cells := reference(name, its_span))}
    if not found:
        return "NA()"
    written = [
        found[str(arg.value)].text if arg.kind == "name" else _text(arg, span, reference, 0)
        for arg in node.args
        if arg.kind != "name" or str(arg.value) in found
    ]
    text = f"{node.value}({','.join(written)})"
    counted = ",".join(cells.text for cells in found.values())
    return f"IF(COUNT({counted})=0,NA(),{text})" if span.lag else text


def _figure(name: str, span: Span, reference: Reference) -> str:
    """The figure of a name: its cell, or the aggregate of its range; #N/A where an earlier period has none."""
    cells = reference(name, span)
    if cells is None:
        return "NA()"
    if span.length == 1:
        return f'IF({cells.text}="",NA(),{cells.text})' if span.lag else cells.text
    last = reference(name, Span(span.lag))
    if last is None:
        return "NA()"
    # The last period of a window has a figure, or nothing is computed; so the latest figure stands there.
    text = last.text if cells.aggregate == "last" else f"{_AGGREGATED[cells.aggregate]}({cells.text})"
    if span.length > 1:
        return f"IF(COUNT({cells.periods or cells.text})<{span.length},NA(),{text})"
    return f'IF({last.text}="",NA(),{text})' if span.lag else text
