"""The main job as a user does it: new, fill, check, refresh, undo, by the command, on files."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tempfile
from datetime import date

import pytest

from okr_workbook.actions.fill import LARGEST, fill_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli import main
from okr_workbook.cli.console import read_content
from okr_workbook.errors import UsageError
from okr_workbook.tables import schema
from tests import plans

DAY = date(2026, 9, 30)


@pytest.fixture
def okr(capsys, tmp_path, monkeypatch):
    """Run `okr ... --json` in an empty folder: (exit status, JSON object, what stood on standard error)."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        status = main([*map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        return status, json.loads(out), err

    return run


@pytest.fixture
def plan(okr, tmp_path):
    """A planner filled from CSV files of 50 objectives, 200 key results, 40 KPIs and 24 months."""
    okr("new", "plan.xlsx", "--lang", "en", "--period", "2026-H2")
    for name, text in plans.a_plan().items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        status, got, _ = okr("fill", "plan.xlsx", name, f"{name}.csv")
        assert (status, got["faults"]) == (0, []), name
    return tmp_path / "plan.xlsx"


def by_id(rows, name="id"):
    return {row[name]: row for row in rows}


def test_a_large_plan_is_computed_right_and_a_second_refresh_changes_nothing(okr, plan):
    status, got, _ = okr("refresh", "plan.xlsx")
    assert status == 0
    assert got["as_of"] == "2026-09-30"
    objectives, results = by_id(got["objectives"]), by_id(got["key_results"])
    assert len(objectives) == 50
    assert len(results) == 200
    for o in range(1, 51):
        assert objectives[f"O{o}"]["score"] == pytest.approx(plans.score_of_objective(o))
        for k in range(4):
            assert results[f"KR{o}.{k}"]["value"] == plans.reading(o, k)
            assert results[f"KR{o}.{k}"]["score"] == pytest.approx(min(1, plans.reading(o, k) / 100))
    assert got["company"]["score"] == objectives["O1"]["score"]
    elapsed = (plans.AS_OF - plans.START).days / (plans.END - plans.START).days
    assert results["KR1.0"]["expected"] == pytest.approx(elapsed)
    for n, kpi in enumerate(got["kpis"]):
        assert kpi["value"] == pytest.approx((10 + n) / (20 + n))
        assert kpi["period"] == "2026-Q3"
    team = [plans.score_of_objective(o) for o in range(2, 51) if o % 5 == 0]
    assert by_id(got["teams"], "team")["Team 1"]["score"] == pytest.approx(sum(team) / len(team))

    content = plan.read_bytes()
    status, again, _ = okr("refresh", "plan.xlsx")
    assert (status, again["changed"]) == (0, False)
    assert plan.read_bytes() == content
    assert {**again, "changed": None} == {**got, "changed": None}


def test_undo_puts_the_file_back_byte_for_byte(okr, plan):
    content = plan.read_bytes()
    okr("refresh", "plan.xlsx")
    assert plan.read_bytes() != content
    status, got, _ = okr("undo", "plan.xlsx")
    assert (status, got["command"], got["kept"]) == (0, "refresh", [])
    assert plan.read_bytes() == content


def test_a_dry_run_tells_and_writes_nothing(okr, plan):
    content = plan.read_bytes()
    status, got, _ = okr("refresh", "plan.xlsx", "--dry-run")
    assert (status, got["changed"]) == (0, True)
    assert plan.read_bytes() == content


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_example_is_the_same_in_both_languages(okr, language):
    status, made, _ = okr("new", "e.xlsx", "--example", "--lang", language)
    assert (status, made["period"]) == (0, "2026-H2")
    status, got, err = okr("refresh", "e.xlsx")
    assert status == 0
    assert err == ""
    assert got["as_of"] == "2026-12-02"
    assert got["company"]["score"] == pytest.approx(0.63, abs=0.005)
    assert {one["severity"] for one in got["problems"]} <= {"warning", "advice"}


def test_every_row_of_the_json_has_all_fields_of_its_table_by_their_ids(okr):
    okr("new", "e.xlsx", "--example", "--lang", "fr")
    _, got, _ = okr("refresh", "e.xlsx")
    for name in ("teams", "members", "objectives", "key_results", "kpis"):
        for row in got[name]:
            assert {field.id for field in schema.table(name).fields} <= row.keys()
    kpis, result = by_id(got["kpis"]), by_id(got["key_results"])["KR3"]
    assert [kpis["mrr"][field] for field in ("formula", "direction", "frequency")] == ["mrr_end", "higher", "month"]
    assert (kpis["mrr"]["alert"], kpis["mrr"]["alert_raised"]) == (50000, False)
    assert kpis["revenue_retention"]["alert_raised"]
    assert (result["start"], result["weight"], result["override_reason"]) == (0.025, None, None)
    assert by_id(got["objectives"])["O3"]["commitment"] == "aspirational"
    assert all(row["current"] == row["value"] for row in got["key_results"])


