"""The report: what stands on the page, that no text of a planner becomes markup, and which files are never written over."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.report import write_report
from okr_workbook.cli import main
from okr_workbook.domain.changes import changes_since
from okr_workbook.domain.planner import HistoryRow, Planner
from okr_workbook.domain.scoring import score_planner
from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.problem_rows import ShownProblem
from okr_workbook.tables.report.charts import sparkline
from okr_workbook.tables.report.page import render_report
from tests.builders import (
    MIDDLE,
    START,
    a_check_in,
    a_key_result,
    a_kpi,
    a_measure,
    a_planner,
    a_team,
    an_objective,
)
from tests.builders import (
    settings as a_setting,
)

TODAY = date(2026, 12, 2)
VOID = ("meta", "br")


class Page(HTMLParser):
    """The elements of a page, its text, and whether every element is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.open = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def rendered(planner, language="en", problems=()):
    scores = score_planner(planner, MIDDLE)
    news = changes_since(planner, scores)
    return render_report(planner, scores, news, problems, labels=labels_for(language), file="plan.xlsx")


def test_a_key_result_that_names_no_objective_comes_last_under_a_heading_of_its_own():
    page = Page(rendered(a_planner(
        objectives=[an_objective(id="", objective="Not named yet"), an_objective(id="O2", objective="Grow", row_number=2)],
        key_results=[
            a_key_result(id="KR1", objective="", key_result="Alone"),
            a_key_result(id="KR2", objective="O2", key_result="Sign-ups", row_number=2),
        ],
    )))  # fmt: skip
    table = page.text[page.text.index("Key results") :]
    assert "Not named yet" not in table
    assert re.search("Grow.*Sign-ups.*–.*Alone", table)


