"""A KPI that goes wrong drafts the key result that would bring it back, and one command takes it into the plan."""

from __future__ import annotations

import json

import pytest

from okr_workbook.actions.recover import accept_draft, recovery_drafts
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli import main
from okr_workbook.errors import UsageError
from tests.plans import AS_OF

TABLES = {
    "settings": f"name,value\nas_of,{AS_OF}\n",
    "teams": "team\nSales\n",
    "objectives": "id,objective,level,team,owner\nO1,Grow,company,,Ann\nO2,Sell,team,Sales,Bob\n",
    "key_results": "id,objective,key_result,owner,kind,start,target,kpi\nKR2,O2,x from 1 to 2,Bob,increase,1,2,bad\n",
    "measures": "measure,aggregate,2026-07,2026-08,2026-09\nm,last,50,40,30\n",
    "kpis": (
        "id,kpi,formula,unit,direction,target,alert,lower,upper,team,owner,action,frequency\n"
        "good,Good,m,,lower,100,120,,,,Ann,,month\n"
        "bad,Bad,m,€,higher,80,60,,,Sales,Bob,Call five customers,month\n"
        "wide,Wide,m,,within,,,45,60,,Ann,,month\n"
    ),
}


@pytest.fixture(params=["en", "fr"])
def path(request, tmp_path):
    found = tmp_path / "plan.xlsx"
    assert main(["new", str(found), "--lang", request.param, "--period", "2026-H2"]) == 0
    for table, text in TABLES.items():
        (tmp_path / "t.csv").write_text(text, encoding="utf-8")
        assert main(["fill", str(found), table, str(tmp_path / "t.csv")]) == 0
    return str(found)


def test_only_kpis_with_an_alert_have_a_draft_from_today_to_the_target(path):
    drafts = {one.kpi.id: one for one in recovery_drafts(FileBook(path), today=AS_OF).drafts}
    assert drafts.keys() == {"bad", "wide"}
    bad = drafts["bad"].key_result
    assert (bad.id, bad.kind, bad.start, bad.target, bad.kpi, bad.owner) == (
        "KR1",
        "increase",
        30.0,
        80.0,
        "bad",
        "Bob",
    )
    assert drafts["bad"].served_by == "KR2"
    assert (drafts["wide"].key_result.id, drafts["wide"].key_result.kind) == ("KR3", "stay_between")
    assert all(one.key_result.key_result for one in drafts.values())


@pytest.mark.parametrize(("kpi", "asked", "objective"), [("bad", "", "O2"), ("wide", "", "O1"), ("BAD", "o1", "O1")])
def test_an_accepted_draft_is_in_the_plan_and_is_scored(path, kpi, asked, objective):
    accepted = accept_draft(FileBook(path), kpi, today=AS_OF, objective=asked).accepted
    report = refresh_book(FileBook(path), today=AS_OF)
    row, got = report.planner.key_results[-1], report.scores.key_results[-1]
    assert (row.id, row.objective, row.kpi) == (accepted.key_result.id, objective, accepted.kpi.id)
    assert got.value == 30.0
    assert got.score is not None


@pytest.mark.parametrize(("kpi", "objective"), [("good", ""), ("nothing", ""), ("bad", "O9")])
def test_what_cannot_be_accepted_is_refused_and_nothing_changes(path, kpi, objective):
    with pytest.raises(UsageError):
        accept_draft(FileBook(path), kpi, today=AS_OF, objective=objective)
    assert len(recovery_drafts(FileBook(path), today=AS_OF).drafts) == 2


def test_the_command(path, capsys):
    capsys.readouterr()
    assert main(["recover", path, "--json"]) == 0
    drafts = json.loads(capsys.readouterr().out)["drafts"]
    assert [one["kpi"] for one in drafts] == ["bad", "wide"]
    assert main(["recover", path, "bad", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"]["key_result"]["id"] == "KR1"
    assert main(["recover", path, "good", "--json"]) == 2
