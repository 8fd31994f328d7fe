"""The alignment page: the tree of objectives and key results as rows whose depth is a column."""

from collections.abc import Iterator

from okr_workbook.domain.outline import outline_of
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.results import Scores, known_score
from okr_workbook.labels import Labels
from okr_workbook.records import NamedTuple
from okr_workbook.tables.blocks import (
    ALIGNMENT,
    ALIGNMENT_DEPTH,
    ALIGNMENT_LENGTH,
    ALIGNMENT_STEP,
    ALIGNMENT_TEAM_LENGTH,
)
from okr_workbook.tables.grid import BlockChange, Value
from okr_workbook.tables.short_names import told_apart

TWIG = "└ "
"""What a key result begins with, so that a rule can tell it from an objective."""


class Branch(NamedTuple):
    """An objective in the tree: its place in the planner's rows and how deep it stands, 0 at the top."""

    place: int
    depth: int


def branches(planner: Planner) -> list[Branch]:
    """The objectives as a tree, each parent before its children, in the order of the rows. Cycles are cut."""
    plans = outline_of(planner).objectives
    found: list[Branch] = []
    waiting = [Branch(place, 0) for place, plan in enumerate(plans) if plan.parent is None][::-1]
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        waiting += [Branch(place, branch.depth + 1) for place in reversed(plans[branch.place].children)]
    return found


def render_alignment(planner: Planner, scores: Scores, labels: Labels) -> BlockChange:
    """The rows of the page. What does not fit is told in the last row; it stands in the tables all the same."""
    rows = list(_rows(planner, scores, labels))
    if len(rows) > ALIGNMENT.rows:
        left = len(rows) - ALIGNMENT.rows + 1
        rows = [*rows[: ALIGNMENT.rows - 1], [labels.text("dashboard", "more", count=left)]]
    return BlockChange(ALIGNMENT.name, rows)


def _rows(planner: Planner, scores: Scores, labels: Labels) -> Iterator[list[Value]]:
    plans = outline_of(planner).objectives
    company = planner.settings.company
    names = list(
        dict.fromkeys([company, *(row.team for table in (planner.objectives, planner.key_results) for row in table)])
    )
    short = dict(zip(names, told_apart(names, ALIGNMENT_TEAM_LENGTH), strict=True))
    for place, depth in branches(planner):
        objective, score = planner.objectives[place], scores.objectives[place]
        team = objective.team or (company if objective.level == "company" else "")
        serves = f"→ {objective.parent}" if objective.parent else labels.text("dashboard", "top")
        (step,) = _steps([objective.objective or objective.id], depth)
        yield [*step, short[team] or None, objective.owner or None,
               known_score(score), score.expected, labels.status(score.status), serves]  # fmt: skip
        served = plans[place].key_results
        texts = [TWIG + (planner.key_results[index].key_result or planner.key_results[index].id) for index in served]
        for index, step in zip(served, _steps(texts, depth + 1), strict=True):
            key_result, result = planner.key_results[index], scores.key_results[index]
            yield [*step, short[key_result.team or team] or None, key_result.owner or None,
                   result.score, result.expected, labels.status(result.status), f"→ {objective.id}"]  # fmt: skip


def _steps(texts: list[str], depth: int) -> list[list[Value]]:
    """Texts of one depth, each in its column; what is deeper than there are columns stands in the last."""
    column = min(depth, ALIGNMENT_DEPTH - 1)
    short = told_apart(texts, ALIGNMENT_LENGTH - ALIGNMENT_STEP * column)
    return [[text if at == column else None for at in range(ALIGNMENT_DEPTH)] for text in short]
