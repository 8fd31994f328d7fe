"""`okr demo`: the whole story on the worked example."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.demo import EXAMPLE_DAY, StoryStep, play
from okr_workbook.cli.console import DONE, Console
from okr_workbook.labels import LANGUAGES, labels_for


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("folder", metavar="DIR", help=text("demo_folder"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    made = []
    for language in (console.lang,) if console.lang else LANGUAGES:
        for step in play(options.folder, language):
            _say(step, language, console)
            made.append(
                {"language": language, "step": step.code, "files": list(step.files), "details": dict(step.details)}
            )
    first = made[1]["files"]
    console.line()
    console.say("demo.end", file=first[0] if isinstance(first, list) else "")
    console.result({"folder": options.folder, "as_of": EXAMPLE_DAY.isoformat(), "steps": made})
    return DONE


def _say(step: StoryStep, language: str, console: Console) -> None:
    """The step in the language of the files it made."""
    console.line(labels_for(language).text("messages", f"demo.{step.code}", **step.details))
    for file in step.files:
        console.line(f"    {os.path.normpath(file)}")