@pytest.fixture(scope="module", params=["en", "fr"])
def example(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    planner, html = folder / "planner.xlsx", folder / "plan.html"
    new_planner(str(planner), language=request.param, example=True, today=TODAY)
    before = planner.read_bytes()
    report = write_report(str(planner), str(html), today=TODAY)
    assert planner.read_bytes() == before
    assert report.size == len(html.read_bytes())
    return request.param, html.read_text(encoding="utf-8")


def test_the_example_shows_score_pace_alerts_and_problems_in_its_language(example):
    language, text = example
    page = Page(text)
    assert page.all("html") == [{"lang": language}]
    said = {
        "en": [
            "63%",
            "82% expected by now",
            "◆ Behind",
            "Act on now",
            "Nadia Roche · by 9 Dec",
            "KR11",
            "€58,500",
        ],
        "fr": [
            "63 %",
            "82 % attendus à ce jour",
            "◆ En retard",
            "À traiter maintenant",
            "Nadia Roche · pour le 9 déc.",
            "58 500 €",
        ],
    }
    spaced = page.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert [words for words in said[language] if words not in spaced] == []
    assert spaced.index(said[language][3]) < spaced.index({"en": "Pace", "fr": "Rythme"}[language])


def test_the_page_needs_nothing_else(example):
    page = Page(example[1])
    names = {name for name, _ in page.elements}
    assert names & {"script", "link", "img", "iframe", "object", "form", "a"} == set()
    attributes = [pair for _, found in page.elements for pair in found.items()]
    assert [name for name, _ in attributes if name.startswith("on") or name in ("src", "href")] == []
    assert "url(" not in example[1]
    assert "@import" not in example[1]


def test_every_chart_says_what_it_shows(example):
    charts = Page(example[1]).all("svg")
    assert len(charts) > 20
    assert all(chart["role"] == "img" and chart["aria-label"].strip() for chart in charts)


NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</style><b>",
    "a & b",
    "'\x00\x1b\ufffe",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_no_text_of_a_planner_becomes_markup(nasty):
    planner = a_planner(
        settings=a_setting(company=nasty, period=nasty),
        teams=[a_team(team=nasty, lead=nasty)],
        objectives=[an_objective(id=nasty, objective=nasty, owner=nasty)],
        key_results=[a_key_result(id=nasty, objective=nasty, key_result=nasty, owner=nasty, unit=nasty, team=nasty)],
        kpis=[a_kpi(id="k", kpi=nasty, formula="paid", unit=nasty, owner=nasty, action=nasty, target=9.0)],
        measures=[a_measure("paid", {date(2026, 8, 1): 1.0, date(2026, 9, 1): 2.0})],
        check_ins=[a_check_in(MIDDLE, 4.0, key_result=nasty)],
        history=[HistoryRow(date(2026, 8, 1), "objective", nasty, 0.9, "on_track")],
    )  # fmt: skip
    harmless = Page(rendered(planner._replace(teams=(), settings=a_setting())).replace(nasty, "x"))
    page = Page(rendered(planner))
    assert {name for name, _ in page.elements} <= {name for name, _ in harmless.elements}
    assert "<script" not in rendered(planner)
    readable = "".join(c for c in nasty if c.isprintable() and c != "\ufffe")
    assert readable in page.text


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_text_stays_text(text):
    planner = a_planner(objectives=[an_objective(objective=text)], key_results=[a_key_result(key_result=text)])
    plain = a_planner(objectives=[an_objective(objective="x")], key_results=[a_key_result(key_result="x")])
    names = [name for name, _ in Page(rendered(planner)).elements]
    assert [name for name in names if name != "p"] == [
        name for name, _ in Page(rendered(plain)).elements if name != "p"
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_empty_planner_has_a_page_all_the_same(language):
    assert Page(rendered(Planner(), language)).all("html")


def test_a_score_is_never_shown_without_its_word():
    page = Page(rendered(a_planner(key_results=[a_key_result()], check_ins=[a_check_in(MIDDLE, 10.0)])))
    pills = [at for at in page.all("span") if "pill" in at.get("class", "")]
    assert len(pills) >= 3
    assert page.text.count("■ At risk") >= 3


@pytest.mark.parametrize(("language", "value", "kpi"), [("en", "€52, to keep €40–60", "Target €5–8"), ("fr", "52 €, à tenir : 40–60 €", "Cible 5–8 €")])  # fmt: skip
def test_a_target_to_be_kept_is_told_from_one_to_be_reached(language, value, kpi):
    row = a_key_result(kind="stay_between", unit="€", start=None, target=None, lower=40.0, upper=60.0)
    price = a_kpi(formula="price", unit="€", direction="within", target=None, lower=5.0, upper=8.0)
    planner = a_planner(key_results=[row], check_ins=[a_check_in(MIDDLE, 52.0)], kpis=[price], measures=[a_measure("price", {MIDDLE.replace(day=1): 9.0})])  # fmt: skip
    page = Page(rendered(planner, language)).text
    assert value in page
    assert kpi in page
    assert (
        kpi.split(" ", 1)[1] in page.split(labels_for(language).text("report", "sections.pace"))[0]
    )  # among the alerts


def test_the_chance_is_that_of_reaching_the_target_and_the_two_numbers_of_a_score_are_named():
    weeks = enumerate((0.0, 3.0, 5.0, 9.0, 10.0, 12.0))
    readings = [a_check_in(START + timedelta(weeks=2 * week), value, row_number=week + 1) for week, value in weeks]
    planner = a_planner(key_results=[a_key_result(unit="people")], check_ins=readings)
    text = Page(rendered(planner)).text.replace("\u00a0", " ")
    assert re.search(r"\d+% · \d+% chance to reach the target", text)
    assert "Score / expected" in text
    assert "12, target 100 people" in text
    french = Page(rendered(planner, "fr")).text.replace("\u00a0", " ")
    assert re.search(r"\d+ % · \d+ % de chances d’atteindre la cible", french)


def test_the_unit_of_a_kpi_may_stand_under_its_number_and_is_not_broken():
    kpi = a_kpi(id="rate", formula="accidents", unit="accidents", target=1.0)
    text = rendered(a_planner(kpis=[kpi], measures=[a_measure("accidents", {MIDDLE.replace(day=1): 1.98})]))
    assert '<p class="figure">1.98 accidents</p>' in text


def test_ten_changes_are_shown_and_the_history_has_the_rest():
    ids = [f"KR{number}" for number in range(1, 15)]
    before = MIDDLE - timedelta(7)
    planner = a_planner(
        key_results=[a_key_result(id=name, current=50.0, row_number=at) for at, name in enumerate(ids, 1)],
        history=[HistoryRow(before, "key_result", name, 0.1, "at_risk") for name in ids],
    )
    page = Page(rendered(planner))
    told = page.text.partition("What changed since")[2].partition("Teams")[0]
    assert told.count("→") == 10
    assert re.search(r"and \d+ more: see the sheet Score history of the planner", told)


@pytest.mark.parametrize(("count", "told"), [(10, False), (12, True)])
def test_ten_alerts_and_ten_problems_are_shown_and_the_page_says_where_the_rest_is(count, told):
    planner = a_planner(key_results=[a_key_result(id=f"KR{i}", row_number=i) for i in range(1, count + 1)])
    problem = ShownProblem("advice", "key_results", "KR1", "", "Key results", "A5", "code", "message", "advice")
    page = Page(rendered(planner, problems=[problem] * count))
    classes = [attributes.get("class") for attributes in page.all("li")]
    assert (classes.count("alert"), classes.count("problem")) == (10, 10)
    assert ("and 2 more: see the key results below" in page.text) is told
    assert ("and 2 more: see the sheet Problems of the planner" in page.text) is told
    french = Page(rendered(planner, "fr", [problem] * count)).text.replace("\u00a0", " ")
    assert ("et 2 de plus : voir la feuille Problems du planificateur" in french) is told  # as the planner names it


def test_without_data_the_page_shows_no_score_of_zero():
    planner = a_planner(
        objectives=[an_objective(level="team", team="Marketing")], key_results=[a_key_result()], teams=[a_team()]
    )
    page = Page(rendered(planner))
    assert page.text.count("– / 50%") == 3  # the team, its objective, the key result
    assert "Score – on" in page.text
    assert [chart["aria-label"] for chart in page.all("svg") if "Score 0%" in chart["aria-label"]] == []


def test_tables_break_lines_between_words_only():
    assert "th, td { overflow-wrap: break-word; }" in rendered(a_planner())


@pytest.mark.parametrize(
    ("values", "path"),
    [([], None), ([1.0], None), ([None, 2.0], None), ([1.0, 2.0], "M4 26L116 4"), ([1.0, None, 1.0], "M4 15M116 15")],
)
def test_a_trend_is_broken_where_a_value_is_missing(values, path):
    chart = sparkline(values, "trend")
    assert (chart is None) if path is None else (f'd="{path}"' in chart)


def test_what_stays_is_told_of_the_language_asked_for(tmp_path, capsys):
    planner, html = tmp_path / "planner.xlsx", tmp_path / "plan.html"
    new_planner(str(planner), language="fr", example=True, today=TODAY)
    assert main(["report", str(planner), "--html", str(html), "--lang", "en", "--as-of", "2026-10-01", "--json"]) in (
        0,
        1,
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["html"], told["as_of"], told["size"]) == (str(html), "2026-10-01", html.stat().st_size)
    assert Page(html.read_text(encoding="utf-8")).all("html") == [{"lang": "en"}]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plan.xlsx", b"PK\x03\x04", "not_a_page_name"),
        ("plan", None, "not_a_page_name"),
        ("plan.html", b"PK\x03\x04", "not_a_page"),
        ("plan.html", b"some notes", "not_a_page"),
    ],
)
def test_what_is_no_page_is_not_written_over(tmp_path, name, content, code):
    planner, out = tmp_path / "planner.xlsx", tmp_path / name
    if content is not None:
        out.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        write_report(str(planner), str(out), today=TODAY)
    assert refused.value.code == code
    assert not out.exists() if content is None else out.read_bytes() == content


def test_a_page_may_be_called_htm(tmp_path):
    new_planner(str(tmp_path / "planner.xlsx"), language="en", today=TODAY)
    write_report(str(tmp_path / "planner.xlsx"), str(tmp_path / "plan.HTM"), today=TODAY)
    assert (tmp_path / "plan.HTM").exists()
    for language in ("en", "fr"):
        assert ".htm." in labels_for(language).text("messages", "errors.not_a_page_name", file="x")


def test_a_page_is_written_over_by_the_next(tmp_path):
    planner, html = tmp_path / "planner.xlsx", tmp_path / "plan.html"
    new_planner(str(planner), language="en", today=TODAY)
    html.write_text("<!DOCTYPE html>\n<p>old", encoding="utf-8")
    write_report(str(planner), str(html), today=TODAY)
    assert "old" not in Page(html.read_text(encoding="utf-8")).text
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []
