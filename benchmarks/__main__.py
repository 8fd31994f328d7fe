"""Everything the documents quote, in one run: `python -m benchmarks [--rounds N] [--largest N] [--json FILE]`.

The report is printed as Markdown; `--json FILE` writes the same figures where other programs can read them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from benchmarks import click, native, refresh, scale
from benchmarks.measuring import ROOT, Figures, machine, versions

OTHERS = {
    "A team's workbook": ("benchmarks.team_books", ()),
    "Many teams, many workers": ("benchmarks.workers", ("5", "50", "200")),
}
"""Benchmarks that print a report of their own: module and arguments, by heading."""


class Everything:
    """All results of one run, and the two forms they are given in. `others` are reports as they were printed."""

    def __init__(
        self, day: str, refreshed: refresh.Results, clicked: Mapping[str, Figures], formulas: native.Results | None,
        sizes: list[scale.Size], others: dict[str, str],
    ) -> None:  # fmt: skip
        self.day, self.refreshed, self.clicked = day, refreshed, clicked
        self.formulas, self.sizes, self.others = formulas, sizes, others

    def markdown(self) -> str:
        """For people."""
        parts = {
            "A refresh": refresh.report(self.refreshed),
            "A click on a button": click.report(self.clicked),
            "Native formulas": native.report(self.formulas),
            "Scale": scale.report(self.sizes),
            **{name: f"```\n{text.strip()}\n```" for name, text in self.others.items()},
        }
        return "\n\n".join([f"{self.day}. {machine()}", *(f"## {name}\n\n{text}" for name, text in parts.items())])

    def json(self) -> dict[str, Any]:
        """For programs: seconds, and MB. `native` is why it was skipped, where LibreOffice is missing."""
        return {
            "date": self.day,
            "machine": versions(),
            "refresh": _plain(self.refreshed),
            "click": {way: figures._asdict() for way, figures in self.clicked.items()},
            "native": {"skipped": native.MISSING} if self.formulas is None else _plain(self.formulas),
            "scale": [
                {
                    "key_results": size.key_results,
                    "teams": scale.TEAMS[size.key_results],
                    "kilobytes": size.kilobytes,
                    "steps": {step: one._asdict() for step, one in size.steps.items()},
                }
                for size in self.sizes
            ],
            "others": self.others,
        }


def _plain(found: Mapping[str, Mapping[str, Figures]]) -> dict[str, Any]:
    return {name: {way: figures._asdict() for way, figures in ways.items()} for name, ways in found.items()}


def everything(rounds: int, largest: int) -> Everything:
    """Measure all of it, the largest last."""
    return Everything(
        datetime.now(tz=UTC).date().isoformat(),
        refresh.measure(rounds, most=largest * 12),
        click.measure(rounds * 3),
        native.measure(rounds, tuple(size for size in native.BESIDE if size <= largest * 12)),
        scale.measure(largest),
        {name: _printed(module, arguments) for name, (module, arguments) in OTHERS.items()},
    )


def _printed(module: str, arguments: tuple[str, ...]) -> str:
    """What a benchmark prints. CalledProcessError where it fails; its complaint goes to standard error."""
    command = (sys.executable, "-m", module, *arguments)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--largest", type=int, default=scale.SIZES[-1], help="key results of the largest plan")
    parser.add_argument("--json", metavar="FILE", help="write the figures into this file too")
    options = parser.parse_args(arguments)
    found = everything(options.rounds, options.largest)
    print(found.markdown())
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(found.json(), file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
