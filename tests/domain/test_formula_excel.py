"""The native formula computes what Python computes: thousands of random formulas in independent engines."""

from __future__ import annotations

import subprocess

import pytest

from okr_workbook.domain.formula.excel import Cells, to_excel
from okr_workbook.domain.formula.parser import parse
from tests.books.recalculation import ENGINES, stored
from tests.domain.random_formulas import agree, cases, figures, in_python, on_an_edge, workbook_of


def written(text):
    return to_excel(
        parse(text),
        lambda name, span: Cells(f"{name}{10 - span.lag}" if span.length == 1 else f"{name}1:{name}9", "average"),
    )


@pytest.mark.parametrize(
    ("text", "native"),
    [
        ("a / b", 'IF(OR(a10="",b10=""),"",a10/b10)'),
        ("a - (b - c)", 'IF(OR(a10="",b10="",c10=""),"",a10-(b10-c10))'),
        ("(a * b) / c", 'IF(OR(a10="",b10="",c10=""),"",a10*b10/c10)'),
        ("-a ^ 2", 'IF(a10="","",-a10^2)'),
        ("-(a ^ 2)", 'IF(a10="","",-(a10^2))'),
        ("(a + 1) %", 'IF(a10="","",(a10+1)%)'),
        ("SI(a>0; ARRONDI(a;1); 0.5)", 'IF(a10="","",IF(a10>0,ROUND(a10,1),0.5))'),
        ("PREV(a)", 'IF(a9="",NA(),a9)'),
        ("MAX(a, b)", 'IF(COUNT(a10,b10)=0,"",MAX(a10,b10))'),
        ("PREV(MAX(a, b), 2)", "IF(COUNT(a8,b8)=0,NA(),MAX(a8,b8))"),
        ("YTD(a)", 'IF(a10="","",AVERAGE(a1:a9))'),
        ("ROLLING(a, 3)", 'IF(a10="","",IF(COUNT(a1:a9)<3,NA(),AVERAGE(a1:a9)))'),
        ("PREV(YTD(a))", 'IF(a9="",NA(),AVERAGE(a1:a9))'),
    ],
)
def test_a_formula_is_written_as_people_would(text, native):
    assert written(text) == native


def test_before_the_first_period_there_is_not_available():
    assert to_excel(parse("PREV(a)"), lambda name, span: None) == "NA()"


def test_inside_a_window_every_name_is_aggregated():
    assert written("YTD(MAX(a, b))") == 'IF(OR(a10="",b10=""),"",MAX(AVERAGE(a1:a9),AVERAGE(b1:b9)))'


@pytest.mark.parametrize(
    ("text", "value"),
    [("new ^ 0", "#NUM!"), ("new ^ -1", "#DIV/0!"), ("(new - 1) ^ 0.5", "#NUM!"), ("(new - 2) ^ 3", -8)],
)
def test_powers_at_their_limits(text, value):
    """formualizer calls 0^0 1 and 0^-1 #NUM!; Excel and cellrune do not."""
    rows = {name: [0.0] * 18 for name in figures()}
    assert in_python(text, 0, rows) == value
    assert ENGINES["cellrune"](workbook_of([(text, 0)], rows))["formulas", "A1"] == value


@pytest.fixture(scope="module")
def thousands():
    rows, formulas = figures(), cases(4000, seed=2026)
    return rows, formulas, workbook_of(formulas, rows)


@pytest.mark.parametrize("engine", ENGINES)
def test_thousands_of_random_formulas_have_one_value(thousands, engine):
    rows, formulas, content = thousands
    shown = ENGINES[engine](content)
    wrong, edges = [], 0
    for number, (text, at) in enumerate(formulas, 1):
        value = in_python(text, at, rows)
        if not agree(value, shown.get(("formulas", f"A{number}"))):
            if on_an_edge(text, at, rows):
                edges += 1
            else:
                wrong.append((text, at, value, shown.get(("formulas", f"A{number}"))))
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"
    assert edges < len(formulas) / 200


@pytest.mark.office
def test_libreoffice_shows_the_same(soffice, tmp_path):
    rows, formulas = figures(11), cases(600, seed=11)
    (tmp_path / "formulas.xlsx").write_bytes(workbook_of(formulas, rows))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        soffice,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(tmp_path / "out"),
    ]
    subprocess.run([*command, str(tmp_path / "formulas.xlsx")], check=True, capture_output=True, timeout=120)
    shown = stored((tmp_path / "out" / "formulas.xlsx").read_bytes())
    wrong = []
    for number, (text, at) in enumerate(formulas, 1):
        value, cell = in_python(text, at, rows), shown.get(("formulas", f"A{number}"))
        if value == "#NUM!" and cell == "#VALUE!":  # how LibreOffice writes its Err:502 into .xlsx
            continue
        if not agree(value, cell) and not on_an_edge(text, at, rows):
            wrong.append((text, at, value, cell))
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"
