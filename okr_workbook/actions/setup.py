"""Setup: what can be put in place without a person, for the buttons to work. Each step says what it did."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from okr_workbook.actions.machine import LEAN_START, Machine
from okr_workbook.actions.setup_libreoffice import is_running, let_it_listen, note_interpreter
from okr_workbook.labels import Labels

Outcome = Literal["done", "already", "failed"]
Run = Callable[[Sequence[str]], tuple[bool, str]]

LEAN_START_LINE = (
    "import sys; any('okr_workbook.excel.buttons' in part for part in getattr(sys, 'orig_argv', ())) "
    "and __import__('okr_workbook.excel.lean_xlwings', fromlist=['load_xlwings']).load_xlwings()\n"
)
"""Runs when Python starts, and does something only for a click of ours: xlwings is then loaded lean, before RunPython
loads it with everything. Other programs, and other workbooks with RunPython, are not touched."""


class Step(NamedTuple):
    """One thing set up. `id` and `outcome` name its sentence (`excel.toml`, table `setup`), `details` fill it."""

    id: str
    outcome: Outcome
    details: dict[str, str]


def set_up(machine: Machine | None = None, run: Run | None = None) -> list[Step]:
    """Everything that can be done here: the xlwings add-in and its Python, the quick start, LibreOffice's part."""
    machine = machine or Machine()
    return [*_excel(machine, run or _run), *_libreoffice(machine)]


def step_line(step: Step, labels: Labels) -> str:
    """The sentence of a step."""
    return labels.text("excel", f"setup.{step.id}.{step.outcome}", **step.details)


def setup_json(steps: list[Step], labels: Labels) -> dict[str, Any]:
    """The steps as JSON."""
    return {"steps": [{**step._asdict(), "message": step_line(step, labels)} for step in steps]}


def _excel(machine: Machine, run: Run) -> Iterator[Step]:
    if not machine.excel:
        return
    if machine.addin_is_current:
        yield Step("addin", "already", {"path": str(machine.addin)})
    else:
        step = _command("addin", run, "addin", "install")
        # xlwings reports success even where Excel was open and nothing was copied
        yield step if machine.addin_is_current else step._replace(outcome="failed")
    if machine.is_mac and not machine.apple_script.is_file():
        yield _command("apple_script", run, "runpython", "install")
    yield _set_interpreter(machine)
    yield _start_lean(machine)


def _command(step_id: str, run: Run, *arguments: str) -> Step:
    """A command of xlwings."""
    done, said = run([sys.executable, "-c", "from xlwings.cli import main; main()", *arguments])
    return Step(step_id, "done" if done else "failed", {"reason": said})


def _run(command: Sequence[str]) -> tuple[bool, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our own command)
    return done.returncode == 0, (done.stderr or done.stdout).strip()


def _set_interpreter(machine: Machine) -> Step:
    """Have the add-in start this Python; the user's other settings of xlwings stay."""
    details = {"path": machine.interpreter}
    if machine.addin_interpreter == machine.interpreter:
        return Step("interpreter", "already", details)
    name = '"INTERPRETER_MAC"' if machine.is_mac else '"INTERPRETER_WIN"'
    settings = machine.xlwings_settings
    lines = settings.read_text(encoding="utf-8").splitlines() if settings.is_file() else []
    kept = [line for line in lines if line.partition(",")[0] != name]
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("\n".join([*kept, f'{name},"{machine.interpreter}"']) + "\n", encoding="utf-8")
    return Step("interpreter", "done", details)


def _start_lean(machine: Machine) -> Step:
    file = machine.site_packages / LEAN_START
    details = {"path": str(file)}
    if file.is_file() and file.read_text(encoding="utf-8") == LEAN_START_LINE:
        return Step("lean_start", "already", details)
    try:
        file.write_text(LEAN_START_LINE, encoding="utf-8")
    except OSError as error:
        return Step("lean_start", "failed", {**details, "reason": error.strerror or str(error)})
    return Step("lean_start", "done", details)


def _libreoffice(machine: Machine) -> Iterator[Step]:
    if not machine.libreoffice:
        return
    details = {"path": machine.interpreter}
    if machine.noted_interpreter == machine.interpreter:
        yield Step("note", "already", details)
    else:
        note_interpreter(machine.home, machine.interpreter)
        yield Step("note", "done", details)
    if machine.libreoffice_listens:
        yield Step("listening", "already", {})
    elif is_running(machine.profile):
        yield Step("listening", "failed", {})
    else:
        let_it_listen(machine.profile)
        yield Step("listening", "done", {})
