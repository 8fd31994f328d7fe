"""What earlier collects remember, beside the planner (`domain.told`).

Digests only, no word and no value of a person. Where the file is lost nothing goes wrong silently: a later answer that
would have replaced an earlier one becomes a conflict.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from okr_workbook.books import saving
from okr_workbook.domain.told import Giver, Place, Told

_ENDING = "answers.json"

ToldByPlace = Mapping[tuple[str, Place], Told]


def read_told(planner_path: str) -> dict[tuple[str, Place], Told]:
    """What is remembered; nothing where there is no file yet or it is damaged."""
    try:
        with open(saving.side_path(os.path.realpath(planner_path), _ENDING), encoding="utf-8") as file:
            rows = json.load(file)["told"]
        return {
            (team, (table, row, field)): Told(
                value,
                tuple(Giver(*one) for one in by),
                tuple(before),
                witness,
                came_with,
                tuple(heard),
                tuple(disputed),
            )
            for team, table, row, field, value, by, before, witness, came_with, heard, disputed in rows
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_told(planner_path: str, told: ToldByPlace) -> None:
    """Remember for the next collect."""
    rows = [[team, *place, *one] for (team, place), one in sorted(told.items())]
    content = json.dumps({"told": rows}, ensure_ascii=True, indent=0)
    place = saving.side_path(os.path.realpath(planner_path), _ENDING)
    with saving.plain_errors(place):
        os.makedirs(os.path.dirname(place), exist_ok=True)
    saving.write_atomically(place, content.encode())
