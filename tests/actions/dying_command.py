"""`okr` as a process that dies, without a word, before the n-th time it writes, sends or asks its ledger.

Usage: python -m tests.actions.dying_command MOMENT ARGUMENT...   (moment 0: it lives, and says how many there were)
"""

from __future__ import annotations

import os
import signal
import sys

WATCHED = {"execute", "send", "sendall", "write", "replace", "mkdir", "fsync", "connect", "link", "unlink", "remove"}


def run(moment: int, arguments: list[str]) -> int:
    """The command's exit status; the number of moments goes to standard error as its last line."""
    from okr_workbook.cli import main

    seen = 0

    def watch(_frame, event, function):
        nonlocal seen
        if event == "c_call" and getattr(function, "__name__", "") in WATCHED:
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    status = main(arguments)
    sys.setprofile(None)
    sys.stderr.write(f"{seen}\n")
    return status


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
