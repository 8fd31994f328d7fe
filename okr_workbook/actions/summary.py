"""A refresh or a check in a few lines, for a terminal or a message box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from okr_workbook.actions.refresh import RefreshReport
from okr_workbook.domain.problems import SEVERITIES
from okr_workbook.domain.results import GroupScore, known_score
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.problem_rows import ShownProblem


def summary_lines(report: RefreshReport, labels: Labels) -> Iterable[str]:
    """The as-of date, the company's and each team's score, what was logged, and how many problems there are.

    Of the errors the first is told in full: others may follow from it.
    """
    scores = report.scores
    yield labels.text("messages", "refresh.as_of", day=report.as_of)
    yield from day_notes(report, labels)
    if report.picked is not None:
        from okr_workbook.actions.kpis import added_lines  # the library is large, and a pick is rare

        yield from added_lines(report.picked, labels)
    for group in (scores.company, *scores.teams):
        if group.name or group.score is not None:
            yield _group_line(group, labels)
    if report.typed:
        yield labels.text("messages", "refresh.logged", count=len(report.typed))
    if report.problems:
        sheet = labels_for(report.language).table("problems")  # as the workbook names it, whatever is spoken
        yield labels.text("messages", "refresh.problems", sheet=sheet, **_counts(report.problems))
        first = report.problems[0]
        if first.severity == "error":
            yield labels.text("messages", "refresh.first", cell=_place(first, labels), message=first.message)
            yield labels.text("messages", "check.advice", advice=first.advice)
    else:
        yield _nothing_wrong(report, labels)


def check_lines(report: RefreshReport, labels: Labels) -> Iterable[str]:
    """Each problem, as `problem_lines` tells it; of a planner in which nothing is planned, where to begin."""
    return problem_lines(report.problems, labels) if report.problems else [_nothing_wrong(report, labels)]


def _nothing_wrong(report: RefreshReport, labels: Labels) -> str:
    planner = report.planner
    if planner.objectives or planner.key_results or planner.kpis:
        return labels.text("messages", "refresh.no_problems")
    return labels.text("messages", "refresh.nothing_planned", sheet=labels_for(report.language).table("objectives"))


def day_notes(report: RefreshReport, labels: Labels) -> Iterable[str]:
    """What there is to say of the day: that it is still to come, that the period is over."""
    if report.ahead:
        yield labels.text("messages", "refresh.ahead")
    last = report.planner.settings.period_end
    if last is not None and report.as_of > last:
        yield labels.text("messages", "refresh.period_over", last=last)


def _group_line(group: GroupScore, labels: Labels) -> str:
    name, score = group.name or labels.choice("company"), known_score(group)
    if score is None and group.status == "no_data":
        return labels.text("messages", "refresh.no_score", name=name)
    return labels.text(
        "messages",
        "refresh.company" if group.expected is not None else "refresh.company_without_pace",
        name=name,
        score="–" if score is None else labels.percent(score),
        expected="–" if group.expected is None else labels.percent(group.expected),
        status=labels.status(group.status),
    )


def problem_lines(problems: Sequence[ShownProblem], labels: Labels) -> Iterable[str]:
    """Each problem with its cell and its advice, and how many there are."""
    if not problems:
        yield labels.text("messages", "refresh.no_problems")
        return
    for one in problems:
        severity = labels.choice(one.severity)
        place = _place(one, labels)
        yield labels.text("messages", "check.line", severity=severity, cell=place, message=one.message)
        yield labels.text("messages", "check.advice", advice=one.advice)
    yield labels.text("messages", "check.total", **_counts(problems))


def _place(one: ShownProblem, labels: Labels) -> str:
    return one.cell or labels.table(one.table)


def _counts(problems: Sequence[ShownProblem]) -> dict[str, object]:
    """How many problems of each severity, by the names the sentences use."""
    names = dict(zip(SEVERITIES, ("errors", "warnings", "advice"), strict=True))
    return {name: sum(one.severity == severity for one in problems) for severity, name in names.items()}
