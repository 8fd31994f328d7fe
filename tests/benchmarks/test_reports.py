"""Every benchmark runs at a tiny size and gives the figures it names, for people and for programs."""

from __future__ import annotations

import json
import shutil

import pytest
from openpyxl import load_workbook

from benchmarks import __main__ as everything
from benchmarks import click, native, refresh, scale
from benchmarks.measuring import Figures
from benchmarks.planners import AS_OF, make_planner
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from tests.books.recalculation import by_formualizer

FIGURES = Figures(2.0, 1.0, 3.0, 1.5, 50.0)
CLICKED = {
    "bare": FIGURES._replace(cpu=0.3),
    "click": FIGURES,
    "xlwings imported plainly": FIGURES._replace(elapsed=8.0, cpu=9.0),
}


@pytest.fixture(scope="module")
def sizes():
    return scale.measure(largest=10, beside=False)


@pytest.fixture(scope="module")
def refreshed():
    return refresh.measure(1, most=0)


def test_scale_measures_every_step_of_a_planners_life(sizes):
    steps = [
        "new",
        "fill, five tables",
        "refresh",
        "refresh again",
        "report",
        "teams",
        "mail, drafts",
        "collect",
        "collect again",
    ]
    assert [size.key_results for size in sizes] == [10]
    assert [step for step in steps if step not in sizes[0].steps] == []
    assert all(one.cpu > 0 and 5 < one.peak < 2000 for one in sizes[0].steps.values())
    assert 10 < sizes[0].kilobytes < 1000


def test_the_scale_report_tells_how_each_step_grew(sizes):
    larger = sizes[0]._replace(
        key_results=100, steps={step: one._replace(cpu=one.cpu * 7) for step, one in sizes[0].steps.items()}
    )
    lines = scale.report([*sizes, larger]).splitlines()
    assert lines[0].endswith("| CPU time, last / before |")
    assert [line for line in lines[2:-1] if not line.endswith("| 7.0 |")] == []


def test_refresh_is_measured_beside_a_bare_interpreter(refreshed):
    assert list(refreshed) == ["worked example"]
    ways = refreshed["worked example"]
    assert list(ways) == ["bare", "okr", "okr --dry-run"]
    assert ways["bare"].cpu < ways["okr"].cpu
    assert "| worked example | okr |" in refresh.report(refreshed)


def test_ratios_are_of_cpu_time():
    ways = {"bare": FIGURES._replace(cpu=0.5), "okr": FIGURES, "plain": FIGURES._replace(cpu=15.0)}
    rows = [line.split(" | ")[-2:] for line in refresh.report({"x": ways}).splitlines()[2:]]
    assert rows == [["0.3", "1.0 |"], ["1.0", "3.0 |"], ["10.0", "30.0 |"]]


def test_a_click_is_measured_in_the_ways_it_is_made():
    found = click.measure(1)
    assert list(found) == ["bare", "click", "xlwings imported plainly", "all imported plainly"]
    assert found["bare"].cpu < found["click"].cpu < found["all imported plainly"].cpu


def test_a_clicks_ratios_are_on_the_clock_and_of_cpu_time():
    rows = [line.split(" | ")[-3:] for line in click.report(CLICKED).splitlines()[2:]]
    assert rows == [["1.0", "0.2", "1.0 |"], ["1.0", "1.0", "5.0 |"], ["4.0", "6.0", "30.0 |"]]


def test_native_formulas_score_as_the_core_does(tmp_path):
    planner = make_planner(str(tmp_path / "plan.xlsx"), 12)
    refresh_book(FileBook(planner), today=AS_OF)
    path = native.native_workbook(str(tmp_path / "formulas.xlsx"), 12)
    with open(path, "rb") as file:
        found = by_formualizer(file.read())
    names = [row[0].value for row in load_workbook(path)["key_results"].iter_rows(min_row=2)]
    scores = {name: found["key_results", f"H{row}"] for row, name in enumerate(names, 2)}
    ours = native.scores_of_planner(planner)
    assert scores == {name: pytest.approx(ours[name], abs=1e-9) for name in names}


def test_scores_that_differ_are_not_compared_for_speed():
    native._agree({"KR1": 0.5}, {"KR1": 0.5 + 1e-12})
    with pytest.raises(AssertionError):
        native._agree({"KR1": 0.5}, {"KR1": 0.51})
    with pytest.raises(AssertionError):
        native._agree({}, {"KR1": 0.5})


@pytest.mark.office
def test_libreoffice_recalculates_them_to_the_same_scores(tmp_path):
    ways, anew = native.ways_in(str(tmp_path), shutil.which("soffice"), 2)
    assert list(ways) == ["okr", "LibreOffice, formulas", "LibreOffice, nothing"]
    refreshed = (tmp_path / "work.xlsx").read_bytes()
    anew()
    assert (tmp_path / "work.xlsx").read_bytes() != refreshed


def test_the_native_report_gives_ratios_of_time_on_the_clock():
    ways = {"okr": FIGURES, "LibreOffice, formulas": FIGURES._replace(elapsed=14.0)}
    rows = native.report({"1,000 check-ins": ways}).splitlines()[2:]
    assert [row.split(" | ")[-1] for row in rows] == ["1.0 |", "7.0 |"]


def test_without_libreoffice_the_reason_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert native.measure(1) is None
    assert "not installed" in native.report(None)


def test_all_results_are_given_for_programs_and_for_people(sizes, refreshed):
    found = everything.Everything("2026-11-23", refreshed, CLICKED, None, sizes, {"A team's workbook": "5 ms"})
    shown = json.loads(json.dumps(found.json(), allow_nan=False))
    assert list(shown) == ["date", "machine", "refresh", "click", "native", "scale", "others"]
    assert shown["native"] == {"skipped": native.MISSING}
    assert shown["refresh"]["worked example"]["okr"].keys() == set(Figures._fields)
    assert shown["scale"][0]["steps"]["collect"].keys() == {"elapsed", "cpu", "peak"}
    headings = [line for line in found.markdown().splitlines() if line.startswith("## ")]
    assert headings == [
        "## A refresh",
        "## A click on a button",
        "## Native formulas",
        "## Scale",
        "## A team's workbook",
    ]
