"""Setup: what can be put in place without a person, for the buttons to work. Each step says what it did."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Literal, NamedTuple

from okr_workbook.actions.machine import LEAN_START, LEAN_START_LINE, Machine
from okr_workbook.actions.setup_libreoffice import interpreter_note, is_running, let_it_listen, note_interpreter
from okr_workbook.labels import Labels

Outcome = Literal["done", "already", "failed"]
Run = Callable[[Sequence[str]], tuple[bool, str]]


class Step(NamedTuple):
    """One thing set up. `id` and `outcome` name its sentence (`excel.toml`, table `setup`), `details` fill it."""

    id: str
    outcome: Outcome
    details: dict[str, str]


def set_up(machine: Machine | None = None, run: Run | None = None) -> list[Step]:
    """Everything that can be done here: the xlwings add-in and its Python, the quick start, LibreOffice's part."""
    machine = machine or Machine.here()
    excel = [*_excel(machine, run or _run)]
    if machine.is_mac and any(step.outcome == "failed" for step in excel):
        excel.append(Step("other_apps", "failed", {}))
    return [*excel, *_libreoffice(machine)]


def step_line(step: Step, labels: Labels) -> str:
    """The sentence of a step."""
    return labels.text("excel", f"setup.{step.id}.{step.outcome}", **step.details)


def setup_json(steps: list[Step], labels: Labels) -> dict[str, Any]:
    """The steps as JSON."""
    return {"steps": [{**step._asdict(), "message": step_line(step, labels)} for step in steps]}


def _excel(machine: Machine, run: Run) -> Iterator[Step]:
    if not machine.excel:
        return
    if machine.is_from_microsoft_store:
        yield Step("store_python", "failed", {})
    if machine.addin_is_current:
        yield Step("addin", "already", {"path": str(machine.addin)})
    else:
        step = _command("addin", run, "addin", "install")
        # xlwings reports success even where Excel was open and nothing was copied
        yield step if machine.addin_is_current else step._replace(outcome="failed")
    if machine.is_mac and not machine.has_apple_script:
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
    how = {"encoding": machine.code_page, "errors": "surrogateescape"}  # what is odd in other lines stays as it is
    try:
        lines = settings.read_text(**how).splitlines() if settings.is_file() else []
        kept = [line for line in lines if line.partition(",")[0] != name]
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("\n".join([*kept, f'{name},"{machine.interpreter}"']) + "\n", **how)
    except (OSError, UnicodeEncodeError) as error:  # the latter: a path that Excel's macros could not read either
        return Step("interpreter", "failed", {**details, "reason": str(error)})
    return Step("interpreter", "done", details)


def _start_lean(machine: Machine) -> Step:
    with suppress(OSError):  # where versions before put it on Windows, in front of what xlwings needs
        (machine.prefix / LEAN_START).unlink(missing_ok=True)
    if machine.lean_start is not None:
        return Step("lean_start", "already", {"path": str(machine.lean_start)})
    refused = []
    for folder in machine.package_folders:
        file = folder / LEAN_START
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(LEAN_START_LINE, encoding="utf-8")
        except OSError as error:
            refused.append({"path": str(file), "reason": _reason(error)})
        else:
            return Step("lean_start", "done", {"path": str(file)})
    return Step("lean_start", "failed", refused[0])


def _libreoffice(machine: Machine) -> Iterator[Step]:
    if not machine.libreoffice:
        return
    if machine.libreoffice_is_shut_in:
        yield Step("shut_in", "failed", {"path": machine.libreoffice})
        return
    yield _note(machine)
    if machine.libreoffice_listens:
        yield Step("listening", "already", {})
    elif is_running(machine.profile):
        yield Step("listening", "failed", {})
    else:
        yield _listen(machine)


def _note(machine: Machine) -> Step:
    details = {"path": machine.interpreter}
    if machine.noted_interpreter == machine.interpreter:
        return Step("note", "already", details)
    try:
        note_interpreter(machine.home, machine.interpreter, machine.code_page)
    except OSError as error:
        return Step("note", "failed", {"path": str(interpreter_note(machine.home)), "reason": _reason(error)})
    return Step("note", "done", details)


def _listen(machine: Machine) -> Step:
    try:
        let_it_listen(machine.profile)
    except OSError as error:
        return Step("profile", "failed", {"path": str(machine.profile), "reason": _reason(error)})
    return Step("listening", "done", {})


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
