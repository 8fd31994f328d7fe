"""The text of a KPI formula to its tree, or what is wrong with it and where. The language is that of `language`."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from okr_workbook.domain.formula.language import (
    BOOLEANS,
    COMPARISONS,
    FRENCH,
    FUNCTIONS,
    LARGEST,
    LEVELS,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_TOKENS,
    SEPARATORS,
    WINDOWS,
    FormulaError,
    Function,
    Node,
    Type,
    names,
    uses_other_periods,
)
from okr_workbook.records import NamedTuple


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of a formula, with or without its =. FormulaError says what is wrong and where.

    >>> parse("=SI(a>0; b/a; 0)") == parse("IF(a > 0, b / a, 0)")
    True
    >>> parse("paid / ")
    Traceback (most recent call last):
    okr_workbook.domain.formula.language.FormulaError: formula_unfinished at character 8
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError("formula_too_long", MAX_LENGTH, limit=MAX_LENGTH)
    return _Parser(_tokens(text)).formula()


class _Token(NamedTuple):
    kind: str  # number, text, name, bracket, mark, end
    text: str
    position: int


class _Part(NamedTuple):
    """A parsed piece: its node, what it gives, and where it began."""

    node: Node
    type: Type
    position: int


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"""\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
        |(?P<text>"(?:[^"]|"")*"|&)
        |(?P<name>[^\W\d][\w.]*)
        |\[(?P<bracket>[^\[\]]*[^\[\]\s][^\[\]]*)\]
        |(?P<mark><>|<=|>=|[-+*/^=<>%(),;])
        |(?P<end>$)
        |(?P<other>.))""",
        re.VERBOSE | re.DOTALL,
    )


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = _skip_equals(text)
    while not tokens or tokens[-1].kind != "end":
        found = _pattern().match(text, at)
        if found is None or found.lastgroup is None:  # the pattern takes any character
            raise AssertionError(text)
        kind, start = found.lastgroup, found.start(found.lastgroup)
        if kind == "other":
            raise FormulaError("formula_character", start + 1, found=found[kind])
        if kind == "text":
            raise FormulaError("formula_text", start + 1, found=found[kind])
        if len(tokens) == MAX_TOKENS:
            raise FormulaError("formula_too_many_parts", start + 1, limit=MAX_TOKENS)
        tokens.append(_Token(kind, found[kind], start + 1))
        at = found.end()
    return tokens


def _skip_equals(text: str) -> int:
    blanks = len(text) - len(text.lstrip())
    return blanks + 1 if text.startswith("=", blanks) else blanks


class _Parser:
    """Reads one list of tokens from left to right; every method starts at the current token and ends after its piece."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.separator = ""

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def next_is(self, *marks: str) -> bool:
        return self.token.kind == "mark" and self.token.text in marks

    def take(self) -> _Token:
        token = self.token
        self.at += 1
        return token

    def formula(self) -> Node:
        whole = self.expression(0)
        if self.token.kind != "end":
            raise self.unexpected()
        _require(whole, "number")
        if not names(whole.node):
            raise FormulaError("formula_no_name", whole.position)
        return whole.node

    def expression(self, above: int) -> _Part:
        """The longest piece whose operators all bind tighter than the level `above`."""
        self.deeper()
        left = self.operand()
        while self.token.kind == "mark" and LEVELS.get(self.token.text, 0) > above:
            operator = self.take().text
            right = self.expression(LEVELS[operator])
            _require(left, "number")
            _require(right, "number")
            gives: Type = "condition" if operator in COMPARISONS else "number"
            left = _Part(Node("operator", operator, (left.node, right.node)), gives, left.position)
        self.depth -= 1
        return left

    def operand(self) -> _Part:
        if not self.next_is("+", "-"):
            return self.percents(self.value())
        self.deeper()
        sign = self.take()
        part = _require(self.operand(), "number")
        self.depth -= 1
        return _Part(Node("sign", sign.text, (part.node,)), "number", sign.position)

    def percents(self, part: _Part) -> _Part:
        while self.next_is("%"):
            self.take()
            part = _Part(Node("percent", "%", (_require(part, "number").node,)), "number", part.position)
        return part

    def value(self) -> _Part:
        token = self.take()
        if token.kind == "number":
            return _Part(Node("number", _number(token)), "number", token.position)
        if token.kind == "bracket":
            return _Part(Node("name", " ".join(token.text.split())), "number", token.position)
        if token.kind == "name":
            return self.named(token)
        if token.kind == "mark" and token.text == "(":
            inside = self.expression(0)
            self.close(token)
            return inside._replace(position=token.position)
        self.at -= 1
        raise self.unexpected()

    def named(self, token: _Token) -> _Part:
        if self.next_is("("):
            return self.call(token)
        if token.text.upper() in BOOLEANS:
            return _Part(Node("boolean", BOOLEANS[token.text.upper()]), "condition", token.position)
        return _Part(Node("name", token.text), "number", token.position)

    def call(self, token: _Token) -> _Part:
        function = FRENCH.get(token.text.upper(), token.text.upper())
        if function not in FUNCTIONS:
            raise FormulaError("formula_unknown_function", token.position, function=token.text)
        opening = self.take()
        arguments = [] if self.next_is(")") else self.arguments()
        self.close(opening)
        return _checked_call(function, token, arguments)

    def arguments(self) -> list[_Part]:
        found = [self.expression(0)]
        while self.next_is(*SEPARATORS):
            mark = self.take()
            if self.separator not in ("", mark.text):
                raise FormulaError("formula_separators", mark.position)
            self.separator = mark.text
            found.append(self.expression(0))
        return found

    def close(self, opening: _Token) -> None:
        if self.token.kind == "end":
            raise FormulaError("formula_not_closed", opening.position)
        if not self.next_is(")"):
            raise self.unexpected()
        self.take()

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("formula_too_deep", self.token.position, limit=MAX_DEPTH)

    def unexpected(self) -> FormulaError:
        """What is wrong with the current token, which fits nowhere."""
        token = self.token
        if token.kind == "end":
            return FormulaError("formula_unfinished", token.position)
        around = (self.tokens[self.at - 1].kind, self.tokens[self.at + 1].kind) if self.at else ()
        if token.text == "," and around == ("number", "number"):
            return FormulaError("formula_decimal_comma", token.position)
        return FormulaError("formula_unexpected", token.position, found=token.text)


