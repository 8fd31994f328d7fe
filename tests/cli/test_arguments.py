"""The parser speaks the user's language and asks the system for nothing."""

import argparse
import inspect
import json
import re
import subprocess
import sys

import pytest

from okr_workbook.cli import COMMANDS, main
from okr_workbook.cli.arguments import _WORDS
from okr_workbook.labels import LANGUAGES, area


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["refresh", "--lang", "fr"], "arguments manquants\u00a0: FICHIER"),
        (["refresh", "a", "b", "--lang", "fr"], "arguments inconnus\u00a0: b"),
        (["refresh", "a", "--as-of", "--lang", "fr"], "une valeur est attendue"),
        (["refresh", "--lang", "en"], "the following arguments are required: FILE"),
        (["refresh"], "usage: okr refresh"),
        (["refresh", "--lang", "fr"], "utilisation\u00a0: okr refresh"),
    ],
)
def test_wrong_use_is_told_in_the_users_language(arguments, said, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["refresh"], "the following arguments are required: FILE"),
        (["bogus"], "bogus"),
        ([], "COMMAND"),
        (["new", "plan.xlsx", "--lang", "de"], "de"),
        (["check", "--lang", "fr"], "arguments manquants\u00a0: FICHIER"),
        (["mail", "plan.xlsx", "--books", "b", "--drafts", "d", "--smtp", "smtp://x"], "--smtp"),
    ],
)
def test_wrong_use_is_one_json_object_where_json_was_asked_for(arguments, said, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert main([*arguments, "--json"]) == 2
    told = capsys.readouterr()
    error = json.loads(told.out)["error"]
    assert error["code"] == "wrong_use"
    assert said in error["message"]
    assert error["message"] in told.err


def test_wrong_use_is_a_refusal_in_json_too(capsys):
    assert main(["teams", "plan.xlsx", "--json"]) == 2
    told = capsys.readouterr()
    complaint = "okr teams: the following arguments are required: --out"
    assert json.loads(told.out) == {
        "error": {"code": "wrong_use", "message": complaint, "details": {"complaint": complaint}}
    }
    assert told.err.endswith(f"{complaint}\n")


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command not in ("demo", "kpis", "doctor", "setup")]
)
def test_the_help_says_what_the_file_is(command, capsys):
    assert main([command, "--help"]) == 0
    assert re.search(r"^  FILE +the planner", capsys.readouterr().out, re.MULTILINE)


def test_help_is_in_french_altogether(capsys):
    assert main(["check", "--lang", "fr", "--help"]) == 0
    said = capsys.readouterr().out
    assert all(words in said for words in ("afficher cette aide", "arguments\u00a0:\n", "options\u00a0:\n", "FICHIER"))
    assert main(["--lang", "fr", "--help"]) == 0
    assert "afficher la version\n" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_what_stands_for_a_value_is_a_word_of_the_users_language(command, capsys):
    english, french = (area(language, "messages")["metavars"] for language in ("en", "fr"))
    usages = []
    for language in ("en", "fr"):
        assert main([command, "--lang", language, "--help"]) == 0
        usages.append(set(re.findall(r"\b[A-ZÉ_]{2,}\b", capsys.readouterr().out.partition("\n\n")[0])))
    assert usages[0] <= english.keys()
    assert usages[1] == {french[word] for word in usages[0]}


@pytest.mark.parametrize("text", _WORDS)
def test_argparse_still_says_it(text):
    assert repr(text)[1:-1] in inspect.getsource(argparse) or text in inspect.getsource(argparse)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_with_its_places(language):
    words = area(language, "arguments")
    assert set(words) == set(_WORDS.values())
    for text, key in _WORDS.items():
        assert sorted(re.findall(r"%\(\w+\)\w|%\w", words[key])) == sorted(re.findall(r"%\(\w+\)\w|%\w", text))


@pytest.mark.parametrize(("columns", "widest"), [("200", 120), ("60", 60), ("5", 40), ("nonsense", 80)])
def test_help_fits_the_terminal(columns, widest, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["refresh", "--help"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= widest


def test_the_parser_imports_neither_locale_nor_shutil():
    code = (
        "import sys; from okr_workbook.cli import main; before = set(sys.modules); main(['refresh', 'no-such-file']);"
        "print({'locale', 'shutil'} & (set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
