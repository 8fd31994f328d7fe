"""Everything the documents quote, in one run: `python -m benchmarks [--rounds N] [--largest N] [--json]`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

from benchmarks import refresh, scale
from benchmarks.measuring import machine

OTHERS = ("team_books.py", "click.py")
"""Benchmarks that print a report of their own."""

HERE = os.path.dirname(__file__)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--largest", type=int, default=scale.SIZES[-1], help="key results of the largest plan")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    day = datetime.now(tz=UTC).date().isoformat()
    refreshed, sizes = refresh.measure(options.rounds), scale.measure(options.largest)
    if options.json:
        plain = {name: {way: got._asdict() for way, got in ways.items()} for name, ways in refreshed.items()}
        curves = [
            {
                "key_results": size.key_results,
                "kilobytes": size.kilobytes,
                "steps": {step: one._asdict() for step, one in size.steps.items()},
            }
            for size in sizes
        ]
        print(json.dumps({"date": day, "machine": machine(), "refresh": plain, "scale": curves}, indent=2))
        return
    print(f"{day}. {machine()}\n\n## A click\n\n{refresh.report(refreshed)}\n\n## Scale\n\n{scale.report(sizes)}")
    for name in OTHERS:
        path = os.path.join(HERE, name)
        if os.path.exists(path):
            print(f"\n## {name.removesuffix('.py')}\n", flush=True)
            subprocess.run((sys.executable, path), check=True)


if __name__ == "__main__":
    main()
