"""A run killed at every step: nothing is sent twice and nothing is forgotten.

The killed run is a process of its own; the server lives here and counts what it has taken. After the crash the next
run finishes the work, and then the ledger and the server must agree.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from okr_workbook.mail.ledger import Ledger
from tests.mail.builders import ENTRY
from tests.mail.dying import send
from tests.mail.peer import Script, peer

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run_and_die(place, port, *, on_start=lambda process: None, die_at=0):
    process = subprocess.Popen([sys.executable, "-m", "tests.mail.dying", str(place), str(port), str(die_at)], cwd=ROOT)
    on_start(process)
    return process.wait(timeout=60)


def state_after_next_run(place, port):
    send(place, port)
    with Ledger(place / "x.sqlite") as ledger:
        return ledger.states(ENTRY)["ann@okr.test"][0]


@pytest.mark.parametrize(
    ("step", "state", "copies"),
    [
        ("ehlo", "sent", 1),
        ("mail", "sent", 1),
        ("rcpt", "sent", 1),
        ("data", "unknown", 0),  # the server had the message and had not said so
        ("taken", "unknown", 1),  # the same, seen from outside
    ],
)
def test_killed_before_a_reply(tmp_path, step, state, copies):
    process = []
    script = Script(data=["drop", "250 OK"] if step == "data" else ["250 OK"])

    def kill(reached):
        if reached == step and process and process[0].poll() is None:
            process[0].send_signal(signal.SIGKILL)
            process[0].wait()

    script.on_step = kill
    with peer(script) as controller:
        assert run_and_die(tmp_path, controller.port, on_start=process.append) == -signal.SIGKILL
        assert (state_after_next_run(tmp_path, controller.port), len(script.taken)) == (state, copies)


def statements(tmp_path):
    """How many statements a whole run makes."""
    with peer(Script()) as controller:
        return send(tmp_path, controller.port)


def killed_before(place, statement):
    """What the ledger and the server say after a crash there and the next run."""
    place.mkdir()
    script = Script()
    with peer(script) as controller:
        assert run_and_die(place, controller.port, die_at=statement) == -signal.SIGKILL
        return state_after_next_run(place, controller.port), len(script.taken)


def test_killed_before_every_statement_of_the_ledger(tmp_path):
    numbers = range(1, statements(tmp_path) + 1)
    with ThreadPoolExecutor(2) as both_cores:
        found = list(both_cores.map(lambda one: killed_before(tmp_path / str(one), one), numbers))
    # Killed once the server has it and before the ledger says so, it is unknown; at any other moment it is sent, once.
    assert set(found) == {("sent", 1), ("unknown", 1)}
