"""The worked example as LibreOffice prints it: every figure fits its column, the pages that should be one are one."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from okr_workbook.books.team_book import make_team_book
from okr_workbook.cli import main
from okr_workbook.labels import labels_for
from tests.books.random_planners import TEAM
from tests.books.test_team_look import monthly, with_rows
from tests.builders import a_kpi

pytestmark = pytest.mark.office


ADDED = {
    "measures": "measure,label,unit,aggregate,2026-10,2026-11\nsales,Sales,€,sum,23456789.4,-12345678.9\n",
    "kpis": "id,kpi,formula,unit,direction,target,alert,frequency\nsales_year,Sales,sales,€,higher,98765432,10,month\n",
    "objectives": "id,objective,level,team\nQ1,Quiet,team,Marketing\nQ2,Halfway,team,Marketing\n",
    "key_results": "id,objective,key_result,kind,unit,start,target,current\n"
    "QK1,Q1,Nothing yet,increase,h,0,10,\nQK2,Q2,Half done,milestone,people,,,50%\n"
    "QK3,Q2,Short wait,decrease,days,9,1,1.5\n",
}
"""Beside the example's own: figures of tens of millions, an objective without data, a milestone whose unit is no percentage, one day."""


@pytest.fixture(scope="module", params=["en", "fr"])
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def pages(soffice, tmp_path_factory, language) -> list[str]:
    """The text of each printed page of the refreshed example."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler) is not installed")
    folder = tmp_path_factory.mktemp(language)
    planner = folder / "planner.xlsx"
    assert main(["new", str(planner), "--example", "--lang", language]) == 0
    for table, rows in ADDED.items():
        (folder / f"{table}.csv").write_text(rows, encoding="utf-8")
        assert main(["fill", str(planner), table, str(folder / f"{table}.csv")]) == 0
    assert main(["refresh", str(planner), "--as-of", "2026-10-31"]) == 0
    assert main(["refresh", str(planner)]) in (0, 1)
    return printed(soffice, planner)


def printed(soffice, path) -> list[str]:
    """The text of each page of a workbook, as LibreOffice prints it."""
    folder = path.parent
    command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    text = subprocess.run(["pdftotext", "-layout", str(path.with_suffix(".pdf")), "-"], check=True, capture_output=True)
    return text.stdout.decode().split("\f")


def test_no_figure_is_too_wide_for_its_column(pages):
    assert [line for page in pages for line in page.splitlines() if "##" in line] == []


def pages_of(name: str, pages: list[str]) -> list[str]:
    """The pages of a sheet, told by their foot: the file's name, the sheet's and the page's number."""
    return [text for text in pages if re.search(rf"planner(?:\.xlsx)? +{name} +\d+ / \d+", text)]


@pytest.mark.parametrize("page", ["start", "dashboard"])
def test_what_is_read_at_a_glance_prints_on_one_page(pages, language, page):
    assert len(pages_of(labels_for(language).text("tables", f"sheets.{page}"), pages)) == 1


@pytest.mark.parametrize(
    ("table", "shown", "left_out"),
    [("objectives", "forecast", "parent"), ("key_results", "forecast", "kind"), ("kpis", "bad_periods", "formula")],
)
def test_a_wide_table_prints_on_one_page_with_the_names_at_its_left(pages, language, table, shown, left_out):
    labels = labels_for(language)
    (page,) = pages_of(labels.table(table), pages)
    heads = re.sub(r"\s+", " ", page)
    assert labels.field(table, "owner") in heads
    assert labels.field(table, shown).split()[-1] in heads  # a head of two words may stand on two lines
    assert f" {labels.field(table, left_out)} " not in heads


def line_of(name: str, page: str) -> str:
    (line,) = [line for line in page.splitlines() if name in line]
    return re.sub(r"\s+", " ", line)


def test_numbers_are_shown_in_their_units_and_silence_as_a_dash(pages, language):
    labels = labels_for(language)
    (objectives,), (key_results,) = (pages_of(labels.table(table), pages) for table in ("objectives", "key_results"))
    assert re.search(r"Quiet Marketing – [1-9]", line_of("Quiet", objectives))  # no score, and what is expected
    half, nine_days = {"en": ("50%", "9 days"), "fr": ("50 %", "9 jours")}[language]
    assert line_of("Half done", key_results).count(f" {half}") >= 2  # current and value
    assert line_of("KR6", key_results).count(nine_days) == 2
    one, few = {"en": ("1 day", "1.5 days"), "fr": ("1 jour", "1[.,]5 jour")}[
        language
    ]  # French counts all below two as one
    assert re.search(rf" {one} {few} {few} ", line_of("QK3", key_results))


def test_the_dashboard_shows_the_examples_score_and_words_of_its_language(pages, language):
    text = re.sub(r"\s+", " ", pages[1])
    for words in {"en": ("63%", "82% expected today", "Second half of 2026", "as of 2 Dec 2026"),
                  "fr": ("63 %", "82 % attendus à ce jour", "2e semestre 2026", "au 02/12/2026")}[language]:  # fmt: skip
        assert words in text


def test_a_teams_workbook_shows_large_figures_and_signs_of_bounds(soffice, tmp_path, language):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler) is not installed")
    path = tmp_path / "team.xlsx"
    bound = {"kind": "stay_above", "lower": 98765432.0, "current": 123456789.0, "unit": "€"}
    kpi = a_kpi(formula="sales", unit="€", direction="within", lower=12345678.0, upper=98765432.0, team=TEAM)
    plan = with_rows(bound, {"unit": "€", "start": 1e7, "target": 5e8}, kpis=[kpi], measures=monthly(sales=[2e8, 3e8]))
    path.write_bytes(make_team_book(plan, labels_for(language)))
    text = "\n".join(printed(soffice, path))
    assert "##" not in text
    assert re.search(r"≥\W+98.765.432" if language == "fr" else r"≥\W+€98,765,432", text)
    assert re.search(r"12.345.678–98.765.432", text)
