"""Planners of all kinds of key results, good and faulty, drawn from a seed."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from okr_workbook.domain.kinds import KINDS
from okr_workbook.domain.planner import CheckIn, KeyResult, Member, Objective, Planner, Team
from tests.builders import END, START, settings

TEAM = "Ventes"


def a_random_planner(seed: int, key_results: int = 60) -> Planner:
    """Six objectives of one team (one a member's), one of another, and key results of every kind under them."""
    random = Random(seed)
    rules = settings(
        language=random.choice(("en", "fr")),
        missing_counts_as=random.choice(("zero", "left_out")),
        roll_up=random.choice(("auto", "key_results", "with_children")),
        status_rule=random.choice(("pace", "worst")),
        show_member_scores=random.random() < 0.5,
    )
    rows = tuple(_key_result(random, number) for number in range(1, key_results + 1))
    check_ins = tuple(
        one._replace(row_number=number)
        for number, one in enumerate((one for row in rows for one in _check_ins(random, row)), 1)
    )
    return Planner(
        rules,
        teams=(Team(TEAM, lead="Ann", row_number=1), Team("Achats", row_number=2)),
        members=(Member("Ann", TEAM, row_number=1), Member("Bob", TEAM, row_number=2)),
        objectives=tuple(_objective(random, number) for number in range(1, 10)),
        key_results=rows,
        check_ins=check_ins,
    )


def _objective(random: Random, number: int) -> Objective:
    level = {1: "company", 6: "member", 7: "team"}.get(number, "team")
    return Objective(
        id=f"O{number}",
        objective=f"Objective {number}",
        level=level,
        team="Achats" if number == 7 else TEAM if level != "company" else "",
        owner="Bob" if level == "member" else "Ann",
        parent={1: "", 2: "O1", 6: "O2", 7: "O2", 8: "O3"}.get(number, "O8" if number == 9 else ""),
        commitment=random.choice(("", "committed", "aspirational")),
        weight=random.choice((None, None, 1.0, 2.5, 0.0)),
        start=random.choice((None, None, START + timedelta(days=random.randrange(60)))),
        end=random.choice((None, None, END - timedelta(days=random.randrange(60)))),
        row_number=number,
    )


def _key_result(random: Random, number: int) -> KeyResult:
    kind = random.choice(list(KINDS))
    down = kind == "decrease" or (kind == "stages" and random.random() < 0.5)
    steps = sorted(random.sample(range(-50, 400), 4), reverse=down)
    scale = random.choice((1.0, 0.01, 1000.0))
    start, commit, target, stretch = (step * scale for step in steps)
    lower, upper = sorted((start, target))
    faulty = random.random()
    objective = random.choice(("O2", "O3", "O4", "O5", "O6", "O7", "O9", "O1"))
    return KeyResult(
        id=f"KR{number}",
        objective=objective,
        key_result=f'=Result "{number}" & more',
        team=random.choice(("", TEAM, "Achats")) if objective in ("O2", "O3") else TEAM if objective == "O1" else "",
        owner="Ann",
        kind=kind,
        unit=random.choice(("€", "%", "", "jours")),
        start=None if faulty < 0.05 else start,
        target=target if kind not in ("stay_above", "stay_below") else None,
        lower=lower,
        upper=upper,
        commit=commit,
        stretch=stretch,
        weight=random.choice((None, None, 1.0, 0.0, 3.0, -1.0 if faulty > 0.97 else 2.0)),
        due=random.choice((None, None, END - timedelta(days=random.randrange(1, 120)))),
        override=random.choice((0.25, 0.9)) if faulty > 0.92 else None,
        override_reason="agreed" if faulty > 0.94 else "",
        row_number=number,
    )


def a_value(random: Random, row: KeyResult) -> float:
    """A value that the key result may have, within its range or somewhat out of it."""
    if row.kind == "milestone":
        return random.choice((0.0, 1.0, 0.25, 0.6))
    low, high = row.lower or 0.0, row.upper or 0.0
    value = low + (high - low) * random.choice((-0.2, 0.0, 0.3, 0.5, 0.77, 1.0, 1.3))
    return random.choice((value, low, high))


def _check_ins(random: Random, row: KeyResult) -> list[CheckIn]:
    count = random.choice((0, 1, 3, 6))
    days = sorted(random.randrange(-10, 200) for _ in range(count))
    return [CheckIn(START + timedelta(days=day), row.id, a_value(random, row)) for day in days]
