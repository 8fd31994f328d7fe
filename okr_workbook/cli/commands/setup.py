"""`okr setup`: put in place what the buttons need."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.setup import Step, set_up, setup_json, step_line
from okr_workbook.cli.console import DONE, SEEN_TO, Console


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes: nothing of its own."""
    del parser, text


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    del options
    steps = set_up() or [Step("nothing", "done", {})]
    for step in steps:
        console.line(step_line(step, console.labels))
    console.result(setup_json(steps, console.labels))
    return SEEN_TO if any(step.outcome == "failed" for step in steps) else DONE
