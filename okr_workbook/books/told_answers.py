"""What earlier collects remember, beside the planner (`domain.merging.told`).

Digests only, no word and no value of a person. But a digest tells whoever has a name in mind that it is this one, so a
person who is forgotten goes from here too. Where the file is lost nothing goes wrong silently: a later answer that
would have replaced an earlier one becomes a conflict.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from okr_workbook.books.files import saving
from okr_workbook.domain.merging.sameness import digest_of
from okr_workbook.domain.merging.told import Giver, Place, Told
from okr_workbook.domain.person import Person

_ENDING = "answers.json"

ToldByPlace = Mapping[tuple[str, Place], Told]


def read_told(planner_path: str) -> dict[tuple[str, Place], Told]:
    """What is remembered; nothing where there is no file yet or it is damaged."""
    return told_in(saving.side_path(os.path.realpath(planner_path), _ENDING))


def told_in(path: str) -> dict[tuple[str, Place], Told]:
    """What the file at that path remembers."""
    try:
        with open(path, encoding="utf-8") as file:
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
    planner = os.path.realpath(planner_path)
    saving.side_folder(planner)
    saving.write_atomically(saving.side_path(planner, _ENDING), content.encode(), like=planner)


def without_person(told: ToldByPlace, person: Person) -> dict[tuple[str, Place], Told]:
    """What is remembered but for a person: nobody gave their answers, and one that was their name is not remembered."""
    digests = {digest_of(one) for one in (person.name, person.key, *person.addresses)}
    return {
        place: one.without_givers(digests)
        for place, one in told.items()
        if one.value not in digests and digests.isdisjoint(one.before)
    }
