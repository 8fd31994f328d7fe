"""The door from LibreOffice's macros: the lines of OkrPlanner.bas and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from okr_workbook.excel import buttons
from okr_workbook.excel.libreoffice_run import CONNECTED, button_of
from okr_workbook.excel.uno_connection import UNREACHED
from okr_workbook.labels import LANGUAGES, area

MACROS = Path(__file__).resolve().parents[2] / "macros" / "OkrPlanner.bas"


def test_every_line_of_the_macros_is_a_button():
    lines = re.findall(r'CallPython "(.*)"', MACROS.read_text("ascii"))
    assert len(lines) >= 6
    assert all(callable(vars(buttons)[button_of(line)]) for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "from okr_workbook.excel.buttons import refresh; check()",
        "from okr_workbook.excel.buttons import _x; _x()",
    ],
)
def test_any_other_line_is_refused(line):
    with pytest.raises(ValueError):
        button_of(line)


def test_the_macro_has_a_sentence_for_each_answer_but_the_good_one():
    for language in LANGUAGES:
        said = area(language, "excel")["macros"]
        assert CONNECTED not in said
        for code in UNREACHED:
            assert {code, f"{code}_advice"} <= said.keys()
            assert code in area(language, "messages")["errors"]
