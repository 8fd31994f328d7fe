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
    made: list[tuple[str, StoryStep]] = []
    for language in (console.lang,) if console.lang else LANGUAGES:
        for step in play(options.folder, language):
            _say(step, language, console)
            made.append((language, step))
    own = console.labels.language
    (planner,) = next(step.files for language, step in made if (language, step.code) == (own, "refreshed"))
    console.line()
    console.say("demo.end", file=planner, sheet=console.labels.text("tables", "sheets.dashboard"))
    console.result({"folder": options.folder, "as_of": EXAMPLE_DAY.isoformat(), "steps": [_json(*one) for one in made]})
    return DONE


def _json(language: str, step: StoryStep) -> dict[str, object]:
    return {"language": language, "code": step.code, "files": list(step.files), "details": dict(step.details)}


def _say(step: StoryStep, language: str, console: Console) -> None:
    """The step in the language of the files it made."""
    console.line(labels_for(language).text("messages", f"demo.{step.code}", **step.details))
    for file in step.files:
        console.line(f"    {os.path.normpath(file)}")
