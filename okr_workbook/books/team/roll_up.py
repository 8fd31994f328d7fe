"""What an objective and the team roll up in a team's workbook: the ranges their formulas sum, and the sums' columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from okr_workbook.books.team.layout import DETAIL_COLUMNS, OBJECTIVE_COLUMNS, Layout, letters
from okr_workbook.books.team.model import quoted
from okr_workbook.domain.kinds import kind_of
from okr_workbook.domain.team_plan import TeamObjective, TeamPlan
from okr_workbook.tables import native
from okr_workbook.tables.grid import Formula, Value


class Parts(NamedTuple):
    """The ranges an objective (or the team) is summed from. `weights` count everything, `counted` what counts now."""

    weights: list[str]
    counted: list[str]
    points: list[str]
    dated: list[str]
    expected_points: list[str]
    statuses: list[tuple[str, str]]
    with_value: list[str]
    success: list[str]


def parts_of(layout: Layout, one: TeamObjective) -> Parts:
    """What an objective rolls up in this workbook: rows of key results and of child objectives."""
    plan = layout.plan
    own = [place for place in one.key_results if plan.key_results[place].counts]
    rows = {place: row for place in own if (row := layout.detail_row(place)) is not None}
    dated = [row for place, row in rows.items() if plan.key_results[place].got.expected is not None]
    children = parts_of_objectives(layout, one.children, here=True)
    weighty = [row for place, row in rows.items() if plan.key_results[place].weight]

    def cells(name: str, of: Iterable[int]) -> list[str]:
        found = native.ranges(letters(DETAIL_COLUMNS, name), of)
        return [f"{quoted(layout.key_results)}!{area}" for area in found]

    return Parts(
        cells("weight", rows.values()) + children.weights,
        cells("counted", rows.values()) + children.counted,
        cells("points", rows.values()) + children.points,
        cells("counted", dated) + children.dated,
        cells("expected_points", dated) + children.expected_points,
        list(zip(cells("status", weighty), cells("counted", weighty), strict=True)) + children.statuses,
        cells("score", weighty) + children.with_value,
        [],
    )


def parts_of_objectives(layout: Layout, places: Iterable[int], *, here: bool) -> Parts:
    """What rolls up objectives is summed from: an objective above them, or the team. `here`: on their own sheet."""
    plan = layout.plan
    counting = [place for place in places if plan.objectives[place].counts]
    weighty = [place for place in counting if plan.objectives[place].weight]
    sheet = "" if here else f"{quoted(layout.objectives)}!"

    def cells(name: str, of: Iterable[int]) -> list[str]:
        rows = [layout.objective_row(place) for place in of]
        return [sheet + area for area in native.ranges(letters(OBJECTIVE_COLUMNS, name), rows)]

    return Parts(
        cells("weight", counting),
        cells("counted", counting),
        cells("points", counting),
        cells("dated", counting),
        cells("expected_points", counting),
        list(zip(cells("status", weighty), cells("counted", weighty), strict=True)),
        cells("with_value", weighty),
        cells("success", counting),
    )


def sums_of(layout: Layout, one: TeamObjective, parts: Parts, row: int) -> dict[str, Value]:
    """The columns that sums stand on: what comes from elsewhere, and the objective's own part in what is above it."""
    got, away = one.got, one.elsewhere
    at = objective_cells(row)
    zero = layout.plan.settings.missing_counts_as == "zero"
    weight = one.weight or 0.0
    counted = weight if zero or got.score is not None else 0.0
    dated = counted if got.expected is not None else 0.0
    cells: dict[str, Value] = {
        "success": one.success,
        "with_value": Formula(_with_value(one, parts), _values_here(layout, one)),
        "counted": Formula(at["weight"] if zero else f'IF({at["score"]}="",0,{at["weight"]})', counted),
        "points": Formula(native.points(at["score"], at["counted"]), counted * (got.score or 0.0)),
        "dated": Formula(f'IF({at["expected"]}="",0,{at["counted"]})', dated),
        "expected_points": Formula(native.points(at["expected"], at["counted"]), counted * (got.expected or 0.0)),
    }
    if not one.counts:
        cells |= dict.fromkeys(("counted", "points", "dated", "expected_points"))
    if away.weight:
        cells |= {
            "away": away.weight,
            "away_points": away.points,
            "away_expected": away.expected,
            "away_dated": away.dated,
            "away_weight": _away_weight(layout, one, parts, at),
        }
    return cells


@lru_cache(maxsize=256)
def objective_cells(row: int) -> Mapping[str, str]:
    """The addresses of an objective's row on its own sheet, by column."""
    return {name: f"{letters(OBJECTIVE_COLUMNS, name)}{row}" for name in OBJECTIVE_COLUMNS}


def _with_value(one: TeamObjective, parts: Parts) -> str:
    """How many of the weighty rows an objective rolls up have a value, as a formula."""
    own = [cells for cells in parts.with_value if cells.startswith("'")]
    counts = [f"COUNT({','.join(own[first : first + 200])})" for first in range(0, len(own), 200)]
    below = [cells for cells in parts.with_value if not cells.startswith("'")]
    counts += [native.total(below)] if below else []
    counts += ["1"] if one.elsewhere.has_value else []
    return "+".join(counts) or "0"


