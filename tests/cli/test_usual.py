"""A plain command line is read as argparse reads it; everything else is argparse's."""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys

import pytest

from okr_workbook.cli import COMMANDS, _parser, _read_usual
from okr_workbook.errors import UsageError
from okr_workbook.labels import labels_for

WORDS = (
    "plan.xlsx", "a b", "", "actions", "2026-11-15", "2026-13-40", "fr", "xx", "-", "--", "-x", "--json", "--lang", "--lang=fr", "--lang=",
    "--as-of", "--as-of=2026-11-15", "--as", "--dry-run", "--dry-run=x", "--dry", "--out", "--html", "--period", "--team", "--help", "=", "é",
)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        (["plan.xlsx"], {"file": "plan.xlsx", "as_of": None, "dry_run": False, "json": False, "lang": None}),
        (["--dry-run", "plan.xlsx", "--json"], {"file": "plan.xlsx", "dry_run": True, "json": True}),
        (["plan.xlsx", "--lang=fr"], {"lang": "fr"}),
        (["plan.xlsx", "--as-of", "30/09/2026"], {"as_of": "30/09/2026"}),
        (["plan.xlsx", "--lang", "en", "--lang", "fr"], {"lang": "fr"}),
    ],
)
def test_plain(arguments, read):
    options = vars(_read_usual(["refresh", *arguments]))
    assert {name: options[name] for name in read} == read


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["refresh"], ["--json", "refresh", "a"], ["refresh", "a", "b"], ["refresh", "a", "--help"], ["refresh", "--", "a"],
        ["refresh", "a", "--as-of"], ["refresh", "a", "--dry"], ["refresh", "a", "--json=1"],
        ["refresh", "a", "--lang", "xx"], ["refresh", "a", "--as-of", "--json"], ["teams", "a"], ["collect", "a", "b"], ["mail", "a"],
    ],
)  # fmt: skip
def test_left_to_argparse(arguments):
    assert _read_usual(arguments) is None


def by_argparse(arguments):
    """What argparse reads; None where it complains or helps."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return vars(_parser(arguments, labels_for("en")).parse_args(arguments))
        except (SystemExit, UsageError):
            return None


@pytest.mark.parametrize("command", COMMANDS)
def test_never_otherwise_than_argparse(command):
    chance = random.Random(command)
    for _ in range(60):
        arguments = [command, *chance.choices(WORDS, k=chance.randint(0, 5))]
        usual = _read_usual(arguments)
        if usual is not None:
            assert vars(usual) == by_argparse(arguments), arguments


def test_a_plain_click_loads_no_argparse():
    code = "import sys; from okr_workbook.cli import main; main(['refresh', 'no-such-file']); print('argparse' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
