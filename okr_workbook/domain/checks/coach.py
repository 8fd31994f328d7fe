"""The coach: every check there is, and all problems of a planner at a date.

A check is one function with `@check` in a module beside this one, and its words (message, advice, for some a
rewrite) under its code in the labels. docs/checks.md is made from `catalogue`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from okr_workbook.domain.checks import owners, percent, plan, progress, references, targets, writing
from okr_workbook.domain.checks.register import CHECKS, METHOD, NIVEN, Phrases, View, Vocabulary, view_of
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.problems import Problem, Severity
from okr_workbook.domain.results import Scores
from okr_workbook.records import NamedTuple

__all__ = ["ListedCheck", "Phrases", "Vocabulary", "catalogue", "check_planner"]

_MODULES = (
    references,
    owners,
    plan,
    targets,
    percent,
    writing,
    progress,
)
"""Imported for their registrations, and run in this order."""

_PLACES = {module.__name__: place for place, module in enumerate(_MODULES)}
IN_ORDER = tuple(sorted(CHECKS, key=lambda one: _PLACES[one.finder.__module__]))
"""Every check; which module was imported first does not matter."""


class ListedCheck(NamedTuple):
    """One line of the list of checks."""

    code: str
    severity: Severity
    tables: tuple[str, ...]
    looks_for: str
    source: str


FOUND_WHILE_SCORING: tuple[ListedCheck, ...] = (
    ListedCheck("kind_missing", "error", ("key_results",), "A key result without a kind: nobody knows how to score it.", METHOD),
    ListedCheck("number_missing", "error", ("key_results",), "A number that its kind needs is missing.", METHOD),
    ListedCheck("start_is_target", "error", ("key_results",), "The target is the start: there is no way to go.", METHOD),
    ListedCheck("target_wrong_side", "error", ("key_results",), "A target below the start of an increase, or above that of a decrease.", METHOD),
    ListedCheck("bounds_reversed", "error", ("key_results",), "A lower bound above the upper one.", METHOD),
    ListedCheck("stages_out_of_order", "error", ("key_results",), "Start, commit, target and stretch that do not go one way.", NIVEN),
    ListedCheck("number_too_large", "error", ("key_results",), "Numbers too large to compute with.", METHOD),
    ListedCheck("value_not_admitted", "error", ("key_results",), "A value that its kind of key result cannot have: a milestone runs from 0 to 1.", METHOD),
    ListedCheck("percent_scale", "error", ("key_results",), "A value in percent that was typed without its %: 74 says 7,400 %.", METHOD),
    ListedCheck("override_out_of_range", "error", ("key_results",), "A score given by hand that is not within 0 and 1.", METHOD),
    ListedCheck("override_without_reason", "warning", ("key_results",), "A score given by hand without its reason: it does not count.", METHOD),
    ListedCheck("weight_negative", "error", ("objectives", "key_results"), "A weight below 0.", METHOD),
    ListedCheck("weights_all_zero", "error", ("objectives",), "An objective whose key results all weigh 0: it has no score.", METHOD),
    ListedCheck("group_weights_all_zero", "error", ("objectives",), "All objectives of the company, a team or a member weigh 0.", METHOD),
    ListedCheck("unknown_reference", "error", ("key_results",), "A name or id that stands in no row of the table it refers to (of actions, the open ones).", METHOD),
    ListedCheck("parent_cycle", "error", ("objectives",), "Objectives that are each other's parent.", METHOD),
)  # fmt: skip
"""Faults that keep something out of the scores: the scoring itself reports them."""


def check_planner(
    planner: Planner,
    scores: Scores,
    as_of: date,
    vocabulary: Vocabulary = Vocabulary(),  # noqa: B008  an immutable record
    *,
    looked_back: bool = False,
) -> tuple[Problem, ...]:
    """All problems of a planner at a date, each once: those met while scoring and those the coach finds.

    `vocabulary` holds the words that give an activity away, in all languages at once; without it none are found.
    `looked_back`: a past day is shown, so what is dated later is no mistake.
    """
    view = view_of(planner, scores, as_of, vocabulary, looked_back=looked_back)
    return tuple(_once([*scores.problems, *_found(view)]))


def _found(view: View) -> Iterable[Problem]:
    for one in IN_ORDER:
        yield from one.run(view)


def _once(problems: Iterable[Problem]) -> Iterable[Problem]:
    """The problems without those that say the same of the same cell."""
    seen = set()
    for problem in problems:
        place = (problem.code, problem.table, problem.row_number, problem.row, problem.field)
        if place not in seen:
            seen.add(place)
            yield problem


def catalogue() -> tuple[ListedCheck, ...]:
    """Every check with the tables it looks at, in the order of their running; one entry a code and severity."""
    entries: dict[tuple[str, Severity], ListedCheck] = {}
    listed = (ListedCheck(one.code, one.severity, (one.table,), one.looks_for, one.source) for one in IN_ORDER)
    for entry in (*FOUND_WHILE_SCORING, *listed):
        known = entries.setdefault((entry.code, entry.severity), entry)
        tables = tuple(dict.fromkeys((*known.tables, *entry.tables)))
        entries[entry.code, entry.severity] = known._replace(tables=tables)
    return tuple(entries.values())
