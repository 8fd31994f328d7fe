"""A refresh in a few lines, for a terminal or a message box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from okr_workbook.actions.refresh import RefreshReport
from okr_workbook.domain.problems import SEVERITIES
from okr_workbook.domain.results import GroupScore
from okr_workbook.labels import Labels
from okr_workbook.tables.problem_rows import ShownProblem


def summary_lines(report: RefreshReport, labels: Labels) -> Iterable[str]:
    """The as-of date, the company's and each team's score, what was logged, and how many problems there are."""
    scores = report.scores
    yield labels.text("messages", "refresh.as_of", day=report.as_of)
    for group in (scores.company, *scores.teams):
        if group.name or group.score is not None:
            yield _group_line(group, labels)
    if report.typed:
        yield labels.text("messages", "refresh.logged", count=len(report.typed))
    if report.problems:
        sheet = labels.table("problems")
        yield labels.text("messages", "refresh.problems", sheet=sheet, **_counts(report.problems))
    else:
        yield labels.text("messages", "refresh.no_problems")


def _group_line(group: GroupScore, labels: Labels) -> str:
    no_score = labels.text("messages", "refresh.no_score")
    return labels.text(
        "messages",
        "refresh.company" if group.expected is not None else "refresh.company_without_pace",
        name=group.name or labels.choice("company"),
        score=no_score if group.score is None else labels.percent(group.score),
        expected=labels.percent(group.expected or 0),
        status=labels.status(group.status),
    )


def problem_lines(problems: Sequence[ShownProblem], labels: Labels) -> Iterable[str]:
    """Each problem with its cell and its advice, and how many there are."""
    if not problems:
        yield labels.text("messages", "refresh.no_problems")
        return
    for one in problems:
        severity = labels.choice(one.severity)
        place = one.cell or labels.table(one.table)
        yield labels.text("messages", "check.line", severity=severity, cell=place, message=one.message)
        yield labels.text("messages", "check.advice", advice=one.advice)
    yield labels.text("messages", "check.total", **_counts(problems))


def _counts(problems: Sequence[ShownProblem]) -> dict[str, object]:
    """How many problems of each severity, by the names the sentences use."""
    names = dict(zip(SEVERITIES, ("errors", "warnings", "advice"), strict=True))
    return {name: sum(one.severity == severity for one in problems) for severity, name in names.items()}