# --- what is typed, by hand ---


def typed(path, field, value, table="key_results", row=0):
    """Type into a cell of a table, as a person would."""
    from okr_workbook.tables.columns import find_columns
    from okr_workbook.tables.grid import Changes, TableChange

    book = FileBook(str(path))
    grid = book.read()[table]
    book.write(Changes((TableChange(table, {(row, find_columns(grid).fields[field]): value}),)), command="typing")


@pytest.fixture
def small(okr, tmp_path):
    okr("new", "small.xlsx", "--lang", "en", "--period", "2026-H2")
    path = tmp_path / "small.xlsx"
    for name, text in {
        "objectives": "id,objective,level,owner\nO1,Grow,company,Ann\n",
        "key_results": "id,objective,key_result,owner,kind,unit,start,target\nKR1,O1,MRR from 0 to 100,Ann,increase,k€,0,100\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        assert okr("fill", path, name, f"{name}.csv")[0] == 0
    return path


def setting(okr, path, tmp_path, name, value):
    (tmp_path / "s.csv").write_text(f"name,value\n{name},{value}\n", encoding="utf-8")
    assert okr("fill", path, "settings", "s.csv")[0] == 0


def values(got):
    return [one["value"] for one in got["key_results"]]


def test_a_typed_value_is_logged_once_and_a_new_check_in_comes_back_into_current(okr, small, tmp_path):
    setting(okr, small, tmp_path, "as_of", "2026-08-01")
    typed(small, "current", 20.0)
    _, got, _ = okr("refresh", small)
    assert got["logged"] == [{"date": "2026-08-01", "key_result": "KR1", "value": 20.0}]
    assert okr("refresh", small)[1]["logged"] == []
    setting(okr, small, tmp_path, "as_of", "2026-09-01")
    (tmp_path / "c.csv").write_text("date,key_result,value\n2026-09-01,KR1,50\n", encoding="utf-8")
    okr("fill", small, "check_ins", "c.csv")
    _, got, _ = okr("refresh", small)
    assert (values(got), got["logged"]) == ([50.0], [])
    grid = FileBook(str(small)).read()["key_results"]
    assert grid.rows[0][grid.headers.index("Current")] == 50.0


def test_a_look_back_shows_the_past_and_logs_nothing_and_the_next_refresh_is_live(okr, small, tmp_path):
    setting(okr, small, tmp_path, "as_of", "2026-09-01")
    (tmp_path / "c.csv").write_text("date,key_result,value\n2026-07-15,KR1,10\n2026-09-01,KR1,50\n", encoding="utf-8")
    okr("fill", small, "check_ins", "c.csv")
    assert values(okr("refresh", small)[1]) == [50.0]
    _, past, _ = okr("refresh", small, "--as-of", "2026-07-31")
    assert (past["as_of"], values(past), past["logged"]) == ("2026-07-31", [10.0], [])
    _, live, _ = okr("refresh", small)
    assert (values(live), live["logged"]) == ([50.0], [])
    history = FileBook(str(small)).read()["history"]
    days = [row[0] for row in history.rows if row[2] == "KR1"]
    assert days == [date(2026, 7, 31), date(2026, 9, 1)]


def test_a_look_ahead_says_so_and_the_history_keeps_nothing_of_it(okr, small, tmp_path, capsys):
    setting(okr, small, tmp_path, "as_of", "2026-09-01")
    okr("refresh", small)
    history = FileBook(str(small)).read()["history"]
    assert main(["refresh", str(small), "--as-of", "2027-01-15"]) == 0
    said = capsys.readouterr().out
    assert "still to come: the plan is shown as if nothing more came in" in said
    assert "The period ended on 31 December 2026. To start the next one: okr new FILE --from OLD" in said
    assert FileBook(str(small)).read_block("okr_looking_back") == [["Looking ahead to 15 January 2027"]]
    assert FileBook(str(small)).read()["history"] == history
    okr("refresh", small)
    assert FileBook(str(small)).read_block("okr_looking_back") == [[None]]
    assert main(["refresh", str(small), "--as-of", "2026-08-15"]) == 0
    assert "to come" not in capsys.readouterr().out
    assert main(["report", str(small), "--html", str(tmp_path / "p.html"), "--as-of", "2026-12-31"]) == 0
    assert "still to come" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "text", "as_of"),
    [
        ("fr", "30/09/2026", "2026-09-30"),
        ("fr", "3/4/2026", "2026-04-03"),
        ("fr", "1er octobre 2026", "2026-10-01"),
        ("en", "Sep 30, 2026", "2026-09-30"),
        ("en", "30/09/2026", "2026-09-30"),
    ],
)
@pytest.mark.parametrize("command", [("refresh",), ("report", "--html", "page.html")])
def test_a_day_is_asked_for_as_the_planners_language_writes_it(okr, command, language, text, as_of):
    okr("new", "plan.xlsx", "--lang", language, "--period", "2026")
    status, got, _ = okr(*command, "plan.xlsx", "--as-of", text, "--lang", "en")
    assert (status, got["as_of"]) == (0, as_of)


