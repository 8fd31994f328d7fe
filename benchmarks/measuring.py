"""Measuring child processes: elapsed and CPU time, peak memory; several ways in turn, so that a busy moment hits them all."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from statistics import median
from typing import NamedTuple

BARE = (sys.executable, "-c", "pass")
"""A bare interpreter: what no Python program can be faster than."""

PACKAGES = ("okr-workbook", "pandas", "numpy", "openpyxl", "xlsxwriter")

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""The checkout."""


class Run(NamedTuple):
    """One run of a command: seconds on the clock, seconds of CPU, peak memory in MB."""

    elapsed: float
    cpu: float
    peak: float


class Figures(NamedTuple):
    """What several runs gave: medians, and the fastest and slowest on the clock. Seconds, and MB."""

    elapsed: float
    fastest: float
    slowest: float
    cpu: float
    peak: float

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Figures:
        """The figures of some runs."""
        elapsed = [run.elapsed for run in runs]
        return cls(
            median(elapsed), min(elapsed), max(elapsed), median(run.cpu for run in runs), max(run.peak for run in runs)
        )


_LAUNCHER = """
import os, sys, time
nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
_, status, used = os.wait4(child, 0)
elapsed = time.perf_counter() - start
print(os.waitstatus_to_exitcode(status), elapsed, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""Starts a command and waits for it. Linux counts to a process's peak what its parent held when it was started, so the
parent has to be a small one."""


def run(command: Sequence[str], settings: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end as a fresh process, `settings` added to its environment.

    RuntimeError where it fails (status 2 and above).
    """
    environment = {**os.environ, **(settings or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # with it every run would compile what it imports
    launcher = (sys.executable, "-I", "-S", "-c", _LAUNCHER, *command)
    done = subprocess.run(launcher, capture_output=True, check=False, env=environment)
    status, elapsed, cpu, peak = map(float, done.stdout.split() or (2, 0, 0, 0))
    if status not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode(errors='replace')}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10  # macOS counts bytes, Linux kilobytes
    return Run(elapsed, cpu, peak / scale)


def side_by_side(
    ways: Mapping[str, Sequence[str]],
    rounds: int,
    prepare: Callable[[], None] = lambda: None,
    settings: Mapping[str, str] | None = None,
) -> dict[str, Figures]:
    """Every way in every round, each after `prepare`; a round before the first is not counted."""
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, command in ways.items():
            prepare()
            done = run(command, settings)
            if number:
                runs[name].append(done)
    return {name: Figures.of(found) for name, found in runs.items()}


def versions() -> dict[str, str | int]:
    """What the figures were measured on and with; no name of a machine or a person."""
    found: dict[str, str | int] = {
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count() or 1,
        **{name: version(name) for name in PACKAGES},
    }
    if office := shutil.which("soffice"):
        said = subprocess.run((office, "--version"), capture_output=True, text=True, check=False).stdout.split()
        found["LibreOffice"] = said[1] if len(said) > 1 else "?"
    return found


def machine() -> str:
    """The same in one line."""
    found = versions()
    first = f"Python {found.pop('python')}, {found.pop('system')} {found.pop('processor')}, {found.pop('cores')} cores"
    return f"{first}; {', '.join(f'{name} {one}' for name, one in found.items())}"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds, readable at any size."""
    return f"{seconds * 1000:,.0f} ms"
