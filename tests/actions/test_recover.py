"""A KPI that goes wrong drafts the key result that would bring it back, and one command takes it into the plan."""

from __future__ import annotations

import json
from pathlib import Path

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
        "KR3",
        "increase",
        30.0,
        80.0,
        "bad",
        "Bob",
    )
    assert drafts["bad"].served_by == ""  # KR2, which it feeds, is done
    assert (drafts["wide"].key_result.id, drafts["wide"].key_result.kind) == ("KR3", "stay_between")
    assert all(one.key_result.key_result for one in drafts.values())


@pytest.mark.parametrize(
    ("kpi", "asked", "serves", "level", "team", "owner"),
    [
        ("bad", "", "O2", "team", "Sales", "Bob"),
        ("wide", "", "O1", "company", "", "Ann"),
        ("BAD", "o1", "O1", "team", "Sales", "Bob"),
    ],
)
def test_an_accepted_draft_counts_from_today_in_an_objective_of_its_own(path, kpi, asked, serves, level, team, owner):
    accepted = accept_draft(FileBook(path), kpi, today=AS_OF, objective=asked).accepted
    report = refresh_book(FileBook(path), today=AS_OF)
    own = report.planner.objectives[-1]
    assert (own.id, own.parent, own.start, own.level, own.team, own.owner) == ("O3", serves, AS_OF, level, team, owner)
    row, got = report.planner.key_results[-1], report.scores.key_results[-1]
    assert (row.id, row.objective, row.kpi) == ("KR3", "O3", accepted.kpi.id)
    assert got.value == 30.0
    assert got.score is not None
    assert got.expected == (1.0 if kpi == "wide" else 0.0)  # a bound is to be kept from the first day
    assert {one.code for one in report.problems if one.row == "O3"} <= {"objective_unaligned"}


def test_it_weighs_as_much_as_a_key_result_beside_it(path, tmp_path):
    (tmp_path / "t.csv").write_text("id,objective,kind,start,target\nKR7,O2,increase,0,4\nKR8,O2,increase,0,4\n")
    assert main(["fill", path, "key_results", str(tmp_path / "t.csv")]) == 0
    before = refresh_book(FileBook(path), today=AS_OF).scores.teams[0].score
    accepted = accept_draft(FileBook(path), "bad", today=AS_OF).accepted
    assert (accepted.key_result.id, accepted.objective.weight) == ("KR9", 0.33)
    report = refresh_book(FileBook(path), today=AS_OF)
    assert report.scores.teams[0].score == pytest.approx(before * 3 / 4, abs=0.005)


@pytest.mark.parametrize(
    ("start", "end", "due"), [(AS_OF, "", "2026-12-31"), ("2026-10-01", "2026-11-30", "2026-11-30")]
)
def test_under_an_objective_that_only_begins_it_needs_none_of_its_own(path, tmp_path, start, end, due):
    (tmp_path / "t.csv").write_text(f"id,level,team,start,end\nO4,team,Sales,{start},{end}\n")
    assert main(["fill", path, "objectives", str(tmp_path / "t.csv")]) == 0
    accepted = accept_draft(FileBook(path), "bad", today=AS_OF, objective="O4").accepted
    assert (accepted.objective, accepted.key_result.objective, str(accepted.key_result.due)) == (None, "O4", due)


def test_a_kpi_that_feeds_an_open_key_result_takes_no_second_one(path, capsys):
    assert main(["recover", path, "bad", "--lang", "en"]) == 0
    capsys.readouterr()
    content = Path(path).read_bytes()
    assert main(["recover", path, "bad", "--lang", "en"]) == 1
    assert "bad already feeds KR3, which is not done yet" in capsys.readouterr().err
    assert Path(path).read_bytes() == content
    assert main(["recover", path, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "    It already feeds KR3, which is not done yet: act on that one." in said
    assert "Take one into the plan" in said  # there is another, of the KPI wide
    assert main(["recover", path, "wide", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "KR4 is in the plan under O4" in said
    assert "O4 is new: it serves O1 and starts on 30 September 2026" in said
    assert main(["recover", path, "--lang", "en"]) == 0
    assert "Take one into the plan" not in capsys.readouterr().out


def test_an_id_that_a_check_in_still_names_is_not_given_again(path, tmp_path):
    (tmp_path / "t.csv").write_text("date,key_result,value\n2026-09-01,KR2,1\n")
    assert main(["fill", path, "check_ins", str(tmp_path / "t.csv")]) == 0
    (tmp_path / "t.csv").write_text("id\nKR40\n")
    assert main(["fill", path, "key_results", str(tmp_path / "t.csv")]) == 0
    assert accept_draft(FileBook(path), "bad", today=AS_OF).accepted.key_result.id == "KR41"


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
    assert json.loads(capsys.readouterr().out)["accepted"]["key_result"]["id"] == "KR3"
    assert main(["recover", path, "good", "--json"]) == 2
