"""Tests that guard the project: words in every language, lean imports, what may not stand in the repository."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "okr_workbook"
LABELS = PACKAGE / "labels"
AREAS = sorted(path.stem for path in (LABELS / "en").glob("*.toml"))
ERRORS = {"OkrError", "UsageError", "FileRefusedError"}
GIVEN_BY_THE_GATE = {"file"}  # what is wrong with a workbook is raised deep inside it; whoever opens it says its name
DERIVED = {"tables"}  # English field and choice labels are the ids in words; its file holds the exceptions only


def flat(table, prefix=""):
    """The leaves of a TOML table by dotted key."""
    found = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def words(language, area):
    return flat(tomllib.loads((LABELS / language / f"{area}.toml").read_text(encoding="utf-8")))


def places(value):
    return {name for _, name, _, _ in string.Formatter().parse(value) if name} if isinstance(value, str) else set()


@pytest.mark.parametrize("area", [area for area in AREAS if area not in DERIVED])
def test_every_language_has_the_same_keys_with_the_same_places(area):
    english, french = words("en", area), words("fr", area)
    if area == "habits":  # the errors of Excel are keys there
        english, french = ({key: one for key, one in all_.items() if key[:6] != "errors"} for all_ in (english, french))
    assert english.keys() == french.keys()
    lists = {key for key, value in english.items() if isinstance(value, list)}
    assert {key for key in english if places(english[key]) != places(french[key])} - lists == set()


def test_every_french_field_and_choice_is_translated():
    from okr_workbook.labels import labels_for
    from okr_workbook.tables.schema import SETTINGS, TABLES

    french = words("fr", "tables")
    fields = {key.rpartition(".")[2] for key in french if key.startswith("fields.")}
    assert {field.id for table in TABLES for field in table.fields} - fields == set()
    choices = {choice for table in TABLES for field in table.fields for choice in field.choices}
    choices |= {choice for field in SETTINGS for choice in field.choices}
    assert {choice for choice in choices if f"choices.{choice}" not in french} == set()
    assert {field.id for field in SETTINGS if f"settings.{field.id}" not in french} == set()
    assert labels_for("fr").table("key_results") == "Résultats clés"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_headers_of_one_table_are_told_apart(language):
    from okr_workbook.labels import folded, labels_for
    from okr_workbook.tables.schema import TABLES

    for table in TABLES:
        headers = [folded(labels_for(language).field(table.id, field.id)) for field in table.fields]
        assert len(set(headers)) == len(headers), table.id


def test_a_header_means_one_field_in_all_languages():
    from okr_workbook.labels import LANGUAGES, folded, labels_for
    from okr_workbook.tables.schema import TABLES

    for table in TABLES:
        meanings: dict[str, set[str]] = {}
        for language in LANGUAGES:
            for field in table.fields:
                meanings.setdefault(folded(labels_for(language).field(table.id, field.id)), set()).add(field.id)
        assert {header: ids for header, ids in meanings.items() if len(ids) > 1} == {}, table.id


def test_french_puts_a_no_break_space_before_its_double_signs():
    wrong = []
    for area in AREAS:
        for key, value in words("fr", area).items():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and re.search(r"\w [;!?»](?!\w)|« |\w :(?: |$)", text):
                    wrong.append(f"{area}.{key}: {text}")
    assert wrong == []


def test_every_error_raised_has_its_words_and_fills_their_places():
    known, wrong, seen = words("en", "messages"), [], 0
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in ERRORS:
                continue
            given = {keyword.arg for keyword in call.keywords}  # None: details handed on as they are
            for code in [one.value for one in ast.walk(call.args[0]) if isinstance(one, ast.Constant)]:
                missing = places(known.get(f"errors.{code}", "{its_words}")) - given - GIVEN_BY_THE_GATE
                seen += 1
                if missing and None not in given:
                    wrong.append((path.name, code, missing))
    assert wrong == []
    assert seen > 100


def test_every_problem_found_has_its_words():
    found = set()
    for path in PACKAGE.rglob("*.py"):
        found |= set(re.findall(r"(?:Problem|Fault)\(\s*\"([a-z0-9_]+)\"", path.read_text(encoding="utf-8")))
    known = words("en", "problems")
    assert {code for code in found if f"{code}.message" not in known or f"{code}.advice" not in known} == set()


@pytest.mark.parametrize(
    "module", ["okr_workbook", "okr_workbook.cli.commands.refresh", "okr_workbook.actions.refresh"]
)
def test_the_click_stays_lean(module):
    heavy = [
        "numpy",
        "pandas",
        "openpyxl",
        "xlwings",
        "rich",
        "lxml",
        "dataclasses",
        "inspect",
        "pathlib",
        "sqlite3",
        "email",
        "typing",
        "shutil",
        "locale",
    ]
    code = f"before = set(sys.modules); import {module}; print(*(set({heavy!r}) & (set(sys.modules) - before)))"
    assert printed_by(code) == []


def test_importing_reads_no_words():
    code = """
opened = []
sys.addaudithook(lambda event, found: opened.append(str(found[0])) if event == "open" else None)
import okr_workbook.cli.commands.refresh, okr_workbook.excel.click
print(*(path for path in opened if ".toml" in path))
"""
    assert printed_by(code) == []


def printed_by(code):
    """The words printed by code that a fresh, isolated interpreter runs on this source."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code.lstrip()}"
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return run.stdout.split()


def test_no_eval_of_users_text():
    offenders = [
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"(?<![\w.])(eval|exec)\(", path.read_text(encoding="utf-8"))
    ]
    assert offenders == []


def test_every_module_says_what_lives_there():
    silent = [
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*.py")
        if not path.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert silent == []


TWO_BUILDERS = {"Column", "Styles", "Workbook"}
"""The sheets of a planner are drawn with XlsxWriter, those of a team's workbook are values first: each has its own."""


def test_a_class_name_means_one_thing():
    """Of our own classes: those of the engine for LibreOffice are called as xlwings calls its own."""
    homes: dict[str, list[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        if not path.stem.startswith("libreoffice"):
            for name in re.findall(r"^class ([A-Z]\w*)", path.read_text(encoding="utf-8"), re.MULTILINE):
                homes.setdefault(name, []).append(str(path.relative_to(ROOT)))
    assert {name for name, paths in homes.items() if len(paths) > 1} == TWO_BUILDERS


def test_every_command_is_documented_once_with_all_that_it_takes():
    from okr_workbook.cli import COMMANDS, _command
    from okr_workbook.cli.usual import Usual

    guide = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## okr (\w+)(.*?)(?=^## |\Z)", guide, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in sections] == list(COMMANDS)
    for name, text in sections:
        takes = Usual()
        _command(name).add_arguments(takes, str)
        assert [option for option in takes._options if not re.search(rf"{option}\b", text)] == [], name


def test_the_documents_link_to_files_and_headings_that_are_there():
    broken = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")]:
        for target, heading in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8")):
            there = page.parent / target if target else page
            if not there.exists() or (heading and heading not in headings(there)):
                broken.append(f"{page.relative_to(ROOT)}: {target}#{heading}")
    assert broken == []


def headings(page: Path) -> set[str]:
    """What links to a page's headings end with, as GitHub makes it of them."""
    lines = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}