@pytest.mark.parametrize(
    ("language", "text", "code", "sentence"),
    [
        ("en", "3/4/2026", "ambiguous_day", "“3/4/2026” can be read as two days: which number is the month?"),
        ("en", "tomorrow", "not_a_day", "“tomorrow” is not a day. Write 2026-09-30 or 30 September 2026."),
        ("fr", "31/02/2026", "not_a_day", "«\u00a031/02/2026\u00a0» n’est pas un jour. Écrivez 30/09/2026"),
    ],
)
def test_what_is_no_day_is_refused_in_a_sentence(okr, language, text, code, sentence):
    okr("new", "plan.xlsx", "--lang", language)
    status, got, err = okr("refresh", "plan.xlsx", "--as-of", text)
    assert (status, got["error"]["code"]) == (2, code)
    assert sentence in err


def test_undo_keeps_what_was_typed_since(okr, small, tmp_path):
    setting(okr, small, tmp_path, "as_of", "2026-08-01")
    typed(small, "current", 20.0)
    okr("refresh", small)
    typed(small, "owner", "Zoe")
    # the typing is a write of its own here; a person's leaves no journal, so take its entry back first
    assert okr("undo", small)[1]["command"] == "typing"
    status, got, _ = okr("undo", small)
    assert (status, got["command"]) == (0, "refresh")
    grid = FileBook(str(small)).read()["key_results"]
    assert grid.rows[0][grid.headers.index("Value")] is None


# --- bad input: a sentence, the exit status, the file untouched ---


