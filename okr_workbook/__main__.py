"""`python -m okr_workbook` is the command `okr`."""

from __future__ import annotations

import gc
import os
import sys

# A command makes many records that live to its end and no cycles to speak of: look for garbage seldom, and in nothing
# that an import makes.
gc.set_threshold(2_000_000, 50, 50)

from okr_workbook.cli import main  # noqa: E402

_WITH_LOOSE_ENDS = {"threading", "weakref", "multiprocessing"}
"""What has something to see to when a process ends, such as workers to wait for and temporary folders to remove."""


def run() -> None:
    """Run the command and end the process. Memory is not given back piece by piece: the system takes it all at once."""
    status = main()
    gc.freeze()  # nothing is worth collecting when the process ends
    if _WITH_LOOSE_ENDS.isdisjoint(sys.modules):
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            raise SystemExit(status) from None  # whoever listened is gone: Python knows how to end then
        os._exit(status)
    raise SystemExit(status)


if __name__ == "__main__":
    run()
