"""The parser of the command line: argparse, which here speaks the user's language and is quick to start.

Its own words go through `gettext`, which knows only what a Python installation was translated into and reads the
locale for it, at every start. They stand in the labels (`arguments.toml`) instead. What stands for a value (FILE) is
declared in English and shown in the words that the messages use (`metavars` in `messages.toml`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping

from okr_workbook.errors import UsageError
from okr_workbook.labels import Labels, area, labels_for
from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, NoReturn

_NARROW, _USUAL, _WIDEST = 40, 80, 120
_WORDS = {
    "usage: ": "usage",
    "positional arguments": "positional",
    "options": "options",
    "show this help message and exit": "help",
    "argument %(argument_name)s: %(message)s": "argument",
    "unrecognized arguments: %s": "unrecognized",
    "the following arguments are required: %s": "required",
    "expected one argument": "one_expected",
    "expected at least one argument": "some_expected",
    "invalid choice: %(value)r (choose from %(choices)s)": "choice",
    "invalid %(type)s value: %(value)r": "value",
    "ambiguous option: %(option)s could match %(matches)s": "ambiguous",
    "ignored explicit argument %r": "ignored",
    "not allowed with argument %s": "not_allowed",
    "one of the arguments %s is required": "one_required",
}
"""What argparse says -> its key in the labels."""


def speak(labels: Labels) -> None:
    """Let argparse speak a language. In English it does by itself, and its other words are for programmers."""
    words = {} if labels.language == "en" else labels_for(labels.language).words("arguments")
    argparse._ = lambda text: words.get(_WORDS.get(text, ""), text)  # type: ignore[attr-defined]
    Parser.metavars = area(labels.language, "messages")["metavars"]


class Help(argparse.HelpFormatter):
    """Help as wide as the terminal; argparse would import shutil to ask for it, and does whenever it adds an argument."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, width=max(_NARROW, min(_columns(), _WIDEST)) - 2, **more)


class Parser(argparse.ArgumentParser):
    """argparse whose complaints are the project's own refusals, and whose FILE is the user's word."""

    metavars: Mapping[str, str] = {}

    def __init__(self, **more: Any) -> None:
        super().__init__(formatter_class=Help, **more)

    def _add_action(self, action: Any) -> Any:
        """Every argument comes by here, those of groups too."""
        if isinstance(action.metavar, tuple):
            action.metavar = tuple(self.metavars.get(one, one) for one in action.metavar)
        elif action.metavar is not None:
            action.metavar = self.metavars.get(action.metavar, action.metavar)
        return super()._add_action(action)

    def error(self, message: str) -> NoReturn:
        """The usage on standard error, and the complaint as every other refusal."""
        self.print_usage(sys.stderr)
        raise UsageError("wrong_use", complaint=f"{self.prog}: {message}")


def _columns() -> int:
    """How many characters a line of the terminal has."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else _USUAL
    except (OSError, ValueError):
        return _USUAL
