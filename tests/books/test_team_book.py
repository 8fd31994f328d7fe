"""A team's workbook as a file: what is in it, what is not, and that programs open it."""

from __future__ import annotations

import inspect
import io
import re
import zipfile
from datetime import date
from itertools import count

import pytest
from openpyxl import load_workbook
from openpyxl.cell import _writer as cell_writer
from openpyxl.worksheet import _writer as sheet_writer
from openxml_audit import OpenXmlValidator

from okr_workbook.books.gate import RETURNED, admitted
from okr_workbook.books.stamp import SHEET, read_stamp
from okr_workbook.books.team_book import make_team_book, was_filled_in
from okr_workbook.books.team_sheets import make_team_sheets, sheet_titles
from okr_workbook.domain.planner import Action, CheckIn, KeyResult, Kpi, Measure, Member, Objective, Planner, Team
from okr_workbook.domain.scoring import score_planner, score_series
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.labels import labels_for
from tests.books.random_planners import TEAM, a_random_planner
from tests.builders import MIDDLE, START, a_key_result, a_planner, an_objective, settings


def plan_of(planner, team=TEAM, as_of=MIDDLE):
    scores = score_planner(planner, as_of)
    return team_plans(planner, scores, [team], score_series(planner, [START, as_of]))[0]


def a_small_planner(key_results=3, **changes):
    rows = [
        a_key_result(id=f"KR{i}", objective="O2", current=float(i), row_number=i) for i in range(1, key_results + 1)
    ]
    return a_planner(
        settings=settings(**changes),
        teams=[Team(TEAM, lead="Ann", row_number=1)],
        members=[Member("Ann", TEAM, row_number=1)],
        objectives=[an_objective(), an_objective(id="O2", level="team", team=TEAM, parent="O1", row_number=2)],
        key_results=rows,
    )


def opened(content):
    return load_workbook(io.BytesIO(content))


def test_the_package_passes_the_checks_of_the_open_xml_sdk(tmp_path):
    path = tmp_path / "team.xlsx"
    path.write_bytes(make_team_book(plan_of(a_random_planner(3))))
    found = OpenXmlValidator().validate(str(path))
    assert found.is_valid, found.errors[:3]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_tables_are_named_by_their_ids_and_headed_in_the_teams_language(language):
    book = opened(make_team_book(plan_of(a_small_planner(language=language))))
    tables = {name: sheet for sheet in book for name in sheet.tables}
    assert set(tables) == {"key_results", "objectives", "kpis", "actions", "check_ins", "member_key_results"}
    headers = [column.name for column in tables["key_results"].tables["key_results"].tableColumns]
    assert headers[3] == "Score"
    assert headers[6:8] == {"en": ["Last value", "New value"], "fr": ["Dernière valeur", "Nouvelle valeur"]}[language]


def test_every_formula_carries_its_value():
    content = make_team_book(plan_of(a_random_planner(1)))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    cells = [cell for sheet in sheets for cell in re.findall(rb"<c [^>]*[^/]>.*?</c>", sheet) if b"<f>" in cell]
    assert len(cells) > 500
    assert [cell for cell in cells if b"<v" not in cell] == []


def test_only_input_cells_are_open_and_no_password_is_set():
    book = opened(make_team_book(plan_of(a_small_planner())))
    for sheet in book:
        if sheet.sheet_state == "visible":
            assert sheet.protection.sheet
            assert sheet.protection.password is None
    unlocked = {
        (sheet.title, cell.column_letter, cell.row)
        for sheet in book for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    }  # fmt: skip
    overview = {(column, row) for title, column, row in unlocked if title == "My team"}
    assert overview == {("I", 11), ("K", 11), *((column, row) for column in "IJK" for row in (13, 14, 15))}


@pytest.mark.parametrize("key_results", [0, 1, 200])
def test_any_number_of_key_results_fits(key_results):
    content = make_team_book(plan_of(a_small_planner(key_results)))
    grid = admitted(content, limits=RETURNED, allow_macros=False).grids["key_results"]
    assert len(grid.rows) == max(1, key_results)


