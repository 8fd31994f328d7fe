"""`okr teams` and `okr mail` killed at moments spread over their run: what lies there is whole, and the next run arrives.

OKR_CRASH_MOMENTS=50 tries fifty moments a command.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from okr_workbook.books import gate
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.stamp import SHEET, read_stamp
from okr_workbook.mail.ledger import Ledger, ledger_path
from tests.actions.mail_story import made_once  # noqa: F401 (a fixture)
from tests.mail.peer import Script, peer

ROOT = Path(__file__).parents[2]
MOMENTS = int(os.environ.get("OKR_CRASH_MOMENTS", "5"))

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


def okr(moment, *arguments):
    """The finished process of a command that dies at a moment (0: it lives)."""
    # -B: compiled modules are not written on the way, which would be moments of the first run only
    command = [
        sys.executable,
        "-B",
        "-m",
        "tests.actions.dying_command",
        str(moment),
        *map(str, arguments),
        "--lang",
        "en",
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


def die(moment, *arguments):
    """Run a command that dies at a moment. The last ones may not come: a mail has a line more or less by its dates."""
    ended = okr(moment, *arguments)
    assert ended.returncode == -signal.SIGKILL or 0 < _count(ended) < moment, ended.stderr


def _count(lived):
    assert lived.returncode == 0, lived.stderr
    return int(lived.stderr.split()[-1])


def moments_of(*arguments):
    """Moments spread over the run of a command."""
    count = _count(okr(0, *arguments))
    assert count > 10
    return sorted({1 + index * (count - 1) // (MOMENTS - 1) for index in range(MOMENTS)})


@pytest.fixture
def fresh(made_once, tmp_path):  # noqa: F811
    """A folder made anew, and by each call again."""

    def again():
        shutil.rmtree(tmp_path / "work", ignore_errors=True)
        shutil.copytree(made_once, tmp_path / "work", ignore=shutil.ignore_patterns(".okr"))
        return tmp_path / "work"

    return again


def test_teams(fresh):
    work = fresh()
    teams = ("teams", work / "plan.xlsx", "--out", work / "books")
    planner = (work / "plan.xlsx").read_bytes()
    for moment in moments_of(*teams):
        fresh()
        die(moment, *teams)
        for path in (work / "books").glob("*.xlsx"):
            gate.admitted(path.read_bytes()).package.archive.check()
        assert okr(0, *teams).returncode == 0
        assert sorted(os.listdir(work / "books")) == ["Marketing.xlsx", "RH.xlsx"]
        revisions = [read_stamp(FileBook(str(path)).read_block(SHEET)).revision for path in (work / "books").iterdir()]
        assert len(set(revisions)) == 1
        assert revisions[0] > 1
        assert (work / "plan.xlsx").read_bytes() == planner


def test_drafts(fresh):
    work = fresh()
    drafts = ("mail", work / "plan.xlsx", "--books", work / "books", "--drafts", work / "drafts")
    planner = (work / "plan.xlsx").read_bytes()
    for moment in moments_of(*drafts):
        fresh()
        die(moment, *drafts)
        assert okr(0, *drafts).returncode == 0
        assert sorted(os.listdir(work / "drafts")) == ["Marketing.eml", "RH.eml"]
        for path in (work / "drafts").iterdir():
            (book,) = message_from_bytes(path.read_bytes(), policy=policy.default).iter_attachments()
            assert book.get_content() == (work / "books" / f"{path.stem}.xlsx").read_bytes()
        assert (work / "plan.xlsx").read_bytes() == planner


def test_sending(fresh):
    work = fresh()
    with peer(Script()) as server:
        moments = moments_of(*_sending(work, server.port))
    states = set()
    for moment in moments:
        fresh()
        script = Script()
        with peer(script) as server:
            command = _sending(work, server.port)
            die(moment, *command)
            again = okr(0, *command)
            third = okr(0, *command)
        copies = Counter(tuple(sorted(envelope.rcpt_tos)) for envelope in script.taken)
        assert set(copies.values()) <= {1}
        with Ledger(ledger_path(str(work / "plan.xlsx"))) as ledger:
            found = {one.address: one.state for one in ledger.sendings()}
        assert set(found) == {"ann@okr.test", "bob@okr.test", "zoe@okr.test"}
        assert set(found.values()) <= {"sent", "unknown"}
        arrived = {address for addresses in copies for address in addresses}
        assert {address for address, state in found.items() if state == "sent"} <= arrived
        unknown = "unknown" in found.values()
        assert ("broke off" in again.stdout) == unknown
        assert (again.returncode, third.returncode) == (int(unknown), int(unknown))
        states |= set(found.values())
    assert "sent" in states


def _sending(work, port):
    url = f"smtp://127.0.0.1:{port}?starttls=never"
    return "mail", work / "plan.xlsx", "--books", work / "books", "--smtp", url