@pytest.mark.parametrize(
    ("table", "text", "status", "code"),
    [
        ("budget", "id\nx\n", 2, "unknown_table"),
        ("history", "id\nx\n", 2, "table_is_computed"),
        ("key_results", "id,colour\nKR1,red\n", 2, "csv_unknown_column"),
        ("key_results", "id,score\nKR1,1\n", 2, "csv_computed_column"),
        ("key_results", "id,target\nKR1,many\n", 1, "not_a_number"),
        ("key_results", "id,due\nKR1,31/03\n", 1, "not_a_date"),
        ("key_results", "id,objective\nKR1,O9\n", 1, "csv_unknown_id"),
        ("key_results", "id,unit\nKR1,a\nkr1,b\n", 1, "csv_duplicate_key"),
        ("key_results", "", 2, "csv_empty"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_bad_csv_is_refused_in_words_and_the_file_stays(okr, small, tmp_path, table, text, status, code, language):
    content = small.read_bytes()
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    got_status, got, err = okr("fill", small, table, "bad.csv", "--lang", language)
    assert got_status == status
    assert code == (got["error"]["code"] if "error" in got else got["faults"][0]["code"])
    assert err.strip()
    assert "Traceback" not in err
    assert small.read_bytes() == content


def test_a_csv_larger_than_a_planner_may_be_is_refused_and_not_read_to_its_end(small, tmp_path):
    (tmp_path / "rows.csv").write_bytes(b"member\nAnn\n")
    assert read_content(str(tmp_path / "rows.csv"), most=8) == b"member\nA"
    with pytest.raises(UsageError, match="csv_too_large"):
        fill_book(FileBook(str(small)), "members", b"member\n".ljust(LARGEST + 1))


@pytest.mark.parametrize(
    ("table", "text", "language", "told"),
    [
        ("key_results", 'id,start\nKR1,"40,000"\n', "en", "line 2: Key results, KR1: “40,000” in “Start” can be read in two ways. Wr"),
        ("key_results", "id,objective\nKR1,O9\n", "en", "line 2: Key results, KR1: “O9” in “Objective” is not in the table Objectives. Co"),
        ("key_results", "id,unit\nKR1,a\nkr1,b\n", "fr", "ligne 3_: Résultats clés, kr1_: la même clé est déjà à la ligne 2. Gardez"),
        ("key_results", "id,unit\n,a\n", "en", "line 2: Key results: “Id” is blank, and rows are told apart by it. Every line"),
        ("measures", "measure,2026-07\nmrr,many\n", "fr", "ligne 2_: Mesures, mrr_: «_many_» dans «_2026-07_» n’est pas un nombre. Écrivez seulement des chiffres, avec un point"),
        ("check_ins", "date,key_result,value\n2026-07-01,KR1,many\n", "en", "line 2: Check-ins, 2026-07-01 · KR1: “many” in “Value” is not"),
        ("settings", "name,value\ncolour,red\n", "en", "line 2: Settings: “colour” is not a setting. Settings are: Company, Language,"),
    ],
)  # fmt: skip
def test_a_fault_of_a_csv_names_line_row_and_column_as_people_read_them(
    okr, small, tmp_path, table, text, language, told
):
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    _, got, err = okr("fill", small, table, "bad.csv", "--lang", language)
    sentence = got["faults"][0]["message"]
    assert sentence.startswith(told.replace("_", "\u00a0"))
    assert sentence.endswith(".")
    assert ".." not in sentence
    assert f"  {sentence}\n" in err


@pytest.mark.parametrize(
    ("column", "text", "advice"),
    [
        ("start", '"12,400"', "Write 12400, without a mark for thousands, or 12.4, with a point for decimals."),
        ("start", "12 weeks", "Write digits only, with a point for decimals; the unit has its own column."),
        ("due", "31/03", "Write the full date, as in 2026-12-31."),
        ("due", "03/04/2026", "Which is the day, which the month? Write it as in 2026-12-31."),
    ],
)
def test_the_advice_for_a_csv_speaks_of_the_file_and_not_of_cells(okr, small, tmp_path, column, text, advice):
    (tmp_path / "bad.csv").write_text(f"id,{column}\nKR1,{text}\n", encoding="utf-8")
    assert okr("fill", small, "key_results", "bad.csv")[1]["faults"][0]["message"].endswith(advice)


@pytest.mark.parametrize("command", [["check"], ["refresh"], ["undo"]])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.xlsx", None),
        ("empty.xlsx", b""),
        ("text.xlsx", b"id;name\r\n1;x\r\n"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("cut.xlsx", b"PK\x03\x04" + bytes(40)),
    ],
)
def test_a_file_that_is_no_planner_is_refused_in_words(okr, tmp_path, command, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    status, got, err = okr(*command, name)
    assert status == 2
    assert got["error"]["message"] in err
    assert "Traceback" not in err
    if content is not None:
        assert (tmp_path / name).read_bytes() == content


def test_new_never_writes_over_a_file_and_leaves_nothing_behind(okr, tmp_path):
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    assert okr("new", "there.xlsx")[0] == 2
    assert okr("new", "plan.txt")[0] == 2
    assert okr("new", "plan.xlsx", "--period", "next week")[0] == 2
    assert okr("new", "nowhere/plan.xlsx")[0] == 2
    status, _, said = okr("new", "x" * 300 + ".xlsx")
    assert (status, "Cannot save" in said) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["there.xlsx"]
    assert (tmp_path / "there.xlsx").read_bytes() == b"mine"


NOTHING = {"objectives": [], "key_results": [], "actions": []}


def test_the_next_period_begins_with_one_command(okr, small, tmp_path, capsys):
    content = small.read_bytes()
    status, got, err = okr("new", "next.xlsx", "--from", "small.xlsx")
    assert (status, got["from"], got["period"], got["carried"]) == (0, "small.xlsx", "2027-H1", NOTHING)
    assert "next.xlsx is ready: H1 2027, 1 January 2027 to 30 June 2027." in err
    assert "Taken along" not in err
    status, got, _ = okr("new", "third.xlsx", "--from", "small.xlsx", "--period", "2027", "--unfinished")
    assert (status, got["period_end"]) == (0, "2027-12-31")
    assert got["carried"] == {"objectives": ["O1"], "key_results": ["KR1"], "actions": []}
    assert main(["new", "fourth.xlsx", "--from", "small.xlsx", "--keep", "O1", "KR1", "--lang", "fr"]) == 0
    assert "Repris\u00a0: 1 résultat clé, 1 objectif, 0 action." in capsys.readouterr().out
    assert small.read_bytes() == content
    assert okr("new", "e.xlsx")[1]["from"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["small.xlsx"], "file_exists", "small.xlsx is there already"),
        (["n.xlsm"], "other_ending", "Let its name end with .xlsx, too."),
        (["n.xlsx", "--keep", "KR1", "KR9"], "nothing_to_keep", "no objective with this id: KR9."),
        (["n.xlsx", "--company", "X"], "not_with_from", "--company does not go with --from"),
        (["n.xlsx", "--example"], "not_with_from", "--example does not go with --from"),
        (["n.xlsx", "--period", "soon"], "not_a_period", "“soon” is not a period."),
    ],
)
def test_a_next_period_that_cannot_begin_is_refused_in_words(okr, small, tmp_path, arguments, code, sentence):
    status, got, err = okr("new", *arguments, "--from", "small.xlsx")
    assert (status, got["error"]["code"]) == (2, code)
    assert sentence in err
    assert not (tmp_path / "n.xlsx").exists()


@pytest.mark.parametrize("option", [["--unfinished"], ["--keep", "KR1"]])
def test_what_is_taken_along_needs_a_planner_to_take_it_from(okr, option):
    status, got, err = okr("new", "n.xlsx", *option)
    assert (status, got["error"]["code"]) == (2, "only_with_from")
    assert f"{option[0]} takes something along" in err


def test_messages_go_to_standard_error_so_that_output_is_one_json_object():
    run = subprocess.run(
        [sys.executable, "-m", "okr_workbook", "check", "nothing.xlsx", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert json.loads(run.stdout)["error"]["message"] in run.stderr


def test_wrong_use_is_status_2(capsys):
    assert main([]) == 2
    assert main(["refresh"]) == 2
    assert main(["dance"]) == 2
    assert main(["refresh", "x.xlsx", "--as-of", "tomorrow"]) == 2
    assert main(["refresh", "--help"]) == 0
    assert "okr" in capsys.readouterr().out


def test_a_fault_of_our_own_is_a_sentence_whatever_it_says(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken(*_args, **_known):
        raise ZeroDivisionError("no \udcff text")  # as names of files are that are no UTF-8

    monkeypatch.setattr("okr_workbook.cli.commands.undo.run", broken)
    assert main(["undo", str(tmp_path / "plan.xlsx")]) == 2
    (log,) = tmp_path.glob("okr-*.log")
    assert r"ZeroDivisionError: no \udcff text" in log.read_text(encoding="utf-8")
    assert str(log) in capsys.readouterr().err


def test_the_csv_of_a_plan_reads_as_it_was_written():
    rows = list(csv.DictReader(io.StringIO(plans.a_plan()["key_results"])))
    assert rows[0]["id"] == "KR1.0"


def test_the_run_after_a_broken_off_one_says_what_it_found(okr, small, tmp_path):
    (tmp_path / ".small.xlsx.1.okr-tmp").write_bytes(b"half")
    _, got, err = okr("refresh", small)
    assert got["changed"] is True
    assert "cleared away" in err
    assert okr("refresh", small)[2] == ""


@pytest.mark.parametrize(
    ("language", "period", "words"),
    [
        ("fr", "2026-T4", "T4 2026"),
        ("fr", "2026-H2", "S2 2026"),
        ("en", "2026-Q4", "Q4 2026"),
        ("en", "2026-11", "Nov 2026"),
    ],
)
def test_a_new_planner_says_its_period_in_words(okr, language, period, words):
    _, got, err = okr("new", "new.xlsx", "--lang", language, "--period", period)
    assert f" {words}, " in err
    assert got["period"] == period


def test_a_period_of_two_dates_is_said_once(okr):
    _, _, err = okr("new", "new.xlsx", "--lang", "en", "--period", "2026-07-01/2026-12-31")
    assert err.startswith("new.xlsx is ready: 1 July 2026 to 31 December 2026.\n")


def test_the_status_of_a_planner_without_teams_says_so(okr):
    okr("new", "new.xlsx", "--lang", "en")
    status, got, err = okr("status", "new.xlsx")
    assert (status, got["teams"], err) == (0, [], "The planner has no team yet. Add one to the table Teams.\n")


def test_a_period_is_asked_for_as_the_language_writes_it(okr):
    assert "2026-T4, 2026-S2" in okr("new", "new.xlsx", "--lang", "fr", "--period", "soon")[2]
    assert "2026-Q4, 2026-H2" in okr("new", "new.xlsx", "--lang", "en", "--period", "soon")[2]