def test_lists_of_names_hold_any_number_and_any_name():
    names = ["Doe, John", *(f"Member number {i}" for i in range(40))]
    planner = a_small_planner()._replace(members=tuple(Member(name, TEAM) for name in names))
    book = opened(make_team_book(plan_of(planner)))
    lists = [rule for sheet in book for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert all(len(rule.formula1) <= 255 for rule in lists)
    sheet, column = "Pace", "E"
    assert {cell.value for cell in book[sheet][column]} >= {"Doe, John", "Member number 39"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_table_has_one_header_twice(language):
    book = opened(make_team_book(plan_of(a_small_planner(language=language))))
    for sheet in book:
        for name in sheet.tables:
            headers = [column.name.casefold() for column in sheet.tables[name].tableColumns]
            assert len(set(headers)) == len(headers)


def test_a_team_without_anything_gets_a_book_that_says_so():
    planner = a_planner(teams=[Team(TEAM, row_number=1)])
    words = [cell.value for row in opened(make_team_book(plan_of(planner))).worksheets[0].iter_rows() for cell in row]
    assert any("No key result yet" in str(word) for word in words)


@pytest.mark.parametrize("name", ["x" * 60, "Équipe 🎯", "CON", "../x", "=1+1", "A&B <C>", 'a"b'])
def test_any_team_name_makes_a_book_that_is_read(name):
    planner = a_small_planner()
    team = Team(name, lead="Ann", row_number=1)
    objectives = tuple(row._replace(team=name if row.team else "") for row in planner.objectives)
    content = make_team_book(plan_of(planner._replace(teams=(team,), objectives=objectives), name))
    stamp = read_stamp(admitted(content).block(SHEET))
    assert stamp.team == name


def test_the_stamp_holds_every_row_as_it_was_sent():
    plan = plan_of(a_random_planner(2))
    stamp = read_stamp(admitted(make_team_book(plan, revision=5)).block(SHEET))
    assert (stamp.revision, stamp.team, stamp.as_of) == (5, TEAM, MIDDLE)
    sent = {row.id: row.fields for row in stamp.rows if row.table == "key_results"}
    assert {row_id: fields["value"] for row_id, fields in sent.items()} == {
        one.row.id: one.got.value for one in plan.key_results
    }


def test_the_same_plan_makes_the_same_bytes():
    plan = plan_of(a_small_planner())
    assert make_team_book(plan) == make_team_book(plan)


def test_a_book_that_was_saved_since_is_told_from_a_new_one(tmp_path):
    path = tmp_path / "a.xlsx"
    assert not was_filled_in(path)
    path.write_bytes(make_team_book(plan_of(a_small_planner())))
    assert not was_filled_in(path)
    load_workbook(path).save(path)
    assert was_filled_in(path)
    path.write_bytes(b"something else")
    assert was_filled_in(path)


# --- nothing leaks --------------------------------------------------------------------------------


def planted(teams):
    """A planner in which every input field of every team's rows holds a word or a number of its own, by team."""
    numbers, words, figures = count(7_300_017, 13), {}, {}
    rows = {
        name: []
        for name in ("teams", "members", "objectives", "key_results", "kpis", "measures", "actions", "check_ins")
    }

    def word(team, field):
        words.setdefault(team, set()).add(f"zq{team}{field}")
        return f"zq{team}{field}"

    def figure(team):
        number = float(next(numbers))
        figures.setdefault(team, set()).add(f"{number:.0f}")
        return number

    for place, team in enumerate(teams, 1):
        after = teams[place % len(teams)]
        name, member = word(team, "name"), word(team, "member")
        rows["teams"].append(
            Team(name, f"zq{after}name", word(team, "lead"), word(team, "mail"), word(team, "cc"), "en", place)
        )
        rows["members"].append(Member(member, name, word(team, "membermail"), place))
        for level in ("team", "member"):
            own = word(team, f"o{level}")
            # the objective of the team after this one hangs under this one's, and one key result of this team in it
            parent = (
                "O1"
                if level == "team" and place == 1
                else f"zq{teams[place - 2]}oteam"
                if level == "team"
                else f"zq{team}oteam"
            )
            rows["objectives"].append(
                Objective(own, word(team, f"words{level}"), level, name, member, parent, "", figure(team))
            )
            for index, home in enumerate((own, f"zq{after}oteam")):
                low, lower, upper, high = sorted(figure(team) for _ in range(4))
                rows["key_results"].append(
                    KeyResult(
                        word(team, f"kr{level}{index}"), home, word(team, f"result{level}{index}"), name, member, "stages",
                        word(team, "unit"), low, upper, lower, upper, lower, high, figure(team),
                        f"zq{after}kpi" if level == "member" else "", figure(team), 7.0, date(2026, 12, 1),
                    )
                )  # fmt: skip
        first = rows["key_results"][-1]
        rows["kpis"].append(
            Kpi(word(team, "kpi"), word(team, "kpiname"), f"zq{team}measure * 2", word(team, "kpiunit"), "higher", figure(team),
                figure(team), figure(team), figure(team), "month", name, member, word(team, "source"), word(team, "react"))
        )  # fmt: skip
        months = {date(2026, month, 1): figure(team) for month in (7, 8, 9)}
        rows["measures"].append(
            Measure(
                word(team, "measure"),
                word(team, "label"),
                word(team, "munit"),
                "last",
                name,
                word(team, "msource"),
                months,
            )
        )
        rows["actions"].append(
            Action(
                word(team, "action"),
                f"zq{after}kpi",
                word(team, "do"),
                member,
                name,
                None,
                "to_do",
                word(team, "remark"),
            )
        )
        rows["check_ins"].append(
            CheckIn(date(2026, 9, 1), first.id, figure(team), 5.0, word(team, "said"), word(team, "author"))
        )
    company = an_objective(objective="The company grows")
    objectives = [company, *rows["objectives"]]
    numbered = {
        name: tuple(row._replace(row_number=i) for i, row in enumerate(found, 1)) for name, found in rows.items()
    }
    numbered["objectives"] = tuple(row._replace(row_number=i) for i, row in enumerate(objectives, 1))
    return Planner(settings(show_member_scores=True), **numbered), words, figures


def shared_texts(parts):
    return re.findall(r"<t>([^<]*)</t>", parts["xl/sharedStrings.xml"])


def test_no_part_of_a_book_holds_a_word_or_number_of_another_team():
    teams = ["aa", "bb", "cc", "dd"]
    planner, words, figures = planted(teams)
    scores = score_planner(planner, MIDDLE)
    series = score_series(planner, [START, MIDDLE])
    plans = team_plans(planner, scores, [f"zq{team}name" for team in teams], series)
    for team, plan in zip(teams, plans, strict=True):
        with zipfile.ZipFile(io.BytesIO(make_team_book(plan))) as package:
            parts = {name: package.read(name).decode() for name in package.namelist()}
        everything = "\n".join([*parts, *parts.values()])
        assert f"zq{team}oteam" in everything
        assert any(number in everything for number in figures[team])
        assert {f"zq{team}{field}" for field in ("measure", "label", "munit", "msource")} <= set(shared_texts(parts))
        assert plan.kpis[0].follows is not None
        for other in teams:
            if other != team:
                assert [word for word in words[other] if word in everything] == []
                assert [number for number in figures[other] if number in everything] == []


# --- for printing ---------------------------------------------------------------------------------


def test_all_teams_in_one_workbook_are_values_alone():
    planner = a_random_planner(4)
    plans = team_plans(planner, score_planner(planner, MIDDLE), [row.team for row in planner.teams])
    book = opened(make_team_sheets(plans, labels_for("fr")))
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["Ventes", "Achats"]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["A/B", "a b", "A:B"], ["A B", "a b 2", "A B 3"]),
        (["", "history", "Historique", "'x'"], ["_", "history 2", "Historique 2", "x"]),
        (["x" * 40, "X" * 40], ["x" * 31, "X" * 29 + " 2"]),
        (["a\0b\u202ec", "x" * 30 + "'y", "🎯" * 20], ["a b c", "x" * 30, "🎯" * 15]),
        (["1.1", "2.9"], ["1.1 2", "2.9"]),  # hidden sheets behind are called 1.1, 2.1, 1.2, 2.2
    ],
)
def test_titles_of_sheets_are_legal_and_unique(names, titles):
    assert sheet_titles(names) == titles


# --- the door we use in openpyxl ------------------------------------------------------------------


def test_openpyxl_still_writes_cells_through_the_function_we_stand_in_for():
    assert sheet_writer.write_cell in (cell_writer.etree_write_cell, cell_writer.lxml_write_cell)
    assert list(inspect.signature(cell_writer._set_attributes).parameters) == ["cell", "styled"]
    assert "write_cell(xf, self.ws, cell, cell.has_style)" in inspect.getsource(sheet_writer.WorksheetWriter.write_row)
