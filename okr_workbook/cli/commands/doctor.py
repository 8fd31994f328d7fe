"""`okr doctor`: what this computer can do, and what to do about the rest."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.doctor import doctor, doctor_json, finding_lines
from okr_workbook.cli.console import DONE, SEEN_TO, Console

_MARKS = {"fine": "✓", "to_do": "■", "not_here": "–"}


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes: nothing of its own."""
    del parser, text


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    del options
    findings = doctor()
    for finding in findings:
        sentence, todo = finding_lines(finding, console.labels)
        console.line(f"{_MARKS[finding.state]} {sentence}")
        if todo:
            console.line(f"    {todo}")
    console.result(doctor_json(findings, console.labels))
    return SEEN_TO if any(finding.state == "to_do" for finding in findings) else DONE