def _number(token: _Token) -> float:
    number = float(token.text)
    if number > LARGEST:
        raise FormulaError("formula_number", token.position, found=token.text)
    return number


def _require(part: _Part, expected: Type) -> _Part:
    if part.type != expected:
        raise FormulaError(f"formula_needs_{expected}", part.position)
    return part


def _checked_call(function: str, token: _Token, arguments: list[_Part]) -> _Part:
    rule = FUNCTIONS[function]
    if not rule.least <= len(arguments) <= rule.most:
        details = {"function": function, "least": rule.least, "most": rule.most, "given": len(arguments)}
        raise FormulaError("formula_arguments", token.position, **details)
    node = Node("call", function, tuple(argument.node for argument in arguments))
    gives = _check_types(rule, arguments)
    if rule.whole and len(arguments) > 1:
        _check_whole(function, rule.whole, arguments[-1])
    if function in WINDOWS and any(uses_other_periods(argument.node) for argument in arguments):
        raise FormulaError("formula_window", token.position, function=function)
    if function in WINDOWS | {"PREV"} and not names(arguments[0].node):
        raise FormulaError("formula_no_name", arguments[0].position)
    return _Part(node, gives, token.position)


def _check_types(rule: Function, arguments: list[_Part]) -> Type:
    if rule.first:
        _require(arguments[0], rule.first)
        arguments = arguments[1:]
    expected = rule.takes or arguments[0].type
    for argument in arguments:
        _require(argument, expected)
    return rule.gives or expected


def _check_whole(function: str, bounds: tuple[int, int], argument: _Part) -> None:
    node, sign = argument.node, 1.0
    if node.kind == "sign" and node.value == "-":
        node, sign = node.args[0], -1.0
    if node.kind == "number":
        number = sign * float(node.value)
        if number == int(number) and bounds[0] <= number <= bounds[1]:
            return
    raise FormulaError("formula_whole", argument.position, function=function, least=bounds[0], most=bounds[1])
