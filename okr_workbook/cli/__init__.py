"""The command `okr`: one subcommand an action, one module a subcommand in `commands`.

Every click starts a fresh interpreter, and this is on its way: only the module of the command that was asked for is
imported, and argparse only where the command line is not plain (`usual`). What is printed stands in the labels.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from okr_workbook import __version__
from okr_workbook.cli.console import DONE, FAILED, Console
from okr_workbook.cli.usual import Usual
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import LANGUAGES, Labels
from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:
    from types import SimpleNamespace
    from typing import Any

    from okr_workbook.cli.arguments import Parser

COMMANDS = (
    "demo", "new", "fill", "check", "refresh", "teams", "mail", "collect", "status", "report", "undo", "kpis", "recover", "forget",
    "doctor", "setup",
)  # fmt: skip
"""Register a command here and give it a module in `commands` with `add_arguments` and `run`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status. No traceback ever reaches the user."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    asked = _command_first(list(sys.argv[1:] if arguments is None else arguments))
    console = Console(as_json="--json" in asked, lang=_asked_language(asked))
    try:
        _refuse_impossible(asked)
        options = _read_usual(asked) or _parser(asked, console.labels).parse_args(asked)
        console.book = getattr(options, "file", None) or getattr(options, "to", None)
        return int(options.run(options, console))
    except OkrError as error:
        console.error(error)
        return error.exit_status
    except SystemExit as stop:  # argparse: help or the version was asked for
        return int(stop.code or 0)
    except KeyboardInterrupt:
        print(console.first_labels.text("messages", "errors.interrupted"), file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except Exception as error:  # noqa: BLE001  (the last door before the user)
        from okr_workbook.actions.crash_log import logged

        console.book = None  # what is wrong may be wrong again
        console.error(logged(error))
        return FAILED


def _command_first(arguments: list[str]) -> list[str]:
    """The arguments with the command in front: what every command takes may stand before it, too."""
    place = 0
    while place < len(arguments) and arguments[place].startswith(("--json", "--lang")):
        place += 2 if arguments[place] == "--lang" else 1
    return arguments[place : place + 1] + arguments[:place] + arguments[place + 1 :]


def _refuse_impossible(arguments: Sequence[str]) -> None:
    """UsageError for text that no system can have as the name of a file."""
    try:
        together = os.fsencode("".join(arguments))
    except UnicodeEncodeError as error:
        raise UsageError("impossible_argument") from error
    if b"\0" in together:
        raise UsageError("impossible_argument")


def _asked_language(arguments: Sequence[str]) -> str | None:
    """--lang before the arguments are parsed, so that help and errors already speak it."""
    for index, argument in enumerate(arguments):
        value = argument[7:] if argument.startswith("--lang=") else ""
        if argument == "--lang" and index + 1 < len(arguments):
            value = arguments[index + 1]
        if value in LANGUAGES:
            return value
    return None


def _command(name: str) -> Any:
    """The module of a command."""
    return __import__(f"okr_workbook.cli.commands.{name}", fromlist=("run",))  # importlib would load more of its own


def _add_common(parser: Parser | Usual, text: Callable[[str], str]) -> None:
    """What every command takes."""
    parser.add_argument("--json", action="store_true", help=text("json"))
    parser.add_argument("--lang", choices=LANGUAGES, help=text("lang"))


def _read_usual(asked: Sequence[str]) -> SimpleNamespace | None:
    """What a plain command line says; None where argparse has to look at it."""
    if not asked or asked[0] not in COMMANDS:
        return None
    command, usual = _command(asked[0]), Usual()
    _add_common(usual, str)
    command.add_arguments(usual, str)
    options = usual.read(asked[1:])
    if options is not None:
        options.run = command.run
    return options


def _parser(asked: Sequence[str], labels: Labels) -> Parser:
    """The parser of the command that is asked for; of the others only the names and what they do."""
    from okr_workbook.cli.arguments import Parser, speak

    def text(key: str) -> str:
        return labels.text("messages", f"help.{key}")

    speak(labels)
    common = Parser(add_help=False)
    _add_common(common, text)
    parser = Parser(prog="okr", description=text("okr"))
    parser.add_argument("--version", action="version", version=f"okr_workbook {__version__}", help=text("version"))
    # With a name of their own the subcommands spare argparse a usage text.
    added = parser.add_subparsers(prog="okr", metavar=text("command"), required=True, parser_class=Parser)
    asked_for = next((argument for argument in asked if argument in COMMANDS), "")
    is_first = bool(asked_for) and asked[0] == asked_for
    for name in (asked_for,) if is_first else COMMANDS:  # the others are needed for a list of them only
        command = added.add_parser(name, help=text(name), description=text(name), parents=[common])
        if name == asked_for:
            module = _command(name)
            module.add_arguments(command, text)
            command.set_defaults(run=module.run)
    return parser
