"""Which formulas add up over their period."""

from __future__ import annotations

import doctest

import pytest

from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.kpis import pace as kpi_pace
from okr_workbook.domain.kpis.pace import degree_of


def test_its_example():
    assert doctest.testmod(kpi_pace).failed == 0


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("new", 1),
        ("level", 0),
        ("-new%", 1),
        ("new * level", 1),
        ("level / new", -1),
        ("new * new", 2),
        ("new + level", None),
        ("new ^ 2", None),
        ("SUM(new, lost)", 1),
        ("MAX(new, level)", None),
        ("ROUND(new / 3, 1)", 1),
        ("SQRT(new)", None),
        ("IF(new > 10, new, lost)", 1),
        ("IF(new > 10, new, 10)", None),
        ("IFERROR(new / level, 0)", 1),
        ("IFERROR(new, level)", None),
        ("new - PREV(new)", None),
        ("PREV(new)", 0),
        ("YTD(new)", None),
        ("(new / level) * (level - 1)", 1),
    ],
)
def test_degree(text, degree):
    assert degree_of(parse(text), lambda name: 0 if name == "level" else 1) == degree
