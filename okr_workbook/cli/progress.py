"""Progress of long work: a bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(text: str) -> Iterator[Progress | None]:
    """What to call with (done, total) while work goes on; None where standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


LONG_FROM = 1_000_000
"""A file of so many bytes is worth a word while it is worked on; smaller ones are done before it could be read."""


@contextmanager
def patience(text: str, path: str) -> Iterator[None]:
    """A word on the terminal while work on a large file goes on."""
    if not sys.stderr.isatty() or not os.path.exists(path) or os.path.getsize(path) < LONG_FROM:
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield
