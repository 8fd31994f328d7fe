"""Doctor: what this computer can do for a planner, and what to do about the rest. Changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from okr_workbook import __version__
from okr_workbook.actions.machine import Machine, installed_version
from okr_workbook.labels import Labels

State = Literal["fine", "to_do", "not_here"]

_MACROS_WITH_A_QUESTION = "2"


class Finding(NamedTuple):
    """One thing looked at. `id` and `state` name its sentence (`excel.toml`, table `doctor`), `details` fill it.

    "fine"; "to_do" with something to do; "not_here": nothing of that kind on this system, and nothing needs it.
    """

    id: str
    state: State
    details: dict[str, str]


def doctor(machine: Machine | None = None) -> list[Finding]:
    """All findings, in the order a person would set things up."""
    machine = machine or Machine.here()
    return [finding for look in _LOOKS for finding in look(machine)]


def finding_lines(finding: Finding, labels: Labels) -> tuple[str, str]:
    """The sentence of a finding, and what to do ("" where nothing is)."""
    words = f"doctor.{finding.id}"
    todo = labels.text("excel", f"{words}.advice", **finding.details) if finding.state == "to_do" else ""
    return labels.text("excel", f"{words}.{finding.state}", **finding.details), todo


def doctor_json(findings: list[Finding], labels: Labels) -> dict[str, Any]:
    """The findings as JSON."""
    shown = []
    for finding in findings:
        sentence, todo = finding_lines(finding, labels)
        shown.append({**finding._asdict(), "message": sentence, "advice": todo or None})
    return {"findings": shown}


def _found(finding_id: str, *, fine: bool, **details: str) -> Finding:
    return Finding(finding_id, "fine" if fine else "to_do", details)


def _python(machine: Machine) -> Iterator[Finding]:
    number = ".".join(map(str, sys.version_info[:3]))
    yield _found("python", fine=sys.version_info >= (3, 11), version=number, path=machine.interpreter)
    yield _found("package", fine=True, version=__version__)
    if machine.is_from_microsoft_store:
        yield Finding("store_python", "to_do", {})
    found = installed_version("xlwings")
    yield _found("xlwings", fine=bool(found), version=found)


def _excel(machine: Machine) -> Iterator[Finding]:
    if not (machine.is_windows or machine.is_mac):
        yield Finding("excel", "not_here", {})
        return
    yield _found("excel", fine=bool(machine.excel), found=machine.excel)
    bridge = "pywin32" if machine.is_windows else "appscript"
    yield _found("bridge", fine=bool(installed_version(bridge)), package=bridge)
    yield _found("addin", fine=machine.has_addin, path=str(machine.addin))
    if machine.has_addin:
        yield _found("addin_version", fine=machine.addin_is_current, version=installed_version("xlwings"))
    if machine.is_mac:
        yield _found("apple_script", fine=machine.has_apple_script, path=str(machine.apple_script))
    same = machine.addin_interpreter == machine.interpreter
    yield _found("interpreter", fine=same, path=machine.addin_interpreter or "python", wanted=machine.interpreter)
    if machine.macro_policy:
        fine = machine.macro_policy in ("1", _MACROS_WITH_A_QUESTION)
        yield _found("macros", fine=fine, policy=machine.macro_policy)
    yield _found("lean_start", fine=machine.lean_start is not None)
    yield Finding("onedrive", "fine" if machine.onedrive else "not_here", {"path": machine.onedrive})


def _libreoffice(machine: Machine) -> Iterator[Finding]:
    if not machine.libreoffice:
        yield Finding("libreoffice", "not_here", {})
        return
    yield _found("libreoffice", fine=True, path=machine.libreoffice)
    if machine.libreoffice_is_shut_in:
        yield Finding("shut_in", "to_do", {"path": machine.libreoffice})
        return
    yield _found("uno", fine=machine.has_uno, path=machine.interpreter)
    ready = machine.libreoffice_listens and machine.noted_interpreter == machine.interpreter
    yield _found("libreoffice_buttons", fine=ready, path=machine.interpreter)


def _mail(machine: Machine) -> Iterator[Finding]:
    yield _found("mail", fine=True)
    for variable in ("OKR_SMTP_PASSWORD", "OKR_SMTP_TOKEN"):
        if machine.environment.get(variable):
            yield _found("smtp_password", fine=True, variable=variable)
    keyring = installed_version("keyring")
    yield Finding("key_store", "fine" if keyring else "not_here", {"version": keyring})
    if machine.environment.get("OKR_MICROSOFT365_CLIENT_ID"):
        msal = installed_version("msal")
        yield _found("microsoft365", fine=bool(msal), version=msal)
    else:
        yield Finding("microsoft365", "not_here", {})


_LOOKS: tuple[Callable[[Machine], Iterator[Finding]], ...] = (_python, _excel, _libreoffice, _mail)
"""Register a look here, and give its findings their sentences in every language."""
