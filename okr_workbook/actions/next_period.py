"""The next period: a new planner made from the last one's, which is only read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date

from okr_workbook.actions.new import NewReport, bounds_of, refuse_name
from okr_workbook.actions.reading import read_planner, scored
from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.books.files.arriving import arriving
from okr_workbook.domain.carry_over import CarryOver, carry_over, names_nothing
from okr_workbook.domain.periods import following_days, next_period, period_bounds
from okr_workbook.domain.planner import Planner, Settings
from okr_workbook.errors import OkrError, UsageError
from okr_workbook.labels import labels_for
from okr_workbook.tables.next_period import next_period_changes


def start_next_period(
    path: str,
    source: str,
    *,
    today: date,
    period: str | None = None,
    unfinished: bool = False,
    keep: Sequence[str] = (),
) -> NewReport:
    """Make a planner at `path` for the period after that of the planner `source`, of which it is a copy.

    Settings, teams, members, KPIs and measures stay, and so does everything that is not the planner's own. Objectives, key
    results, actions, check-ins and history go, but for what `unfinished` and `keep` take along (see `carry_over`), as it
    stands on the old planner's as-of date, else today. UsageError where a file is there already, where `keep` names
    nothing, and where nobody can tell which period comes next.
    """
    refuse_name(path)
    ending = os.path.splitext(source)[1]
    if os.path.splitext(path)[1].lower() != ending.lower():
        raise UsageError("other_ending", file=path, ending=ending)
    if period is not None:
        bounds_of(period)
    old = FileBook(source)
    grids, parsed = read_planner(old)
    settings = parsed.planner.settings
    labels = labels_for(settings.language)
    if "settings" not in grids or {"name", "value"} - parsed.columns["settings"].fields.keys():
        raise OkrError("table_missing", table=labels.table("settings"))
    period = period or _period_after(settings)
    first, last = bounds_of(period)
    carried = _carried(parsed.planner, settings.as_of or today, unfinished=unfinished, keep=keep)
    changes = next_period_changes(grids, parsed, period, carried, labels)
    with arriving(path, old.content, like=source) as copy:
        FileBook(copy, keep_history=False).write(changes, command="new")
        refresh_book(FileBook(copy, keep_history=False), today=today, recording=False)
    return NewReport(path, settings.language, settings.company, period, first, last, source=source, carried=carried)


def _period_after(settings: Settings) -> str:
    """The period after the old one; by its dates where it has a name of its own. UsageError where they contradict."""
    named = period_bounds(settings.period)
    first, last = settings.period_start, settings.period_end
    after = None
    if named is not None and named == (first, last):
        after = next_period(settings.period)
    elif named is None and first and last and first <= last and (days := following_days(first, last)):
        after = f"{days[0]}/{days[1]}"
    if after is None:
        raise UsageError("next_period_unclear", period=settings.period)
    return after


def _carried(planner: Planner, as_of: date, *, unfinished: bool, keep: Sequence[str]) -> CarryOver:
    """What is taken along. UsageError for ids that nothing has."""
    if unknown := names_nothing(planner, keep):
        raise UsageError("nothing_to_keep", ids=", ".join(unknown))
    if not (unfinished or keep):
        return CarryOver()
    planner, scores = scored(planner, as_of)
    return carry_over(planner, scores, unfinished=unfinished, keep=keep)
