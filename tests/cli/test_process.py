"""The command as a process of its own: everything said arrives, the exit status is right, nothing is left running."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

OKR = [sys.executable, "-m", "okr_workbook"]


@pytest.fixture(scope="module")
def planner(tmp_path_factory):
    path = tmp_path_factory.mktemp("process") / "plan.xlsx"
    subprocess.run([*OKR, "new", str(path), "--example", "--lang", "en"], check=True, capture_output=True)
    return path


def run(*arguments):
    return subprocess.run([*OKR, *map(str, arguments)], capture_output=True, check=False, encoding="utf-8", timeout=60)


def test_everything_said_arrives(planner):
    done = run("refresh", planner, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["problems"] is not None
    assert done.stdout.endswith("}\n")
    assert len(run("check", planner).stdout.splitlines()) > 2


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("refresh", "no such file.xlsx"), 2), (("refresh",), 2), (("--version",), 0), (("bla",), 2)],
)
def test_the_exit_status_is_right(arguments, status):
    done = run(*arguments)
    assert done.returncode == status
    assert done.stdout or done.stderr


def test_a_reader_that_goes_away_is_no_fault(planner):
    with subprocess.Popen([*OKR, "check", str(planner)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        told = process.stderr.read().decode()
        assert process.wait(60) in (0, 1)
    assert "Traceback" not in told
    assert "okr-" not in told
