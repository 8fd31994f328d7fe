"""Clicks without a spreadsheet program: what is said, and that nothing heavy is imported on the way."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from okr_workbook import __version__
from okr_workbook.books.live.book import LiveBook
from okr_workbook.books.live.undo import Journal
from okr_workbook.books.macros.template import macros_folder
from okr_workbook.errors import OkrError
from okr_workbook.excel import buttons, score_clicks, team_clicks
from okr_workbook.excel.buttons import run
from okr_workbook.excel.click import Click, local_path
from okr_workbook.excel.host_errors import as_okr_error
from okr_workbook.tables.schema import SCHEMA_VERSION
from tests.excel.memory_excel import Book, Refused, opened

MACROS = "\n".join(path.read_text(encoding="ascii") for path in macros_folder().glob("*.bas"))
HEAVY = ("numpy", "pandas", "openpyxl", "polars", "rich", "lxml")


@pytest.fixture
def workbook(tmp_path):
    book = Book(folder=str(tmp_path))
    book.all_names["okr_text_language"] = '="fr"'
    book.add_table("O", "objectives", [["Id", "Objectif"], ["O1", "Grandir"]])
    book.add_table("K", "key_results", [["Id", "Résultat clé"], [None, None]])
    return book


def locks_of(book):
    return os.path.join(os.path.dirname(book.FullName), "locks")


def clicked(book, action=score_clicks.check):
    click = Click(opened(book), locks_of(book))
    click.live = LiveBook(click.book, Journal(book.FullName, "/nowhere"))
    run(action, click)
    ((title, message, mode),) = book.app.alerts
    return title, message, mode


@pytest.mark.parametrize("call", re.findall(r'CallPython "(.*)"', MACROS))
def test_every_line_of_python_in_the_macros_can_run(call):
    module, function = re.fullmatch(r"from ([\w.]+) import (\w+); \2\(\)", call).groups()
    assert callable(vars(importlib.import_module(module))[function])  # not what stands in for unknown ones
    assert not set(call) & set('"=|&^%')  # characters that break the command line on one of the systems


@pytest.mark.parametrize(
    "module",
    [
        "okr_workbook",
        "okr_workbook.excel.buttons",
        "okr_workbook.excel.score_clicks",
        "okr_workbook.excel.libreoffice_run",
    ],
)
def test_entry_points_import_nothing_heavy(module):
    code = f"import {module}, sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_actions_on_team_workbooks_come_without_numpy():
    code = "from okr_workbook.excel.buttons import _team_clicks; import sys; assert _team_clicks().teams"
    heavy = "assert 'openpyxl' in sys.modules and not {'numpy', 'pandas'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", f"{code}; {heavy}"], check=True)


def test_xlwings_loads_without_pandas_and_pandas_imports_afterwards():
    code = (
        "from okr_workbook.excel.lean_xlwings import load_xlwings; import sys; xw = load_xlwings()\n"
        f"assert not [name for name in {HEAVY!r} if name in sys.modules], 'heavy'\n"
        "import pandas, numpy; assert pandas.DataFrame({'a': [1]})['a'].sum() == 1\n"
        "assert load_xlwings() is xw"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_what_xlwings_seldom_uses_loads_when_it_is_asked_for():
    code = (
        "from okr_workbook.excel.lean_xlwings import SELDOM, load_xlwings; import sys; load_xlwings()\n"
        "assert SELDOM <= sys.modules.keys() and not {'ast', 'dis', '_posixsubprocess', '_uuid'} & sys.modules.keys()\n"
        "import inspect, subprocess, tempfile, traceback, uuid\n"
        "assert str(inspect.signature(lambda a: a)) == '(a)' and inspect.__spec__.origin == inspect.__file__\n"
        "assert subprocess.run([sys.executable, '-c', 'pass']).returncode == 0 and tempfile.gettempdir()\n"
        "assert uuid.UUID(int=0).hex == '0' * 32 and traceback.format_exc() == 'NoneType: None\\n'\n"
    )
    subprocess.run(
        [sys.executable, "-S", "-W", "error", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], check=True
    )


def test_a_message_speaks_the_templates_language_before_the_plan_is_read(workbook):
    workbook.all_sheets.clear()
    title, message, mode = clicked(workbook)
    assert (title, mode) == ("Planificateur OKR", "critical")
    assert message.startswith("plan.xlsm est un classeur, mais pas un planificateur")


def test_a_teams_workbook_is_told_from_a_planner(workbook):
    stamp = workbook.add_table("okr_stamp", "other", [["{}"], ["[]"]])
    workbook.all_names["okr_stamp"] = (stamp, (1, 1, 2, 1))
    _, message, mode = clicked(workbook)
    assert message.startswith("plan.xlsm est le classeur d’une équipe")
    assert mode == "critical"


@pytest.mark.parametrize(("sheet", "title"), [("Objectifs", "Planificateur OKR"), ("Goals", "OKR planner")])
def test_without_macros_a_message_speaks_the_language_of_the_sheets(workbook, sheet, title):
    del workbook.all_names["okr_text_language"]
    workbook.all_sheets.clear()
    workbook.add_table(sheet, "other", [["A"], ["b"]])
    assert clicked(workbook)[0] == title


@pytest.mark.parametrize("action", [score_clicks.refresh, score_clicks.undo, team_clicks.teams, team_clicks.collect])
def test_a_planner_of_a_newer_package_is_neither_read_nor_saved(workbook, action):
    workbook.all_names["okr_schema"] = f"={SCHEMA_VERSION + 1}"
    _, message, mode = clicked(workbook, action)
    assert message.startswith("plan.xlsm a été créé par une version plus récente")
    assert "dans son dossier\u00a0: pip install ." in message
    assert (mode, workbook.engine.calls, workbook.saved) == ("critical", [], 0)


@pytest.mark.parametrize("content", [f"={SCHEMA_VERSION}", "=0", "=Gone!$A$1"])
def test_a_planner_of_this_package_or_an_older_one_is_read(workbook, content):
    workbook.all_names["okr_schema"] = content
    assert "plus récente" not in clicked(workbook)[1]


def test_a_newer_planner_is_told_by_a_cell_too(workbook):
    sheet = workbook.add_table("okr_data", "hidden", [["okr_schema", SCHEMA_VERSION + 1]])
    workbook.all_names["okr_schema"] = (sheet, (1, 2))
    assert "plus récente" in clicked(workbook)[1]


def test_a_button_of_another_version_says_so(workbook):
    _, message, mode = clicked(workbook, partial(buttons.refuse_button, "recompute"))
    assert "recompute" in message
    assert __version__ in message
    assert (mode, workbook.engine.calls) == ("critical", [])


def test_buttons_of_other_versions_are_there_and_nothing_else():
    from okr_workbook.excel.buttons import recompute

    assert callable(recompute)
    with pytest.raises(AttributeError):
        _ = buttons.__wrapped__


def test_check_lists_problems_and_leaves_the_workbook_alone(workbook):
    _, message, _ = clicked(workbook)
    assert "The table “Settings” is missing." in message  # what else follows from it stands below
    assert not [call for call in workbook.engine.calls if call[0] == "write"]


def test_the_status_bar_tells_what_is_done_and_is_given_back(workbook):
    workbook.app._status = "Ready"
    clicked(workbook)
    assert workbook.app.statuses == ["OKR\u00a0: recherche de ce qui manque…", "Ready"]


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (Refused(-2147418111), "excel_busy"),
        (Refused(-2147352567, "The cell is protected."), "excel_refused"),
        (Refused(-2147023174), "excel_gone"),
        (ValueError("ours"), None),
    ],
)
def test_what_excel_says_becomes_something_to_do(raised, code):
    error = as_okr_error(raised)
    assert (error.code if error else None) == code
    if code == "excel_refused":
        assert error.details == {"reason": "The cell is protected."}


def test_excel_for_the_mac_speaks_another_way():
    class CommandError(Exception):
        errornumber, errormessage = -1712, "AppleEvent timed out."

    assert as_okr_error(CommandError()).code == "excel_busy"


def test_a_cell_being_edited_gets_a_sentence(workbook):
    workbook.engine.refusal = {"read": Refused(-2147418111)}
    assert "Excel est occupé" in clicked(workbook)[1]


def test_two_clicks_at_once_work_one_after_the_other(workbook):
    seen = []

    def clicked_again(click):
        run(score_clicks.check, Click(opened(workbook), locks_of(workbook)))
        seen.append(list(workbook.engine.calls))
        click.tell(["done"])

    run(clicked_again, Click(opened(workbook), locks_of(workbook)))
    (_, refusal, _), (_, message, _) = workbook.app.alerts
    assert refusal.startswith("Le bouton sur lequel vous avez cliqué avant travaille encore sur plan.xlsm.")
    assert (message, seen) == ("done", [[]])
    workbook.app.alerts.clear()
    assert "travaille encore" not in clicked(workbook)[1]
    assert os.listdir(locks_of(workbook)) == []


def test_a_click_that_was_broken_off_is_in_nobodys_way(workbook):
    from okr_workbook.books.live.undo import short_name

    os.mkdir(locks_of(workbook))
    Path(locks_of(workbook), f"{short_name(workbook.FullName)}.lock").write_text(f"999999999\n{os.uname().nodename}\n")
    assert "travaille encore" not in clicked(workbook)[1]


def test_a_home_that_cannot_be_written_to_keeps_nobody_from_checking(workbook, tmp_path):
    (tmp_path / "locks").touch()
    assert "travaille encore" not in clicked(workbook)[1]


def test_a_box_left_open_on_a_mac_is_no_error(workbook):
    class CommandError(Exception):
        errornumber, errormessage = -1712, "AppleEvent timed out."

    workbook.engine.refusal = {"alert": CommandError()}
    run(score_clicks.check, Click(opened(workbook), locks_of(workbook)))
    assert workbook.app.alerts == []
    workbook.engine.refusal = {"alert": Refused(-2147023174)}
    with pytest.raises(Refused):
        run(score_clicks.check, Click(opened(workbook), locks_of(workbook)))


ONLINE = "https://contoso.sharepoint.com/sites/team/Shared Documents/plan.xlsm"


def test_a_workbook_that_is_only_online_can_be_checked_and_its_files_have_no_place(workbook):
    locks, workbook.FullName = locks_of(workbook), ONLINE
    run(score_clicks.check, Click(opened(workbook), locks))
    run(team_clicks.teams, Click(opened(workbook), locks))
    (_, problems, _), (_, refusal, _) = workbook.app.alerts
    assert "SharePoint" not in problems
    assert refusal.startswith("plan.xlsm se trouve sur OneDrive ou SharePoint")


def test_our_own_mistake_goes_to_a_log(workbook, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def mistaken(click):
        raise ZeroDivisionError("ours")

    _, message, _ = clicked(workbook, mistaken)
    (log,) = tmp_path.glob("okr-*.log")
    assert "ZeroDivisionError: ours" in log.read_text(encoding="utf-8")
    assert str(log) in message


@pytest.mark.parametrize(
    ("fullname", "code"),
    [
        ("https://d.docs.live.net/1/plan.xlsm", "online_workbook"),
        ("Classeur1", "unsaved_workbook"),
        ("/home/ann/plan.xlsm", None),
    ],
)
def test_where_a_workbook_lies(fullname, code):
    book = Book()
    book.FullName = fullname
    if code is None:
        assert local_path(opened(book)) == fullname
    else:
        with pytest.raises(OkrError, match=code):
            local_path(opened(book))


def test_a_read_only_workbook_is_not_saved(tmp_path):
    book = Book(folder=str(tmp_path))
    with pytest.raises(OkrError, match="read_only_workbook"):
        Click(opened(book)).saved_path()
    assert book.saved == 0


@pytest.mark.parametrize(
    ("there", "used"),
    [
        ([], "Classeurs renvoyés"),
        (["Classeurs reçus"], "Classeurs reçus"),
        (["Classeurs reçus", "Classeurs renvoyés"], "Classeurs renvoyés"),
    ],
)
def test_a_folder_of_an_earlier_version_is_used_on(tmp_path, there, used):
    for name in there:
        (tmp_path / name).mkdir()
    (tmp_path / "plan.xlsm").touch()
    click = Click(opened(Book(folder=str(tmp_path))))
    click.language = "fr"
    assert click.folder("returned") == str(tmp_path / used)
    assert (tmp_path / used).is_dir()


def test_a_folder_that_may_not_be_made_is_told(tmp_path, monkeypatch):
    def denied(*_path, **_more):
        raise PermissionError("macOS asks whether Excel may use the folder, and heeds a no")

    (tmp_path / "plan.xlsm").touch()
    monkeypatch.setattr("os.makedirs", denied)
    with pytest.raises(OkrError, match="folder_not_writable") as refused:
        Click(opened(Book(folder=str(tmp_path)))).folder("returned")
    assert refused.value.details["folder"] == str(tmp_path)


def test_a_file_that_has_the_name_of_a_folder_is_told(tmp_path):
    for name in ("Team workbooks", "plan.xlsm"):
        (tmp_path / name).touch()
    click = Click(opened(Book(folder=str(tmp_path))))
    click.language = "en"
    with pytest.raises(OkrError, match="out_is_file"):
        click.folder("teams")


def test_nor_is_one_that_a_colleague_has_open(tmp_path):
    book = Book(folder=str(tmp_path))
    Path(book.FullName).touch()
    book.ReadOnly = True
    with pytest.raises(OkrError, match="read_only_workbook"):
        Click(opened(book)).saved_path()
    book.ReadOnly = False
    assert Click(opened(book)).saved_path() == book.FullName
