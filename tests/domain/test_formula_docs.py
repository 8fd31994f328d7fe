"""docs/kpi-formulas.md: its examples run, and it names every function and limit there is."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from okr_workbook.domain.formula import language as formula

PAGE = Path(__file__).parents[2] / "docs" / "kpi-formulas.md"


def test_its_examples_run():
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 10
    assert found.failed == 0


@pytest.mark.parametrize("name", [*formula.FUNCTIONS, *(name for name in formula.FRENCH if name.isascii())])
def test_every_function_is_explained(name):
    assert f"`{name}" in PAGE.read_text(encoding="utf-8")


def test_the_limits_are_those_of_the_code():
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"{formula.MAX_LENGTH:,} characters, {formula.MAX_TOKENS} parts and {formula.MAX_DEPTH} levels" in text
    assert f"(1 to {formula.MAX_LAG})" in text
    assert f"-{formula.MAX_DIGITS} to {formula.MAX_DIGITS}" in text
