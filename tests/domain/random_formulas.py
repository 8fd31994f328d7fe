"""Random KPI formulas over a small sheet of figures, the same for Python and for spreadsheet programs."""

from __future__ import annotations

import io
import random
from functools import partial

from openpyxl import Workbook

from okr_workbook.domain.formula.excel import Cells, to_excel
from okr_workbook.domain.formula.language import YEAR_TO_DATE, FormulaError, Span
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.formula.values import NA, ErrorValue, evaluate

NAMES = {"new": "sum", "lost": "sum", "mrr": "last", "staff": "average", "gone": "sum", "seldom": "last"}
MONTHS = 18  # from July of one year to December of the next
FIRST_MONTH = 6


def figures(seed=7):
    """A row of figures a name: small whole numbers, quarters, a few zeros and blanks."""
    dice = random.Random(seed)

    def figure(name):
        if dice.random() < (0.6 if name == "seldom" else 0.06):
            return None
        return dice.choice([0.0, 1.0, 2.0, dice.randint(-5, 40) / 4, float(dice.randint(1, 300))])

    return {name: [figure(name) for _ in range(MONTHS)] for name in NAMES}


def aggregated(values, aggregate):
    """The figure of a window, by hand: what the rules of `kpi_values` say."""
    found = [value for value in values if value is not None]
    if not found:
        return None
    return {"sum": sum(found), "last": found[-1], "average": sum(found) / len(found)}[aggregate]


def window(span, at):
    """The first and last month of a span, as places in the row; the first may lie before it."""
    last = at - span.lag
    first = last - (last + FIRST_MONTH) % 12 if span.length == YEAR_TO_DATE else last - span.length + 1
    return (max(first, 0) if span.length == YEAR_TO_DATE else first), last


def reader(rows, at):
    """The figures as a formula of month `at` sees them."""

    def figure(name, span: Span):
        first, last = window(span, at)
        if last < 0 or rows[name][last] is None:
            return None
        if span.length > 1 and (first < 0 or None in rows[name][first : last + 1]):
            return NA
        return aggregated(rows[name][first : last + 1], NAMES[name])

    return figure


def cells(at, name, span: Span):
    """The cells of the same figures in the sheet `figures`: a row a name, a column a month, from B2."""
    first, last = window(span, at)
    if first < 0 or last < 0:
        return None
    row = list(NAMES).index(name) + 2
    ends = [f"figures!{_column(month)}{row}" for month in (first, last)]
    return Cells(ends[1] if span.length == 1 else ":".join([ends[0], ends[1].split("!")[1]]), NAMES[name])


def _column(month):
    return chr(ord("B") + month)


class Writer:
    """Writes random formulas; `number` and `condition` are the two types of the language."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def formula(self):
        """One whole formula that the parser takes."""
        while True:
            text = self.number(self.dice.randint(1, 4))
            try:
                parse(text)
            except FormulaError as error:
                if error.code not in ("formula_no_name", "formula_too_many_parts"):
                    raise
            else:
                return text

    def number(self, depth, *, plain=False):
        inner = partial(self.number, depth - 1, plain=plain)
        if depth <= 0 or self.dice.random() < 0.15:
            return self.dice.choice([*NAMES, "new", "mrr", "2", "0.5", "10", "0"])
        kinds = [
            "+",
            "-",
            "*",
            "/",
            "/",
            "^",
            "sign",
            "percent",
            "IF",
            "IFERROR",
            "statistic",
            "ABS",
            "ROUND",
            "INT",
            "SQRT",
        ]
        if not plain:
            kinds += ["PREV", "PREV", "YTD", "ROLLING"]
        match kind := self.dice.choice(kinds):
            case "+" | "-" | "*" | "/":
                return f"({inner()} {kind} {inner()})" if self.dice.random() < 0.6 else f"{inner()} {kind} {inner()}"
            case "^":
                return f"({inner()})^{self.dice.choice(['2', '1', '3', '0.5'])}"
            case "sign":
                return f"-{inner()}"
            case "percent":
                return f"({inner()})%"
            case "IF":
                return f"IF({self.condition(depth - 1, plain=plain)}, {inner()}, {inner()})"
            case "IFERROR":
                return f"IFERROR({inner()}, {inner()})"
            case "statistic":
                name = self.dice.choice(["SUM", "AVERAGE", "MIN", "MAX", "MEDIAN"])
                return f"{name}({', '.join(inner() for _ in range(self.dice.randint(1, 4)))})"
            case "ROUND":
                return f"ROUND({inner()}, {self.dice.choice([-1, 0, 1, 2])})"
            case "PREV":
                return f"PREV({inner()}, {self.dice.choice([1, 1, 2, 12])})"
            case "YTD":
                return f"YTD({self.number(depth - 1, plain=True)} + new)"
            case "ROLLING":
                return f"ROLLING({self.number(depth - 1, plain=True)} * lost, {self.dice.randint(1, 4)})"
        return f"{kind}({inner()})"

    def condition(self, depth, *, plain=False):
        if depth <= 0 or self.dice.random() < 0.6:
            operator = self.dice.choice(["=", "<>", "<", "<=", ">", ">="])
            return f"{self.number(depth - 1, plain=plain)} {operator} {self.number(depth - 1, plain=plain)}"
        inner = partial(self.condition, depth - 1, plain=plain)
        match self.dice.choice(["AND", "OR", "NOT", "TRUE"]):
            case "NOT":
                return f"NOT({inner()})"
            case "TRUE":
                return self.dice.choice(["TRUE", "FALSE"])
            case name:
                return f"{name}({inner()}, {inner()})"


def cases(count, seed):
    """Formulas with the month each is computed for."""
    writer = Writer(seed)
    return [(writer.formula(), writer.dice.randrange(MONTHS)) for _ in range(count)]


def in_python(text, at, rows):
    """The value as a cell shows it: None for no data."""
    return evaluate(parse(text), reader(rows, at))


def workbook_of(formulas, rows):
    """A workbook whose sheet `formulas` computes each case in column A."""
    book = Workbook()
    sheet = book.active
    sheet.title = "figures"
    sheet.append(["name", *range(MONTHS)])
    for name, row in rows.items():
        sheet.append([name, *row])
    computed = book.create_sheet("formulas")
    for number, (text, at) in enumerate(formulas, 1):
        computed.cell(number, 1).value = "=" + to_excel(parse(text), partial(cells, at))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def agree(python, cell):
    """True where a cell shows what Python says; figures to eleven digits."""
    if python is None:
        return cell in (None, "")
    if isinstance(python, ErrorValue) or not isinstance(cell, int | float):
        return python == cell
    return abs(python - cell) <= 1e-11 * max(abs(python), abs(cell), 1e-3)


def on_an_edge(text, at, rows):
    """True where the last digits decide: the value leaps when the figures move by a billionth."""
    value = in_python(text, at, rows)
    for factor in (1 + 1e-10, 1 - 1e-10):
        moved = {name: [None if x is None else x * factor for x in row] for name, row in rows.items()}
        other = in_python(text, at, moved)
        if isinstance(value, float) != isinstance(other, float):
            return True
        if isinstance(value, float) and abs(value - other) > 1e-6 * max(abs(value), 1e-3):
            return True
    return False