def _values_here(layout: Layout, one: TeamObjective) -> int:
    """What `_with_value` comes to."""
    plan = layout.plan
    own = [plan.key_results[place] for place in one.key_results]
    count = sum(1 for part in own if part.counts and part.weight and part.got.score is not None)
    below = [plan.objectives[place] for place in one.children]
    count += sum(_values_here(layout, part) for part in below if part.counts and part.weight)
    return count + int(one.elsewhere.has_value)


def _away_weight(layout: Layout, one: TeamObjective, parts: Parts, at: Mapping[str, str]) -> Formula:
    """The weight of what is rolled up from elsewhere, on the scale of the weights in this workbook."""
    if one.elsewhere.weight >= 1:
        return Formula("1", 1.0)
    plan = layout.plan
    here = sum(plan.key_results[i].weight or 0.0 for i in one.key_results if plan.key_results[i].counts)
    here += sum(plan.objectives[i].weight or 0.0 for i in one.children if plan.objectives[i].counts)
    share = one.elsewhere.weight
    text = f"{at['away']}/(1-{at['away']})*({native.total(parts.weights)})"
    return Formula(text, share / (1 - share) * here)


# --- status ---------------------------------------------------------------------------------------


def shown_share(share: float | None) -> float | str:
    """A share as a formula's value: "" where there is none."""
    return "" if share is None else share


def may_be_done(layout: Layout, objectives: Sequence[TeamObjective]) -> str:
    """False while a bound that counts is still to be kept, among what these objectives roll up."""
    rows: list[int] = []
    for one in objectives:
        if not one.elsewhere.may_be_done:
            return "FALSE"
        for bound in _bounds_under(layout.plan, one):
            if layout.plan.key_results[bound].span.due is None:
                return "FALSE"
            rows.append(layout.detail_row(bound) or 0)
    due, counted = (native.ranges(letters(DETAIL_COLUMNS, name), filter(None, rows)) for name in ("due", "counted"))
    sheet = quoted(layout.key_results)
    bounds = [(f"{sheet}!{one}", f"{sheet}!{other}") for one, other in zip(due, counted, strict=True)]
    return native.kept_to_the_end(layout.as_of, bounds)


def _bounds_under(plan: TeamPlan, one: TeamObjective) -> list[int]:
    """The places of the bounds to keep that an objective rolls up, its children's too."""
    found = [
        place
        for place in one.key_results
        if (part := plan.key_results[place]).counts and part.weight and kind_of(part.row.kind).keeps_bound
    ]
    for child in one.children:
        if plan.objectives[child].counts and plan.objectives[child].weight:
            found += _bounds_under(plan, plan.objectives[child])
    return found


# --- the team -------------------------------------------------------------------------------------


def team_roll_up(layout: Layout, score_at: str, expected_at: str) -> tuple[Formula, Formula, Formula]:
    """The team's score, expected score and status, as formulas with their values; the first two stand at the addresses."""
    plan, got = layout.plan, layout.plan.got
    places = [place for place, one in enumerate(plan.objectives) if one.in_team]
    parts = parts_of_objectives(layout, places, here=False)
    score = native.weighted_mean(parts.points, parts.counted)
    expected = native.weighted_mean(parts.expected_points, parts.dated)
    status = _team_status(layout, places, parts, score_at, expected_at) if parts.counted else ""
    shown = layout.labels.status(got.status)
    return (
        Formula(score, shown_share(got.score)),
        Formula(expected, shown_share(got.expected)),
        Formula(status or native.text(shown), shown),
    )


def _team_status(layout: Layout, places: Iterable[int], parts: Parts, score_at: str, expected_at: str) -> str:
    plan, settings = layout.plan, layout.plan.settings
    counting = [plan.objectives[place] for place in places if plan.objectives[place].counts]
    waiting = native.count_of(native.text(layout.labels.status("not_started")), parts.statuses)
    weighty = native.total([]) + "".join(f"+SUMPRODUCT(--({counted}>0))" for _, counted in parts.statuses)
    return native.status(
        layout.labels,
        settings,
        score=score_at,
        expected=expected_at,
        success=_team_success(counting, parts),
        begun=f"OR({weighty}=0,{waiting}<{weighty})",
        may_be_done=may_be_done(layout, counting),
        silent=f"{native.total(parts.with_value)}=0",
        by_rule=native.worst(layout.labels, parts.statuses) if settings.status_rule == "worst" else "",
    )


def _team_success(counting: Sequence[TeamObjective], parts: Parts) -> str:
    """The score that counts as success: one number where all objectives share it, else their weighted mean."""
    scores = {one.success for one in counting}
    if len(scores) == 1:
        return native.number(scores.pop())
    top = "+".join(f"SUMPRODUCT({one},{other})" for one, other in zip(parts.counted, parts.success, strict=True))
    bottom = native.total(parts.counted)
    return f"IF({bottom}=0,1,({top})/({bottom}))"
